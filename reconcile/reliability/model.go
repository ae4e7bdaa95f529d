package reliability

import (
	"fmt"
	"math"

	"counterflow/data"
	"counterflow/reconcile/margin"
	"counterflow/reconcile/mirror"
	"counterflow/reconcile/timing"
)

// Settings configures [Fit]. The zero value is the ordinary one.
type Settings struct {
	// Group names the commodity group of a commodity; nil for the chapter.
	Group func(data.Commodity) string
	Route func(data.Exporter, data.Importer) margin.Route // nil for [margin.ReferenceRoute]
}

// Chapter is the first two digits of a code.
func Chapter(c data.Commodity) string { return c.Truncate(2).Code() }

// Model is the fitted reliability of all reporters.
type Model struct {
	Converged bool
	Warnings  []string
	measures  [3]*measureFit // by mirror.Measure
	grouping  func(data.Commodity) string
	route     func(data.Exporter, data.Importer) margin.Route
}

// Fit learns the reliability of every reporter from pairs that lie in order,
// in weight and in value. Where a measure cannot be compared anywhere, a warning
// says so and every reporter counts as equally reliable.
func Fit(pairs []mirror.Pair, margins *margin.Model, timings *timing.Model, settings Settings) *Model {
	if settings.Group == nil {
		settings.Group = Chapter
	}
	if settings.Route == nil {
		settings.Route = margin.ReferenceRoute
	}
	m := &Model{Converged: true, grouping: settings.Group, route: settings.Route}
	for _, measure := range []mirror.Measure{mirror.Weight, mirror.Value} {
		m.measures[measure] = m.fit(observe(pairs, measure, margins, timings, settings))
	}
	return m
}

func (m *Model) warn(format string, args ...any) {
	m.Warnings = append(m.Warnings, fmt.Sprintf("reliability: "+format, args...))
}

// Lane is what is known beforehand of the two sides of a lane, natural logs.
type Lane struct {
	X, M    Side
	History bool // passing and lasting deviations are told apart
	levels  *levels
	term    levelTerm
	hint    func(own float64) sizeHint
}

// Side is what is known of one side of a lane.
type Side struct {
	Bias     float64
	BiasSE   float64
	Variance float64 // of a period about the lane's level, 0 without history
}

// Lane gives what is known of the two sides of a lane. A reporter that was never
// compared counts as the mean of all.
func (m *Model) Lane(exporter data.Exporter, importer data.Importer, measure mirror.Measure, c data.Commodity) Lane {
	f := m.measures[measure]
	x, m2, g := f.place(0, data.Economy(exporter)), f.place(1, data.Economy(importer)), f.placeGroup(m.grouping(c))
	l := Lane{History: f.history, levels: f.levels, term: levelTerm{exporter: int32(x), importer: int32(m2), group: int32(g), class: classOf(data.Economy(exporter), data.Economy(importer))}}
	l.X, l.M = f.side(0, x, g), f.side(1, m2, g)
	l.hint = func(own float64) sizeHint {
		return f.sizes.hint(c, data.Economy(exporter), data.Economy(importer), m.route, own)
	}
	return l
}

func (f *measureFit) place(side int, e data.Economy) int {
	if at, ok := f.economies[side][e]; ok {
		return at
	}
	return -1
}

func (f *measureFit) placeGroup(name string) int {
	if at, ok := f.groups[name]; ok {
		return at
	}
	return -1
}

// unknownVariance is that of a period of a reporter when nothing at all could be
// compared: errors of half.
const unknownVariance = 0.25

func (f *measureFit) side(side, at, group int) Side {
	s := Side{BiasSE: math.Sqrt(f.biases.between)}
	if at >= 0 {
		s.Bias, s.BiasSE = f.biases.of(side, at)
	}
	if f.spreads != nil {
		s.Variance = f.spreads.variance(side, at, group)
	}
	return s
}

func (b *biases) of(side, at int) (bias, se float64) {
	if side == 0 {
		return b.exporters[at], b.exporterSE[at]
	}
	return b.importers[at], b.importerSE[at]
}

// variance of a reporter in a group; negative places stand for the mean.
func (s *spreads) variance(side, at, group int) float64 {
	log := s.center
	if at >= 0 {
		log = s.log[side*s.exporters+at]
	}
	if group >= 0 {
		log += s.log[s.exporters+s.importers+group]
	}
	if at >= 0 && group >= 0 {
		log += s.cells[cellKey{side, int32(at), int32(group)}].log
	}
	return math.Exp(log)
}
