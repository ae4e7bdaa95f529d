package mirror

import (
	"cmp"
	"math/bits"
	"slices"

	"counterflow/data"
	"counterflow/data/source"
)

// declaration is what one side says of one corridor and period, settled from
// all of its rows.
type declaration struct {
	usd       data.USD
	kg        data.Kg
	rows      int64 // rows that it was made of
	edition   data.Edition
	estimated bool // some of the weight is an estimate
	fob       bool // the value was stated FOB
	parts     bool // no total was given; its parts were summed
	repeated  bool // several records for one key; the largest was taken
}

// settler makes one declaration of the rows of one key and counts what it
// leaves out.
type settler struct {
	undivided []bool // by file: no columns tell totals from parts
	refusals  *refusals
	commodity data.Commodity
}

// settle takes the total where there is one. Totals and parts are told apart by
// the columns that divide them. A file without such columns may hold totals
// beside their parts under one key: there, the largest row is the total, since
// a total is never smaller than its parts (and where the rows are 1, 2, 4 or 8
// times it, it is plain that they are). Where only parts exist they are summed.
func (s *settler) settle(group []row) declaration {
	if len(group) == 1 {
		return single(&group[0])
	}
	if isUnallocated(group[0].key) {
		return s.bucket(group)
	}
	return s.one(group)
}

// one settles the rows of one corridor and partner code.
func (s *settler) one(group []row) declaration {
	for i := range group {
		if group[i].bits.columns() == 0 {
			return s.largest(group)
		}
	}
	return s.sum(group)
}

// bucket adds up the partner codes that the unallocated bucket gathers.
func (s *settler) bucket(group []row) declaration {
	rows := slices.Clone(group)
	slices.SortFunc(rows, func(a, b row) int { return cmp.Compare(a.part, b.part) })
	var sum declaration
	for from := 0; from < len(rows); {
		to := from + 1
		for to < len(rows) && rows[to].part == rows[from].part {
			to++
		}
		d := single(&rows[from])
		if to > from+1 {
			d = s.one(rows[from:to])
		}
		if from == 0 {
			sum = d
		} else {
			sum = sum.plus(d)
		}
		from = to
	}
	return sum
}

func (d declaration) plus(other declaration) declaration {
	d.usd, d.kg = d.usd.Plus(other.usd), d.kg.Plus(other.kg)
	d.rows += other.rows
	d.edition = pool(d.edition, other.edition)
	d.estimated = d.estimated || other.estimated
	d.fob = d.fob || other.fob
	d.parts = d.parts || other.parts
	d.repeated = d.repeated || other.repeated
	return d
}

func isUnallocated(key uint64) bool {
	return data.Economy(keyExporter(key)) == data.Unallocated || data.Economy(keyImporter(key)) == data.Unallocated
}

func single(r *row) declaration {
	return declaration{usd: r.usd, kg: r.kg, rows: 1, edition: r.bits.edition(),
		estimated: r.bits&estimatedBit != 0, fob: r.bits&fobBit != 0, parts: r.bits.columns() != 0}
}

// largest takes the largest total; between equals, the one that states a
// weight, then the one of the earlier file.
func (s *settler) largest(group []row) declaration {
	best := -1
	for i := range group {
		if group[i].bits.columns() == 0 && (best < 0 || larger(&group[i], &group[best])) {
			best = i
		}
	}
	d := single(&group[best])
	var sum data.USD
	for i := range group {
		r := &group[i]
		sum = sum.Plus(r.usd)
		switch {
		case i == best:
		case r.bits.columns() != 0:
			s.refusals.add(source.Breakdown, s.commodity, r)
		case r.usd == d.usd && (r.kg == d.kg || !r.kg.Known()):
			s.refusals.add(source.RepeatedRow, s.commodity, r)
		case s.undivided[r.bits.file()] && r.bits.file() == group[best].bits.file():
			s.refusals.add(source.Breakdown, s.commodity, r)
		default:
			d.repeated = true
			s.refusals.add(source.RepeatedKey, s.commodity, r)
		}
	}
	if s.undivided[group[best].bits.file()] && !nested(sum, d.usd) {
		d.repeated = true
	}
	return d
}

