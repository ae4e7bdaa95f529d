package evaluate

import (
	"math"
	"slices"

	"counterflow/data"
)

// plainRule makes one figure for every doubly declared cell.
type plainRule struct {
	name    string
	figures func(pairs []pair, value bool) []float64
}

// plainRules are what reconciled flows are compared with. In weight there is no
// margin to take off.
var plainRules = []plainRule{
	{"exporter's report", each(func(x, m float64) float64 { return x })},
	{"importer's / 1.06", each(func(x, m float64) float64 { return m })},
	{"mean", each(func(x, m float64) float64 { return (x + m) / 2 })},
	{"geometric mean", each(func(x, m float64) float64 { return math.Sqrt(x * m) })},
	{"BACI weights", baciWeights},
	{"Harvard's rule", harvardRule},
}

// each applies a formula to every cell after taking the flat margin off.
func each(formula func(x, m float64) float64) func([]pair, bool) []float64 {
	return func(pairs []pair, value bool) []float64 {
		figures := make([]float64, len(pairs))
		for i := range pairs {
			figures[i] = formula(pairs[i].x, pairs[i].m/flat(flatMargin, value))
		}
		return figures
	}
}

func flat(margin float64, value bool) float64 {
	if value {
		return margin
	}
	return 1
}

// baciWeights are the weights of Gaulier and Zignago 2010 (CEPII WP 2010-23,
// section 4) without their product effects: |ln(x/m)| is regressed on exporter
// and importer with effects that sum to zero, each observation weighted by
// ln(x+m); s = pi/2 (effect - min + 2 se), so that no spread is negative; the
// weight of the exporter is f(s_m)/(f(s_x)+f(s_m)) with f(s) = e^(s^2)(e^(s^2)-1).
// The mean is taken in levels. The margin is the flat one of 5.5%.
func baciWeights(pairs []pair, value bool) []float64 {
	margin := flat(baciMargin, value)
	distance, weight := make([]float64, len(pairs)), make([]float64, len(pairs))
	for i := range pairs {
		m := pairs[i].m / margin
		distance[i], weight[i] = math.Abs(math.Log(pairs[i].x/m)), math.Log(math.Max(pairs[i].x+m, math.E))
	}
	e := fitTwoWay(pairs, distance, weight)
	spreads := [2]map[data.Economy]float64{e.spreads(0), e.spreads(1)}
	figures := make([]float64, len(pairs))
	for i := range pairs {
		p := &pairs[i]
		fx, fm := lognormalVariance(spreads[0][p.at.exporter]), lognormalVariance(spreads[1][p.at.importer])
		w := 0.5
		if fx+fm > 0 {
			w = fm / (fx + fm)
		}
		figures[i] = w*p.x + (1-w)*p.m/margin
	}
	return figures
}

// lognormalVariance is e^(s^2)(e^(s^2)-1), the variance of a log-normal error
// of spread s about its median.
func lognormalVariance(s float64) float64 {
	return math.Exp(s*s) * math.Expm1(s*s)
}

// twoWay is an additive fit y = mean + a[exporter] + b[importer].
type twoWay struct {
	mean    float64
	effects [2]map[data.Economy]float64
	weights [2]map[data.Economy]float64 // sum of the weights of its observations
	sigma   float64                     // residual standard deviation at weight one
}

// corridor sums up the observations between two economies, which is all that an
// additive fit needs of them.
type corridor struct {
	ends           [2]data.Economy
	weight, moment float64 // sum w, sum wy
	squares        float64 // sum wy^2
}

// fitTwoWay fits weighted least squares by turns (Gauss-Seidel on the normal
// equations) until no effect moves by more than 1e-10, at most 1000 rounds; the
// effects of each side sum to zero at the end.
func fitTwoWay(pairs []pair, y, weight []float64) twoWay {
	f := twoWay{effects: [2]map[data.Economy]float64{{}, {}}, weights: [2]map[data.Economy]float64{{}, {}}}
	corridors := sumCorridors(pairs, y, weight)
	total, moment := 0.0, 0.0
	for _, c := range corridors {
		total, moment = total+c.weight, moment+c.moment
		f.weights[0][c.ends[0]] += c.weight
		f.weights[1][c.ends[1]] += c.weight
	}
	f.mean = moment / total
	for range 1000 {
		if math.Max(f.sweep(0, corridors), f.sweep(1, corridors)) < 1e-10 {
			break
		}
	}
	f.center()
	residuals := 0.0
	for _, c := range corridors {
		fit := f.mean + f.effects[0][c.ends[0]] + f.effects[1][c.ends[1]]
		residuals += c.squares - 2*fit*c.moment + fit*fit*c.weight
	}
	free := len(pairs) - len(f.weights[0]) - len(f.weights[1]) + 1
	f.sigma = math.Sqrt(math.Max(residuals, 0) / math.Max(float64(free), 1))
	return f
}

