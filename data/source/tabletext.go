package source

import (
	"bytes"
	"io"
)

// tableText gives a table that is no CSV as one, a line a record: line n+1 is
// record n. It is read by one goroutine.
type tableText struct {
	text []byte // not yet read
	// next appends more lines, or gives io.EOF.
	next func(to []byte) ([]byte, error)
	full []byte
	err  error
}

func (t *tableText) Read(p []byte) (int, error) {
	for len(t.text) == 0 {
		if t.err != nil {
			return 0, t.err
		}
		t.full, t.err = t.next(t.full[:0])
		t.text = t.full
	}
	n := copy(p, t.text)
	t.text = t.text[n:]
	return n, nil
}

var _ io.Reader = (*tableText)(nil)

// appendCell writes one field. Newlines become blanks, so that a record stays on
// its line.
func appendCell(to, cell []byte, first bool) []byte {
	if !first {
		to = append(to, ',')
	}
	if bytes.IndexByte(cell, '\n') < 0 && bytes.IndexByte(cell, ',') < 0 && bytes.IndexByte(cell, '"') < 0 && bytes.IndexByte(cell, '\r') < 0 {
		return append(to, cell...)
	}
	to = append(to, '"')
	for _, b := range cell {
		switch b {
		case '\n', '\r':
			b = ' '
		case '"':
			to = append(to, '"')
		}
		to = append(to, b)
	}
	return append(to, '"')
}
