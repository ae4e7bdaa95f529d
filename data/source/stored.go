package source

import (
	"context"
	"errors"

	"counterflow/data"
)

// Stored is an input that was read before and kept as records, such as a vintage
// in a vault: what came of its rows, and the records themselves in blocks. It was
// read without a limit to the digits of codes; values in other currencies were
// converted then.
type Stored interface {
	// Found is what came of the file when it was read.
	Found() Found
	// Size is the number of bytes that the stored input takes on disk.
	Size() int64
	// Blocks is the number of blocks.
	Blocks() int
	// Block appends the records of one block, and the line of each where lines is
	// not nil. It is called from several goroutines.
	Block(number int, records []Record, lines []int64) ([]Record, []int64, error)
	// Close ends the reading.
	Close() error
}

// Found is what came of one file: counts, examples of refused rows, and what
// there is to say of it.
type Found struct {
	Tally
	Rejects []Reject
	NotUTF8 bool     // some bytes are not UTF-8
	Hints   []string // what there is to say of codes that were read all the same, in order
}

// openStored opens the inputs that are stored, and adds up the sizes of all.
func (r *reading) openStored() error {
	r.stored = make([]Stored, len(r.paths))
	for i, path := range r.paths {
		if r.options.Open != nil {
			var err error
			if r.stored[i], err = r.options.Open(path); err != nil {
				return errors.Join(err, r.closeStored())
			}
		}
		if r.stored[i] != nil {
			r.total += r.stored[i].Size()
		} else {
			r.total += sizeOf(path)
		}
	}
	return nil
}

// feedStored hands on the blocks of a stored input.
func (r *reading) feedStored(ctx context.Context, file int, stored Stored, full chan<- task) error {
	r.tallies = append(r.tallies, stored.Found().Tally)
	before, size, blocks := r.done, stored.Size(), stored.Blocks()
	for n := range blocks {
		if err := send(ctx, full, task{block: block{file: file}, stored: stored, number: n}); err != nil {
			return err
		}
		if r.options.Progress != nil {
			r.done = before + size*int64(n+1)/int64(blocks)
			r.options.Progress(r.done, r.total)
		}
	}
	r.done = before + size
	return nil
}

// closeStored closes every stored input.
func (r *reading) closeStored() (err error) {
	for _, s := range r.stored {
		if s != nil {
			if e := s.Close(); err == nil {
				err = e
			}
		}
	}
	return err
}

// unpack hands on the records of a stored block, cut to the digits compared.
func (o *outlet) unpack(stored Stored) error {
	var lines []int64
	if o.lines != nil {
		lines = o.unpackedLines[:0]
		if lines == nil {
			lines = []int64{}
		}
	}
	records, lines, err := stored.Block(o.block, o.unpacked[:0], lines)
	if err != nil {
		return err
	}
	o.unpacked, o.unpackedLines = records, lines
	cut := cutter{digits: o.reading.options.Digits}
	for i := range records {
		r := &o.records[o.n]
		*r = records[i]
		if cut.needed(r.Commodity) {
			r.cut(cut.digits)
		}
		line := int64(0)
		if lines != nil {
			line = lines[i]
		}
		if err := o.keep(line); err != nil {
			return err
		}
	}
	return o.flush(true)
}

// cutter says which codes are longer than the digits compared. Codes come in
// runs, so it remembers the last.
type cutter struct {
	digits int
	last   data.Commodity
	long   bool
}

func (c *cutter) needed(code data.Commodity) bool {
	if c.digits == 0 || code == c.last {
		return c.long
	}
	c.last = code
	c.long = code.Len() > c.digits && allDigits([]byte(code.Code()))
	return c.long
}
