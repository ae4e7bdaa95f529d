package simulate

import (
	"math"
	"testing"
)

func TestDrawsAreAddressed(t *testing.T) {
	a, b := seed(1).from("noise", 7, 8), seed(1).from("noise", 7, 8)
	for range 5 {
		if a.next() != b.next() {
			t.Fatal("one address gives two streams")
		}
	}
	seen := map[uint64]string{}
	for name, r := range map[string]random{
		"seed": seed(2).from("noise", 7, 8), "stream": seed(1).from("noises", 7, 8), "key": seed(1).from("noise", 7, 9),
		"order": seed(1).from("noise", 8, 7), "fewer": seed(1).from("noise", 7), "first": seed(1).from("noise", 7, 8),
	} {
		v := r.next()
		if other, ok := seen[v]; ok {
			t.Errorf("%s and %s give the same stream", name, other)
		}
		seen[v] = name
	}
}

// Tolerances are four standard errors of the sample figures at n draws.
func TestDistributions(t *testing.T) {
	const n = 200_000
	r := seed(3).from("test")
	var sum, squares, beyond, uniform, gumbel float64
	for range n {
		h := r.heavy()
		sum += h
		squares += h * h
		if math.Abs(h) > 3 {
			beyond++
		}
		uniform += r.uniform()
		gumbel += r.gumbel()
	}
	check := func(what string, got, want, tolerance float64) {
		if math.Abs(got-want) > tolerance {
			t.Errorf("%s: %g, want %g within %g", what, got, want, tolerance)
		}
	}
	check("mean of heavy", sum/n, 0, 4/math.Sqrt(n))
	// The fourth moment of t with 4 degrees of freedom is infinite, so its
	// variance converges slowly.
	check("variance of heavy", squares/n, 1, 0.1)
	// P(|t4| > 3 sqrt 2) = 1 - sin(a)(1 + cos^2(a)/2) with tan(a) = 3 sqrt(2)/2.
	sin := math.Sqrt(18.0 / 22)
	p := 1 - sin*(1+4.0/22/2)
	check("share beyond 3", beyond/n, p, 4*math.Sqrt(p/n))
	check("mean of uniform", uniform/n, 0.5, 4/math.Sqrt(12*n))
	check("mean of gumbel", gumbel/n, 0.57721566, 4*math.Pi/math.Sqrt(6*n))
}

func TestWanderHasItsSpreadAndMemory(t *testing.T) {
	const n = 100_000
	r := seed(4).from("test")
	path := r.wander(n, 0.7, 2)
	var squares, lagged float64
	for i := 1; i < n; i++ {
		squares += path[i] * path[i]
		lagged += path[i] * path[i-1]
	}
	// The standard error of an autocorrelation is about sqrt(1-rho^2)/sqrt(n).
	if rho := lagged / squares; math.Abs(rho-0.7) > 4*0.72/math.Sqrt(n) {
		t.Errorf("autocorrelation %g, want 0.7", rho)
	}
	if sd := math.Sqrt(squares / n); math.Abs(sd-2) > 0.1 {
		t.Errorf("spread %g, want 2", sd)
	}
}

func TestLineErrorsHaveTheirHabits(t *testing.T) {
	s := preset(t, "small")
	s.Months = 240
	w, err := Make(s)
	if err != nil {
		t.Fatal(err)
	}
	var rho, declared, n float64
	for _, l := range w.lanes[:300] {
		k := lineKey{l.good, 0, l.from, l.to}
		h := w.habit(k)
		if h.rho < 0 || h.rho > s.Autocorrelation {
			t.Fatalf("rho %g is outside 0 to %g", h.rho, s.Autocorrelation)
		}
		weight, _ := w.errors(k, h)
		var squares, lagged float64
		for m := 1; m < len(weight); m++ {
			squares += (weight[m] - h.level) * (weight[m] - h.level)
			lagged += (weight[m] - h.level) * (weight[m-1] - h.level)
		}
		rho, declared, n = rho+lagged/squares, declared+h.rho, n+1
	}
	// Mean over 300 lines of 240 months; the standard error is below 0.005.
	if math.Abs(rho/n-declared/n) > 0.02 {
		t.Errorf("mean autocorrelation %g, drawn %g", rho/n, declared/n)
	}
}
