package cases

import (
	"iter"

	"counterflow/reconcile/mirror"
)

// lane is the pairs of one commodity, exporter and importer: a stretch of the
// table of pairs.
type lane struct {
	first int // index of its first pair
	pairs []mirror.Pair
}

// lanes walks the table of pairs lane by lane.
func lanes(pairs []mirror.Pair) iter.Seq[lane] {
	return func(yield func(lane) bool) {
		for first, of := range mirror.Lanes(pairs) {
			if !yield(lane{first, of}) {
				return
			}
		}
	}
}
