package claims

import (
	"cmp"
	"math"
	"slices"

	"counterflow/data"
)

// Range is a mass with its 90% interval.
type Range struct{ Low, Kg, High data.Kg }

// Exactly is a mass that is counted rather than estimated.
func Exactly(kg data.Kg) Range { return Range{kg, kg, kg} }

// at gives one of the three figures: 0 the lower end, 1 the mass, 2 the upper end.
func (r Range) at(level int) data.Kg { return [...]data.Kg{r.Low, r.Kg, r.High}[level] }

// NoCase is the case of a cell that belongs to none.
const NoCase = -1

// Cell is one lane and month in which the two sides part. Where it is short the
// exporter records more than the importer, else the importer does. The bucket of
// trade whose partner is not stated is a cell, too, with data.Unallocated at one
// end, and so are codes that name no goods.
type Cell struct {
	Goods    data.Commodity
	Exporter data.Exporter
	Importer data.Importer
	Period   data.Period
	Short    bool
	Case     int  // the case that it belongs to, or NoCase
	Apart    bool // a month of a case that cannot be compared, such as one without partners
	Kg       Range
}

// Link says that one explanation, where it holds, would let what the cell Excess has
// too much of be what the cell Short lacks.
type Link struct {
	Excess, Short int    // cells
	Explanation   string // "" where both are of one case
	Months        int    // between the two
	Kg            Range  // most that the explanation can bear
}

// Unlimited is what a link bears whose ends alone bound it.
var Unlimited = Exactly(math.MaxInt64)

// Ledger collects cells and links. The zero value is empty. The order in which they
// are added does not change what Settle gives.
type Ledger struct {
	cells []Cell
	links []Link
	place map[cellKey]int
}

type cellKey struct {
	goods    data.Commodity
	exporter data.Exporter
	importer data.Importer
	period   data.Period
	short    bool
}

// Cell adds a cell, and gives its number; a lane and month that is there stays as it
// is, so that those of cases are added before others.
func (l *Ledger) Cell(c Cell) int {
	key := cellKey{c.Goods, c.Exporter, c.Importer, c.Period, c.Short}
	at, found := l.place[key]
	if found {
		return at
	}
	if l.place == nil {
		l.place = map[cellKey]int{}
	}
	l.place[key] = len(l.cells)
	l.cells = append(l.cells, c)
	return len(l.cells) - 1
}

// At gives the cell of a number.
func (l *Ledger) At(number int) Cell { return l.cells[number] }

// Link adds an explanation that would tie two cells.
func (l *Ledger) Link(k Link) { l.links = append(l.links, k) }

// The explanations that tie two cells, as claims name them.
const (
	Timing         = "timing"         // the same lane, other months
	Calendar       = "calendar"       // January and February, which move with the Lunar New Year
	Revision       = "hs_revision"    // a sister code, where the sides use different editions
	Classification = "classification" // a sister code, on the same lane and in the same month
	Entrepot       = "entrepot"       // the way through a third economy
	Confidential   = "confidential"   // codes that name no goods
	Unallocated    = "unallocated"    // the same reporter's trade with partners not stated
)

// linking is the explanations that tie cells, in the order in which claims list
// them.
var linking = [...]string{Timing, Calendar, Revision, Classification, Entrepot, Confidential, Unallocated}

// cost is the order in which explanations come: the less they have to suppose, the
// cheaper. What a case holds against itself is free. A month's distance costs 1; an
// other code supposes more than an other month, an other lane more than an other
// code, and goods that name neither code nor partner most.
func (k *Link) cost() int64 {
	switch k.Explanation {
	case Timing:
		return int64(max(k.Months, 1))
	case Calendar:
		return 2
	case Revision:
		return 4
	case Classification:
		return 5
	case Entrepot:
		return 6
	case Confidential:
		return 7
	case Unallocated:
		return 8
	}
	return 0
}

// inOrder gives the cells by commodity, exporter, importer and month, and the links
// by cost and cells, without repetitions: the order by which ties are broken.
func (l *Ledger) inOrder() ([]Cell, []Link) {
	order := make([]int, len(l.cells))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(i, j int) int {
		a, b := &l.cells[i], &l.cells[j]
		return cmp.Or(cmp.Compare(a.Goods, b.Goods), cmp.Compare(a.Exporter, b.Exporter),
			cmp.Compare(a.Importer, b.Importer), cmp.Compare(a.Period, b.Period), compareBool(a.Short, b.Short))
	})
	cells, place := make([]Cell, len(order)), make([]int, len(order))
	for at, i := range order {
		cells[at], place[i] = l.cells[i], at
	}
	links := slices.Clone(l.links)
	for i := range links {
		links[i].Excess, links[i].Short = place[links[i].Excess], place[links[i].Short]
	}
	slices.SortFunc(links, func(a, b Link) int {
		return cmp.Or(cmp.Compare(a.cost(), b.cost()), cmp.Compare(a.Excess, b.Excess), cmp.Compare(a.Short, b.Short),
			cmp.Compare(a.Explanation, b.Explanation), cmp.Compare(b.Kg.Kg, a.Kg.Kg))
	})
	return cells, slices.CompactFunc(links, func(a, b Link) bool {
		return a.Excess == b.Excess && a.Short == b.Short && a.Explanation == b.Explanation
	})
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}
