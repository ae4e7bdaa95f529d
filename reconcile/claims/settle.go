package claims

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"counterflow/data"
	"counterflow/stats/transport"
)

// Settlement is what the links of a ledger account for.
type Settlement struct {
	parts       [][]Part // by case
	Allocations []Allocation
}

// Part is what one explanation accounts for in one case.
type Part struct {
	Explanation string
	Rest        Range // of months in which both sides can be compared
	Apart       Range // of months in which they cannot
	With        []Counterpart
}

// Counterpart is a lane that a part was found on.
type Counterpart struct {
	Lane
	Kg data.Kg
}

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

// Of gives the parts of a case, in the order in which claims list them; none for a
// nil settlement.
func (s *Settlement) Of(number int) []Part {
	if s == nil || number >= len(s.parts) {
		return nil
	}
	return s.parts[number]
}

// Settle shares out the ledger: as much as can be, and of all ways to do so one of
// least cost, exactly, in grams (see transport.Solve). It does so three times, with
// the lower ends, the masses and the upper ends of what cells and links bear; a part
// reaches from the least to the most that it was given. Allocations are those of the
// masses.
func (l *Ledger) Settle(cases int) (*Settlement, error) {
	cells, links := l.inOrder()
	out := &Settlement{parts: make([][]Part, cases)}
	var sums [3][]tally
	for level := range sums {
		p, node := problem(cells, links, level)
		plan, err := transport.Solve(p, transport.Settings{})
		if err != nil {
			return nil, fmt.Errorf("sharing out gaps: %w", err)
		}
		sums[level] = add(cells, links, plan.Flow, cases)
		if level == 1 {
			out.Allocations = byWindow(cells, links, plan, node)
		}
	}
	for c := range cases {
		for e, name := range linking {
			if part, any := partOf(name, &sums[0][c][e], &sums[1][c][e], &sums[2][c][e]); any {
				out.parts[c] = append(out.parts[c], part)
			}
		}
	}
	return out, nil
}

// nodes gives the cell of each supply and each demand.
type nodes struct{ excess, short []int }

// problem states the ledger as a transport problem, at one end of all intervals or
// in their middle.
func problem(cells []Cell, links []Link, level int) (p transport.Problem, n nodes) {
	at := make([]int, len(cells))
	for i := range cells {
		mass := max(int64(cells[i].Kg.at(level)), 0)
		if cells[i].Short {
			at[i] = len(p.Demand)
			p.Demand, n.short = append(p.Demand, mass), append(n.short, i)
			continue
		}
		at[i] = len(p.Supply)
		p.Supply, n.excess = append(p.Supply, mass), append(n.excess, i)
	}
	for i := range links {
		k := &links[i]
		p.Arcs = append(p.Arcs, transport.Arc{
			From: at[k.Excess], To: at[k.Short], Cost: k.cost(), Capacity: max(int64(k.Kg.at(level)), 0),
		})
	}
	return p, n
}

// tally is what explanations account for in one case, in the order of linking.
type tally [len(linking)]given

// given is what one explanation accounts for, see Part.
type given struct {
	rest, apart data.Kg
	with        []Counterpart
}

// add sums the flows of explanations into and out of cases.
func add(cells []Cell, links []Link, flow []int64, cases int) []tally {
	sums := make([]tally, cases)
	for i := range links {
		k := &links[i]
		e := slices.Index(linking[:], k.Explanation)
		if flow[i] == 0 || e < 0 {
			continue
		}
		for _, ends := range [...][2]int{{k.Excess, k.Short}, {k.Short, k.Excess}} {
			own, other := &cells[ends[0]], &cells[ends[1]]
			if own.Case == NoCase {
				continue
			}
			t := &sums[own.Case][e]
			if own.Apart {
				t.apart += data.Kg(flow[i])
			} else {
				t.rest += data.Kg(flow[i])
			}
			t.with = append(t.with, Counterpart{Lane{other.Goods, other.Exporter, other.Importer}, data.Kg(flow[i])})
		}
	}
	return sums
}

// partOf puts the three solutions together; any is false where none gives the
// explanation anything.
func partOf(name string, low, middle, high *given) (p Part, any bool) {
	p = Part{
		Explanation: name,
		Rest:        Range{min(low.rest, middle.rest, high.rest), middle.rest, max(low.rest, middle.rest, high.rest)},
		Apart:       Range{min(low.apart, middle.apart, high.apart), middle.apart, max(low.apart, middle.apart, high.apart)},
		With:        byLane(middle.with),
	}
	return p, p.Rest.High > 0 || p.Apart.High > 0
}

// byLane adds up counterparts of one lane, the largest first.
func byLane(with []Counterpart) []Counterpart {
	slices.SortFunc(with, func(a, b Counterpart) int { return compareLanes(&a, &b) })
	var lanes []Counterpart
	for _, w := range with {
		if n := len(lanes); n > 0 && compareLanes(&lanes[n-1], &w) == 0 {
			lanes[n-1].Kg += w.Kg
			continue
		}
		lanes = append(lanes, w)
	}
	slices.SortStableFunc(lanes, func(a, b Counterpart) int { return cmp.Compare(b.Kg, a.Kg) })
	return lanes
}

func compareLanes(a, b *Counterpart) int {
	return cmp.Or(cmp.Compare(a.Goods, b.Goods), cmp.Compare(a.Exporter, b.Exporter), cmp.Compare(a.Importer, b.Importer))
}

// describe says what one part of the problem was and how it ended.
func describe(cells []Cell, links []Link, plan *transport.Plan, part *transport.Part, n nodes) window {
	a := window{holds: map[int]bool{}, Allocation: Allocation{
		Cells: len(part.Supplies) + len(part.Demands), Links: len(part.Arcs), Allocated: data.Kg(part.Shipped), Cost: data.Kg(part.Cost).Float(),
		Algorithm: transport.Algorithm, Augmentations: part.Augmentations, Rounds: part.Rounds, Optimal: part.Optimal,
	}}
	var families []string
	look := func(c *Cell, sum *data.Kg) {
		*sum += max(c.Kg.Kg, 0)
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
	a.Excess, a.Short = a.Excess+p.Excess, a.Short+p.Short
	a.Allocated, a.Explained = a.Allocated+p.Allocated, a.Explained+p.Explained
	a.Cost += p.Cost
	a.Augmentations += p.Augmentations
	a.Rounds = max(a.Rounds, p.Rounds)
	a.Optimal = a.Optimal && p.Optimal
}
