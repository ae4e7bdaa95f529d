package source

import (
	"strings"
	"unicode/utf8"
)

// windows1252 gives the characters of the bytes 0x80 to 0x9f, which Windows-1252
// uses where ISO 8859-1 has control characters; five are not used (WHATWG
// Encoding Standard, index windows-1252).
var windows1252 = [32]rune{
	'\u20ac', utf8.RuneError, '\u201a', '\u0192', '\u201e', '\u2026', '\u2020', '\u2021', '\u02c6', '\u2030', '\u0160', '\u2039', '\u0152', utf8.RuneError, '\u017d', utf8.RuneError,
	utf8.RuneError, '\u2018', '\u2019', '\u201c', '\u201d', '\u2022', '\u2013', '\u2014', '\u02dc', '\u2122', '\u0161', '\u203a', '\u0153', utf8.RuneError, '\u017e', '\u0178',
}

// fromWindows1252 gives text as it is where it is UTF-8, and otherwise reads it
// as Windows-1252, in which every text that is not UTF-8 and came from a
// spreadsheet was most likely written.
func fromWindows1252(text string) string {
	if utf8.ValidString(text) {
		return text
	}
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c >= 0x80 && c < 0xa0:
			b.WriteRune(windows1252[c-0x80])
		default:
			b.WriteRune(rune(c))
		}
	}
	return b.String()
}
