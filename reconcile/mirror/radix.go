package mirror

import (
	"cmp"
	"slices"
)

// Keys without the number of the code have 33 bits, three whole digits.
const (
	digitBits = 11
	digits    = 1 << digitBits
	keyDigits = (numberShift + digitBits - 1) / digitBits
	radixFrom = 256 // below, comparing is faster than counting
)

// sorter sorts rows by key, with scratch space of its own that is kept from one
// sort to the next.
type sorter struct {
	scratch []row
	counts  [keyDigits][digits]uint32
}

// sorted gives the rows of one code by key. They lie where they were or in the
// sorter's own space, until the next call. Digits in which all keys agree are
// passed over, so a table of one year costs fewer passes than one of many.
func (s *sorter) sorted(rows []row) []row {
	if len(rows) < radixFrom {
		slices.SortFunc(rows, func(a, b row) int { return cmp.Compare(a.key<<numberBits, b.key<<numberBits) })
		return rows
	}
	if len(s.scratch) < len(rows) {
		s.scratch = make([]row, len(rows)+len(rows)/4)
	}
	s.count(rows)
	from, to := rows, s.scratch[:len(rows)]
	for d := range s.counts {
		counts := &s.counts[d]
		shift := d * digitBits
		if counts[from[0].key>>shift%digits] == uint32(len(rows)) {
			continue
		}
		var at uint32
		for i, n := range counts {
			counts[i] = at
			at += n
		}
		for i := range from {
			place := &counts[from[i].key>>shift%digits]
			to[*place] = from[i]
			*place++
		}
		from, to = to, from
	}
	return from
}

// count counts every digit of every key in one pass.
func (s *sorter) count(rows []row) {
	clear(s.counts[:])
	for i := range rows {
		key := rows[i].key
		for d := range s.counts {
			s.counts[d][key>>(d*digitBits)%digits]++
		}
	}
}
