package adjust

import (
	"fmt"
	"math"
	"slices"
)

// Variance is the variance of number i after the adjustment, if weights were
// inverse variances and errors independent: the i-th diagonal of
// V - V A' (A V A')^-1 A V over the binding constraints (Stone, Champernowne and
// Meade 1942). Never above 1/Weight; zero for a fixed number. Inequalities that
// bind count as equalities, which understates the variance near the bound. It
// costs one system of conjugate gradients and needs a solved problem.
func (s Solution) Variance(i int) (float64, error) {
	if s.Status != Solved {
		return 0, fmt.Errorf("the problem ended with %q: no variances without a solution", s.Status)
	}
	if i < 0 || i >= len(s.X) {
		return 0, fmt.Errorf("number %d is outside the %d adjusted", i, len(s.X))
	}
	// The i-th column of that matrix is the least change of V e_i that makes
	// every binding row zero.
	column := make([]float64, len(s.X))
	column[i] = s.rows.variance[i]
	homogeneous := s.rows
	homogeneous.bound = make([]float64, len(s.rows.bound))
	homogeneous.rescale(column)
	binding := slices.DeleteFunc(slices.Clone(s.Binding), func(r int) bool { return s.rows.diagonal[r] == 0 })
	v := solver{rows: homogeneous, start: column, tolerance: 1e-9, multiplier: make([]float64, len(s.rows.bound))}
	_, at := v.solveAsEqualities(binding)
	return math.Min(math.Max(at[i], 0), column[i]), nil
}
