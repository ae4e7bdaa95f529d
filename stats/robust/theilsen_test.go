package robust

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// The example of Sen (1968), section 6: his slope is 4, as is (55-15)/(12-2).
func TestTheilSenByHand(t *testing.T) {
	fit, err := TheilSen([]float64{1, 2, 3, 4, 10, 12, 18}, []float64{9, 15, 19, 20, 45, 55, 78})
	if err != nil || fit.Slope != 4 || fit.Pairs != 21 || fit.Rows != 7 {
		t.Errorf("%+v, %v; want slope 4 of 21 pairs", fit, err)
	}
	// y - 4x = 5 7 7 4 5 7 6, median 6.
	if fit.Intercept != 6 || len(fit.Warnings) != 1 {
		t.Errorf("intercept %v, warnings %v; want 6 and one warning", fit.Intercept, fit.Warnings)
	}
	fit, err = TheilSen([]float64{0, 2}, []float64{1, 5})
	if err != nil || fit.Slope != 2 || fit.Intercept != 1 || fit.Low != 2 || fit.High != 2 {
		t.Errorf("two rows: %+v, %v", fit, err)
	}
	fit, err = TheilSen([]float64{1, 2, 3, 4}, constant(4, 7))
	if err != nil || fit.Slope != 0 || fit.Intercept != 7 || fit.Scale != 0 || fit.Low != 0 || fit.High != 0 {
		t.Errorf("equal y: %+v, %v", fit, err)
	}
}

// Kendall's variance without ties, n(n-1)(2n+5)/18: 44.33 for 7 rows. With one
// pair tied in x it loses 2 x 9/18 = 1.
func TestKendallVariance(t *testing.T) {
	x := []float64{1, 2, 3, 4, 5, 6, 7}
	near(t, "no ties", kendallVariance(x, x), 7*6*19/18.0, 1e-14)
	near(t, "one tie", kendallVariance([]float64{1, 2, 3, 4, 5, 6, 6}, x), 7*6*19/18.0-1, 1e-14)
	if v := kendallVariance(x, constant(7, 3)); v > 1e-12 {
		t.Errorf("all equal: variance %v, want 0", v)
	}
}

func TestTheilSenEdges(t *testing.T) {
	for name, c := range map[string][2][]float64{
		"empty":  {nil, nil},
		"one":    {{1}, {2}},
		"one x":  {{3, 3, 3}, {1, 2, 3}},
		"ragged": {{1, 2, 3}, {1, 2}},
		"NaN":    {{1, 2, 3}, {1, math.NaN(), 2}},
	} {
		if fit, err := TheilSen(c[0], c[1]); err == nil {
			t.Errorf("%s: want an error, got %+v", name, fit)
		}
	}
}

// Counting slopes gives the slopes of the list.
func TestCountedSlopesEqualListedOnes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 40).Draw(t, "n")
		draw := rapid.OneOf(rapid.Map(rapid.IntRange(-5, 5), func(i int) float64 { return float64(i) }), rapid.Float64Range(-9, 9))
		x := rapid.SliceOfN(draw, n, n).Draw(t, "x")
		y := rapid.SliceOfN(draw, n, n).Draw(t, "y")
		listed := newPairSlopes(x, y)
		if listed.count == 0 {
			t.Skip("one x")
		}
		if listed.count != len(listed.slopes) {
			t.Fatalf("%d slopes, counted %d", len(listed.slopes), listed.count)
		}
		slices.Sort(listed.slopes)
		counted := &pairSlopes{sameX: listed.sameX}
		counted.prepareCounting(x, y)
		k := rapid.IntRange(0, listed.count-1).Draw(t, "k")
		got, want := counted.smallest(k), listed.slopes[k]
		// y - theta x of numbers below 10 theta loses 2e-15 theta, over a
		// distance in x that may be small.
		tol := 1e-14 * (1 + math.Abs(want)) / nearestGap(x)
		if math.Abs(got-want) > tol {
			t.Fatalf("slope of rank %d is %v, want %v", k, got, want)
		}
	})
}

