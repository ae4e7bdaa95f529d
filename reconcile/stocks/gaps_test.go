package stocks

import (
	"math"
	"math/rand/v2"
	"testing"

	"counterflow/data"
	"counterflow/reconcile/mirror"
)

// Two witnesses with independent errors of 1 and 2 about the same truth: the
// first has weight 4/5, up to the error of robust variances of 400 periods.
func TestCombineWeighs(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	a, b := make([]float64, 400), make([]float64, 400)
	for i := range a {
		a[i], b[i] = r.NormFloat64(), 2*r.NormFloat64()
	}
	_, weight := combine(a, b)
	if math.Abs(weight-0.8) > 0.1 {
		t.Errorf("weight %g, want about 4/5", weight)
	}
	gap, weight := combine([]float64{1, nan, 3}, []float64{2, 4, nan})
	equal(t, "few periods", gap, []float64{1.5, 4, 3})
	if weight != 0.5 {
		t.Errorf("weight %g of three periods", weight)
	}
}

// What all accounts of an economy show at once is taken out of each, and an
// account that alone shows something keeps it.
func TestTakeCommon(t *testing.T) {
	const n = 40
	var all []*account
	for i := range 12 {
		a := &account{}
		for w := range a.gaps {
			a.gaps[w] = make([]float64, n)
			for t := 20; t < n; t++ {
				a.gaps[w][t] = 0.3
			}
		}
		if i == 5 {
			for t := 25; t < 31; t++ {
				a.gaps[byImporter][t]++
			}
		}
		all = append(all, a)
	}
	takeCommon(all, byImporter, n)
	if g := all[0].gaps[byImporter]; math.Abs(g[10]) > 1e-12 || math.Abs(g[35]) > 1e-12 {
		t.Errorf("the common step is left: %v", g)
	}
	if g := all[5].gaps[byImporter]; math.Abs(g[27]-1) > 1e-12 {
		t.Errorf("the account's own spell is gone: %v", g)
	}
	takeCommon(all[:3], byExporter, n)
	if all[0].gaps[byExporter][30] != 0.3 {
		t.Error("three accounts are too few to have anything in common")
	}
}

func TestDeseason(t *testing.T) {
	g := make([]float64, 48)
	for i := range g {
		g[i] = float64(i % 12)
	}
	g[30] += 5
	deseason(g, calendar{period(t, "2020-01"), 48})
	for i, v := range g {
		want := 0.0
		if i == 30 {
			want = 5
		}
		if v != want {
			t.Errorf("month %d: %g, want %g", i, v, want)
		}
	}
}

// Code 811292 lost hafnium and rhenium with HS 2022: an importer that adopts it in
// March 2022 has a break there; one of another code has none.
func TestBreakOfCode(t *testing.T) {
	c := calendar{period(t, "2021-01"), 36}
	e := editionsOf([]mirror.Coverage{
		{Economy: economy("JPN"), Direction: data.Import, Period: period(t, "2022-02"), Edition: data.HS2017},
		{Economy: economy("JPN"), Direction: data.Import, Period: period(t, "2022-04"), Edition: data.HS2022},
		{Economy: economy("JPN"), Direction: data.Import, Period: period(t, "2022-03"), Edition: data.HS2022},
		{Economy: economy("JPN"), Direction: data.Export, Period: period(t, "2021-03"), Edition: data.HS2022},
	}, c)
	if at := e.breakOf(key{economy("JPN"), goods("811292")}); at != 14 {
		t.Errorf("break at %d, want 14", at)
	}
	if at := e.breakOf(key{economy("JPN"), goods("282580")}); at != 0 {
		t.Errorf("break at %d of a code that did not change", at)
	}
	if at := e.breakOf(key{economy("USA"), goods("811292")}); at != 0 {
		t.Errorf("break at %d of an economy that is not known", at)
	}
}
