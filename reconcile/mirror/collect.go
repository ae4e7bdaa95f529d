package mirror

import (
	"counterflow/data"
	"counterflow/data/source"
)

// slab is the unit in which lists grow. It is small, because a run holds
// thousands of lists, most of them short.
type slab [128]row

const slabBytes = int64(len(slab{})) * rowBytes

// list is the rows of one commodity as one worker met them.
type list struct {
	commodity data.Commodity
	level     int
	slabs     []*slab
	used      int // rows in the last slab
	runs      []run
}

func (l *list) len() int64 {
	if len(l.slabs) == 0 {
		return 0
	}
	return int64(len(l.slabs)-1)*int64(len(slab{})) + int64(l.used)
}

// appendTo appends the rows in memory to rows.
func (l *list) appendTo(rows []row) []row {
	for i, s := range l.slabs {
		n := len(s)
		if i == len(l.slabs)-1 {
			n = l.used
		}
		rows = append(rows, s[:n]...)
	}
	return rows
}

// collector packs the records that one worker is handed.
type collector struct {
	lists    map[data.Commodity]*list
	last     *list
	free     []*slab
	fresh    []slab // from which new slabs are cut
	inUse    int64  // bytes in slabs that hold rows
	budget   int64  // bytes after which the lists are spilled, 0 for never
	presence *presence
	spill    *spill
	sorter   sorter
}

func newCollector(budget int64, spill *spill) *collector {
	return &collector{lists: map[data.Commodity]*list{}, budget: budget, presence: &presence{}, spill: spill}
}

// add packs a batch.
func (c *collector) add(batch source.Batch) error {
	for i := range batch.Records {
		r := &batch.Records[i]
		code := r.Commodity.In(data.EditionUnknown)
		if c.last == nil || c.last.commodity != code {
			c.last = c.list(code)
		}
		l := c.last
		if len(l.slabs) == 0 || l.used == len(slab{}) {
			l.slabs = append(l.slabs, c.slab())
			l.used = 0
		}
		l.slabs[len(l.slabs)-1][l.used] = pack(r, batch.File)
		l.used++
		c.presence.mark(r.Reporter(), r.Direction, r.Period, l.level)
	}
	if c.budget > 0 && c.inUse > c.budget {
		return c.spillAll()
	}
	return nil
}

func (c *collector) list(code data.Commodity) *list {
	l := c.lists[code]
	if l == nil {
		l = &list{commodity: code, level: level(code)}
		c.lists[code] = l
	}
	return l
}

func (c *collector) slab() *slab {
	c.inUse += slabBytes
	if n := len(c.free); n > 0 {
		s := c.free[n-1]
		c.free = c.free[:n-1]
		return s
	}
	if len(c.fresh) == 0 {
		c.fresh = make([]slab, 64)
	}
	s := &c.fresh[0]
	c.fresh = c.fresh[1:]
	return s
}

// spillAll sorts every list and writes it out as one run; the slabs are used
// again.
func (c *collector) spillAll() error {
	var rows []row
	for _, l := range c.lists {
		if l.len() == 0 {
			continue
		}
		rows = l.appendTo(rows[:0])
		c.sorter.sort(rows)
		written, err := c.spill.write(rows)
		if err != nil {
			return err
		}
		l.runs = append(l.runs, written)
		c.free = append(c.free, l.slabs...)
		l.slabs, l.used = l.slabs[:0], 0
	}
	c.inUse = 0
	return nil
}

// presence remembers which reporters published anything at all, by direction
// and period, and in which levels of the classification. Re-exports count as
// exports, re-imports as imports.
type presence struct {
	spoke  [1 << data.EconomyBits]*[2 << data.PeriodBits]bool
	levels [1 << data.EconomyBits]uint16 // bit n: codes of n digits
}

func presenceIndex(direction data.Direction, period data.Period) int {
	index := int(period) << 1
	if !direction.Outward() {
		index++
	}
	return index
}

func (p *presence) mark(reporter data.Economy, direction data.Direction, period data.Period, level int) {
	p.levels[reporter] |= 1 << level
	cells := p.spoke[reporter]
	if cells == nil {
		cells = new([2 << data.PeriodBits]bool)
		p.spoke[reporter] = cells
	}
	cells[presenceIndex(direction, period)] = true
}

func (p *presence) has(reporter data.Economy, direction data.Direction, period data.Period) bool {
	cells := p.spoke[reporter]
	return cells != nil && cells[presenceIndex(direction, period)]
}

// join adds what another worker saw.
func (p *presence) join(other *presence) {
	for e, cells := range other.spoke {
		if cells == nil {
			continue
		}
		p.levels[e] |= other.levels[e]
		if p.spoke[e] == nil {
			p.spoke[e] = cells
			continue
		}
		for i, spoke := range cells {
			if spoke {
				p.spoke[e][i] = true
			}
		}
	}
}

// periods lists every period in which anybody spoke, in order.
func (p *presence) periods() []data.Period {
	var seen [1 << data.PeriodBits]bool
	for _, cells := range p.spoke {
		if cells == nil {
			continue
		}
		for i, spoke := range cells {
			if spoke {
				seen[i>>1] = true
			}
		}
	}
	var periods []data.Period
	for i, spoke := range seen {
		if spoke {
			periods = append(periods, data.Period(i))
		}
	}
	return periods
}
