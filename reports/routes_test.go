package reports

import (
	"math"
	"testing"

	"counterflow/data"
	"counterflow/reconcile"
	"counterflow/reconcile/cases"
	"counterflow/reconcile/claims"
	"counterflow/reconcile/mirror"
)

// By hand, from the lane of four months: 150 and 100 kg are the larger
// declarations of January and February, March has none declared by either, and
// in April the exporter is silent while the importer declares nothing of it.
func TestMonthlyMean(t *testing.T) {
	r, key := laneOfFour(t)
	v := newView(r, Options{}.filled())
	if got := v.monthly(key, stretch{start: v.first, end: v.first.Add(1)}); got != 125 {
		t.Errorf("January and February: %v a month, want 125", got)
	}
	if got := v.monthly(key, stretch{start: v.first, end: v.first.Add(2)}); math.Abs(got-250.0/3) > 1e-12 {
		t.Errorf("January to March: %v a month, want 250/3", got)
	}
	if got := v.monthly(key, stretch{start: v.first.Add(3), end: v.first.Add(3)}); !math.IsNaN(got) {
		t.Errorf("April: %v, want unknown", got)
	}
}

// The comparison is the stretch before the case, or where the data begin with it,
// the one after it.
func TestStretchBeside(t *testing.T) {
	month := func(m int) data.Period { p, _ := data.Month(2024, m); return p }
	v := view{first: month(1), last: month(12)}
	for _, test := range []struct {
		from, to, wantFrom, wantTo int
		ok                         bool
	}{{7, 9, 4, 6, true}, {5, 9, 1, 4, true}, {1, 4, 5, 8, true}, {2, 11, 0, 0, false}} {
		got, ok := v.besides(stretch{start: month(test.from), end: month(test.to)})
		if ok != test.ok || ok && (got.start != month(test.wantFrom) || got.end != month(test.wantTo)) {
			t.Errorf("beside months %d to %d: %s to %s, %v", test.from, test.to, got.start, got.end, ok)
		}
	}
}

// By hand: the parts of two cases, 5+1-2+10 kg and 7+3 kg, are 14 and 10; of the
// whole of 24, 13 are left over. A slip and a weak case take no part.
func TestBridgeSumsTheCasesFound(t *testing.T) {
	r := &reconcile.Result{Settings: reconcile.Defaults()}
	claim := func(id, name string, kg float64) {
		r.Claims = append(r.Claims, claims.Claim{CaseID: id, Explanation: name, Kg: data.Kilograms(kg), Verdict: claims.Holds})
	}
	for i, c := range []cases.Case{{Kind: cases.MissingExport}, {Kind: cases.MissingImport}, {Kind: cases.UnitSlip}, {Kind: cases.MissingExport, Q: 0.1}, {Kind: cases.StockBuild}} {
		c.ID, c.ExcessKg = string(rune('A'+i)), data.Kilograms(1)
		r.Cases = append(r.Cases, c)
		if i > 1 {
			claim(c.ID, unexplained, 1000)
		}
	}
	claim("A", "timing", 5)
	claim("A", "unit_slip", 1)
	claim("A", "trade_system", -2)
	claim("A", unexplained, 10)
	claim("B", "timing", 7)
	claim("B", unexplained, 3)
	figures := newView(r, Options{}.filled()).bridgeFigures()
	var got []string
	for _, row := range figures[0].Data[1:] {
		got = append(got, row[2])
	}
	want := []string{"24", "12", "1", "-2", "13"}
	if len(got) != len(want) {
		t.Fatalf("steps %v, want %v", got, want)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("step %d is %s kg, want %s", i, got[i], want[i])
		}
	}
}

// By hand: the case's own lane has M-X = 100 dollars; on the same corridor and in
// its time, another code of the chapter has -90, and one of another chapter plays
// no part.
func TestCodesBesideACase(t *testing.T) {
	year, _ := data.Year(2022)
	fra, ita := data.Exporter(data.MustEconomy("FRA")), data.Importer(data.MustEconomy("ITA"))
	pair := func(code string, x, m float64) mirror.Pair {
		return mirror.Pair{Commodity: data.MustCommodity(code, data.HS2022), Exporter: fra, Importer: ita, Period: year, State: mirror.Both,
			XKg: data.MissingKg, MKg: data.MissingKg, XUSD: data.FOB(usd(x)), MUSD: data.CIF(usd(m))}
	}
	r := &reconcile.Result{Settings: reconcile.Defaults(), Pairs: []mirror.Pair{pair("282580", 100, 200), pair("284690", 190, 100), pair("811292", 1000, 1)}}
	c := cases.Case{ID: "C1", Kind: cases.MissingExport, Goods: r.Pairs[0].Commodity, Exporter: fra, Importer: ita, Start: year.Start(), End: year.End()}
	own, others := newView(r, Options{}.filled()).sisters(c)
	if own.gap() != 100 || len(others) != 1 || others[0].goods != r.Pairs[1].Commodity || others[0].gap() != -90 {
		t.Errorf("own gap %v, others %+v", own.gap(), others)
	}
}
