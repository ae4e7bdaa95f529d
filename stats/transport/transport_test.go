package transport_test

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"counterflow/stats/transport"
)

func solve(t interface {
	Helper()
	Fatal(...any)
}, p transport.Problem) *transport.Plan {
	t.Helper()
	plan, err := transport.Solve(p, transport.Settings{})
	if err != nil {
		t.Fatal(err)
	}
	return plan
}

// full joins every supply to every demand at the given costs, without a limit.
func full(supply, demand []int64, costs [][]int64) transport.Problem {
	p := transport.Problem{Supply: supply, Demand: demand}
	for i := range supply {
		for j := range demand {
			p.Arcs = append(p.Arcs, transport.Arc{From: i, To: j, Cost: costs[i][j], Capacity: transport.Unlimited})
		}
	}
	return p
}

// Dantzig 1963, Linear Programming and Extensions, section 3.3: canneries in Seattle
// and San Diego, markets in New York, Chicago and Topeka, distances in thousands of
// miles (here tenths of them), 90 dollars for a case and a thousand miles; the first
// model of the GAMS library (trnsport) gives 153.675 thousand dollars.
func TestDantzigsCanneries(t *testing.T) {
	plan := solve(t, full([]int64{350, 600}, []int64{325, 300, 275}, [][]int64{{25, 17, 18}, {25, 18, 14}}))
	if got := float64(plan.Cost) * 0.09 / 10; math.Abs(got-153.675) > 1e-9 || plan.Shipped != 900 || !plan.Optimal {
		t.Errorf("%d cases for %.3f thousand dollars, want 900 for 153.675; optimal %t", plan.Shipped, got, plan.Optimal)
	}
}

// Two supplies of 10. Taking the cheapest arc first (1, from the first supply to the
// first demand) leaves the second supply, which has no other demand, with nothing to
// do: 10 units are shipped. Shipping most takes the dearer arc of the first supply:
// 20 units for 10*5 + 10*2 = 70.
func TestGreedyLeavesSomethingOver(t *testing.T) {
	p := transport.Problem{Supply: []int64{10, 10}, Demand: []int64{10, 10}, Arcs: []transport.Arc{
		{From: 0, To: 0, Cost: 1, Capacity: transport.Unlimited},
		{From: 0, To: 1, Cost: 5, Capacity: transport.Unlimited},
		{From: 1, To: 0, Cost: 2, Capacity: transport.Unlimited},
	}}
	plan := solve(t, p)
	if want := []int64{0, 10, 10}; !slices.Equal(plan.Flow, want) || plan.Cost != 70 {
		t.Errorf("flow %v for %d, want %v for 70", plan.Flow, plan.Cost, want)
	}
	// The first path goes along the arc that costs 1, the second takes it back.
	if part := plan.Parts[0]; part.Augmentations != 2 || part.Rounds != 2 {
		t.Errorf("%d paths in %d rounds, want 2 in 2", part.Augmentations, part.Rounds)
	}
}

// The cheap arc bears 4 of 10 units, the dear one 3; 3 stay.
func TestCapacitiesBind(t *testing.T) {
	p := transport.Problem{Supply: []int64{10}, Demand: []int64{20}, Arcs: []transport.Arc{
		{From: 0, To: 0, Cost: 9, Capacity: 3}, {From: 0, To: 0, Cost: 2, Capacity: 4},
	}}
	plan := solve(t, p)
	if want := []int64{3, 4}; !slices.Equal(plan.Flow, want) || plan.Cost != 35 || plan.Shipped != 7 {
		t.Errorf("flow %v, %d units for %d; want %v, 7 for 35", plan.Flow, plan.Shipped, plan.Cost, want)
	}
}

func TestPartsAreSolvedApart(t *testing.T) {
	p := transport.Problem{Supply: []int64{5, 0, 7, 9}, Demand: []int64{6, 4, 3}, Arcs: []transport.Arc{
		{From: 2, To: 2, Cost: 1, Capacity: 9}, {From: 0, To: 1, Cost: 3, Capacity: 9}, {From: 1, To: 1, Cost: 0, Capacity: 9},
	}}
	plan := solve(t, p)
	if len(plan.Parts) != 2 {
		t.Fatalf("%d parts, want 2", len(plan.Parts))
	}
	a, b := plan.Parts[0], plan.Parts[1]
	if !slices.Equal(a.Supplies, []int{0, 1}) || !slices.Equal(a.Demands, []int{1}) || !slices.Equal(a.Arcs, []int{1, 2}) || a.Shipped != 4 || a.Cost != 12 {
		t.Errorf("first part %+v", a)
	}
	if !slices.Equal(b.Supplies, []int{2}) || b.Shipped != 3 || b.Cost != 3 {
		t.Errorf("second part %+v", b)
	}
}

