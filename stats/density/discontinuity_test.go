package density

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func normals(rng *rand.Rand, n int, mean float64) []float64 {
	x := make([]float64, n)
	for i := range x {
		x[i] = mean + rng.NormFloat64()
	}
	return x
}

// Shuffling changes nothing; other units change densities by their factor and T
// not at all; a mirrored sample mirrors the answer (no value lies at the cutoff).
func TestDiscontinuityRelations(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 3))
		x := normals(rng, 400, rapid.Float64Range(-0.5, 0.5).Draw(t, "mean"))
		unit := math.Exp(rapid.Float64Range(-10, 10).Draw(t, "ln unit"))
		shift := rapid.Float64Range(-100, 100).Draw(t, "shift")
		before := slices.Clone(x)
		a, err := DetectDiscontinuity(x, 0, DiscontinuityOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(x, before) {
			t.Fatal("input changed")
		}
		shuffled := slices.Clone(x)
		rng.Shuffle(len(x), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		s, _ := DetectDiscontinuity(shuffled, 0, DiscontinuityOptions{})
		if s.T != a.T || s.LogP != a.LogP || s.LeftH != a.LeftH {
			t.Fatalf("shuffling changed T from %g to %g", a.T, s.T)
		}
		moved, mirrored := make([]float64, len(x)), make([]float64, len(x))
		for i, v := range x {
			moved[i], mirrored[i] = (v+shift)*unit, -v
		}
		m, err := DetectDiscontinuity(moved, shift*unit, DiscontinuityOptions{})
		// Shifts by 100 cost two digits of the distances to the cutoff.
		if err != nil || math.Abs(m.T-a.T) > 1e-6*(1+math.Abs(a.T)) || math.Abs(m.Left*unit/a.Left-1) > 1e-6 {
			t.Fatalf("T %g, in other units %g; left %g and %g (%v)", a.T, m.T, a.Left, m.Left*unit, err)
		}
		r, err := DetectDiscontinuity(mirrored, 0, DiscontinuityOptions{})
		if err != nil || math.Abs(r.T+a.T) > 1e-6*(1+math.Abs(a.T)) || math.Abs(r.RightH/a.LeftH-1) > 1e-6 {
			t.Fatalf("T %g, mirrored %g (%v)", a.T, r.T, err)
		}
	})
}

func TestDiscontinuityUnderTheNullAndWithAJump(t *testing.T) {
	rng := rand.New(rand.NewPCG(17, 1))
	const reps = 600
	size, covered, power := 0.0, 0.0, 0.0
	for range reps {
		x := normals(rng, 1000, 0.3)
		a, err := DetectDiscontinuity(x, 0, DiscontinuityOptions{})
		if err != nil {
			t.Fatal(err)
		}
		size += share(a.LogP <= math.Log(0.05), reps)
		covered += share(a.Low <= 0 && 0 <= a.High, reps)
		// Half of the values just right of the cutoff move to the left.
		for i, v := range x {
			if v > 0 && v < 0.4 && rng.Float64() < 0.5 {
				x[i] = -v
			}
		}
		b, err := DetectDiscontinuity(x, 0, DiscontinuityOptions{})
		if err != nil {
			t.Fatal(err)
		}
		power += share(b.LogPBelow <= math.Log(0.05), reps)
	}
	// Binomial standard error of a size of .05 is .009; the published test is
	// known to be a little conservative in small samples.
	if size < 0.02 || size > 0.075 || math.Abs(covered+size-1) > 1e-9 {
		t.Errorf("size %.3f, covered %.3f", size, covered)
	}
	if power < 0.6 {
		t.Errorf("power %.3f with half of the values moved", power)
	}
}

func TestDiscontinuityErrorsAndWarnings(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 5))
	x := normals(rng, 300, 0)
	if _, err := DetectDiscontinuity(x, 2.9, DiscontinuityOptions{}); err == nil {
		t.Error("hardly a value above the cutoff: no error")
	}
	if _, err := DetectDiscontinuity(x, 0, DiscontinuityOptions{Order: 9}); err == nil {
		t.Error("order 9: no error")
	}
	if _, err := DetectDiscontinuity(x, 0, DiscontinuityOptions{LeftH: 1}); err == nil {
		t.Error("one bandwidth: no error")
	}
	for i := range x {
		x[i] = math.Round(x[i]*4) / 4
	}
	if _, err := DetectDiscontinuity(x, 0, DiscontinuityOptions{LeftH: 0.3, RightH: 0.3}); err == nil {
		t.Error("two distinct values within the bandwidth: no error")
	}
	x = append(x, math.NaN(), math.Inf(-1))
	a, err := DetectDiscontinuity(x, 0, DiscontinuityOptions{LeftH: 3, RightH: 3})
	if err != nil || len(a.Warnings) != 1 || a.Skipped != 2 {
		t.Errorf("ties: warnings %v, skipped %d (%v)", a.Warnings, a.Skipped, err)
	}
}
