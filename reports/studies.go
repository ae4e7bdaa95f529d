package reports

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"counterflow/data"
	"counterflow/reconcile/stocks"
	"counterflow/reports/chart"
	"counterflow/reports/page"
	"counterflow/reports/wording"
)

const (
	studiesTitle    = "Before and after dated events"
	studyChartsMost = 4  // events with charts of their own
	studyRowsMost   = 25 // rows of the table
)

// surest orders studies by how far their contrast lies from zero in its standard
// errors, those over all importers first.
func (v view) surest() []stocks.Study {
	list := slices.Clone(v.Studies)
	sure := func(s stocks.Study) float64 {
		if z := math.Abs(s.Contrast.Value / s.Contrast.SE); !math.IsNaN(z) {
			return z
		}
		return 0
	}
	slices.SortStableFunc(list, func(a, b stocks.Study) int {
		if (a.Importer == 0) != (b.Importer == 0) {
			if a.Importer == 0 {
				return -1
			}
			return 1
		}
		return cmp.Compare(sure(b), sure(a))
	})
	return list
}

// studyFigures are the flows about the events whose contrast is surest.
func (v view) studyFigures() []chart.Chart {
	months := map[string][]chart.AboutPoint{}
	for _, m := range v.StudyMonths {
		if m.Importer == 0 {
			months[m.Event] = append(months[m.Event], chart.AboutPoint{Period: m.Period, Concerned: m.Index, Partners: m.Partners, Goods: m.Goods})
		}
	}
	var figures []chart.Chart
	for _, s := range v.surest() {
		if s.Importer == 0 && len(figures) < studyChartsMost {
			figures = append(figures, v.studyChart(s, months[s.Event]).Chart())
		}
	}
	return figures
}

func (v view) studyChart(s stocks.Study, points []chart.AboutPoint) chart.About {
	d := chart.About{
		Name: "event-" + s.Event, Title: "About " + v.eventText(s.Event),
		Subtitle: fmt.Sprintf("Weight over the mean of the 12 base months, %s", wording.Plural(int64(s.Lanes), "lane concerned", "lanes concerned")),
		Absent:   "No month about this event is known.",
		Points:   points, Event: chart.Event{At: s.At, Text: "in effect " + wording.Month(s.At)},
		Base: 12, Before: 3,
		MeanBefore: chart.Margin{Value: s.Before.Value, SE: s.Before.SE}, MeanAfter: chart.Margin{Value: s.After.Value, SE: s.After.SE},
		Caption: "Shaded: the three months before the event. Broken lines: means before and after, with their standard errors. " +
			"What comes after a date need not come from it; other partners and other goods show what happened anyway.",
	}
	return d
}

// eventText is an event in the words of its file.
func (v view) eventText(id string) string {
	for _, e := range v.Events {
		if e.ID == id && e.Instrument != "" {
			return id + ", " + e.Instrument
		}
	}
	return id
}

// studies is the section on events.
func (r *report) studies() {
	if len(r.Studies) == 0 {
		r.Brief(studiesTitle, "No dated event concerns lanes whose months about it are all known; events are given with --events, and studied beside --balances.")
		return
	}
	r.Section(studiesTitle)
	r.Text(page.Plain("Before is the mean of the three months before the event over that of the twelve before those; after is the mean of the twelve months from the event on over the same. " +
		"The contrast is ln(before/after): above zero where more went before than after. It is also given less that of other partners of the same importers, and less that of other goods."))
	r.allFigures("studies")
	list := r.surest()
	number := func(head string, width float64) page.Column {
		return page.Column{Head: head, Width: width, Right: true}
	}
	t := page.Table{Title: "Each figure with its standard error", Columns: []page.Column{
		{Head: "Event", Width: 0.18}, {Head: "Importer", Width: 0.12}, number("Lanes", 0.07), number("Before", 0.11), number("After", 0.11),
		number("Contrast", 0.11), number("less partners", 0.11), number("less goods", 0.11), number("Peak to trough", 0.08),
	}}
	for _, s := range list[:min(studyRowsMost, len(list))] {
		importer := "all"
		if s.Importer != 0 {
			importer = r.options.Economy(data.Economy(s.Importer))
		}
		event := page.Cell{Text: s.Event, Under: wording.Month(s.At)}
		if s.FrontLoaded() {
			event.Under += ", front-loaded"
		}
		t.Rows = append(t.Rows, append([]page.Cell{event}, page.Cells(importer, wording.Count(int64(s.Lanes)),
			withError(s.Before.Value, s.Before.SE), withError(s.After.Value, s.After.SE), withError(s.Contrast.Value, s.Contrast.SE),
			withError(s.Partners.Value, s.Partners.SE), withError(s.Goods.Value, s.Goods.SE), twoDecimals(s.Swing))...))
	}
	r.Table(t)
	if len(list) > studyRowsMost {
		r.Small(page.Plain(fmt.Sprintf("%d of %d studies; tables/studies.csv has them all.", studyRowsMost, len(list))))
	}
}

// withError writes an estimate and its standard error.
func withError(value, se float64) string {
	if math.IsNaN(value) || math.IsNaN(se) {
		return wording.Missing
	}
	return twoDecimals(value) + " ± " + twoDecimals(se)
}

func twoDecimals(v float64) string {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return wording.Missing
	}
	return wording.Number(math.Round(100*v) / 100)
}
