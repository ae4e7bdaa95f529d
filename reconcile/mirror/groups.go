package mirror

import (
	"container/heap"
	"slices"

	"counterflow/data"
)

// pile is all rows of one code, from memory and from spills.
type pile struct {
	code data.Commodity
	rows []row // unsorted
	runs []run // each sorted
}

func (p *pile) len() int64 {
	n := int64(len(p.rows))
	for _, r := range p.runs {
		n += r.rows
	}
	return n
}

// finer marks rows of a code below the level as parts of the code at it.
func (p *pile) finer(level int, rows []row) {
	if level == 0 || p.code.Len() <= level {
		return
	}
	for i := range rows {
		rows[i].finer(p.code, p.code.Len())
	}
}

// grouper calls back for the rows of every key of one commodity.
type grouper struct {
	level  int   // digits that are compared
	fit    int64 // rows that are sorted in memory, 0 for any number
	sorter sorter
	rows   []row // kept from one commodity to the next
}

// groups calls each for the rows of every key, in the order of keys. Where the
// rows are more than fit, the sorted runs are merged as they are read.
func (g *grouper) groups(piles []*pile, each func([]row)) error {
	var n int64
	for _, p := range piles {
		n += p.len()
	}
	if g.fit > 0 && n > g.fit {
		return g.merge(piles, each)
	}
	rows, err := g.all(piles, n)
	if err != nil {
		return err
	}
	rows = g.sorter.sorted(rows)
	for from := 0; from < len(rows); {
		to := from + 1
		for to < len(rows) && sameKey(rows[to].key, rows[from].key) {
			to++
		}
		each(rows[from:to])
		from = to
	}
	return nil
}

// sameKey leaves the number of the code out: finer codes are compared as the
// code above them.
func sameKey(a, b uint64) bool { return (a^b)<<numberBits == 0 }

// all brings the rows together, unsorted. The rows of a single pile in memory
// stay where they are.
func (g *grouper) all(piles []*pile, n int64) ([]row, error) {
	if len(piles) == 1 && len(piles[0].runs) == 0 {
		piles[0].finer(g.level, piles[0].rows)
		return piles[0].rows, nil
	}
	rows := slices.Grow(g.rows[:0], int(n))
	for _, p := range piles {
		first := len(rows)
		rows = append(rows, p.rows...)
		for _, r := range p.runs {
			have := len(rows)
			rows = rows[:have+int(r.rows)]
			if _, err := r.read(rows[have:], 0); err != nil {
				return nil, err
			}
		}
		p.finer(g.level, rows[first:])
	}
	g.rows = rows
	return rows, nil
}

// merge walks all sorted runs at once.
func (g *grouper) merge(piles []*pile, each func([]row)) error {
	open, err := g.open(piles)
	if err != nil {
		return err
	}
	heap.Init(&open)
	var group []row
	for open.Len() > 0 {
		next := open[0]
		r := next.rows[next.at]
		if len(group) > 0 && !sameKey(group[0].key, r.key) {
			each(group)
			group = group[:0]
		}
		group = append(group, r)
		next.at++
		more, err := next.more()
		switch {
		case err != nil:
			return err
		case more:
			heap.Fix(&open, 0)
		default:
			heap.Pop(&open)
		}
	}
	if len(group) > 0 {
		each(group)
	}
	return nil
}

func (g *grouper) open(piles []*pile) (cursors, error) {
	var open cursors
	add := func(c *cursor) error {
		more, err := c.more()
		if more {
			open = append(open, c)
		}
		return err
	}
	for _, p := range piles {
		mark := func(rows []row) { p.finer(g.level, rows) }
		copy(p.rows, g.sorter.sorted(p.rows))
		mark(p.rows)
		if err := add(&cursor{rows: p.rows}); err != nil {
			return nil, err
		}
		for _, r := range p.runs {
			if err := add(&cursor{run: r, mark: mark}); err != nil {
				return nil, err
			}
		}
	}
	return open, nil
}

// cursor walks one sorted run, from memory or from a spill.
type cursor struct {
	rows []row // those at hand
	at   int
	run  run
	read int64 // rows of the run that were read so far
	mark func([]row)
}

const cursorRows = 1 << 12

// more brings the next rows to hand and says whether there are any.
func (c *cursor) more() (bool, error) {
	if c.at < len(c.rows) {
		return true, nil
	}
	if c.read >= c.run.rows {
		return false, nil
	}
	if cap(c.rows) == 0 {
		c.rows = make([]row, cursorRows)
	}
	n, err := c.run.read(c.rows[:cap(c.rows)], c.read)
	c.rows, c.at, c.read = c.rows[:n], 0, c.read+int64(n)
	c.mark(c.rows)
	return n > 0, err
}

// cursors is a heap by the next key.
type cursors []*cursor

func (h cursors) Len() int { return len(h) }
func (h cursors) Less(i, j int) bool {
	return h[i].rows[h[i].at].key<<numberBits < h[j].rows[h[j].at].key<<numberBits
}
func (h cursors) Swap(i, j int) { h[i], h[j] = h[j], h[i] }
func (h *cursors) Push(x any)   { *h = append(*h, x.(*cursor)) }
func (h *cursors) Pop() any {
	last := (*h)[len(*h)-1]
	*h = (*h)[:len(*h)-1]
	return last
}
