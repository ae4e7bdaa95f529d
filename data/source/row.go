package source

import (
	"bytes"
	"encoding/binary"
	"math/bits"
)

// row is the fields of one line as positions in a block.
type row struct {
	text   []byte
	start  []int32
	end    []int32
	fields int
}

func newRow(columns int) *row {
	return &row{start: make([]int32, columns+1), end: make([]int32, columns+1)}
}

// split finds the fields of the row that begins at position from, and returns
// the position after its newline. A field that begins with a quote may hold
// delimiters, newlines and doubled quotes, and ends at the next quote; the
// quotes around it are left out, doubled ones stay as they are. Any other quote
// is text. Fields beyond the header's are counted but not kept, all but one.
func (r *row) split(text []byte, from int, delimiter byte) int {
	start, end := r.start, r.end[:len(r.start)]
	limit := len(start) - 1
	delimiters := uint64(delimiter) * ones
	fields, i := 0, from
	for {
		at := min(fields, limit)
		start[at] = int32(i)
		if i+8 > len(text) {
			i = r.slowField(text, i, at, delimiter)
		} else if word := binary.LittleEndian.Uint64(text[i:]); byte(word) == '"' {
			i = r.slowField(text, i, at, delimiter)
		} else if found := anyOf(word, delimiters); found != 0 { // most fields end within eight bytes
			i += bits.TrailingZeros64(found) / 8
			end[at] = int32(i)
		} else {
			i = fieldEnd(text, i+8, delimiter)
			end[at] = int32(i)
		}
		fields++
		if i >= len(text) || text[i] == '\n' {
			break
		}
		i++
	}
	if last := min(fields-1, limit); end[last] > start[last] && text[end[last]-1] == '\r' {
		end[last]--
	}
	r.text, r.fields = text, fields
	return min(i+1, len(text))
}

// slowField finds the end of any field, quoted or not.
func (r *row) slowField(text []byte, i, at int, delimiter byte) int {
	if i >= len(text) || text[i] != '"' {
		next := fieldEnd(text, i, delimiter)
		r.end[at] = int32(next)
		return next
	}
	closing := closingQuote(text, i+1)
	r.start[at], r.end[at] = int32(i+1), int32(closing)
	return fieldEnd(text, min(closing+1, len(text)), delimiter)
}

const (
	ones  = 0x0101010101010101
	highs = 0x8080808080808080
)

// anyOf marks the lowest byte of a word that is a delimiter or a newline by its
// highest bit, and maybe others above it: subtracting 1 from each byte carries
// into the highest bit of the lowest byte that is zero (Mycroft's test, as in
// Warren, Hacker's Delight, 2nd ed., section 6-1). 0 where there is none.
func anyOf(word, delimiters uint64) uint64 {
	a, b := word^delimiters, word^'\n'*ones
	return ((a-ones)&^a | (b-ones)&^b) & highs
}

// fieldEnd gives the position of the next delimiter or newline, or the end of
// the text.
func fieldEnd(text []byte, i int, delimiter byte) int {
	delimiters := uint64(delimiter) * ones
	for ; i+8 <= len(text); i += 8 {
		if found := anyOf(binary.LittleEndian.Uint64(text[i:]), delimiters); found != 0 {
			return i + bits.TrailingZeros64(found)/8
		}
	}
	for i < len(text) && text[i] != delimiter && text[i] != '\n' {
		i++
	}
	return i
}

// closingQuote gives the position of the next quote that is not doubled, or the
// end of the text.
func closingQuote(text []byte, i int) int {
	for {
		next := bytes.IndexByte(text[i:], '"')
		if next < 0 {
			return len(text)
		}
		i += next
		if i+1 >= len(text) || text[i+1] != '"' {
			return i
		}
		i += 2
	}
}

// blank says whether the line holds nothing at all, not even quotes.
func (r *row) blank() bool {
	at := r.start[0]
	return r.fields == 1 && r.end[0] <= at && (at == 0 || r.text[at-1] != '"')
}

// fits says whether the row has as many fields as the header; some publishers
// end rows, but not the header, with a delimiter.
func (r *row) fits(columns int) bool {
	return r.fields == columns || r.fields == columns+1 && r.start[columns] >= r.end[columns]
}

// field gives the text of a column; column -1 is empty.
func (r *row) field(column int) []byte {
	if column < 0 || column >= r.fields {
		return nil
	}
	return r.text[r.start[column]:r.end[column]]
}
