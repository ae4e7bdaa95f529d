package claims

import (
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"counterflow/data"
)

var (
	oxides    = commodity("284690")
	metals    = commodity("280530")
	compounds = commodity("284610")
	chile     = data.Exporter(data.MustEconomy("CHL"))
	japan     = data.Importer(data.MustEconomy("JPN"))
	singapore = data.Importer(data.MustEconomy("SGP"))
)

func commodity(code string) data.Commodity { return data.MustCommodity(code, data.EditionUnknown) }

func month(t int) data.Period {
	p, _ := data.Month(2024, 1)
	return p.Add(t)
}

func kilos(kg float64) Range { return Exactly(data.Kilograms(kg)) }

func lane(goods data.Commodity, t int, short bool, number int, kg float64) Cell {
	return Cell{Goods: goods, Exporter: chile, Importer: japan, Period: month(t), Short: short, Case: number, Kg: kilos(kg)}
}

// contested is two cases of Chile and Japan in one month. Case 0 has 100 kg too many
// of metals, of which time on the way can bear 30 of the 50 kg that the next month
// lacks; case 1 has 60 kg too many of oxides. A sister code lacks 80 kg, and 50 kg
// more than usual went to Singapore, which can only be metals.
func contested() *Ledger {
	var l Ledger
	first := l.Cell(lane(metals, 4, false, 0, 100))
	second := l.Cell(lane(oxides, 4, false, 1, 60))
	next := l.Cell(lane(metals, 5, true, NoCase, 50))
	sister := l.Cell(lane(compounds, 4, true, NoCase, 80))
	hub := lane(metals, 4, true, NoCase, 50)
	hub.Importer = singapore
	l.Link(Link{Excess: first, Short: next, Explanation: Timing, Months: 1, Kg: kilos(30)})
	l.Link(Link{Excess: first, Short: sister, Explanation: Classification, Kg: Unlimited})
	l.Link(Link{Excess: second, Short: sister, Explanation: Classification, Kg: Unlimited})
	l.Link(Link{Excess: first, Short: l.Cell(hub), Explanation: Entrepot, Kg: Unlimited})
	return &l
}

