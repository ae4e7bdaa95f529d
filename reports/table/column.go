package table

import (
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"counterflow/data"
)

// Type is how a column is to be read. The names are those of Frictionless Table
// Schema.
type Type string

// The types.
const (
	Text   Type = "string"
	Whole  Type = "integer"
	Number Type = "number"
	Flag   Type = "boolean"
	Month  Type = "yearmonth" // 2024-07
)

// Column is what a reader needs to know of one column.
type Column struct {
	Name        string
	Type        Type
	Unit        string // kg, USD, ISO 3166-1 alpha-3 ...; "" for a pure number or a name
	Description string
	Missing     string // when the cell is empty; "" where it never is
}

// column adds how a cell is written and read back. Exactly one of text, whole,
// number and flag is set; whole may count units of 10^-decimals, and a number
// may have an exact text that no double holds. read is nil where the cell
// follows from others.
type column[R any] struct {
	Column
	text     func(to []byte, r *R) []byte
	free     bool // the text may hold anything, so CSV may have to quote it
	whole    func(r *R) (n int64, known bool)
	decimals int // whole counts units of 10^-decimals
	number   func(r *R) float64
	exact    func(to []byte, r *R) []byte
	flag     func(r *R) bool
	read     func(r *R, cell []byte) error
	compare  func(a, b *R) int // nil where cells sort as their text
}

// append writes the cell as CSV has it, before quoting; nothing where it is
// missing.
func (c *column[R]) append(to []byte, r *R) []byte {
	switch {
	case c.text != nil:
		return c.text(to, r)
	case c.whole != nil:
		if n, known := c.whole(r); known {
			return data.AppendFixed(to, n, c.decimals)
		}
		return to
	case c.exact != nil:
		return c.exact(to, r)
	case c.number != nil:
		return appendNumber(to, c.number(r))
	}
	return strconv.AppendBool(to, c.flag(r))
}

// appendNumber writes the shortest digits that read back as the same number,
// and nothing for NaN.
func appendNumber(to []byte, f float64) []byte {
	if math.IsNaN(f) {
		return to
	}
	return strconv.AppendFloat(to, f, 'g', -1, 64)
}

// missing completes the description of a column that may be empty.
func (c column[R]) missing(when string) column[R] {
	c.Missing = when
	return c
}

// unit completes the description with a unit.
func (c column[R]) unit(u string) column[R] {
	c.Unit = u
	return c
}

// The units that occur in several tables.
const (
	kilograms = "kg"
	dollars   = "USD"
	alpha3    = "ISO 3166-1 alpha-3"
	logUnits  = "natural log"
	share     = "share, 0 to 1"
)

// textColumn is a column of words. Bytes that are not UTF-8, which a refused
// row may hold, become the replacement character.
func textColumn[R any, T ~string](name, description string, at func(*R) *T) column[R] {
	return column[R]{
		Column: Column{Name: name, Type: Text, Description: description},
		free:   true,
		text: func(to []byte, r *R) []byte {
			if word := string(*at(r)); !utf8.ValidString(word) {
				return append(to, strings.ToValidUTF8(word, "\uFFFD")...)
			}
			return append(to, *at(r)...)
		},
		read: func(r *R, cell []byte) error { *at(r) = T(cell); return nil },
	}
}

// economyColumn is a column of economies as three letters, empty for none.
func economyColumn[R any, E ~uint16](name, description string, at func(*R) *E) column[R] {
	return column[R]{
		Column: Column{Name: name, Type: Text, Unit: alpha3, Description: description},
		text:   func(to []byte, r *R) []byte { return append(to, data.Economy(*at(r)).String()...) },
		read: func(r *R, cell []byte) error {
			e, err := readEconomy(cell)
			*at(r) = E(e)
			return err
		},
		compare: func(a, b *R) int { return int(*at(a)) - int(*at(b)) },
	}
}

