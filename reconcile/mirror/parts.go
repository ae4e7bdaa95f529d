package mirror

import (
	"cmp"
	"math/bits"

	"counterflow/data"
	"counterflow/data/source"
)

// sum adds the parts of the coarsest breakdown that is there; finer ones, and
// subdivisions of a mode of transport that is there as a whole, repeat it.
func (s *settler) sum(parts []row) declaration {
	d := declaration{usd: data.MissingUSD, kg: data.MissingKg, parts: true}
	chosen := coarsest(parts)
	weightless := false
	last := -1 // the part that was added last
	for i := range parts {
		r := &parts[i]
		switch {
		case r.breakdown() != chosen || hasWholeMode(parts, r):
			s.refusals.add(source.Breakdown, s.commodity, r)
			continue
		case last >= 0 && comparePart(r, &parts[last]) == 0 && r.usd == parts[last].usd && r.kg == parts[last].kg:
			s.refusals.add(source.RepeatedRow, s.commodity, r)
			continue
		}
		last = i
		d.usd, d.kg = d.usd.Plus(r.usd), d.kg.Plus(r.kg)
		weightless = weightless || !r.kg.Known()
		d.edition = pool(d.edition, r.bits.edition())
		d.estimated = d.estimated || r.bits&estimatedBit != 0
		d.fob = d.fob || r.bits&fobBit != 0
		d.rows++
	}
	if weightless {
		d.kg = data.MissingKg // a sum over some parts is no weight of the whole
	}
	return d
}

// breakdown is the set of columns by which a total is divided, and the digits
// of the codes where it is divided by finer codes.
type breakdown struct {
	columns source.Columns
	digits  int
}

func (r *row) breakdown() breakdown { return breakdown{r.bits.columns(), r.part.digits()} }

// coarsest picks the breakdown with the fewest columns, then with the shortest
// codes, then with the largest sum.
func coarsest(parts []row) breakdown {
	sums := map[breakdown]data.USD{}
	for i := range parts {
		sum, ok := sums[parts[i].breakdown()]
		if !ok {
			sum = data.MissingUSD
		}
		sums[parts[i].breakdown()] = sum.Plus(parts[i].usd)
	}
	var best breakdown
	for b, sum := range sums {
		if best.columns == 0 || cmp.Or(
			cmp.Compare(bits.OnesCount8(uint8(best.columns)), bits.OnesCount8(uint8(b.columns))),
			cmp.Compare(best.digits, b.digits),
			cmp.Compare(sum, sums[best]),
			cmp.Compare(best.columns, b.columns)) > 0 {
			best = b
		}
	}
	return best
}

// hasWholeMode says whether the mode of transport that a row's mode is a
// subdivision of is there as well.
func hasWholeMode(parts []row, r *row) bool {
	for i := range parts {
		if p := &parts[i]; p.breakdown() == r.breakdown() && p.part == r.part && r.bits.mode().Within(p.bits.mode()) {
			return true
		}
	}
	return false
}