func settle(t interface {
	Helper()
	Fatal(...any)
}, l *Ledger, cases int) *Settlement {
	t.Helper()
	s, err := l.Settle(cases)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func found(s *Settlement, number int) map[string]float64 {
	kg := map[string]float64{}
	for _, p := range s.Of(number) {
		kg[p.Explanation] = p.Rest.Kg.Float() + p.Apart.Kg.Float()
	}
	return kg
}

// Shared out case by case, the sister code would serve both: 70 kg for the first and
// 60 for the second, of its 80. Served in turn, cheapest first, the first case takes 30
// by time and 70 of the sister, which leaves 10 for the second, and 50 kg in Singapore
// for nobody: 110 of 160 kg. By hand, all 160 can be had: the second case has only the
// sister, so it gets 60 of it; the first takes 30 by time, the 20 left of the sister,
// and 50 by Singapore. Cost 30*1 + (20+60)*5 + 50*6 = 730.
func TestNothingIsUsedTwiceAndNothingLeft(t *testing.T) {
	s := settle(t, contested(), 2)
	if got, want := found(s, 0), (map[string]float64{Timing: 30, Classification: 20, Entrepot: 50}); !reflect.DeepEqual(got, want) {
		t.Errorf("first case %v, want %v", got, want)
	}
	if got, want := found(s, 1), (map[string]float64{Classification: 60}); !reflect.DeepEqual(got, want) {
		t.Errorf("second case %v, want %v", got, want)
	}
	if len(s.Allocations) != 1 {
		t.Fatalf("%d allocations, want one family and window", len(s.Allocations))
	}
	a := s.Allocations[0]
	if a.Families != "rare earths" || a.Start != month(4) || a.End != month(5) || a.Cases != 2 || a.Cells != 5 || a.Links != 4 {
		t.Errorf("allocation %+v", a)
	}
	if a.Excess != data.Kilograms(160) || a.Short != data.Kilograms(180) || a.Allocated != data.Kilograms(160) || a.Explained != a.Allocated || a.Cost != 730 || !a.Optimal {
		t.Errorf("allocation %+v", a)
	}
	if got := s.Of(0)[2].With; len(got) != 1 || got[0].Importer != singapore || got[0].Kg != data.Kilograms(50) {
		t.Errorf("the way by Singapore is found at %+v", got)
	}
}

// A month of a case against its direction is used up by its other months: 100 kg too
// many in one, 40 too few in the next, so that 60 are left for a sister that lacks 90.
func TestACaseIsNettedFirst(t *testing.T) {
	var l Ledger
	over, under := l.Cell(lane(metals, 4, false, 0, 100)), l.Cell(lane(metals, 5, true, 0, 40))
	l.Link(Link{Excess: over, Short: under, Kg: Unlimited})
	l.Link(Link{Excess: over, Short: l.Cell(lane(oxides, 4, true, NoCase, 90)), Explanation: Classification, Kg: Unlimited})
	if got, want := found(settle(t, &l, 1), 0), (map[string]float64{Classification: 60}); !reflect.DeepEqual(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

// What one case lacks and another has too much of is one mass, and belongs to both
// gaps: 25 kg of metals booked as oxides.
func TestTwoCasesMeet(t *testing.T) {
	var l Ledger
	l.Link(Link{Excess: l.Cell(lane(metals, 4, false, 0, 25)), Short: l.Cell(lane(oxides, 4, true, 1, 70)), Explanation: Classification, Kg: Unlimited})
	s := settle(t, &l, 2)
	if found(s, 0)[Classification] != 25 || found(s, 1)[Classification] != 25 {
		t.Errorf("%v and %v, want 25 kg in both", found(s, 0), found(s, 1))
	}
}

// Buckets that hold a row of nines in place of a weight, more than a sum of grams can,
// bear what the case has and no more; on either side.
func TestWeightsThatNoTradeHas(t *testing.T) {
	for _, short := range []bool{false, true} {
		var l Ledger
		for m := range 20 {
			of, bucket := lane(metals, m, short, 0, 10), lane(metals, m, !short, NoCase, 9.9e14)
			bucket.Importer = singapore
			k := Link{Excess: l.Cell(of), Short: l.Cell(bucket), Explanation: Unallocated, Kg: Unlimited}
			if short {
				k.Excess, k.Short = k.Short, k.Excess
			}
			l.Link(k)
		}
		s := settle(t, &l, 1)
		if got := found(s, 0)[Unallocated]; got != 200 {
			t.Errorf("short %v: %g kg, want 200", short, got)
		}
		if a := s.Allocations[0]; max(a.Excess, a.Short) != math.MaxInt64 || min(a.Excess, a.Short) != data.Kilograms(200) {
			t.Errorf("short %v: %+v", short, a)
		}
	}
}

// Where the sister bears 10, 20 or 35 kg the claim is 20 within 10 to 35.
func TestIntervalsComeOfTheEnds(t *testing.T) {
	var l Ledger
	sister := lane(oxides, 4, true, NoCase, 0)
	sister.Kg = Range{data.Kilograms(10), data.Kilograms(20), data.Kilograms(35)}
	l.Link(Link{Excess: l.Cell(lane(metals, 4, false, 0, 100)), Short: l.Cell(sister), Explanation: Classification, Kg: Unlimited})
	if p := settle(t, &l, 1).Of(0)[0]; p.Rest != sister.Kg || p.Apart != (Range{}) {
		t.Errorf("part %+v", p)
	}
}

func TestMonthsApartComeFromTheBucketOnly(t *testing.T) {
	var l Ledger
	apart := lane(metals, 4, false, 0, 30)
	apart.Apart = true
	bucket := lane(metals, 4, true, NoCase, 12)
	bucket.Importer = data.Importer(data.Unallocated)
	l.Link(Link{Excess: l.Cell(apart), Short: l.Cell(bucket), Explanation: Unallocated, Kg: Unlimited})
	g := Gap{DeclaredX: []float64{0}, DeclaredM: []float64{30}, X: []float64{math.NaN()}, M: []float64{30}, Arrived: []float64{math.NaN()},
		Sign: 1, Linked: settle(t, &l, 1).Of(0)}
	kg := map[string]float64{}
	for _, c := range Share(g) {
		kg[c.Explanation] = c.Kg.Float()
	}
	if kg[Unallocated] != 12 || kg["not_comparable"] != 18 || kg["unexplained"] != 0 {
		t.Errorf("claims %v; want 12 unallocated, 18 not comparable, nothing unexplained", kg)
	}
}

// A case of two far months, each with a sister, is one window; a case of an other
// family in the months between is another.
func TestAWindowSpansItsCases(t *testing.T) {
	var l Ledger
	for _, m := range []int{2, 9} {
		l.Link(Link{Excess: l.Cell(lane(metals, m, false, 0, 5)), Short: l.Cell(lane(oxides, m, true, NoCase, 5)), Explanation: Classification, Kg: Unlimited})
	}
	l.Link(Link{Excess: l.Cell(lane(commodity("440711"), 5, false, 1, 5)), Short: l.Cell(lane(commodity("440712"), 5, true, NoCase, 5)), Explanation: Classification, Kg: Unlimited})
	all := settle(t, &l, 2).Allocations
	if len(all) != 2 || all[0].Families != "4407" || all[1].Start != month(2) || all[1].End != month(9) || all[1].Cells != 4 || all[1].Cases != 1 {
		t.Fatalf("%+v", all)
	}
	if !all[1].Serves(metals, month(5), month(6)) || all[1].Serves(metals, month(10), month(11)) || all[0].Serves(metals, month(5), month(5)) {
		t.Error("an allocation serves other goods or months than its own")
	}
}

func TestFamilies(t *testing.T) {
	for code, want := range map[string]string{"280530": "rare earths", "284690": "rare earths", "440711": "4407", "720510": "7205"} {
		if got := Family(commodity(code)); got != want {
			t.Errorf("family of %s is %q, want %q", code, got, want)
		}
	}
}

// drawn is a ledger as worlds may have it: three lanes over six months, two of them
// cases, tied by time and by code at random.
func drawn(t *rapid.T) (cells []Cell, links []Link) {
	for number, goods := range []data.Commodity{metals, oxides, compounds} {
		if number == 2 {
			number = NoCase
		}
		for m := range 6 {
			kg := data.Kg(rapid.Int64Range(0, 1e9).Draw(t, "grams"))
			c := lane(goods, m, rapid.Bool().Draw(t, "short"), number, 0)
			c.Kg = Range{kg / 2, kg, kg + kg/2}
			if number != NoCase {
				c.Kg = Exactly(kg)
			}
			cells = append(cells, c)
		}
	}
	for i := range cells {
		for j := range cells {
			a, b := &cells[i], &cells[j]
			months := max(a.Period, b.Period).Index() - min(a.Period, b.Period).Index()
			k := Link{Excess: i, Short: j, Kg: Unlimited}
			switch {
			case a.Short || !b.Short || rapid.IntRange(0, 3).Draw(t, "leave out") == 0:
				continue
			case a.Goods == b.Goods && a.Case == NoCase:
				k.Explanation, k.Months, k.Kg = Timing, months, Exactly(data.Kg(rapid.Int64Range(0, 1e9).Draw(t, "bears")))
			case a.Goods == b.Goods:
			case months == 0:
				k.Explanation = Classification
			default:
				continue
			}
			links = append(links, k)
		}
	}
	return cells, links
}

func enter(cells []Cell, links []Link) *Ledger {
	var l Ledger
	for _, c := range cells {
		l.Cell(c)
	}
	for _, k := range links {
		l.Link(k)
	}
	return &l
}

// No explanation takes more of a case, or finds more on a lane, than these hold.
func TestNoCellIsOverdrawn(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cells, links := drawn(t)
		s := settle(t, enter(cells, links), 2)
		for number := range 2 {
			var with, against, taken data.Kg
			for _, c := range cells {
				if c.Case == number && !c.Short {
					with += c.Kg.Kg
				} else if c.Case == number {
					against += c.Kg.Kg
				}
			}
			from := map[data.Commodity]data.Kg{}
			for _, p := range s.Of(number) {
				taken += p.Rest.Kg
				if p.Rest.Low > p.Rest.Kg || p.Rest.Kg > p.Rest.High {
					t.Fatalf("part %+v", p)
				}
				for _, w := range p.With {
					from[w.Goods] += w.Kg
				}
			}
			if taken > with+against {
				t.Fatalf("case %d gives %d of %d", number, taken, with+against)
			}
			for goods, kg := range from {
				var held data.Kg
				for _, c := range cells {
					if c.Goods == goods {
						held += c.Kg.Kg
					}
				}
				if kg > held {
					t.Fatalf("%d found on a lane that holds %d", kg, held)
				}
			}
		}
	})
}

// The order of entry changes nothing, to the last counterpart.
func TestTheOrderOfEntryDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cells, links := drawn(t)
		order := rapid.Permutation(slices.Collect(func(yield func(int) bool) {
			for i := range cells {
				if !yield(i) {
					return
				}
			}
		})).Draw(t, "order")
		shuffled, place := make([]Cell, len(cells)), make([]int, len(cells))
		for at, i := range order {
			shuffled[at], place[i] = cells[i], at
		}
		moved := slices.Clone(links)
		for i := range moved {
			moved[i].Excess, moved[i].Short = place[moved[i].Excess], place[moved[i].Short]
		}
		slices.Reverse(moved)
		one, other := settle(t, enter(cells, links), 2), settle(t, enter(shuffled, moved), 2)
		if !reflect.DeepEqual(one, other) {
			t.Fatalf("%+v, shuffled %+v", one, other)
		}
	})
}

