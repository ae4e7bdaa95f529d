package reference

import (
	"bytes"
	"fmt"

	"counterflow/data"
)

// Match is what a code or name in the place of a reporter or partner means.
type Match struct {
	Economy  data.Economy // none for a group
	Kind     Kind
	From, To uint16 // first and last year of the code, 0 where not limited
	Hint     string // what doctor may want to say about the code, "" for most
}

// The tables behind the look-ups. Index 0 is "not known"; every other index
// points into matches. A code of letters or digits is one array access, so that
// a reader can ask for each of many million rows.
var (
	matches  = []Match{{}}
	byNumber [1000]uint16
	byISO2   [1 << 10]uint16
	byISO3   [1 << 15]uint16
	byWords  = make(map[string]uint16, 4*len(entries))
)

func init() {
	for i := range entries {
		index := uint16(len(matches))
		matches = append(matches, matchOf(&entries[i]))
		enter(&entries[i], index)
	}
}

func matchOf(e *Entry) Match {
	m := Match{Economy: e.Economy, Kind: e.Kind, From: uint16(e.From), To: uint16(e.To)}
	switch {
	case e.Instead != 0:
		m.Hint = fmt.Sprintf("%d is not a Comtrade reporter; %s is %d", e.Code, Name(e.Economy), e.Instead)
	case e.Kind == KindHistoric && e.To != 0:
		m.Hint = fmt.Sprintf("%s ends in %d", e.Name, e.To)
	case e.Kind == KindGroup:
		m.Hint = e.Name + " is a group; its members are counted"
	}
	return m
}

func enter(e *Entry, index uint16) {
	if e.Code >= 0 {
		byNumber[e.Code] = index
	}
	if e.Economy != 0 {
		claim(&byISO3[e.Economy], e, index)
	}
	if e.ISO2 != "" {
		claim(&byISO2[letters(e.ISO2)], e, index)
	}
	for _, alias := range append([]string{e.Name}, e.Aliases...) {
		switch packed, n := lettersOnly([]byte(alias)); n {
		case 2:
			claim(&byISO2[packed], e, index)
		case 3:
			claim(&byISO3[packed], e, index)
		default:
			var buffer [wordsBytes]byte
			key := string(appendWords(buffer[:0], []byte(alias)))
			slot := byWords[key]
			claim(&slot, e, index)
			byWords[key] = slot
		}
	}
}

// claim lets a row have a spelling that is free, or held by a row that stands
// lower: the row that is an economy today wins over a second number and a
// historic one. Two different economies must not share a spelling.
func claim(slot *uint16, e *Entry, index uint16) {
	if *slot == 0 {
		*slot = index
		return
	}
	held := &entries[*slot-1]
	if held.Economy != e.Economy {
		panic(fmt.Sprintf("economies.csv: %s and %s share a spelling", held.Name, e.Name))
	}
	if standing(e) < standing(held) {
		*slot = index
	}
}

// standing orders the rows of one economy: 0 is the row that names it.
func standing(e *Entry) int {
	switch {
	case e.Kind == KindHistoric:
		return 3
	case e.Instead != 0:
		return 2
	case e.Code < 0:
		return 1
	}
	return 0
}

// ByNumber reads a number as UN Comtrade uses it. The M49 numbers 840, 250,
// 756, 578, 356 and 158, which name the same economies, are read too, with a
// hint; 492 is Monaco in M49 but a residual in UN Comtrade, and is read as the
// latter.
func ByNumber(code int) (Match, bool) {
	if code < 0 || code >= len(byNumber) {
		return Match{}, false
	}
	index := byNumber[code]
	return matches[index], index != 0
}

// ByText reads a number, ISO 3166-1 code of two or three letters, Eurostat or
// SDMX code, or English name in any case. Blanks around it are ignored.
func ByText(text string) (Match, bool) { return ByBytes([]byte(text)) }

// ByBytes is ByText for the bytes of a field. It allocates nothing.
func ByBytes(code []byte) (Match, bool) {
	code = trim(code)
	var index uint16
	switch packed, n := lettersOnly(code); n {
	case 2:
		index = byISO2[packed]
	case 3:
		index = byISO3[packed]
	default:
		if number, ok := wholeNumber(code); ok {
			return ByNumber(number)
		}
		index = wordsIndex(code)
	}
	return matches[index], index != 0
}

// wordsIndex looks up a name. A bracket with dates or member lists, as in
// Eurostat's "Germany (incl. German Democratic Republic 'DD' from 1991)", is cut
// off where the whole is not known.
func wordsIndex(name []byte) uint16 {
	var buffer [wordsBytes]byte
	if index := byWords[string(appendWords(buffer[:0], name))]; index != 0 {
		return index
	}
	open := bytes.Index(name, []byte(" ("))
	if open < 0 || !bytes.ContainsAny(name[open:], "0123456789") {
		return 0
	}
	return byWords[string(appendWords(buffer[:0], name[:open]))]
}

// lettersOnly packs a code of two or three ASCII letters, five bits each; n is
// 0 for any other text.
func lettersOnly(code []byte) (packed uint16, n int) {
	if len(code) != 2 && len(code) != 3 {
		return 0, 0
	}
	for _, c := range code {
		letter := c &^ 0x20
		if letter < 'A' || letter > 'Z' {
			return 0, 0
		}
		packed = packed<<5 | uint16(letter-'A'+1)
	}
	return packed, len(code)
}

func letters(code string) uint16 {
	packed, _ := lettersOnly([]byte(code))
	return packed
}

// wholeNumber reads up to six digits; a fraction of zeros, which spreadsheet
// programs add to columns with gaps, is ignored.
func wholeNumber(code []byte) (number int, ok bool) {
	for i, c := range code {
		if c == '.' && i > 0 {
			return number, zeros(code[i+1:])
		}
		if c < '0' || c > '9' || i == 6 {
			return 0, false
		}
		number = number*10 + int(c-'0')
	}
	return number, len(code) > 0
}

func zeros(digits []byte) bool {
	for _, c := range digits {
		if c != '0' {
			return false
		}
	}
	return true
}

func trim(code []byte) []byte {
	for len(code) > 0 && code[0] <= ' ' {
		code = code[1:]
	}
	for len(code) > 0 && code[len(code)-1] <= ' ' {
		code = code[:len(code)-1]
	}
	return code
}
