package elementary

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// edges are where formulas change, and what is no ordinary number.
var edges = []float64{0, math.Copysign(0, -1), 1, -1, 2, 0.5, math.Sqrt2, math.Inf(1), math.Inf(-1), math.NaN(), math.MaxFloat64,
	math.SmallestNonzeroFloat64, 0x1p-1022, 0x1p-1023, 1 + 1.0/128, 1 - 1e-16, 708, -708, 709, -709, 709.9, -745, 1e-300, -1e-300}

// The bounds are those that the functions state.
func TestFunctionsAreAsExactAsTheySay(t *testing.T) {
	for _, x := range edges {
		compareLog(t, x)
		compareExp(t, x)
	}
	rapid.Check(t, func(t *rapid.T) {
		compareLog(t, rapid.Float64().Draw(t, "argument"))
		compareLog(t, rapid.Float64Range(0.9, 1.1).Draw(t, "near one"))
		compareExp(t, rapid.Float64Range(-760, 760).Draw(t, "power"))
		compareExp(t, rapid.Float64Range(-0.1, 0.1).Draw(t, "small power"))
	})
}

type reporter interface {
	Helper()
	Errorf(format string, args ...any)
}

func compareLog(t reporter, x float64) {
	t.Helper()
	got, want := Log(x), math.Log(x)
	if !same(got, want) && !(math.Abs(got-want) <= max(1e-12, 1e-15*math.Abs(want))) {
		t.Errorf("ln %g = %.17g, want %.17g", x, got, want)
	}
	list := []float64{x, 2}
	if LogInPlace(list); !same(list[0], got) || list[1] != Log(2) {
		t.Errorf("ln of a list of %g and 2 = %v, want %.17g and %.17g", x, list, got, Log(2))
	}
}

func compareExp(t reporter, x float64) {
	t.Helper()
	got, want := Exp(x), math.Exp(x)
	if !same(got, want) && !(math.Abs(got-want) <= 1e-12*want) {
		t.Errorf("exp %g = %.17g, want %.17g", x, got, want)
	}
	list := []float64{x, 1}
	if ExpInPlace(list); !same(list[0], got) || list[1] != Exp(1) {
		t.Errorf("exp of a list of %g and 1 = %v, want %.17g and %.17g", x, list, got, Exp(1))
	}
}

func same(a, b float64) bool { return a == b || math.IsNaN(a) && math.IsNaN(b) }

func BenchmarkLog(b *testing.B) {
	for name, f := range map[string]func(float64) float64{"Log": Log, "math": math.Log} {
		b.Run(name, func(b *testing.B) {
			x, sum := 1.0, 0.0
			for b.Loop() {
				sum += f(x)
				x += 0.37
			}
			sink = sum
		})
	}
}

func BenchmarkExp(b *testing.B) {
	for name, f := range map[string]func(float64) float64{"Exp": Exp, "math": math.Exp} {
		b.Run(name, func(b *testing.B) {
			x, sum := -20.0, 0.0
			for b.Loop() {
				sum += f(x)
				if x += 0.37; x > 20 {
					x = -20
				}
			}
			sink = sum
		})
	}
}

var sink float64
