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
	text  io.Reader
	file  int
	line  int64
	emit  func(block) error
	fresh func() []byte
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
		case err == io.EOF || errors.Is(err, io.ErrUnexpectedEOF) && n < blockSize && isPlainEnd(b.text):
			return b.last(buffer)
		case err != nil:
			return fmt.Errorf("line %d: cannot read on (%w); the file is cut short or damaged, fetch it again", b.line+int64(bytes.Count(buffer, newline)), err)
		}
		end := lastRowEnd(buffer)
		if end == 0 {
			if len(buffer) > longestRow {
				return b.tooLong(buffer)
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
	if len(text) == 0 {
		return nil
	}
	if bytes.Count(text, []byte{'"'})%2 == 1 {
		return fmt.Errorf("line %d: a quote is opened and never closed; close it, or double it if it is part of the text", b.line+openQuoteLine(text))
	}
	return b.send(text)
}

func (b *blocks) send(text []byte) error {
	lines := int64(bytes.Count(text, newline))
	err := b.emit(block{text: text, line: b.line, file: b.file})
	b.line += lines
	return err
}

func (b *blocks) tooLong(text []byte) error {
	why := "a row is longer than 1 MiB"
	if bytes.IndexByte(text, '"') >= 0 {
		why += ", perhaps because a quote is never closed"
	}
	return fmt.Errorf("line %d: %s; value begins %q; mend or remove the row", b.line, why, clip(string(text[:min(len(text), 40)]), 40))
}

// lastRowEnd gives the position after the last newline that is outside quotes,
// for a text that begins outside quotes; 0 where there is none.
func lastRowEnd(text []byte) int {
	end := bytes.LastIndexByte(text, '\n') + 1
	if bytes.IndexByte(text, '"') < 0 {
		return end
	}
	quotes := bytes.Count(text[:end], []byte{'"'})
	for end > 0 && quotes%2 == 1 {
		before := bytes.LastIndexByte(text[:end-1], '\n') + 1
		quotes -= bytes.Count(text[before:end], []byte{'"'})
		end = before
	}
	return end
}

// openQuoteLine counts the lines before the last row that begins outside
// quotes.
func openQuoteLine(text []byte) int64 {
	return int64(bytes.Count(text[:lastRowEnd(text)], newline))
}