// sumCorridors gives the corridors in the order in which they first occur.
func sumCorridors(pairs []pair, y, weight []float64) []corridor {
	index := map[[2]data.Economy]int{}
	var all []corridor
	for i := range pairs {
		ends := [2]data.Economy{pairs[i].at.exporter, pairs[i].at.importer}
		at, ok := index[ends]
		if !ok {
			at = len(all)
			index[ends] = at
			all = append(all, corridor{ends: ends})
		}
		c := &all[at]
		c.weight += weight[i]
		c.moment += weight[i] * y[i]
		c.squares += weight[i] * y[i] * y[i]
	}
	return all
}

// sweep sets the effects of one side to the mean residual of the other, and
// returns the largest change.
func (f *twoWay) sweep(side int, corridors []corridor) float64 {
	sums := make(map[data.Economy]float64, len(f.weights[side]))
	for _, c := range corridors {
		sums[c.ends[side]] += c.moment - c.weight*(f.mean+f.effects[1-side][c.ends[1-side]])
	}
	moved := 0.0
	for e, sum := range sums {
		effect := sum / f.weights[side][e]
		moved = math.Max(moved, math.Abs(effect-f.effects[side][e]))
		f.effects[side][e] = effect
	}
	return moved
}

// center moves the mean of each side's effects into the mean. Economies are
// taken in order, so that the sum has the same bits every time.
func (f *twoWay) center() {
	for side := range f.effects {
		sum := 0.0
		for _, e := range ordered(f.effects[side]) {
			sum += f.effects[side][e]
		}
		shift := sum / float64(len(f.effects[side]))
		for e := range f.effects[side] {
			f.effects[side][e] -= shift
		}
		f.mean += shift
	}
}

// spreads turns the effects of one side into log-normal spreads.
func (f *twoWay) spreads(side int) map[data.Economy]float64 {
	least, weight := math.Inf(1), 0.0
	for _, e := range ordered(f.effects[side]) {
		if v := f.effects[side][e]; v < least {
			least, weight = v, f.weights[side][e]
		}
	}
	offset := 2 * f.sigma / math.Sqrt(math.Max(weight, 1))
	spreads := map[data.Economy]float64{}
	for e, v := range f.effects[side] {
		spreads[e] = math.Pi / 2 * (v - least + offset)
	}
	return spreads
}

// harvardRule is the rule that the Harvard Growth Lab describes (Bustos and
// others 2026, Scientific Data 13, 170): imports less the margin; a discrepancy
// D = |x-m|/(x+m) of every pair; D regressed on exporter and importer, one minus
// the effect being the score; the exporter's weight e^s_x/(e^s_x+e^s_m) where
// both scores are above the tenth percentile of their side, else the side that
// is above it, else the smaller report. The published program differs from this
// description; see its sources. Here the margin is the flat one.
func harvardRule(pairs []pair, value bool) []float64 {
	margin := flat(flatMargin, value)
	distance, weight := make([]float64, len(pairs)), make([]float64, len(pairs))
	for i := range pairs {
		m := pairs[i].m / margin
		distance[i], weight[i] = math.Abs(pairs[i].x-m)/(pairs[i].x+m), 1
	}
	e := fitTwoWay(pairs, distance, weight)
	limits := [2]float64{tenth(e.effects[0]), tenth(e.effects[1])}
	figures := make([]float64, len(pairs))
	for i := range pairs {
		p := &pairs[i]
		sx, sm := 1-e.effects[0][p.at.exporter], 1-e.effects[1][p.at.importer]
		m := p.m / margin
		goodX, goodM := sx > limits[0], sm > limits[1]
		switch {
		case goodX && goodM:
			w := 1 / (1 + math.Exp(sm-sx))
			figures[i] = w*p.x + (1-w)*m
		case goodX:
			figures[i] = p.x
		case goodM:
			figures[i] = m
		default:
			figures[i] = math.Min(p.x, m)
		}
	}
	return figures
}

// tenth is the tenth percentile of the scores 1 - effect (type 1: a score that
// occurs).
func tenth(effects map[data.Economy]float64) float64 {
	scores := make([]float64, 0, len(effects))
	for _, v := range effects {
		scores = append(scores, 1-v)
	}
	slices.Sort(scores)
	return scores[(len(scores)-1)/10]
}

func ordered(m map[data.Economy]float64) []data.Economy {
	keys := make([]data.Economy, 0, len(m))
	for e := range m {
		keys = append(keys, e)
	}
	slices.Sort(keys)
	return keys
}
