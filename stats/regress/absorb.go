package regress

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/floats"
)

// absorber takes fixed effects out of variables: it projects, in the inner
// product of the weights, on what is left when every level has its own mean.
//
// One sweep takes the means of the factors out in turn, forth and back
// (symmetric Kaczmarz, T). The projection is v - u where (I-T) u = (I-T) v;
// conjugate gradients solve that in far fewer sweeps than repeating T when
// levels are thinly connected (Hernandez-Ramos, Escalante and Raydan 2011;
// Correia 2017, sections 3.2 and 3.3). It has no state between variables but
// buffers.
type absorber struct {
	effects   []grouping
	weights   []float64
	totals    [][]float64 // weight by level
	means     []float64
	tolerance float64
	limit     int

	rest, direction, image []float64
}

func newAbsorber(f *frame, tolerance float64, limit int) *absorber {
	n, most := len(f.rows), 0
	a := &absorber{
		effects: f.effects, weights: f.weights, tolerance: tolerance, limit: limit,
		rest: make([]float64, n), direction: make([]float64, n), image: make([]float64, n),
	}
	for _, e := range f.effects {
		totals := make([]float64, e.levels)
		for i, g := range e.level {
			totals[g] += f.weights[i]
		}
		a.totals = append(a.totals, totals)
		most = max(most, e.levels)
	}
	a.means = make([]float64, most)
	return a
}

// absorb replaces v by its projection. It returns the number of sweeps and
// whether one more would change v by less than the tolerance, relative to v.
func (a *absorber) absorb(v []float64) (sweeps int, converged bool) {
	switch len(a.effects) {
	case 0:
		return 0, true
	case 1:
		a.demean(v, 0)
		a.demean(v, 0) // once more for the rounding of large means
		return 1, true
	}
	floor := a.norm(v) * 1e-15 // rounding
	// rest = (I-T)(v-u) throughout; v holds v-u.
	a.change(a.rest, v)
	copy(a.direction, a.rest)
	square := a.dot(a.rest, a.rest)
	for sweeps = 1; sweeps <= a.limit; sweeps++ {
		if math.Sqrt(square) <= max(a.tolerance*a.norm(v), floor) {
			return sweeps, true
		}
		a.change(a.image, a.direction)
		bend := a.dot(a.direction, a.image)
		if !(bend > 0) { // the direction is rounding
			return sweeps, true
		}
		step := square / bend
		floats.AddScaled(v, -step, a.direction)
		floats.AddScaled(a.rest, -step, a.image)
		next := a.dot(a.rest, a.rest)
		floats.Scale(next/square, a.direction)
		floats.Add(a.direction, a.rest)
		square = next
	}
	return a.limit, false
}

// change puts v - T v in dst: what a sweep takes out of v.
func (a *absorber) change(dst, v []float64) {
	copy(dst, v)
	last := len(a.effects) - 1
	for k := range a.effects {
		a.demean(dst, k)
	}
	for k := last - 1; k >= 0; k-- {
		a.demean(dst, k)
	}
	for i := range dst {
		dst[i] = v[i] - dst[i]
	}
}

// demean takes the mean of each level of effect k out of v.
func (a *absorber) demean(v []float64, k int) {
	level, totals := a.effects[k].level, a.totals[k]
	means := a.means[:len(totals)]
	clear(means)
	for i, g := range level {
		means[g] += a.weights[i] * v[i]
	}
	floats.Div(means, totals)
	for i, g := range level {
		v[i] -= means[g]
	}
}

func (a *absorber) dot(x, y []float64) float64 {
	sum := 0.0
	for i, w := range a.weights {
		sum += w * x[i] * y[i]
	}
	return sum
}

func (a *absorber) norm(v []float64) float64 { return math.Sqrt(a.dot(v, v)) }

// absorbed is the outcome for all variables of a frame.
type absorbed struct {
	y         []float64
	cols      [][]float64
	before    []columnSize
	sweeps    int // the most that a variable took
	converged bool
}

// columnSize is the length of a column before anything was taken out of it.
type columnSize struct {
	raw      float64
	centered float64 // about its mean
}

func (f *frame) absorb(tolerance float64, limit int) absorbed {
	a := newAbsorber(f, tolerance, limit)
	out := absorbed{y: slices.Clone(f.y), converged: true}
	take := func(v []float64) {
		sweeps, converged := a.absorb(v)
		out.sweeps = max(out.sweeps, sweeps)
		out.converged = out.converged && converged
	}
	take(out.y)
	for _, c := range f.cols {
		v := slices.Clone(c)
		out.before = append(out.before, columnSize{a.norm(c), math.Sqrt(f.squares(c, true))})
		take(v)
		out.cols = append(out.cols, v)
	}
	return out
}

// squares is the weighted sum of squares of v about its mean, or about 0.
func (f *frame) squares(v []float64, aboutMean bool) float64 {
	mean, sum := 0.0, 0.0
	if aboutMean {
		total := floats.Sum(f.weights)
		for i, w := range f.weights {
			mean += w / total * v[i]
		}
	}
	for i, w := range f.weights {
		sum += w * (v[i] - mean) * (v[i] - mean)
	}
	return sum
}
