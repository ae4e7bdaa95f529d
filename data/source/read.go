package source

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"runtime"
	"unicode/utf8"

	"golang.org/x/sync/errgroup"

	"counterflow/data"
	"counterflow/data/concordance"
)

// Options decide how files are read. Threads never change a result.
type Options struct {
	Digits  int    // commodity digits that are compared, 0 for all
	Threads int    // 0 for one a processor
	Rates   *Rates // for publishers whose values are not in US dollars; nil where none are
	// Concordance brings codes of six digits to one edition; nil leaves them as
	// they are.
	Concordance *concordance.Table
	Edition     data.Edition
	// Open gives inputs that were read and stored before, such as vintages in a
	// vault: nil for a path that is a file to be parsed. Nil for none.
	Open       func(path string) (Stored, error)
	Lines      bool                    // batches carry the lines of their records
	Columns    Mapping                 // for files whose columns have names of their own
	Quantities bool                    // records carry supplementary quantities
	Texts      bool                    // batches carry texts that records keep as marks only; without a concordance
	Factors    Factors                 // fill in weights from quantities; nil for none
	Rules      *Rules                  // patches and exclusions; nil for none
	Progress   func(done, total int64) // bytes on disk, called from one goroutine; may be nil
}

// Sink takes batches of records. It is called from several goroutines, each
// with a worker number of its own from 0 on; the records are the sink's only
// until it returns.
type Sink func(worker int, batch Batch) error

// Reading is what came of the files, one tally for each in the order given.
type Reading struct {
	Tallies  []Tally
	Rejects  []Reject            // the first few of each file and reason
	Found    []Found             // the same by file, with what the warnings say of it
	Weighed  map[FactorKey]int64 // rows whose weight a factor filled in
	Applied  []int64             // rows that each patch and then each exclusion changed or left out
	Warnings []string
}

// Workers is the number of goroutines from which a sink will be called.
func (o Options) Workers() int {
	if o.Threads > 0 {
		return o.Threads
	}
	return runtime.GOMAXPROCS(0)
}

// Read reads all files and hands their records to sink. An error names file and
// line and says how to mend it; it is a DataError where the data are at fault.
func Read(ctx context.Context, paths []string, o Options, sink Sink) (*Reading, error) {
	if err := distinct(paths); err != nil {
		return nil, err
	}
	r := &reading{options: o, sink: sink, paths: paths, free: make(chan []byte, 4*o.Workers())}
	if err := r.openStored(); err != nil {
		return nil, err
	}
	if o.Concordance != nil {
		r.harmoniser = newHarmoniser(o.Concordance, o.Edition)
	}
	group, ctx := errgroup.WithContext(ctx)
	full := make(chan task, 2*o.Workers())
	counts := make([]*counter, o.Workers())
	for w := range counts {
		counts[w] = newCounter(len(paths))
		counts[w].applied = o.Rules.counters()
		group.Go(func() error { return r.work(ctx, w, full, counts[w]) })
	}
	group.Go(func() error {
		defer close(full)
		return r.feed(ctx, full)
	})
	err := group.Wait()
	if closing := r.closeStored(); err == nil {
		err = closing
	}
	if err != nil {
		return nil, err
	}
	return r.finish(counts)
}

// DataError is an error that lies in the data: an input gate refused them.
type DataError struct{ Err error }

func (e *DataError) Error() string { return e.Err.Error() }
func (e *DataError) Unwrap() error { return e.Err }

func dataErrorf(format string, args ...any) error {
	return &DataError{fmt.Errorf(format, args...)}
}

type reading struct {
	options     Options
	sink        Sink
	paths       []string
	free        chan []byte
	tallies     []Tally
	stored      []Stored // of each file, nil where it was parsed
	harmoniser  *harmoniser
	done, total int64
}

// task is a block with the layout of its file, or one of a stored input.
type task struct {
	block
	layout *Layout
	stored Stored
	number int // of the block in its file
}

// feed opens the files one after the other and cuts them into blocks.
func (r *reading) feed(ctx context.Context, full chan<- task) error {
	names := namesOf(r.paths)
	for i, path := range r.paths {
		if stored := r.stored[i]; stored != nil {
			if err := r.feedStored(ctx, i, stored, full); err != nil {
				return err
			}
			continue
		}
		in, err := open(path)
		if err != nil {
			return err
		}
		in.name = names[i]
		layout, err := r.feedFile(ctx, i, in, full)
		if err == nil {
			err = in.close()
		} else {
			in.file.Close()
		}
		if err != nil {
			return err
		}
		r.tallies = append(r.tallies, Tally{File: in.name, Format: layout.Name, SHA256: in.sum, Bytes: in.bytes, Divided: layout.divided})
	}
	return nil
}