// Swapping the sides of every cell changes neither how much is allocated nor at what
// cost.
func TestSwappingSidesKeepsTheAllocation(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cells, links := drawn(t)
		turned, back := slices.Clone(cells), slices.Clone(links)
		for i := range turned {
			turned[i].Short = !turned[i].Short
		}
		for i := range back {
			back[i].Excess, back[i].Short = back[i].Short, back[i].Excess
		}
		one, other := sums(settle(t, enter(cells, links), 2)), sums(settle(t, enter(turned, back), 2))
		if one != other {
			t.Fatalf("%+v, swapped %+v", one, other)
		}
	})
}

type total struct {
	allocated data.Kg
	cost      float64
}

func sums(s *Settlement) (all total) {
	for _, a := range s.Allocations {
		all.allocated, all.cost = all.allocated+a.Allocated, all.cost+math.Round(1000*a.Cost)
	}
	return all
}

// Whatever the ledger gave, claims and rest add up to the declared gap to the gram.
func TestGapIsClaimsPlusRest(t *testing.T) {
	amount := rapid.Float64Range(0, 1e6)
	rapid.Check(t, func(t *rapid.T) {
		cells, links := drawn(t)
		g := Gap{Sign: 1, Base: rapid.Float64Range(-1, 1).Draw(t, "base"), Linked: settle(t, enter(cells, links), 2).Of(0),
			Another: Another{Kg: data.Kg(rapid.Int64Range(-1e6, 1e6).Draw(t, "another")), Case: "some other"}}
		declared := 0.0
		for range 6 {
			x, m := amount.Draw(t, "x"), amount.Draw(t, "m")
			arrived := amount.Draw(t, "arrived")
			if rapid.IntRange(0, 4).Draw(t, "apart") == 0 {
				arrived = math.NaN()
			}
			g.DeclaredX, g.DeclaredM = append(g.DeclaredX, x), append(g.DeclaredM, m)
			g.X, g.M, g.Arrived = append(g.X, x*1.1), append(g.M, m), append(g.Arrived, arrived)
			declared += m - x
		}
		var sum data.Kg
		names := map[string]bool{}
		for _, c := range Share(g) {
			sum += c.Kg
			if names[c.Explanation] {
				t.Fatalf("%s stands twice", c.Explanation)
			}
			names[c.Explanation] = true
		}
		if sum != data.Kilograms(declared) {
			t.Fatalf("claims add up to %s kg, the gap is %s", sum.Text(), data.Kilograms(declared).Text())
		}
	})
}

