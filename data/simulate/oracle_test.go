package simulate

import (
	"math"
	"testing"
)

// The variance of the difference of two means, by hand.
func TestQuadraticByHand(t *testing.T) {
	for _, c := range []struct {
		months     []int
		start, end int
		rho, want  float64
	}{
		{[]int{1, 2, 3, 4, 5, 6}, 5, 6, 0, 1.0/2 + 1.0/4}, // independent: 1/n + 1/m
		{[]int{1, 2}, 2, 2, 0.5, 2 - 2*0.5},               // Var(a-b) = 2 - 2 rho
		{[]int{1, 3}, 3, 3, 0.5, 2 - 2*0.25},              // two months apart
		// One against the mean of two before it, all adjacent: 1 + (2+2 rho)/4 -
		// (rho + rho^2) at rho = 0.5.
		{[]int{1, 2, 3}, 3, 3, 0.5, 1 + 3.0/4 - 0.75},
	} {
		inside := 0.0
		for _, m := range c.months {
			if m >= c.start && m <= c.end {
				inside++
			}
		}
		if got := quadratic(c.months, c.start, c.end, inside, float64(len(c.months))-inside, c.rho); math.Abs(got-c.want) > 1e-12 {
			t.Errorf("%v: %g, want %g", c.months, got, c.want)
		}
	}
}

// z rises with the share, falls with the noise and with its memory, and is zero
// where nobody spoke.
func TestOracleBehaves(t *testing.T) {
	s := preset(t, "small").Only(Noise)
	s.Planted = map[Kind]int{MissingExport: 1}
	z := func(change func(*World, *planned)) float64 {
		w, err := Make(s)
		if err != nil {
			t.Fatal(err)
		}
		change(w, w.plan[0])
		return w.zScore(w.plan[0])
	}
	usual := z(func(*World, *planned) {})
	if !(usual > 0) {
		t.Fatalf("z is %g", usual)
	}
	if more := z(func(_ *World, p *planned) { p.share = 1 - (1-p.share)*(1-p.share) }); math.Abs(more-2*usual) > 1e-9*usual {
		t.Errorf("twice the log shift gives z %g, want %g", more, 2*usual)
	}
	if noisy := z(func(w *World, _ *planned) { w.Settings.NoiseScale *= 2 }); math.Abs(noisy-usual/2) > 1e-9*usual {
		t.Errorf("twice the noise gives z %g, want %g", noisy, usual/2)
	}
	if bound := z(func(w *World, _ *planned) { w.Settings.Autocorrelation = 0.7 }); bound >= usual {
		t.Errorf("more memory gives z %g, before %g", bound, usual)
	}
	silent := z(func(w *World, p *planned) { w.economies[p.from].annual = true })
	if silent != 0 {
		t.Errorf("z %g of a case that nobody could see", silent)
	}
}

// The oracle's z is that of the declared files: over many cases the measured
// contrast of ln(M/X) scatters about the planted shift by one standard error.
func TestOracleMatchesDeclarations(t *testing.T) {
	s := preset(t, "small").Only(Noise)
	s.Lanes, s.Months = 1500, 60
	s.Planted = map[Kind]int{MissingExport: 60}
	w, err := Make(s)
	if err != nil {
		t.Fatal(err)
	}
	var sum, squares, n float64
	for _, p := range w.plan {
		l := p.lanes[0]
		x, m := lineKey{l.good, 0, l.from, l.to}, lineKey{l.good, 1, l.to, l.from}
		xe, _ := w.errors(x, w.habit(x))
		me, _ := w.errors(m, w.habit(m))
		var inside, outside, in, out float64
		for t := lead; t < w.horizon; t++ {
			g := me[t] - xe[t]
			if t >= p.start && t <= p.end {
				inside, in = inside+g, in+1
			} else {
				outside, out = outside+g, out+1
			}
		}
		shift := -math.Log1p(-p.share)
		error := (inside/in - outside/out) / (shift / w.zScore(p))
		sum, squares, n = sum+error, squares+error*error, n+1
	}
	// 60 standardised errors: mean 0 within 4/sqrt(60), mean square 1 within
	// 4 sqrt(3/60) for tails somewhat heavier than normal.
	if mean := sum / n; math.Abs(mean) > 0.52 {
		t.Errorf("mean standardised error %g", mean)
	}
	if v := squares / n; math.Abs(v-1) > 0.9 {
		t.Errorf("mean squared standardised error %g, want about 1", v)
	}
}
