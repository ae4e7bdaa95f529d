package vault

import (
	"context"
	"errors"
	"path/filepath"
	"sync"

	"golang.org/x/sync/errgroup"

	"counterflow/data"
	"counterflow/data/source"
)

// chapters sorts the rows of one file into partitions, chapter by chapter, in the
// order of lines. Batches come from several goroutines and out of order; what is
// written depends on the file alone.
type chapters struct {
	dir     string
	workers []gathered
	tools   chan tool
	free    chan []entry // room for groups, used again

	mu    sync.Mutex
	next  int // block that is sorted next
	early map[int][]entry
	spare [][]entry
	of    [chapterCount]*partition

	packing *errgroup.Group
	ctx     context.Context
}

// gathered is what one worker holds of its block, and whose reports on which
// periods it has seen.
type gathered struct {
	rows      []entry
	periods   [1 << data.PeriodBits]bool
	reporters [1 << data.EconomyBits]bool
}

// tool packs groups; there is one for each worker.
type tool struct {
	*packer
	scratch []uint64
}

func newChapters(ctx context.Context, dir string, workers int) (*chapters, error) {
	c := &chapters{dir: dir, workers: make([]gathered, workers), tools: make(chan tool, workers), free: make(chan []entry, 4*workers), early: map[int][]entry{}}
	for range workers {
		p, err := newPacker()
		if err != nil {
			return nil, err
		}
		c.tools <- tool{p, make([]uint64, groupRows)}
	}
	c.packing, c.ctx = errgroup.WithContext(ctx)
	c.packing.SetLimit(workers)
	return c, nil
}

// add takes a batch; it is a source.Sink.
func (c *chapters) add(worker int, b source.Batch) error {
	w := &c.workers[worker]
	for i := range b.Records {
		r := &b.Records[i]
		w.rows = append(w.rows, entry{*r, b.Lines[i]})
		w.periods[r.Period], w.reporters[r.Reporter()] = true, true
	}
	if !b.Last {
		return nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.early[b.Block] = w.rows
	w.rows = nil
	if n := len(c.spare); n > 0 {
		w.rows, c.spare = c.spare[n-1], c.spare[:n-1]
	}
	for {
		rows, there := c.early[c.next]
		if !there {
			return c.ctx.Err()
		}
		delete(c.early, c.next)
		c.next++
		for i := range rows {
			if err := c.sort(&rows[i]); err != nil {
				return err
			}
		}
		c.spare = append(c.spare, rows[:0])
	}
}

// seen gives the first and the last period, and the reporters by their letters.
func (c *chapters) seen() (first, last string, reporters []string) {
	for p := range c.workers[0].periods {
		for w := range c.workers {
			if c.workers[w].periods[p] {
				if last = data.Period(p).String(); first == "" {
					first = last
				}
				break
			}
		}
	}
	for e := range c.workers[0].reporters {
		for w := range c.workers {
			if c.workers[w].reporters[e] {
				reporters = append(reporters, data.Economy(e).String())
				break
			}
		}
	}
	return first, last, reporters
}

// sort puts a row behind those of its chapter.
func (c *chapters) sort(e *entry) error {
	chapter := chapterOf(e.Commodity)
	p := c.of[chapter]
	if p == nil {
		name := chapterName(chapter)
		var err error
		if p, err = newPartition(filepath.Join(c.dir, partitionName(name)), name); err != nil {
			return err
		}
		c.of[chapter] = p
	}
	p.rows = append(p.rows, *e)
	if len(p.rows) == groupRows {
		c.handOut(p)
	}
	return nil
}

// open lists the partitions of the file, in the order of chapters.
func (c *chapters) open() (all []*partition) {
	for _, p := range c.of {
		if p != nil {
			all = append(all, p)
		}
	}
	return all
}

// handOut lets a full group be packed beside everything else.
func (c *chapters) handOut(p *partition) {
	rows, number := p.rows, p.begun
	p.begun++
	select {
	case p.rows = <-c.free:
	default:
		p.rows = nil // grows with the chapter, since most files are small
	}
	c.packing.Go(func() error {
		if err := c.ctx.Err(); err != nil {
			return err
		}
		t := <-c.tools
		defer func() { c.tools <- t }()
		err := p.pack(number, rows, t.packer, t.scratch)
		select {
		case c.free <- rows[:0]:
		default:
		}
		return err
	})
}

// finish packs what is left and ends every partition, in the order of chapters.
func (c *chapters) finish() ([]Partition, error) {
	for _, p := range c.open() {
		if len(p.rows) > 0 {
			c.handOut(p)
		}
	}
	if err := c.packing.Wait(); err != nil {
		return nil, err
	}
	var all []Partition
	for _, p := range c.open() {
		stored, err := p.finish()
		if err != nil {
			return nil, err
		}
		all = append(all, stored)
	}
	return all, nil
}

// abandon closes what is open. The files are removed with their folder.
func (c *chapters) abandon() error {
	wrong := c.packing.Wait()
	for _, p := range c.open() {
		wrong = errors.Join(wrong, p.file.Close())
	}
	return wrong
}

// partitionName is the file of a chapter.
func partitionName(chapter string) string { return chapter + ".part" }
