package cases

import (
	"math"
	"slices"

	"counterflow/data"
	"counterflow/reconcile/claims"
	"counterflow/reconcile/mirror"
	"counterflow/reconcile/panel"
	"counterflow/stats/multiple"
)

// Input is what Detect takes.
type Input struct {
	Pairs []mirror.Pair
	Panel *panel.Panel // of the same pairs, prepared
	Slips []panel.Slip // that were repaired on the way

	Balances []data.Balance // who makes what, where that is known
}

// HaveHistory says whether pairs are monthly and span at least so many months, so
// that a lane can be held against its own history.
func HaveHistory(pairs []mirror.Pair, months int) bool {
	first, last := data.Period(math.MaxUint16), data.Period(0)
	for i := range pairs {
		first, last = min(first, pairs[i].Period), max(last, pairs[i].Period)
	}
	return last.Monthly() && first.Monthly() && last.Index()-first.Index()+1 >= months
}

// Detect finds cases in monthly data by what departs from each lane's own
// history. In the order data moves:
//
//  1. What all lanes of a reporter or a commodity show together is taken off.
//  2. Each lane is scanned for the window in which weight, value or unit value
//     departs; other lanes say how likely that is by chance.
//  3. Detours and code switches are looked for first; the lanes and months they
//     explain are no evidence of anything else.
//  4. Within each family of kinds the share of false discoveries is controlled.
//  5. Gaps are shared out among explanations that tie them to other cells, all at
//     once; what these take is no part of a case.
func Detect(in Input, s ScreenSettings) (*Screened, error) {
	out := &Screened{}
	if len(in.Panel.Lanes) == 0 {
		out.Warnings = append(out.Warnings, "no lane has monthly data that can be compared")
		return out, nil
	}
	e := gather(in.Panel)
	e.pairs = in.Pairs
	e.makers = makersOf(in.Balances)
	families := []struct {
		found []finding
		joint bool // lanes of several partners must move together
	}{{e.diversions(), true}, {e.relabelled(), true}, {e.switches(), false}, {e.gaps(), false}, {e.prices(), false}}
	taken := map[int][]span{}
	var kept []finding
	for _, f := range families {
		family := f.found
		e.release(family, taken)
		e.begun(family)
		if err := adjust(family, f.joint); err != nil {
			return nil, err
		}
		e.withoutChanceFalls(family)
		for _, f := range family {
			if !math.IsNaN(f.logP) {
				out.Tested++
			}
		}
		family = e.strongest(family)
		for _, f := range family {
			if f.logQ <= math.Log(s.ListQ) {
				kept = append(kept, f)
			}
			if f.logQ <= math.Log(s.FalseShare) {
				e.take(f, taken)
			}
		}
	}
	for i := range kept {
		kept[i] = e.weighedSide(kept[i])
	}
	shares, err := e.allocate(kept, s.FalseShare)
	if err != nil {
		return nil, err
	}
	out.Allocations = shares.settled.Allocations
	for i, f := range kept {
		if c := e.build(f, shares.of(i)); c.worth.Known() && math.Abs(c.worth.Float()) >= s.MinimumUSD {
			c.expected = e.expected(f)
			out.found = append(out.found, c)
		}
	}
	for _, slip := range in.Slips {
		out.found = append(out.found, sized{Case: e.slipCase(slip)})
	}
	out.Rank(s.FalseShare)
	return out, nil
}

// Add joins cases that another stage found, with the claims tried on each.
func (out *Screened) Add(found []Case, tried [][]claims.Claim, tested int) {
	for i, c := range found {
		out.found = append(out.found, sized{Case: c, tried: tried[i]})
	}
	out.Tested += tested
}

// Rank orders and names all cases, gives their claims their names, and counts how
// many of those that stand chance alone would give. It may be called again after
// more was added.
func (out *Screened) Rank(falseShare float64) {
	rank(out.found, falseShare)
	out.Cases, out.Claims, out.Expected, out.ExpectedByChance = nil, nil, nil, 0
	for i := range out.found {
		c := &out.found[i]
		out.Cases = append(out.Cases, c.Case)
		for _, claim := range c.tried {
			claim.CaseID, claim.Caveat = c.ID, claims.Caveat(claim.Explanation)
			out.Claims = append(out.Claims, claim)
		}
		for _, x := range c.expected {
			x.CaseID = c.ID
			out.Expected = append(out.Expected, x)
		}
		if c.Q <= falseShare && c.Kind != UnitSlip {
			out.ExpectedByChance += falseShare
		}
	}
}

