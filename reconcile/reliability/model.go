package reliability

import (
	"fmt"

	"counterflow/data"
	"counterflow/reconcile/margin"
	"counterflow/reconcile/mirror"
	"counterflow/reconcile/timing"
)

// Settings configures [Fit]. The zero value is the ordinary one.
type Settings struct {
	// Group names the commodity group of a commodity; nil for the chapter.
	Group func(data.Commodity) string
	// Rounds caps every iteration below its usual cap; 0 leaves the usual ones.
	// What had not settled by then is said in Converged and Warnings.
	Rounds int
}

// Chapter is the first two digits of a code.
func Chapter(c data.Commodity) string { return c.Truncate(2).Code() }

// Model is the fitted reliability of all reporters.
type Model struct {
	Converged bool // every iteration settled
	Warnings  []string
	rounds    rounds
	measures  [3]*measureFit // by mirror.Measure
	hubs      *[1 << data.EconomyBits]bool
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
	m := &Model{Converged: true, grouping: settings.Group, route: margins.Route, hubs: hubsOf(), rounds: rounds(settings.Rounds)}
	lanes, both := countLanes(pairs)
	room := make([]sizeLane, 0, both) // ten million lanes are too many to make it twice
	var all [2]*gaps
	var fits [2]*measureFit
	for i, measure := range []mirror.Measure{mirror.Weight, mirror.Value} {
		all[i] = m.observe(pairs, lanes, measure, margins, timings, room)
		fits[i] = m.begin(all[i])
	}
	m.varyBoth(all, fits)
	for i, f := range fits {
		f.finish(m, all[i])
		m.measures[f.measure] = f
	}
	return m
}

// rounds is the cap of an iteration, of which 0 leaves the usual one.
type rounds int

func (r rounds) within(usual int) int {
	if r > 0 {
		return min(int(r), usual)
	}
	return usual
}

func (m *Model) warn(format string, args ...any) {
	m.Warnings = append(m.Warnings, fmt.Sprintf("reliability: "+format, args...))
}
