package reports

import (
	"cmp"
	"fmt"
	"slices"

	"counterflow/data"
	"counterflow/reports/chart"
	"counterflow/reports/wording"
)

// availability is the chart of who reported when.
func (v view) availability() chart.Chart {
	d := chart.Availability{
		Name:     "reports-availability",
		Title:    "Who reported when",
		Subtitle: "Exports in the upper half of a row, imports in the lower, " + wording.Span(v.first, v.last),
		First:    v.first, Last: v.last,
	}
	economies := v.reportersByValue()
	periods := 0
	if v.first != 0 {
		periods = v.last.Index() - v.first.Index() + 1
	}
	shown := economies[:min(chart.AvailabilityMost(periods), len(economies))]
	row := map[data.Economy]int{}
	for i, e := range shown {
		row[e] = i
		d.Rows = append(d.Rows, chart.AvailabilityRow{
			Name: v.options.coded(e), Exports: make([]chart.Report, periods), Imports: make([]chart.Report, periods),
		})
	}
	for _, c := range v.Coverage {
		i, ok := row[c.Economy]
		if !ok || c.Period.Monthly() != v.first.Monthly() {
			continue
		}
		reports := d.Rows[i].Exports
		if c.Direction == data.Import {
			reports = d.Rows[i].Imports
		}
		reports[c.Period.Index()-v.first.Index()] = reportOf(c)
	}
	d.Caption = "An economy that published nothing for a period cannot confirm or contradict its partners: their trade with it is not assessable then."
	if len(shown) < len(economies) {
		d.Caption += fmt.Sprintf(" Shown: the %d of %d reporters with the most declared value.", len(shown), len(economies))
	}
	return d.Chart()
}

// reportersByValue lists the reporters, the one with the most declared value
// first.
func (v view) reportersByValue() []data.Economy {
	value := map[data.Economy]data.USD{}
	for _, c := range v.Coverage {
		value[c.Economy] += max(c.Value, 0)
	}
	economies := make([]data.Economy, 0, len(value))
	for e := range value {
		economies = append(economies, e)
	}
	slices.SortFunc(economies, func(a, b data.Economy) int {
		return cmp.Or(cmp.Compare(value[b], value[a]), cmp.Compare(a, b))
	})
	return economies
}
