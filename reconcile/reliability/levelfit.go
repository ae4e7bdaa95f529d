package reliability

import "math"

// fitLevels estimates the model by expectation and maximisation (Dempster, Laird
// and Rubin 1977), with the extrapolation of Varadhan and Roland (2008,
// Scandinavian Journal of Statistics 35, 335, scheme S3) over every two rounds.
// Reporters lean on the mean of all, groups on the share of all, by a few lanes.
func fitLevels(l *levels) {
	sums := newLevelSums(l)
	l.iterations, l.converged = 0, false
	defer l.remember()
	for !l.converged && l.iterations < l.most.within(levelCap) {
		start := l.vector()
		l.round(sums)
		once := l.vector()
		l.round(sums)
		twice := l.vector()
		l.converged = furthest(once, twice) < levelTolerance
		l.iterations += 2
		if l.converged {
			break
		}
		l.set(extrapolate(start, once, twice))
		l.round(sums)
		l.iterations++
	}
}

// round is one round of expectation and maximisation.
func (l *levels) round(sums *levelSums) {
	sums.clear()
	tables := l.wayTables()
	var causes [waysInAll]cause
	for i := range l.terms {
		t := &l.terms[i]
		l.weigh(&causes, &tables[t.group+1][t.class], t, &unhinted)
		sums.add(t, l, &causes)
	}
	sums.maximise(l)
}

// extrapolate steps on from two rounds by the ratio of their lengths, at most 16
// times as far.
func extrapolate(start, once, twice []float64) []float64 {
	var r, v float64
	for i := range start {
		first := once[i] - start[i]
		change := twice[i] - once[i] - first
		r += first * first
		v += change * change
	}
	far := min(max(math.Sqrt(r/max(v, 1e-300)), 1), 16)
	next := make([]float64, len(start))
	for i := range next {
		first := once[i] - start[i]
		next[i] = start[i] + 2*far*first + far*far*(twice[i]-once[i]-first)
	}
	return next
}

// vector gives the parameters as unbounded numbers: logarithms and log odds.
func (l *levels) vector() []float64 {
	var v []float64
	for _, list := range [][]float64{l.exporters, l.importers, l.groups} {
		for _, x := range list {
			v = append(v, math.Log(x))
		}
	}
	for _, share := range l.wideShare {
		v = append(v, logOdds(share))
	}
	v = append(v, logOdds(l.brokenShare))
	for _, o := range []offset{l.wide, l.broken} {
		v = append(v, o.mean, math.Log(o.variance))
	}
	for _, d := range l.misnamed {
		v = append(v, logOdds(d.share), d.mean, math.Log(d.variance))
	}
	return v
}

// set is the inverse of vector, within the bounds that the rounds keep to.
func (l *levels) set(v []float64) {
	for _, list := range [][]float64{l.exporters, l.importers, l.groups} {
		for i := range list {
			list[i] = max(math.Exp(v[i]), leastLevel)
		}
		v = v[len(list):]
	}
	for g := range l.wideShare {
		l.wideShare[g] = bounded(odds(v[g]))
	}
	v = v[len(l.wideShare):]
	l.brokenShare = bounded(odds(v[0]))
	l.wide = offset{v[1], math.Exp(v[2])}.within(wideBounds)
	l.broken = offset{v[3], math.Exp(v[4])}.within(brokenBounds)
	for c := range l.misnamed {
		d := v[5+3*c:]
		l.misnamed[c] = oneSided(Class(c), component{odds(d[0]), d[1], math.Exp(d[2])})
	}
}

func logOdds(p float64) float64 { return math.Log(p / (1 - p)) }

func odds(x float64) float64 { return 1 / (1 + math.Exp(-x)) }

func bounded(share float64) float64 { return min(max(share, leastShare), mostShare) }

// within keeps the mean in bounds, and the spread below the mean: the sizes of
// one sign must not reach far over zero.
func (o offset) within(bounds [2]float64) offset {
	o.mean = min(max(o.mean, bounds[0]), bounds[1])
	o.variance = min(max(o.variance, leastOffset), o.mean*o.mean/2)
	return o
}

// oneSided keeps misnaming on its side of zero.
func oneSided(c Class, d component) component {
	d.share = bounded(d.share)
	if usuallyMisnamed[c].mean < 0 {
		d.mean = min(d.mean, -leastMisnamed)
	} else {
		d.mean = max(d.mean, leastMisnamed)
	}
	d.variance = min(max(d.variance, leastOffset), d.mean*d.mean/2)
	return d
}

// sum is a weighted sum of squares with its weights.
type sum struct{ squares, weights float64 }

func (s *sum) add(square, weight float64) {
	s.squares += square * weight
	s.weights += weight
}

// moments are what an offset is made of.
type moments struct{ sum, square, weight float64 }

func (m *moments) add(deviation, variance, weight float64) {
	m.sum += deviation * weight
	m.square += (deviation*deviation + variance) * weight
	m.weight += weight
}

// offset leans on what is usual by a few lanes.
func (m *moments) offset(usual offset) offset {
	w := m.weight + offsetPrior
	o := offset{mean: (m.sum + offsetPrior*usual.mean) / w}
	o.variance = (m.square+offsetPrior*(usual.variance+usual.mean*usual.mean))/w - o.mean*o.mean
	return o
}

