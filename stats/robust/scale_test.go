package robust

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// fewValues draws samples with many ties; spreadValues draws samples with few.
func fewValues(atLeast int) *rapid.Generator[[]float64] {
	return rapid.SliceOfN(rapid.Map(rapid.IntRange(-6, 6), func(i int) float64 { return float64(i) }), atLeast, 60)
}

func spreadValues(atLeast int) *rapid.Generator[[]float64] {
	return rapid.SliceOfN(rapid.Float64Range(-1000, 1000), atLeast, 60)
}

func anyValues(atLeast int) *rapid.Generator[[]float64] {
	return rapid.OneOf(fewValues(atLeast), spreadValues(atLeast))
}

// From the definitions, in quadratic time.
func slowQn(x []float64) float64 {
	var d []float64
	for i := range x {
		for j := range i {
			d = append(d, math.Abs(x[i]-x[j]))
		}
	}
	slices.Sort(d)
	h := len(x)/2 + 1
	return QnConsistency * qnFactor(len(x)) * d[h*(h-1)/2-1]
}

func slowSn(x []float64) float64 {
	var inner []float64
	for _, a := range x {
		var d []float64
		for _, b := range x {
			d = append(d, math.Abs(a-b))
		}
		slices.Sort(d)
		inner = append(inner, d[len(d)/2])
	}
	slices.Sort(inner)
	return SnConsistency * snFactor(len(x)) * inner[(len(x)+1)/2-1]
}

func slowMedcouple(x []float64) float64 {
	m, h := Median(x), []float64{}
	ties := 0
	for _, v := range x {
		if v == m {
			ties++
		}
	}
	seenLow := 0
	for _, a := range x {
		if a > m {
			continue
		}
		if a == m {
			seenLow++
		}
		seenHigh := 0
		for _, b := range x {
			if b < m {
				continue
			}
			if b == m {
				seenHigh++
			}
			if a == m && b == m {
				h = append(h, float64(sign(seenLow+seenHigh-1-ties)))
				continue
			}
			h = append(h, ((b-m)-(m-a))/(b-a))
		}
	}
	slices.Sort(h)
	if len(x) > meanOfMiddles || len(h)%2 == 1 {
		return h[(len(h)-1)/2]
	}
	return (h[len(h)/2-1] + h[len(h)/2]) / 2
}

func sign(i int) int {
	switch {
	case i < 0:
		return -1
	case i > 0:
		return 1
	}
	return 0
}

func TestFastEqualsSlow(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := anyValues(2).Draw(t, "x")
		if len(x) > 2 && rapid.Bool().Draw(t, "long") {
			x = append(x, append(x, x...)...)
		}
		if got, want := Qn(x), slowQn(x); got != want {
			t.Fatalf("Qn = %v, want %v", got, want)
		}
		if got, want := Sn(x), slowSn(x); got != want {
			t.Fatalf("Sn = %v, want %v", got, want)
		}
		// h is computed from a quotient: a few roundings apart.
		if got, want := Medcouple(x), slowMedcouple(x); math.Abs(got-want) > 1e-12 {
			t.Fatalf("medcouple = %v, want %v", got, want)
		}
	})
}

func TestScalesByHand(t *testing.T) {
	for _, c := range []struct {
		x      []float64
		qn, sn float64
	}{
		{nil, math.NaN(), math.NaN()},
		{[]float64{1, math.NaN()}, math.NaN(), math.NaN()},
		{[]float64{7}, 0, 0},
		{[]float64{3, 3, 3, 3, 9}, 0, 0},
		// One distance, 2; the high median of {0, 2} is 2 for both.
		{[]float64{1, 3}, QnConsistency * .399356 * 2, SnConsistency * .743 * 2},
		// Distances 1 1 2 3 4 5 ...: five values, h = 3, rank 3 of
		// {1,1,2,2,3,4,5,...}; see the sorted list below.
		// 0 1 2 4 8 -> 1 1 2 2 3 4 4 6 7 8, rank 3 is 2.
		// High medians: 0:{0,1,2,4,8}->2 1:{1,0,1,3,7}->1 2:{2,1,0,2,6}->2
		// 4:{4,3,2,0,4}->3 8:{8,7,6,4,0}->6; the low median of 2 1 2 3 6 is 2.
		{[]float64{8, 0, 4, 1, 2}, QnConsistency * .84401 * 2, SnConsistency * 1.351 * 2},
	} {
		// 1e-15: the products are formed in another order.
		if got := Qn(c.x); !same(got, c.qn) && math.Abs(got-c.qn) > 1e-15*c.qn {
			t.Errorf("Qn(%v) = %v, want %v", c.x, got, c.qn)
		}
		if got := Sn(c.x); !same(got, c.sn) && math.Abs(got-c.sn) > 1e-15*c.sn {
			t.Errorf("Sn(%v) = %v, want %v", c.x, got, c.sn)
		}
	}
}

func TestMedcoupleByHand(t *testing.T) {
	for _, c := range []struct {
		x    []float64
		want float64
	}{
		{nil, math.NaN()},
		{[]float64{1, math.Inf(1)}, math.NaN()},
		{[]float64{5}, 0},
		{[]float64{5, 5, 5}, 0},
		{[]float64{1, 2, 3}, 0},
		// m = 1: lower {0, 1}, upper {1, 3}. h(0,1) = -1, h(0,3) = (2-1)/3,
		// h(1,1) = 0, h(1,3) = 1; the median of -1, 0, 1/3, 1 is 1/6.
		{[]float64{0, 1, 3}, 1.0 / 6},
		{[]float64{0, -1, -3}, -1.0 / 6},
	} {
		// 1e-15: one or two roundings.
		if got := Medcouple(c.x); !same(got, c.want) && math.Abs(got-c.want) > 1e-15 {
			t.Errorf("medcouple of %v = %v, want %v", c.x, got, c.want)
		}
	}
}

