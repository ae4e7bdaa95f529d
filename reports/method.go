package reports

import (
	"fmt"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"counterflow/reconcile"
	"counterflow/reports/page"
	"counterflow/reports/wording"
)

// method says on one page how the findings come about, and with which settings.
func (r *report) method() {
	r.Section("Method")
	s := r.Settings
	for _, part := range []struct{ head, text string }{
		{"From declarations to pairs", "Every row of the files is one declaration: what a reporter says of one commodity, period, partner and direction. " +
			"Totals are taken rather than summed from their parts. What one economy declares as exported to another, and what the other declares as imported " +
			"from it, make a pair. A side that reported the period but not the corridor declared nothing; a side that published nothing for the period was " +
			"silent, and the pair is not assessable."},
		{"What a lane lets expect", fmt.Sprintf("The two sides are compared by ln(M/X), the natural log of the importer's figure over the exporter's: in weight where both "+
			"state one, since freight does not touch it, else in value after the usual margin of freight and insurance for the product, a robust median. A lane with %d periods or more is judged by "+
			"its own robust centre and spread; a shorter one borrows from its commodity. Amounts that one side copied from the other are no second witness "+
			"and enter no fit.", s.HistoryMonth)},
		{"From pairs to cases", fmt.Sprintf("A departure z is the distance of ln(M/X) from what the lane lets expect, in units of its spread; reporting errors have heavy tails, so it is judged by a Student t. "+
			"The false discovery rate is controlled over all tests after Benjamini and Hochberg (1995). Periods of one lane that depart in one direction are joined into a case. "+
			"A case counts as found at q ≤ %g and is listed at q ≤ %g, if it is worth at least %s.", s.FalseShare, s.ListQ, wording.Money(s.MinimumUSD))},
		{"Likelihood and confidence", "Likelihood says how likely a case is to be more than chance, from q alone: very likely at q ≤ 0.01, likely at q ≤ 0.05, more likely than not " +
			"at q ≤ 0.20. Confidence says how far the data behind it can be trusted: high for a case of three periods or more without caveats and with an interval no wider than one to three, low with " +
			"two caveats or more or without an interval, moderate in between. Neither says anything about causes. These rules are conventions, not standards."},
		{"The index of the heat map", "(X−M)/(X+M), from −1 (only the importer records the trade) over 0 (agreement) to +1 (only the exporter does), after Mitikj and Kaushik (2024), World Bank WPS 10792."},
	} {
		r.Heading(part.head)
		r.Text(page.Plain(part.text))
	}
	t := page.Table{Title: "Settings of this run", Columns: []page.Column{{Head: "Setting", Width: 0.35}, {Head: "Value", Width: 0.65}}}
	for _, row := range settingRows(s) {
		t.Rows = append(t.Rows, page.Cells(row[0], row[1]))
	}
	r.Table(t)
}

// unimportant are the settings that never change a result, and so have no place
// in a report that must not change with them.
var unimportant = []string{"threads", "memory"}

// settingRows lists the settings by the names they have in counterflow.yaml, so
// that a new one cannot be forgotten here. Of files only the names are shown.
func settingRows(s reconcile.Settings) [][2]string {
	var rows [][2]string
	value := reflect.ValueOf(s)
	for i := range value.NumField() {
		name, _, _ := strings.Cut(value.Type().Field(i).Tag.Get("yaml"), ",")
		if name == "" || name == "-" || slices.Contains(unimportant, name) {
			continue
		}
		text := fmt.Sprint(value.Field(i).Interface())
		switch v := value.Field(i).Interface().(type) {
		case []string:
			names := make([]string, len(v))
			for j, path := range v {
				names[j] = filepath.Base(path)
			}
			text = strings.Join(names, ", ")
		case string:
			text = strings.TrimPrefix(filepath.Base(v), ".")
		}
		if text == "" {
			text = wording.Missing
		}
		rows = append(rows, [2]string{name, text})
	}
	return rows
}
