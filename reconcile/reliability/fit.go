package reliability

import (
	"math"
	"slices"

	"counterflow/data"
	"counterflow/reconcile/mirror"
)

// measureFit is the model of one measure.
type measureFit struct {
	measure    mirror.Measure
	history    bool // lanes are long enough to tell lasting from passing
	names      [2][]data.Economy
	economies  [2]map[data.Economy]int
	groups     map[string]int
	groupNames []string
	periods    [2][]int
	spreads    *spreads // nil without history
	levels     *levels
	biases     *biases
	sizes      *sizes                           // nil where too few lanes tell
	places     [2]*[1 << data.EconomyBits]int32 // 1 + number of a reporter, by role
	variances  [2][]float64                     // by role, reporter and group, each counted from -1
	odd        [][classes][2]Deviation          // by group from -1, class and role
	ways       [][classes]wayTable              // by group from -1 and class
}

// begin models what one measure tells before spreads are known, and lets go of
// the room for sizes.
func (m *Model) begin(g *gaps) *measureFit {
	f := &measureFit{measure: g.measure, names: [2][]data.Economy{g.exporters, g.importers}, groups: map[string]int{}, groupNames: g.groups}
	f.index(g)
	m.settled(g)
	if f.history = g.hasHistory(); !f.history && len(g.lanes) > 0 {
		m.warn("in %s lanes are too short to tell lasting gaps from passing ones: one spread holds both", g.measure)
	}
	f.sizes = fitSizes(g.sizes, g.starts, g.commodities)
	g.sizes = nil
	return f
}

// finish models what lasts.
func (f *measureFit) finish(m *Model, g *gaps) {
	thin := g.thinned(levelLanes)
	f.settle(m, thin)
	f.lowOrHigh(m, thin)
	f.tabulate()
}

// mostUnsettled is the share of lanes whose own spreads may still move without a
// warning.
const mostUnsettled = 0.01

// settled warns where the spreads of too many lanes still moved.
func (m *Model) settled(g *gaps) {
	if float64(g.unsettled) > mostUnsettled*float64(len(g.lanes)) {
		m.Converged = false
		m.warn("in %s the spreads of %d of %d lanes still moved after %d rounds", g.measure, g.unsettled, len(g.lanes), m.rounds.within(gapRounds))
	}
}

// levelLanes is the number of lanes from which levels are learned. Their model has
// few parameters beside one a reporter, and takes the most time.
const levelLanes = 10_000

// thinned is the same with so many lanes at most, evenly taken.
func (g *gaps) thinned(most int) *gaps {
	if len(g.lanes) <= most {
		return g
	}
	thin := *g
	thin.lanes = make([]laneGaps, most)
	for i := range most {
		thin.lanes[i] = g.lanes[i*len(g.lanes)/most]
	}
	return &thin
}

func (f *measureFit) index(g *gaps) {
	for side, names := range f.names {
		f.economies[side] = map[data.Economy]int{}
		f.periods[side] = make([]int, len(names))
		for i, e := range names {
			f.economies[side][e] = i
		}
	}
	for i, name := range g.groups {
		f.groups[name] = i
	}
	for i := range g.lanes {
		l := &g.lanes[i]
		f.periods[0][l.exporter] += int(l.n)
		f.periods[1][l.importer] += int(l.n)
	}
}

// hasHistory says whether lanes are long enough for a spread of their own: five
// of them for every reporter, counted over both roles.
func (g *gaps) hasHistory() bool {
	n := 0
	for i := range g.lanes {
		if l := &g.lanes[i]; l.n >= leastHistory && l.tells() {
			n++
		}
	}
	return n > 0 && n >= 2*(len(g.exporters)+len(g.importers))
}

// starts are the shares of a typical variance that exporters are given at first:
// the loss has several minima where few lanes tie reporters together.
var starts = [...]float64{0.5, 0.9, 0.1}

// spreadTerms lists what the lanes tell of spreads, with the logarithms of their
// variances.
func (g *gaps) spreadTerms() (terms []spreadTerm, logs []float64) {
	for i := range g.lanes {
		if l := &g.lanes[i]; l.tells() {
			terms = append(terms, newSpreadTerm(l))
			logs = append(logs, math.Log(max(l.variance, leastSquare)))
		}
	}
	return terms, logs
}

// vary fits the variances from several starts and keeps the best.
func (m *Model) vary(g *gaps) *spreads {
	terms, logs := g.spreadTerms()
	usual := centerTraits(terms)
	typical := average(logs)
	var best *spreads
	apart := 0.0
	for _, share := range starts {
		s := &spreads{terms: slices.Clone(terms), exporters: len(g.exporters), importers: len(g.importers), center: typical - math.Ln2, between: 0.5, betweenGroups: 0.5, own: 0.3, most: m.rounds}
		s.log = append(s.log, slices.Repeat([]float64{typical + math.Log(share)}, s.exporters)...)
		s.log = append(s.log, slices.Repeat([]float64{typical + math.Log(1-share)}, s.importers)...)
		s.log = append(s.log, make([]float64, len(g.groups)+traits)...)
		fitSpreads(s)
		if best != nil {
			apart = max(apart, furthest(best.log[:s.exporters+s.importers], s.log[:s.exporters+s.importers])/2)
		}
		if best == nil || s.loss < best.loss {
			best = s
		}
	}
	if !best.converged {
		m.Converged = false
		m.warn("in %s the variances still moved after %d rounds", g.measure, best.iterations)
	}
	best.cells, best.usual = best.depart(), usual
	if apart > 0.1 {
		m.warn("in %s several starts lead to spreads up to %.0f%% apart: the best is kept", g.measure, 100*apart)
	}
	return best
}

