package mirror

import (
	"counterflow/data"
	"counterflow/data/source"
)

// slab is the unit in which lists grow.
type slab [1024]row

const (
	slabBytes = int64(len(slab{})) * rowBytes
	// slabsAtOnce is 16 MiB, so that large pages find room.
	slabsAtOnce = 1 << 9
)

// A chapter is the codes that begin with the same two symbols: few enough that
// rows can be dealt out to all of them at memory speed (5,000 lists, one for
// each code, took three times as long), and in the order of codes.
const (
	chapters     = 1 << 12
	chapterShift = 64 - 12
)

func chapterOf(c data.Commodity) int { return int(c >> chapterShift) }

// list is the rows of one chapter as one worker met them.
type list struct {
	slabs []*slab
	used  int // rows in the last slab
}

func (l *list) len() int {
	if len(l.slabs) == 0 {
		return 0
	}
	return (len(l.slabs)-1)*len(slab{}) + l.used
}

// each calls do for every slab, in order.
func (l *list) each(do func([]row)) {
	for i, s := range l.slabs {
		if i == len(l.slabs)-1 {
			do(s[:l.used])
		} else {
			do(s[:])
		}
	}
}

// collector packs the records that one worker is handed.
type collector struct {
	codes    *codes
	known    codeCache
	chapters [chapters]list
	free     []*slab
	fresh    []slab // from which new slabs are cut
	inUse    int64  // bytes in slabs that hold rows
	budget   int64  // bytes after which the lists are spilled, 0 for never
	presence *presence
	spill    *spill
	sorter   sorter
	dealer   dealer
}

func newCollector(budget int64, codes *codes, spill *spill) *collector {
	return &collector{codes: codes, budget: budget, presence: &presence{}, spill: spill}
}

// add packs a batch.
func (c *collector) add(batch source.Batch) error {
	for i := range batch.Records {
		r := &batch.Records[i]
		code := r.Commodity.In(data.EditionUnknown)
		number, err := c.known.number(code, c.codes)
		if err != nil {
			return err
		}
		l := &c.chapters[chapterOf(code)]
		if len(l.slabs) == 0 || l.used == len(slab{}) {
			l.slabs = append(l.slabs, c.slab())
			l.used = 0
		}
		if err := pack(&l.slabs[len(l.slabs)-1][l.used], r, number, batch.File); err != nil {
			return err
		}
		l.used++
		reporter := data.Economy(r.Importer)
		if r.Direction.Outward() {
			reporter = data.Economy(r.Exporter)
		}
		c.presence.mark(reporter, r.Direction, r.Period)
	}
	if c.budget > 0 && c.inUse > c.budget {
		return c.spillAll()
	}
	return nil
}

func (c *collector) slab() *slab {
	c.inUse += slabBytes
	if n := len(c.free); n > 0 {
		s := c.free[n-1]
		c.free = c.free[:n-1]
		return s
	}
	if len(c.fresh) == 0 {
		c.fresh = make([]slab, slabsAtOnce)
		largePages(c.fresh)
	}
	s := &c.fresh[0]
	c.fresh = c.fresh[1:]
	return s
}

// spillAll sorts the rows of every code and writes them out, each code as one
// run; the slabs are used again.
func (c *collector) spillAll() error {
	for i := range c.chapters {
		l := &c.chapters[i]
		if l.len() == 0 {
			continue
		}
		for _, s := range c.dealer.deal([]*list{l}) {
			if err := c.spill.write(s.number, c.sorter.sorted(s.rows)); err != nil {
				return err
			}
		}
		c.free = append(c.free, l.slabs...)
		l.slabs, l.used = l.slabs[:0], 0
	}
	c.inUse = 0
	return nil
}
