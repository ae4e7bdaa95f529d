package mirror

import (
	"cmp"
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
	mode      source.Mode
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
// The rows are put in order first, so that it does not matter in which they
// were read.
func (s *settler) settle(group []row, d *declaration) {
	if len(group) == 1 {
		d.single(&group[0])
		return
	}
	slices.SortFunc(group, compareRows)
	if isUnallocated(group[0].key) {
		*d = s.bucket(group)
	} else {
		*d = s.one(group)
	}
	d.mode = carriedBy(group)
}

// compareRows orders the rows of one key: by partner code, then the totals
// before the parts, then by part and amount. Rows that compare equal are alike.
func compareRows(a, b row) int {
	return cmp.Or(
		cmp.Compare(a.part.partner(), b.part.partner()), comparePart(&a, &b),
		cmp.Compare(a.usd, b.usd), cmp.Compare(a.kg, b.kg), cmp.Compare(a.bits, b.bits))
}

// comparePart is 0 for two rows of the same part, or two totals.
func comparePart(a, b *row) int {
	return cmp.Or(cmp.Compare(a.bits.columns(), b.bits.columns()), cmp.Compare(a.bits.mode(), b.bits.mode()), cmp.Compare(a.part, b.part))
}

// one settles the rows of one corridor and partner code.
func (s *settler) one(group []row) declaration {
	if len(group) == 1 {
		var d declaration
		d.single(&group[0])
		return d
	}
	for i := range group {
		if group[i].bits.columns() == 0 {
			return s.largest(group)
		}
	}
	return s.sum(group)
}

// bucket adds up the partner codes that the unallocated bucket gathers.
func (s *settler) bucket(rows []row) declaration {
	var sum declaration
	for from := 0; from < len(rows); {
		to := from + 1
		for to < len(rows) && rows[to].part.partner() == rows[from].part.partner() {
			to++
		}
		d := s.one(rows[from:to])
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

// single makes a declaration of one row. It is filled field by field: a struct
// that is copied right after it was put together waits for its own parts to reach
// the cache, which took a tenth of the time of pairing.
func (d *declaration) single(r *row) {
	d.usd, d.kg, d.rows = r.usd, r.kg, 1
	d.edition = r.bits.edition()
	d.estimated = r.bits&estimatedBit != 0
	d.fob = r.bits&fobBit != 0
	d.parts = r.bits.columns() != 0
	d.repeated = false
	d.mode = r.bits.mode().Whole()
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
	taken := &group[best]
	var d declaration
	d.single(taken)
	undivided := s.undivided[taken.bits.file()]
	var together row
	together.usd, together.kg = data.MissingUSD, data.MissingKg
	for i := range group {
		r := &group[i]
		sameFile := r.bits.file() == taken.bits.file()
		if sameFile && r.bits.columns() == 0 {
			together.usd, together.kg = together.usd.Plus(r.usd), together.kg.Plus(r.kg)
		}
		switch {
		case i == best:
		case r.bits.columns() != 0:
			s.refusals.add(source.Breakdown, s.commodity, r)
		case r.usd == d.usd && (r.kg == d.kg || !r.kg.Known()):
			s.refusals.add(source.RepeatedRow, s.commodity, r)
		case undivided && sameFile:
			s.refusals.add(source.Breakdown, s.commodity, r)
		default:
			d.repeated = true
			s.refusals.add(source.RepeatedKey, s.commodity, r)
		}
	}
	if undivided && !nested(&together, taken) {
		d.repeated = true
	}
	return d
}

func larger(a, b *row) bool {
	return cmp.Or(cmp.Compare(a.usd, b.usd), cmp.Compare(a.kg, b.kg), cmp.Compare(b.bits.file(), a.bits.file()),
		cmp.Compare(b.bits, a.bits)) > 0
}

// nested says whether rows look like one total repeated in one, two or three
// breakdowns: 1, 2, 4 or 8 times it, to a millionth, in value or where there is
// none in weight.
func nested(together, total *row) bool {
	sum, one := int64(together.usd), int64(total.usd)
	if !total.usd.Known() {
		sum, one = int64(together.kg), int64(total.kg)
	}
	for _, times := range [...]int64{1, 2, 4, 8} {
		if apart := sum - times*one; one > 0 && max(apart, -apart) <= one/1_000_000+times {
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
