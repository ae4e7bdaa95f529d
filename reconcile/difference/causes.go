package difference

import (
	"counterflow/data"
	"counterflow/reconcile/cases"
)

// corridor is one commodity between two economies; 0 stands for any.
type corridor struct {
	goods    data.Commodity
	exporter data.Exporter
	importer data.Importer
}

// evidence gathers what happened on the lanes of the changed cases, and on no
// others: there may be millions.
type evidence struct {
	lanes   map[corridor][]int // places of changes
	revised []int              // restated amounts, for each change
	late    []bool             // a reporter came or went, for each change
	corners map[data.Economy][]corner
}

// corner is one economy on the lanes of a changed case, in the direction in
// which it reports there.
type corner struct {
	change    int
	direction data.Direction
}

func newEvidence(changes []Change) *evidence {
	e := &evidence{
		lanes:   map[corridor][]int{},
		revised: make([]int, len(changes)), late: make([]bool, len(changes)),
		corners: map[data.Economy][]corner{},
	}
	for i := range changes {
		if changes[i].Status == Persisting {
			continue
		}
		for l := range lanesOf(&changes[i]) {
			e.lanes[l] = append(e.lanes[l], i)
			if l.exporter != 0 {
				e.corners[data.Economy(l.exporter)] = append(e.corners[data.Economy(l.exporter)], corner{i, data.Export})
			}
			if l.importer != 0 {
				e.corners[data.Economy(l.importer)] = append(e.corners[data.Economy(l.importer)], corner{i, data.Import})
			}
		}
	}
	return e
}

// lanesOf lists the corridors that a case rests on, in either run: the direct
// lane and both legs over the third economy, under both codes; of a stock build
// everything that enters or leaves the economy.
func lanesOf(c *Change) map[corridor]bool {
	lanes := map[corridor]bool{}
	for _, x := range []*cases.Case{c.Before, c.After} {
		if x == nil {
			continue
		}
		for _, goods := range []data.Commodity{x.Goods, x.Related} {
			if goods == 0 {
				continue
			}
			goods = bare(goods)
			lanes[corridor{goods, x.Exporter, x.Importer}] = true
			if x.Exporter == 0 {
				lanes[corridor{goods, data.Exporter(x.Importer), 0}] = true
			}
			if x.Via != 0 {
				lanes[corridor{goods, x.Exporter, data.Importer(x.Via)}] = true
				lanes[corridor{goods, data.Exporter(x.Via), x.Importer}] = true
			}
		}
	}
	return lanes
}

func (e *evidence) revision(r *Revision) {
	for _, l := range [...]corridor{
		{r.Commodity, r.Exporter, r.Importer}, {r.Commodity, 0, r.Importer}, {r.Commodity, r.Exporter, 0},
	} {
		for _, i := range e.lanes[l] {
			e.revised[i]++
		}
	}
}

func (e *evidence) arrivals(list []Arrival) {
	for _, a := range list {
		for _, c := range e.corners[a.Economy] {
			if c.direction == a.Direction {
				e.late[c.change] = true
			}
		}
	}
}

// attribute gives each changed case its causes.
func (d *Difference) attribute(e *evidence, otherVersion bool) {
	for i := range d.Changes {
		c := &d.Changes[i]
		if c.Status == Persisting {
			continue
		}
		c.Revised = e.revised[i]
		for _, possible := range []struct {
			cause   Cause
			applies bool
		}{
			{NewPeriods, c.After != nil && anyWithin(d.NewPeriods, c.After.Start, c.After.End)},
			{LeftPeriods, c.Before != nil && anyWithin(d.LeftPeriods, c.Before.Start, c.Before.End)},
			{LateReports, e.late[i]},
			{Revisions, c.Revised > 0},
			{Settings, len(d.Settings) > 0},
			{Version, otherVersion},
		} {
			if possible.applies {
				c.Causes = append(c.Causes, possible.cause)
			}
		}
		if len(c.Causes) == 0 {
			c.Causes = []Cause{Elsewhere}
		}
	}
}
