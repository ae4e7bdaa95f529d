package mirror

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"os"
	"slices"

	"golang.org/x/sync/errgroup"

	"counterflow/data"
	"counterflow/data/concordance"
	"counterflow/data/source"
)

// Options decide how declarations are paired. Memory and Threads never change
// a result.
type Options struct {
	Digits  int           // commodity digits that are compared
	Imputed float64       // relative tolerance of an exact ratio, see ImputedMirror
	Memory  int64         // bytes for reading and sorting, 0 for no limit
	Threads int           // 0 for one a processor
	TempDir string        // for spilled rows, "" for the system's
	Rates   *source.Rates // for values that are not in US dollars, nil for none

	Open        func(path string) (source.Stored, error) // gives stored inputs, see source.Options
	Factors     source.Factors                           // fill in weights from quantities, nil for none
	Rules       *source.Rules                            // patches and exclusions, nil for none
	Columns     source.Mapping                           // for files whose columns have names of their own
	Concordance *concordance.Table                       // brings codes of six digits to one edition, nil for none
	Edition     data.Edition
	Reading     func(done, total int64)
	Pairing     func(done, total int64)
}

// Summary is what came of the rows, beside the pairs.
type Summary struct {
	Inputs   []source.Tally
	Rejects  []source.Reject
	Coverage []Coverage
	Rows     int64                      // rows that reached the engine
	Weighed  map[source.FactorKey]int64 // rows whose weight a factor filled in
	Applied  []int64                    // rows that each patch and then each exclusion changed or left out
	Spilled  int64                      // of those, rows that went through a temporary file
	Warnings []string
}

// Table is every pair of a run, in the order of commodity, exporter, importer
// and period.
type Table struct {
	Summary
	Pairs     []Pair
	Totals    []data.Flow
	Reexports []data.Flow
	Editions  map[data.Commodity]data.Editions // in which each commodity was declared
}

// Read pairs all flows in the files and keeps everything in memory: 56 bytes a
// pair.
func Read(ctx context.Context, paths []string, o Options) (*Table, error) {
	table := &Table{Editions: map[data.Commodity]data.Editions{}}
	summary, err := Stream(ctx, paths, o, func(g *Goods, rowsInAll int64) error {
		if table.Pairs == nil {
			// There are never more pairs than rows. Room that is not used is
			// never touched, so it costs no memory.
			table.Pairs = make([]Pair, 0, rowsInAll)
			largePages(table.Pairs[:rowsInAll])
		}
		table.Pairs = append(table.Pairs, g.Pairs...)
		table.Editions[g.Commodity] = g.Editions
		table.Totals = append(table.Totals, g.Totals...)
		table.Reexports = append(table.Reexports, g.Reexports...)
		return nil
	})
	if err != nil {
		return nil, err
	}
	table.Summary = *summary
	return table, nil
}

// Stream pairs all flows in the files and hands on one commodity after the
// other, in the order of codes, from one goroutine. rows is the number of rows
// of the whole run.
func Stream(ctx context.Context, paths []string, o Options, yield func(g *Goods, rows int64) error) (*Summary, error) {
	if len(paths) > MaxFiles {
		return nil, fmt.Errorf("%d files are more than one run can take (%d); join some of them", len(paths), MaxFiles)
	}
	read := source.Options{Digits: o.Digits, Threads: o.Threads, Rates: o.Rates, Concordance: o.Concordance, Edition: o.Edition, Open: o.Open, Factors: o.Factors, Rules: o.Rules, Columns: o.Columns, Progress: o.Reading}
	workers := read.Workers()
	e := &engine{options: o, workers: workers, yield: yield, codes: newCodes(), refusals: newRefusals(), spare: make(chan []Pair, 2*workers)}
	defer e.close()
	for range workers {
		s := &spill{dir: cmp.Or(o.TempDir, os.TempDir())}
		e.spills = append(e.spills, s)
		e.collectors = append(e.collectors, newCollector(e.slabBudget(), e.codes, s))
	}
	reading, err := source.Read(ctx, paths, read, func(worker int, batch source.Batch) error {
		return e.collectors[worker].add(batch)
	})
	if err != nil {
		return nil, err
	}
	for i := range reading.Tallies {
		e.undivided = append(e.undivided, !reading.Tallies[i].Divided)
	}
	if err := e.pairAll(ctx); err != nil {
		return nil, err
	}
	return e.summary(reading), nil
}

// engine is the state of one Stream.
type engine struct {
	options    Options
	workers    int
	codes      *codes
	yield      func(*Goods, int64) error
	collectors []*collector
	spills     []*spill
	undivided  []bool
	presence   *presence
	coverage   *coverage
	refusals   *refusals
	rows       int64
	spare      chan []Pair
	warnings   []string
	leftIn     []string // chapters in which reporters are left out
	leftOut    int      // the most of them in one chapter
}

