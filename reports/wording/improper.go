package wording

import "strings"

// improper are stems of words that accuse. Trade statistics cannot support
// them, so generated text never holds one.
var improper = []string{"smuggl", "illegal", "illicit", "evasion", "evade", "evading", "fraud", "launder", "crimin", "cheat"}

// Improper gives the first accusing word in a text, "" where there is none.
func Improper(text string) string {
	for _, word := range strings.Fields(strings.ToLower(text)) {
		for _, stem := range improper {
			if strings.Contains(word, stem) {
				return word
			}
		}
	}
	return ""
}
