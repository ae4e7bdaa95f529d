package cases

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"counterflow/data"
	"counterflow/reconcile/claims"
	"counterflow/reconcile/margin"
	"counterflow/reconcile/mirror"
	"counterflow/stats/multiple"
)

// ScreenSettings are the levels of the first screen.
type ScreenSettings struct {
	ListQ      float64 // largest q that is listed
	FalseShare float64 // q at which a case counts as found
	MinimumUSD float64 // smallest excess in value
}

// Screened is what the screen found.
type Screened struct {
	Cases            []Case         // by rank
	Claims           []claims.Claim // by rank of their case
	Expected         []Expected     // by rank of their case, lane and period
	Allocations      []claims.Allocation
	Tested           int // pairs that were tested
	ExpectedByChance float64
	Warnings         []string

	found []sized // what Rank makes the tables of
}

// sized is a case before it has its rank and name, with the explanations that
// were tried on it.
type sized struct {
	Case
	worth    data.USD // by which it is listed
	tried    []claims.Claim
	expected []Expected
}

// Screen controls the share of false discoveries over all tested pairs
// (Benjamini and Hochberg 1995) and joins the periods of a lane whose q is at
// most ListQ, of one sign, with at most one period between them, into cases.
// The q of a case is the smallest among its periods.
func Screen(pairs []mirror.Pair, departures []Departure, m *margin.Model, s ScreenSettings) (*Screened, error) {
	logp := make([]float64, len(departures))
	for i := range departures {
		logp[i] = departures[i].LogP
	}
	adjusted, err := multiple.BenjaminiHochberg(logp)
	if err != nil {
		return nil, err
	}
	out := &Screened{Tested: adjusted.Tested}
	if out.Tested == 0 {
		out.Warnings = append(out.Warnings, "no pair could be tested: a test needs corridors that both sides declared")
	}
	worths := usualUnitValues(pairs)
	for l := range lanes(pairs) {
		for _, w := range windows(l, departures, adjusted.LogQ, math.Log(s.ListQ)) {
			c := build(l, w, departures, adjusted.LogQ, m, worths)
			if c.Kind == UnitSlip || c.ExcessUSD.Known() && math.Abs(c.ExcessUSD.Float()) >= s.MinimumUSD {
				out.found = append(out.found, sized{Case: c})
			}
		}
	}
	out.Rank(s.FalseShare)
	return out, nil
}

// window is a run of periods of one lane: positions in the lane.
type window struct {
	members []int
	sign    int
}

// windows joins significant periods of one sign. One period between two of them
// does not end a window: a single quiet month is no end of anything.
func windows(l lane, departures []Departure, logq []float64, level float64) []window {
	var found []window
	for i := range l.pairs {
		d := &departures[l.first+i]
		if math.IsNaN(d.Z) || !(logq[l.first+i] <= level) {
			continue
		}
		sign := 1
		if d.Z < 0 {
			sign = -1
		}
		if n := len(found); n > 0 && found[n-1].sign == sign {
			last := found[n-1].members[len(found[n-1].members)-1]
			if l.pairs[i].Period.Index()-l.pairs[last].Period.Index() <= 2 {
				found[n-1].members = append(found[n-1].members, i)
				continue
			}
		}
		found = append(found, window{members: []int{i}, sign: sign})
	}
	return found
}

// rank puts the cases that stand at the false share asked for first, then goes
// by the size that is sure: the lower end of the interval, in money. Slips of
// units come last: they are errors to mend, not discrepancies to explain.
func rank(found []sized, falseShare float64) {
	tier := func(c *Case) int {
		switch {
		case c.Kind == UnitSlip:
			return 2
		case c.Q > falseShare:
			return 1
		}
		return 0
	}
	slices.SortFunc(found, func(a, b sized) int {
		return cmp.Or(
			cmp.Compare(tier(&a.Case), tier(&b.Case)),
			cmp.Compare(b.SureUSD(), a.SureUSD()),
			cmp.Compare(a.LogP, b.LogP),
			cmp.Compare(a.Goods, b.Goods), cmp.Compare(a.Exporter, b.Exporter),
			cmp.Compare(a.Importer, b.Importer), cmp.Compare(a.Start, b.Start), cmp.Compare(a.Kind, b.Kind))
	})
	for i := range found {
		found[i].Rank = i + 1
		found[i].ID = fmt.Sprintf("C%04d", i+1)
	}
}

// SureUSD is the size that cases are ranked by: the value, scaled by the share of the
// excess that its interval is sure of; 0 where there is no value.
func (c *Case) SureUSD() float64 {
	if !c.ExcessUSD.Known() {
		return 0
	}
	share := 1.0
	if c.ExcessKg.Known() && c.ExcessKg != 0 {
		share = max(0, float64(c.SureKg())/math.Abs(float64(c.ExcessKg)))
	}
	return math.Abs(c.ExcessUSD.Float()) * share
}

// SureKg is the end of the interval that is nearer to zero, in size; 0 where there is
// none.
func (c *Case) SureKg() data.Kg { return nearest(c.ExcessKgLow, c.ExcessKgHigh) }

// nearest is the end of an interval that is nearer to zero, in size; 0 where
// the interval holds zero.
func nearest(low, high data.Kg) data.Kg {
	if !low.Known() || !high.Known() || low <= 0 && high >= 0 {
		return 0
	}
	return min(max(low, -low), max(high, -high))
}
