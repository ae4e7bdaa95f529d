package balance

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/mat"
	"pgregory.net/rapid"
)

// The band must solve and invert as a dense matrix does.
func TestBandAgainstDense(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 12).Draw(t, "n")
		entry := rapid.Float64Range(-1, 1)
		dense := mat.NewSymDense(n, nil)
		var b band
		b.reset(n)
		for i := range n {
			for j := max(i-width, 0); j <= i; j++ {
				v := entry.Draw(t, "entry")
				if i == j {
					v = math.Abs(v) + 2*width + 0.5 // dominant, so positive definite
				}
				dense.SetSym(i, j, v)
				b.row(i)[width-(i-j)] = v
			}
		}
		right := make([]float64, n)
		for i := range right {
			right[i] = entry.Draw(t, "right")
		}
		var factor mat.Cholesky
		if !factor.Factorize(dense) {
			t.Fatal("the dense matrix is not positive definite")
		}
		var want mat.VecDense
		if err := factor.SolveVecTo(&want, mat.NewVecDense(n, append([]float64(nil), right...))); err != nil {
			t.Fatal(err)
		}
		var inverse mat.SymDense
		if err := factor.InverseTo(&inverse); err != nil {
			t.Fatal(err)
		}
		b.factorize()
		b.solve(right)
		diagonal := make([]float64, n)
		b.diagonal(diagonal)
		for i := range n {
			// The condition number is below 10, so a dozen digits must agree.
			if math.Abs(right[i]-want.AtVec(i)) > 1e-12 || math.Abs(diagonal[i]-inverse.At(i, i)) > 1e-12 {
				t.Fatalf("place %d: solution %v, want %v; inverse %v, want %v", i, right[i], want.AtVec(i), diagonal[i], inverse.At(i, i))
			}
		}
	})
}
