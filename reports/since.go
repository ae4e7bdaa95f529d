package reports

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"counterflow/data"
	"counterflow/reconcile/cases"
	"counterflow/reconcile/difference"
	"counterflow/reports/page"
	"counterflow/reports/wording"
)

// compared says whether an earlier run was named to compare this one with.
func (v view) compared() bool { return v.Since != nil && v.Since.Run != "" }

// stands says whether a case counts as found; a slip of units is an error to
// mend.
func (v view) stands(c *cases.Case) bool {
	return c.Q <= v.Settings.FalseShare && c.Kind != cases.UnitSlip
}

// fate is what became of a case as readers of page one ask: a case that was
// listed as weaker before is new among those found, and one that has become
// weaker is resolved.
type fate string

const (
	isNew      fate = "new"
	persists   fate = "persisting"
	isResolved fate = "resolved"
	notFound   fate = "" // neither then nor now
)

func (v view) fateOf(c *difference.Change) fate {
	now := c.After != nil && v.stands(c.After)
	then := c.Before != nil && v.stands(c.Before)
	switch {
	case now && then:
		return persists
	case now:
		return isNew
	case then:
		return isResolved
	}
	return notFound
}

// fates counts the cases found by what became of them, and those that were
// weaker before or are now.
func (v view) fates() (count map[fate]int, weakerBefore, weakerNow int) {
	count = map[fate]int{}
	for i := range v.Since.Changes {
		c := &v.Since.Changes[i]
		f := v.fateOf(c)
		count[f]++
		switch {
		case f == isNew && c.Before != nil:
			weakerBefore++
		case f == isResolved && c.After != nil:
			weakerNow++
		}
	}
	return count, weakerBefore, weakerNow
}

// statusOf says what became of each case of this run; empty without an earlier
// one.
func (v view) statusOf() map[string]*difference.Change {
	status := map[string]*difference.Change{}
	if !v.compared() {
		return status
	}
	for i := range v.Since.Changes {
		if c := &v.Since.Changes[i]; c.After != nil {
			status[c.After.ID] = c
		}
	}
	return status
}

// sinceSentence says what became of the cases found.
func (v view) sinceSentence() string {
	if !v.compared() {
		return "No earlier run was named, so new, persisting and resolved cases cannot be told apart; counterflow run --since RUN does. " + v.recent()
	}
	n, before, now := v.fates()
	ofThem := func(count int, rest string) string {
		if count == 0 {
			return ""
		}
		return fmt.Sprintf(" (%d of them %s)", count, rest)
	}
	text := fmt.Sprintf("Since the run %s: %s%s, %d persisting, %d resolved%s.", v.Since.Run,
		wording.Plural(int64(n[isNew]), "new case", "new cases"), ofThem(before, "listed as weaker then"), n[persists],
		n[isResolved], ofThem(now, "still listed as weaker"))
	return text + v.sizeOfNew()
}

// sizeOfNew adds up what the new cases found state, in a sentence.
func (v view) sizeOfNew() string {
	kg, usd, n := data.MissingKg, data.MissingUSD, 0
	for i := range v.Since.Changes {
		c := &v.Since.Changes[i]
		if v.fateOf(c) != isNew {
			continue
		}
		n++
		if c.After.ExcessKg.Known() {
			kg = kg.Plus(c.After.ExcessKg)
		}
		if c.After.ExcessUSD.Known() {
			usd = usd.Plus(c.After.ExcessUSD)
		}
	}
	var parts []string
	if kg.Known() {
		parts = append(parts, wording.Mass(kg.Float()))
	}
	if usd.Known() {
		parts = append(parts, "about "+wording.Money(usd.Float()))
	}
	if n < 2 || len(parts) == 0 {
		return ""
	}
	return " As far as they state it, the new ones come to " + wording.List(parts) + " together."
}

// recent counts the cases found that reach into the last period.
func (v view) recent() string {
	n := v.reachingLast()
	if len(v.found()) == 0 || v.fewPeriods() {
		return ""
	}
	return fmt.Sprintf("%s into the last period of the data, %s.", wording.Plural(int64(n), "case found reaches", "cases found reach"), wording.Month(v.last))
}

