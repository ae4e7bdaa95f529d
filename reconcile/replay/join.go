package replay

import (
	"counterflow/data"
	"counterflow/reconcile/cases"
	"counterflow/reconcile/difference"
	"counterflow/reconcile/evaluate"
)

// joiner puts the cases of one month after the other together.
type joiner struct {
	falseShare float64 // q at which a case counts as found
	months     []data.Period
	latest     []cases.Case // of each case so far, as last listed
	all        []Case
}

func newJoiner(falseShare float64) *joiner { return &joiner{falseShare: falseShare} }

// add takes the cases of one month, by rank. A case goes on with the one of earlier
// months that agrees with it in kind, goods and economies and whose window, as last
// listed, has a month in common with its own; of several with the one that has most.
// A case that was gone for months and comes back is the same. Two of one month are
// never the same.
func (j *joiner) add(month data.Period, list []cases.Case) {
	j.months = append(j.months, month)
	for at, before := range difference.Same(j.latest, list) {
		c := list[at]
		if before < 0 {
			before = len(j.all)
			j.latest = append(j.latest, c)
			j.all = append(j.all, begun(&c, month, len(j.months) == 1))
		}
		j.latest[before] = c
		j.all[before].goOn(&c, month, j.falseShare)
	}
}

// begun is a case that was not listed before.
func begun(c *cases.Case, month data.Period, first bool) Case {
	return Case{
		Kind: c.Kind, Commodity: c.Goods, Related: c.Related,
		Exporter: data.Economy(c.Exporter), Importer: data.Economy(c.Importer), Via: c.Via,
		Start: c.Start, FirstListed: month, Q: evaluate.Ratio(c.Q), FromFirst: first,
	}
}

// goOn adds one month in which the case is listed.
func (t *Case) goOn(c *cases.Case, month data.Period, falseShare float64) {
	if c.Start != 0 {
		t.Start = min(t.Start, c.Start)
	}
	t.End, t.Dropped = c.End, month
	t.MonthsListed++
	if t.FirstFound == 0 && c.Assessable && c.Kind != cases.UnitSlip && c.Q <= falseShare {
		t.FirstFound = month
	}
}

// last is the last month run.
func (j *joiner) last() data.Period {
	if len(j.months) == 0 {
		return 0
	}
	return j.months[len(j.months)-1]
}

// table gives the cases with what only the end of the replay tells.
func (j *joiner) table() []Case {
	all := make([]Case, len(j.all))
	for i, c := range j.all {
		c.ListedAfter, c.FoundAfter = since(c.Start, c.FirstListed), since(c.Start, c.FirstFound)
		if c.Stands = c.Dropped == j.last(); c.Stands {
			c.Dropped = 0
		}
		all[i] = c
	}
	return all
}