func nearestGap(x []float64) float64 {
	s := slices.Sorted(slices.Values(x))
	gap := 1.0
	for i := 1; i < len(s); i++ {
		if d := s[i] - s[i-1]; d > 0 {
			gap = min(gap, d)
		}
	}
	return gap
}

func TestTheilSenRelations(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		seed := rapid.Uint64().Draw(t, "seed")
		n := rapid.IntRange(5, 60).Draw(t, "n")
		columns, y := line(seed, n)
		x := columns[0]
		a := rapid.SampledFrom([]float64{-2, 1, 1000}).Draw(t, "a")
		c := rapid.SampledFrom([]float64{-1, 0.01, 3}).Draw(t, "c")
		g := rapid.Float64Range(-10, 10).Draw(t, "g")
		plain, err := TheilSen(x, y)
		if err != nil {
			t.Fatal(err)
		}
		turnedY := affine(y, a, 5)
		for i := range turnedY {
			turnedY[i] += g * x[i]
		}
		turned, err := TheilSen(affine(x, c, 0), turnedY)
		if err != nil {
			t.Fatal(err)
		}
		want := (a*plain.Slope + g) / c
		if math.Abs(turned.Slope-want) > 1e-9*(1+math.Abs(want)) { // rounding of differences
			t.Fatalf("slope %v, want %v", turned.Slope, want)
		}
		px, py, _ := permuted(seed+1, columns, y)
		if again, _ := TheilSen(px[0], py); again.Slope != plain.Slope || again.Low != plain.Low || again.High != plain.High {
			t.Fatalf("the order of rows moved %v to %v", plain, again)
		}
		if !(plain.Low <= plain.Slope && plain.Slope <= plain.High) {
			t.Fatalf("slope %v outside its interval %v to %v", plain.Slope, plain.Low, plain.High)
		}
	})
}

func TestTheilSenBearsAQuarterOfWildRows(t *testing.T) {
	x, noise := firstRows(80), normals(NewSubsets(2), 80)
	var xs, ys []float64
	for i, v := range x {
		xs = append(xs, float64(v))
		ys = append(ys, 3+0.5*float64(v)+noise[i])
	}
	for i := range 20 {
		ys[4*i] = 1e12
	}
	fit, err := TheilSen(xs, ys)
	// Pairs with a wild row, 44% of all, fall on both sides of the slope.
	if err != nil || math.Abs(fit.Slope-0.5) > 0.1 || fit.Low < 0 || fit.High > 1e11 {
		t.Errorf("%+v, %v; want a slope near 0.5", fit, err)
	}
}

// The interval covers the true slope as often as it says.
func TestTheilSenCoverage(t *testing.T) {
	const samples = 1000
	covered := 0
	for seed := range uint64(samples) {
		rng := NewSubsets(seed)
		y := normals(rng, 30)
		x := make([]float64, 30)
		for i := range x {
			x[i] = float64(i)
			y[i] += 2 * x[i]
		}
		if fit, err := TheilSen(x, y); err == nil && fit.Low <= 2 && 2 <= fit.High {
			covered++
		}
	}
	// 95% of 1000 with four standard errors of 0.7% below; conservative ranks
	// may add a little above.
	if share := float64(covered) / samples; share < 0.922 || share > 0.985 {
		t.Errorf("the interval covers in %v of samples, want 0.95", share)
	}
}

func TestTheilSenLarge(t *testing.T) {
	columns, y := line(1, 1600)
	x := columns[0]
	fit, err := TheilSen(x, y)
	if err != nil {
		t.Fatal(err)
	}
	if math.Abs(fit.Slope-2) > 0.1 { // noise 1.1 over 1600 rows: 3.5 standard errors
		t.Errorf("slope %v, want near 2", fit.Slope)
	}
	var slopes []float64
	for i := range x {
		for j := range i {
			slopes = append(slopes, (y[i]-y[j])/(x[i]-x[j]))
		}
	}
	near(t, "slope", fit.Slope, MedianInPlace(slopes), 1e-12) // rounding of y - theta x
}

func BenchmarkTheilSen120(b *testing.B) {
	columns, y := line(1, 120)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := TheilSen(columns[0], y); err != nil {
			b.Fatal(err)
		}
	}
}
