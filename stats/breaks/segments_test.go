package breaks

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// nile is the annual flow of the Nile at Aswan 1871-1970, 10^8 m^3 (Cobb 1978,
// Biometrika 65, table 1; R's datasets::Nile).
var nile = []float64{
	1120, 1160, 963, 1210, 1160, 1160, 813, 1230, 1370, 1140,
	995, 935, 1110, 994, 1020, 960, 1180, 799, 958, 1140,
	1100, 1210, 1150, 1250, 1260, 1220, 1030, 1100, 774, 840,
	874, 694, 940, 833, 701, 916, 692, 1020, 1050, 969,
	831, 726, 456, 824, 702, 1120, 1100, 832, 764, 821,
	768, 845, 864, 862, 698, 845, 744, 796, 1040, 759,
	781, 865, 845, 944, 984, 897, 822, 1010, 771, 676,
	649, 846, 812, 742, 801, 1040, 860, 874, 848, 890,
	744, 749, 838, 1050, 918, 986, 797, 923, 975, 815,
	1020, 906, 901, 1170, 912, 746, 919, 718, 714, 740,
}

// Reference: R 4.2.2, strucchange::breakpoints(Nile ~ 1), Fstats and
// changepoint::cpt.mean (data/reference_R.json of the reference material): last
// year of the first level is the 28th, 1898.
func TestNile(t *testing.T) {
	settings := SegmentSettings{}
	for name, find := range map[string]func([]float64, SegmentSettings) (Segmentation, error){
		"PELT": PELT, "AMOC": AMOC, "binary segmentation": BinarySegmentation,
	} {
		got, err := find(nile, settings)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(got.Starts, []int{28}) {
			t.Errorf("%s: starts %v, want 28", name, got.Starts)
		}
		// The cost is in units of the variance of the series.
		near(t, name+" RSS", got.Cost*got.Variance, 1597457.19444444, 1e-12)
		near(t, name+" first mean", got.Means[0], 1097.75, 1e-12)
	}
	none, err := PELT(nile, SegmentSettings{Penalty: Manual, Charge: 1e6})
	if err != nil {
		t.Fatal(err)
	}
	whole := none.Cost * none.Variance
	near(t, "RSS without a break", whole, 2835156.75, 1e-12)
	one, err := PELT(nile, settings)
	if err != nil {
		t.Fatal(err)
	}
	part := one.Cost * one.Variance
	near(t, "BIC without a break", strucchangeBIC(whole, 100, 0), 1318.2418068762, 1e-10)
	near(t, "BIC with one", strucchangeBIC(part, 100, 1), 1270.0837357396, 1e-10)
	near(t, "supF", (whole-part)/(part/98), 75.9297694275, 1e-10)
}

// strucchangeBIC counts a mean per segment, the breaks and the variance.
func strucchangeBIC(rss float64, n, breaks int) float64 {
	k := float64(2*breaks + 2)
	return float64(n)*(math.Log(rss)+1-math.Log(float64(n))+math.Log(2*math.Pi)) + k*math.Log(float64(n))
}

// TestPartitionIsExact compares the pruned search with plain dynamic
// programming, for sums of squares, with MBIC's lengths, and for lines.
func TestPartitionIsExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		// Noise about a wandering level: rapid's own numbers are mostly tiny.
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		y := make([]float64, rapid.IntRange(2, 50).Draw(t, "n"))
		level := 0.0
		for i := range y {
			if r.IntN(6) == 0 {
				level += 3 * r.NormFloat64()
			}
			y[i] = level + r.NormFloat64()
		}
		shortest := rapid.IntRange(1, 6).Draw(t, "shortest")
		if len(y) < shortest {
			return
		}
		charge := 8 * r.Float64()
		kind := rapid.SampledFrom([]string{"mean", "length", "line"}).Draw(t, "kind")
		var starts []int
		var cost func(i, j int) float64
		if kind == "line" {
			f, err := newTrendFit(y, TrendSettings{Shortest: max(2, shortest)})
			if err != nil {
				t.Fatal(err)
			}
			f.noise = .02 + .3*r.Float64()
			f.segment()
			starts, shortest, charge = f.starts, f.Shortest, 2*f.charge
			cost = func(i, j int) float64 {
				level, line, _ := f.fits(i, j)
				return math.Min(level/f.noise, line/f.noise+f.charge)
			}
		} else {
			g, err := newSegmenter(y, SegmentSettings{})
			if err != nil {
				t.Fatal(err)
			}
			slack := 0.0
			if g.length = kind == "length"; g.length {
				slack = math.Log(float64(len(y)))
			}
			cost = g.of
			starts = partition(len(y), shortest, charge, slack, cost)
		}
		got := totalCost(starts, len(y), charge, cost)
		if want := leastCost(len(y), shortest, charge, cost); got > want+1e-9*(1+math.Abs(want)) {
			t.Fatalf("pruned search costs %g, exact %g", got, want)
		}
	})
}

