package reliability

import (
	"fmt"
	"math"
	"slices"

	"counterflow/data"
	"counterflow/reconcile/margin"
	"counterflow/reconcile/mirror"
	"counterflow/reconcile/timing"
)

// Settings configures [Fit]. The zero value is the ordinary one.
type Settings struct {
	// Group names the commodity group of a commodity; nil for the chapter.
	Group func(data.Commodity) string
	// Starts is the number of starting points of the variances, 0 for 3.
	Starts int
}

// Chapter is the first two digits of a code.
func Chapter(c data.Commodity) string { return c.Truncate(2).Code() }

// Estimate is what is known of one reporter in one role, measure and commodity
// group, natural logs.
type Estimate struct {
	Bias    float64
	BiasSE  float64
	Sigma   float64 // from period to period, or in all where lanes have no history
	Lasting float64 // between lanes, 0 where Sigma holds it
	N       int     // periods of lanes behind it; 0 for the mean of all reporters
}

// Model is the fitted reliability of all reporters.
type Model struct {
	Converged bool
	Warnings  []string
	measures  [3]*measureFit // by mirror.Measure
	grouping  func(data.Commodity) string
	scores    []Score
}

// measureFit is the model of one measure.
type measureFit struct {
	measure       mirror.Measure
	history       bool // lanes are long enough to tell lasting from passing
	economies     [2]map[data.Economy]int
	groups        map[string]int
	within, level *additive // level is nil without history
	biases        *biases
	periods       [2][]int
	names         [2][]data.Economy
	groupNames    []string
	typical       Estimate
}

const (
	// leastHistory is the number of compared periods from which a lane has a
	// spread of its own.
	leastHistory = 5
	withinTail   = 8
	levelTail    = 4
	economyPrior = 4 // degrees of freedom at the mean of the role
	levelPrior   = 20
)

// Fit learns the reliability of every reporter from pairs that lie in order,
// in weight and in value. Where a measure cannot be compared anywhere, a warning
// says so and every reporter counts as equally reliable.
func Fit(pairs []mirror.Pair, margins *margin.Model, timings *timing.Model, settings Settings) *Model {
	if settings.Group == nil {
		settings.Group = Chapter
	}
	if settings.Starts <= 0 {
		settings.Starts = 3
	}
	m := &Model{Converged: true, grouping: settings.Group}
	for _, measure := range []mirror.Measure{mirror.Weight, mirror.Value} {
		m.measures[measure] = m.fit(observe(pairs, measure, margins, timings, settings.Group), settings)
	}
	return m
}

func (m *Model) warn(format string, args ...any) {
	m.Warnings = append(m.Warnings, fmt.Sprintf("reliability: "+format, args...))
}

