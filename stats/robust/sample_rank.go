package robust

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/floats"
)

// collinear is the share of a column's length below which what the columns
// before it leave unexplained counts as rounding.
const collinear = 1e-9

// checkRank names the first column that the ones before it determine. Rows
// far out are shrunk first, which leaves the rank alone: otherwise the rounding
// of one wild row could hide all the others.
func (s *sample) checkRank() error {
	shrink := constant(s.n, 1)
	for _, c := range s.cols {
		for i, v := range c {
			shrink[i] = max(shrink[i], math.Abs(v))
		}
	}
	var basis [][]float64
	for j, c := range s.cols {
		rest := slices.Clone(c)
		floats.Div(rest, shrink)
		size := floats.Norm(rest, 2)
		for range 2 { // once more for the rounding of the first pass
			for _, b := range basis {
				floats.AddScaled(rest, -floats.Dot(b, rest), b)
			}
		}
		left := floats.Norm(rest, 2)
		if !(left > collinear*size) {
			return fmt.Errorf("column %d is a sum of the columns before it (or constant beside an intercept): leave it out", s.callerColumn(j))
		}
		floats.Scale(1/left, rest)
		basis = append(basis, rest)
	}
	return nil
}

func (s *sample) callerColumn(j int) int {
	if s.intercept {
		return j - 1
	}
	return j
}
