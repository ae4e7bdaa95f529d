package reconcile

import (
	"slices"

	"counterflow/data"
	"counterflow/reconcile/mirror"
)

// upTo gives a run on what is about periods up to a month, ready to go from pairs
// to cases. Nothing of r is changed.
func (r *runner) upTo(month data.Period) *runner {
	whole := r.result
	known := func(p data.Period) bool { return p.End() <= month }
	cut := &runner{
		settings: r.settings, hooks: r.hooks, reading: r.reading, thresholds: r.thresholds,
		patches: r.patches, exclusions: r.exclusions, producers: r.producers,
		result: &Result{
			Settings: r.settings, Inputs: whole.Inputs, Files: whole.Files, Rejects: whole.Rejects, Factors: whole.Factors,
			Pairs:    keep(whole.Pairs, func(p *mirror.Pair) bool { return known(p.Period) }),
			Totals:   keep(whole.Totals, func(f *data.Flow) bool { return known(f.Period) }),
			Coverage: coverageOf(whole.Coverage, known),
			Events:   keep(whole.Events, func(e *Event) bool { return known(e.Announced) }),
			Warnings: slices.Clone(whole.Warnings),
		},
		warned:   r.warned,
		balances: keep(r.balances, func(b *data.Balance) bool { return known(b.Period) }),
	}
	cut.declared = r.editionsUpTo(cut.result.Pairs)
	if r.parcels != nil {
		parcels := *r.parcels
		parcels.Rows = keep(r.parcels.Rows, func(c *data.Consignment) bool { return known(c.Day.Month()) })
		cut.parcels = &parcels
	}
	return cut
}

// keep copies the rows that are wanted; the copy is never nil.
func keep[T any](rows []T, wanted func(*T) bool) []T {
	kept := []T{}
	for i := range rows {
		if wanted(&rows[i]) {
			kept = append(kept, rows[i])
		}
	}
	return kept
}

// coverageOf leaves out later periods, and reporters that had said nothing yet: a
// reporter is silent in a period only once it is known to report.
func coverageOf(rows []mirror.Coverage, known func(data.Period) bool) []mirror.Coverage {
	spoke := map[data.Economy]bool{}
	for i := range rows {
		if c := &rows[i]; known(c.Period) && c.Presence == mirror.Reported {
			spoke[c.Economy] = true
		}
	}
	return keep(rows, func(c *mirror.Coverage) bool { return known(c.Period) && spoke[c.Economy] })
}

// editionsUpTo tells in which editions each commodity was declared so far. A pair
// that pools editions does not say which; those are what its two reporters used in
// that period. Where a reporter mixed them, all that the commodity ever stands in
// count.
func (r *runner) editionsUpTo(pairs []mirror.Pair) map[data.Commodity]data.Editions {
	if len(pairs) == len(r.result.Pairs) {
		return r.declared
	}
	type reports struct {
		economy   data.Economy
		direction data.Direction
		period    data.Period
	}
	used := map[reports]data.Edition{}
	for i := range r.result.Coverage {
		c := &r.result.Coverage[i]
		used[reports{c.Economy, c.Direction, c.Period}] = c.Edition
	}
	declared := map[data.Commodity]data.Editions{}
	for i := range pairs {
		p := &pairs[i]
		editions := []data.Edition{p.Edition}
		if p.Edition == data.EditionMixed {
			editions = []data.Edition{used[reports{data.Economy(p.Exporter), data.Export, p.Period}], used[reports{data.Economy(p.Importer), data.Import, p.Period}]}
		}
		for _, edition := range editions {
			if edition == data.EditionMixed {
				declared[p.Commodity] |= r.declared[p.Commodity]
			} else {
				declared[p.Commodity] = declared[p.Commodity].With(edition)
			}
		}
	}
	return declared
}