func (r *reading) feedFile(ctx context.Context, i int, in *input, full chan<- task) (*Layout, error) {
	text := bufio.NewReaderSize(in.text, 1<<16)
	header, err := headerLine(text)
	if err != nil {
		return nil, dataErrorf("%s: line 1: %w", in.name, err)
	}
	layout, err := layoutOf(header, r.options)
	if err != nil {
		return nil, dataErrorf("%s: line 1: %w", in.name, err)
	}
	before := r.done
	number := 0
	cutter := blocks{text: text, layout: layout, file: i, line: 2, fresh: r.buffer, emit: func(b block) error {
		if r.options.Progress != nil {
			r.done = before + in.disk.count()
			r.options.Progress(r.done, r.total)
		}
		number++
		return send(ctx, full, task{block: b, layout: layout, number: number - 1})
	}}
	if err := cutter.cut(); err != nil {
		if ctx.Err() != nil {
			return nil, err
		}
		return nil, dataErrorf("%s: %w", in.name, err)
	}
	r.done = before + in.bytes
	return layout, nil
}

func send(ctx context.Context, full chan<- task, t task) error {
	select {
	case full <- t:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (r *reading) buffer() []byte {
	select {
	case b := <-r.free:
		return b
	default:
		return make([]byte, 0, blockSize+blockSize/8)
	}
}

// headerLine reads the first line without its byte-order mark.
func headerLine(text *bufio.Reader) ([]byte, error) {
	var line []byte
	for {
		piece, err := text.ReadSlice('\n')
		line = append(line, piece...)
		switch {
		case err == nil || err == io.EOF && len(line) > 0:
			line = bytes.TrimPrefix(line, []byte("\xef\xbb\xbf"))
			if bytes.IndexByte(line, 0) >= 0 {
				return nil, errors.New("the file is binary; expected a CSV header")
			}
			return line, nil
		case err == io.EOF:
			return nil, errors.New("the file is empty; expected a header and rows")
		case err != bufio.ErrBufferFull:
			return nil, fmt.Errorf("cannot read on (%w); the file is cut short or damaged, fetch it again", err)
		case len(line) > longestRow:
			return nil, fmt.Errorf("a line longer than 1 MiB; value begins %q; expected a CSV header", clip(string(line[:40]), 40))
		}
	}
}

// work parses blocks until there are no more.
func (r *reading) work(ctx context.Context, worker int, full <-chan task, count *counter) error {
	parsers := map[*Layout]*parser{}
	out := &outlet{reading: r, worker: worker, count: count, records: make([]Record, batchRecords)}
	if r.options.Lines {
		out.lines = make([]int64, batchRecords)
	}
	if r.options.Texts {
		out.texts = make([]Texts, batchRecords)
	}
	for t := range full {
		if err := ctx.Err(); err != nil {
			return err
		}
		out.file, out.block = t.file, t.number
		if t.stored != nil {
			if err := out.unpack(t.stored); err != nil {
				return err
			}
			continue
		}
		p := parsers[t.layout]
		if p == nil {
			p = newParser(t.layout.parsed(), r.options)
			parsers[t.layout] = p
		}
		if t.layout.foreign != nil {
			t.block = t.layout.foreign.block(t.block, t.layout, count)
		}
		if err := p.block(t.block, out); err != nil {
			return err
		}
		select {
		case r.free <- t.text:
		default:
		}
	}
	return nil
}

// batchRecords is few enough for a batch to be still in the processor's own
// cache when the sink takes it.
const batchRecords = 2048

// block parses every row of a block.
func (p *parser) block(b block, out *outlet) error {
	line, count := b.line, out.count
	quotes := bytes.IndexByte(b.text, '"') >= 0
	if !count.foreign[b.file] && !utf8.Valid(b.text) {
		count.foreign[b.file] = true
	}
	for at := 0; at < len(b.text); {
		next := p.row.split(b.text, at, p.layout.Delimiter)
		if !p.row.blank() {
			count.rows[b.file]++
			if no := p.parse(&out.records[out.n]); no != nil {
				count.refuse(b.file, line, p.layout, no)
			} else {
				if out.texts != nil {
					p.texts(&out.texts[out.n], &out.records[out.n])
				}
				if err := out.keep(line); err != nil {
					return err
				}
			}
		}
		if quotes { // quoted fields may hold newlines
			line += int64(bytes.Count(b.text[at:next], newline))
		} else {
			line++
		}
		at = next
	}
	maps.Copy(count.hints[b.file], p.hints)
	return out.flush(true)
}

func distinct(paths []string) error {
	seen := map[string]bool{}
	for _, path := range paths {
		full, err := filepath.Abs(path)
		if err != nil {
			return err
		}
		if seen[full] {
			return dataErrorf("%s: the file is named twice; name it once", filepath.Base(path))
		}
		seen[full] = true
	}
	return nil
}

// namesOf gives each file its base name, or its whole path where another file
// has the same.
func namesOf(paths []string) []string {
	count := map[string]int{}
	for _, path := range paths {
		count[filepath.Base(path)]++
	}
	names := make([]string, len(paths))
	for i, path := range paths {
		names[i] = filepath.Base(path)
		if count[names[i]] > 1 {
			names[i] = filepath.ToSlash(filepath.Clean(path))
		}
	}
	return names
}