func TestStoppingEarlySaysSo(t *testing.T) {
	p := full([]int64{1, 1, 1}, []int64{1, 1, 1}, [][]int64{{1, 2, 3}, {2, 4, 6}, {3, 6, 9}})
	plan, err := transport.Solve(p, transport.Settings{MaxAugmentations: 2})
	if err != nil || plan.Optimal || plan.Parts[0].Augmentations != 2 || plan.Shipped != 2 {
		t.Errorf("plan %+v, error %v; want two units and no optimum", plan, err)
	}
}

func TestEmptyProblem(t *testing.T) {
	if plan := solve(t, transport.Problem{Supply: []int64{3}}); !plan.Optimal || plan.Shipped != 0 || len(plan.Parts) != 0 {
		t.Errorf("plan %+v", plan)
	}
}

func TestWhatIsRefused(t *testing.T) {
	one := []int64{1}
	for name, p := range map[string]transport.Problem{
		"negative supply":   {Supply: []int64{-1}},
		"negative demand":   {Demand: []int64{-1}},
		"too much":          {Supply: []int64{math.MaxInt64, 1}},
		"no such end":       {Supply: one, Demand: one, Arcs: []transport.Arc{{From: 0, To: 1}}},
		"negative cost":     {Supply: one, Demand: one, Arcs: []transport.Arc{{Cost: -1}}},
		"negative capacity": {Supply: one, Demand: one, Arcs: []transport.Arc{{Capacity: -1}}},
		"cost too large":    {Supply: []int64{math.MaxInt64 / 2}, Demand: one, Arcs: []transport.Arc{{Cost: 9}}},
	} {
		if _, err := transport.Solve(p, transport.Settings{}); err == nil {
			t.Errorf("%s is taken", name)
		}
	}
}

// small draws problems that can be tried out in full: up to three supplies and
// demands of up to three units.
func small(t *rapid.T) transport.Problem {
	amounts := rapid.SliceOfN(rapid.Int64Range(0, 3), 1, 3)
	p := transport.Problem{Supply: amounts.Draw(t, "supply"), Demand: amounts.Draw(t, "demand")}
	for range rapid.IntRange(0, 5).Draw(t, "arcs") {
		p.Arcs = append(p.Arcs, transport.Arc{
			From: rapid.IntRange(0, len(p.Supply)-1).Draw(t, "from"), To: rapid.IntRange(0, len(p.Demand)-1).Draw(t, "to"),
			Cost: rapid.Int64Range(0, 4).Draw(t, "cost"), Capacity: rapid.Int64Range(0, 3).Draw(t, "capacity"),
		})
	}
	return p
}

// tryAll gives the most units that can be shipped and their least cost, by trying
// every flow on every arc.
func tryAll(p transport.Problem) (most, least int64) {
	supply, demand := slices.Clone(p.Supply), slices.Clone(p.Demand)
	var try func(at int, shipped, cost int64)
	try = func(at int, shipped, cost int64) {
		if at == len(p.Arcs) {
			if shipped > most || shipped == most && cost < least {
				most, least = shipped, cost
			}
			return
		}
		a := p.Arcs[at]
		for flow := int64(0); flow <= min(a.Capacity, supply[a.From], demand[a.To]); flow++ {
			supply[a.From], demand[a.To] = supply[a.From]-flow, demand[a.To]-flow
			try(at+1, shipped+flow, cost+flow*a.Cost)
			supply[a.From], demand[a.To] = supply[a.From]+flow, demand[a.To]+flow
		}
	}
	try(0, 0, 0)
	return most, least
}

func TestNoAllocationIsBetter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := small(t)
		plan := solve(t, p)
		if most, least := tryAll(p); plan.Shipped != most || plan.Cost != least {
			t.Fatalf("%d units for %d, can be %d for %d", plan.Shipped, plan.Cost, most, least)
		}
		feasible(t, p, plan)
	})
}