// commodityColumn is a column of commodity codes as text, empty for none.
func commodityColumn[R any](name, description string, at func(*R) *data.Commodity) column[R] {
	return column[R]{
		Column: Column{Name: name, Type: Text, Description: description},
		text:   func(to []byte, r *R) []byte { return append(to, at(r).Code()...) },
		read:   func(r *R, cell []byte) error { return readCommodity(cell, at(r)) },
		compare: func(a, b *R) int {
			return compareOrdered(at(a).In(data.EditionUnknown), at(b).In(data.EditionUnknown))
		},
	}
}

// periodColumn is a column of years or months as text.
func periodColumn[R any](name, description string, at func(*R) *data.Period) column[R] {
	return column[R]{
		Column:  Column{Name: name, Type: Text, Unit: "2024 or 2024-07", Description: description},
		text:    func(to []byte, r *R) []byte { return appendPeriod(to, *at(r)) },
		read:    func(r *R, cell []byte) error { return readPeriod(cell, at(r)) },
		compare: func(a, b *R) int { return compareOrdered(*at(a), *at(b)) },
	}
}

// monthColumn is a periodColumn that holds months only.
func monthColumn[R any](name, description string, at func(*R) *data.Period) column[R] {
	c := periodColumn(name, description, at)
	c.Type, c.Unit = Month, "2024-07"
	return c
}

// kgColumn is a column of exact masses.
func kgColumn[R any](name, description string, at func(*R) *data.Kg) column[R] {
	return amountColumn(name, description, kilograms, 3, int64(data.MissingKg), at)
}

// usdColumn is a column of exact values.
func usdColumn[R any, V ~int64](name, description string, at func(*R) *V) column[R] {
	return amountColumn(name, description, dollars, 2, int64(data.MissingUSD), at)
}

func amountColumn[R any, V ~int64](name, description, unit string, decimals int, missing int64, at func(*R) *V) column[R] {
	return column[R]{
		Column:   Column{Name: name, Type: Number, Unit: unit, Description: description},
		whole:    func(r *R) (int64, bool) { return int64(*at(r)), int64(*at(r)) != missing },
		decimals: decimals,
		read: func(r *R, cell []byte) error {
			n, err := readFixed(cell, decimals, missing)
			*at(r) = V(n)
			return err
		},
	}
}

// countColumn is a column of whole numbers.
func countColumn[R any, N ~int | ~int64](name, description string, at func(*R) *N) column[R] {
	return column[R]{
		Column: Column{Name: name, Type: Whole, Description: description},
		whole:  func(r *R) (int64, bool) { return int64(*at(r)), true },
		read: func(r *R, cell []byte) error {
			n, err := readWhole(cell)
			*at(r) = N(n)
			return err
		},
		compare: func(a, b *R) int { return compareOrdered(*at(a), *at(b)) },
	}
}

// numberColumn is a column of floating-point numbers, empty for NaN.
func numberColumn[R any](name, description string, at func(*R) *float64) column[R] {
	return column[R]{
		Column: Column{Name: name, Type: Number, Description: description},
		number: func(r *R) float64 { return *at(r) },
		read: func(r *R, cell []byte) (err error) {
			*at(r), err = readNumber(cell)
			return err
		},
	}
}

// derivedColumn is a numberColumn that follows from other cells.
func derivedColumn[R any](name, description string, of func(*R) float64) column[R] {
	return column[R]{Column: Column{Name: name, Type: Number, Description: description}, number: of}
}

// flagColumn is a column of true and false.
func flagColumn[R any](name, description string, at func(*R) *bool) column[R] {
	return column[R]{
		Column: Column{Name: name, Type: Flag, Description: description},
		flag:   func(r *R) bool { return *at(r) },
		read: func(r *R, cell []byte) (err error) {
			*at(r), err = strconv.ParseBool(string(cell))
			return err
		},
	}
}

// wordColumn is a column of a few named values, such as the state of a pair.
func wordColumn[R any, V interface {
	~uint8
	String() string
}](name, description string, values []V, at func(*R) *V) column[R] {
	return column[R]{
		Column:  Column{Name: name, Type: Text, Description: description},
		text:    func(to []byte, r *R) []byte { return append(to, (*at(r)).String()...) },
		read:    func(r *R, cell []byte) error { return readWord(cell, values, at(r)) },
		compare: func(a, b *R) int { return int(*at(a)) - int(*at(b)) },
	}
}
