package source

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"counterflow/data"
)

// readText reads one file with a small text and gives its records, in words.
func readText(t *testing.T, text string, o Options) ([]string, *Reading, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "file.csv")
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	var words []string
	reading, err := Read(context.Background(), []string{path}, o, func(_ int, b Batch) error {
		mu.Lock()
		defer mu.Unlock()
		for _, r := range b.Records {
			words = append(words, fmt.Sprintf("%s %s %s>%s %s %s %s kg %s usd %s parts %d", r.Period, r.Direction, r.Exporter, r.Importer,
				r.Commodity, r.Commodity.Edition(), r.NetWeight.Text(), r.Value.Text(), r.Valuation, r.Part.Columns))
		}
		return nil
	})
	return words, reading, err
}

func expect(t *testing.T, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("records\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// euro is 1.10 dollars in July 2024 and 2.00 in every month of 2023.
func euro() *Rates {
	r := &Rates{perEuro: map[rateKey]float64{}}
	july, _ := data.Month(2024, 7)
	r.perEuro[rateKey{"USD", july}] = 1.10
	for m := 1; m <= 12; m++ {
		p, _ := data.Month(2023, m)
		r.perEuro[rateKey{"USD", p}] = 2
	}
	return r
}

const comextNew = `REPORTER,PARTNER,TRADE_TYPE,PRODUCT_NC,PRODUCT_SITC,PRODUCT_CPA21,PRODUCT_BEC,PRODUCT_BEC5,PRODUCT_SECTION,FLOW,STAT_PROCEDURE,SUPPL_UNIT,PERIOD,VALUE_EUR,VALUE_NAC,QUANTITY_KG,QUANTITY_SUPPL_UNIT
DE,CN,E,28469030,52595,2013,22,2,06,1,1,A,202407,1000.50,1000.50,250,
DE,CN,E,28469030,52595,2013,22,2,06,1,2,A,202407,10,10,:,
FR,QV,I,85051110,77811,2790,42,4,16,2,1,A,202352,100,100,20.5,
GR,XI,I,85051110,77811,2790,42,4,16,2,1,A,202407,100,100,20,
IT,US,E,99RRR100,93100,....,..,.,21,2,1,A,202407,100,100,20,
IT,US,E,8504XXXX,93100,....,..,.,21,2,1,A,202407,100,100,20,
IT,US,E,85051110,77811,2790,42,4,16,2,1,A,202408,100,100,20,
IT,US,E,85051110,77811,2790,42,4,16,2,1,A,202407,:,:,:,
IT,US,E,85051110,77811,2790,42,4,16,2,1,A,2024xx,5,5,5,
IT,ZZ,E,85051110,77811,2790,42,4,16,2,1,A,202407,5,5,5,
IT,EU,E,85051110,77811,2790,42,4,16,2,1,A,202407,5,5,5,
NL,JP,E,TOTAL,TOTAL,TOTAL,..,.,21,1,1,A,202407,200,200,:,
`

// 1000.50 euros at 1.10 are 1100.55 dollars; 100 at the mean 2.00 of the year 200.
func TestComextOfToday(t *testing.T) {
	got, reading, err := readText(t, comextNew, Options{Digits: 6, Threads: 1, Rates: euro()})
	if err != nil {
		t.Fatal(err)
	}
	expect(t, got,
		"2024-07 M CHN>DEU 284690 H6 250 kg 1100.55 usd  parts 20",
		"2024-07 M CHN>DEU 284690 H6  kg 11 usd  parts 20",
		"2023 X FRA>QXX 850511 H6 20.5 kg 200 usd  parts 20",
		"2024-07 X GRC>GBR 850511 H6 20 kg 110 usd  parts 21",
		"2024-07 M JPN>NLD TOTAL H6  kg 220 usd  parts 4",
	)
	tally := reading.Tallies[0]
	want := map[Reason]int64{Suppressed: 2, NoRate: 1, NoAmount: 1, BadPeriod: 1, UnknownEconomy: 1, GroupPartner: 1}
	if tally.Format != "comext" || tally.Rows != 12 || tally.Kept != 5 || fmt.Sprint(tally.Refused) != fmt.Sprint(want) || !tally.Divided {
		t.Errorf("%+v", tally)
	}
	for _, want := range []Reject{
		{Line: 6, Reason: Suppressed, Column: "PRODUCT_NC", Value: "99RRR100"},
		{Line: 8, Reason: NoRate, Column: "PERIOD", Value: "2024-08"},
		{Line: 10, Reason: BadPeriod, Column: "PERIOD", Value: "2024xx"},
		{Line: 11, Reason: UnknownEconomy, Column: "PARTNER", Value: "ZZ"},
	} {
		if !slices.ContainsFunc(reading.Rejects, func(r Reject) bool {
			return r.Line == want.Line && r.Reason == want.Reason && r.Column == want.Column && r.Value == want.Value && r.Hint != ""
		}) {
			t.Errorf("no reject %+v among %+v", want, reading.Rejects)
		}
	}
}

const comextOld = `DECLARANT,DECLARANT_ISO,PARTNER,PARTNER_ISO,TRADE_TYPE,PRODUCT_NC,PRODUCT_SITC,PRODUCT_CPA2002,PRODUCT_CPA2008,PRODUCT_CPA2_1,PRODUCT_BEC,PRODUCT_SECTION,FLOW,STAT_REGIME,SUPP_UNIT,PERIOD,VALUE_IN_EUROS,QUANTITY_IN_KG,SUP_QUANTITY
001,FR,0003,NL,I,28053010,52595,2413,2013,2013,22,06,1,1,A,202352,2580,600,1
`

func TestComextOfBefore(t *testing.T) {
	got, _, err := readText(t, comextOld, Options{Digits: 6, Rates: euro()})
	if err != nil {
		t.Fatal(err)
	}
	expect(t, got, "2023 M NLD>FRA 280530 H6 600 kg 5160 usd  parts 20")

	// Without the letters, numbers of members of the EU are read, others refused:
	// 0400 is the United States here and not an economy of UN Comtrade.
	numbers := strings.NewReplacer("DECLARANT_ISO,", "", ",PARTNER_ISO", "", "001,FR,0003,NL", "001,0003").Replace(comextOld)
	got, reading, err := readText(t, numbers+strings.Replace(strings.Split(numbers, "\n")[1], "0003", "0400", 1)+"\n", Options{Digits: 6, Rates: euro()})
	if err != nil {
		t.Fatal(err)
	}
	expect(t, got, "2023 M NLD>FRA 280530 H6 600 kg 5160 usd  parts 20")
	if n := reading.Tallies[0].Refused[UnknownEconomy]; n != 1 || !strings.Contains(reading.Rejects[0].Hint, "geonomenclature") {
		t.Errorf("%d refused, %+v", n, reading.Rejects)
	}
}

func TestComextNeedsRates(t *testing.T) {
	if _, _, err := readText(t, comextNew, Options{}); err == nil || !strings.Contains(err.Error(), "--rates") {
		t.Errorf("error %v does not name --rates", err)
	}
	if _, _, err := readText(t, strings.Replace(comextNew, "QUANTITY_KG", "KILOS", 1), Options{Rates: euro()}); err == nil || !strings.Contains(err.Error(), "QUANTITY_KG") {
		t.Errorf("error %v does not name the column", err)
	}
}

// A stray quote opens a field with newlines; lines behind it keep their numbers.
func TestDialectsKeepLineNumbers(t *testing.T) {
	rows := strings.SplitAfter(comextNew, "\n")
	text := rows[0] + strings.Replace(rows[1], "52595", "\"5\n2\"", 1) + rows[1] + rows[5]
	_, reading, err := readText(t, text, Options{Digits: 6, Rates: euro()})
	if err != nil {
		t.Fatal(err)
	}
	if r := reading.Rejects; reading.Tallies[0].Rows != 3 || len(r) != 1 || r[0].Line != 5 {
		t.Errorf("%d rows, %+v", reading.Tallies[0].Rows, r)
	}
}

const censusImports = `CTY_CODE,CTY_NAME,I_COMMODITY,GEN_VAL_MO,GEN_CIF_MO,GEN_QY1_MO,UNIT_QY1,SUMMARY_LVL,COMM_LVL,time
5700,CHINA,2846908000,1000,1060,500,KG,DET,HS10,2024-07
5800,"KOREA, SOUTH",8505110050,10,11,7,NO,DET,HS10,2024-07
-,TOTAL FOR ALL COUNTRIES,2846908000,2000,2120,900,KG,DET,HS10,2024-07
0003,EUROPEAN UNION,2846908000,1,1,1,KG,CGP,HS10,2024-07
1XXX,NORTH AMERICA,2846908000,1,1,1,KG,CGP,HS10,2024-07
5700,CHINA,2805300015,1,1,1,CKG,DET,HS10,2024-07
9999,ATLANTIS,2805300015,1,1,1,KG,DET,HS10,2024-07
`

func TestCensusImportsAndExports(t *testing.T) {
	got, reading, err := readText(t, censusImports, Options{Digits: 6, Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	expect(t, got,
		"2024-07 M CHN>USA 284690  500 kg 1060 usd CIF parts 16",
		"2024-07 M KOR>USA 850511   kg 11 usd CIF parts 16",
		"2024-07 M WLD>USA 284690  900 kg 2120 usd CIF parts 16",
		"2024-07 M CHN>USA 280530   kg 1 usd CIF parts 16",
	)
	tally := reading.Tallies[0]
	if tally.Format != "us-census" || tally.Refused[GroupPartner] != 2 || tally.Refused[UnknownEconomy] != 1 {
		t.Errorf("%+v", tally)
	}
	got, _, err = readText(t, strings.Replace(censusImports, "GEN_CIF_MO", "CON_VAL_MO", 1), Options{Digits: 6, Threads: 1})
	if err != nil || got[0] != "2024-07 M CHN>USA 284690  500 kg 1000 usd FOB parts 16" {
		t.Errorf("without CIF: %v, %v", got, err)
	}
	got, _, err = readText(t, "CTY_CODE,CTY_NAME,E_COMMODITY,ALL_VAL_MO,QTY_1_MO,UNIT_QY1,DF,YEAR,MONTH\n5880,JAPAN,2846902000,700,2,T,1,2024,07\n",
		Options{Digits: 6})
	if err != nil {
		t.Fatal(err)
	}
	expect(t, got, "2024-07 X USA>JPN 284690  2000 kg 700 usd FOB parts 20")
}

const sdmxOne = `DATAFLOW,FREQ,REF_AREA,COUNTERPART_AREA,TRADE_FLOW,COMMODITY,TIME_PERIOD,OBS_VALUE,UNIT_MEASURE,UNIT_MULT,NET_WEIGHT
UNSD:DF_IMTS(1.0),M,US,CN,M,H6_284690,2024-07,1.06,USD,3,500
UNSD:DF_IMTS(1.0),M,CN,US,X,284690,2024-M07,1000,EUR,0,
UNSD:DF_IMTS(1.0),M,CN,W1,X,_T,2024-07,5000,,,
UNSD:DF_IMTS(1.0),M,CN,US,X,284690,2024-07,490,KG,,
UNSD:DF_IMTS(1.0),M,CN,US,X,284690,2024-07,1,USD,x,
UNSD:DF_IMTS(1.0),M,CN,US,X,284690,2024-08,1,EUR,0,
`

// 1.06 thousand dollars are 1060; 1000 euros at 1.10 are 1100 dollars.
func TestSDMX(t *testing.T) {
	got, reading, err := readText(t, sdmxOne, Options{Digits: 6, Threads: 1, Rates: euro()})
	if err != nil {
		t.Fatal(err)
	}
	expect(t, got,
		"2024-07 M CHN>USA 284690 H6 500 kg 1060 usd  parts 0",
		"2024-07 X CHN>USA 284690   kg 1100 usd  parts 0",
		"2024-07 X CHN>WLD TOTAL   kg 5000 usd  parts 0",
	)
	want := map[Reason]int64{NotAnObservation: 1, BadAmount: 1, NoRate: 1}
	if tally := reading.Tallies[0]; tally.Format != "sdmx-csv" || fmt.Sprint(tally.Refused) != fmt.Sprint(want) {
		t.Errorf("%+v", tally)
	}
	two := "STRUCTURE;STRUCTURE_ID;ACTION;REF_AREA: Reference area;COUNTERPART_AREA: Counterpart;TRADE_FLOW: Flow;COMMODITY: Goods;TIME_PERIOD: Time;OBS_VALUE\n" +
		"dataflow;UNSD:DF_IMTS(1.0);I;DE: Germany;CN: China;M: Imports;284690: Compounds;2024-07;12.5\n" +
		"dataflow;UNSD:DF_IMTS(1.0);D;DE: Germany;CN: China;M: Imports;284690: Compounds;2024-07;12.5\n"
	got, reading, err = readText(t, two, Options{Digits: 6})
	if err != nil {
		t.Fatal(err)
	}
	expect(t, got, "2024-07 M CHN>DEU 284690   kg 12.5 usd  parts 0")
	if reading.Tallies[0].Refused[NotAnObservation] != 1 {
		t.Errorf("%+v", reading.Tallies[0])
	}
	if _, _, err := readText(t, strings.Replace(sdmxOne, "COMMODITY", "SERIES", 1), Options{}); err == nil || !strings.Contains(err.Error(), "COMMODITY") {
		t.Errorf("error %v", err)
	}
}

func TestBACIIsAReferenceAndNoInput(t *testing.T) {
	text := "t,i,j,k,v,q\n2022,156,842,284690,12.345,0.5\n2022,842,156,10121,0.001,         NA\n"
	if _, _, err := readText(t, text, Options{}); err == nil || !strings.Contains(err.Error(), "reference") {
		t.Errorf("error %v does not say what BACI is for", err)
	}
	rows, err := parseBACI(strings.NewReader(text), data.HS1992)
	if err != nil || len(rows) != 2 {
		t.Fatalf("%v, %v", rows, err)
	}
	// 12.345 thousand dollars are 12345.00, half a tonne is 500 kg.
	if r := rows[0]; r.USD != 12_345_00 || r.Kg != 500_000 || r.Exporter.String() != "CHN" || r.Importer.String() != "USA" || r.Commodity.Code() != "284690" {
		t.Errorf("%+v", r)
	}
	if r := rows[1]; r.USD != 1_00 || r.Kg.Known() || r.Commodity.Code() != "010121" || r.Commodity.Edition() != data.HS1992 {
		t.Errorf("%+v", r)
	}
	for _, bad := range []string{"", "t,i,j,k,v\n", "t,i,j,k,v,q\n22,156,842,1,1,1\n", "t,i,j,k,v,q\n2022,1560,842,1,1,1\n", "t,i,j,k,v,q\n2022,156,842,1,x,1\n", "t,i,j,k,v,q\n2022,156,842,1,1,-1\n"} {
		if _, err := parseBACI(strings.NewReader(bad), data.HS1992); err == nil {
			t.Errorf("%q is read", bad)
		}
	}
}

func TestRatesInBothForms(t *testing.T) {
	july, _ := data.Month(2024, 7)
	year, _ := data.Year(2024)
	// Two days of July, 1.00 and 1.20, have the mean 1.10; a dollar is 150 yen and
	// 1.10 a euro, so 165 yen a euro make a yen 1.10/165 dollars.
	wide := "Date,USD,JPY,\n2024-07-30,1.00,165,\n2024-07-31,1.20,165,\n2024-08-01,N/A,165,\n"
	long := "KEY,FREQ,CURRENCY,CURRENCY_DENOM,TIME_PERIOD,OBS_VALUE\nEXR.M.USD.EUR.SP00.A,M,USD,EUR,2024-07,1.10\nEXR.M.JPY.EUR.SP00.A,M,JPY,EUR,2024-07,165\n"
	keyed := "KEY,TIME_PERIOD,OBS_VALUE\nEXR.M.USD.EUR.SP00.A,2024-07,1.10\nEXR.M.JPY.EUR.SP00.A,2024-07,165\n"
	for _, text := range []string{wide, long, keyed} {
		r, err := parseRates(strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		if rate, ok := r.USD("EUR", july); !ok || abs(rate-1.10) > 1e-15 {
			t.Errorf("a euro is %v dollars", rate)
		}
		if rate, ok := r.USD("JPY", july); !ok || abs(rate-1.10/165) > 1e-17 {
			t.Errorf("a yen is %v dollars", rate)
		}
		if _, ok := r.USD("JPY", july.Add(1)); ok {
			t.Error("a month without dollars has a rate")
		}
		if _, ok := r.USD("EUR", year); ok {
			t.Error("a year with one month has a rate")
		}
		if rate, ok := r.USD("USD", year); !ok || rate != 1 {
			t.Error("a dollar is not a dollar")
		}
	}
	if rate, ok := euro().USD("EUR", must(data.Year(2023))); !ok || rate != 2 {
		t.Errorf("the mean of twelve rates of 2 is %v", rate)
	}
	for _, bad := range []string{"", "Date,USD\n", "Date,USD\n2024-07-01,-1\n", "Date,USD\n2024,1\n", "when,USD\n1,1\n", "TIME_PERIOD,OBS_VALUE\n2024-07,1\n", "CURRENCY,TIME_PERIOD,OBS_VALUE\nEURO,2024-07,1\n"} {
		if _, err := parseRates(strings.NewReader(bad)); err == nil {
			t.Errorf("%q is read", bad)
		}
	}
}

func abs(x float64) float64 { return max(x, -x) }

func must[T any](x T, err error) T {
	if err != nil {
		panic(err)
	}
	return x
}

const imtsBulk = "Country Name,Indicator Code,Counterpart Country Name,Time Period,Value\nUnited States,TXG_FOB_USD,Germany,2016,5\nGermany,TMG_CIF_USD,World,2016-M07,7\n"

func FuzzDialects(f *testing.F) {
	for _, text := range []string{comextNew, comextOld, censusImports, sdmxOne, imtsBulk, "t,i,j,k,v,q\n2022,156,842,284690,12.345,0.5\n"} {
		f.Add(text)
	}
	rates := euro()
	f.Fuzz(func(t *testing.T, text string) {
		header, rows, _ := strings.Cut(text, "\n")
		layout, err := layoutOf([]byte(header), Options{Rates: rates})
		if err != nil || layout.foreign == nil {
			return
		}
		count := newCounter(1)
		out := layout.foreign.block(block{text: []byte(rows), line: 2}, layout, count)
		if lines := strings.Count(rows, "\n"); strings.Count(string(out.text), "\n") < lines {
			t.Errorf("%d lines become %d", lines, strings.Count(string(out.text), "\n"))
		}
		kept := int64(0)
		r := &reading{sink: func(_ int, b Batch) error { kept += int64(len(b.Records)); return nil }}
		p := newParser(layout.parsed(), Options{Digits: 6})
		if err := p.block(out, &outlet{reading: r, count: count, records: make([]Record, 16)}); err != nil {
			t.Fatal(err)
		}
		refused := int64(0)
		for reason, n := range count.refused[0] {
			refused += n
			if reason == NotARow && n > int64(strings.Count(rows, "\n")+1) {
				t.Error("more rows than lines are malformed")
			}
		}
		if count.rows[0] != kept+refused {
			t.Errorf("%d rows, %d kept, %d refused", count.rows[0], kept, refused)
		}
	})
}

func FuzzRates(f *testing.F) {
	f.Add("Date,USD,JPY\n2024-07-30,1.00,165\n")
	f.Add("KEY,TIME_PERIOD,OBS_VALUE\nEXR.M.USD.EUR.SP00.A,2024-07,1.10\n")
	f.Fuzz(func(t *testing.T, text string) {
		r, err := parseRates(strings.NewReader(text))
		if err != nil {
			return
		}
		for key, rate := range r.perEuro {
			if !(rate > 0) || !key.period.Monthly() {
				t.Errorf("%v: %v", key, rate)
			}
		}
	})
}

func FuzzBACI(f *testing.F) {
	f.Add("t,i,j,k,v,q\n2022,156,842,284690,12.345,0.5\n")
	f.Fuzz(func(t *testing.T, text string) {
		rows, err := parseBACI(strings.NewReader(text), data.HS1992)
		for _, r := range rows {
			if err == nil && (r.Exporter == 0 || r.Importer == 0 || r.Commodity == 0) {
				t.Errorf("%+v", r)
			}
		}
	})
}
