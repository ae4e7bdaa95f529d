package reports

import (
	"fmt"
	"slices"
	"strings"

	"gonum.org/v1/plot/vg"

	"counterflow/data"
	"counterflow/reconcile/cases"
	"counterflow/reconcile/claims"
	"counterflow/reports/chart"
	"counterflow/reports/page"
	"counterflow/reports/wording"
)

// dossierTarget is the name under which the dossier of a case is linked.
func dossierTarget(c cases.Case) string { return "dossier " + c.ID }

// dossiers sets one page for each case that is listed.
func (r *report) dossiers() {
	if len(r.Cases) == 0 {
		r.Brief("Dossiers", "No case was found, so there is no dossier.")
		return
	}
	r.Section("Dossiers")
	for _, c := range r.listed() {
		r.dossier(c)
	}
}

// dossier is everything about one case: what the records show, the numbers, both
// series, the explanations tried, and what to look at next.
func (r *report) dossier(c cases.Case) {
	r.Part(c.ID+"  "+r.codedLane(c), dossierTarget(c))
	p := r.parties(c)
	r.Text(page.Bold(upperFirst(wording.KindName(c.Kind))+"."), page.Plain(upperFirst(wording.ShownBy(c, p))+"."))
	r.numbers(c)
	r.bothSeries(c)
	r.tests(c)
	r.Heading("What to look at next")
	for _, check := range wording.NextChecks(c) {
		r.Item("•", page.Plain(check))
	}
}

// numbers is the case in figures.
func (r *report) numbers(c cases.Case) {
	level, reasons := wording.Confidence(c, r.periods(c))
	caution := "no caveat was found in the data, which does not prove either side right"
	if len(reasons) > 0 {
		caution = strings.Join(reasons, "; ")
	}
	goods := upperFirst(r.options.goods(c.Goods))
	if c.Related != 0 {
		goods += " and " + r.options.goods(c.Related)
	}
	value := wording.Missing
	if c.ExcessUSD.Known() {
		value = "about " + wording.Money(c.ExcessUSD.Float())
	}
	weight := "no weight can be stated"
	if c.ExcessKg.Known() {
		weight = wording.Mass(c.ExcessKg.Float())
		if interval := intervalOf(c); interval != "" {
			weight += ", 90% interval " + interval
		}
	}
	half := page.Column{Width: 0.18}
	rest := page.Column{Width: 0.32}
	t := page.Table{Columns: []page.Column{half, rest, half, rest}}
	t.Columns[0].Head, t.Columns[2].Head = "The case", "How sure"
	t.Rows = [][]page.Cell{
		page.Cells("Goods", goods, "Likelihood", wording.Likelihood(c.Q)),
		page.Cells("Time", wording.Span(c.Start, c.End), "q", wording.FalseDiscovery(c.Q)+"; "+r.restsOn(c)),
		{{Text: "Excess weight"}, {Text: weight}, {Text: "Confidence"}, {Text: level, Under: caution}},
		page.Cells("Excess value", value, "Rank", fmt.Sprintf("%d of %s", c.Rank, wording.Count(int64(len(r.Cases))))+r.rankRange(c)),
	}
	r.Table(t)
}

// restsOn counts what a case rests on.
func (v view) restsOn(c cases.Case) string {
	if c.Kind == cases.StockBuild {
		return "rests on " + wording.Plural(int64(v.periods(c)), "account of stocks", "accounts of stocks")
	}
	return "rests on " + wording.Plural(int64(v.periods(c)), "pair of declarations", "pairs of declarations")
}

// The heights of a drawing leave room for the rest of the dossier on its page.
const (
	dossierHeight = 160
	severalHeight = 90 // where a case has more than one lane
)

// lanesOf are the lanes that a case rests on: its own, those of a detour, that of
// the other code.
func lanesOf(c cases.Case) []laneKey {
	keys := []laneKey{laneOf(c)}
	switch {
	case c.Via != 0:
		keys = append(keys, laneKey{c.Goods, c.Exporter, data.Importer(c.Via)}, laneKey{c.Goods, data.Exporter(c.Via), c.Importer})
	case c.Related != 0:
		keys = append(keys, laneKey{c.Related, c.Exporter, c.Importer})
	}
	return keys
}

// bothSeries draws what both sides declared on the lanes of the case, with this
// case alone on them; where there are too few periods for lines, a table says the
// same.
func (r *report) bothSeries(c cases.Case) {
	keys := lanesOf(c)
	if c.Kind == cases.StockBuild {
		r.account(c)
		return
	}
	if keys[0].exporter == 0 || keys[0].importer == 0 {
		r.Text(page.Plain("The case rests on a balance of supply and use, not on one lane, so there are no two series to draw."))
		return
	}
	if c.BookedByOrigin() {
		keys = slices.Delete(keys, 1, 2) // what reaches the middle is no part of the gap that is divided below
	}
	for _, key := range keys {
		title := "What both sides declared"
		if len(keys) > 1 {
			title += ": " + key.exporter.String() + " → " + key.importer.String() + ", " + key.goods.Code()
		}
		l := r.lane(key)
		switch {
		case len(l.pairs) == 0:
			r.Small(page.Bold(title+"."), page.Plain("Neither side declared this lane under this code, so there are no two series to draw."))
		case r.fewPeriods():
			r.declarations(l, title)
		default:
			r.series(l, c, title, len(keys))
		}
	}
	if name := r.figureOf(c); name != "" && r.casesOf(keys[0]) > 1 {
		r.Small(page.Link("All cases of this lane in one chart", figureTarget(name)))
	}
}

