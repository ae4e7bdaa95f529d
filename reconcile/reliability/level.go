package reliability

import (
	"math"

	"counterflow/data"
	"counterflow/data/reference"
)

// levelTerm is the center of one lane's gaps: importer's lasting deviation minus
// the exporter's, as far as it is known.
type levelTerm struct {
	exporter, importer, group int32
	class                     Class
	gap                       float64 // less the difference of biases
	variance                  float64 // of the center about the lane's level
}

// levels is the model of what stays with a lane. The deviation of a side is, most
// of the time, small: normal with the reporter's own variance. Some lines say
// half or double for years: normal with a large variance common to all. And an
// exporter may misname the destination, while the importer knows the origin
// (Schindler and Beckett 2005): a third component, in which the exporter says too
// little on ordinary lanes, and too much on lanes that begin or end at a hub. Its
// share and mean are what the gaps of a class of lanes have on one side over the
// other.
type levels struct {
	terms                []levelTerm
	exporters, importers []float64     // variances of the small component
	groups               []float64     // factors on them
	wide                 float64       // variance of the large component
	wideShare            []float64     // by group
	diverted             [classes]side // the third component by class
	usual, usualShare    float64       // stand for reporters and groups that are not known
	iterations           int
	converged            bool
}

// Class is what is known of a lane beforehand that makes it likely that the
// exporter misnames a destination.
type Class uint8

// The classes.
const (
	Ordinary Class = iota
	ToHub          // the importer is an entrepot
	FromHub        // the exporter is
	classes
)

func classOf(exporter, importer data.Economy) Class {
	switch {
	case reference.IsHub(exporter):
		return FromHub
	case reference.IsHub(importer):
		return ToHub
	}
	return Ordinary
}

// beforehand is what the third component of each class leans on: the exporter
// says too little where a hub may stand between, too much where one is named.
var beforehand = [classes]side{{0.05, -0.4, 0.1}, {0.1, 0.5, 0.2}, {0.1, 0.5, 0.2}}

const (
	levelCap       = 300
	levelTolerance = 3e-3 // of log variances and log odds
	levelPrior     = 10   // lanes by which a reporter leans on the mean of all
	sharePrior     = 20   // lanes by which a group leans on the share of all
	leastLevel     = 1e-4 // a lasting deviation of 1%
	leastWide      = 0.05
	leastDiverted  = 0.01
	misnamedPrior  = 5 // lanes by which the third component leans on what is usual
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
	d := l.diverted[t.class]
	exporter = [3]side{{1 - wide - d.share, 0, x}, {wide, 0, l.wide}, {d.share, d.mean, d.variance + x}}
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
	v = append(v, math.Log(l.wide))
	for _, d := range l.diverted {
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
		l.wideShare[g] = min(max(odds(v[g]), leastShare), mostShare)
	}
	v = v[len(l.wideShare):]
	l.wide = max(math.Exp(v[0]), leastWide)
	for c := range l.diverted {
		d := v[1+3*c:]
		l.diverted[c] = side{min(max(odds(d[0]), leastShare), mostShare), d[1], max(math.Exp(d[2]), leastDiverted)}
	}
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
	diverted                     [classes]struct{ mean, square sum }
	lanes                        [classes]float64
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
	e.wide, e.lanes = sum{}, [classes]float64{}
	clear(e.diverted[:])
}

func (e *levelSums) add(t *levelTerm, l *levels, causes *[6]cause) {
	e.lanes[t.class]++
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
			e.diverted[t.class].mean.add(c.x, p)
			e.diverted[t.class].square.add(x, p)
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
	for c := range l.diverted {
		l.diverted[c] = e.misnamed(Class(c))
	}
	e.factors(l)
}

// misnamed renews the third component of a class.
func (e *levelSums) misnamed(c Class) side {
	lean := beforehand[c]
	weight := e.diverted[c].mean.weights
	d := side{share: (weight + sharePrior*lean.share) / (e.lanes[c] + sharePrior)}
	d.mean = (e.diverted[c].mean.squares + misnamedPrior*lean.mean) / (weight + misnamedPrior)
	square := (e.diverted[c].square.squares + misnamedPrior*(lean.variance+lean.mean*lean.mean)) / (weight + misnamedPrior)
	d.variance = max(square-d.mean*d.mean, d.mean*d.mean/4, leastDiverted)
	d.share = min(max(d.share, leastShare), mostShare)
	return d
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
