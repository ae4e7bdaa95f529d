package difference

import (
	"cmp"
	"math"
	"slices"

	"counterflow/data"
	"counterflow/reconcile/cases"
)

// identity is what makes two cases candidates for being the same.
type identity struct {
	kind           cases.Kind
	goods, related data.Commodity
	exporter       data.Exporter
	importer       data.Importer
	via            data.Economy
}

func whole(c *cases.Case) identity {
	return identity{c.Kind, bare(c.Goods), bare(c.Related), c.Exporter, c.Importer, c.Via}
}

// lane leaves out the kind, and what only some kinds have.
func lane(c *cases.Case) identity {
	return identity{goods: bare(c.Goods), exporter: c.Exporter, importer: c.Importer}
}

// bare drops the edition: a table of cases has none.
func bare(c data.Commodity) data.Commodity { return c.In(data.EditionUnknown) }

// Match lays the cases of two runs beside each other. Two cases are the same
// where kind, goods, economies and at least one month of the window agree; of
// several candidates those with the longest common window go together, then
// those of better rank. What is left over is matched once more without the
// kind: a lane that is described otherwise is re-rated, not resolved and new.
// A case belongs to at most one other. falseShare is the q at which a case
// counts as found, in each run.
func Match(before, after []cases.Case, falseShare [2]float64) []Change {
	m := newMatcher(before, after)
	m.pass(whole)
	m.pass(lane)
	return m.changes(falseShare)
}

// Same lays cases beside each other by the first rule of Match alone: kind, goods,
// economies and at least one month agree. For each case after it gives its place
// before, -1 for none.
func Same(before, after []cases.Case) []int {
	m := newMatcher(before, after)
	m.pass(whole)
	places := make([]int, len(after))
	for j := range places {
		places[j] = -1
	}
	for i, j := range m.partner {
		if j >= 0 {
			places[j] = i
		}
	}
	return places
}

type matcher struct {
	before, after []cases.Case
	partner       []int // for each case before, its place after, -1 for none
	taken         []bool
}

func newMatcher(before, after []cases.Case) *matcher {
	m := &matcher{before: before, after: after, partner: make([]int, len(before)), taken: make([]bool, len(after))}
	for i := range m.partner {
		m.partner[i] = -1
	}
	return m
}

type candidate struct{ months, before, after int }

func (m *matcher) pass(of func(*cases.Case) identity) {
	places := map[identity][]int{}
	for j := range m.after {
		if !m.taken[j] {
			id := of(&m.after[j])
			places[id] = append(places[id], j)
		}
	}
	var candidates []candidate
	for i := range m.before {
		if m.partner[i] >= 0 {
			continue
		}
		for _, j := range places[of(&m.before[i])] {
			if months := overlap(&m.before[i], &m.after[j]); months > 0 {
				candidates = append(candidates, candidate{months, i, j})
			}
		}
	}
	slices.SortFunc(candidates, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(b.months, a.months),
			cmp.Compare(m.before[a.before].Rank, m.before[b.before].Rank), cmp.Compare(a.before, b.before),
			cmp.Compare(m.after[a.after].Rank, m.after[b.after].Rank), cmp.Compare(a.after, b.after))
	})
	for _, c := range candidates {
		if m.partner[c.before] < 0 && !m.taken[c.after] {
			m.partner[c.before], m.taken[c.after] = c.after, true
		}
	}
}

// overlap counts the months that two windows share. Two cases without a window
// share one month, a case with and one without none.
func overlap(a, b *cases.Case) int {
	if a.Start == 0 || b.Start == 0 {
		if a.Start == b.Start {
			return 1
		}
		return 0
	}
	return min(a.End.End().Index(), b.End.End().Index()) - max(a.Start.Start().Index(), b.Start.Start().Index()) + 1
}

func months(c *cases.Case) int {
	if c.Start == 0 {
		return 1
	}
	return c.End.End().Index() - c.Start.Start().Index() + 1
}

func (m *matcher) changes(falseShare [2]float64) []Change {
	var all []Change
	for i := range m.before {
		change := Change{Status: Resolved, Before: &m.before[i]}
		if j := m.partner[i]; j >= 0 {
			change.After = &m.after[j]
			change.Ratings = ratings(change.Before, change.After, falseShare)
			change.Status = Persisting
			if len(change.Ratings) > 0 {
				change.Status = Rerated
			}
		}
		all = append(all, change)
	}
	for j := range m.after {
		if !m.taken[j] {
			all = append(all, Change{Status: New, After: &m.after[j]})
		}
	}
	slices.SortStableFunc(all, func(a, b Change) int {
		return cmp.Or(cmp.Compare(slices.Index(Statuses, a.Status), slices.Index(Statuses, b.Status)), cmp.Compare(a.Case().Rank, b.Case().Rank))
	})
	return all
}

func ratings(before, after *cases.Case, falseShare [2]float64) []Rating {
	var rated []Rating
	if before.Kind != after.Kind {
		rated = append(rated, RatedKind)
	}
	// A missing q is NaN and never found.
	if (before.Q <= falseShare[0]) != (after.Q <= falseShare[1]) {
		rated = append(rated, RatedFound)
	}
	if before.Assessable != after.Assessable {
		rated = append(rated, RatedAssessable)
	}
	if outside(before, after) && outside(after, before) {
		rated = append(rated, RatedExcess)
	}
	return rated
}

// outside says whether the excess per month of c lies outside the interval that
// the other run gives. Whole excesses would not do: they grow with every month
// in which a case goes on. A missing amount says nothing.
func outside(c, other *cases.Case) bool {
	if !c.ExcessKg.Known() || !other.ExcessKgLow.Known() || !other.ExcessKgHigh.Known() {
		return false
	}
	excess := perMonth(c.ExcessKg, c)
	return excess < perMonth(other.ExcessKgLow, other) || excess > perMonth(other.ExcessKgHigh, other)
}

// perMonth is rounded to the gram, so that equal rates over windows of different
// length compare as equal.
func perMonth(kg data.Kg, c *cases.Case) float64 {
	return math.Round(float64(kg) / float64(months(c)))
}
