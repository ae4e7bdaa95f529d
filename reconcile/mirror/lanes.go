package mirror

import "iter"

// Lanes walks a table of pairs lane by lane, with the index of the first pair of each.
func Lanes(pairs []Pair) iter.Seq2[int, []Pair] {
	return func(yield func(int, []Pair) bool) {
		for from := 0; from < len(pairs); {
			to := from + 1
			for to < len(pairs) && pairs[to].SameLane(&pairs[from]) {
				to++
			}
			if !yield(from, pairs[from:to]) {
				return
			}
			from = to
		}
	}
}