// Every explanation of the ledger has a cost above what a case holds against itself,
// and no two explanations of one distance cost the same.
func TestCostsAreTheOrder(t *testing.T) {
	seen := map[int64]string{0: ""}
	for _, name := range linking {
		k := Link{Explanation: name, Months: 1}
		if other, taken := seen[k.cost()]; taken {
			t.Errorf("%s costs as much as %q", name, other)
		}
		seen[k.cost()] = name
	}
}

func TestNotesNameWhereAPartWasFound(t *testing.T) {
	p := settle(t, contested(), 2).Of(0)[2]
	if got := p.note(); !strings.Contains(got, "50 kg of it on 280530 from CHL to SGP") {
		t.Errorf("note %q", got)
	}
}

func TestLanesReadBack(t *testing.T) {
	lanes := []Counterpart{{Lane: Lane{metals, chile, singapore}}, {Lane: Lane{oxides, chile, data.Importer(data.Unallocated)}}}
	text := joinLanes(lanes)
	if want := "280530:CHL:SGP|284690:CHL:QXX"; text != want {
		t.Errorf("%q, want %q", text, want)
	}
	back, err := ParseLanes(text)
	if err != nil || len(back) != 2 || back[0] != lanes[0].Lane || back[1] != lanes[1].Lane {
		t.Errorf("%v, %v", back, err)
	}
	if none, err := ParseLanes(""); none != nil || err != nil {
		t.Errorf("an empty text holds %v, %v", none, err)
	}
	for _, wrong := range []string{"280530", "280530:CHL", "x!:CHL:SGP", "280530:C:SGP", "280530:CHL:?"} {
		if _, err := ParseLanes(wrong); err == nil {
			t.Errorf("%q is read as a lane", wrong)
		}
	}
}