func larger(a, b *row) bool {
	return cmp.Or(cmp.Compare(a.usd, b.usd), cmp.Compare(a.kg, b.kg), cmp.Compare(b.bits.file(), a.bits.file()),
		cmp.Compare(b.bits, a.bits)) > 0
}

// nested says whether rows that sum to sum look like one total repeated in one,
// two or three breakdowns: 1, 2, 4 or 8 times it, to a millionth.
func nested(sum, total data.USD) bool {
	for _, times := range [...]data.USD{1, 2, 4, 8} {
		if apart := sum - times*total; total > 0 && max(apart, -apart) <= total/1_000_000+times {
			return true
		}
	}
	return false
}

// sum adds the parts of the coarsest breakdown that is there; finer ones, and
// subdivisions of a mode of transport that is there as a whole, repeat it.
func (s *settler) sum(group []row) declaration {
	parts := slices.Clone(group)
	slices.SortFunc(parts, func(a, b row) int { return cmp.Or(comparePart(a, b), cmp.Compare(a.bits, b.bits)) })
	chosen := coarsest(parts)
	d := declaration{usd: data.MissingUSD, kg: data.MissingKg, parts: true}
	weightless := false
	for i := range parts {
		r := &parts[i]
		switch {
		case r.bits.columns() != chosen || r.bits&fineBit != 0 && hasWholeMode(parts, r):
			s.refusals.add(source.Breakdown, s.commodity, r)
			continue
		case i > 0 && comparePart(*r, parts[i-1]) == 0:
			s.refusals.add(source.RepeatedRow, s.commodity, r)
			continue
		}
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

// comparePart is 0 for two rows that say the same of the same part.
func comparePart(a, b row) int {
	return cmp.Or(cmp.Compare(a.bits.columns(), b.bits.columns()), cmp.Compare(a.part, b.part),
		cmp.Compare(a.usd, b.usd), cmp.Compare(a.kg, b.kg))
}

// coarsest picks the set of dividing columns with the fewest columns; between
// equals, the one with the larger sum.
func coarsest(parts []row) source.Columns {
	sums := map[source.Columns]data.USD{}
	for i := range parts {
		sum, ok := sums[parts[i].bits.columns()]
		if !ok {
			sum = data.MissingUSD
		}
		sums[parts[i].bits.columns()] = sum.Plus(parts[i].usd)
	}
	best := source.Columns(0)
	for columns, sum := range sums {
		if best == 0 || cmp.Or(
			cmp.Compare(bits.OnesCount8(uint8(best)), bits.OnesCount8(uint8(columns))),
			cmp.Compare(sum, sums[best]),
			cmp.Compare(best, columns)) > 0 {
			best = columns
		}
	}
	return best
}

func hasWholeMode(parts []row, r *row) bool {
	for i := range parts {
		p := &parts[i]
		if p.bits.columns() == r.bits.columns() && p.bits.modeGroup() == r.bits.modeGroup() && p.bits&fineBit == 0 {
			return true
		}
	}
	return false
}

// pool gives the edition of two records together.
func pool(a, b data.Edition) data.Edition {
	switch {
	case a == data.EditionUnknown || a == b:
		return b
	case b == data.EditionUnknown:
		return a
	}
	return data.EditionMixed
}

// refusals counts rows that were left out when rows were settled, by file and
// reason, and keeps the first few of each as examples.
type refusals struct {
	counts  map[refusalKey]int64
	samples []lateReject
}

type refusalKey struct {
	file   int
	reason source.Reason
}

type lateReject struct {
	refusalKey
	value string
}

const lateSamples = 5

func newRefusals() *refusals { return &refusals{counts: map[refusalKey]int64{}} }

func (f *refusals) add(reason source.Reason, commodity data.Commodity, r *row) {
	key := refusalKey{r.bits.file(), reason}
	f.counts[key]++
	if f.counts[key] <= lateSamples {
		f.samples = append(f.samples, lateReject{key, describe(commodity, r)})
	}
}

// describe names a row that can no longer be located by its line.
func describe(commodity data.Commodity, r *row) string {
	return commodity.Code() + " " + keyPeriod(r.key).String() + " " + keyExporter(r.key).String() + "->" +
		keyImporter(r.key).String() + " " + keyDirection(r.key).String() + " " + r.usd.Text() + " USD " + r.kg.Text() + " kg"
}