// series draws one lane of a case.
func (r *report) series(l lane, c cases.Case, title string, lanes int) {
	lower := l.chart([]cases.Case{c})
	lower.Height = dossierHeight - r.spare
	lower.Caption = "Shaded: the case. Broken lines: dates of measures, which explain nothing by themselves."
	if slices.ContainsFunc(lower.Points, func(p chart.LanePoint) bool { return p.High > 0 }) {
		lower.Caption = "Grey: what the lane lets expect, as the case was judged by it. " + lower.Caption
	}
	if lanes > 1 {
		lower.Height, lower.Caption, lower.Events = severalHeight-r.spare/vg.Length(lanes), "", nil
		if l.key != laneOf(c) {
			lower.Subtitle = "" // that of the first says it
		}
	}
	d := lower.Chart()
	r.Figure(page.Figure{
		Title: title, Subtitle: d.Subtitle, Caption: d.Caption, Absent: d.Absent,
		Width: float64(d.Width), Height: float64(d.Height), Drawing: d, Plain: true,
	})
}

// casesOf counts the cases of a lane.
func (v view) casesOf(key laneKey) (n int) {
	for _, c := range v.Cases {
		if laneOf(c) == key {
			n++
		}
	}
	return n
}

// declarations are the pairs of a lane as a table.
func (r *report) declarations(l lane, title string) {
	number := page.Column{Width: 0.2, Right: true}
	t := page.Table{Title: title, Columns: []page.Column{{Head: "Period", Width: 0.2}, number, number, number, number}}
	for i, head := range []string{"exported", "imported", "exported", "imported"} {
		t.Columns[i+1].Head = []string{l.key.exporter.String(), l.key.importer.String()}[i%2] + " " + head
	}
	for _, p := range l.pairs {
		t.Rows = append(t.Rows, page.Cells(wording.Month(p.Period), wording.Mass(p.XKg.Float()), wording.Mass(p.MKg.Float()),
			wording.Money(p.XUSD.Float()), wording.Money(p.MUSD.Float())))
	}
	r.Table(t)
}

// tests is the table of the explanations that change something or could not be
// tested, and one line with all that were tried. The parts left out are zero, so
// what is shown still adds up.
func (r *report) tests(c cases.Case) {
	tried := r.claims[c.ID]
	if len(tried) == 0 || !c.ExcessKg.Known() {
		r.Heading("Explanations tried")
		r.Text(page.Plain("No explanation was divided up for this case: " + noClaims(c)))
		return
	}
	t := page.Table{Title: "Explanations tried", Columns: []page.Column{
		{Head: "Explanation", Width: 0.23}, {Head: "Verdict", Width: 0.12}, {Head: "Weight", Width: 0.10, Right: true},
		{Head: "90% interval", Width: 0.14, Right: true}, {Head: "Why", Width: 0.41},
	}}
	sum := data.Kg(0)
	byVerdict := map[claims.Verdict][]string{}
	for _, claim := range tried {
		sum = sum.Plus(claim.Kg)
		if claim.Explanation != unexplained {
			byVerdict[claim.Verdict] = append(byVerdict[claim.Verdict], wording.Explained(claim.Explanation))
		}
		if claim.Kg == 0 && claim.Verdict == claims.Fails {
			continue
		}
		interval := wording.MassInterval(claim.KgLow.Float(), claim.KgHigh.Float())
		if claim.KgLow == claim.KgHigh {
			interval = "" // an amount that is counted, not estimated
		}
		t.Rows = append(t.Rows, page.Cells(wording.Explained(claim.Explanation), wording.Verdict(claim.Verdict),
			wording.Mass(claim.Kg.Float()), interval, claim.Note))
	}
	t.Rows = append(t.Rows, []page.Cell{{Text: wholeOf(c), Bold: true}, {}, {Text: wording.Mass(sum.Float()), Bold: true}, {}, {Text: "the sum of all of the above, to the gram"}})
	r.Table(t)
	var row []string
	for _, v := range []claims.Verdict{claims.Holds, claims.Fails, claims.NotPossible} {
		if names := byVerdict[v]; len(names) > 0 {
			row = append(row, wording.Verdict(v)+": "+wording.List(names))
		}
	}
	r.Small(page.Plain("Tests: " + strings.Join(row, "; ") + "."))
}

// wholeOf is what the parts of a case add up to.
func wholeOf(c cases.Case) string {
	if c.Kind == cases.StockBuild {
		return "Supply above use"
	}
	return "Declared gap"
}

// unexplained is the claim that is the rest.
const unexplained = "unexplained"

func noClaims(c cases.Case) string {
	switch {
	case c.Kind == cases.UnitSlip:
		return "a unit of measure accounts for all of it."
	case c.Via != 0:
		return "it rests on several lanes, so there is no single gap to divide."
	case c.Kind == cases.ValueGap:
		return "the weights agree, so there is no tonnage to divide."
	case !c.ExcessKg.Known():
		return "that takes weights from both sides, and there are none to compare."
	}
	return "that takes monthly declarations with a history of the lane."
}
