package cases

import (
	"math"
	"slices"

	"counterflow/data"
	"counterflow/reconcile/claims"
	"counterflow/reconcile/timing"
	"counterflow/stats/robust"
)

// account is what a lane that is drawn on has, month by month: how far the two sides
// part beyond what the lane's months outside all windows let expect.
type account struct {
	arrived, imported []float64
	base, scatter     float64 // of ln(imported/arrived), outside
}

// leastForAccount is the number of months outside all windows from which a lane can
// be held against itself.
const leastForAccount = 6

// accountOf gives a lane's account; nil where too little of it is known.
func (a *allocation) accountOf(lane int) *account {
	if known, ok := a.accounts[lane]; ok {
		return known
	}
	a.accounts[lane] = nil
	x, m, _ := weights(&a.panel.Lanes[lane])
	if x == nil || m == nil {
		return nil
	}
	var logs []float64
	for t := range x {
		_, held := a.owner[laneMonth{lane, t}]
		inside := slices.ContainsFunc(a.drawn[lane], func(w span) bool { return t >= w.start && t <= w.end })
		if !held && !inside && x[t] > 0 && m[t] > 0 {
			logs = append(logs, math.Log(m[t]/x[t]))
		}
	}
	if len(logs) < leastForAccount {
		return nil
	}
	a.accounts[lane] = &account{x, m, robust.Median(logs), max(robust.MAD(logs), leastScatter)}
	return a.accounts[lane]
}

// bears is what a cell of the lane has in one direction beyond its scatter: in full
// at the upper end, beyond one standard deviation of single months as the likely
// mass, and beyond 1.645 of them at the lower end. Without that, the largest lane
// near a case would explain it by its noise.
func (c *account) bears(t int, short bool) (kg claims.Range, any bool) {
	sign := 1
	if short {
		sign = -1
	}
	beyondScatter := func(times float64) data.Kg {
		kg := data.Kilograms(beyond(c.arrived[t], c.imported[t], c.base+float64(sign)*times*c.scatter, sign))
		return max(kg, 0) // a missing mass is below 0
	}
	kg = claims.Range{Low: beyondScatter(z90), Kg: beyondScatter(1), High: beyondScatter(0)}
	return kg, kg.High > 0
}

// counter gives the cell that could make up for one of finding k in a month of some
// lane. A month that another case holds is there only if that case has a gap of the
// opposite direction in it.
func (a *allocation) counter(k, lane, t int, short bool) (cell int, ok bool) {
	if t < 0 || t >= a.panel.Months {
		return 0, false
	}
	at := laneMonth{lane, t}
	if owner, held := a.owner[at]; held {
		if cell, ok = a.own[at]; !ok || owner == k {
			return 0, false
		}
		c := a.ledger.At(cell)
		return cell, c.Short == short && !c.Apart
	}
	account := a.accountOf(lane)
	if account == nil {
		return 0, false
	}
	c := a.cell(lane, t, short)
	if c.Kg, ok = account.bears(t, short); !ok {
		return 0, false
	}
	return a.ledger.Cell(c), true
}

// elsewhen ties a finding to the months about its window: goods due in one month and
// recorded in another are short in the first and in excess in the second. One month's
// goods can bear as much as two consignments of one month are likely to arrive that
// far apart, the sum over lags of share(lag) share(lag+months). January and February
// are taken together without a limit.
func (a *allocation) elsewhen(k int) {
	f := &a.found[k]
	for t := f.span.start; t <= f.span.end; t++ {
		if cell, ok := a.compared(k, t); ok {
			a.spread(k, f.span.lane, t, cell)
		}
	}
}

// compared gives the cell of a finding in a month in which both sides can be compared.
func (a *allocation) compared(k, t int) (cell int, ok bool) {
	at := laneMonth{a.found[k].span.lane, t}
	cell, ok = a.own[at]
	return cell, ok && a.owner[at] == k && !a.ledger.At(cell).Apart
}

// spread ties the cell of one month to those about it.
func (a *allocation) spread(k, lane, t, cell int) {
	short := a.ledger.At(cell).Short
	x, _, _ := weights(&a.panel.Lanes[lane])
	for months := -timing.MaxLag; months <= timing.MaxLag; months++ {
		if months == 0 {
			continue
		}
		other, ok := a.counter(k, lane, t+months, !short)
		if !ok {
			continue
		}
		due := t
		if !short {
			due = t + months
		}
		bears := data.Kilograms(x[due] * apart(a.panel.Lanes[lane].Lag.Kernel, max(months, -months)))
		if bears.Known() && bears > 0 {
			a.link(cell, other, claims.Link{Explanation: claims.Timing, Months: max(months, -months), Kg: claims.Exactly(bears)})
		}
		if first := a.panel.Period(min(t, t+months)); months*months == 1 && first.Index()%12 == 0 {
			a.link(cell, other, claims.Link{Explanation: claims.Calendar, Months: 1, Kg: claims.Unlimited})
		}
	}
}

// apart is the probability that two consignments which left in one month arrive a
// number of months apart, the one named being the later.
func apart(k timing.Kernel, months int) float64 {
	p := 0.0
	for lag := 0; lag+months < len(k); lag++ {
		p += k[lag] * k[lag+months]
	}
	return p
}
