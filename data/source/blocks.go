package source

import (
	"bytes"
	"errors"
	"fmt"
	"io"
)

const (
	blockSize = 1 << 20
	// longestRow bounds a row, quoted newlines included: more than any publisher
	// writes, little enough that a stray quote cannot swallow a file.
	longestRow = 1 << 20
)

// block is a piece of a file that begins and ends with whole rows.
type block struct {
	text []byte
	line int64 // of its first row
	file int
}

// blocks cuts text into pieces and hands them to emit, which must give each
// back through free when done with it.
type blocks struct {
	text   io.Reader
	layout *Layout
	file   int
	line   int64
	emit   func(block) error
	fresh  func() []byte
}

// cut reads to the end. The rest of a piece after its last whole row is carried
// over to the next.
func (b *blocks) cut() error {
	var rest []byte
	for {
		buffer := append(b.fresh()[:0], rest...)
		have := len(buffer)
		if cap(buffer) < have+blockSize {
			buffer = append(make([]byte, 0, have+blockSize), buffer...)
		}
		n, err := io.ReadFull(b.text, buffer[have:have+blockSize])
		buffer = buffer[:have+n]
		switch {
		case err == io.EOF || errors.Is(err, io.ErrUnexpectedEOF) && isPlainEnd(b.text):
			return b.last(buffer)
		case err != nil:
			return fmt.Errorf("line %d: cannot read on (%w); the file is cut short or damaged, fetch it again", b.line+int64(bytes.Count(buffer, newline)), rootCause(err))
		}
		end, _ := rowsEnd(buffer, b.layout.Delimiter)
		if end == 0 {
			if len(buffer) > longestRow {
				return b.fault(buffer, fmt.Sprintf("the row is longer than %d MiB", longestRow>>20), "shorten or remove it")
			}
			rest = buffer
			continue
		}
		rest = append([]byte(nil), buffer[end:]...)
		if err := b.send(buffer[:end]); err != nil {
			return err
		}
	}
}

var newline = []byte{'\n'}

// isPlainEnd tells the end of the text from a gzip that ends too early: a
// reader at its true end says so again.
func isPlainEnd(text io.Reader) bool {
	var one [1]byte
	_, err := text.Read(one[:])
	return err == io.EOF
}

func (b *blocks) last(text []byte) error {
	end, open := rowsEnd(text, b.layout.Delimiter)
	if open {
		b.line += int64(bytes.Count(text[:end], newline))
		return b.fault(text[end:], "a quote is opened and never closed", "close it, or double it if it is part of the text")
	}
	if len(text) == 0 {
		return nil
	}
	return b.send(text)
}

func (b *blocks) send(text []byte) error {
	lines := int64(bytes.Count(text, newline))
	err := b.emit(block{text: text, line: b.line, file: b.file})
	b.line += lines
	return err
}

// fault describes a row that cannot be cut out, by the field in which that came
// to light.
func (b *blocks) fault(text []byte, what, cure string) error {
	r := newRow(len(b.layout.Columns))
	r.split(text, 0, b.layout.Delimiter)
	at := min(r.fields, len(b.layout.Columns)) - 1
	return fmt.Errorf("line %d, column %q, value %q: %s; %s", b.line, clip(b.layout.Columns[at], 80), clip(string(r.field(at)), 40), what, cure)
}

// rowsEnd gives the position after the last whole row of a text that begins
// with a row, and whether what follows has a quote that is not closed. As in
// row.split, a quote counts where a field begins with it.
func rowsEnd(text []byte, delimiter byte) (end int, open bool) {
	for at := 0; ; {
		quote := bytes.IndexByte(text[at:], '"')
		if quote < 0 {
			return bytes.LastIndexByte(text, '\n') + 1, false
		}
		quote += at
		at = quote + 1
		if quote > 0 && text[quote-1] != delimiter && text[quote-1] != '\n' {
			continue
		}
		closing := closingQuote(text, at)
		if closing == len(text) {
			return bytes.LastIndexByte(text[:quote], '\n') + 1, true
		}
		at = closing + 1
	}
}
