package source

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"

	"counterflow/data"
)

// readAll reads files with one thread and gives the records in the order of the
// rows.
func readAll(t testing.TB, o Options, paths ...string) ([]Record, *Reading) {
	t.Helper()
	o.Threads = cmp.Or(o.Threads, 1)
	var lock sync.Mutex
	var records []Record
	reading, err := Read(context.Background(), paths, o, func(_ int, b Batch) error {
		lock.Lock()
		defer lock.Unlock()
		records = append(records, b.Records...)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return records, reading
}

// failing reads a file that cannot be used and gives the error.
func failing(t testing.TB, path string) error {
	t.Helper()
	_, err := Read(context.Background(), []string{path}, Options{Digits: 6, Threads: 2}, func(int, Batch) error { return nil })
	if err == nil {
		t.Fatalf("%s was read", path)
	}
	var refused *DataError
	if !errors.As(err, &refused) {
		t.Errorf("%v is no error of the data", err)
	}
	return err
}

// line writes a record in one form, whatever layout it came from.
func line(r *Record) string {
	return fmt.Sprintf("%s %s %s>%s %s/%s %s %s kg %s est=%t", r.Period, r.Direction, r.Exporter, r.Importer,
		r.Commodity, r.Commodity.Edition(), r.Value.Text(), r.NetWeight.Text(), r.Valuation, r.Estimated)
}

func lines(records []Record) []string {
	var all []string
	for i := range records {
		all = append(all, line(&records[i]))
	}
	return all
}

func equal(t *testing.T, name string, got, want []string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s:\n got %s\nwant %s", name, strings.Join(got, "\n     "), strings.Join(want, "\n     "))
	}
}

const comtradeHeader = "typeCode,freqCode,refPeriodId,refYear,refMonth,period,reporterCode,reporterISO,reporterDesc,flowCode,flowDesc,partnerCode,partnerISO,partnerDesc,partner2Code,partner2ISO,partner2Desc,classificationCode,classificationSearchCode,isOriginalClassification,cmdCode,cmdDesc,aggrLevel,isLeaf,customsCode,customsDesc,mosCode,motCode,motDesc,qtyUnitCode,qtyUnitAbbr,qty,isQtyEstimated,altQtyUnitCode,altQtyUnitAbbr,altQty,isAltQtyEstimated,netWgt,isNetWgtEstimated,grossWgt,isGrossWgtEstimated,cifvalue,fobvalue,primaryValue,legacyEstimationFlag,isReported,isAggregate\n"

func TestComtradeLayout(t *testing.T) {
	path := write(t, "v1.csv", comtradeHeader+
		// China's exports of a rare-earth compound to the USA: weight estimated.
		"C,M,20240701,2024,7,202407,156,CHN,China,X,Export,842,USA,USA,0,W00,World,H6,HS,True,284690,\"Compounds, nes\",6,True,C00,TOTAL CPC,0,0,TOTAL MOT,8,kg,12.5,False,-1,N/A,0,False,12.5,True,,False,,1000.25,1000.25,4,True,False\n"+
		// The same as the USA declare it: CIF, no net weight, but a quantity in tonnes.
		"C,M,20240701,2024,7,202407,842,USA,USA,M,Import,156,CHN,China,0,W00,World,H6,HS,True,284690,\"Compounds, nes\",6,True,C00,TOTAL CPC,0,0,TOTAL MOT,21,t,0.012,True,-1,N/A,0,False,,False,,False,1100,,1100,2,True,False\n"+
		// A year, an import stated FOB.
		"C,A,20230101,2023,52,2023,124,CAN,Canada,M,Import,156,CHN,China,0,W00,World,H5,HS,True,01,Live animals,2,False,C00,TOTAL CPC,0,0,TOTAL MOT,-1,N/A,0,False,-1,N/A,0,False,7,False,,False,,90,90,0,True,True\n"+
		// Services are no goods.
		"S,A,20230101,2023,52,2023,124,CAN,Canada,M,Import,156,CHN,China,0,W00,World,B5,EB,True,SA,,2,False,C00,,0,0,,-1,N/A,0,False,-1,N/A,0,False,,False,,False,,,90,0,True,True\n")
	records, reading := readAll(t, Options{Digits: 6}, path)
	equal(t, "records", lines(records), []string{
		"2024-07 X CHN>USA 284690/H6 1000.25 12.5 kg  est=true",
		"2024-07 M CHN>USA 284690/H6 1100 12 kg CIF est=true",
		"2023 M CHN>CAN 01/H5 90 7 kg FOB est=false",
	})
	tally := reading.Tallies[0]
	if tally.Format != "comtrade-v1" || !tally.Divided || tally.Rows != 4 || tally.Kept != 3 || tally.Refused[NotGoods] != 1 || tally.File != "v1.csv" {
		t.Errorf("tally %+v", tally)
	}
	for i := range records {
		if records[i].Part != (Part{}) {
			t.Errorf("row %d is a part: %+v", i, records[i].Part)
		}
	}
}

func TestLegacyLayout(t *testing.T) {
	path := write(t, "legacy.csv", "\ufeffClassification,Year,Period,Period Desc.,Aggregate Level,Is Leaf Code,Trade Flow Code,Trade Flow,Reporter Code,Reporter,Reporter ISO,Partner Code,Partner,Partner ISO,Commodity Code,Commodity,Qty Unit Code,Qty Unit,Qty,Netweight (kg),Trade Value (US$),Flag\r\n"+
		"H4,2016,2016,2016,4,0,2,Export,418,Lao People's Dem. Rep.,LAO,156,China,CHN,4403,\"Wood in the rough, whether or not \"\"stripped\"\"\",8,Weight in kilograms,900,1000,5000,0\r\n"+
		"H4,2016,2016,2016,4,0,1,Import,156,China,CHN,418,Lao People's Dem. Rep.,LAO,4403,Wood,8,kg,,61700,308500,4\r\n"+
		"H4,2016,2016,2016,4,0,3,Re-Export,156,China,CHN,418,Lao,LAO,4403,Wood,1,No Quantity,,,77,0\r\n"+
		"H4,2016,2016,2016,4,0,4,Re-Import,156,China,CHN,418,Lao,LAO,4403,Wood,1,No Quantity,,,78,6\r\n")
	records, reading := readAll(t, Options{Digits: 6}, path)
	equal(t, "records", lines(records), []string{
		"2016 X LAO>CHN 4403/H4 5000 1000 kg  est=false",
		"2016 M LAO>CHN 4403/H4 308500 61700 kg  est=true",
		"2016 RX CHN>LAO 4403/H4 77  kg  est=false",
		"2016 RM LAO>CHN 4403/H4 78  kg  est=false", // no weight, so none was estimated
	})
	if got := reading.Tallies[0]; got.Format != "comtrade-legacy" || got.Divided {
		t.Errorf("tally %+v", got)
	}
}

func TestCanonicalLayout(t *testing.T) {
	path := write(t, "canonical.csv", "period,reporter,partner,via,flow,commodity,classification,mode,value_usd,valuation,net_kg,qty,qty_unit,weight_estimated,source\n"+
		"2024-07,CHN,842,,X,284690,H6,,1000,FOB,12,,,0,x\n"+
		"202407,USA,CHN,,M,284690,HS,TOTAL,1100,cif,NA,12,kg,,x\n"+
		"2024,AUS,CHN,HKG,M,284690,,3200,1100,FOB,11.5,,,true,x\n")
	records, reading := readAll(t, Options{Digits: 6}, path)
	equal(t, "records", lines(records), []string{
		"2024-07 X CHN>USA 284690/H6 1000 12 kg FOB est=false",
		"2024-07 M CHN>USA 284690/ 1100 12 kg CIF est=false",
		"2024 M CHN>AUS 284690/ 1100 11.5 kg FOB est=true",
	})
	if got := reading.Tallies[0]; got.Format != "canonical" || !got.Divided {
		t.Errorf("tally %+v", got)
	}
	if got := records[2].Part.Columns; got != ByPartner2|ByMode {
		t.Errorf("a row by Hong Kong and road is divided by %b", got)
	}
}

// The same two rows as other programs write them.
func TestSynonymsAndDelimiters(t *testing.T) {
	want := []string{"2022-03 X BEL>NLD 250490/ 10.5 3 kg  est=false", "2022-03 M BEL>NLD 250490/ 11 3.5 kg  est=false"}
	for name, text := range map[string]string{
		"minerals":    "year,month,reporter,partner,cmd,flow,value,netwgt,qty,qtyunit\n2022,3,56,528,250490,X,10.5,3,3,8\n2022,3,528,56,250490,M,11,3.5,3.5,8\n",
		"semicolons":  "Period;Reporter ISO;Partner ISO;HS6;Trade Flow;USD;kg\n202203;BEL;NLD;250490;Exports;10.5;3\n202203;NLD;BEL;250490;Imports;11;3.5\n",
		"tabs":        "TIME_PERIOD\tREF_AREA\tCOUNTERPART_AREA\tcommodity\tflow\tvalue usd\tnet weight (kg)\n2022-03\tBE\tNL\t250490\tE\t10.5\t3\n2022-03\tNL\tBE\t250490\tI\t11\t3.5\n",
		"bars":        "yyyymm|declarant|partner|product|direction|trade value|quantity kg\n202203|Belgium|Netherlands|250490|export|10.5|3\n202203|Netherlands|Belgium|250490|import|11|3.5\n",
		"quotes":      "\"date\",\"reporterName\",\"partner_name\",\"hs code\",\"trade_code\",\"trade_value_us\",\"netweight_kg\"\n\"2022-03-01\",\"Belgium\",\"Netherlands\",\"250490\",\"X\",\"10.5\",\"3\"\n\"2022-03-31\",\"Netherlands\",\"Belgium\",\"250490\",\"M\",\"11\",\"3.5\"\n",
		"long dates":  "date,reporter,partner,hs,flow,usd,kg\n2022-03-01 00:00:00,BEL,NLD,250490,1e,10.5,3\n2022-03-01T00:00:00Z,BEL,NLD,250490,X,10.5,3\n2022M03,NLD,BEL,250490,m,11,3.5\n",
		"blank lines": "\xef\xbb\xbfperiod,reporter,partner,hs6,flow,usd,kg\r\n\r\n2022-03, 56 ,528,250490,X, 10.5 ,3\r\n\r\n2022-03,528,56 ,250490,M,11,3.5\r\n\r\n",
		"no newline":  "period,reporter,partner,hs6,flow,usd,kg,\n2022-03,56,528,250490,X,10.5,3,\n2022-03,528,56,250490,M,11,3.5,",
		"one comma":   "period,reporter,partner,hs6,flow,usd,kg\n2022-03,56,528,250490,X,10.5,3,\n2022-03,528,56,250490,M,11,3.5,\n",
		"order":       "kg,usd,flow,remark,hs6,partner,reporter,period\n3,10.5,X,\"a, b\",250490,528,56,2022-03\n3.5,11,M,,250490,56,528,2022-03\n",
	} {
		records, reading := readAll(t, Options{Digits: 6}, write(t, "plain.csv", text))
		equal(t, name, lines(records), want)
		if got := reading.Tallies[0]; got.Format != "plain" || got.Rows-got.Kept != int64(strings.Count(text, "1e,")) {
			t.Errorf("%s: tally %+v", name, got)
		}
	}
}

// A header that names several columns for one role: codes win over letters and
// those over names.
func TestBestColumnWins(t *testing.T) {
	records, _ := readAll(t, Options{}, write(t, "f.csv", "Reporter,Reporter Code,partnerDesc,partnerISO,period,date,cmdDesc,cmdCode,flowDesc,flowCode,value,primaryValue,qty,netWgt\n"+
		"nowhere,56,nobody,NLD,2022,1999-01-01,Sand,250490,sideways,X,1,10.5,9,3\n"))
	equal(t, "records", lines(records), []string{"2022 X BEL>NLD 250490/ 10.5 3 kg  est=false"})
}

func TestQuotedNewlines(t *testing.T) {
	path := write(t, "f.csv", "remark,period,reporter,partner,hs6,flow,usd,kg\n"+
		"\"two\nlines, \"\"quoted\"\"\",2022,56,528,250490,X,10.5,3\n"+
		"5\" pipe,2022,56,528,250491,X,10.5,3\n"+ // a quote inside a field is text
		"\"a\n\nb\",2022,nowhere,528,250490,X,10.5,3\n"+
		"\"c\",2022,56,528,250490,Q,10.5,3\n")
	records, reading := readAll(t, Options{}, path)
	equal(t, "records", lines(records), []string{"2022 X BEL>NLD 250490/ 10.5 3 kg  est=false", "2022 X BEL>NLD 250491/ 10.5 3 kg  est=false"})
	for i, want := range []Reject{
		{File: "f.csv", Line: 5, Reason: UnknownEconomy, Column: "reporter", Value: "nowhere"},
		{File: "f.csv", Line: 8, Reason: UnknownFlow, Column: "flow", Value: "Q"},
	} {
		got := reading.Rejects[i]
		if got.Hint == "" {
			t.Errorf("line %d has no hint", got.Line)
		}
		if got.Hint = ""; got != want {
			t.Errorf("reject %d: %+v, want %+v", i, got, want)
		}
	}
}

func TestGates(t *testing.T) {
	const header = "period,reporter,partner,hs6,flow,usd,kg\n"
	good := "2022,56,528,250490,X,10.5,3\n"
	for _, c := range []struct {
		row    string
		reason Reason
		column string
		value  string
		hint   string // a part of it
	}{
		{"2022,56,528,250490,X,10.5\n", NotARow, "", "6 fields", "7 columns"},
		{"2022,56,528,250490,X,10.5,3,4\n", NotARow, "", "8 fields", "quote"},
		{"2022-13,56,528,250490,X,10.5,3\n", BadPeriod, "period", "2022-13", "2024-07"},
		{"soon,56,528,250490,X,10.5,3\n", BadPeriod, "period", "soon", "2024-07"},
		{"2022-1-1,56,528,250490,X,10.5,3\n", BadPeriod, "period", "2022-1-1", ""}, // not November 2022
		{"20220399,56,528,250490,X,10.5,3\n", BadPeriod, "period", "20220399", ""},
		{"2022,57,528,250490,X,10.5,3\n", UnknownEconomy, "reporter", "57", "56"},
		{"2022,56,Netherlans,250490,X,10.5,3\n", UnknownEconomy, "partner", "Netherlans", "Netherlands"},
		{"2022,,528,250490,X,10.5,3\n", UnknownEconomy, "reporter", "", "no economy"},
		{"2022,97,528,250490,X,10.5,3\n", GroupReporter, "reporter", "97", "members"},
		{"2022,0,528,250490,X,10.5,3\n", GroupReporter, "reporter", "0", "members"},
		{"2022,899,528,250490,X,10.5,3\n", UnstatedReporter, "reporter", "899", "reporter"},
		{"2022,56,97,250490,X,10.5,3\n", GroupPartner, "partner", "97", ""},
		{"2022,56,975,250490,X,10.5,3\n", GroupPartner, "partner", "975", ""},
		{"2022,56,56,250490,X,10.5,3\n", SelfTrade, "partner", "56", ""},
		{"2022,842,840,250490,X,10.5,3\n", SelfTrade, "partner", "840", ""}, // two codes of one economy
		{"2022,56,528,250490,Z,10.5,3\n", UnknownFlow, "flow", "Z", "X or M"},
		{"2022,56,528,250490,DX,10.5,3\n", PartFlow, "flow", "DX", "contained"},
		{"2022,56,528,250490,MIP,10.5,3\n", PartFlow, "flow", "MIP", "contained"},
		{"2022,56,528,2504.90,X,10.5,3\n", BadCommodity, "hs6", "2504.90", "2 to 10 digits"},
		{"2022,56,528,25049012345,X,10.5,3\n", BadCommodity, "hs6", "25049012345", "2 to 10 digits"},
		{"2022,56,528,,X,10.5,3\n", BadCommodity, "hs6", "", "2 to 10 digits"},
		{"2022,56,528,250490,X,\"1,000\",3\n", BadAmount, "usd", "1,000", "thousands"},
		{"2022,56,528,250490,X,10.5,three\n", BadAmount, "kg", "three", "decimal point"},
		{"2022,56,528,250490,X,-10.5,3\n", NegativeAmount, "usd", "-10.5", "corrected totals"},
		{"2022,56,528,250490,X,10.5,-3\n", NegativeAmount, "kg", "-3", "not negative"},
		{"2022,56,528,250490,X,10000000000000.01,3\n", AbsurdAmount, "usd", "10000000000000.01", "unit"},
		{"2022,56,528,250490,X,1,1e14\n", AbsurdAmount, "kg", "1e14", "unit"},
		{"2022,56,528,250490,X,,\n", NoAmount, "usd", "", ""},
		{"2022,56,528,250490,X,0,0\n", NoAmount, "usd", "0", ""},
		{"2022,56,528,250490,X,NA,-\n", NoAmount, "usd", "NA", ""},
		{"2022,56,528,250490,X,0.004,\n", NoAmount, "usd", "0.004", ""}, // rounds to no cent
	} {
		records, reading := readAll(t, Options{Digits: 6}, write(t, "f.csv", header+good+c.row))
		if len(records) != 1 || len(reading.Rejects) != 1 {
			t.Errorf("%s: %d records, rejects %+v", c.row, len(records), reading.Rejects)
			continue
		}
		got := reading.Rejects[0]
		if got.Reason != c.reason || got.Column != c.column || got.Value != c.value || !strings.Contains(got.Hint, c.hint) || got.Line != 3 || got.File != "f.csv" {
			t.Errorf("%s: %+v, want %s in %q, value %q, hint %q", c.row, got, c.reason, c.column, c.value, c.hint)
		}
	}
}

// Zero is not missing: a weight of zero beside a value is how publishers write
// no weight, a value of zero beside a weight is stated.
func TestZeroAndMissing(t *testing.T) {
	records, _ := readAll(t, Options{}, write(t, "f.csv", "period,reporter,partner,hs6,flow,usd,kg\n"+
		"2022,56,528,250490,X,10.5,0\n2022,56,528,250490,X,10.5,\n2022,56,528,250490,X,10.5,N/A\n2022,56,528,250490,X,0,3\n2022,56,528,250490,X,,3\n2022,56,528,250490,X,nan,3\n"))
	equal(t, "records", lines(records), []string{
		"2022 X BEL>NLD 250490/ 10.5  kg  est=false", "2022 X BEL>NLD 250490/ 10.5  kg  est=false", "2022 X BEL>NLD 250490/ 10.5  kg  est=false",
		"2022 X BEL>NLD 250490/ 0 3 kg  est=false", "2022 X BEL>NLD 250490/  3 kg  est=false", "2022 X BEL>NLD 250490/  3 kg  est=false",
	})
}

func TestCommodityCodes(t *testing.T) {
	for _, c := range []struct {
		text, want string
		digits     int
		columns    Columns
	}{
		{"010121", "010121", 6, 0},
		{"10121", "010121", 6, 0}, // a spreadsheet took the zero
		{"1", "01", 6, 0},
		{"01012100", "010121", 6, ByFinerCode},
		{"284690210", "284690", 6, ByFinerCode}, // nine digits lost nothing
		{"2846902100", "2846902100", 0, 0},
		{"2846902100", "2846", 4, ByFinerCode},
		{"TOTAL", "TOTAL", 4, 0},
		{"9999aa", "9999AA", 6, 0},
		{" 284690 ", "284690", 6, 0},
	} {
		records, _ := readAll(t, Options{Digits: c.digits}, write(t, "f.csv", "period,reporter,partner,hs6,flow,usd\n2022,56,528,"+c.text+",X,10.5\n"))
		if got := records[0]; got.Commodity.Code() != c.want || got.Part.Columns != c.columns {
			t.Errorf("%q at %d digits: %s, divided by %b; want %s, %b", c.text, c.digits, got.Commodity, got.Part.Columns, c.want, c.columns)
		}
	}
}

func TestParts(t *testing.T) {
	const header = "period,reporter,partner,partner2code,cmdcode,flow,motcode,customscode,moscode,usd\n"
	part := func(row string) Part {
		records, _ := readAll(t, Options{Digits: 6}, write(t, "f.csv", header+row+"\n"))
		return records[0].Part
	}
	for row, want := range map[string]Columns{
		"2022,56,528,0,250490,X,0,C00,0,1":      0,
		"2022,56,528,,250490,X,,,,1":            0,
		"2022,56,528,W00,250490,X,0,c00,NA,1":   0,
		"2022,56,528,156,250490,X,0,C00,0,1":    ByPartner2,
		"2022,56,528,0,250490,X,2100,C00,0,1":   ByMode,
		"2022,56,528,0,250490,X,0,C06,0,1":      ByProcedure,
		"2022,56,528,0,250490,X,0,C00,2,1":      BySupply,
		"2022,56,528,0,25049010,X,0,C00,0,1":    ByFinerCode,
		"2022,56,528,156,25049010,X,10,C06,2,1": ByPartner2 | ByMode | ByProcedure | BySupply | ByFinerCode,
	} {
		if got := part(row).Columns; got != want {
			t.Errorf("%s is divided by %b, want %b", row, got, want)
		}
	}
	sea, ship := part("2022,56,528,0,250490,X,2100,C00,0,1"), part("2022,56,528,0,250490,X,2000,C00,0,1")
	if !sea.Mode.Within(ship.Mode) || ship.Mode.Within(sea.Mode) || sea.Mode.Within(sea.Mode) || sea.Rest != ship.Rest {
		t.Errorf("sea %+v within water %+v", sea, ship)
	}
	cable, road := part("2022,56,528,0,250490,X,9120,C00,0,1"), part("2022,56,528,0,250490,X,3200,C00,0,1")
	if other := part("2022,56,528,0,250490,X,9000,C00,0,1"); !cable.Mode.Within(other.Mode) || road.Mode.Within(other.Mode) {
		t.Error("cables are other transport, roads are not")
	}
	if a, b := part("2022,56,528,0,250490,X,0,C06,0,1"), part("2022,56,528,0,250490,X,0,C07,0,1"); a.Rest == b.Rest {
		t.Error("two customs procedures are one part")
	}
	if a, b := part("2022,56,528,0,25049010,X,0,C00,0,1"), part("2022,56,528,0,25049090,X,0,C00,0,1"); a.Rest == b.Rest || a.Digits != 8 {
		t.Errorf("two national lines: %+v, %+v", a, b)
	}
}

// The codes that stand for no single economy stay apart within the bucket.
func TestUnallocatedPartners(t *testing.T) {
	records, _ := readAll(t, Options{}, write(t, "f.csv", "period,reporter,partner,hs6,flow,usd\n"+
		"2022,56,899,250490,X,1\n2022,56,837,250490,X,1\n2022,56,\"Areas, nes\",250490,X,1\n2022,56,_X,250490,X,1\n2022,56,QS,250490,X,1\n2022,56,528,250490,X,1\n"))
	seen := map[uint16]bool{}
	for i, r := range records[:5] {
		if r.Partner() != data.Unallocated || r.Part.Partner == 0 || r.Part.Partner > MaxPartner {
			t.Errorf("row %d: partner %s, part %+v", i, r.Partner(), r.Part)
		}
		seen[r.Part.Partner] = true
	}
	if len(seen) != 5 || records[5].Part.Partner != 0 {
		t.Errorf("%d codes told apart, want 5; an economy has %d", len(seen), records[5].Part.Partner)
	}
}

func TestPackedFiles(t *testing.T) {
	text := "period,reporter,partner,hs6,flow,usd,kg\n2022,56,528,250490,X,10.5,3\n"
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	w.Write([]byte(text[:40]))
	w.Close()
	w.Reset(&packed) // a second member, as from cat a.gz b.gz
	w.Write([]byte(text[40:]))
	w.Close()
	path := write(t, "f.csv", packed.String()) // known by its first bytes, not its name
	records, reading := readAll(t, Options{}, path)
	if len(records) != 1 || reading.Tallies[0].Bytes != int64(packed.Len()) {
		t.Errorf("%d records, tally %+v", len(records), reading.Tallies[0])
	}
	// printf 'period,reporter,partner,hs6,flow,usd,kg\n2022,56,528,250490,X,10.5,3\n' | sha256sum
	_, plain := readAll(t, Options{}, write(t, "f.csv", text))
	if got := plain.Tallies[0].SHA256; got != "4c52e65f104ef5ac50eacd980c161108040125aab15403b4fa95b7eb8de15fe6" {
		t.Errorf("hash %s", got)
	}
}

func TestFilesThatCannotBeUsed(t *testing.T) {
	const header = "period,reporter,partner,hs6,flow,usd,kg\n"
	row := "2022,56,528,250490,X,10.5,3\n"
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	w.Write([]byte(header + strings.Repeat(row, 50_000)))
	w.Close()
	cut := packed.String()[:packed.Len()/2]
	for name, c := range map[string]struct {
		text string
		want []string
	}{
		"empty":             {"", []string{"f.csv: line 1: the file is empty"}},
		"header only":       {header, []string{"f.csv: line 2: ", "no rows"}},
		"header, blanks":    {header + "\n\n", []string{"f.csv: line 2: ", "no rows"}},
		"truncated gzip":    {cut, []string{"f.csv: line ", "cut short", "fetch it again"}},
		"damaged gzip":      {"\x1f\x8b\x08nonsense", []string{"f.csv: ", "gzip", "fetch"}},
		"gzip of nothing":   {packed.String()[:4], []string{"f.csv: ", "gzip", "fetch"}},
		"damaged zip":       {"PK\x03\x04nonsense", []string{"f.csv: damaged zip"}},
		"UTF-16":            {"\xff\xfep\x00e\x00", []string{"f.csv: line 1: ", "UTF-16", "UTF-8"}},
		"binary":            {"a\x00b\n", []string{"f.csv: line 1: ", "binary"}},
		"other table":       {"country,year,kg\nBelgium,2022,3\n", []string{"f.csv: line 1: no column for the reporter, nor for the partner", "columns found: country,year,kg", "canonical header"}},
		"no amounts":        {"period,reporter,partner,hs6,flow\n2022,56,528,250490,X\n", []string{"line 1: no column for the value"}},
		"unclosed quote":    {header + row + "2022,56,\"528,250490,X,10.5,3\n" + row, []string{"f.csv: line 3, column \"partner\", value \"528,250490", "never closed", "close it"}},
		"unclosed in last":  {header + row + "\"", []string{"f.csv: line 3, column \"period\"", "never closed"}},
		"long row":          {header + row + "2022,56," + strings.Repeat("x", 3<<20) + "\n", []string{"f.csv: line 3, column \"partner\", value \"xxx", "longer than 1 MiB", "shorten"}},
		"long quoted row":   {header + row + "2022,56,\"" + strings.Repeat("x\n", 2<<20) + "\"\n", []string{"f.csv: line 3, column \"partner\"", "longer than 1 MiB"}},
		"long header":       {strings.Repeat("x", 3<<20), []string{"f.csv: line 1: a line longer than 1 MiB"}},
		"nothing of use":    {header + strings.Replace(row, "10.5", "lots", 1), []string{"f.csv: line 2, column \"usd\", value \"lots\": none of 1 rows could be used", "bad_amount", "decimal point"}},
		"all malformed":     {header + "2022;56\n", []string{"f.csv: line 2, value \"1 fields\"", "none of 1 rows", "the header has 7 columns"}},
		"quote in a header": {"period,\"reporter,partner,hs6,flow,usd,kg\n" + row, []string{"f.csv: line 1: no column"}},
	} {
		err := failing(t, write(t, "f.csv", c.text))
		for _, want := range c.want {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%s: %v, want %q", name, err, want)
			}
		}
		if strings.Contains(err.Error(), "\n") || len(err.Error()) > 600 {
			t.Errorf("%s: %q is more than a line", name, err)
		}
	}
}

