package breaks

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// planted draws monthly data with a trend, a season and a shift of 8 at 40.
func planted(seed uint64, n int) []float64 {
	r := rand.New(rand.NewPCG(seed, 77))
	y := make([]float64, n)
	for i := range y {
		t := float64(i + 1)
		y[i] = 20 + .1*t + 3*math.Cos(2*math.Pi*t/12) + r.NormFloat64()
		if i >= 40 {
			y[i] += 8
		}
	}
	return y
}

var plantedSettings = LTSSettings{Model: Model{Period: 12, Harmonics: 1, Trend: 1}, Quick: true}

// A quarter of the observations at infinity's door leave the fit where it is.
func TestLTSBreakdown(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		y := planted(rapid.Uint64Range(0, 1e6).Draw(t, "seed"), 80)
		size := rapid.SampledFrom([]float64{1e3, -1e6, 1e12}).Draw(t, "size")
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "where"), 0))
		wild := slices.Clone(y)
		moved := r.Perm(80)[:20]
		for _, i := range moved {
			wild[i] += size * (1 + r.Float64())
		}
		settings := plantedSettings
		settings.First, settings.Last = 30, 50
		fit, err := LTS(wild, settings)
		if err != nil {
			t.Fatal(err)
		}
		if math.Abs(fit.Shift-8) > 4 || fit.Scale > 4 || untouched(fit.Position, 40, moved) > 2 {
			t.Fatalf("shift %g (%g) at %d, scale %g", fit.Shift, fit.ShiftSE, fit.Position, fit.Scale)
		}
		for _, i := range moved {
			if !slices.Contains(fit.Outliers, i) {
				t.Fatalf("wild observation %d not flagged among %v", i, fit.Outliers)
			}
		}
	})
}

// untouched is how many observations between two positions are not among the wild:
// where all are, one position explains the data as well as the other.
func untouched(a, b int, wild []int) int {
	n := 0
	for i := min(a, b); i < max(a, b); i++ {
		if !slices.Contains(wild, i) {
			n++
		}
	}
	return n
}

func TestLTSEquivariant(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		y := planted(rapid.Uint64Range(0, 1e6).Draw(t, "seed"), 60)
		scale := rapid.SampledFrom([]float64{.25, -1, 1024}).Draw(t, "scale")
		moved := make([]float64, len(y))
		for i, v := range y {
			moved[i] = scale * v
		}
		settings := plantedSettings
		settings.Amplitude = rapid.IntRange(0, 1).Draw(t, "amplitude")
		settings.First, settings.Last = 36, 44
		a, err := LTS(y, settings)
		if err != nil {
			t.Fatal(err)
		}
		b, err := LTS(moved, settings)
		if err != nil {
			t.Fatal(err)
		}
		if a.Position != b.Position || !slices.Equal(a.Outliers, b.Outliers) {
			t.Fatalf("position %d and %d, outliers %v and %v", a.Position, b.Position, a.Outliers, b.Outliers)
		}
		// The scales are powers of two, or minus one: only the search's order of
		// additions may differ.
		if math.Abs(a.Shift*scale-b.Shift) > 1e-6*math.Abs(b.Shift) || math.Abs(a.Scale*math.Abs(scale)-b.Scale) > 1e-6*b.Scale {
			t.Fatalf("shift %g and %g, scale %g and %g", a.Shift, b.Shift, a.Scale, b.Scale)
		}
	})
}

func TestLTSGaps(t *testing.T) {
	y := planted(3, 96)
	y[60] = 500
	whole, err := LTS(y, plantedSettings)
	if err != nil {
		t.Fatal(err)
	}
	y[10], y[41], y[70] = math.NaN(), math.NaN(), math.Inf(-1)
	fit, err := LTS(y, plantedSettings)
	if err != nil {
		t.Fatal(err)
	}
	if fit.Rows != 93 || fit.Position != whole.Position || math.Abs(fit.Shift-whole.Shift) > whole.ShiftSE {
		t.Errorf("rows %d, position %d, shift %g; whole %g at %d", fit.Rows, fit.Position, fit.Shift, whole.Shift, whole.Position)
	}
	if !slices.Contains(fit.Outliers, 60) || !math.IsNaN(fit.Residuals[41]) || math.IsNaN(fit.Fitted[41]) {
		t.Errorf("outliers %v, residual %g and fit %g at a gap", fit.Outliers, fit.Residuals[41], fit.Fitted[41])
	}
	if !fit.Warnings.Has(HasMissing) || !fit.Warnings.Has(Infinite) {
		t.Errorf("warnings %v", fit.Warnings.List())
	}
}

// Two shifts that make a temporary drop come out as two.
func TestLTSSeveral(t *testing.T) {
	y := planted(5, 120)
	for i := 80; i < 120; i++ {
		y[i] -= 11
	}
	got, err := LTSSeveral(y, plantedSettings, .01, 5)
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Shifts) != 2 || got.Shifts[0].Position != 40 || got.Shifts[1].Position != 80 || math.IsNaN(got.Stopped) {
		t.Fatalf("%+v, stopped at ln p %g", got.Shifts, got.Stopped)
	}
	for i, want := range []float64{8, -11} {
		if s := got.Shifts[i]; math.Abs(s.Size-want) > 3*s.SE || !(s.SE > 0) || s.LogP > math.Log(.01) {
			t.Errorf("shift %d: %+v, want %g", i, s, want)
		}
	}
	flat := make([]float64, 120)
	r := rand.New(rand.NewPCG(8, 8))
	for i := range flat {
		flat[i] = r.NormFloat64()
	}
	if got, err = LTSSeveral(flat, plantedSettings, .001, 5); err != nil || len(got.Shifts) != 0 || got.Fit.Position != -1 {
		t.Errorf("no shift: %+v, %v", got.Shifts, err)
	}
	if _, err = LTSSeveral(y, plantedSettings, 0, 5); err == nil {
		t.Error("a level of 0 was accepted")
	}
}

func TestLTSErrors(t *testing.T) {
	y := planted(1, 60)
	for name, s := range map[string]LTSSettings{
		"keep":       {Keep: .3},
		"confidence": {Confidence: 2},
		"positions":  {First: 30, Last: 20},
		"known":      {Known: []int{60}},
		"amplitude":  {Amplitude: 1},
		"season":     {Model: Model{Period: 4, Harmonics: 5}},
	} {
		if _, err := LTS(y, s); err == nil {
			t.Errorf("bad %s was accepted", name)
		}
	}
	if _, err := LTS(y[:8], plantedSettings); err == nil {
		t.Error("eight observations were fitted")
	}
	exact := make([]float64, 40)
	for i := range exact {
		if i >= 20 {
			exact[i] = 1
		}
	}
	exact[3] = 5
	fit, err := LTS(exact, LTSSettings{Model: Model{}})
	if err != nil || fit.Position != 20 || !slices.Equal(fit.Outliers, []int{3}) {
		t.Errorf("exact fit: %+v, %v", fit, err)
	}
}
