package difference

import (
	"cmp"
	"slices"

	"counterflow/data"
	"counterflow/reconcile/mirror"
)

// reports says who published what when in one run.
type reports struct {
	periods map[data.Period]bool
	spoke   map[report]bool
}

type report struct {
	economy   data.Economy
	direction data.Direction
	period    data.Period
}

func newReports(coverage []mirror.Coverage) *reports {
	r := &reports{periods: map[data.Period]bool{}, spoke: map[report]bool{}}
	for i := range coverage {
		if c := &coverage[i]; c.Presence == mirror.Reported {
			r.periods[c.Period] = true
			r.spoke[report{c.Economy, c.Direction, c.Period}] = true
		}
	}
	return r
}

// arrivals lists what the rows of one run have and the other run lacks, in
// periods that both have. The rows are by economy, direction and period.
func arrivals(rows []mirror.Coverage, other *reports) []Arrival {
	var found []Arrival
	for i := range rows {
		c := &rows[i]
		if c.Presence == mirror.Reported && other.periods[c.Period] && !other.spoke[report{c.Economy, c.Direction, c.Period}] {
			found = append(found, Arrival{c.Economy, c.Direction, c.Period, c.Rows, c.Value})
		}
	}
	return found
}

// missingFrom lists the periods that one run has and the other lacks.
func missingFrom(other, run *reports) []data.Period {
	var periods []data.Period
	for p := range run.periods {
		if !other.periods[p] {
			periods = append(periods, p)
		}
	}
	slices.Sort(periods)
	return periods
}

func byLane(a, b *mirror.Pair) int {
	return cmp.Or(cmp.Compare(bare(a.Commodity), bare(b.Commodity)), cmp.Compare(a.Exporter, b.Exporter),
		cmp.Compare(a.Importer, b.Importer), cmp.Compare(a.Period, b.Period))
}

// ordered gives the pairs in the order of their table, as a copy where they are
// not.
func ordered(pairs []mirror.Pair) []mirror.Pair {
	by := func(a, b mirror.Pair) int { return byLane(&a, &b) }
	if slices.IsSortedFunc(pairs, by) {
		return pairs
	}
	pairs = slices.Clone(pairs)
	slices.SortStableFunc(pairs, by)
	return pairs
}

// walk visits every corridor and period of either run once. A run that has no
// such pair gives nil.
func walk(before, after []mirror.Pair, visit func(before, after *mirror.Pair)) {
	i, j := 0, 0
	for i < len(before) || j < len(after) {
		order := 0
		switch {
		case i == len(before):
			order = 1
		case j == len(after):
			order = -1
		default:
			order = byLane(&before[i], &after[j])
		}
		switch {
		case order < 0:
			visit(&before[i], nil)
			i++
		case order > 0:
			visit(nil, &after[j])
			j++
		default:
			visit(&before[i], &after[j])
			i++
			j++
		}
	}
}

// sides gives what each reporter stated then and now: exports first.
func sides(before, after *mirror.Pair) [2]Revision {
	at := after
	if at == nil {
		at = before
	}
	revision := func(d data.Direction) Revision {
		r := Revision{Commodity: bare(at.Commodity), Exporter: at.Exporter, Importer: at.Importer, Period: at.Period, Direction: d}
		r.KgBefore, r.Before = stated(before, d)
		r.KgAfter, r.After = stated(after, d)
		return r
	}
	return [2]Revision{revision(data.Export), revision(data.Import)}
}

func stated(p *mirror.Pair, d data.Direction) (data.Kg, data.USD) {
	switch {
	case p == nil:
		return data.MissingKg, data.MissingUSD
	case d == data.Export:
		return p.XKg, data.USD(p.XUSD)
	}
	return p.MKg, data.USD(p.MUSD)
}

func (r *Revision) statedBefore() bool { return r.KgBefore.Known() || r.Before.Known() }
func (r *Revision) statedAfter() bool  { return r.KgAfter.Known() || r.After.Known() }
func (r *Revision) same() bool         { return r.KgBefore == r.KgAfter && r.Before == r.After }

// Relative is the larger of the relative changes in weight and in value: the
// difference as a share of the larger of the two amounts, 0 to 1, and 1 where
// one of them was not stated.
func (r *Revision) Relative() float64 {
	return max(relative(int64(r.KgBefore), int64(r.KgAfter), int64(data.MissingKg)),
		relative(int64(r.Before), int64(r.After), int64(data.MissingUSD)))
}

func relative(before, after, missing int64) float64 {
	switch {
	case before == after:
		return 0
	case before == missing || after == missing:
		return 1
	}
	return float64(max(before, after)-min(before, after)) / float64(max(before, after))
}

// Change is the change in value, a missing one taken as nothing stated.
func (r *Revision) Change() data.USD {
	return known(r.After) - known(r.Before)
}

func known(v data.USD) data.USD { return max(v, 0) }

// large says whether the revision is one to list.
func (r *Revision) large(o Options) bool {
	if r.Relative() < o.Level {
		return false
	}
	if !r.Before.Known() && !r.After.Known() {
		return true
	}
	return max(r.Before, r.After).Float() >= o.MinimumUSD
}
