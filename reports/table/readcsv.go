package table

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"

	"counterflow/reconcile"
)

// input is where one file of a table comes from.
type input struct {
	io.Reader
	name    string // as messages show it
	ctx     context.Context
	threads int
}

const (
	blockBytes  = 1 << 20
	recordBytes = 1 << 26 // no row of ours is longer
)

// readCSV reads what writeCSV wrote and adds the rows to the result. The file
// is parsed block by block on several threads.
func (d *declared[R]) readCSV(in *input, r *reconcile.Result) error {
	blocks := &blocks{in: in, line: 1}
	header, ok, err := blocks.header()
	if err != nil {
		return err
	}
	if !ok {
		return fmt.Errorf("%s is empty; make the run anew", in.name)
	}
	if err := d.checkHeader(header); err != nil {
		return fmt.Errorf("%s: %w", in.name, err)
	}
	return inOrder(in.ctx, in.threads, blocks.next,
		func(b block) ([]R, error) {
			rows, line, err := d.parse(b)
			if err != nil {
				err = fmt.Errorf("%s, line %d: %w", in.name, line, err)
			}
			return rows, err
		},
		func(rows []R) error { d.keep(r, rows); return nil })
}

func (d *declared[R]) checkHeader(line []byte) error {
	names := bytes.Split(bytes.TrimRight(line, "\r\n"), []byte(","))
	for k := range d.columns {
		if k >= len(names) || string(names[k]) != d.columns[k].Name {
			return fmt.Errorf("column %d is not %s; the table is of another version, make the run anew", k+1, d.columns[k].Name)
		}
	}
	if len(names) > len(d.columns) {
		return fmt.Errorf("column %d, %s, is not known; the table is of another version, make the run anew", len(d.columns)+1, names[len(d.columns)])
	}
	return nil
}

// parse reads all rows of a block. line is that of the row in hand.
func (d *declared[R]) parse(b block) (rows []R, line int64, err error) {
	rows = make([]R, 0, bytes.Count(b.text, []byte{'\n'}))
	line = b.line
	var cell, scratch []byte
	for text := b.text; len(text) > 0; {
		var row R
		start := text
		for k := range d.columns {
			last := k == len(d.columns)-1
			if cell, text, scratch, err = cutCell(text, scratch, last); err != nil {
				return nil, line, fmt.Errorf("column %s: %w", d.columns[k].Name, err)
			}
			if read := d.columns[k].read; read != nil {
				if err := read(&row, cell); err != nil {
					return nil, line, fmt.Errorf("column %s: %.80q %w", d.columns[k].Name, cell, err)
				}
			}
		}
		rows = append(rows, row)
		line += int64(bytes.Count(start[:len(start)-len(text)], []byte{'\n'}))
	}
	return rows, line, nil
}

var (
	errFewCells  = errors.New("the row ends here; it has too few cells")
	errManyCells = errors.New("more cells follow the last column")
	errQuote     = errors.New("a quote is not closed, or something follows it")
)

// cutCell takes one cell and its separator off the text. A quoted cell is
// unwrapped into scratch.
func cutCell(text, scratch []byte, last bool) (cell, rest, room []byte, err error) {
	end := 0
	if len(text) > 0 && text[0] == '"' {
		if cell, end = unquote(text, scratch[:0]); end < 0 {
			return nil, nil, scratch, errQuote
		}
		scratch = cell
	} else {
		for end < len(text) && text[end] != ',' && text[end] != '\n' {
			end++ // cells are too short for bytes.IndexAny to pay
		}
		cell = text[:end]
		if last && len(cell) > 0 && cell[len(cell)-1] == '\r' {
			cell = cell[:len(cell)-1]
		}
	}
	rest = text[end:]
	switch {
	case last && len(rest) > 0 && rest[0] == ',':
		return nil, nil, scratch, errManyCells
	case last:
		return cell, bytes.TrimPrefix(bytes.TrimPrefix(rest, []byte("\r")), []byte("\n")), scratch, nil
	case len(rest) == 0 || rest[0] != ',':
		return nil, nil, scratch, errFewCells
	}
	return cell, rest[1:], scratch, nil
}

// unquote reads a cell that begins with a quote; end is where it stops, -1
// where it is broken.
func unquote(text, to []byte) (cell []byte, end int) {
	for at := 1; at < len(text); {
		next := bytes.IndexByte(text[at:], '"')
		if next < 0 {
			return to, -1
		}
		to = append(to, text[at:at+next]...)
		at += next + 1
		switch {
		case at < len(text) && text[at] == '"':
			to = append(to, '"')
			at++
		case at == len(text) || text[at] == ',' || text[at] == '\n' || text[at] == '\r':
			return to, at
		default:
			return to, -1
		}
	}
	return to, -1
}

// block is some whole rows.
type block struct {
	text []byte
	line int64 // of the first row
}

// blocks cuts a stream into blocks at line breaks that are not inside quotes.
type blocks struct {
	in   io.Reader
	rest []byte // begun and not handed out
	line int64
	end  bool
}

// header hands out the first line.
func (b *blocks) header() (line []byte, ok bool, err error) {
	for !b.end && bytes.IndexByte(b.rest, '\n') < 0 {
		if err := b.more(); err != nil {
			return nil, false, err
		}
	}
	cut := bytes.IndexByte(b.rest, '\n') + 1
	if cut == 0 {
		cut = len(b.rest)
	}
	line, b.rest = b.rest[:cut], b.rest[cut:]
	b.line++
	return line, len(line) > 0, nil
}

func (b *blocks) next() (block, bool, error) {
	for {
		cut := lastRow(b.rest)
		if b.end {
			cut = len(b.rest)
		}
		if cut > 0 && (len(b.rest) >= blockBytes || b.end) {
			out := block{b.rest[:cut], b.line}
			b.line += int64(bytes.Count(out.text, []byte{'\n'}))
			b.rest = bytes.Clone(b.rest[cut:])
			return out, true, nil
		}
		if b.end {
			return block{}, false, nil
		}
		if len(b.rest) > recordBytes {
			return block{}, false, fmt.Errorf("line %d has more than %d bytes; make the run anew", b.line, recordBytes)
		}
		if err := b.more(); err != nil {
			return block{}, false, err
		}
	}
}

// more reads another block behind what is left.
func (b *blocks) more() error {
	room := make([]byte, len(b.rest)+blockBytes)
	n := copy(room, b.rest)
	got, err := io.ReadFull(b.in, room[n:])
	b.rest = room[:n+got]
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		b.end = true
		return nil
	}
	return err
}

// lastRow gives the end of the last whole row: behind the last line break that
// an even number of quotes precedes.
func lastRow(text []byte) int {
	quotes := bytes.Count(text, []byte{'"'})
	for {
		cut := bytes.LastIndexByte(text, '\n')
		if cut < 0 {
			return 0
		}
		quotes -= bytes.Count(text[cut:], []byte{'"'})
		if quotes%2 == 0 {
			return cut + 1
		}
		text = text[:cut]
	}
}
