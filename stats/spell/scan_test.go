package spell

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"counterflow/stats/tail"
)

// noise is an AR(1) with normal or Student t innovations of unit marginal
// variance, or nearly so.
func noise(r *rand.Rand, n int, phi float64, df int) []float64 {
	x := make([]float64, n)
	state := 0.0
	for i := range x {
		z := r.NormFloat64()
		if df > 0 {
			chi := 0.0
			for range df {
				v := r.NormFloat64()
				chi += v * v
			}
			z /= math.Sqrt(chi / float64(df))
		}
		state = phi*state + math.Sqrt(1-phi*phi)*z
		x[i] = state
	}
	return x
}

// V(n) = n + 2 sum (n-k) phi^k, worked out for n = 3 and phi = 1/2: 3 + 2 (2/2 +
// 1/4) = 5.5; without autocorrelation it is n.
func TestLongRunByHand(t *testing.T) {
	if v := longRun(0.5, 3); v[1] != 1 || v[2] != 3 || v[3] != 5.5 {
		t.Errorf("V = %v, want 0 1 3 5.5", v)
	}
	if v := longRun(0, 10); v[10] != 10 {
		t.Errorf("V(10) = %g", v[10])
	}
}

// Levels 0 and 1 with deviations of +-0.1 by turns: the stretch, its shift and
// its error follow by hand.
func TestScanByHand(t *testing.T) {
	x := make([]float64, 40)
	for i := range x {
		x[i] = 0.1 * float64(1-2*(i%2))
		if i >= 20 && i < 26 {
			x[i]++
		}
	}
	s := Scan(x, Settings{Longest: 10})
	if s.Start != 20 || s.End != 25 || s.Seen != 6 || s.Known != 40 {
		t.Fatalf("stretch %d to %d of %d, %d known", s.Start, s.End, s.Seen, s.Known)
	}
	if math.Abs(s.Shift-1) > 1e-12 || math.Abs(s.Centre) > 0.1+1e-12 {
		t.Errorf("shift %g about %g, want 1 about 0", s.Shift, s.Centre)
	}
	// Deviations alternate, so phi is at its bound of 0, one standard error above
	// which is 1/sqrt(40); the spread about the two levels has 38 degrees of freedom.
	phi := 1 / math.Sqrt(40)
	v := longRun(phi, 40)
	sd := math.Sqrt(v[6]/36+v[34]/(34*34)) * 0.1 * math.Sqrt(40.0/38)
	if s.Phi != 0 || math.Abs(s.SE-sd) > 1e-12 {
		t.Errorf("phi %g, SE %g, want 0 and %g", s.Phi, s.SE, sd)
	}
	// 38 starts for three steps down to 31 for ten, less none: sum of 41 - length.
	stretches := 0
	for length := 3; length <= 10; length++ {
		stretches += 41 - length
	}
	if s.Stretches != stretches {
		t.Errorf("%d stretches, want %d", s.Stretches, stretches)
	}
	// z is cut at four robust deviations: the values of the stretch lie 4 MAD above.
	search := math.Min(float64(stretches), 1.5*40*math.Log(40))
	if want := math.Log(search) + tail.StudentLogSF(s.Z, 38); math.Abs(s.LogP-want) > 1e-9 {
		t.Errorf("log p %g, want %g", s.LogP, want)
	}
	if z, logP := s.Beside(0); z != s.Z || logP != s.LogP {
		t.Errorf("an error of nothing beside it changes %g, %g to %g, %g", s.Z, s.LogP, z, logP)
	}
	if z, _ := s.Beside(1); z > 1 {
		t.Errorf("a shift of 1 with an error of 1 beside it has z %g", z)
	}
}

func TestMeasureDoesNotSearch(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	x := noise(r, 60, 0, 0)
	for i := 10; i < 16; i++ {
		x[i] += 3
	}
	found, given := Scan(x, Settings{}), Measure(x, 10, 15, Settings{})
	if found.Start != 10 || found.End != 15 {
		t.Fatalf("found %d to %d", found.Start, found.End)
	}
	if given.Shift != found.Shift || given.LogP >= found.LogP {
		t.Errorf("shift %g and log p %g where the stretch was given, %g and %g where it was found", given.Shift, given.LogP, found.Shift, found.LogP)
	}
	if m := Measure(x, 70, 80, Settings{}); m.Found() {
		t.Errorf("a stretch outside the series was measured: %+v", m)
	}
}

func TestTooShort(t *testing.T) {
	nan := math.NaN()
	for _, x := range [][]float64{nil, {1, 2, 3}, slices.Repeat([]float64{nan}, 50)} {
		if s := Scan(x, Settings{}); s.Found() || s.LogP != 0 || len(s.Warnings) != 1 {
			t.Errorf("%v: %+v", x, s)
		}
	}
	// A constant has no stretch above the rest that means anything.
	if s := Scan(make([]float64, 50), Settings{}); s.LogP != 0 {
		t.Errorf("a constant has log p %g", s.LogP)
	}
}