func (v view) reachingLast() (n int) {
	for _, c := range v.found() {
		if c.End.End() >= v.last.End() {
			n++
		}
	}
	return n
}

// changesMost is how many rows each list of the section has.
const changesMost = 25

// changes is what became of cases since an earlier run, and of the data behind
// them.
func (r *report) changes() {
	const title = "What changed"
	if !r.compared() {
		r.Brief(title, "No earlier run was named with --since, so there is nothing to compare this one with.")
		return
	}
	r.Section(title)
	d := r.Since
	r.Text(page.Plain(fmt.Sprintf("Compared with the run %s. Two cases are the same where kind, goods, economies and at least one month agree. Of all cases listed, slips of units and weaker ones included: %d new, %d re-rated, %d resolved, %d persisting.",
		d.Run, d.Count(difference.New), d.Count(difference.Rerated), d.Count(difference.Resolved), d.Count(difference.Persisting))))
	r.changedCases()
	r.dataSince()
	r.revisions()
	r.latecomers("Reports that came late", d.Arrived)
	r.latecomers("Reports that are gone", d.Left)
}

// changedCases lists the cases by what became of them, those found first.
func (r *report) changedCases() {
	changes := slices.DeleteFunc(slices.Clone(r.Since.Changes), func(c difference.Change) bool {
		return c.Status == difference.Persisting && r.fateOf(&c) == notFound
	})
	if left := len(r.Since.Changes) - len(changes); left > 0 {
		r.Text(page.Plain(fmt.Sprintf("Left out: %s that persist as they were.", wording.Plural(int64(left), "weaker case or slip", "weaker cases and slips"))))
	}
	slices.SortStableFunc(changes, func(a, b difference.Change) int { return cmp.Compare(r.tier(&a), r.tier(&b)) })
	t := page.Table{Sorted: true, Words: []string{"new", "re-rated", "resolved", "persisting"}, Columns: []page.Column{
		{Head: "Since then", Width: 0.13}, {Head: "Lane and kind", Width: 0.27}, {Head: "Time", Width: 0.13},
		{Head: "Excess now", Width: 0.11, Right: true}, {Head: "Excess then", Width: 0.11, Right: true}, {Head: "What may lie behind", Width: 0.25},
	}}
	for i := range changes[:min(changesMost, len(changes))] {
		t.Rows = append(t.Rows, r.changeRow(&changes[i]))
	}
	if len(t.Rows) == 0 {
		r.Text(page.Plain("No other case is or was listed."))
		return
	}
	r.Table(t)
	if left := len(changes) - len(t.Rows); left > 0 {
		r.Small(page.Plain(fmt.Sprintf("%d more stand in tables/changes.csv.", left)))
	}
}

// tier puts what a reader looks for first: what is new among the cases found,
// what is resolved, what persists, then weaker ones and slips.
func (r *report) tier(c *difference.Change) int {
	return slices.Index([]fate{isNew, isResolved, persists, notFound}, r.fateOf(c))
}

func (r *report) changeRow(c *difference.Change) []page.Cell {
	shown := c.Case()
	lane := page.Cell{Text: r.codedLane(*shown), Under: shown.ID + ", " + wording.KindName(shown.Kind) + ", " + shown.Goods.Code()}
	if c.After != nil && r.options.wants("dossiers") {
		lane.To = dossierTarget(*c.After)
	}
	if c.After == nil {
		lane.Under += "; the name is that of then"
	}
	behind := []string{wording.Ratings(c.Ratings), wording.Causes(c.Causes)}
	if c.Revised > 0 {
		behind = append(behind, wording.Plural(int64(c.Revised), "amount restated", "amounts restated"))
	}
	behind = slices.DeleteFunc(behind, func(text string) bool { return text == "" })
	strength := "found: " + string(r.fateOf(c))
	if r.fateOf(c) == notFound {
		strength = "weaker, or a slip"
	}
	return []page.Cell{
		{Text: wording.Status(c.Status), Under: strength, Bold: r.fateOf(c) == isNew}, lane,
		{Text: wording.ShortSpan(shown.Start, shown.End), Key: shown.Start.String()},
		excessCell(c.After), excessCell(c.Before), {Text: strings.Join(behind, "; ")},
	}
}

