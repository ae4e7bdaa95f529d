package claims

import (
	"cmp"
	"fmt"
	"math"
	"slices"

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
	at, masses := make([]int, len(cells)), reachable(cells, links, level)
	for i := range cells {
		if cells[i].Short {
			at[i] = len(p.Demand)
			p.Demand, n.short = append(p.Demand, masses[i]), append(n.short, i)
			continue
		}
		at[i] = len(p.Supply)
		p.Supply, n.excess = append(p.Supply, masses[i]), append(n.excess, i)
	}
	for i := range links {
		k := &links[i]
		p.Arcs = append(p.Arcs, transport.Arc{
			From: at[k.Excess], To: at[k.Short], Cost: k.cost(), Capacity: max(int64(k.Kg.at(level)), 0),
		})
	}
	return p, n
}

// reachable is of each cell what its links can move at most. More of it changes no
// plan, and a weight that no trade has, such as a row of nines that stands for none,
// would be more than a sum holds.
func reachable(cells []Cell, links []Link, level int) []int64 {
	masses, moved := make([]int64, len(cells)), make([]int64, len(cells))
	for i := range cells {
		masses[i] = max(int64(cells[i].Kg.at(level)), 0)
	}
	for i := range links {
		k := &links[i]
		bears := max(int64(k.Kg.at(level)), 0)
		moved[k.Excess] = plus(moved[k.Excess], min(bears, masses[k.Short]))
		moved[k.Short] = plus(moved[k.Short], min(bears, masses[k.Excess]))
	}
	for i := range masses {
		masses[i] = min(masses[i], moved[i])
	}
	return masses
}

// plus adds amounts that are not negative, up to the largest there is.
func plus[T ~int64](a, b T) T {
	if a > math.MaxInt64-b {
		return math.MaxInt64
	}
	return a + b
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
