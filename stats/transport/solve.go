package transport

// Algorithm names how Solve works, for reports.
const Algorithm = "successive shortest paths with node potentials"

// Settings configures [Solve]. The zero value is the ordinary one.
type Settings struct {
	// MaxAugmentations stops each part after so many paths, 0 for never: whole
	// numbers end by themselves.
	MaxAugmentations int
}

// Plan is an allocation, and how it was come by.
type Plan struct {
	Flow    []int64 // units along each arc, in the order of the problem
	Shipped int64   // units in all
	Cost    int64   // of all of them
	Parts   []Part  // by their first supply
	Optimal bool    // every part ended at its optimum

	// Price of each supply and then each demand: the dual solution. Where Optimal,
	// cost + price(from) - price(to) is at least 0 on every arc with room left, and
	// at most 0 on every arc in use.
	Price []int64
}

// Part is one connected part of a problem.
type Part struct {
	Supplies, Demands, Arcs []int // indices into the problem, ascending
	Shipped, Cost           int64
	Augmentations           int  // paths along which units were sent
	Rounds                  int  // lengths that a shortest path had in turn
	Optimal                 bool // no path was left; else MaxAugmentations was reached
}

// Solve finds, among the allocations that ship as many units as can be shipped,
// one of least cost: exactly, by sending units along shortest paths of the residual
// network, all paths of one length at a time (the primal-dual form of successive
// shortest paths; Ahuja, Magnanti and Orlin 1993, Network Flows, sections 9.7 and
// 9.8), with lengths kept non-negative by node potentials (Edmonds and Karp 1972,
// JACM 19, 248-264).
//
// Rounds number at most nodes times the dearest arc, and in practice few: as many as
// there are different lengths. A round takes O(arcs log nodes) and the paths found in
// it. Where several allocations cost the same, the one returned sends units from
// earlier supplies first and along earlier arcs first. An empty problem is solved by
// an empty plan. Errors: negative amounts, arcs that lead nowhere, and sums beyond
// 64 bits.
func Solve(p Problem, s Settings) (*Plan, error) {
	if err := p.check(); err != nil {
		return nil, err
	}
	plan := &Plan{Flow: make([]int64, len(p.Arcs)), Price: make([]int64, len(p.Supply)+len(p.Demand)), Optimal: true}
	for _, part := range connected(&p) {
		n := newNetwork(&p, &part)
		n.solve(s.MaxAugmentations)
		n.report(plan, &part, len(p.Supply))
		plan.Parts = append(plan.Parts, part)
	}
	return plan, nil
}

// report writes what a part's network found into the plan.
func (n *network) report(plan *Plan, part *Part, supplies int) {
	part.Augmentations, part.Rounds, part.Optimal = n.augmentations, n.rounds, n.optimal
	for k, arc := range part.Arcs {
		flow := n.edges[2*k+1].room
		plan.Flow[arc] = flow
		part.Shipped += flow
		part.Cost += flow * n.edges[2*k].cost
	}
	for k, i := range part.Supplies {
		plan.Price[i] = n.potential[k]
	}
	for k, j := range part.Demands {
		plan.Price[supplies+j] = n.potential[len(part.Supplies)+k]
	}
	plan.Shipped += part.Shipped
	plan.Cost += part.Cost
	plan.Optimal = plan.Optimal && part.Optimal
}

// connected takes a problem apart: supplies and demands that arcs join, directly or
// through others, by their first supply. What no arc touches is in no part.
func connected(p *Problem) []Part {
	root := make([]int, len(p.Supply)+len(p.Demand))
	for v := range root {
		root[v] = v
	}
	find := func(v int) int {
		for root[v] != v {
			root[v] = root[root[v]]
			v = root[v]
		}
		return v
	}
	touched := make([]bool, len(root))
	for _, a := range p.Arcs {
		from, to := find(a.From), find(len(p.Supply)+a.To)
		touched[a.From], touched[len(p.Supply)+a.To] = true, true
		root[max(from, to)] = min(from, to)
	}
	at := map[int]int{}
	var parts []Part
	for i := range p.Supply {
		if !touched[i] {
			continue
		}
		r := find(i)
		if _, seen := at[r]; !seen {
			at[r] = len(parts)
			parts = append(parts, Part{})
		}
		part := &parts[at[r]]
		part.Supplies = append(part.Supplies, i)
	}
	for j := range p.Demand {
		if touched[len(p.Supply)+j] {
			part := &parts[at[find(len(p.Supply)+j)]]
			part.Demands = append(part.Demands, j)
		}
	}
	for k, a := range p.Arcs {
		part := &parts[at[find(a.From)]]
		part.Arcs = append(part.Arcs, k)
	}
	return parts
}
