package reliability

import "math"

// levelTerm is the center of one lane's gaps: importer's lasting deviation minus
// the exporter's, as far as it is known.
type levelTerm struct {
	exporter, importer, group int32
	gap                       float64 // less the difference of biases
	variance                  float64 // of the center about the lane's level
}

// levels is the model of what stays with a lane. The deviation of a side is, most
// of the time, small: normal with the reporter's own variance. Some lines say
// half or double for years: normal with a large variance common to all. And an
// exporter that names a hub or another partner for a part of what leaves
// declares too little, while the importer, who knows the origin, does not
// (Schindler and Beckett 2005): a third component with a mean below zero. Its
// share is what the gaps above zero have over those below.
type levels struct {
	terms                []levelTerm
	exporters, importers []float64 // variances of the small component
	groups               []float64 // factors on them
	wide                 float64   // variance of the large component
	wideShare            []float64 // by group
	divertedShare        float64
	diverted             float64 // mean of the third component, above zero
	divertedVariance     float64
	usual, usualShare    float64 // stand for reporters and groups that are not known
	iterations           int
	converged            bool
}

const (
	levelCap       = 300
	levelTolerance = 3e-3 // of log variances and log odds
	levelPrior     = 10   // lanes by which a reporter leans on the mean of all
	sharePrior     = 20   // lanes by which a group leans on the share of all
	leastLevel     = 1e-4 // a lasting deviation of 1%
	leastWide      = 0.05
	leastDiverted  = 0.05
	leastShare     = 1e-3
	mostShare      = 0.45
)

// side is one component of one side's deviation.
type side struct{ share, mean, variance float64 }

// sides lists the components of exporter and importer. The first of each is the
// small one, the second the wide one.
func (l *levels) sides(t *levelTerm) (exporter [3]side, importer [2]side) {
	c, wide := 1.0, l.usualShare
	if t.group >= 0 {
		c, wide = l.groups[t.group], l.wideShare[t.group]
	}
	x, m := l.usual, l.usual
	if t.exporter >= 0 {
		x = l.exporters[t.exporter]
	}
	if t.importer >= 0 {
		m = l.importers[t.importer]
	}
	x, m = c*x, c*m
	exporter = [3]side{{1 - wide - l.divertedShare, 0, x}, {wide, 0, l.wide}, {l.divertedShare, -l.diverted, l.divertedVariance + x}}
	importer = [2]side{{1 - wide, 0, m}, {wide, 0, l.wide}}
	return exporter, importer
}

// cause is one way in which both sides may have come to a gap.
type cause struct {
	exporter, importer int     // components
	probability        float64 // given the gap
	x, m               float64 // expected deviations
	xVariance          float64 // variances given the cause
	mVariance          float64
}

// causes weighs the six ways, given a lane's gap.
func (l *levels) causes(t *levelTerm) (all [6]cause) {
	exporter, importer := l.sides(t)
	sum, at := 0.0, 0
	for i := range exporter {
		for j := range importer {
			x, m := &exporter[i], &importer[j]
			c := &all[at]
			at++
			total := x.variance + m.variance + t.variance
			rest := t.gap - (m.mean - x.mean)
			c.exporter, c.importer = i, j
			c.probability = x.share * m.share * math.Exp(-rest*rest/(2*total)) / math.Sqrt(total)
			c.x, c.m = x.mean-x.variance/total*rest, m.mean+m.variance/total*rest
			c.xVariance, c.mVariance = x.variance*(1-x.variance/total), m.variance*(1-m.variance/total)
			sum += c.probability
		}
	}
	if sum <= 0 { // a gap beyond anything seen: both sides may be widely off
		c := &all[3]
		c.probability, sum = 1, 1
	}
	for i := range all {
		all[i].probability /= sum
	}
	return all
}

