package mirror

import (
	"container/heap"
	"slices"

	"counterflow/data/source"
)

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

func (h cursors) Len() int           { return len(h) }
func (h cursors) Less(i, j int) bool { return h[i].rows[h[i].at].key < h[j].rows[h[j].at].key }
func (h cursors) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *cursors) Push(x any)        { *h = append(*h, x.(*cursor)) }
func (h *cursors) Pop() any {
	last := (*h)[len(*h)-1]
	*h = (*h)[:len(*h)-1]
	return last
}

// gathered is every row of one commodity, spread over the workers' lists.
type gathered struct {
	lists  []*list
	n      int64 // rows in all of them
	level  int   // digits that are compared; finer codes are parts
	sorter *sorter
	rows   []row // kept from one commodity to the next
}

// groups calls each for the rows of every key, in the order of keys. Where the
// rows are more than fit (0 for no limit), the runs are merged as they are read.
func (g *gathered) groups(fit int64, each func([]row)) error {
	if fit > 0 && g.n > fit {
		return g.merge(each)
	}
	rows, err := g.all()
	if err != nil {
		return err
	}
	g.sorter.sort(rows)
	for from := 0; from < len(rows); {
		to := from + 1
		for to < len(rows) && rows[to].key == rows[from].key {
			to++
		}
		each(rows[from:to])
		from = to
	}
	return nil
}

// all brings the rows together, unsorted.
func (g *gathered) all() ([]row, error) {
	rows := slices.Grow(g.rows[:0], int(g.n))
	for _, l := range g.lists {
		first := len(rows)
		rows = l.appendTo(rows)
		for _, r := range l.runs {
			have := len(rows)
			rows = rows[:have+int(r.rows)]
			if _, err := r.read(rows[have:], 0); err != nil {
				return nil, err
			}
		}
		g.finer(l, rows[first:])
	}
	g.rows = rows
	return rows, nil
}

// finer marks the rows of a code below the level as parts of the code at it.
func (g *gathered) finer(l *list, rows []row) {
	if l.level <= g.level {
		return
	}
	for i := range rows {
		rows[i].bits |= rowBits(source.ByFinerCode) << columnsShift
		rows[i].part ^= uint32(l.commodity>>32) ^ uint32(l.commodity)
	}
}

// merge walks all sorted runs at once.
func (g *gathered) merge(each func([]row)) error {
	open, err := g.open()
	if err != nil {
		return err
	}
	heap.Init(&open)
	var group []row
	for open.Len() > 0 {
		next := open[0]
		r := next.rows[next.at]
		if len(group) > 0 && group[0].key != r.key {
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

func (g *gathered) open() (cursors, error) {
	var open cursors
	add := func(c *cursor) error {
		more, err := c.more()
		if more {
			open = append(open, c)
		}
		return err
	}
	for _, l := range g.lists {
		rows := l.appendTo(nil)
		g.sorter.sort(rows)
		g.finer(l, rows)
		mark := func(rows []row) { g.finer(l, rows) }
		if err := add(&cursor{rows: rows, mark: mark}); err != nil {
			return nil, err
		}
		for _, r := range l.runs {
			if err := add(&cursor{run: r, mark: mark}); err != nil {
				return nil, err
			}
		}
	}
	return open, nil
}