func totalCost(starts []int, n int, charge float64, cost func(i, j int) float64) float64 {
	total, from := 0.0, 0
	for _, to := range append(slices.Clone(starts), n) {
		total += cost(from, to) + charge
		from = to
	}
	return total - charge
}

func leastCost(n, shortest int, charge float64, cost func(i, j int) float64) float64 {
	best := make([]float64, n+1)
	best[0] = -charge
	for j := 1; j <= n; j++ {
		best[j] = math.Inf(1)
		for i := 0; i+shortest <= j; i++ {
			best[j] = math.Min(best[j], best[i]+cost(i, j)+charge)
		}
	}
	return best[n]
}

// Shifting, scaling and reflecting a series leaves its segments.
func TestSegmentsEquivariant(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		y := rapid.SliceOfN(rapid.Float64Range(-5, 5), 20, 60).Draw(t, "y")
		for i := len(y) / 2; i < len(y); i++ {
			y[i] += 8
		}
		a := rapid.Float64Range(-1000, 1000).Draw(t, "shift")
		b := rapid.SampledFrom([]float64{.25, 8, -1, -2}).Draw(t, "scale")
		moved := make([]float64, len(y))
		for i := range y {
			moved[i] = a + b*y[i]
		}
		for name, find := range map[string]func([]float64) []int{
			"pelt":   func(y []float64) []int { s, _ := PELT(y, SegmentSettings{}); return s.Starts },
			"trends": func(y []float64) []int { s, _ := Trends(y, TrendSettings{}); return s.Starts },
		} {
			if p, q := find(y), find(moved); !slices.Equal(p, q) {
				t.Fatalf("%s: %v, after moving %v", name, p, q)
			}
		}
	})
}

func TestSegmentsEdges(t *testing.T) {
	constant := make([]float64, 30)
	s, err := PELT(constant, SegmentSettings{})
	if err != nil || len(s.Starts) > 0 || !s.Warnings.Has(Constant) {
		t.Errorf("constant series: %+v, %v", s, err)
	}
	tr, err := Trends(constant, TrendSettings{Period: 12})
	if err != nil || len(tr.Starts) > 0 || !tr.Warnings.Has(Constant) {
		t.Errorf("constant series: %+v, %v", tr, err)
	}
	gap := slices.Clone(nile)
	gap[3], gap[50] = math.NaN(), math.NaN()
	if s, err = PELT(gap, SegmentSettings{}); err != nil || !slices.Equal(s.Starts, []int{28}) || s.Rows != 98 || !s.Warnings.Has(HasMissing) {
		t.Errorf("with gaps: %+v, %v", s, err)
	}
	if !math.IsNaN(gap[3]) {
		t.Error("the series was changed")
	}
	if _, err = PELT([]float64{1, math.NaN()}, SegmentSettings{}); err == nil {
		t.Error("one observation was segmented")
	}
	if _, err = PELT(nile, SegmentSettings{Penalty: 9}); err == nil {
		t.Error("an unknown penalty was taken")
	}
	if _, err = Trends(nile, TrendSettings{Shortest: 1}); err == nil {
		t.Error("lines through one point were allowed")
	}
}

// A broken line with a season: slopes, break and season come back.
func TestTrendsPlanted(t *testing.T) {
	y := make([]float64, 120)
	for i := range y {
		y[i] = 100 + float64(i) + 10*math.Sin(2*math.Pi*float64(i)/12) + .1*math.Mod(float64(i)*7.3, 1)
		if i >= 70 {
			y[i] = 60 - 1.5*float64(i-70) + 10*math.Sin(2*math.Pi*float64(i)/12) + .1*math.Mod(float64(i)*7.3, 1)
		}
	}
	got, err := Trends(y, TrendSettings{Period: 12})
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(got.Starts, []int{70}) || !got.Converged {
		t.Fatalf("starts %v, converged %v", got.Starts, got.Converged)
	}
	// The noise of 0.1 and the season's own means leave about a hundredth.
	for i, want := range []float64{1, -1.5} {
		if math.Abs(got.Slopes[i]-want) > .01 {
			t.Errorf("slope %d is %g, want %g", i, got.Slopes[i], want)
		}
	}
	if math.Abs(got.Season[3]-10) > .3 {
		t.Errorf("season of month 3 is %g, want 10", got.Season[3])
	}
}