// release drops hypotheses on lanes and months that an earlier family explains.
func (e *evidence) release(family []finding, taken map[int][]span) {
	for i := range family {
		f := &family[i]
		for _, t := range taken[f.span.lane] {
			if 3*f.span.overlap(t) >= min(f.span.months(), t.months()) {
				f.logP = math.NaN()
			}
		}
	}
}

// begun takes departures back whose beginning the data do not show: they may have
// lasted for years, which is how a lane is recorded, and no episode of it.
func (e *evidence) begun(family []finding) {
	for i := range family {
		f := &family[i]
		l := &e.panel.Lanes[f.span.lane]
		before := 0
		for t := range f.span.start {
			if !math.IsNaN(l.MUSD[t]) || !math.IsNaN(l.ArrivedUSD[t]) {
				before++
			}
		}
		if before < leastBefore && f.logP < 0 {
			f.logP = 0
		}
	}
}

// leastBefore is the number of known months before a departure that show how the lane
// was recorded.
const leastBefore = 3

// take marks what a finding explains.
func (e *evidence) take(f finding, taken map[int][]span) {
	for _, lane := range [...]int{f.span.lane, f.second, f.direct} {
		if lane >= 0 {
			taken[lane] = append(taken[lane], span{lane: lane, start: f.span.start, end: f.span.end})
		}
	}
}

// adjust fills in q over one family, times familyPrice: by Benjamini and Hochberg
// (1995) and, where lanes of several partners must move together, over those hypotheses
// that chance can bring forth. Such a family asks that tonnages be of one size and that the moves
// be the importer's own; most of what chance makes fails there, with a p of 1. How many
// are left shows among p-values that are small, but not as small as those of cases.
func adjust(family []finding, joint bool) error {
	logP := make([]float64, len(family))
	tested := false
	for i := range family {
		logP[i] = family[i].logP
		tested = tested || !math.IsNaN(logP[i])
	}
	left := multiple.Pi0{Estimate: 1} // the rule of Benjamini and Hochberg as it is
	if joint && tested {
		var err error
		if left, err = multiple.Pi0Between(logP, leftFrom, leftTo); err != nil {
			return err
		}
	}
	adjusted, err := multiple.Storey(logP, left)
	if err != nil {
		return err
	}
	for i := range family {
		family[i].logQ = min(adjusted.LogQ[i]+math.Log(familyPrice), 0)
	}
	return nil
}

// The p-values between which nulls that passed all conditions are counted.
const (
	leftFrom = 0.01
	leftTo   = 0.05
)

// familyPrice is what q pays for families that are adjusted apart, and for tails that
// are known from a few thousand lanes: a lane is tested in several families, a scheme
// that is found more than once counts once, and false cases all count. At a price of 2
// the false share at a q of .05 was .03 (se .02) on simulated worlds 201 to 206 and .07
// (.02) on 2201 to 2210, at 4 it was .01 and .06.
const familyPrice = 3

// strongest keeps one finding for each lane and one for each pair of lanes: the
// complement of a window is the same departure seen from the other side, a code
// switch is found from both of its codes, and a lane that trade left is not the leg
// by which it went. What failed a condition has a p of 1, and is no finding at any q.
func (e *evidence) strongest(family []finding) []finding {
	order := make([]int, len(family))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case family[a].logP < family[b].logP:
			return -1
		case family[a].logP > family[b].logP:
			return 1
		}
		return 0
	})
	used := map[int]bool{}
	var kept []finding
	for _, i := range order {
		f := family[i]
		if !(f.logP < 0) || used[f.span.lane] || f.kind == CodeSwitch && used[f.second] {
			continue
		}
		used[f.span.lane] = true
		if f.direct >= 0 {
			used[f.direct] = true
		}
		if f.kind == CodeSwitch {
			used[f.second] = true
		}
		kept = append(kept, f)
	}
	return kept
}
