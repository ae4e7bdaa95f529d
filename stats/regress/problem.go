package regress

import (
	"errors"
	"fmt"
	"math"
)

// Column is a named regressor.
type Column struct {
	Name   string
	Values []float64
}

// Factor is a named grouping of rows; any whole numbers will do as levels.
type Factor struct {
	Name   string
	Levels []int
}

// Codes numbers values in the order in which they first appear, as levels for
// a [Factor].
func Codes[T comparable](values []T) []int {
	seen := map[T]int{}
	codes := make([]int, len(values))
	for i, v := range values {
		code, ok := seen[v]
		if !ok {
			code = len(seen)
			seen[v] = code
		}
		codes[i] = code
	}
	return codes
}

// Problem is a regression of Y on Columns, with the levels of each of Effects
// fitted too but not reported (fixed effects). The slices are only read.
type Problem struct {
	Y        []float64
	Columns  []Column
	Weights  []float64 // precision of each row, up to a factor; nil means equal; 0 leaves a row out
	Effects  []Factor
	Clusters []Factor // rows of one level have errors that go together; up to two
}

// ErrNotFinite is returned for a NaN or an infinity: leave such rows out,
// knowingly, before the fit.
var ErrNotFinite = errors.New("not a finite number: leave the row out")

func (p *Problem) check() error {
	n := len(p.Y)
	if n == 0 {
		return errors.New("no rows")
	}
	if len(p.Clusters) > 2 {
		return fmt.Errorf("%d clusters: give at most two", len(p.Clusters))
	}
	numbers := append([]Column{{"response", p.Y}}, p.Columns...)
	if p.Weights != nil {
		numbers = append(numbers, Column{"weights", p.Weights})
	}
	var errs []error
	for _, c := range numbers {
		if len(c.Values) != n {
			errs = append(errs, fmt.Errorf("%s has %d rows, the response %d: make them equal", c.Name, len(c.Values), n))
			continue
		}
		for i, v := range c.Values {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				errs = append(errs, fmt.Errorf("%s, row %d: %w", c.Name, i, ErrNotFinite))
				break
			}
		}
	}
	for i, w := range p.Weights {
		if w < 0 {
			errs = append(errs, fmt.Errorf("weight %v in row %d: weights must not be negative", w, i))
			break
		}
	}
	for _, f := range append(append([]Factor(nil), p.Effects...), p.Clusters...) {
		if len(f.Levels) != n {
			errs = append(errs, fmt.Errorf("%s has %d rows, the response %d: make them equal", f.Name, len(f.Levels), n))
		}
	}
	return errors.Join(errs...)
}

// frame is the problem with the rows that count, levels numbered from 0.
type frame struct {
	rows     []int // rows of the problem
	y        []float64
	cols     [][]float64
	weights  []float64
	effects  []grouping
	clusters []grouping

	weightless, singletons int
}

// grouping numbers the levels of a factor from 0 in order of appearance.
type grouping struct {
	name   string
	level  []int32
	levels int
}

func newFrame(p *Problem, keepSingletons bool) *frame {
	f := &frame{}
	for i := range p.Y {
		if p.Weights != nil && p.Weights[i] == 0 {
			f.weightless++
			continue
		}
		f.rows = append(f.rows, i)
	}
	if !keepSingletons {
		f.dropSingletons(p.Effects)
	}
	f.y = f.take(p.Y)
	for _, c := range p.Columns {
		f.cols = append(f.cols, f.take(c.Values))
	}
	if p.Weights == nil {
		f.weights = constant(len(f.rows), 1)
	} else {
		f.weights = f.take(p.Weights)
	}
	f.effects = f.group(p.Effects)
	f.clusters = f.group(p.Clusters)
	return f
}

// dropSingletons leaves out rows whose level no other row shares, again and
// again until none is left: an effect of their own fits them exactly, so they
// say nothing, yet they would count as rows (Correia 2015).
func (f *frame) dropSingletons(effects []Factor) {
	for dropped := true; dropped; {
		dropped = false
		for _, e := range effects {
			sizes := map[int]int{}
			for _, row := range f.rows {
				sizes[e.Levels[row]]++
			}
			kept := f.rows[:0]
			for _, row := range f.rows {
				if sizes[e.Levels[row]] > 1 {
					kept = append(kept, row)
				}
			}
			if len(kept) < len(f.rows) {
				dropped = true
				f.singletons += len(f.rows) - len(kept)
			}
			f.rows = kept
		}
	}
}

func (f *frame) take(values []float64) []float64 {
	out := make([]float64, len(f.rows))
	for i, row := range f.rows {
		out[i] = values[row]
	}
	return out
}

func (f *frame) group(factors []Factor) []grouping {
	var out []grouping
	for _, factor := range factors {
		picked := make([]int, len(f.rows))
		for i, row := range f.rows {
			picked[i] = factor.Levels[row]
		}
		g := grouping{name: factor.Name, level: make([]int32, len(f.rows))}
		for i, code := range Codes(picked) {
			g.level[i] = int32(code)
			g.levels = max(g.levels, code+1)
		}
		out = append(out, g)
	}
	return out
}

func constant(n int, value float64) []float64 {
	c := make([]float64, n)
	for i := range c {
		c[i] = value
	}
	return c
}