// feasible fails where a plan breaks a constraint or its sums do not add up.
func feasible(t *rapid.T, p transport.Problem, plan *transport.Plan) {
	sent, met := make([]int64, len(p.Supply)), make([]int64, len(p.Demand))
	var shipped, cost int64
	for k, flow := range plan.Flow {
		a := p.Arcs[k]
		if flow < 0 || flow > a.Capacity {
			t.Fatalf("arc %d bears %d of %d", k, flow, a.Capacity)
		}
		sent[a.From], met[a.To] = sent[a.From]+flow, met[a.To]+flow
		shipped, cost = shipped+flow, cost+flow*a.Cost
	}
	for i := range sent {
		if sent[i] > p.Supply[i] {
			t.Fatalf("supply %d sends %d of %d", i, sent[i], p.Supply[i])
		}
	}
	for j := range met {
		if met[j] > p.Demand[j] {
			t.Fatalf("demand %d gets %d of %d", j, met[j], p.Demand[j])
		}
	}
	if shipped != plan.Shipped || cost != plan.Cost {
		t.Fatalf("flows add up to %d for %d, the plan says %d for %d", shipped, cost, plan.Shipped, plan.Cost)
	}
}

// large draws problems with masses as trade has them, in grams.
func large(t *rapid.T) transport.Problem {
	amounts := rapid.SliceOfN(rapid.Int64Range(0, 1e12), 1, 30)
	p := transport.Problem{Supply: amounts.Draw(t, "supply"), Demand: amounts.Draw(t, "demand")}
	for range rapid.IntRange(0, 150).Draw(t, "arcs") {
		p.Arcs = append(p.Arcs, transport.Arc{
			From: rapid.IntRange(0, len(p.Supply)-1).Draw(t, "from"), To: rapid.IntRange(0, len(p.Demand)-1).Draw(t, "to"),
			Cost: rapid.Int64Range(0, 9).Draw(t, "cost"), Capacity: rapid.Int64Range(0, 1e12).Draw(t, "capacity"),
		})
	}
	return p
}

// What cannot be tried out is proved: prices under which no unused arc is too cheap
// and no used one too dear, and no unmet demand within reach of what is left.
func TestPricesProveTheOptimum(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := large(t)
		plan := solve(t, p)
		feasible(t, p, plan)
		for k, a := range p.Arcs {
			reduced := a.Cost + plan.Price[a.From] - plan.Price[len(p.Supply)+a.To]
			if plan.Flow[k] < a.Capacity && reduced < 0 || plan.Flow[k] > 0 && reduced > 0 {
				t.Fatalf("arc %d: flow %d of %d at reduced cost %d", k, plan.Flow[k], a.Capacity, reduced)
			}
		}
		most(t, p, plan)
	})
}

// most fails where units left over still reach an unmet demand.
func most(t *rapid.T, p transport.Problem, plan *transport.Plan) {
	left, unmet := slices.Clone(p.Supply), slices.Clone(p.Demand)
	for k, a := range p.Arcs {
		left[a.From], unmet[a.To] = left[a.From]-plan.Flow[k], unmet[a.To]-plan.Flow[k]
	}
	here, there := make([]bool, len(left)), make([]bool, len(unmet))
	for i := range left {
		here[i] = left[i] > 0
	}
	for grown := true; grown; {
		grown = false
		for k, a := range p.Arcs {
			if here[a.From] && !there[a.To] && plan.Flow[k] < a.Capacity {
				there[a.To], grown = true, true
			}
			if there[a.To] && !here[a.From] && plan.Flow[k] > 0 {
				here[a.From], grown = true, true
			}
		}
	}
	for j := range unmet {
		if there[j] && unmet[j] > 0 {
			t.Fatalf("demand %d could get more", j)
		}
	}
}

// Trading places with every demand, a supply ships the same units at the same cost.
func TestSwappingSidesChangesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := large(t)
		q := transport.Problem{Supply: p.Demand, Demand: p.Supply}
		for _, a := range p.Arcs {
			q.Arcs = append(q.Arcs, transport.Arc{From: a.To, To: a.From, Cost: a.Cost, Capacity: a.Capacity})
		}
		one, other := solve(t, p), solve(t, q)
		if one.Shipped != other.Shipped || one.Cost != other.Cost {
			t.Fatalf("%d for %d one way, %d for %d the other", one.Shipped, one.Cost, other.Shipped, other.Cost)
		}
	})
}

func TestTheProblemIsLeftAlone(t *testing.T) {
	p := full([]int64{5, 6}, []int64{7, 8}, [][]int64{{1, 2}, {3, 4}})
	supply, demand, arcs := slices.Clone(p.Supply), slices.Clone(p.Demand), slices.Clone(p.Arcs)
	solve(t, p)
	if !slices.Equal(p.Supply, supply) || !slices.Equal(p.Demand, demand) || !slices.Equal(p.Arcs, arcs) {
		t.Error("the problem was changed")
	}
}
