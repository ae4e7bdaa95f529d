package reliability

import "math"

// term is one squared deviation whose expectation is c_g (V_i + V_j) + offset.
type term struct {
	exporter, importer, group int32
	freedom                   float64 // degrees of freedom behind the square
	square                    float64
	offset                    float64 // known variance of another source
}

// additive is the state of the additive variance model.
type additive struct {
	terms      []term
	tail       float64 // degrees of freedom of Student's t over lanes
	exporters  []float64
	importers  []float64
	groups     []float64 // factors, geometric mean one over terms
	prior      float64   // degrees of freedom by which each economy leans on the mean
	iterations int
	converged  bool
}

const (
	additiveCap       = 300
	additiveTolerance = 1e-4 // largest relative change of a variance
	leastVariance     = 1e-6 // a spread of 0.1%
)

// fitAdditive maximises the likelihood of multivariate t errors: a lane's
// squares share one factor of scale, so a lane that is wilder than its reporters
// is weighed down as a whole, w = (tail+f)/(tail + f square/expected). The mean
// of e_i^2 given the gap is V_i (1 + p (w square/expected - 1)) with p = c
// V_i/expected; its average over lanes is the next V_i (expectation and
// maximisation, Dempster, Laird and Rubin 1977; Liu and Rubin 1995). Each
// economy has besides its lanes a few degrees of freedom at the mean of its
// role.
func fitAdditive(a *additive) {
	change := math.Inf(1)
	sums := make([][2][]float64, 2)
	for side, list := range [][]float64{a.exporters, a.importers} {
		sums[side] = [2][]float64{make([]float64, len(list)), make([]float64, len(list))}
	}
	groups := [2][]float64{make([]float64, len(a.groups)), make([]float64, len(a.groups))}
	for a.iterations = 0; a.iterations < additiveCap && change > additiveTolerance; a.iterations++ {
		a.expect(sums, groups)
		change = max(update(a.exporters, sums[0], a.prior), update(a.importers, sums[1], a.prior), a.scale(groups))
	}
	a.converged = change <= additiveTolerance
}

// expect sums the expected squares and the degrees of freedom behind them.
func (a *additive) expect(sums [][2][]float64, groups [2][]float64) {
	for _, s := range [][]float64{sums[0][0], sums[0][1], sums[1][0], sums[1][1], groups[0], groups[1]} {
		clear(s)
	}
	for i := range a.terms {
		t := &a.terms[i]
		c, x, m := a.groups[t.group], a.exporters[t.exporter], a.importers[t.importer]
		own := c * (x + m)
		expected := own + t.offset
		ratio := t.square / expected
		w := (a.tail + t.freedom) / (a.tail + t.freedom*ratio)
		excess := w*ratio - 1
		sums[0][0][t.exporter] += t.freedom * x * (1 + c*x/expected*excess)
		sums[0][1][t.exporter] += t.freedom
		sums[1][0][t.importer] += t.freedom * m * (1 + c*m/expected*excess)
		sums[1][1][t.importer] += t.freedom
		groups[0][t.group] += t.freedom * c * (1 + own/expected*excess)
		groups[1][t.group] += t.freedom
	}
}

// likelihood is the logarithm of the likelihood at the present variances, up to
// a constant.
func (a *additive) likelihood() float64 {
	sum := 0.0
	for i := range a.terms {
		t := &a.terms[i]
		expected := a.groups[t.group]*(a.exporters[t.exporter]+a.importers[t.importer]) + t.offset
		sum -= 0.5*t.freedom*math.Log(expected) + 0.5*(a.tail+t.freedom)*math.Log1p(t.freedom*t.square/expected/a.tail)
	}
	return sum
}

// update takes the average, the mean of the role counting for some degrees of
// freedom, and returns the largest relative change.
func update(variances []float64, sums [2][]float64, prior float64) float64 {
	mean := average(variances)
	change := 0.0
	for i, old := range variances {
		next := max((sums[0][i]+prior*mean)/(sums[1][i]+prior), leastVariance)
		change = max(change, math.Abs(next-old)/max(next, 100*leastVariance))
		variances[i] = next
	}
	return change
}

func average(x []float64) float64 {
	sum := 0.0
	for _, v := range x {
		sum += v
	}
	return sum / float64(len(x))
}

// scale updates the factors of the groups and hands their common level to the
// variances.
func (a *additive) scale(sums [2][]float64) float64 {
	change, logs, weights := 0.0, 0.0, 0.0
	next := make([]float64, len(a.groups))
	for g := range next {
		next[g] = (sums[0][g] + groupPrior) / (sums[1][g] + groupPrior)
		logs += sums[1][g] * math.Log(next[g])
		weights += sums[1][g]
	}
	if weights == 0 {
		return 0
	}
	level := math.Exp(logs / weights)
	for g := range next {
		next[g] /= level
		change = max(change, math.Abs(next[g]-a.groups[g])/next[g])
		a.groups[g] = next[g]
	}
	for _, list := range [][]float64{a.exporters, a.importers} {
		for i := range list {
			list[i] *= level
		}
	}
	return change
}

// groupPrior is the degrees of freedom by which each group leans on a factor of
// one.
const groupPrior = 20

// equalMeans shifts variance from one role to the other so that both have equal
// means: V_i + d and V_j - d fit all gaps alike. Where that would make a variance
// negative it goes as far as it can, and met is false.
func (a *additive) equalMeans() (met bool) {
	x, m := average(a.exporters), average(a.importers)
	shift := (m - x) / 2
	room := least(a.importers)
	if shift < 0 {
		room = least(a.exporters)
	}
	met = math.Abs(shift) <= room-leastVariance
	if !met {
		shift = math.Copysign(max(room-leastVariance, 0), shift)
	}
	for i := range a.exporters {
		a.exporters[i] += shift
	}
	for i := range a.importers {
		a.importers[i] -= shift
	}
	return met
}

func least(x []float64) float64 {
	low := math.Inf(1)
	for _, v := range x {
		low = min(low, v)
	}
	return low
}
