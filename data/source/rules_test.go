package source

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"

	"counterflow/data"
)

const ruleHeader = "who,what,why,source,from,to\n"

func TestRulesAreRead(t *testing.T) {
	patches, err := ReadPatches(write(t, "patches.csv", ruleHeader+
		"MNG,weights_times 1000 exports 2603,stated in tonnes,\"note, June\",2023-01,2023\n"+
		"Canada,imports_fob,customs,office,,\n"+
		"CHN,weights_estimated 2846,flat,\"our check\",2020,\n"))
	if err != nil || len(patches) != 3 {
		t.Fatalf("%d patches, %v", len(patches), err)
	}
	p := patches[0]
	if p.Who.String() != "MNG" || p.Line != 2 || p.Why != "stated in tonnes" || p.Source != "note, June" || p.From.String() != "2023-01" || p.To.String() != "2023" {
		t.Errorf("%+v", p)
	}
	for text, want := range map[string]bool{"2023-01 260300": true, "2023-12 2603": true, "2024-01 260300": false, "2022-12 260300": false, "2023-06 260400": false, "2023-06 26": false} {
		period, code, _ := strings.Cut(text, " ")
		at, _ := data.ParsePeriod(period)
		if got := p.Holds(data.MustCommodity(code, data.HS2017), at); got != want {
			t.Errorf("%s: holds %v", text, got)
		}
	}
	producers, err := ReadProducers(write(t, "producers.csv", ruleHeader+"VNM,rare earths,mine,survey,2015,\nCHN,284690,plants,survey,,\n"))
	if err != nil || len(producers) != 2 {
		t.Fatalf("%d producers, %v", len(producers), err)
	}
	for code, want := range map[string][2]bool{"284690": {true, true}, "280530": {true, false}, "260300": {false, false}} {
		for i, rule := range producers {
			if got := rule.About(data.MustCommodity(code, data.EditionUnknown)); got != want[i] {
				t.Errorf("%s of %s: %v", code, rule.Who, got)
			}
		}
	}
}

// A year is left alone where a factor holds of some of its months; a doubt about some
// of them is one about the year.
func TestRulesOfSomeMonths(t *testing.T) {
	patches, err := ReadPatches(write(t, "patches.csv", ruleHeader+
		"MNG,weights_times 1000,a,b,2023-03,2024-12\nMNG,imports_fob,a,b,2023-03,2024-12\nMNG,weights_missing,a,b,2023-03,2024-12\n"))
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string][3]bool{
		"2023": {false, false, true}, "2023-02": {}, "2023-03": {true, true, true}, "2024": {true, true, true}, "2025": {},
	} {
		at, _ := data.ParsePeriod(text)
		for i := range patches {
			if got := patches[i].Holds(data.MustCommodity("2603", data.HS2017), at); got != want[i] {
				t.Errorf("%s of %s: holds %v", patches[i].What, text, got)
			}
		}
	}
}

// What cannot be read is one line that says where and what to do.
func TestRulesThatAreNone(t *testing.T) {
	for row, want := range map[string]string{
		"XX,imports_fob,a,b,,":                `line 2, column "who", value "XX"`,
		"CHN,weights_times,a,b,,":             `say how many times, such as weights_times 1000`,
		"CHN,weights_times -3,a,b,,":          `write a factor above 0`,
		"CHN,weights_lost,a,b,,":              `write imports_fob, weights_estimated`,
		"CHN,weights_missing exports x,a,b,,": `write exports, imports or trade, and one code`,
		"CHN,,a,b,,":                          `say what holds of the economy`,
		"CHN,imports_fob,,b,,":                `say why`,
		"CHN,imports_fob,a,,,":                `say where that is documented`,
		"CHN,imports_fob,a,b,soon,":           `column "from", value "soon"`,
		"CHN,imports_fob,a,b,soon,later":      `column "from", value "soon"`,
		"EU27,imports_fob,a,b,,":              `a group counts as no economy here`,
		"CHN,imports_fob,a,b,2024,2023-12":    `to lies before from`,
	} {
		_, err := ReadPatches(write(t, "patches.csv", ruleHeader+row+"\n"))
		var refused *DataError
		if !errors.As(err, &refused) || !strings.Contains(err.Error(), want) || !strings.HasPrefix(err.Error(), "patches.csv: line 2") || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v, want %s", row, err, want)
		}
	}
	if _, err := ReadProducers(write(t, "producers.csv", ruleHeader+"CHN,everything,a,b,,\n")); err == nil || !strings.Contains(err.Error(), "write a code of 2 to 10 digits, or one of antimony") {
		t.Errorf("a producer of everything: %v", err)
	}
	if _, err := ReadExclusions(write(t, "exclusions.csv", "who,what,why\nCHN,exports,a\n")); err == nil || !strings.Contains(err.Error(), "no column source") {
		t.Errorf("a header without source: %v", err)
	}
}

