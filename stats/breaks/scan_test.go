package breaks

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"gonum.org/v1/gonum/mat"
	"pgregory.net/rapid"

	"counterflow/stats/tail"
)

func mustDesign(t testing.TB, m Model) *Design {
	t.Helper()
	d, err := NewDesign(m)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// Without regressors but a mean the scan is the two-sample t test: means 0 and
// 2, within sum of squares 8 on 6 degrees of freedom.
func TestOLSByHand(t *testing.T) {
	s := mustDesign(t, Model{Length: 8, Margin: 3}).NewScanner()
	y := []float64{1, -1, 1, -1, 3, 1, 3, 1}
	got := s.OLS(y)
	if got.Position != 4 {
		t.Fatalf("position %d", got.Position)
	}
	near(t, "size", got.Size, 2, 1e-12)
	near(t, "scale", got.Scale, math.Sqrt(8.0/6), 1e-12)
	near(t, "error", got.SE, math.Sqrt(8.0/6/2), 1e-12)
	near(t, "z", got.Z, tail.ZFromLogP(tail.StudentLogSF(math.Sqrt(6), 6)), 1e-12)
}

// Every position of the shared scan against a regression of its own.
func TestOLSAgainstRegressions(t *testing.T) {
	d := mustDesign(t, Model{Length: 60, Period: 12, Harmonics: 6, Trend: 1})
	y := make([]float64, 60)
	r := rand.New(rand.NewPCG(3, 0))
	for i := range y {
		y[i] = 1e6 + 3*float64(i) + r.NormFloat64()
	}
	best, least, size := -1, math.Inf(1), 0.0
	for at := d.first; at <= d.last; at++ {
		x := d.model.regressors(d.times)
		step := make([]float64, 60)
		for i := at; i < 60; i++ {
			step[i] = 1
		}
		x = append(x, step)
		m := mat.NewDense(60, len(x), nil)
		for j, c := range x {
			m.SetCol(j, c)
		}
		var qr mat.QR
		qr.Factorize(m)
		var beta, fit mat.VecDense
		if err := qr.SolveVecTo(&beta, false, mat.NewVecDense(60, slices.Clone(y))); err != nil {
			t.Fatal(err)
		}
		fit.MulVec(m, &beta)
		rss := 0.0
		for i := range y {
			rss += (y[i] - fit.AtVec(i)) * (y[i] - fit.AtVec(i))
		}
		if rss < least {
			best, least, size = at, rss, beta.AtVec(len(x)-1)
		}
	}
	got := d.NewScanner().OLS(y)
	if got.Position != best {
		t.Errorf("position %d, want %d", got.Position, best)
	}
	// The offset of 1e6 costs the reference regression half its digits.
	near(t, "size", got.Size, size, 1e-6)
	near(t, "scale", got.Scale, math.Sqrt(least/float64(60-d.model.columns()-1)), 1e-6)
}

// Known values: T(0,a) = atan(a)/(2 pi), T(h,1) = Q(h)(1-Q(h))/2, and
// T(1, 0.5) = 0.06394281 by 20-digit quadrature (Patefield and Tandy 2000).
func TestOwenT(t *testing.T) {
	for _, a := range []float64{0, .1, .5, 1} {
		within(t, "T(0,a)", scaledOwenT(0, a), math.Atan(a)/(2*math.Pi), 1e-14)
	}
	for _, h := range []float64{.5, 1, 3, 6, 12} {
		q := tail.NormalSF(h)
		near(t, "T(h,1)", scaledOwenT(h, 1)*math.Exp(-h*h/2), q*(1-q)/2, 1e-9)
	}
}

// One statistic: the bound is the two-sided normal tail. Many independent ones:
// Hunter's bound is 2 K Q(u) less what pairs share.
func TestRiceBound(t *testing.T) {
	for _, u := range []float64{.5, 2, 5, 9, 20, 40} {
		table := newRiceTable([]float64{0})
		near(t, "single", table.bound(u), tail.NormalLogTwoSided(u), 2e-3)
		q := tail.NormalSF(u)
		if q < 1e-300 {
			continue
		}
		many := newRiceTable([]float64{0, 0, 0, 0, 0})
		near(t, "independent", math.Exp(many.bound(u)), 2*(q+4*q*(1-q)), 5e-3)
	}
}

// The bound holds, and is sharp, for the plain scan of white noise.
func TestOLSNullSize(t *testing.T) {
	d := mustDesign(t, Monthly(120))
	const n = 20000
	logp := make([]float64, n)
	spread(d, n, 31, func(i int, s *Scanner, r *rand.Rand, y []float64) {
		world{noise: normalNoise}.draw(r, y, 0, d.first, d.last)
		logp[i] = s.OLS(y).LogP
	})
	checkSizes(t, "plain scan", logp, map[float64][2]float64{.05: {.7, 1.05}, .01: {.8, 1.1}, .001: {.5, 1.5}})
}

// checkSizes compares how often each level is reached with bounds on its ratio
// to nominal, four standard errors allowed.
func checkSizes(t *testing.T, what string, logp []float64, bounds map[float64][2]float64) {
	t.Helper()
	n := float64(len(logp))
	for level, b := range bounds {
		count := 0.0
		for _, lp := range logp {
			count += indicator(lp <= math.Log(level))
		}
		ratio, slack := count/n/level, 4*math.Sqrt(1/level/n)
		t.Logf("%s: size at %g is %.3f of nominal (%.3f)", what, level, ratio, slack/4)
		if ratio < b[0]-slack || ratio > b[1]+slack {
			t.Errorf("%s: size at %g is %.3f of nominal, want %g to %g", what, level, ratio, b[0], b[1])
		}
	}
}

// The null table is made for monthly models of its lengths; p-values must hold
// between them, for other models, and for normal innovations.
func TestRobustNullSize(t *testing.T) {
	n := 3000
	if testing.Short() {
		n = 1500
	}
	for name, c := range map[string]struct {
		m     Model
		noise func(*rand.Rand) float64
	}{
		"90 months, normal":        {Monthly(90), normalNoise},
		"60 months, Student":       {Monthly(60), studentNoise},
		"no season, no trend":      {Model{Length: 100}, studentNoise},
		"full season":              {Model{Length: 120, Period: 12, Harmonics: 6, Trend: 1}, studentNoise},
		"season, no trend":         {Model{Length: 120, Period: 12, Harmonics: 2}, studentNoise},
		"quadratic trend":          {Model{Length: 120, Period: 12, Harmonics: 2, Trend: 2}, studentNoise},
		"full season, quarterlies": {Model{Length: 80, Period: 4, Harmonics: 2, Trend: 1}, normalNoise},
	} {
		d := mustDesign(t, c.m)
		logp := make([]float64, n)
		spread(d, n, 32, func(i int, s *Scanner, r *rand.Rand, y []float64) {
			world{noise: c.noise, outlying: .3}.draw(r, y, float64(i%7)/10, d.first, d.last)
			logp[i] = s.Robust(y, PhiPrior{}).LogP
		})
		checkSizes(t, name, logp, map[float64][2]float64{.5: {.7, 1.15}, .1: {.5, 1.3}, .01: {.4, 1.5}})
	}
}

// Moving a series by any multiple of the regressors and scaling it, with
// either sign, moves the answer along.
func TestScanEquivariant(t *testing.T) {
	d := mustDesign(t, Monthly(60))
	s := d.NewScanner()
	rapid.Check(t, func(t *rapid.T) {
		seed := rapid.Uint64().Draw(t, "seed")
		y := make([]float64, 60)
		world{noise: studentNoise, outlying: .5, step: rapid.Float64Range(-5, 5).Draw(t, "step")}.
			draw(rand.New(rand.NewPCG(seed, 0)), y, rapid.Float64Range(0, .8).Draw(t, "phi"), d.first, d.last)
		scale := rapid.SampledFrom([]float64{1e-6, .5, 4, 1e6, -1, -32}).Draw(t, "scale")
		moved := make([]float64, 60)
		for i := range y {
			moved[i] = scale * (y[i] + 7 - .3*float64(i) + 2*math.Sin(2*math.Pi*float64(i)/12))
		}
		for name, scan := range map[string]func([]float64) Shift{
			"ols":    s.OLS,
			"robust": func(y []float64) Shift { return s.Robust(y, PhiPrior{}) },
			"group":  func(y []float64) Shift { return s.Robust(y, PhiPrior{Mean: .3, SD: .1}) },
		} {
			a := scan(y).Clone()
			b := scan(moved).Clone()
			if a.Position != b.Position || !slices.Equal(a.Outliers, b.Outliers) || a.Refined != b.Refined {
				t.Fatalf("%s: %+v\nmoved: %+v", name, a, b)
			}
			for _, v := range [][2]float64{{a.Size * scale, b.Size}, {a.SE * math.Abs(scale), b.SE}, {a.LogP, b.LogP}, {a.Phi, b.Phi}} {
				if math.Abs(v[0]-v[1]) > 1e-6*(math.Abs(v[0])+1e-9) {
					t.Fatalf("%s: %g and %g\n%+v\n%+v", name, v[0], v[1], a, b)
				}
			}
		}
	})
}

// Wild values up to the number that is cleaned leave the shift where it is.
func TestScanBreakdown(t *testing.T) {
	d := mustDesign(t, Monthly(120))
	s := d.NewScanner()
	y := make([]float64, 120)
	world{noise: normalNoise}.draw(rand.New(rand.NewPCG(41, 0)), y, .3, d.first, d.last)
	for i := 60; i < 120; i++ {
		y[i] += 6
	}
	clean := s.Robust(y, PhiPrior{})
	for i := range 12 {
		y[10*i+3] += 1e9 * float64(1-2*(i%2))
	}
	got := s.Robust(y, PhiPrior{})
	if got.Position != 60 || math.Abs(got.Size-clean.Size) > clean.SE || got.LogP > math.Log(1e-6) {
		t.Errorf("with wild values %+v", got)
	}
	for i := range 12 {
		if !slices.Contains(got.Outliers, 10*i+3) {
			t.Errorf("wild value at %d not among the outliers %v", 10*i+3, got.Outliers)
		}
	}
}

// The short cut for complete series equals transforming and projecting.
func TestRegularShortcut(t *testing.T) {
	d := mustDesign(t, Monthly(72))
	s := d.NewScanner()
	y := make([]float64, 72)
	world{noise: studentNoise}.draw(rand.New(rand.NewPCG(5, 5)), y, .5, d.first, d.last)
	copy(s.cleaned, y)
	s.clearedOfModel()
	z := make([]float64, 71)
	for i := 0; i < len(phiGrid); i += d.stride() {
		w := &d.ar[i]
		own := arWhitening(d.model.regressors(d.times), d.times, w.phi, d.first, d.last, nil)
		own.apply(z, y)
		own.project(z)
		for j := range z {
			within(t, "cleared value", s.e[i][j], z[j], 1e-10)
		}
		near(t, "step", w.inv[20], own.inv[20], 1e-9)
	}
}

func TestScanGaps(t *testing.T) {
	d := mustDesign(t, Monthly(120))
	s := d.NewScanner()
	y := make([]float64, 120)
	world{noise: studentNoise}.draw(rand.New(rand.NewPCG(6, 6)), y, .2, d.first, d.last)
	for i := 70; i < 120; i++ {
		y[i] += 5
	}
	whole := s.Robust(y, PhiPrior{}).Clone()
	for _, i := range []int{0, 5, 6, 7, 40, 71, 90} {
		y[i] = math.NaN()
	}
	y[100] = math.Inf(1)
	before := slices.Clone(y)
	got := s.Robust(y, PhiPrior{})
	if got.Rows != 112 || !got.Warnings.Has(HasMissing) || !got.Warnings.Has(Infinite) {
		t.Errorf("%+v", got)
	}
	if abs(got.Position-whole.Position) > 2 || math.Abs(got.Size-whole.Size) > 2*whole.SE || got.LogP > math.Log(1e-3) {
		t.Errorf("with gaps %+v\nwhole %+v", got, whole)
	}
	for i := range y {
		if math.Float64bits(y[i]) != math.Float64bits(before[i]) {
			t.Fatal("the series was changed")
		}
	}
	n := 2000
	logp := make([]float64, n)
	spread(d, n, 33, func(i int, s *Scanner, r *rand.Rand, y []float64) {
		world{noise: studentNoise}.draw(r, y, float64(i%7)/10, d.first, d.last)
		for j := range 15 {
			y[(7*j+11)%120] = math.NaN()
		}
		logp[i] = s.Robust(y, PhiPrior{}).LogP
	})
	checkSizes(t, "with gaps", logp, map[float64][2]float64{.1: {.5, 1.3}, .01: {.3, 1.5}})
}

func TestScanEdges(t *testing.T) {
	s := mustDesign(t, Monthly(60)).NewScanner()
	constant := slices.Repeat([]float64{3e5}, 60)
	for name, got := range map[string]Shift{"ols": s.OLS(constant), "robust": s.Robust(constant, PhiPrior{})} {
		if got.Position != -1 || got.LogP != 0 || !math.IsNaN(got.Size) || !got.Warnings.Has(Constant) {
			t.Errorf("%s of a constant series: %+v", name, got)
		}
	}
	line := make([]float64, 60)
	for i := range line {
		line[i] = 7 + .1*float64(i)
	}
	for name, got := range map[string]Shift{"ols": s.OLS(line), "robust": s.Robust(line, PhiPrior{})} {
		if got.Position != -1 || got.LogP != 0 || !got.Warnings.Has(Constant) {
			t.Errorf("%s of a straight line: %+v", name, got)
		}
	}
	for i := 30; i < 60; i++ {
		line[i] += 4
	}
	for name, got := range map[string]Shift{"ols": s.OLS(line), "robust": s.Robust(line, PhiPrior{})} {
		if got.Position != 30 || !math.IsInf(got.LogP, -1) || math.Abs(got.Size-4) > 1e-9 || !got.Warnings.Has(ExactFit) {
			t.Errorf("%s of a clean step: %+v", name, got)
		}
	}
	r := rand.New(rand.NewPCG(1, 2))
	for i := range line {
		line[i] += 1e-9 * r.NormFloat64()
	}
	for name, got := range map[string]Shift{"ols": s.OLS(line), "robust": s.Robust(line, PhiPrior{})} {
		if got.Position != 30 || !(got.LogP < -500) || math.IsInf(got.LogP, -1) || math.IsNaN(got.SE) {
			t.Errorf("%s of a step of a billion standard deviations: %+v", name, got)
		}
	}
	if got := s.OLS(slices.Repeat([]float64{math.NaN()}, 60)); got.Rows != 0 || got.LogP != 0 || !got.Warnings.Has(TooShort) {
		t.Errorf("nothing observed: %+v", got)
	}
	short := mustDesign(t, Monthly(30)).NewScanner()
	y := make([]float64, 30)
	for i := range y {
		y[i] = math.Sin(float64(i * i))
		if i >= 15 {
			y[i] += 100
		}
	}
	if got := short.Robust(y, PhiPrior{}); got.LogP != 0 || got.Position != 15 || !got.Warnings.Has(TooShort) {
		t.Errorf("thirty observations: %+v", got)
	}
	for _, bad := range []Model{Monthly(12), {Length: 100, Trend: 4}, {Length: 100, Period: 4, Harmonics: 3}} {
		if _, err := NewDesign(bad); err == nil {
			t.Errorf("%+v was accepted", bad)
		}
	}
}

// A scanner keeps nothing of one series for the next, and allocates nothing.
func TestScannerReuse(t *testing.T) {
	d := mustDesign(t, Monthly(120))
	ys := mixture(d, 30)
	s := d.NewScanner()
	for _, y := range ys {
		s.Robust(y, PhiPrior{})
	}
	for _, y := range ys {
		a, b := s.Robust(y, PhiPrior{}).Clone(), d.NewScanner().Robust(y, PhiPrior{})
		if a.Position != b.Position || a.LogP != b.LogP || a.Size != b.Size || a.Phi != b.Phi || !slices.Equal(a.Outliers, b.Outliers) {
			t.Fatalf("used scanner %+v\nfresh scanner %+v", a, b)
		}
	}
	i := 0
	if n := testing.AllocsPerRun(100, func() { s.Robust(ys[i%30], PhiPrior{}); s.OLS(ys[i%30]); i++ }); n != 0 {
		t.Errorf("%g allocations per series", n)
	}
}

func TestNullTable(t *testing.T) {
	table := loadNulls()
	if len(table.classes) != 4 || !slices.IsSorted(table.lengths) {
		t.Fatalf("%d statistics, lengths %v", len(table.classes), table.lengths)
	}
	for key, lengths := range table.classes {
		if len(lengths) != len(table.lengths) {
			t.Fatalf("%v: %d lengths", key, len(lengths))
		}
		for l, classes := range lengths {
			for class, c := range classes {
				if len(c.level) < 5 || !(c.slope > .3 && c.slope < 2) {
					t.Errorf("%v length %d class %d: %d levels, slope %g", key, table.lengths[l], class, len(c.level), c.slope)
				}
				for i := 1; i < len(c.level); i++ {
					if c.level[i] >= c.level[i-1] || c.bound[i] >= c.bound[i-1] {
						t.Errorf("%v length %d class %d: not falling at level %d", key, table.lengths[l], class, i)
					}
				}
			}
		}
	}
	// A larger statistic never has a larger p-value.
	d := mustDesign(t, Monthly(100))
	for _, phi := range []float64{0, .13, .5, .88} {
		last := 1.0
		for z := 0.0; z < 12; z += .05 {
			p := d.logP(refined, PhiPrior{}, z, phi)
			if p > last {
				t.Errorf("phi %g, z %g: ln p rises from %g to %g", phi, z, last, p)
			}
			last = p
		}
	}
	if _, err := parseNulls("stage,prior,length,phi,level,bound,slope\nscreen,none,x,0,1,1,1\n"); err == nil {
		t.Error("a broken table was read")
	}
}

func TestGroupPrior(t *testing.T) {
	d := mustDesign(t, Monthly(120))
	s := d.NewScanner()
	var scans []Shift
	y := make([]float64, 120)
	for i := range 100 {
		world{noise: studentNoise, outlying: .3}.draw(rand.New(rand.NewPCG(9, uint64(i))), y, .4, d.first, d.last)
		scans = append(scans, s.Robust(y, PhiPrior{}).Clone())
	}
	p := GroupPrior(scans)
	// The standard error of a median of a hundred is about .09 x 1.25 / 10.
	if math.Abs(p.Mean-.4) > .04 || p.SD != narrowest {
		t.Errorf("prior %+v, want mean .4 and the narrowest spread", p)
	}
	var group [][]float64
	for i := range 100 {
		group = append(group, make([]float64, 120))
		world{noise: studentNoise, outlying: .3}.draw(rand.New(rand.NewPCG(9, uint64(i))), group[i], .4, d.first, d.last)
	}
	shifts, prior := s.Group(group)
	if want := s.Robust(group[99], prior); prior != p || len(shifts) != 100 || shifts[99].LogP != want.LogP {
		t.Errorf("group prior %+v, want %+v; last answer %+v, want %+v", prior, p, shifts[99], want)
	}
	if p := GroupPrior(scans[:5]); p != (PhiPrior{}) {
		t.Errorf("five series made the prior %+v", p)
	}
}

func TestWarningsList(t *testing.T) {
	var ws Warnings
	ws.add(Infinite)
	ws.add(TooShort)
	if got := ws.List(); !slices.Equal(got, []Warning{TooShort, Infinite}) {
		t.Errorf("%v", got)
	}
	for w := TooShort; w <= ExactFit; w <<= 1 {
		if w.String() == "" {
			t.Errorf("warning %d says nothing", w)
		}
	}
}