// fit models one measure.
func (m *Model) fit(g *gaps, settings Settings) *measureFit {
	f := &measureFit{measure: g.measure, names: [2][]data.Economy{g.exporters, g.importers}, groupNames: g.groups, groups: map[string]int{}}
	f.index(g)
	if len(g.lanes) == 0 {
		m.warn("in %s no lane was declared by two sides: all reporters count as equally reliable", g.measure)
		f.typical = Estimate{Sigma: 0.5, BiasSE: 0.1}
		return f
	}
	f.history = g.hasHistory()
	if f.history {
		f.within = m.vary(g, withinTerms(g), withinTail, economyPrior, settings.Starts)
		f.levels(m, g, settings.Starts)
	} else {
		m.warn("in %s lanes are too short to tell lasting gaps from passing ones: one spread holds both", g.measure)
		f.levels(m, g, settings.Starts)
		f.within, f.level = f.level, nil
	}
	f.average()
	m.scores = append(m.scores, f.scores()...)
	return f
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

// hasHistory says whether enough lanes are long enough: a dozen degrees of
// freedom a reporter.
func (g *gaps) hasHistory() bool {
	freedom := 0
	for i := range g.lanes {
		if n := int(g.lanes[i].n); n >= leastHistory {
			freedom += n - 1
		}
	}
	return freedom >= 12*(len(g.exporters)+len(g.importers))
}

func withinTerms(g *gaps) []term {
	var terms []term
	for i := range g.lanes {
		if l := &g.lanes[i]; l.n >= leastHistory {
			terms = append(terms, term{l.exporter, l.importer, l.group, float64(l.n - 1), l.variance, 0})
		}
	}
	return terms
}

// vary fits the additive variances from several starts and keeps the likeliest.
func (m *Model) vary(g *gaps, terms []term, tail, prior float64, starts int) *additive {
	total := 0.0
	for i := range terms {
		total += min(terms[i].square, 4)
	}
	total = max(total/float64(len(terms)), 100*leastVariance)
	var best *additive
	most, apart := math.Inf(-1), 0.0
	for start := range starts {
		share := [...]float64{0.5, 0.9, 0.1}[start%3]
		a := &additive{terms: terms, tail: tail, prior: prior, groups: slices.Repeat([]float64{1}, len(g.groups)),
			exporters: slices.Repeat([]float64{total * share}, len(g.exporters)),
			importers: slices.Repeat([]float64{total * (1 - share)}, len(g.importers))}
		fitAdditive(a)
		if !a.equalMeans() {
			m.warn("in %s equal mean variances of exporters and importers would make one negative: they are as equal as they can be", g.measure)
		}
		likelihood := a.likelihood()
		if best != nil {
			apart = max(apart, furthest(best, a))
		}
		if likelihood > most {
			best, most = a, likelihood
		}
	}
	if !best.converged {
		m.Converged = false
		m.warn("in %s the variances still moved after %d rounds", g.measure, best.iterations)
	}
	if apart > 0.1 {
		m.warn("in %s several starts lead to spreads up to %.0f%% apart: the likeliest is kept", g.measure, 100*apart)
	}
	return best
}

// furthest is the largest relative difference of spreads between two fits.
func furthest(a, b *additive) float64 {
	most := 0.0
	for i, v := range a.exporters {
		most = max(most, math.Abs(0.5*math.Log(v/b.exporters[i])))
	}
	for i, v := range a.importers {
		most = max(most, math.Abs(0.5*math.Log(v/b.importers[i])))
	}
	return most
}

const levelRounds = 3

// levels fits biases and the variances of what stays with a lane, by turns: the
// one needs the other for its weights.
func (f *measureFit) levels(m *Model, g *gaps, starts int) {
	centers, terms := make([]center, len(g.lanes)), make([]term, len(g.lanes))
	for i := range g.lanes {
		l := &g.lanes[i]
		offset := 0.0
		if f.within != nil {
			offset = f.within.groups[l.group] * (f.within.exporters[l.exporter] + f.within.importers[l.importer]) / float64(l.n)
		}
		centers[i] = center{l.exporter, l.importer, l.center, offset + 0.05}
		terms[i] = term{l.exporter, l.importer, l.group, 1, 0, offset}
	}
	for round := range levelRounds {
		f.biases = fitBiases(centers, len(g.exporters), len(g.importers))
		for i := range terms {
			t := &terms[i]
			rest := centers[i].gap - f.biases.importers[t.importer] + f.biases.exporters[t.exporter]
			t.square = rest * rest
		}
		if round < levelRounds-1 {
			starts = 1
		}
		f.level = m.vary(g, terms, levelTail, levelPrior, starts)
		for i := range centers {
			t := &terms[i]
			centers[i].variance = t.offset + f.level.groups[t.group]*(f.level.exporters[t.exporter]+f.level.importers[t.importer])
		}
	}
	if !f.biases.converged {
		m.Converged = false
		m.warn("in %s the biases still moved after %d rounds", g.measure, f.biases.iterations)
	}
}

// average is what stands for a reporter that is not known.
func (f *measureFit) average() {
	f.typical = Estimate{Sigma: math.Sqrt(average(f.within.exporters)), BiasSE: math.Sqrt(f.biases.between)}
	if f.level != nil {
		f.typical.Lasting = math.Sqrt(average(f.level.exporters) * f.level.levelFactor())
	}
	f.typical.Sigma *= math.Sqrt(f.within.levelFactor())
}

// levelFactor turns the squared scale of Student's t into a variance.
func (a *additive) levelFactor() float64 {
	if a.tail <= 2 {
		return 1
	}
	return a.tail / (a.tail - 2)
}

// Of gives the reliability of a reporter for a commodity. One that was never
// compared counts as the mean of all.
func (m *Model) Of(e data.Economy, role Role, measure mirror.Measure, c data.Commodity) Estimate {
	f := m.measures[measure]
	side := 0
	if role == AsImporter {
		side = 1
	}
	at, known := f.economies[side][e]
	if !known {
		return f.typical
	}
	group, known := f.groups[m.grouping(c)]
	if !known {
		group = -1
	}
	return f.estimate(side, at, group)
}

// estimate puts together what is known of one reporter; group -1 is all.
func (f *measureFit) estimate(side, at, group int) Estimate {
	e := Estimate{Bias: f.biases.of(side, at), BiasSE: f.biases.seOf(side, at), N: f.periods[side][at]}
	e.Sigma = math.Sqrt(f.within.of(side, at, group) * f.within.levelFactor())
	if f.level != nil {
		e.Lasting = math.Sqrt(f.level.of(side, at, group) * f.level.levelFactor())
	}
	return e
}

func (a *additive) of(side, at, group int) float64 {
	v := a.exporters
	if side == 1 {
		v = a.importers
	}
	if group < 0 {
		return v[at]
	}
	return v[at] * a.groups[group]
}

func (b *biases) of(side, at int) float64 {
	if side == 0 {
		return b.exporters[at]
	}
	return b.importers[at]
}

func (b *biases) seOf(side, at int) float64 {
	if side == 0 {
		return b.exporterSE[at]
	}
	return b.importerSE[at]
}

// Scores lists every reporter, by measure, role and economy.
func (m *Model) Scores() []Score { return m.scores }

func (f *measureFit) scores() []Score {
	var scores []Score
	for side, names := range f.names {
		role := [...]Role{AsExporter, AsImporter}[side]
		for i, e := range names {
			x := f.estimate(side, i, -1)
			s := Score{Economy: e, Role: role, Measure: f.measure, Group: AllGroups, Bias: x.Bias, Sigma: x.Sigma, Lasting: x.Lasting, N: x.N}
			if f.level == nil {
				s.Lasting = math.NaN()
			}
			scores = append(scores, s)
		}
	}
	return scores
}

// Variance is that of one report of one lane and period about the truth.
func (e Estimate) Variance() float64 {
	return e.Sigma*e.Sigma + e.Lasting*e.Lasting + e.BiasSE*e.BiasSE
}
