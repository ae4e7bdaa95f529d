package claims

import (
	"cmp"
	"slices"
	"strings"

	"counterflow/data"
	"counterflow/stats/transport"
)

// Allocation is one transport problem, solved: the cells of a family of commodities
// (of several, where one bucket serves them) over a window of months without a gap.
type Allocation struct {
	Families      string // of its commodities, joined by |
	Start, End    data.Period
	Cases         int // of which it holds cells
	Cells, Links  int
	Excess, Short data.Kg // of all its cells
	Allocated     data.Kg // of either, the most that can be
	Explained     data.Kg // of this, between two cases or a case and other cells
	Cost          float64 // kg times the cost of their explanation, see Link
	Algorithm     string
	Augmentations int  // paths along which masses were sent
	Rounds        int  // lengths that these had, at most
	Optimal       bool // stopped because no path was left
}

// Serves says whether an allocation is of a commodity's family and of months in a
// window.
func (a *Allocation) Serves(goods data.Commodity, start, end data.Period) bool {
	family := slices.Contains(strings.Split(a.Families, "|"), Family(goods))
	return family && a.Start <= end && a.End >= start
}

// window is an allocation with the cases of which it holds cells.
type window struct {
	Allocation
	holds map[int]bool
}

// describe says what one part of the problem was and how it ended.
func describe(cells []Cell, links []Link, plan *transport.Plan, part *transport.Part, n nodes) window {
	a := window{holds: map[int]bool{}, Allocation: Allocation{
		Cells: len(part.Supplies) + len(part.Demands), Links: len(part.Arcs), Allocated: data.Kg(part.Shipped), Cost: data.Kg(part.Cost).Float(),
		Algorithm: transport.Algorithm, Augmentations: part.Augmentations, Rounds: part.Rounds, Optimal: part.Optimal,
	}}
	var families []string
	look := func(c *Cell, sum *data.Kg) {
		*sum = plus(*sum, max(c.Kg.Kg, 0))
		families = append(families, Family(c.Goods))
		if c.Case != NoCase {
			a.holds[c.Case] = true
		}
		if a.Start == 0 || c.Period < a.Start {
			a.Start = c.Period
		}
		a.End = max(a.End, c.Period)
	}
	for _, i := range part.Supplies {
		look(&cells[n.excess[i]], &a.Excess)
	}
	for _, j := range part.Demands {
		look(&cells[n.short[j]], &a.Short)
	}
	for _, k := range part.Arcs {
		ofCase := cells[links[k].Excess].Case != NoCase || cells[links[k].Short].Case != NoCase
		if ofCase && links[k].Explanation != "" {
			a.Explained += data.Kg(plan.Flow[k])
		}
	}
	slices.Sort(families)
	a.Families, a.Cases = strings.Join(slices.Compact(families), "|"), len(a.holds)
	return a
}

// byWindow joins the parts that belong to the same families and to windows that
// overlap. The window of a part spans its cells and all others of its cases.
func byWindow(cells []Cell, links []Link, plan *transport.Plan, n nodes) []Allocation {
	var parts []window
	for i := range plan.Parts {
		parts = append(parts, describe(cells, links, plan, &plan.Parts[i], n))
	}
	spanCases(parts)
	slices.SortStableFunc(parts, func(a, b window) int {
		return cmp.Or(cmp.Compare(a.Families, b.Families), cmp.Compare(a.Start, b.Start), cmp.Compare(a.End, b.End))
	})
	var joined []window
	for _, p := range parts {
		if n := len(joined); n > 0 && joined[n-1].Families == p.Families && p.Start <= joined[n-1].End {
			joined[n-1].join(&p)
			continue
		}
		joined = append(joined, p)
	}
	all := make([]Allocation, len(joined))
	for i := range joined {
		all[i] = joined[i].Allocation
	}
	return all
}

// spanCases widens each part to all cells of the cases that it holds cells of.
func spanCases(parts []window) {
	type months struct{ start, end data.Period }
	spans := map[int]months{}
	for i := range parts {
		for c := range parts[i].holds {
			s, seen := spans[c]
			if !seen {
				s = months{parts[i].Start, parts[i].End}
			}
			spans[c] = months{min(s.start, parts[i].Start), max(s.end, parts[i].End)}
		}
	}
	for i := range parts {
		for c := range parts[i].holds {
			parts[i].Start, parts[i].End = min(parts[i].Start, spans[c].start), max(parts[i].End, spans[c].end)
		}
	}
}

func (a *window) join(p *window) {
	a.End = max(a.End, p.End)
	for c := range p.holds {
		a.holds[c] = true
	}
	a.Cases = len(a.holds)
	a.Cells, a.Links = a.Cells+p.Cells, a.Links+p.Links
	a.Excess, a.Short = plus(a.Excess, p.Excess), plus(a.Short, p.Short)
	a.Allocated, a.Explained = a.Allocated+p.Allocated, a.Explained+p.Explained
	a.Cost += p.Cost
	a.Augmentations += p.Augmentations
	a.Rounds = max(a.Rounds, p.Rounds)
	a.Optimal = a.Optimal && p.Optimal
}