func TestUnreadablePaths(t *testing.T) {
	file := write(t, "f.csv", "x")
	for path, want := range map[string]string{
		file + ".none":                     "f.csv.none: no such file or directory; check the path and its permissions",
		file + "/below":                    "below: not a directory; check the path and its permissions",
		strings.TrimSuffix(file, "/f.csv"): "is a folder; name the files in it",
	} {
		_, err := Read(context.Background(), []string{path}, Options{}, func(int, Batch) error { return nil })
		if err == nil || !strings.HasSuffix(err.Error(), want) {
			t.Errorf("%s: %v, want %s", path, err, want)
		}
	}
	if _, err := Read(context.Background(), []string{file, file}, Options{}, nil); err == nil || !strings.Contains(err.Error(), "named twice") {
		t.Errorf("a file named twice: %v", err)
	}
}

// Of each reason the lowest lines are kept, whatever the number of threads, and
// every row is kept or refused.
func TestRowsInAreRowsKeptAndRefused(t *testing.T) {
	var text strings.Builder
	text.WriteString("period,reporter,partner,hs6,flow,usd,kg\n")
	reasons := []string{"2022,56,528,250490,X,10.5,3\n", "2022,56,528,250490,Q,10.5,3\n", "2022,56,56,250490,X,10.5,3\n", "2022,56,528,250490,X,-1,3\n", "\n", "2022,56,528\n"}
	want := map[Reason][]int64{}
	row := int64(0)
	for i := range 150_000 {
		n := (i + i/6) % len(reasons)
		text.WriteString(reasons[n])
		reason := map[int]Reason{1: UnknownFlow, 2: SelfTrade, 3: NegativeAmount, 5: NotARow}[n]
		if row++; reason != "" && len(want[reason]) < samplesKept {
			want[reason] = append(want[reason], row+1)
		}
	}
	path := write(t, "f.csv", text.String())
	var first *Reading
	for _, threads := range []int{1, 2, 5} {
		records, reading := readAll(t, Options{Threads: threads}, path)
		tally := reading.Tallies[0]
		refused := int64(0)
		for _, n := range tally.Refused {
			refused += n
		}
		if tally.Rows != 125_000 || tally.Kept+refused != tally.Rows || tally.Kept != int64(len(records)) {
			t.Errorf("%d threads: %d rows, %d kept, %d refused, %d records", threads, tally.Rows, tally.Kept, refused, len(records))
		}
		got := map[Reason][]int64{}
		for _, r := range reading.Rejects {
			got[r.Reason] = append(got[r.Reason], r.Line)
		}
		if !maps.EqualFunc(got, want, slices.Equal) {
			t.Errorf("%d threads: samples %v, want %v", threads, got, want)
		}
		if first == nil {
			first = reading
		} else if fmt.Sprint(first) != fmt.Sprint(reading) {
			t.Errorf("%d threads: %v, want %v", threads, reading, first)
		}
	}
}

