package burst

import (
	"math"
	"math/rand/v2"
	"testing"
)

// A thinned null says the same in its tail, and below to two thousandths of p: one for
// the ranks that are left out, one for the one that is counted in.
func TestThinnedNull(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	x := make([]float64, 12_345)
	for i := range x {
		x[i] = squareOf(max(r.NormFloat64(), 0))
	}
	whole := newNull(x)
	thin := whole.thinned()
	if len(thin.sorted) != keptRanks || thin.sorted[0] != whole.sorted[0] || thin.sorted[keptRanks-1] != whole.sorted[len(x)-1] {
		t.Fatalf("%d ranks from %g to %g", len(thin.sorted), thin.sorted[0], thin.sorted[len(thin.sorted)-1])
	}
	for _, z := range []float64{0, 0.01, 0.2, 0.5, 0.7, 0.9, 1.5, 3, 5} {
		a, b := whole.logP(z*z), thin.logP(z*z)
		if z*z > whole.from && a != b || math.Abs(math.Exp(a)-math.Exp(b)) > 0.002 {
			t.Errorf("z of %g: p %g, thinned %g", z, math.Exp(a), math.Exp(b))
		}
	}
	if few := newNull(x[:100]).thinned(); len(few.sorted) != 100 {
		t.Errorf("100 ranks became %d", len(few.sorted))
	}
}

// Of many series the null of a window is taken from a part: p in the tail agrees with
// that of half as many, which are all asked, within the doubt of the fitted rate.
func TestNullFromAPartOfTheSeries(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 1))
	series := make([][]float64, 2*mostAsked)
	for i := range series {
		series[i] = make([]float64, 24)
		for s := range series[i] {
			series[i][s] = r.NormFloat64()
		}
	}
	part, all := NewField(series, Defaults(24)), NewField(series[:mostAsked], Defaults(24))
	for _, z := range []float64{2.5, 4, -3} {
		a, b := part.LogP(0, 6, 11, z), all.LogP(0, 6, 11, z)
		if math.Abs(a/b-1) > 0.1 {
			t.Errorf("z of %g: ln p %.2f from a part, %.2f from others", z, a, b)
		}
	}
}
