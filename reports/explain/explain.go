// Package explain lays out everything about one case: both series, the claims,
// what would change the view, the next check, and the rows of the input that its
// figures can be recomputed from. It computes nothing but differences of amounts
// that stand beside each other.
package explain

import (
	"fmt"
	"slices"

	"counterflow/data"
	"counterflow/data/source"
	"counterflow/reconcile"
	"counterflow/reconcile/cases"
	"counterflow/reconcile/claims"
	"counterflow/reconcile/mirror"
	"counterflow/reconcile/sensitivity"
	"counterflow/reconcile/timing"
)

// Explanation is one case with what it rests on.
type Explanation struct {
	Case     cases.Case
	Lanes    []Lane
	Claims   []claims.Claim
	Shared   []claims.Allocation // how claims that rest on other cells were come by
	Ranks    []sensitivity.Row   // under other contents, lags and margins
	Change   []string            // what would change the view
	Next     string              // the next check a person can do
	Rows     []Row               // of the input, by file and line
	RowsLeft int                 // rows beyond those listed

	resting []cases.LaneKey // lanes on which claims rest
}

// Lane is one of the lanes that the case concerns, over its window and the
// months around it.
type Lane struct {
	Title string
	Pairs []Month
}

// Month is one period of a lane.
type Month struct {
	mirror.Pair
	Z      float64 // departure of the pair, NaN where untested
	Inside bool    // within the window of the case
}

// Row is one row of the input.
type Row struct {
	File  string    `json:"file"`
	Line  int64     `json:"line"`
	Flow  data.Flow `json:"-"`
	Text  string    `json:"declares"`
	Value string    `json:"value_usd"`
	Kg    string    `json:"net_kg"`
}

// around is how many periods on each side of the window are shown.
const around = 6

// Of lays out the case with the given name; ok is false where the run has none.
func Of(r *reconcile.Result, id string) (*Explanation, bool) {
	at := slices.IndexFunc(r.Cases, func(c cases.Case) bool { return c.ID == id })
	if at < 0 {
		return nil, false
	}
	e := &Explanation{Case: r.Cases[at]}
	for _, key := range e.Case.Lanes() {
		e.Lanes = append(e.Lanes, laneOf(r, e.Case, key))
	}
	for _, c := range r.Claims {
		if c.CaseID == id {
			e.Claims = append(e.Claims, c)
			e.rest(r, c)
		}
	}
	for _, s := range r.Sensitivity {
		if s.CaseID == id {
			e.Ranks = append(e.Ranks, s)
		}
	}
	for _, a := range r.Allocations {
		if len(e.Claims) > 0 && a.Serves(e.Case.Goods, e.Case.Start, e.Case.End) {
			e.Shared = append(e.Shared, a)
		}
	}
	e.Change, e.Next = advice(e.Case)
	return e, true
}

// rest adds the lanes that a claim rests on beside those of the case. What cannot be
// read, as in a table that was written over by hand, stays out.
func (e *Explanation) rest(r *reconcile.Result, c claims.Claim) {
	lanes, err := claims.ParseLanes(c.FoundOn)
	if err != nil {
		return
	}
	for _, l := range lanes {
		key := cases.LaneKey{Goods: l.Goods, Exporter: l.Exporter, Importer: l.Importer}
		if slices.Contains(e.resting, key) {
			continue
		}
		e.resting = append(e.resting, key)
		if !slices.Contains(e.Case.Lanes(), key) {
			e.Lanes = append(e.Lanes, laneOf(r, e.Case, key))
		}
	}
}

func laneOf(r *reconcile.Result, c cases.Case, key cases.LaneKey) Lane {
	l := Lane{Title: fmt.Sprintf("%s from %s to %s", key.Goods, key.Exporter, key.Importer)}
	for i := range r.Pairs {
		p := &r.Pairs[i]
		if p.Commodity != key.Goods || p.Exporter != key.Exporter || p.Importer != key.Importer {
			continue
		}
		inside := p.Period.End() >= c.Start && p.Period.Start() <= c.End
		near := p.Period.Start().Add(around) >= c.Start && p.Period.End() <= c.End.Add(around)
		if !inside && !near {
			continue
		}
		l.Pairs = append(l.Pairs, Month{Pair: *p, Z: r.Departures[i].Z, Inside: inside})
	}
	return l
}

// Wanted says whether a row of the input belongs to the case, or to what its claims
// rest on, which may lie some months about it.
func (e *Explanation) Wanted(digits int) func(*source.Record) bool {
	lanes := e.Case.Lanes()
	within := func(r *source.Record, months int) bool {
		return r.Period.End().Add(months) >= e.Case.Start && r.Period.Start() <= e.Case.End.Add(months)
	}
	return func(r *source.Record) bool {
		return within(r, 0) && onAny(r, lanes) || len(e.resting) > 0 && within(r, timing.MaxLag) && onAny(r, e.resting)
	}
}

func onAny(r *source.Record, lanes []cases.LaneKey) bool {
	for _, key := range lanes {
		goods := r.Commodity.In(data.EditionUnknown)
		if goods.Truncate(key.Goods.Len()) == key.Goods && r.Exporter == key.Exporter && r.Importer == key.Importer {
			return true
		}
	}
	return false
}

// Trace lists the rows, at most limit of them.
func (e *Explanation) Trace(found []source.Located, limit int) {
	for i, f := range found {
		if i >= limit {
			e.RowsLeft = len(found) - limit
			return
		}
		e.Rows = append(e.Rows, Row{File: f.File, Line: f.Line, Flow: f.Flow, Value: f.Value.Text(), Kg: f.NetWeight.Text(),
			Text: fmt.Sprintf("%s %s %s %s, %s", f.Reporter(), f.Direction, f.Partner(), f.Commodity, f.Period)})
	}
}

// advice says, by kind, what would change the view and what to look at next.
func advice(c cases.Case) (change []string, next string) {
	change = []string{
		"a revision by either office that closes the gap",
		"a declaration of the same goods under another code, partner or month that the files do not hold",
	}
	switch c.Kind {
	case cases.CodeSwitch:
		change = append(change, "both offices moving to the other code, which would be an ordinary reclassification")
		next = "compare the unit values of the two codes with those of the same codes on other lanes"
	case cases.OriginSwitch, cases.Reroute:
		change = append(change, "production, or stocks drawn down, in the third economy")
		next = "look up production and capacity of the third economy, and its imports from all origins"
	case cases.ValueGap:
		change = append(change, "a different quality, or a contract price that ran out")
		next = "compare the unit values of both sides with the world price of the month"
	case cases.StockBuild:
		change = append(change, "use that the survey leaves out, or published stocks that did not rise")
		next = "compare with published stocks and capacity, and draw the account from tables/stocks"
	case cases.UnitSlip:
		next = "ask the office whose unit value is far from its usual one for the unit of that line"
	default:
		change = append(change, "goods that passed a free zone or a warehouse before clearance")
		next = "ask both offices for the records of the largest month; the difference may be one consignment"
	}
	return change, next
}