func TestForeignBytesAreWarnedOf(t *testing.T) {
	records, reading := readAll(t, Options{}, write(t, "f.csv", "period,reporter,partner,hs6,flow,usd,remark\n2022,56,528,250490,X,10.5,caf\xe9\n2022,C\xf4te,528,250490,X,10.5,x\n"))
	if len(records) != 1 || len(reading.Warnings) != 1 || !strings.Contains(reading.Warnings[0], "not UTF-8") {
		t.Errorf("%d records, warnings %v", len(records), reading.Warnings)
	}
	if got := reading.Rejects[0].Value; got != "C?te" {
		t.Errorf("sample %q", got)
	}
}

// Numbers that UN Comtrade does not use but others do are read, and said to be.
func TestOtherNumbersOfAnEconomy(t *testing.T) {
	records, reading := readAll(t, Options{}, write(t, "f.csv", "period,reporter,partner,hs6,flow,usd\n2022,578,156,250490,X,1\n2022,156,840,250490,X,1\n2022,579,842,250490,X,1\n2022,56,97,250490,X,1\n"))
	equal(t, "records", lines(records), []string{"2022 X NOR>CHN 250490/ 1  kg  est=false", "2022 X CHN>USA 250490/ 1  kg  est=false", "2022 X NOR>USA 250490/ 1  kg  est=false"})
	if len(reading.Warnings) != 2 || !strings.Contains(reading.Warnings[0], "578 is not a Comtrade reporter; Norway is 579; it was read as that") || !strings.Contains(reading.Warnings[1], "840") {
		t.Errorf("warnings %q", reading.Warnings)
	}
	if got := reading.Rejects[0]; got.Reason != GroupPartner || !strings.Contains(got.Hint, "its members are counted") {
		t.Errorf("reject %+v", got)
	}
}