// levelSums gathers what the estimates are made of.
type levelSums struct {
	exporters, importers, groups []sum
	wideByGroup                  []sum // squares: sides of lanes that are wide
	wide, broken                 moments
	misnamed                     [classes]moments
	lanes                        [classes]float64
	all                          float64
}

func newLevelSums(l *levels) *levelSums {
	return &levelSums{exporters: make([]sum, len(l.exporters)), importers: make([]sum, len(l.importers)),
		groups: make([]sum, len(l.groups)), wideByGroup: make([]sum, len(l.groups))}
}

func (e *levelSums) clear() {
	for _, list := range [][]sum{e.exporters, e.importers, e.groups, e.wideByGroup} {
		clear(list)
	}
	e.wide, e.broken, e.misnamed, e.lanes, e.all = moments{}, moments{}, [classes]moments{}, [classes]float64{}, 0
}

// leastWeighed is a probability that adds nothing.
const leastWeighed = 1e-9

func (e *levelSums) add(t *levelTerm, l *levels, causes *[waysInAll]cause) {
	e.lanes[t.class]++
	e.all++
	factor, wide := l.groups[t.group], 0.0
	for i := range causes {
		c := &causes[i]
		p := c.probability
		if p < leastWeighed {
			continue
		}
		exporter, importer := ways[i][0], ways[i][1]
		if exporter == small {
			square := c.x*c.x + c.xVariance
			e.exporters[t.exporter].add(square/factor, p)
			e.groups[t.group].add(square/l.exporters[t.exporter], p)
		} else if exporter == misnaming {
			e.misnamed[t.class].add(c.x, c.xVariance, p)
		} else {
			wide += e.off(exporter, c.x, c.xVariance, p)
		}
		if importer == small {
			square := c.m*c.m + c.mVariance
			e.importers[t.importer].add(square/factor, p)
			e.groups[t.group].add(square/l.importers[t.importer], p)
		} else {
			wide += e.off(importer, c.m, c.mVariance, p)
		}
	}
	e.wideByGroup[t.group].add(wide/2, 1)
}

// off adds a deviation that is wide or broken, and returns the weight of wide
// ones.
func (e *levelSums) off(component uint8, deviation, variance, p float64) float64 {
	switch component {
	case wideLow:
		e.wide.add(-deviation, variance, p)
		return p
	case wideHigh:
		e.wide.add(deviation, variance, p)
		return p
	case brokenLow:
		e.broken.add(-deviation, variance, p)
	case brokenHigh:
		e.broken.add(deviation, variance, p)
	}
	return 0
}

// maximise renews the model.
func (e *levelSums) maximise(l *levels) {
	e.variances(l.exporters, e.exporters)
	e.variances(l.importers, e.importers)
	e.shares(l)
	l.wide = e.wide.offset(usualWide).within(wideBounds)
	l.broken = e.broken.offset(usualBroken).within(brokenBounds)
	l.brokenShare = bounded((e.broken.weight/2 + sharePrior*0.01) / (e.all + sharePrior))
	for c := range l.misnamed {
		usual := usuallyMisnamed[c]
		o := e.misnamed[c].offset(offset{usual.mean, usual.variance})
		share := (e.misnamed[c].weight + sharePrior*usual.share) / (e.lanes[c] + sharePrior)
		l.misnamed[c] = oneSided(Class(c), component{share, o.mean, o.variance})
	}
	e.factors(l)
}

func (e *levelSums) variances(list []float64, sums []sum) {
	mean := average(list)
	for i := range list {
		list[i] = max((sums[i].squares+levelPrior*mean)/(sums[i].weights+levelPrior), leastLevel)
	}
}

// shares renews the shares of wide deviations.
func (e *levelSums) shares(l *levels) {
	var all sum
	for g := range e.wideByGroup {
		all.squares += e.wideByGroup[g].squares
		all.weights += e.wideByGroup[g].weights
	}
	mean := all.squares / all.weights
	for g := range l.wideShare {
		l.wideShare[g] = bounded((e.wideByGroup[g].squares + sharePrior*mean) / (e.wideByGroup[g].weights + sharePrior))
	}
}

// factors renews the factors of groups; their weighted geometric mean is one.
func (e *levelSums) factors(l *levels) {
	var logs, weights float64
	for g := range l.groups {
		l.groups[g] = (e.groups[g].squares + 2*levelPrior) / (e.groups[g].weights + 2*levelPrior)
		logs += e.groups[g].weights * math.Log(l.groups[g])
		weights += e.groups[g].weights
	}
	level := math.Exp(logs / max(weights, 1))
	for g := range l.groups {
		l.groups[g] /= level
	}
	// Small lasting deviations have the same mean variance in both roles: the
	// gaps know their sum alone.
	x, m := average(l.exporters), average(l.importers)
	for side, list := range [][]float64{l.exporters, l.importers} {
		to := level * (x + m) / 2 / [2]float64{x, m}[side]
		for i := range list {
			list[i] = max(list[i]*to, leastLevel)
		}
	}
}
