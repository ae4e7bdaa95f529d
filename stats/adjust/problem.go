package adjust

import (
	"fmt"
	"math"
	"slices"
)

// Relation is the sense of a constraint.
type Relation int

const (
	Equal   Relation = iota // sum = bound
	AtMost                  // sum <= bound
	AtLeast                 // sum >= bound
)

// A Constraint is one sparse linear row: sum over k of Coef[k] x[Index[k]],
// compared with Bound. Indices may not repeat.
type Constraint struct {
	Index    []int
	Coef     []float64
	Relation Relation
	Bound    float64
}

// Problem asks for the x that minimises sum Weight (x - Start)^2 under the
// constraints. Weight is an inverse variance, in one over the square of the
// units of Start: large for numbers that are well known, +Inf for a number that
// may not move.
type Problem struct {
	Start       []float64
	Weight      []float64
	Constraints []Constraint
}

// check reports the first thing that makes the problem meaningless.
func (p Problem) check() error {
	if len(p.Weight) != len(p.Start) {
		return fmt.Errorf("%d weights for %d numbers", len(p.Weight), len(p.Start))
	}
	for i, v := range p.Start {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return fmt.Errorf("number %d is %g: give every number a start, with a small weight if it is a guess", i, v)
		}
		if !(p.Weight[i] > 0) {
			return fmt.Errorf("weight of number %d is %g: give weights above zero, +Inf for a fixed number", i, p.Weight[i])
		}
	}
	for r, c := range p.Constraints {
		if err := c.check(len(p.Start)); err != nil {
			return fmt.Errorf("constraint %d: %w", r, err)
		}
	}
	return nil
}

func (c Constraint) check(n int) error {
	if len(c.Index) != len(c.Coef) {
		return fmt.Errorf("%d indices for %d coefficients", len(c.Index), len(c.Coef))
	}
	if math.IsNaN(c.Bound) || math.IsInf(c.Bound, 0) {
		return fmt.Errorf("bound is %g: leave the constraint out instead", c.Bound)
	}
	for k, i := range c.Index {
		if i < 0 || i >= n {
			return fmt.Errorf("index %d is outside the %d numbers", i, n)
		}
		if v := c.Coef[k]; math.IsNaN(v) || math.IsInf(v, 0) {
			return fmt.Errorf("coefficient of number %d is %g", i, v)
		}
	}
	sorted := slices.Sorted(slices.Values(c.Index))
	if len(slices.Compact(sorted)) != len(c.Index) {
		return fmt.Errorf("a number is named twice: add its coefficients")
	}
	return nil
}

// rows is the problem in the form the solvers use: every inequality turned to
// "at most", variances in place of weights.
type rows struct {
	index    [][]int
	coef     [][]float64
	bound    []float64
	equal    []bool
	variance []float64 // of each number, zero if fixed
	// diagonal is a V a', the square of how far a row can reach; zero if all its
	// numbers are fixed.
	diagonal []float64
	// scale is the size against which the violation of a row is judged: that of
	// its terms at the start, and at least 1e-5 of that of the whole problem, so
	// that a row of zeros is not asked for more digits than float64 has.
	scale []float64
}

func newRows(p Problem) rows {
	r := rows{variance: make([]float64, len(p.Start))}
	for i, w := range p.Weight {
		r.variance[i] = 1 / w
	}
	for _, c := range p.Constraints {
		sign := 1.0
		if c.Relation == AtLeast {
			sign = -1
		}
		coef := make([]float64, len(c.Coef))
		diagonal := 0.0
		for k, i := range c.Index {
			coef[k] = sign * c.Coef[k]
			diagonal += coef[k] * coef[k] * r.variance[i]
		}
		r.index = append(r.index, c.Index)
		r.coef = append(r.coef, coef)
		r.bound = append(r.bound, sign*c.Bound)
		r.equal = append(r.equal, c.Relation == Equal)
		r.diagonal = append(r.diagonal, diagonal)
	}
	r.rescale(p.Start)
	return r
}

// rescale sets scale from the numbers given.
func (r *rows) rescale(start []float64) {
	r.scale = make([]float64, len(r.bound))
	weight := make([]float64, len(r.bound))
	whole := 0.0
	for _, v := range start {
		whole = math.Max(whole, math.Abs(v))
	}
	for row, b := range r.bound {
		r.scale[row] = math.Abs(b)
		for k, i := range r.index[row] {
			weight[row] += math.Abs(r.coef[row][k])
			r.scale[row] += math.Abs(r.coef[row][k] * start[i])
		}
		if weight[row] > 0 {
			whole = math.Max(whole, math.Abs(b)/weight[row])
		}
	}
	for row := range r.scale {
		r.scale[row] += 1e-5 * weight[row] * whole
	}
}

// dot is a_r x.
func (r rows) dot(row int, x []float64) float64 {
	sum := 0.0
	for k, i := range r.index[row] {
		sum += r.coef[row][k] * x[i]
	}
	return sum
}

// push subtracts V a_r' times step from x.
func (r rows) push(row int, step float64, x []float64) {
	for k, i := range r.index[row] {
		x[i] -= r.variance[i] * r.coef[row][k] * step
	}
}

// violation is by how much a row is broken, in its own units.
func (r rows) violation(row int, x []float64) float64 {
	v := r.dot(row, x) - r.bound[row]
	if r.equal[row] {
		return math.Abs(v)
	}
	return math.Max(0, v)
}

// worst is the row broken most against its scale; -1 if none is broken.
func (r rows) worst(x []float64) (row int, relative float64) {
	row = -1
	for k := range r.bound {
		if v := r.violation(k, x); v > 0 {
			if share := v / r.scale[k]; share > relative {
				row, relative = k, share
			}
		}
	}
	return row, relative
}
