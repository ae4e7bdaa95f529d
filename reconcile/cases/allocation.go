package cases

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"counterflow/data"
	"counterflow/reconcile/claims"
)

// allocation shares out the gaps of all findings at once among the cells that
// explanations tie them to. It stands between the findings and the cases: kinds have
// competed for lanes and months, and what an explanation takes from a cell is there
// for no other explanation and no other case.
//
// It is restricted to what can matter: the cells of findings, those that a tested
// explanation ties to one of them, and the months around by which these could be
// explained themselves.
type allocation struct {
	*evidence
	found    []finding
	ledger   claims.Ledger
	owner    map[laneMonth]int // the finding that a lane holds in a month
	own      map[laneMonth]int // cells of findings, in the direction of their gap
	accounts map[int]*account  // of lanes that findings draw on
	drawn    map[int][]span    // windows in which they do
	buckets  map[bucketKey]*bucket
	unmet    []map[string]string // by finding, why an explanation was given nothing
	another  []claims.Another    // by finding, what one before it holds of it
	settled  *claims.Settlement
}

type laneMonth struct{ lane, month int }

// allocate settles the gaps of some findings. Those found at falseShare come before
// candidates where two want one month of a lane.
func (e *evidence) allocate(found []finding, falseShare float64) (a *allocation, err error) {
	a = &allocation{evidence: e, found: found,
		owner: map[laneMonth]int{}, own: map[laneMonth]int{}, accounts: map[int]*account{}, drawn: map[int][]span{},
		unmet: make([]map[string]string, len(found)), another: make([]claims.Another, len(found))}
	level := math.Log(falseShare)
	for _, first := range [...]bool{true, false} {
		for k := range found {
			if found[k].logQ <= level == first {
				a.hold(k)
			}
		}
	}
	for k := range found {
		if found[k].shared() {
			a.unmet[k] = map[string]string{}
			a.cellsOf(k)
		}
	}
	for _, t := range a.testAll() {
		a.tie(t)
	}
	a.gatherBuckets()
	for k := range found {
		if found[k].shared() {
			a.elsewhen(k)
			a.drawOn(k, claims.Confidential)
			a.drawOn(k, claims.Unallocated)
		}
	}
	a.settled, err = a.ledger.Settle(len(found))
	return a, err
}

// shared says whether a finding is a gap of weight that is divided among
// explanations.
func (f *finding) shared() bool { return f.sign != 0 && f.kind != ValueGap }

// hold makes the months of a finding's lanes its own, where no other holds them.
func (a *allocation) hold(k int) {
	f := &a.found[k]
	if f.kind == ValueGap {
		return // weights agree, so that none are held
	}
	for _, lane := range [...]int{f.span.lane, f.second, f.direct} {
		for t := f.span.start; lane >= 0 && t <= f.span.end; t++ {
			if _, taken := a.owner[laneMonth{lane, t}]; !taken {
				a.owner[laneMonth{lane, t}] = k
			}
		}
	}
}

// cellsOf enters the months of a finding. A month against its direction counts
// against its other months and nothing else; one that cannot be compared waits for an
// explanation of its own.
func (a *allocation) cellsOf(k int) {
	f := &a.found[k]
	x, m, _ := weights(&a.panel.Lanes[f.span.lane])
	if x == nil || m == nil {
		return
	}
	base := baseline(x, m, f.span)
	declaredX, declaredM := a.declared(f.span)
	var with, against []int
	for t := f.span.start; t <= f.span.end; t++ {
		kg := data.Kilograms(beyond(x[t], m[t], base, f.sign))
		if owner := a.owner[laneMonth{f.span.lane, t}]; owner != k {
			if kg.Known() {
				a.another[k].Kg += kg
				a.another[k].Case = a.named(owner)
			}
			continue
		}
		c := a.cell(f.span.lane, t, f.sign < 0)
		c.Case = k
		switch {
		case !kg.Known():
			gap := data.Kilograms(float64(f.sign) * (declaredM[t-f.span.start] - declaredX[t-f.span.start]))
			if gap.Known() && gap > 0 {
				c.Apart, c.Kg = true, claims.Exactly(gap)
				a.own[laneMonth{f.span.lane, t}] = a.ledger.Cell(c)
			}
		case kg > 0:
			c.Kg = claims.Exactly(kg)
			at := a.ledger.Cell(c)
			a.own[laneMonth{f.span.lane, t}] = at
			with = append(with, at)
		case kg < 0:
			c.Short, c.Kg = !c.Short, claims.Exactly(-kg)
			against = append(against, a.ledger.Cell(c))
		}
	}
	for _, i := range with {
		for _, j := range against {
			a.link(i, j, claims.Link{Kg: claims.Unlimited})
		}
	}
}

