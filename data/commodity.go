package data

import (
	"fmt"
	"strings"
)

// Commodity is a code of a goods classification with the edition it belongs
// to, for example 284690 in HS 2022. The code is text of at most ten digits or
// capital letters, so leading zeros are kept; it is packed so that commodities
// sort as their codes do. The zero value is no commodity.
type Commodity uint64

// CommodityDigits is the longest code that a Commodity can hold.
const CommodityDigits = 10

// AllGoods is the total over all commodities.
var AllGoods = MustCommodity("TOTAL", EditionUnknown)

// Edition is the edition of the Harmonised System that a code is written in.
type Edition uint8

// The editions, oldest first. HS means "as reported", an edition not stated.
const (
	EditionUnknown Edition = iota
	HS1992
	HS1996
	HS2002
	HS2007
	HS2012
	HS2017
	HS2022
	HS2028
	EditionMixed // records in different editions were pooled
	EditionOther // a classification that is not the Harmonised System
	editionCount
)

var editionNames = [editionCount]string{"", "H0", "H1", "H2", "H3", "H4", "H5", "H6", "H7", "mixed", "other"}

// editionYears are the years in which H0 to H7 took effect.
var editionYears = [...]string{"1992", "1996", "2002", "2007", "2012", "2017", "2022", "2028"}

// ParseEdition reads H0 to H7 as UN Comtrade writes them, HS with the year of
// an edition in two or four digits (HS2017, HS17), HS for "not stated", and
// anything else as EditionOther.
func ParseEdition(text string) Edition {
	text = strings.ToUpper(strings.TrimSpace(text))
	year, isHS := strings.CutPrefix(text, "HS")
	switch {
	case text == "" || text == "H" || isHS && year == "":
		return EditionUnknown
	case text == "MIXED":
		return EditionMixed
	}
	year = strings.TrimSpace(year)
	for i, of := range editionYears {
		edition := HS1992 + Edition(i)
		if text == editionNames[edition] || isHS && (year == of || year == of[2:]) {
			return edition
		}
	}
	return EditionOther
}

func (e Edition) String() string {
	if e < editionCount {
		return editionNames[e]
	}
	return fmt.Sprintf("edition(%d)", uint8(e))
}

// Editions is a set of editions.
type Editions uint16

// With gives the set with one edition more.
func (s Editions) With(e Edition) Editions { return s | 1<<e }

// Has says whether an edition is in the set.
func (s Editions) Has(e Edition) bool { return s&(1<<e) != 0 }

const (
	editionBits = 4
	symbolBits  = 6
)

// ParseCommodity packs a code of 1 to 10 digits or letters. Letters are read in
// either case; every other character is an error. 0-9 become 1-10 and A-Z 11-36;
// 0 is "no symbol", so a shorter code sorts before its own continuations, as
// text does.
func ParseCommodity(code string, edition Edition) (Commodity, error) {
	// Errors quote a copy, so that callers can pass the bytes of a field without
	// putting them on the heap.
	if len(code) == 0 || len(code) > CommodityDigits {
		return 0, fmt.Errorf("commodity %q is not 1 to %d digits or letters", strings.Clone(code), CommodityDigits)
	}
	var packed Commodity
	for i := 0; i < len(code); i++ {
		symbol := Commodity(code[i]-'0') + 1
		if symbol > 10 {
			letter := code[i] &^ 0x20
			if letter < 'A' || letter > 'Z' {
				return 0, fmt.Errorf("commodity %q has %q, which is neither digit nor letter", strings.Clone(code), code[i])
			}
			symbol = Commodity(letter-'A') + 11
		}
		packed = packed<<symbolBits | symbol
	}
	packed <<= symbolBits * (CommodityDigits - len(code))
	return packed<<editionBits | Commodity(edition), nil
}

// MustCommodity is ParseCommodity for codes written in source; it panics on
// any other text.
func MustCommodity(code string, edition Edition) Commodity {
	c, err := ParseCommodity(code, edition)
	if err != nil {
		panic(err)
	}
	return c
}

// Code gives the digits as text, leading zeros kept.
func (c Commodity) Code() string {
	var text [CommodityDigits]byte
	n := 0
	for shift := (CommodityDigits-1)*symbolBits + editionBits; shift >= editionBits; shift -= symbolBits {
		symbol := byte(c >> shift & (1<<symbolBits - 1))
		switch {
		case symbol == 0:
			return string(text[:n])
		case symbol <= 10:
			text[n] = '0' + symbol - 1
		default:
			text[n] = 'A' + symbol - 11
		}
		n++
	}
	return string(text[:n])
}

// Edition gives the edition the code is written in.
func (c Commodity) Edition() Edition { return Edition(c & (1<<editionBits - 1)) }

// In gives the same code with another edition.
func (c Commodity) In(e Edition) Commodity { return c&^(1<<editionBits-1) | Commodity(e) }

// Len is the number of symbols in the code.
func (c Commodity) Len() int {
	n := 0
	for shift := (CommodityDigits-1)*symbolBits + editionBits; shift >= editionBits; shift -= symbolBits {
		if c>>shift&(1<<symbolBits-1) == 0 {
			break
		}
		n++
	}
	return n
}

// Truncate keeps the first n symbols of the code: the heading or chapter that
// a longer code belongs to. A code that is not longer is returned as it is.
func (c Commodity) Truncate(n int) Commodity {
	if n >= c.Len() {
		return c
	}
	drop := uint(CommodityDigits-n) * symbolBits
	return (c>>editionBits>>drop<<drop)<<editionBits | c&(1<<editionBits-1)
}

func (c Commodity) String() string { return c.Code() }

// MarshalText writes the code without its edition.
func (c Commodity) MarshalText() ([]byte, error) { return []byte(c.Code()), nil }