// pairBuffer gives room for as many pairs as there are rows; there are never
// more.
func (e *engine) pairBuffer(rows int64) []Pair {
	select {
	case b := <-e.spare:
		if int64(cap(b)) >= rows {
			return b[:0]
		}
	default:
	}
	b := make([]Pair, 0, rows+rows/4)
	largePages(b[:cap(b)])
	return b
}

// slabBudget is the share of memory that the lists of one worker may fill: the
// rest is for blocks of text, scratch space of sorting, and the pairs at hand.
func (e *engine) slabBudget() int64 {
	return e.options.Memory * 4 / 10 / int64(e.workers)
}

// fit is the number of rows of one commodity that are sorted in memory.
func (e *engine) fit() int64 {
	return e.options.Memory / 8 / int64(e.workers) / rowBytes
}

// pairAll pairs chapter by chapter, several at a time, and yields their
// commodities in order.
func (e *engine) pairAll(ctx context.Context) error {
	if err := e.bringTogether(); err != nil {
		return err
	}
	scope := e.scope()
	jobs := e.jobs()
	e.coverage = newCoverage(scope.of(e.presence.periods()))
	group, ctx := errgroup.WithContext(ctx)
	todo, order := make(chan *job), make(chan *job, e.workers)
	group.Go(func() error { return deal(ctx, jobs, order, todo) })
	coverages := make([]*coverage, e.workers)
	for w := range e.workers {
		coverages[w] = newCoverage(e.coverage.periods)
		group.Go(func() error {
			p := newPairer(e, scope, coverages[w])
			for j := range todo {
				if err := p.chapter(j); err != nil {
					return err
				}
				close(j.done)
			}
			return nil
		})
	}
	group.Go(func() error { return e.inOrder(ctx, order, len(jobs)) })
	if err := group.Wait(); err != nil {
		return err
	}
	for _, c := range coverages {
		e.coverage.join(c)
	}
	return nil
}

// deal hands every job first to whoever yields in order, then to whoever is
// free to do it.
func deal(ctx context.Context, jobs []*job, order, todo chan<- *job) error {
	defer close(todo)
	defer close(order)
	for _, j := range jobs {
		for _, to := range []chan<- *job{order, todo} {
			select {
			case to <- j:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
	}
	return nil
}

// inOrder hands on finished chapters as soon as all before them are.
func (e *engine) inOrder(ctx context.Context, order <-chan *job, total int) error {
	done := 0
	for j := range order {
		select {
		case <-j.done:
		case <-ctx.Done():
			return ctx.Err()
		}
		e.refusals.join(j.refusals)
		e.noteAbsent(j)
		for i := range j.goods {
			if err := e.yield(&j.goods[i], e.rows); err != nil {
				return err
			}
		}
		select {
		case e.spare <- j.pairs:
		default:
		}
		j.goods, j.pairs = nil, nil
		done++
		if e.options.Pairing != nil {
			e.options.Pairing(int64(done), int64(total))
		}
	}
	return nil
}

// bringTogether ends the reading: spilled rows become readable, and what the
// workers saw is joined.
func (e *engine) bringTogether() error {
	e.presence = &presence{}
	for i, c := range e.collectors {
		if err := e.spills[i].flush(); err != nil {
			return err
		}
		e.presence.join(c.presence)
	}
	return nil
}

// jobs lists the chapters in the order of codes, with what all workers hold of
// each.
func (e *engine) jobs() []*job {
	byChapter := map[int]*job{}
	of := func(chapter int) *job {
		if byChapter[chapter] == nil {
			byChapter[chapter] = &job{chapter: chapter, done: make(chan struct{}), refusals: newRefusals()}
		}
		return byChapter[chapter]
	}
	for i, c := range e.collectors {
		for chapter := range c.chapters {
			if l := &c.chapters[chapter]; l.len() > 0 {
				of(chapter).lists = append(of(chapter).lists, l)
				e.rows += int64(l.len())
			}
		}
		for number, runs := range e.spills[i].runs {
			j := of(chapterOf(e.codes.code[number]))
			j.spilled = append(j.spilled, spilled{number, runs})
			for _, r := range runs {
				e.rows += r.rows
			}
		}
	}
	jobs := slices.Collect(maps.Values(byChapter))
	slices.SortFunc(jobs, func(a, b *job) int { return cmp.Compare(a.chapter, b.chapter) })
	return jobs
}

func (e *engine) close() {
	for _, s := range e.spills {
		s.close()
	}
}