// fitLevels estimates the model by expectation and maximisation (Dempster, Laird
// and Rubin 1977), with the extrapolation of Varadhan and Roland (2008,
// Scandinavian Journal of Statistics 35, 335, scheme S3) over every two rounds.
// Reporters lean on the mean of all, groups on the share of all, by a few lanes.
func fitLevels(l *levels) {
	sums := newLevelSums(l)
	l.iterations, l.converged = 0, false
	defer l.remember()
	for !l.converged && l.iterations < levelCap {
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

// remember keeps what stands for unknown reporters.
func (l *levels) remember() {
	l.usual, l.usualShare = average(l.exporters), average(l.wideShare)
}

// round is one round of expectation and maximisation.
func (l *levels) round(sums *levelSums) {
	sums.clear()
	for i := range l.terms {
		t := &l.terms[i]
		causes := l.causes(t)
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
	return append(v, math.Log(l.wide), logOdds(l.divertedShare), math.Log(l.diverted), math.Log(l.divertedVariance))
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
		l.wideShare[g] = min(max(odds(v[g]), leastShare), mostShare)
	}
	v = v[len(l.wideShare):]
	l.wide = max(math.Exp(v[0]), leastWide)
	l.divertedShare = min(max(odds(v[1]), leastShare), mostShare)
	l.diverted = max(math.Exp(v[2]), leastDiverted)
	l.divertedVariance = max(math.Exp(v[3]), l.diverted*l.diverted/4)
}

func logOdds(p float64) float64 { return math.Log(p / (1 - p)) }

func odds(x float64) float64 { return 1 / (1 + math.Exp(-x)) }

// sum is a weighted sum of squares with its weights.
type sum struct{ squares, weights float64 }

func (s *sum) add(square, weight float64) {
	s.squares += square * weight
	s.weights += weight
}

// levelSums gathers what the estimates are made of.
type levelSums struct {
	exporters, importers, groups []sum
	wide                         sum
	wideByGroup                  []sum // squares: lanes' sides that are wide
	divertedMean, divertedSquare sum
	lanes                        float64
}

func newLevelSums(l *levels) *levelSums {
	return &levelSums{exporters: make([]sum, len(l.exporters)), importers: make([]sum, len(l.importers)),
		groups: make([]sum, len(l.groups)), wideByGroup: make([]sum, len(l.groups))}
}

func (e *levelSums) clear() {
	clear(e.exporters)
	clear(e.importers)
	clear(e.groups)
	clear(e.wideByGroup)
	e.wide, e.divertedMean, e.divertedSquare, e.lanes = sum{}, sum{}, sum{}, 0
}

func (e *levelSums) add(t *levelTerm, l *levels, causes *[6]cause) {
	e.lanes++
	factor := l.groups[t.group]
	wide := 0.0
	for i := range causes {
		c := &causes[i]
		p := c.probability
		if p < 1e-9 {
			continue
		}
		x, m := c.x*c.x+c.xVariance, c.m*c.m+c.mVariance
		switch c.exporter {
		case 0:
			e.exporters[t.exporter].add(x/factor, p)
			e.groups[t.group].add(x/l.exporters[t.exporter], p)
		case 1:
			e.wide.add(x, p)
			wide += p
		case 2:
			e.divertedMean.add(-c.x, p)
			e.divertedSquare.add(x, p)
		}
		if c.importer == 0 {
			e.importers[t.importer].add(m/factor, p)
			e.groups[t.group].add(m/l.importers[t.importer], p)
		} else {
			e.wide.add(m, p)
			wide += p
		}
	}
	e.wideByGroup[t.group].add(wide/2, 1)
}

// maximise renews the model.
func (e *levelSums) maximise(l *levels) {
	e.variances(l.exporters, e.exporters)
	e.variances(l.importers, e.importers)
	e.shares(l)
	if e.wide.weights > 0 {
		l.wide = max((e.wide.squares+levelPrior*l.wide)/(e.wide.weights+levelPrior), leastWide)
	}
	if e.divertedMean.weights > 0 {
		mean := max(e.divertedMean.squares/e.divertedMean.weights, leastDiverted)
		l.diverted = mean
		l.divertedVariance = max(e.divertedSquare.squares/e.divertedSquare.weights-mean*mean, mean*mean/4)
		l.divertedShare = min(max(e.divertedMean.weights/e.lanes, leastShare), mostShare)
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
		share := (e.wideByGroup[g].squares + sharePrior*mean) / (e.wideByGroup[g].weights + sharePrior)
		l.wideShare[g] = min(max(share, leastShare), mostShare)
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
