package concordance

import (
	"cmp"
	"maps"
	"slices"

	"counterflow/data"
)

// Family is the codes of two editions that links tie together: amounts of the
// whole go over without any weight, amounts of a member only by weights.
type Family struct {
	From, To []data.Commodity // in their order
}

// Simple says whether one code became one code.
func (f *Family) Simple() bool { return len(f.From) == 1 && len(f.To) == 1 }

// Name is the first code of the family in the later edition of the two.
func (f *Family) Name() data.Commodity {
	if f.From[0].Edition() > f.To[0].Edition() {
		return f.From[0]
	}
	return f.To[0]
}

// Families lists the connected groups of codes, by their first code. A link of
// weight zero ties as well: weights are estimates, links are law.
func (c *Converter) Families() []Family {
	root := map[data.Commodity]data.Commodity{}
	find := func(x data.Commodity) data.Commodity {
		for root[x] != x {
			root[x] = root[root[x]]
			x = root[x]
		}
		return x
	}
	for _, from := range slices.Sorted(maps.Keys(c.shares)) {
		root[from] = from
		for _, s := range c.shares[from] {
			if _, seen := root[s.to]; !seen {
				root[s.to] = s.to
			}
		}
	}
	for from, shares := range c.shares {
		for _, s := range shares {
			root[find(s.to)] = find(from)
		}
	}
	groups := map[data.Commodity]*Family{}
	for _, code := range slices.Sorted(maps.Keys(root)) {
		at := find(code)
		if groups[at] == nil {
			groups[at] = &Family{}
		}
		if code.Edition() == c.From {
			groups[at].From = append(groups[at].From, code)
		} else {
			groups[at].To = append(groups[at].To, code)
		}
	}
	var families []Family
	for _, f := range groups {
		families = append(families, *f)
	}
	slices.SortFunc(families, func(a, b Family) int { return cmp.Compare(a.From[0], b.From[0]) })
	return families
}
