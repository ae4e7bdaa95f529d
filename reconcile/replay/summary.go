package replay

import (
	"cmp"
	"math"
	"slices"

	"counterflow/data"
	"counterflow/reconcile/cases"
	"counterflow/reconcile/evaluate"
)

// soon is the number of months after its start within which a case is early enough
// for something to be done about it.
const soon Delay = 3

func (d Delay) soon() bool { return d >= 0 && d <= soon }

// Summary counts the cases of a replay.
type Summary struct {
	Name  string `json:"name"`  // a kind, or "all", which leaves unit slips out
	Cases int    `json:"cases"` // that were ever listed
	Found int    `json:"found"` // of those, at the false share asked for in some month

	// Timed are those that were not listed in the first month run: of others it is not
	// known when they would first have been listed.
	Timed           int            `json:"timed"`
	ListedSoon      int            `json:"listed_soon"` // of the timed, within three months of their start
	ListedSoonShare evaluate.Ratio `json:"listed_soon_share"`
	FoundSoon       int            `json:"found_soon"` // of the timed, found within three months of their start
	FoundSoonShare  evaluate.Ratio `json:"found_soon_share"`

	// Old are those first listed before the last month run: others cannot have been
	// dropped yet.
	Old          int            `json:"old"`
	Dropped      int            `json:"dropped"` // of the old, not listed in the last month
	DroppedShare evaluate.Ratio `json:"dropped_share"`
}

// all counts the cases but unit slips, which are mended and no finding; last is the
// last month run.
func all(list []Case, last data.Period) Summary {
	return summarise("all", slices.DeleteFunc(slices.Clone(list), func(c Case) bool { return c.Kind == cases.UnitSlip }), last)
}

func summarise(name string, list []Case, last data.Period) Summary {
	s := Summary{Name: name, Cases: len(list)}
	count := func(n *int, counts bool) {
		if counts {
			*n++
		}
	}
	for i := range list {
		c := &list[i]
		count(&s.Found, c.FirstFound != 0)
		count(&s.Timed, !c.FromFirst)
		count(&s.ListedSoon, !c.FromFirst && c.ListedAfter.soon())
		count(&s.FoundSoon, !c.FromFirst && c.FoundAfter.soon())
		count(&s.Old, c.FirstListed < last)
		count(&s.Dropped, c.FirstListed < last && !c.Stands)
	}
	s.ListedSoonShare, s.FoundSoonShare = share(s.ListedSoon, s.Timed), share(s.FoundSoon, s.Timed)
	s.DroppedShare = share(s.Dropped, s.Old)
	return s
}

// byKind counts each kind that there is, by name.
func byKind(list []Case, last data.Period) []Summary {
	kinds := map[string][]Case{}
	for _, c := range list {
		kinds[string(c.Kind)] = append(kinds[string(c.Kind)], c)
	}
	summaries := []Summary{}
	for name, some := range kinds {
		summaries = append(summaries, summarise(name, some, last))
	}
	slices.SortFunc(summaries, func(a, b Summary) int { return cmp.Compare(a.Name, b.Name) })
	return summaries
}

func share(part, whole int) evaluate.Ratio {
	if whole == 0 {
		return evaluate.Ratio(math.NaN())
	}
	return evaluate.Ratio(float64(part) / float64(whole))
}
