package reference

import (
	"fmt"
	"slices"
	"strings"
)

// Hint says in one line what is amiss with the code or name of an economy and
// names the nearest known one: "578 is not a Comtrade reporter; Norway is 579".
// It is "" where nothing is. Nearest is the fewest characters added, dropped,
// changed or swapped with a neighbour; between equals the smaller difference of
// numbers, then alphabetical order, decides.
func Hint(text string) string {
	text = strings.TrimSpace(text)
	if m, ok := ByText(text); ok {
		return m.Hint
	}
	if text == "" {
		return "no economy is given"
	}
	shown := text
	if len(shown) > 40 {
		shown = shown[:40] + "..."
	}
	if near := nearest(text); near != "" {
		return fmt.Sprintf("%s is no known economy; the nearest is %s", shown, near)
	}
	return shown + " is no known economy; give a UN Comtrade number, ISO 3166-1 letters or an English name"
}

// nearest describes the closest row of the same sort: a number for a number,
// three letters for three letters, a name for a longer text. Two letters have
// too many neighbours for any of them to be meant.
func nearest(text string) string {
	number, isNumber := wholeNumber([]byte(text))
	_, letters := lettersOnly([]byte(text))
	switch {
	case isNumber:
		return nearestRow(func(e *Entry) (string, int) {
			if e.Code < 0 {
				return "", 0
			}
			return fmt.Sprint(e.Code), abs(e.Code - number)
		}, fmt.Sprint(number), 1)
	case letters == 3:
		return nearestRow(func(e *Entry) (string, int) { return e.Economy.String(), 0 }, strings.ToUpper(text), 1)
	case letters == 2 || len(text) > wordsBytes:
		return ""
	}
	key := wordKey(text)
	return nearestRow(func(e *Entry) (string, int) { return wordKey(e.Name), 0 }, key, max(1, len(key)/4))
}

func nearestRow(spelling func(*Entry) (text string, tie int), wanted string, within int) string {
	best, bestDistance, bestTie := -1, within+1, 0
	for i := range entries {
		e := &entries[i]
		text, tie := spelling(e)
		if text == "" || e.Instead != 0 || e.Kind == KindHistoric {
			continue
		}
		d := editDistance(text, wanted)
		if d < bestDistance || d == bestDistance && best >= 0 &&
			(tie < bestTie || tie == bestTie && text < firstOf(spelling(&entries[best]))) {
			best, bestDistance, bestTie = i, d, tie
		}
	}
	if best < 0 {
		return ""
	}
	e := &entries[best]
	codes := []string{}
	if e.Code >= 0 {
		codes = append(codes, fmt.Sprint(e.Code))
	}
	if e.Economy != 0 {
		codes = append(codes, e.Economy.String())
	}
	return fmt.Sprintf("%s (%s)", e.Name, strings.Join(codes, ", "))
}

func firstOf(text string, _ int) string { return text }

func abs(n int) int { return max(n, -n) }

func wordKey(name string) string {
	var buffer [wordsBytes]byte
	return string(appendWords(buffer[:0], []byte(name)))
}

// editDistance counts insertions, deletions, changes and swaps of neighbours
// (optimal string alignment; Damerau 1964, Levenshtein 1966).
func editDistance(a, b string) int {
	before := make([]int, len(b)+1)
	last := make([]int, len(b)+1)
	row := make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			change := last[j-1]
			if a[i-1] != b[j-1] {
				change++
			}
			row[j] = slices.Min([]int{last[j] + 1, row[j-1] + 1, change})
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}
