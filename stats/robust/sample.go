package robust

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/floats"
)

// ErrNotFinite is returned when a response, a column or a weight holds a NaN
// or an infinity: leave such rows out, knowingly, before the fit.
var ErrNotFinite = errors.New("not a finite number: leave the row out")

// sample is a regression as the fits see it: columns (the intercept first)
// and response centred at their medians and divided by their MADs, so that
// limits on size mean the same for all data, and rows put in the order of
// their values, so that the order of the caller's rows cannot matter.
type sample struct {
	n, p       int
	intercept  bool
	order      []int     // position in the sample -> row of the caller
	root       []float64 // what weighting multiplied each position by; nil means 1
	unitWeight float64   // root of the weight that root 1 stands for
	cols       [][]float64
	y          []float64
	center     []float64 // by column; that of the response last
	scale      []float64
}

// newSample checks, orders, standardises and weights. columns exclude the
// intercept; weights nil means that all are 1.
func newSample(columns [][]float64, y, weights []float64, intercept bool) (*sample, error) {
	if err := checkRows(columns, y, weights); err != nil {
		return nil, err
	}
	n := len(y)
	s := &sample{n: n, p: len(columns), intercept: intercept, order: sortedRows(columns, y, weights), unitWeight: 1}
	if intercept {
		s.p++
		s.push(constant(n, 1), 0, 1)
	}
	if s.p == 0 {
		return nil, errors.New("a regression needs a column or an intercept")
	}
	if n <= s.p {
		return nil, fmt.Errorf("%d rows for %d coefficients: a robust fit needs more rows than coefficients", n, s.p)
	}
	for _, c := range columns {
		s.standardise(c)
	}
	s.standardise(y)
	s.weight(weights)
	s.y, s.cols = s.cols[s.p], s.cols[:s.p]
	return s, s.checkRank()
}

func checkRows(columns [][]float64, y, weights []float64) error {
	for j, c := range columns {
		if len(c) != len(y) {
			return fmt.Errorf("column %d has %d rows, the response %d: make them equal", j, len(c), len(y))
		}
		if i := slices.IndexFunc(c, notFinite); i >= 0 {
			return fmt.Errorf("column %d, row %d: %w", j, i, ErrNotFinite)
		}
	}
	if i := slices.IndexFunc(y, notFinite); i >= 0 {
		return fmt.Errorf("response, row %d: %w", i, ErrNotFinite)
	}
	if weights != nil && len(weights) != len(y) {
		return fmt.Errorf("%d weights for %d rows: make them equal", len(weights), len(y))
	}
	// A row of weight 0 would count without doing anything.
	if i := slices.IndexFunc(weights, func(w float64) bool { return !(w > 0) || notFinite(w) }); i >= 0 {
		return fmt.Errorf("weight %v in row %d: give positive weights and leave out other rows", weights[i], i)
	}
	return nil
}

// weight multiplies rows by the roots of their weights, after which all have
// the same spread. Weights are brought to a median of 1, for the sake of limits
// on size.
func (s *sample) weight(weights []float64) {
	if weights == nil {
		return
	}
	middle := Median(weights)
	s.unitWeight = math.Sqrt(middle)
	s.root = make([]float64, s.n)
	for i, row := range s.order {
		s.root[i] = math.Sqrt(weights[row] / middle)
	}
	for _, c := range s.cols {
		floats.Mul(c, s.root)
	}
}

// unweight takes residuals back from weighted to plain rows.
func (s *sample) unweight(resid []float64) {
	if s.root != nil {
		floats.Div(resid, s.root)
	}
}

// part is the sample of some of its rows.
func (s *sample) part(rows []int) *sample {
	pick := func(values []float64) []float64 {
		out := make([]float64, len(rows))
		for i, row := range rows {
			out[i] = values[row]
		}
		return out
	}
	out := &sample{n: len(rows), p: s.p, intercept: s.intercept, y: pick(s.y)}
	for _, c := range s.cols {
		out.cols = append(out.cols, pick(c))
	}
	return out
}

func notFinite(v float64) bool { return math.IsNaN(v) || math.IsInf(v, 0) }

func constant(n int, value float64) []float64 {
	c := make([]float64, n)
	for i := range c {
		c[i] = value
	}
	return c
}

// sortedRows orders rows by their columns, then by the response and the weight:
// adding a multiple of the columns to the response keeps the order.
func sortedRows(columns [][]float64, y, weights []float64) []int {
	order := make([]int, len(y))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		for _, c := range columns {
			if d := cmp.Compare(c[a], c[b]); d != 0 {
				return d
			}
		}
		if d := cmp.Compare(y[a], y[b]); d != 0 || weights == nil {
			return d
		}
		return cmp.Compare(weights[a], weights[b])
	})
	return order
}

func (s *sample) push(values []float64, center, scale float64) {
	s.cols = append(s.cols, values)
	s.center = append(s.center, center)
	s.scale = append(s.scale, scale)
}

// standardise adds a column in sample order. Without an intercept a shift
// would change the model, so only the size is made equal.
func (s *sample) standardise(values []float64) {
	out, center := make([]float64, s.n), 0.0
	if s.intercept {
		center = Median(values)
	}
	for i, row := range s.order {
		out[i] = values[row] - center
	}
	scale := MADAboutInPlace(slices.Clone(out), 0)
	if scale == 0 { // more than half are equal, as in a dummy column
		scale = meanAbs(out)
	}
	if scale == 0 || math.IsInf(scale, 0) {
		scale = 1
	}
	for i := range out {
		out[i] /= scale
	}
	s.push(out, center, scale)
}

func meanAbs(x []float64) float64 {
	sum := 0.0
	for _, v := range x {
		sum += math.Abs(v) / float64(len(x))
	}
	return sum
}
