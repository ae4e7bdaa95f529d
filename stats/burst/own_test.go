package burst

import (
	"math"
	"math/rand/v2"
	"testing"
)

func ownSettings() Settings {
	return Settings{Shortest: 3, Longest: 24, Seen: 0.6, Least: 20, HalfKeep: 0.5}
}

// Ten values about 0 and ten about 4, each half 1 above and below in turn: the mean
// inside stands 4 above that outside, the pooled variance is 20/18, and t is
// 4/sqrt(20/18 (1/10+1/10)) = 8.4853. Levelled, neighbours go -1, +1 in turn, so that
// phi is negative and counts as none.
func TestOneStretchByHand(t *testing.T) {
	x := make([]float64, 20)
	for i := range x {
		x[i] = float64(2*(i%2) - 1)
		if i >= 10 {
			x[i] += 4
		}
	}
	o := ByItself(x, ownSettings(), Draws{Most: 199, Enough: 20, Seed: 1})
	if o.Start != 10 || o.End != 19 || math.Abs(o.Z-8.48528137) > 1e-6 || o.Phi != 0 || o.Shift != 4 || math.Abs(o.SE-math.Sqrt(2./9)) > 1e-12 {
		t.Errorf("%+v", o)
	}
	if o.Drawn != 199 || o.AsLarge != 0 || math.Abs(o.LogP-math.Log(1./200)) > 1e-12 {
		t.Errorf("p from %d of %d is %g", o.AsLarge, o.Drawn, math.Exp(o.LogP))
	}
	at := ByItselfAt(x, 10, 19, 20, Draws{Most: 199, Enough: 20, Seed: 1})
	if at.Z != o.Z || at.LogP > o.LogP {
		t.Errorf("the same stretch without a search: %+v", at)
	}
	if low := ByItselfAt(x, 0, 9, 20, OwnDraws(1)); low.Z != 0 || low.LogP != 0 {
		t.Errorf("a stretch that lies low: %+v", low)
	}
}

func TestSeriesThatCannotBeJudged(t *testing.T) {
	short, flat := make([]float64, 19), make([]float64, 40)
	for i := range short {
		short[i] = float64(i % 3)
	}
	gaps := make([]float64, 40)
	for i := range gaps {
		gaps[i] = math.NaN()
	}
	for name, x := range map[string][]float64{"short": short, "flat": flat, "unknown": gaps, "empty": nil} {
		if o := ByItself(x, ownSettings(), OwnDraws(1)); !math.IsNaN(o.LogP) || len(o.Warnings) == 0 {
			t.Errorf("%s: %+v", name, o)
		}
	}
}

// Under an AR(1) without a stretch, p at most .05 comes in at most so many of 400
// series: the level is to hold within half as much again, .075, and three standard
// errors of a share of .05 among 300 are .038. Autocorrelation estimated from 36 values
// is in doubt itself, which is why the bound is not .05 alone.
func TestLevelByItself(t *testing.T) {
	const series, most = 300, 34
	for _, phi := range []float64{0, 0.4, 0.7} {
		for _, n := range []int{36, 72} {
			r := rand.New(rand.NewPCG(uint64(n), uint64(10*phi)))
			searched, fixed := 0, 0
			x, known := make([]float64, n), make([]float64, n)
			for range series {
				draw(x, known, phi, r)
				if o := ByItself(x, ownSettings(), Draws{Most: 99, Enough: 10, Seed: r.Uint64()}); o.LogP <= math.Log(0.05) {
					searched++
				}
				if o := ByItselfAt(x, n-12, n-1, 20, Draws{Most: 99, Enough: 10, Seed: r.Uint64()}); o.LogP <= math.Log(0.05) {
					fixed++
				}
			}
			t.Logf("phi %.1f, %d values: %.3f searched, %.3f in a fixed stretch", phi, n, float64(searched)/series, float64(fixed)/series)
			if searched > most || fixed > most {
				t.Errorf("phi %.1f, %d values: %d and %d of %d at .05, at most %d expected", phi, n, searched, fixed, series, most)
			}
		}
	}
}