// named is a finding in words.
func (a *allocation) named(k int) string {
	f := &a.found[k]
	l := &a.panel.Lanes[f.span.lane]
	return fmt.Sprintf("%s of %s from %s to %s, %s to %s", strings.ReplaceAll(string(f.kind), "_", " "), l.Goods, l.Exporter, l.Importer, a.panel.Period(f.span.start), a.panel.Period(f.span.end))
}

// cell names the cell of a lane and month.
func (a *allocation) cell(lane, t int, short bool) claims.Cell {
	l := &a.panel.Lanes[lane]
	return claims.Cell{Goods: l.Goods, Exporter: l.Exporter, Importer: l.Importer, Period: a.panel.Period(t), Short: short, Case: claims.NoCase}
}

// link ties two cells, whichever of them is short.
func (a *allocation) link(one, other int, k claims.Link) {
	k.Excess, k.Short = one, other
	if a.ledger.At(one).Short {
		k.Excess, k.Short = other, one
	}
	a.ledger.Link(k)
	for _, end := range [...]int{one, other} {
		if number := a.ledger.At(end).Case; number != claims.NoCase && k.Explanation != "" {
			a.unmet[number][k.Explanation] = nothingLeft
		}
	}
}

// nothingLeft is why an explanation that could bear something was given nothing.
const nothingLeft = "what it could rest on lies within its own scatter, or serves another case"

// share is what the allocation gave to one finding.
type share struct {
	parts   []claims.Part
	unmet   map[string]string
	another claims.Another
}

func (a *allocation) of(k int) share { return share{a.settled.Of(k), a.unmet[k], a.another[k]} }

// takeFrom takes off a finding what went to explanations and to other cases. Its
// value shrinks in proportion, and a caveat names what took a part worth the name.
// worth is the value that explanations alone leave: by it a case is listed, so that a
// second reading of the tonnes of another stays on the list, with nothing to its name.
func (s *share) takeFrom(f *finding) (worth float64) {
	var taken claims.Range
	for i := range s.parts {
		p := &s.parts[i]
		taken.Low, taken.Kg, taken.High = taken.Low+p.Rest.Low, taken.Kg+p.Rest.Kg, taken.High+p.Rest.High
		if code := claims.Caveat(p.Explanation); p.Rest.Kg.Float() >= caveatShare*f.kg && !slices.Contains(f.caveats, code) {
			f.caveats = append(f.caveats, code)
		}
	}
	f.less(taken)
	worth = f.usd
	f.less(claims.Exactly(s.another.Kg))
	return worth
}

// less takes a mass off a finding. What is not known of either is taken to be
// independent, so that distances from the middle add in squares.
func (f *finding) less(taken claims.Range) {
	if taken == (claims.Range{}) || !(f.kg > 0) {
		return
	}
	left := max(f.kg-taken.Kg.Float(), 0)
	f.usd *= left / f.kg
	below := math.Hypot(f.kg-f.kgLow, (taken.High - taken.Kg).Float())
	above := math.Hypot(f.kgHigh-f.kg, (taken.Kg - taken.Low).Float())
	f.kg, f.kgLow, f.kgHigh = left, max(left-below, 0), left+above
}

// caveatShare is the part of a gap from which an explanation is a caveat of the case.
const caveatShare = 0.05
