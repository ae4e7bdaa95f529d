package mirror

import (
	"cmp"
	"slices"
)

const (
	digitBits = 11
	digits    = 1 << digitBits
	// Below this a comparison sort is faster than clearing the counters.
	radixFrom = 512
)

// sorter sorts rows by key, with scratch space of its own that is kept from one
// sort to the next.
type sorter struct {
	scratch []row
	counts  [digits]uint32
}

// sort orders the rows of one code by key, in place. Digits in which all keys agree are passed
// over, so a table of one year costs fewer passes than one of many.
func (s *sorter) sort(rows []row) {
	if len(rows) < radixFrom {
		slices.SortFunc(rows, func(a, b row) int { return cmp.Compare(a.key<<numberBits, b.key<<numberBits) })
		return
	}
	if len(s.scratch) < len(rows) {
		s.scratch = make([]row, len(rows)+len(rows)/4)
	}
	from, to := rows, s.scratch[:len(rows)]
	differ := differing(rows)
	for shift := 0; shift < numberShift; shift += digitBits {
		if differ>>shift&(digits-1) == 0 {
			continue
		}
		s.pass(from, to, shift)
		from, to = to, from
	}
	if &from[0] != &rows[0] {
		copy(rows, from)
	}
}

// pass is one stable distribution by the digit at shift.
func (s *sorter) pass(from, to []row, shift int) {
	clear(s.counts[:])
	for i := range from {
		s.counts[from[i].key<<numberBits>>numberBits>>shift&(digits-1)]++
	}
	var at uint32
	for d, n := range s.counts {
		s.counts[d] = at
		at += n
	}
	for i := range from {
		d := from[i].key << numberBits >> numberBits >> shift & (digits - 1)
		to[s.counts[d]] = from[i]
		s.counts[d]++
	}
}

// differing gives the bits in which the keys are not all alike, the number of
// the code left out: it does not take part in the order.
func differing(rows []row) uint64 {
	var differ uint64
	for i := range rows {
		differ |= rows[i].key ^ rows[0].key
	}
	return differ << numberBits >> numberBits
}
