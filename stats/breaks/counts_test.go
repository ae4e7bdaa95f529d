package breaks

import (
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

// With three counts and a margin of one the two positions and all paths can be
// written down: total 2 over three months has 9 equally likely paths.
func TestCountsByHand(t *testing.T) {
	got, err := Counts([]float64{0, 0, 2}, CountSettings{Margin: 1, Poisson: true})
	if err != nil {
		t.Fatal(err)
	}
	// Splitting after the second month: 2 [2 ln 2 - 2 ln(2/3)] = 4 ln 3. The
	// mirror image 2,0,0 has the same ratio; no other path reaches it.
	within(t, "ratio", got.LR, 4*math.Log(3), 1e-12)
	within(t, "p", math.Exp(got.LogP), 2.0/9, 1e-12)
	if got.Position != 2 || got.Before != 0 || got.After != 2 || !math.IsInf(got.LogRatio, 1) || !got.Exact {
		t.Errorf("%+v", got)
	}
	within(t, "zeros", got.Zeros, 2.0/3, 1e-15)
}

// coalmines are the years of British coal-mining disasters by year 1851-1962
// (Jarrett 1979, Biometrika 66, 191-193): the rate falls about 1890.
var coalmines = []float64{
	4, 5, 4, 1, 0, 4, 3, 4, 0, 6, 3, 3, 4, 0, 2, 6, 3, 3, 5, 4, 5, 3, 1, 4, 4, 1, 5, 5,
	3, 4, 2, 5, 2, 2, 3, 4, 2, 1, 3, 2, 2, 1, 1, 1, 1, 3, 0, 0, 1, 0, 1, 1, 0, 0, 3, 1,
	0, 3, 2, 2, 0, 1, 1, 1, 0, 1, 0, 1, 0, 0, 0, 2, 1, 0, 0, 0, 1, 1, 0, 2, 3, 3, 1, 1,
	2, 1, 1, 1, 1, 2, 4, 2, 0, 0, 1, 4, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 0, 1, 0, 1,
}

func TestCountsCoalmines(t *testing.T) {
	got, err := Counts(coalmines, CountSettings{})
	if err != nil {
		t.Fatal(err)
	}
	// Known from many analyses: the change lies between 1887 and 1895, from
	// about 3 a year to about 1.
	if year := 1851 + got.Position; year < 1887 || year > 1895 {
		t.Errorf("change in %d", year)
	}
	if math.Abs(got.Before-3.1) > .2 || math.Abs(got.After-.9) > .15 || got.LogP > math.Log(1e-8) {
		t.Errorf("%+v", got)
	}
}

// The exact tail against simulation, and against the bound for large counts.
func TestCountsTail(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 0))
	y := make([]float64, 40)
	const draws = 2000
	reached := map[float64]int{.05: 0, .2: 0}
	for range draws {
		for i := range y {
			y[i] = poisson(r, .7)
		}
		got, err := Counts(y, CountSettings{Poisson: true})
		if err != nil {
			t.Fatal(err)
		}
		for level := range reached {
			if got.LogP <= math.Log(level) {
				reached[level]++
			}
		}
	}
	for level, n := range reached {
		// An exact test of a discrete statistic stays at or below its level;
		// four standard errors of the simulation are allowed.
		size, se := float64(n)/draws, math.Sqrt(level*(1-level)/draws)
		if size > level+4*se || size < level/2 {
			t.Errorf("size %.4f at %.2f", size, level)
		}
	}
	for i := range y {
		y[i] = poisson(r, 20)
		if i >= 20 {
			y[i] = poisson(r, 30)
		}
	}
	f, err := newCountFit(y, CountSettings{})
	if err != nil {
		t.Fatal(err)
	}
	_, lr := f.best()
	if exact, bound := f.exactLogP(lr), f.bridgeLogP(lr); math.Abs(exact-bound) > .2 {
		t.Errorf("ln p exact %.3f, bound %.3f", exact, bound)
	}
}