func TestCancelledReading(t *testing.T) {
	path := write(t, "f.csv", "period,reporter,partner,hs6,flow,usd\n"+strings.Repeat("2022,56,528,250490,X,10.5\n", 200_000))
	ctx, cancel := context.WithCancel(context.Background())
	_, err := Read(ctx, []string{path}, Options{Threads: 2}, func(int, Batch) error { cancel(); return nil })
	if !errors.Is(err, context.Canceled) {
		t.Errorf("a reading that was stopped ends with %v", err)
	}
	stop := errors.New("enough")
	if _, err := Read(context.Background(), []string{path}, Options{}, func(int, Batch) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("a sink that fails ends the reading with %v", err)
	}
}

func TestFilesOfOneNameAreToldApart(t *testing.T) {
	const text = "period,reporter,partner,hs6,flow,usd\n2022,56,528,250490,X,1\n2022,56,528,250490,Q,1\n"
	a, b := write(t, "f.csv", text), write(t, "f.csv", text)
	_, reading := readAll(t, Options{}, a, b, write(t, "g.csv", text))
	for i, want := range []string{a, b, "g.csv"} {
		if got := reading.Tallies[i].File; got != want || reading.Rejects[i].File != want {
			t.Errorf("file %d is called %s, and %s in its rejects; want %s", i, got, reading.Rejects[i].File, want)
		}
	}
}
