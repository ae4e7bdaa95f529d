package robust

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestWeightedMedianByHand(t *testing.T) {
	nan := math.NaN()
	for _, c := range []struct {
		x, w []float64
		want float64
	}{
		{nil, nil, nan},
		{[]float64{1}, []float64{0}, nan},
		{[]float64{1, 2}, []float64{1, -1}, nan},
		{[]float64{1, nan}, []float64{1, 1}, nan},
		{[]float64{4}, []float64{.5}, 4},
		{[]float64{1, 2}, []float64{1, 1}, 1.5},
		{[]float64{1, 2}, []float64{1, 3}, 2},
		{[]float64{1, 2, 3}, []float64{1, 1, 2}, 2.5}, // halves part between 2 and 3
		{[]float64{3, 1, 2}, []float64{2, 1, 1}, 2.5},
		{[]float64{1, 2, 3}, []float64{1, 0, 1}, 2}, // the weightless 2 does not count, yet 2 is the mean
		{[]float64{1, 1, 5}, []float64{1, 1, 1.5}, 1},
	} {
		if got := WeightedMedian(c.x, c.w); !same(got, c.want) {
			t.Errorf("WeightedMedian(%v, %v) = %v, want %v", c.x, c.w, got, c.want)
		}
	}
}

// A whole weight is that many copies.
func TestWeightsAreCopies(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := anyValues(1).Draw(t, "x")
		weights, copies := make([]float64, len(x)), []float64(nil)
		for i, v := range x {
			n := rapid.IntRange(0, 4).Draw(t, "n")
			weights[i] = float64(n)
			copies = append(copies, slices.Repeat([]float64{v}, n)...)
		}
		if got, want := WeightedMedian(x, weights), Median(copies); !same(got, want) {
			t.Fatalf("weighted median %v, median of copies %v", got, want)
		}
		if got, want := WeightedMAD(x, weights), MAD(copies); !same(got, want) {
			t.Fatalf("weighted MAD %v, MAD of copies %v", got, want)
		}
	})
}

// Worked by hand: x = -1, 0, 1, 20 has median 0.5 and MAD 1.4826 (distances
// 1.5, 0.5, 0.5, 19.5, median 1). With k = 1.345 the bound is ks = 1.994097;
// 20 is beyond it, so 0 = (-1-m) + (0-m) + (1-m) + 1.994097, m = 0.664699.
// The deviations are inside the bound, as -1.6647 > -1.9941.
func TestHuberByHand(t *testing.T) {
	fit, err := Location([]float64{20, -1, 0, 1}, LocationSettings{})
	if err != nil || !fit.Converged {
		t.Fatalf("%+v, %v", fit, err)
	}
	want := HuberTuning * MADConsistency / 3
	near(t, "estimate", fit.Estimate, want, 1e-9) // the stopping rule
	// psi in units of s: the three deviations and the bound.
	squares := (sq(-1-want)+sq(want)+sq(1-want))/sq(MADConsistency) + sq(HuberTuning)
	near(t, "standard error", fit.SE, MADConsistency*math.Sqrt(squares*4/3)/3, 1e-9)
}

func sq(v float64) float64 { return v * v }

// With the wild value beyond c s = 6.9 of the median the bisquare gives it no
// weight: the rest is symmetric about 0, but for the median that the scale is
// taken about.
func TestTukeyLeavesOutTheWildValue(t *testing.T) {
	fit, err := Location([]float64{20, -1, 0, 1}, LocationSettings{Psi: Tukey})
	// 1e-9: the stopping rule, on a scale of 1.5.
	if err != nil || math.Abs(fit.Estimate) > 1e-9 {
		t.Errorf("%+v, %v: want the estimate 0", fit, err)
	}
}

func TestLocationEdges(t *testing.T) {
	for name, c := range map[string]struct {
		x []float64
		s LocationSettings
	}{
		"empty":          {nil, LocationSettings{}},
		"NaN":            {[]float64{1, math.NaN()}, LocationSettings{}},
		"infinite":       {[]float64{1, math.Inf(-1)}, LocationSettings{}},
		"weights short":  {[]float64{1, 2}, LocationSettings{Weights: []float64{1}}},
		"weights zero":   {[]float64{1, 2}, LocationSettings{Weights: []float64{0, 0}}},
		"unknown psi":    {[]float64{1, 2}, LocationSettings{Psi: 7}},
		"level over 1":   {[]float64{1, 2}, LocationSettings{Level: 95}},
		"tuning below 0": {[]float64{1, 2}, LocationSettings{Tuning: -1}},
	} {
		if fit, err := Location(c.x, c.s); err == nil {
			t.Errorf("%s: want an error, got %+v", name, fit)
		}
	}
	for _, x := range [][]float64{{3}, {3, 3, 3}, {3, 3, 3, 9}} {
		fit, err := Location(x, LocationSettings{})
		if err != nil || fit.Estimate != 3 || fit.Scale != 0 || !fit.Converged || !math.IsNaN(fit.SE) {
			t.Errorf("%v: got %+v, %v", x, fit, err)
		}
	}
}

func TestLocationRelations(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := spreadValues(5).Draw(t, "x")
		psi := rapid.SampledFrom([]Psi{Huber, Tukey}).Draw(t, "psi")
		shift := rapid.Float64Range(-100, 100).Draw(t, "shift")
		factor := rapid.SampledFrom([]float64{-3, -1, 0.5, 7}).Draw(t, "factor")
		a, err1 := Location(x, LocationSettings{Psi: psi})
		b, err2 := Location(affine(x, factor, shift), LocationSettings{Psi: psi})
		if err1 != nil || err2 != nil {
			t.Fatal(err1, err2)
		}
		if !a.Converged || !b.Converged {
			t.Skip("a bisquare between two clumps may creep")
		}
		// The stopping rule, times what a slow approach may still have ahead.
		tol := 1e-6*math.Abs(factor)*a.Scale + 1e-10
		if want := factor*a.Estimate + shift; math.Abs(b.Estimate-want) > tol {
			t.Fatalf("estimate %v, want %v", b.Estimate, want)
		}
		turned := slices.Clone(x)
		slices.Reverse(turned)
		if c, _ := Location(turned, LocationSettings{Psi: psi}); math.Abs(c.Estimate-a.Estimate) > tol {
			t.Fatalf("the order moved the estimate from %v to %v", a.Estimate, c.Estimate)
		}
	})
}

func TestLocationBearsAQuarterOfWildValues(t *testing.T) {
	x := normals(NewSubsets(9), 100)
	for i := range 25 {
		x[4*i] = 1e300
	}
	for _, psi := range []Psi{Huber, Tukey} {
		fit, err := Location(x, LocationSettings{Psi: psi})
		// The median moves to the 2/3 point of the rest, 0.43; Huber's bound
		// of 1.345 x 1.8 per wild value moves it to at most 0.9.
		if err != nil || math.Abs(fit.Estimate) > 1.2 || !(fit.SE < 1) {
			t.Errorf("psi %d: %+v, %v", psi, fit, err)
		}
	}
}
