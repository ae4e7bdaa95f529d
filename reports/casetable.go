package reports

import (
	"fmt"
	"math"
	"slices"
	"strconv"

	"counterflow/data"
	"counterflow/reconcile/cases"
	"counterflow/reports/page"
	"counterflow/reports/wording"
)

// caseTable lists the cases by rank.
func (r *report) caseTable() {
	if len(r.Cases) == 0 {
		r.Brief("Cases", "No case was found, so there is none to list.")
		return
	}
	r.Section("Cases")
	shown := r.listed()
	intro := fmt.Sprintf("By rank, with q at most %g. The interval under each weight holds the true excess in 90 of 100 cases, if what the lane lets expect is right. Under q stands the confidence in the data.", r.Settings.ListQ)
	if len(shown) < len(r.Cases) {
		intro += fmt.Sprintf(" Listed: the first %s of %s; tables/cases.csv has them all.", wording.Count(int64(len(shown))), wording.Count(int64(len(r.Cases))))
	}
	r.Text(page.Plain(intro))
	r.kinds(shown)
	t := page.Table{Sorted: true, Words: r.kindNames(shown), Columns: []page.Column{
		{Head: "#", Width: 0.05, Right: true}, {Head: "Lane and kind", Width: 0.28}, {Head: "Goods and caveats", Width: 0.23},
		{Head: "Time", Width: 0.13}, {Head: "Excess weight", Width: 0.13, Right: true}, {Head: "Value", Width: 0.08, Right: true},
		{Head: "q", Width: 0.10, Right: true},
	}}
	for _, c := range shown {
		t.Rows = append(t.Rows, r.caseRow(c))
	}
	r.Table(t)
	r.allFigures("cases")
}

func (r *report) caseRow(c cases.Case) []page.Cell {
	lane := page.Cell{Text: r.codedLane(c), Under: c.ID + ", " + wording.KindName(c.Kind)}
	confidence, _ := wording.Confidence(c, r.periods(c))
	if name := r.figureOf(c); name != "" {
		lane.To = figureTarget(name)
	}
	if r.options.wants("dossiers") {
		lane.To = dossierTarget(c)
	}
	var caveats []string
	for _, code := range c.Caveats {
		caveats = append(caveats, wording.Caveat(code))
	}
	goods := upperFirst(r.options.goods(c.Goods))
	if c.Related != 0 {
		goods += " and " + r.options.goods(c.Related)
	}
	weight := page.Cell{Text: wording.Mass(c.ExcessKg.Float()), Key: key(c.ExcessKg.Float())}
	weight.Under = intervalOf(c)
	return []page.Cell{
		{Text: fmt.Sprint(c.Rank)}, lane, {Text: goods, Under: wording.List(caveats)},
		{Text: wording.ShortSpan(c.Start, c.End), Key: c.Start.String()}, weight,
		{Text: wording.Money(c.ExcessUSD.Float()), Key: key(c.ExcessUSD.Float())},
		{Text: wording.FalseDiscovery(c.Q), Under: confidence, Key: key(c.Q)},
	}
}

// key is a number as sorting goes by it; "" where it is missing.
func key(v float64) string {
	if math.IsNaN(v) {
		return ""
	}
	return strconv.FormatFloat(v, 'g', -1, 64)
}

// kindNames are the kinds that occur, in the order of first occurrence.
func (r *report) kindNames(shown []cases.Case) []string {
	var names []string
	for _, c := range shown {
		if name := wording.KindName(c.Kind); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// codedLane names the lane of a case with names and codes.
func (v view) codedLane(c cases.Case) string {
	return wording.Parties{
		Exporter: v.options.coded(data.Economy(c.Exporter)), Importer: v.options.coded(data.Economy(c.Importer)),
		Via: v.options.coded(c.Via),
	}.Lane()
}

// kinds explains the kinds that occur.
func (r *report) kinds(shown []cases.Case) {
	occurs := map[string]bool{}
	for _, c := range shown {
		occurs[wording.KindName(c.Kind)] = true
	}
	t := page.Table{Columns: []page.Column{{Head: "Kind", Width: 0.2}, {Head: "What the records show", Width: 0.8}}}
	for _, row := range wording.Explanation() {
		if occurs[row[0]] {
			t.Rows = append(t.Rows, page.Cells(row[0], row[1]))
		}
	}
	r.Table(t)
}
