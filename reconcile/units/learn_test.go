package units

import (
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"counterflow/data"
	"counterflow/data/source"
)

const header = "period,reporter,partner,flow,commodity,value_usd,net_kg,qty,qty_unit\n"

func file(t *testing.T, text string) []string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "flows.csv")
	if err := os.WriteFile(path, []byte(header+text), 0o644); err != nil {
		t.Fatal(err)
	}
	return []string{path}
}

// mirrored is n months in which China declares 10 cars without a weight, and
// Germany as many kilograms as weight gives.
func mirrored(n int, weight func(month int) float64) string {
	var text strings.Builder
	for m := range n {
		fmt.Fprintf(&text, "%d-%02d,CHN,DEU,X,870323,100000,,10,u\n", 2020+m/12, 1+m%12)
		fmt.Fprintf(&text, "%d-%02d,DEU,CHN,M,870323,106000,%.3f,,\n", 2020+m/12, 1+m%12, weight(m))
	}
	return text.String()
}

func learn(t *testing.T, text string, given source.Factors) []Factor {
	t.Helper()
	var before []Factor
	for _, threads := range []int{1, 3} {
		factors, err := Learn(context.Background(), file(t, text), source.Options{Digits: 6, Threads: threads}, given, Settings{})
		if err != nil {
			t.Fatal(err)
		}
		if before != nil && fmt.Sprint(factors) != fmt.Sprint(before) {
			t.Errorf("%d threads: %v, want %v", threads, factors, before)
		}
		before = factors
	}
	return before
}

// Eleven months of 10 cars each: 1,000, 1,100, ... 2,000 kg a car. Their median is
// 1,500 kg. Logarithms to the base e of 1.0, 1.1 ... 2.0 have the standard
// deviation 0.22835 (Python: statistics.stdev), which gives
// 1.645 * sqrt(pi/2) * 0.22835 / sqrt(11) = 0.14195 on each side of ln 1500.
func TestAFactorIsTheMedianOfItsPairs(t *testing.T) {
	f := learn(t, mirrored(11, func(m int) float64 { return 10 * float64(1000+100*m) }), nil)
	if len(f) != 1 || f[0].Commodity.Code() != "870323" || f[0].Unit.String() != "u" || f[0].Pairs != 11 || f[0].Verdict != Learnt {
		t.Fatalf("%+v", f)
	}
	for _, c := range []struct{ got, want, within float64 }{
		{f[0].Kg, 1500, 1e-9}, {f[0].SD, 0.22835, 5e-6}, {f[0].Low, 1500 * math.Exp(-0.14195), 0.02}, {f[0].High, 1500 * math.Exp(0.14195), 0.02},
	} {
		if math.Abs(c.got-c.want) > c.within {
			t.Errorf("%g, want %g", c.got, c.want)
		}
	}
}

func TestFactorsThatAreNotUsed(t *testing.T) {
	cars := func(m int) float64 { return 15000 }
	wild := func(m int) float64 { return 15000 * math.Exp(4*float64(m%3-1)) } // sd of 0, 4, -4 about 3.4
	for name, c := range map[string]struct {
		text string
		want Verdict
	}{
		"nine pairs": {mirrored(9, cars), TooFew},
		"ten pairs":  {mirrored(10, cars), Learnt},
		"wild":       {mirrored(12, wild), TooWide},
		"kWh":        {strings.ReplaceAll(mirrored(12, cars), ",10,u\n", ",10,22\n"), NoMass},
		"no pairs":   {"2020-01,CHN,DEU,X,870323,100000,,10,u\n", TooFew},
	} {
		f := learn(t, c.text, nil)
		if len(f) != 1 || f[0].Verdict != c.want {
			t.Errorf("%s: %+v, want %s", name, f, c.want)
		}
	}
	// Where every row states its weight nothing is to be learnt.
	if f := learn(t, strings.ReplaceAll(mirrored(12, cars), "100000,,10", "100000,14000,10"), nil); len(f) != 0 {
		t.Errorf("%+v", f)
	}
	// A given factor goes before.
	k := source.FactorKey{Commodity: data.MustCommodity("870323", data.EditionUnknown), Unit: source.ParseUnit([]byte("5"))}
	if f := learn(t, mirrored(12, cars), source.Factors{k: 1200}); len(f) != 1 || f[0].Verdict != Given || Table(f)[k] != 1200 {
		t.Errorf("%+v", f)
	}
}

// Of a total and its parts, the total alone is compared.
func TestTotalsGoBeforeParts(t *testing.T) {
	var text strings.Builder
	for m := range 12 {
		fmt.Fprintf(&text, "2020-%02d,CHN,DEU,X,870323,100000,,10,u,0\n2020-%02d,CHN,DEU,X,870323,60000,,6,u,2100\n", m+1, m+1)
		fmt.Fprintf(&text, "2020-%02d,DEU,CHN,M,870323,106000,15000,,,0\n", m+1)
	}
	path := filepath.Join(t.TempDir(), "flows.csv")
	os.WriteFile(path, []byte(strings.Replace(header, "\n", ",motCode\n", 1)+text.String()), 0o644)
	f, err := Learn(context.Background(), []string{path}, source.Options{Digits: 6}, nil, Settings{})
	if err != nil || len(f) != 1 || math.Abs(f[0].Kg-1500) > 1e-9 {
		t.Errorf("%+v, %v", f, err)
	}
}

// A weight that is filled in is the quantity times the factor, and an estimate;
// one that is stated stays.
func TestWeightsAreFilledIn(t *testing.T) {
	k := source.FactorKey{Commodity: data.MustCommodity("870323", data.EditionUnknown), Unit: source.ParseUnit([]byte("u"))}
	paths := file(t, "2020-01,CHN,DEU,X,870323,100000,,10.5,u\n2020-02,CHN,DEU,X,870323,100000,7,10,u\n2020-03,CHN,DEU,X,870323,100000,,10,m3\n")
	var got []string
	reading, err := source.Read(context.Background(), paths, source.Options{Digits: 6, Factors: source.Factors{k: 1500}}, func(_ int, b source.Batch) error {
		for _, r := range b.Records {
			got = append(got, fmt.Sprintf("%s %v", r.NetWeight.Text(), r.Estimated))
		}
		return nil
	})
	if want := "15750 true|7 false| false"; err != nil || strings.Join(got, "|") != want || reading.Weighed[k] != 1 {
		t.Errorf("%q, want %q, %v, %v", strings.Join(got, "|"), want, reading, err)
	}
}
