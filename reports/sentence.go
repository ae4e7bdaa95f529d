package reports

import (
	"unicode"
	"unicode/utf8"
)

// lowerFirst makes a sentence continue another.
func lowerFirst(text string) string { return mapFirst(text, unicode.ToLower) }

// upperFirst begins a sentence.
func upperFirst(text string) string { return mapFirst(text, unicode.ToUpper) }

func mapFirst(text string, to func(rune) rune) string {
	first, size := utf8.DecodeRuneInString(text)
	if size == 0 {
		return text
	}
	return string(to(first)) + text[size:]
}