// Overdispersed counts under no change: the plug-in dispersion must not make
// the test much too bold.
func TestCountsOverdispersed(t *testing.T) {
	const draws, level = 600, .05
	bold, naive := 0, 0
	for i := range draws {
		r := rand.New(rand.NewPCG(12, uint64(i)))
		y := make([]float64, 60)
		for i := range y {
			y[i] = poisson(r, -1.5*math.Log(1-r.Float64())) // exponential mixing: alpha 1
		}
		nb, err := Counts(y, CountSettings{})
		if err != nil {
			t.Fatal(err)
		}
		p, err := Counts(y, CountSettings{Poisson: true})
		if err != nil {
			t.Fatal(err)
		}
		bold += int(indicator(nb.LogP <= math.Log(level)))
		naive += int(indicator(p.LogP <= math.Log(level)))
	}
	t.Logf("size at %.2f: negative binomial %.3f, Poisson %.3f", level, float64(bold)/draws, float64(naive)/draws)
	if size := float64(bold) / draws; size > 2*level || size < level/4 {
		t.Errorf("size %.3f at %.2f", size, level)
	}
}

func poisson(r *rand.Rand, mean float64) float64 {
	limit, prod, n := math.Exp(-mean), 1.0, -1.0
	for prod > limit {
		prod *= 1 - r.Float64()
		n++
	}
	return n
}

// Reversing time mirrors the answer.
func TestCountsReverse(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		y := rapid.SliceOfN(rapid.Float64Range(0, 6), 14, 40).Draw(t, "y")
		back := make([]float64, len(y))
		for i := range y {
			y[i] = math.Floor(y[i])
			back[len(y)-1-i] = y[i]
		}
		a, err := Counts(y, CountSettings{Poisson: true})
		if err != nil {
			t.Fatal(err)
		}
		b, err := Counts(back, CountSettings{Poisson: true})
		if err != nil {
			t.Fatal(err)
		}
		if math.Abs(a.LR-b.LR) > 1e-9*(1+a.LR) || math.Abs(a.LogP-b.LogP) > 1e-6*(1-a.LogP) {
			t.Fatalf("%+v\n%+v", a, b)
		}
	})
}

func TestCountsEdges(t *testing.T) {
	got, err := Counts(make([]float64, 30), CountSettings{})
	if err != nil || got.Position != -1 || got.LogP != 0 || !got.Warnings.Has(Constant) {
		t.Errorf("all zero: %+v, %v", got, err)
	}
	for _, bad := range [][]float64{{1, 2}, {0, .5, 1, 2, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1}, {-1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}} {
		if _, err := Counts(bad, CountSettings{}); err == nil {
			t.Errorf("%v was accepted", bad)
		}
	}
	y := append([]float64(nil), coalmines...)
	y[10] = math.NaN()
	if got, err = Counts(y, CountSettings{}); err != nil || got.Rows != len(y)-1 || !got.Warnings.Has(HasMissing) || 1851+got.Position < 1887 {
		t.Errorf("with a gap: %+v, %v", got, err)
	}
}

func TestTransform(t *testing.T) {
	nan := math.NaN()
	for _, c := range []struct {
		y    []float64
		want Transform
	}{
		{[]float64{1, 2, 3, nan}, Logs},
		{[]float64{0, 2, 3, 4, 5, 6, 7, 8, 9, 10}, Asinh}, // 10%
		{[]float64{0, 0, 3, 4, nan, nan}, AsCounts},       // half of those seen
		{[]float64{nan, 0}, AsCounts},
		{nil, AsCounts},
	} {
		if got := TransformFor(c.y); got != c.want {
			t.Errorf("%v: %d, want %d", c.y, got, c.want)
		}
	}
	got := Logs.Apply([]float64{1, math.E, 0, -1, nan})
	if got[0] != 0 || got[1] != 1 || !math.IsInf(got[2], -1) || !math.IsNaN(got[3]) || !math.IsNaN(got[4]) {
		t.Errorf("logs %v", got)
	}
	got = Asinh.Apply([]float64{0, 2, 4, 6})
	if got[0] != 0 || got[2] != math.Asinh(1) {
		t.Errorf("asinh %v, want the median 4 as unit", got)
	}
}
