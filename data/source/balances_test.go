package source

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"counterflow/data"
)

// write makes a file for a reader.
func write(t testing.TB, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

func month(t testing.TB, text string) data.Period {
	t.Helper()
	p, err := data.ParsePeriod(text)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestReadBalances(t *testing.T) {
	path := write(t, "balances.csv", "\ufeffItem;KG;Country;commodity;period;basis;remark\n"+
		"production;1500.5;392;284690;2024-07;survey;x\n"+
		"consumption;20;Japan;rare earths;2024;;\n"+
		"stock_change;-3;JPN;010121;202407;;\n"+
		"stock_change;-3;JPN;10121;202408;;\n"+
		"stock;-3;JPN;284690;2024;;\n"+
		"imports;3;JPN;284690;2024;;\n"+
		"stock;;JPN;284690;2024;;\n"+
		"stock;3;Atlantis;284690;2024;;\n"+
		"stock;1,000;JPN;284690;2024;;\n"+
		"stock;3;JPN;284690;soon;;\n")
	got, err := ReadBalances(path)
	if err != nil {
		t.Fatal(err)
	}
	jpn := data.MustEconomy("JPN")
	want := []data.Balance{
		{Economy: jpn, Commodity: data.MustCommodity("284690", 0), Period: month(t, "2024-07"), Item: data.Production, Kg: 1_500_500, Basis: "survey"},
		{Economy: jpn, Commodity: data.MustCommodity("RAREEARTHS", data.EditionOther), Period: month(t, "2024"), Item: data.Consumption, Kg: 20_000},
		{Economy: jpn, Commodity: data.MustCommodity("010121", 0), Period: month(t, "2024-07"), Item: data.StockChange, Kg: -3_000},
		{Economy: jpn, Commodity: data.MustCommodity("010121", 0), Period: month(t, "2024-08"), Item: data.StockChange, Kg: -3_000},
	}
	if len(got.Rows) != len(want) {
		t.Fatalf("%d rows, want %d: %+v", len(got.Rows), len(want), got.Rows)
	}
	for i := range want {
		if got.Rows[i] != want[i] {
			t.Errorf("row %d: %+v, want %+v", i, got.Rows[i], want[i])
		}
	}
	if got.Tally.Rows != 10 || got.Tally.Kept != 4 {
		t.Errorf("tally %+v", got.Tally)
	}
	reasons := map[int64]Reason{6: NegativeAmount, 7: UnknownItem, 8: NoAmount, 9: UnknownEconomy, 10: BadAmount, 11: BadPeriod}
	for _, r := range got.Rejects {
		if reasons[r.Line] != r.Reason || r.Column == "" {
			t.Errorf("line %d: %s in column %q, want %s", r.Line, r.Reason, r.Column, reasons[r.Line])
		}
		delete(reasons, r.Line)
	}
	if len(reasons) > 0 {
		t.Errorf("not refused: %v", reasons)
	}
}

func TestReadBalancesFaults(t *testing.T) {
	for name, text := range map[string]string{
		"no column":  "country,commodity,period,kg\nJPN,284690,2024,3\n",
		"no rows":    "country,commodity,period,item,kg\n",
		"all bad":    "country,commodity,period,item,kg\nJPN,284690,2024,use,3\n",
		"empty file": "",
		"one byte":   "\xff",
	} {
		_, err := ReadBalances(write(t, "b.csv", text))
		var refused *DataError
		if !errors.As(err, &refused) || !strings.Contains(err.Error(), "b.csv: ") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzReadBalances(f *testing.F) {
	f.Add("country,commodity,period,item,kg,basis\nJPN,284690,2024-07,production,15.5,survey\n")
	f.Add("MCS chapter,Country,Statistics_detail,Unit,Year,Value,Notes\nGALLIUM,Japan,\"Production, primary\",kilograms,2024,>95,Estimated.\n")
	f.Add("country;commodity;period;item;kg\n\"JPN\n;;;;\n")
	f.Fuzz(func(t *testing.T, text string) {
		got, err := ReadBalances(write(t, "fuzz.csv", text))
		if err != nil {
			return
		}
		refused := int64(0)
		for _, n := range got.Tally.Refused {
			refused += n
		}
		if got.Tally.Kept+refused != got.Tally.Rows {
			t.Errorf("%d kept and %d refused of %d", got.Tally.Kept, refused, got.Tally.Rows)
		}
		for _, b := range got.Rows {
			if b.Economy == 0 || b.Commodity == 0 || b.Period == 0 || b.Item == 0 || b.Kg < 0 && b.Item != data.StockChange {
				t.Errorf("row %+v", b)
			}
		}
	})
}

func TestSummaryValue(t *testing.T) {
	for text, want := range map[string]struct {
		kg    data.Kg
		bound data.Bound
		ok    bool
	}{
		"42,400":   {42_400_000_000, data.Exactly, true},
		"68\u00a0": {68_000_000, data.Exactly, true},
		"—":        {0, data.Exactly, true},
		"s":        {500_000, data.AtMost, true},
		">95":      {95_000_000, data.AtLeast, true},
		"<1,000":   {1_000_000_000, data.AtMost, true},
		"W":        {}, "NA": {}, "E": {}, "XX": {}, "50–300": {}, "Large": {}, "?1": {}, "": {}, "-3": {},
	} {
		kg, bound, ok := summaryValue(text, 1000) // tonnes
		if kg != want.kg || bound != want.bound || ok != want.ok {
			t.Errorf("%q: %d %d %t, want %+v", text, kg, bound, ok, want)
		}
	}
}

// The values are those of the publication, read by eye: rare earths of the
// United States, compounds and metals.
func TestMineralSummaries(t *testing.T) {
	path := filepath.Join("..", "..", "..", "shared", "data", "minerals_production", "usgs_MCS2026_Commodities_Data.csv")
	if _, err := os.Stat(path); err != nil {
		t.Skip("the Mineral Commodity Summaries are not here: ", path)
	}
	got, err := ReadBalances(path)
	if err != nil {
		t.Fatal(err)
	}
	figure := map[string]data.Balance{}
	for _, b := range got.Rows {
		figure[b.Economy.String()+" "+b.Commodity.String()+" "+b.Period.String()+" "+b.Item.String()] = b
	}
	for key, tonnes := range map[string]float64{
		"USA RAREEARTHS 2024 consumption": 9_010,
		"USA RAREEARTHS 2025 consumption": 27_000,
		"USA RAREEARTHS 2024 imports":     8_120 + 238 + 96,
		"USA RAREEARTHS 2025 imports":     21_000 + 1_100 + 350,
		"USA RAREEARTHS 2025 production":  8_900,
		"USA GALLIUM 2025 consumption":    19,
		"USA GALLIUM 2025 stock":          3.4,
		"USA GALLIUM 2024 production":     0,
		"USA GRAPHITE 2024 consumption":   65_200,
	} {
		b, ok := figure[key]
		if !ok || b.Kg != data.Kilograms(tonnes*1000) {
			t.Errorf("%s: %v t (%t), want %v", key, b.Kg.Float()/1000, ok, tonnes)
		}
	}
	if b := figure["USA RAREEARTHS 2025 consumption"]; b.Basis != "Estimated. -- Defined as production + imports – exports." || !b.Estimated {
		t.Errorf("basis %q, estimated %t", b.Basis, b.Estimated)
	}
	if _, ok := figure["USA TUNGSTEN 2024 consumption"]; ok {
		t.Error("a withheld figure became a balance")
	}
	if got.Tally.Refused[NoFigure] == 0 || len(got.Warnings) == 0 {
		t.Errorf("withheld figures were not counted: %+v", got.Tally)
	}
}
