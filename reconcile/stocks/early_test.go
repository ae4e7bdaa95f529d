package stocks

import (
	"math"
	"slices"
	"testing"

	"counterflow/data"
	"counterflow/data/simulate"
	"counterflow/reconcile/cases"
)

// scoreReplay counts the builds of 60% and more that a monthly run finds at all
// and those found within three months of their start.
func (c count) scoreReplay(t *testing.T, in Input, truth []simulate.Truth) {
	t.Helper()
	seen, err := Replay(in, Settings{}, in.Panel.Start.Add(17))
	if err != nil {
		t.Fatal(err)
	}
	var early, earlySeen, planted, seenBig, found float64
	for j := range truth {
		p := &truth[j]
		if p.Kind != simulate.StockBuild || p.Share < 0.6 || p.End.Index()-p.Start.Index() < 5 {
			continue
		}
		planted++
		if visible(p) {
			seenBig++
		}
		for _, s := range seen {
			late := s.First.Index() - p.Start.Index()
			if s.Goods != p.Commodity.In(data.EditionUnknown) || s.Importer != p.Importer || late < 0 || s.First > p.End.Add(3) {
				continue
			}
			found++
			if late <= 3 {
				early++
				if visible(p) {
					earlySeen++
				}
			}
			break
		}
	}
	wrong := 0.0
	for _, s := range seen {
		if !slices.ContainsFunc(truth, func(p simulate.Truth) bool {
			return p.Kind == simulate.StockBuild && s.Goods == p.Commodity.In(data.EditionUnknown) && s.Importer == p.Importer && s.First >= p.Start
		}) {
			wrong++
		}
	}
	c.add("false share of all that was ever found month by month", wrong, math.Max(float64(len(seen)), 1))
	c.add("found within three months, of those planted", early, planted)
	c.add("found within three months, of those visible", earlySeen, seenBig)
	c.add("found within three months, of those found", early, found)
}

// scoreEarly counts the visible builds of 60% and more that the run on what was
// known three months after their start finds: what a replay sees of each at
// least, at a fraction of its time.
func (c count) scoreEarly(t *testing.T, in Input, truth []simulate.Truth) {
	t.Helper()
	found, all := 0.0, 0.0
	for j := range truth {
		p := &truth[j]
		if p.Kind != simulate.StockBuild || p.Share < 0.6 || p.End.Index()-p.Start.Index() < 5 || !visible(p) {
			continue
		}
		r, err := Detect(upTo(in, p.Start.Add(3)), Settings{casesOnly: true})
		if err != nil {
			t.Fatal(err)
		}
		all++
		if slices.ContainsFunc(r.Cases, func(c cases.Case) bool {
			return c.Assessable && c.Q <= 0.05 && c.Goods == p.Commodity.In(data.EditionUnknown) && c.Importer == p.Importer
		}) {
			found++
		}
	}
	t.Logf("found by the run three months after the start: %.0f of %.0f", found, all)
	c.add("found by the run three months after the start, of those visible", found, all)
}
