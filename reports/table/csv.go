package table

import (
	"bytes"
	"context"
	"io"

	"counterflow/reconcile"
)

// output is where one file of a table goes.
type output struct {
	io.Writer
	ctx     context.Context
	threads int
	written func(rows int) // told after every piece
}

// csvRows is how many rows one thread formats at a time: about a megabyte.
const csvRows = 8192

// check finds the first row that breaks the declared order or repeats the key.
func (d *declared[R]) check(r *reconcile.Result) error {
	checker := d.checker()
	var rows [2]R
	for i := range d.length(r) {
		row, before := &rows[i%2], &rows[(i+1)%2]
		d.row(r, i, row)
		if i > 0 {
			if err := checker.ordered(before, row, i); err != nil {
				return err
			}
		}
		if err := checker.unique(row, i); err != nil {
			return err
		}
	}
	return nil
}

// writeCSV writes the rows in the order of the result. Bytes are appended
// straight into buffers, since encoding/csv wants every cell as a string of its
// own.
func (d *declared[R]) writeCSV(out *output, r *reconcile.Result) error {
	var header []byte
	for k := range d.columns {
		header = appendSeparator(header, k)
		header = append(header, d.columns[k].Name...)
	}
	if _, err := out.Write(append(header, '\n')); err != nil {
		return err
	}
	spare := make(chan []byte, 2*out.threads+2)
	return inOrder(out.ctx, out.threads, spans(d.length(r), csvRows),
		func(s span) (piece, error) {
			var buffer []byte
			select {
			case buffer = <-spare:
			default:
			}
			return piece{d.appendRows(buffer[:0], r, s), s.end - s.first}, nil
		},
		func(p piece) error {
			_, err := out.Write(p.text)
			out.written(p.rows)
			select {
			case spare <- p.text:
			default:
			}
			return err
		})
}

// piece is the text of some rows.
type piece struct {
	text []byte
	rows int
}

func (d *declared[R]) appendRows(to []byte, r *reconcile.Result, s span) []byte {
	var row R
	for i := s.first; i < s.end; i++ {
		d.row(r, i, &row)
		for k := range d.columns {
			c := &d.columns[k]
			to = appendSeparator(to, k)
			start := len(to)
			to = c.append(to, &row)
			if c.free {
				to = quote(to, start)
			}
		}
		to = append(to, '\n')
	}
	return to
}

func appendSeparator(to []byte, column int) []byte {
	if column > 0 {
		return append(to, ',')
	}
	return to
}

// quote puts the cell that begins at start in quotes where it holds a
// separator, a quote or a line break (RFC 4180).
func quote(to []byte, start int) []byte {
	if !bytes.ContainsAny(to[start:], ",\"\r\n") {
		return to
	}
	cell := bytes.ReplaceAll(to[start:], []byte(`"`), []byte(`""`))
	to = append(to[:start], '"')
	to = append(to, cell...)
	return append(to, '"')
}