// Five rows by hand: one weight in tonnes, one value FOB, one weight that is no
// witness, and one flow left out as both sides declare it.
func TestRulesAreApplied(t *testing.T) {
	flows := write(t, "flows.csv", "period,reporter,partner,flow,commodity,value_usd,net_kg\n"+
		"2023-03,MNG,CHN,X,260300,900,7\n"+
		"2023-03,CHN,MNG,M,260300,1000,7000\n"+
		"2023-03,ISL,NLD,X,760110,50,60\n"+
		"2023-03,NLD,ISL,M,760110,55,60\n"+
		"2023-03,NLD,ISL,X,760110,9,9\n")
	patches, err := ReadPatches(write(t, "patches.csv", ruleHeader+
		"MNG,weights_times 1000 exports 2603,stated in tonnes,note,2023,2023\n"+
		"CHN,imports_fob,customs,office,,\n"+
		"CHN,weights_estimated imports,flat,check,,2023-02\n"+
		"NLD,values_times 2 exports,in thousands,note,,\n"))
	if err != nil {
		t.Fatal(err)
	}
	exclusions, err := ReadExclusions(write(t, "exclusions.csv", ruleHeader+"ISL,exports 7601,confidential,letter,2022,\n"))
	if err != nil {
		t.Fatal(err)
	}
	var lock sync.Mutex
	got := map[string]Record{}
	reading, err := Read(context.Background(), []string{flows}, Options{Digits: 6, Threads: 2, Rules: NewRules(patches, exclusions)}, func(_ int, b Batch) error {
		lock.Lock()
		defer lock.Unlock()
		for _, r := range b.Records {
			got[r.Reporter().String()+r.Direction.String()] = r
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if r := got["MNGX"]; r.NetWeight != data.Kilograms(7000) || r.Value != data.Dollars(900) {
		t.Errorf("Mongolia declares %+v", r)
	}
	if r := got["CHNM"]; r.Valuation != data.ValuationFOB || r.Estimated {
		t.Errorf("China declares %+v", r)
	}
	if r := got["NLDX"]; r.Value != data.Dollars(18) {
		t.Errorf("the Netherlands declare %+v", r)
	}
	if len(got) != 3 {
		t.Errorf("%d rows are left, want those of three reporters: %v", len(got), got)
	}
	for i, want := range []int64{1, 1, 0, 1, 2} {
		if reading.Applied[i] != want {
			t.Errorf("rule %d applied to %d rows, want %d", i, reading.Applied[i], want)
		}
	}
	if tally := reading.Tallies[0]; tally.Rows != 5 || tally.Kept != 3 || tally.Refused[Excluded] != 2 {
		t.Errorf("%+v", tally)
	}
	if len(reading.Rejects) != 2 || reading.Rejects[0].Reason != Excluded || reading.Rejects[0].Line != 4 || !strings.Contains(reading.Rejects[0].Value, "760110 from ISL to NLD, 2023-03") {
		t.Errorf("%+v", reading.Rejects)
	}
	if NewRules(nil, nil) != nil {
		t.Error("no rules are some")
	}
}

func FuzzRules(f *testing.F) {
	f.Add("MNG,weights_times 1000 exports 2603,tonnes,note,2023-01,2023")
	f.Add("ISL,trade,a,b,,")
	f.Add("VNM,rare earths,mine,survey,2015,")
	f.Add("\"")
	f.Fuzz(func(t *testing.T, row string) {
		path := write(t, "rules.csv", ruleHeader+row+"\n")
		for _, read := range []func(string) ([]Rule, error){ReadPatches, ReadExclusions, ReadProducers} {
			rules, err := read(path)
			for _, r := range rules {
				if err != nil || r.Why == "" || r.Source == "" || r.What == "" || r.Who == 0 {
					t.Errorf("%q gives %+v, %v", row, r, err)
				}
			}
			if err != nil && strings.Contains(err.Error(), "\n") && !strings.Contains(row, "\n") {
				t.Errorf("%q: an error of several lines: %v", row, err)
			}
		}
	})
}