func furthest(a, b []float64) float64 {
	most := 0.0
	for i := range a {
		most = max(most, math.Abs(a[i]-b[i]))
	}
	return most
}

const levelRounds = 4

// settle fits biases and the model of levels by turns: each needs the other.
func (f *measureFit) settle(m *Model, g *gaps) {
	nx, nm, ng := len(g.exporters), len(g.importers), len(g.groups)
	f.biases = newBiases(nx, nm)
	f.levels = newLevels(len(g.lanes), nx, nm, ng)
	f.biases.most, f.levels.most = m.rounds, m.rounds
	if len(g.lanes) == 0 {
		m.warn("in %s no lane was declared by two sides: all reporters count as equally reliable", g.measure)
		f.biases.converged, f.levels.converged = true, true
		f.levels.usual, f.levels.usualShare = unknownVariance, leastShare
		return
	}
	centers := make([]center, len(g.lanes))
	for range levelRounds {
		for i := range g.lanes {
			l := &g.lanes[i]
			f.levels.terms[i] = levelTerm{exporter: l.exporter, importer: l.importer, group: l.group, class: m.classOf(g.exporters[l.exporter], g.importers[l.importer]),
				gap: l.center + f.biases.exporters[l.exporter] - f.biases.importers[l.importer], variance: f.offset(l)}
		}
		fitLevels(f.levels)
		for i := range centers {
			centers[i] = f.levels.workingGap(&f.levels.terms[i], g.lanes[i].center)
		}
		fitBiases(f.biases, centers)
	}
	f.biases.errors(centers)
	if !f.levels.converged || !f.biases.converged {
		m.Converged = false
		m.warn("in %s levels or biases still moved after %d and %d rounds", g.measure, f.levels.iterations, f.biases.iterations)
	}
}

const (
	lowRounds    = 100
	lowTolerance = 1e-3
	lowPrior     = 20 // odd lanes by which the share leans on one half
)

// lowOrHigh estimates how many of the wide and broken deviations lie below the
// truth, from the sizes that lanes should have: the share under which the sizes
// of lanes whose sides part for good are likeliest, by expectation and
// maximisation.
func (f *measureFit) lowOrHigh(m *Model, g *gaps) {
	if f.sizes == nil {
		return
	}
	terms := f.levels.terms
	known := make([]sizeHint, len(terms))
	for i := range terms {
		l := &g.lanes[i]
		x, importer := g.exporters[l.exporter], g.importers[l.importer]
		distance := distanceOf(m.route(data.Exporter(x), data.Importer(importer)))
		if b := f.sizes.blocks[l.commodity]; b != nil && !math.IsNaN(l.size) {
			known[i] = f.sizes.hint(b, find(b.exporters, x), find(b.importers, importer), distance, l.size)
		}
	}
	for range m.rounds.within(lowRounds) {
		low, off := lowPrior/2.0, float64(lowPrior)
		for i := range terms {
			if !known[i].ok {
				continue
			}
			l := &g.lanes[i]
			known[i].report = l.size - l.center/2 - f.biases.exporters[l.exporter]
			causes := f.levels.causes(&terms[i], &known[i])
			for j := range causes {
				c := &causes[j]
				for _, component := range ways[j] {
					switch component {
					case wideLow, brokenLow:
						low += c.probability
						off += c.probability
					case wideHigh, brokenHigh:
						off += c.probability
					}
				}
			}
		}
		before := f.levels.low
		f.levels.low = low / off
		if math.Abs(f.levels.low-before) < lowTolerance {
			return
		}
	}
	m.Converged = false
	m.warn("in %s the share of deviations that lie below the truth still moved after %d rounds", f.measure, m.rounds.within(lowRounds))
}

// offset is the variance of a lane's center about the lane's level.
func (f *measureFit) offset(l *laneGaps) float64 {
	if !f.history {
		return 0
	}
	if l.centerVariance > 0 {
		return l.centerVariance
	}
	s := f.spreads
	expected := math.Exp(s.log[s.exporters+s.importers+int(l.group)]) * (math.Exp(s.log[l.exporter]) + math.Exp(s.log[s.exporters+int(l.importer)]))
	return math.Pi / 2 * expected / float64(l.n)
}

// workingGap takes off the mean that the likely causes give a gap, and gives the
// precision that they leave it.
func (l *levels) workingGap(t *levelTerm, gap float64) center {
	causes := l.causes(t, &unhinted)
	exporter, importer := l.sides(t)
	c := center{exporter: t.exporter, importer: t.importer}
	shift := 0.0
	for i := range causes {
		x, m := &exporter[ways[i][0]], &importer[ways[i][1]]
		w := causes[i].probability / (x.variance + m.variance + t.variance)
		c.precision += w
		shift += w * (m.mean - x.mean)
	}
	c.gap = gap - shift/c.precision
	return c
}