// The factors make each scale estimate the standard deviation of normal data;
// the samples are quantile-free draws from a fixed seed.
func TestScalesAreConsistent(t *testing.T) {
	const samples = 2000
	rng := NewSubsets(3)
	for _, n := range []int{5, 12, 13, 20, 41} {
		var qn, sn float64
		for range samples {
			x := normals(rng, n)
			qn += Qn(x) / samples
			sn += Sn(x) / samples
		}
		// The factors make the means 1; with scales of relative standard
		// deviation below 0.7 the mean of 2000 has one below 0.016: 4 of them.
		if math.Abs(qn-1) > 0.064 || math.Abs(sn-1) > 0.064 {
			t.Errorf("n = %d: mean Qn %.3f, mean Sn %.3f, want 1", n, qn, sn)
		}
	}
}

// normals draws standard normals by the polar method of Box and Muller.
func normals(rng *Subsets, n int) []float64 {
	x := make([]float64, n)
	for i := range x {
		u := (float64(rng.IntN(1<<30)) + 0.5) / (1 << 30)
		v := float64(rng.IntN(1<<30)) / (1 << 30)
		x[i] = math.Sqrt(-2*math.Log(u)) * math.Cos(2*math.Pi*v)
	}
	return x
}

func TestScaleRelations(t *testing.T) {
	scales := map[string]func([]float64) float64{"MAD": MAD, "Qn": Qn, "Sn": Sn}
	rapid.Check(t, func(t *rapid.T) {
		x := anyValues(3).Draw(t, "x")
		shift := rapid.Float64Range(-100, 100).Draw(t, "shift")
		factor := rapid.Float64Range(-4, 4).Filter(func(v float64) bool { return math.Abs(v) > 0.01 }).Draw(t, "factor")
		moved := affine(x, factor, shift)
		for name, scale := range scales {
			// Rounding of shifted values: a few units in the last place of 5000.
			if got, want := scale(moved), math.Abs(factor)*scale(x); math.Abs(got-want) > 1e-11 {
				t.Fatalf("%s of %v x + %v is %v, want %v", name, factor, shift, got, want)
			}
			turned := slices.Clone(x)
			slices.Reverse(turned)
			if got, want := scale(turned), scale(x); got != want {
				t.Fatalf("%s depends on the order: %v, %v", name, got, want)
			}
		}
	})
}

func TestMedcoupleRelations(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		// Whole numbers: the shift and the factor are exact, so ties stay ties.
		x := fewValues(1).Draw(t, "x")
		shift := float64(rapid.IntRange(-50, 50).Draw(t, "shift"))
		factor := float64(rapid.IntRange(1, 9).Draw(t, "factor"))
		mc := Medcouple(x)
		if got := Medcouple(affine(x, factor, shift)); math.Abs(got-mc) > 1e-12 {
			t.Fatalf("medcouple moved from %v to %v", mc, got)
		}
		if got := Medcouple(affine(x, -factor, shift)); math.Abs(got+mc) > 1e-12 {
			t.Fatalf("the mirror image has medcouple %v, want %v", got, -mc)
		}
		if math.Abs(mc) > 1 {
			t.Fatalf("medcouple %v is outside [-1, 1]", mc)
		}
	})
}

// A quarter of the data moved far away leaves the scales of the rest in place.
func TestScalesBearAQuarterOfWildValues(t *testing.T) {
	x := normals(NewSubsets(5), 100)
	wild := slices.Clone(x)
	for i := range 25 {
		wild[4*i] = 1e300
	}
	for name, scale := range map[string]func([]float64) float64{"MAD": MAD, "Qn": Qn, "Sn": Sn} {
		// Normal theory: MAD, Sn and Qn grow by 1.4 to 2.1 when a quarter of
		// the data goes to infinity; 3 leaves room for 100 values.
		if got, clean := scale(wild), scale(x); got > 3*clean || got < clean/2 {
			t.Errorf("%s went from %v to %v", name, clean, got)
		}
	}
}

func TestAdjustedBoxplotEdges(t *testing.T) {
	if _, err := AdjustedBoxplot(nil); err == nil {
		t.Error("no values: want an error")
	}
	if _, err := AdjustedBoxplot([]float64{1, math.NaN()}); err == nil {
		t.Error("NaN: want an error")
	}
	box, err := AdjustedBoxplot([]float64{2, 2, 2, 2, 5})
	if err != nil || box.Outliers != 1 || !box.Outlier[4] || len(box.Warnings) != 2 {
		t.Errorf("four equal values and one other: got %+v, %v", box, err)
	}
	// Tukey's hinges of 1..7 are 2.5 and 5.5; no skewness, so the fences are
	// 1.5 x 3 further out.
	box, err = AdjustedBoxplot([]float64{7, 6, 5, 4, 3, 2, 1})
	if err != nil || box.LowerFence != -2 || box.UpperFence != 10 || box.Outliers != 0 {
		t.Errorf("1..7: got %+v, %v", box, err)
	}
}

func affine(x []float64, factor, shift float64) []float64 {
	out := make([]float64, len(x))
	for i, v := range x {
		out[i] = factor*v + shift
	}
	return out
}

func BenchmarkQn(b *testing.B) {
	x := normals(NewSubsets(1), 120)
	b.ReportAllocs()
	for b.Loop() {
		Qn(x)
	}
}

func BenchmarkMedcouple(b *testing.B) {
	x := normals(NewSubsets(1), 120)
	b.ReportAllocs()
	for b.Loop() {
		Medcouple(x)
	}
}