// excessCell is the weight and the value of a case; nothing where a run does not
// have it.
func excessCell(c *cases.Case) page.Cell {
	if c == nil {
		return page.Cell{Text: wording.Missing}
	}
	return page.Cell{Text: wording.Mass(c.ExcessKg.Float()), Under: wording.Money(c.ExcessUSD.Float()), Key: key(c.ExcessUSD.Float())}
}

// dataSince says what of the data and the settings is not as it was.
func (r *report) dataSince() {
	d := r.Since
	r.Heading("The data behind them")
	r.Item("•", page.Plain(fmt.Sprintf("Of %s that both runs could have, %s restated (%s not stated before, %s no longer stated).",
		wording.Plural(d.Compared, "amount", "amounts"), wording.Plural(d.Restated, "was", "were"), wording.Count(d.Added), wording.Count(d.Withdrawn))))
	for _, list := range []struct {
		what    string
		periods []data.Period
	}{{"New periods", d.NewPeriods}, {"Periods no longer there", d.LeftPeriods}} {
		if n := len(list.periods); n > 0 {
			r.Item("•", page.Plain(fmt.Sprintf("%s: %s (%d).", list.what, wording.Span(list.periods[0], list.periods[n-1]), n)))
		}
	}
	for _, s := range d.Settings {
		r.Item("•", page.Plain(fmt.Sprintf("Setting %s: %s then, %s now.", s.Name, s.Before, s.After)))
	}
	for _, w := range d.Warnings {
		r.Item("•", page.Plain(upperFirst(w)+"."))
	}
}

// revisions lists the largest restatements.
func (r *report) revisions() {
	list := r.Since.Revisions
	if len(list) == 0 {
		r.Text(page.Plain("No restatement is as large as a tenth of the amount, on corridors that matter."))
		return
	}
	const most = 12
	t := page.Table{Title: "Largest restatements", Columns: []page.Column{
		{Head: "Reporter", Width: 0.24}, {Head: "Lane and goods", Width: 0.26}, {Head: "Period", Width: 0.14},
		{Head: "Weight then → now", Width: 0.18, Right: true}, {Head: "Value then → now", Width: 0.18, Right: true},
	}}
	for i := range list[:min(most, len(list))] {
		rev := &list[i]
		t.Rows = append(t.Rows, page.Cells(r.options.coded(rev.Reporter())+", "+side(rev.Direction),
			rev.Exporter.String()+" → "+rev.Importer.String()+", "+rev.Commodity.Code(), wording.Month(rev.Period),
			wording.Mass(rev.KgBefore.Float())+" → "+wording.Mass(rev.KgAfter.Float()),
			wording.Money(rev.Before.Float())+" → "+wording.Money(rev.After.Float())))
	}
	r.Table(t)
	if len(list) > most {
		r.Small(page.Plain(fmt.Sprintf("%d of %d; tables/revisions.csv has them all.", most, len(list))))
	}
}

func side(d data.Direction) string {
	if d.Outward() {
		return "exports"
	}
	return "imports"
}

// latecomers lists reports that one run has and the other lacks.
func (r *report) latecomers(title string, list []difference.Arrival) {
	if len(list) == 0 {
		return
	}
	const most = 12
	t := page.Table{Title: title, Columns: []page.Column{
		{Head: "Economy", Width: 0.4}, {Head: "Side", Width: 0.15}, {Head: "Period", Width: 0.2}, {Head: "Value", Width: 0.25, Right: true},
	}}
	for _, a := range list[:min(most, len(list))] {
		t.Rows = append(t.Rows, page.Cells(r.options.coded(a.Economy), side(a.Direction), wording.Month(a.Period), wording.Money(a.Value.Float())))
	}
	r.Table(t)
	if len(list) > most {
		r.Small(page.Plain(fmt.Sprintf("%d of %d.", most, len(list))))
	}
}
