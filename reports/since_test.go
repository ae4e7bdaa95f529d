package reports

import (
	"strings"
	"testing"

	"counterflow/reconcile"
	"counterflow/reconcile/cases"
	"counterflow/reconcile/difference"
)

// since gives a run of six cases that stand (q up to 0.0104) an earlier one, in
// which the first was unknown, the second weak, and a seventh stood.
func since() *reconcile.Result {
	w := monthlyWorld()
	w.cases = 6
	r := w.run()
	earlier := func(c cases.Case, q float64) *cases.Case { c.Q = q; return &c }
	gone := earlier(r.Cases[3], 0.01)
	gone.ID, gone.Start, gone.End = "C00007", gone.Start.Add(-9), gone.Start.Add(-8)
	r.Since = &difference.Difference{Run: "2026-09", Compared: 1000, Restated: 12, Added: 2, Withdrawn: 1}
	r.Since.Changes = []difference.Change{
		{Status: difference.New, After: &r.Cases[0], Causes: []difference.Cause{difference.NewPeriods}},
		{Status: difference.Rerated, Before: earlier(r.Cases[1], 0.15), After: &r.Cases[1], Ratings: []difference.Rating{difference.RatedFound}, Causes: []difference.Cause{difference.Revisions}, Revised: 2},
		{Status: difference.Resolved, Before: gone, Causes: []difference.Cause{difference.LateReports}},
	}
	for i := 2; i < 6; i++ {
		r.Since.Changes = append(r.Since.Changes, difference.Change{Status: difference.Persisting, Before: earlier(r.Cases[i], r.Cases[i].Q), After: &r.Cases[i]})
	}
	return r
}

// By hand: of the six, the third is a slip of units and counts nowhere. The first
// and the second are new, the second having been weaker, three persist, and one
// that stood is gone: kinds repeat every four, and the fourth is no slip.
func TestFatesOfCases(t *testing.T) {
	v := newView(since(), Options{}.filled())
	count, before, now := v.fates()
	if count[isNew] != 2 || count[persists] != 3 || count[isResolved] != 1 || before != 1 || now != 0 {
		t.Errorf("%v, %d weaker before, %d weaker now", count, before, now)
	}
	ordered := v.newFirst(v.found(), v.statusOf())
	if ordered[0].ID != "C00001" || ordered[1].ID != "C00002" || len(ordered) != 5 {
		t.Errorf("the first of %d is %s", len(ordered), ordered[0].ID)
	}
}

// Page one says what is new, and the section on changes what lies behind it.
func TestWhatIsNewIsSaid(t *testing.T) {
	text := textOf(t, pdf(t, since(), Options{Pages: []string{"findings", "changes"}}))
	for _, want := range []string{
		"2/3/1", "Since the run 2026-09: 2 new cases (1 of them listed as weaker then), 3 persisting, 1 resolved.", "the new ones come to",
		"1 New:", "3 Persisting:", "Of 1,000 amounts that both runs could have, 12 were restated (2 not stated before, 1 no longer stated).",
		"its time holds new periods", "a report on its lanes came late", "C00007",
	} {
		if !strings.Contains(text, want) && !strings.Contains(strings.ReplaceAll(text, " ", ""), want) { // tiles may be set apart
			t.Errorf("%q is not said:\n%.2500s", want, text)
		}
	}
	alone := textOf(t, pdf(t, monthlyWorld().run(), Options{Pages: []string{"findings", "changes"}}))
	if !strings.Contains(alone, "counterflow run --since RUN") || !strings.Contains(alone, "into the last period of the data, December 2024") {
		t.Errorf("without an earlier run:\n%.2500s", alone)
	}
}