// Adding a constant, changing the unit, and writing unknown values between the
// known ones at the ends must not change what is found.
func TestScanRelations(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "seed"), 1))
		x := noise(r, 48, 0.3, 4)
		for i := 20; i < 28; i++ {
			x[i] += rapid.Float64Range(0, 5).Draw(rt, "shift")
		}
		before := slices.Clone(x)
		s := Scan(x, Settings{Phi: 0.3, PhiWeight: 20})
		if !slices.Equal(x, before) {
			rt.Fatal("the series was changed")
		}
		moved, scaled := slices.Clone(x), slices.Clone(x)
		for i := range x {
			moved[i] += 64 // exact in binary for values of this size, up to rounding
			scaled[i] *= 4
		}
		m, c := Scan(moved, Settings{Phi: 0.3, PhiWeight: 20}), Scan(scaled, Settings{Phi: 0.3, PhiWeight: 20})
		if m.Start != s.Start || m.End != s.End || math.Abs(m.LogP-s.LogP) > 1e-6*(1+math.Abs(s.LogP)) {
			rt.Errorf("moved: %+v, was %+v", m, s)
		}
		if c.Start != s.Start || c.Shift != 4*s.Shift || c.LogP != s.LogP {
			rt.Errorf("scaled: %+v, was %+v", c, s)
		}
		padded := append(append([]float64{math.NaN(), math.NaN()}, x...), math.NaN())
		p := Scan(padded, Settings{Phi: 0.3, PhiWeight: 20, Longest: 24})
		if p.Start != s.Start+2 || p.LogP != s.LogP {
			rt.Errorf("padded: %+v, was %+v", p, s)
		}
	})
}

// Under the null the chance of p at most alpha is at most alpha for white noise
// and for AR(1) errors whose phi is known roughly, with two Monte Carlo standard
// errors; heavy tails may double it.
func TestNullSize(t *testing.T) {
	const reps = 1500
	for _, c := range []struct {
		phi    float64
		df     int
		excess float64 // size allowed over alpha
	}{{0, 0, 1}, {0.3, 0, 1}, {0.5, 0, 1}, {0, 4, 1}, {0.3, 4, 2}} {
		r := rand.New(rand.NewPCG(11, uint64(100*c.phi)+uint64(c.df)))
		hits := [2]int{}
		alphas := [2]float64{0.05, 0.01}
		for range reps {
			s := Scan(noise(r, 60, c.phi, c.df), Settings{Phi: c.phi, PhiWeight: 45})
			for i, alpha := range alphas {
				if s.LogP <= math.Log(alpha) {
					hits[i]++
				}
			}
		}
		for i, alpha := range alphas {
			size := float64(hits[i]) / reps
			t.Logf("phi %.1f, t with %d: size at %g is %.4f", c.phi, c.df, alpha, size)
			if size > c.excess*alpha+2*math.Sqrt(alpha/reps) {
				t.Errorf("phi %.1f, t with %d: size at %g is %.4f", c.phi, c.df, alpha, size)
			}
		}
	}
}

// Of a stretch in the middle and one at the end, the end alone is looked at, at
// the price of the few stretches that reach it: 3 to 10 steps are eight.
func TestAtEndByHand(t *testing.T) {
	x := make([]float64, 40)
	for i := range x {
		x[i] = 0.1 * float64(1-2*(i%2))
		if i >= 10 && i < 16 || i >= 35 {
			x[i]++
		}
	}
	x[39] = math.NaN() // the last known value counts
	s := Scan(x, Settings{Longest: 10, AtEnd: true})
	if s.Start != 35 || s.End != 38 || s.Stretches != 8 || math.Abs(s.Compared-2*math.Pow(8, 0.6)) > 1e-12 {
		t.Errorf("%d to %d, %d stretches as %g", s.Start, s.End, s.Stretches, s.Compared)
	}
	if want := math.Log(s.Compared) + tail.StudentLogSF(s.Z, s.DF); math.Abs(s.LogP-want) > 1e-9 {
		t.Errorf("log p %g, want %g", s.LogP, want)
	}
	if all := Scan(x, Settings{Longest: 10}); all.Start != 10 {
		t.Errorf("among all stretches the longer one is best, not %d to %d", all.Start, all.End)
	}
}

// A stretch 12 scales above the rest counts 4 of them towards z, or 8 where values
// may lie twice as wide; one wild value of three makes no stretch either way.
func TestWide(t *testing.T) {
	x := make([]float64, 40)
	for i := range x {
		x[i] = 0.1 * float64(1-2*(i%2))
		if i >= 30 && i < 33 {
			x[i] += 12 * 0.1 * 1.4826
		}
	}
	narrow, wide := Measure(x, 30, 32, Settings{}), Measure(x, 30, 32, Settings{Wide: 2})
	if ratio := wide.Z / narrow.Z; math.Abs(ratio-2) > 0.05 || wide.SE != narrow.SE || wide.Shift != narrow.Shift {
		t.Errorf("z of %g and %g", narrow.Z, wide.Z)
	}
	x[31], x[32] = x[1], x[2]
	narrow, wide = Measure(x, 30, 32, Settings{}), Measure(x, 30, 32, Settings{Wide: 2})
	if wide.Z > 2.5 || wide.Z > wide.Shift/wide.SE+1e-9 {
		t.Errorf("one wild value of three has z %g, and %g where it may lie wide", narrow.Z, wide.Z)
	}
}

// The price of a look at the end holds what it promises: under the null p is at
// most alpha with probability at most alpha, two Monte Carlo errors allowed.
func TestNullSizeAtEnd(t *testing.T) {
	const reps = 3000
	for _, phi := range []float64{0, 0.3} {
		r := rand.New(rand.NewPCG(12, uint64(100*phi)))
		hits := [2]int{}
		alphas := [2]float64{0.05, 0.01}
		for range reps {
			s := Scan(noise(r, 60, phi, 0), Settings{Phi: phi, PhiWeight: 45, Longest: 12, AtEnd: true, Wide: 2, Clip: 5})
			for i, alpha := range alphas {
				if s.LogP <= math.Log(alpha) {
					hits[i]++
				}
			}
		}
		for i, alpha := range alphas {
			size := float64(hits[i]) / reps
			t.Logf("phi %.1f: size at %g is %.4f", phi, alpha, size)
			if size > alpha+2*math.Sqrt(alpha/reps) || i == 0 && size < alpha/10 {
				t.Errorf("phi %.1f: size at %g is %.4f", phi, alpha, size)
			}
		}
	}
}
