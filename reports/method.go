package reports

import (
	"fmt"
	"math"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"counterflow/reconcile"
	"counterflow/reconcile/cases"
	"counterflow/reports/page"
	"counterflow/reports/wording"
)

// methodPart is one step of the method in words.
type methodPart struct{ head, text string }

// method says how the findings come about, and with which settings.
func (r *report) method() {
	r.Section("Method")
	parts := []methodPart{pairsPart, r.stagesBefore()}
	if cases.HaveHistory(r.Pairs, r.Settings.HistoryMonth) {
		parts = append(parts, r.againstOwnHistory()...)
	} else {
		parts = append(parts, r.againstItsKind()...)
	}
	for _, part := range append(parts, r.levels(), likelihoodPart, indexPart) {
		r.Small(page.Bold(part.head+"."), page.Plain(part.text))
	}
	r.sensitivity()
	r.ranks()
	r.rules()
	r.settings()
}

// sensitivity counts the cases at other levels than those of the run. It counts
// what is listed: a run with other settings would also fit its models anew.
func (r *report) sensitivity() {
	if len(r.Cases) == 0 {
		return
	}
	least := []float64{r.Settings.MinimumUSD, 10 * r.Settings.MinimumUSD, 100 * r.Settings.MinimumUSD}
	t := page.Table{Title: "How many cases other levels would give", Columns: []page.Column{{Head: "q at most", Width: 0.25}}}
	for _, usd := range least {
		t.Columns = append(t.Columns, page.Column{Head: "worth " + wording.Money(usd) + " or more", Width: 0.25, Right: true})
	}
	levels := []float64{0.01, 0.05, 0.10, 0.20}
	if !slices.Contains(levels, r.Settings.FalseShare) {
		levels = append(levels, r.Settings.FalseShare)
		slices.Sort(levels)
	}
	for _, q := range levels {
		if q > r.Settings.ListQ {
			continue
		}
		row := []page.Cell{{Text: fmt.Sprintf("%g", q), Bold: q == r.Settings.FalseShare}}
		for i, usd := range least {
			row = append(row, page.Cell{Text: wording.Count(r.casesAt(q, usd)), Bold: i == 0 && q == r.Settings.FalseShare})
		}
		t.Rows = append(t.Rows, row)
	}
	r.Table(t)
}

// casesAt counts the cases listed that stand at a level and are worth so much;
// slips of units are none of them.
func (v view) casesAt(q, usd float64) (n int64) {
	for _, c := range v.Cases {
		if c.Kind != cases.UnitSlip && c.Q <= q && math.Abs(c.ExcessUSD.Float()) >= usd {
			n++
		}
	}
	return n
}

// settings are all settings of the run, in one paragraph, so that the method
// stays on its page.
func (r *report) settings() {
	r.Heading("Settings of this run")
	var spans []page.Span
	rows := settingRows(r.Settings)
	for i, row := range rows {
		end := ";"
		if i == len(rows)-1 {
			end = "."
		}
		spans = append(spans, page.Bold(row[0]), page.Plain(row[1]+end))
	}
	r.Small(spans...)
}

var pairsPart = methodPart{"From declarations to pairs", "Every row of the files is one declaration: what a reporter says of one commodity, period, partner and direction. " +
	"Totals are taken rather than summed from their parts. What one economy declares as exported to another, and what the other declares as imported " +
	"from it, make a pair. A side that reported the period but not the corridor declared nothing; a side that published nothing for the period was " +
	"silent, and the pair is not assessable."}

// stagesBefore are the models that are fitted before any case is looked for.
func (r *report) stagesBefore() methodPart {
	return methodPart{"What is learned from all pairs", "Timing: how the goods of a month arrive in that month and the next ones, fitted by group of lanes and length of passage. " +
		"Margin: freight and insurance in the importer's value by distance, borders and worth of the goods, with what each commodity and distance band adds, " +
		"shrunk towards it by how well it is known (after Gaulier and Zignago 2010, CEPII WP 2010-23). Reliability: the bias and spread of each reporter in each role, from how far its reports " +
		"lie from all its partners' (the additive variance model of Stone, Champernowne and Meade 1942 and ten Cate 2014). Balance: one reconciled figure for each corridor and month " +
		"of departure, with a 90% interval; it stands in tables/reconciled and decides no case."}
}

// againstOwnHistory is how monthly data with a history are judged.
func (r *report) againstOwnHistory() []methodPart {
	return []methodPart{
		{"Lanes against their own history", "The data are monthly and long enough, so every lane is held against itself. It is laid out month by month; months in which its trade may stand under no partner, " +
			"a confidential code or another edition of the classification are taken out; weights off by a unit of measure are set right and listed as unit slips; and the exporter's series " +
			"is moved to the months of arrival. What all lanes of a reporter or a commodity show together, such as a change of method or a price, is taken off. Lanes with an entrepot at " +
			"either end, where the exporter may name the hub and the importer the origin, are judged among themselves, and are not assessable where fewer than 200 of them have enough months."},
		{"Windows, judged by the other lanes", "Of each lane the stretch of months is sought, at most 24 of them, in which weight, value or unit value departs most from the lane's usual level. How likely so large a departure " +
			"is by chance is judged by the largest departures of the other lanes of its kind, so that nothing is assumed of the noise but that most lanes have no case. " +
			"Where weight and value are both known, their mean is searched, and each must show the departure."},
		{"Kinds, in this order", "Detours come first: imports from a third economy rise and those from the origin fall, in the same months and by tonnages of one size; with both legs declared on both sides " +
			"it is a reroute, otherwise an origin switch; where nobody declares the first leg, an origin switch needs a third economy that makes none of the good, as balances or its trade tell. " +
			"Then code switches: a gap that meets the opposite gap, of one size, under another code of the same corridor. Then gaps of weight " +
			"(missing export, missing import), and value gaps, where weights agree and unit values part. Lanes and months that an earlier kind accounts for are no evidence of a later one."},
		{"Few lanes", "Fewer than 200 lanes cannot judge one another: they are held against lanes of their kind, as annual data are. Then, too, exports of a third economy that the importer " +
			"books under their origins are looked for: they must rise against their own history, judged by series drawn with its autocorrelation, together with what the importer books from " +
			"economies that declare none of it, by tonnages that match, and make up a growing part of it. Such a case is a reroute with the caveat entrepot."},
		{"Size and explanations", "The excess weight is what one side records beyond what the lane's months outside the window let expect, summed over the window, with the 90% interval of that expectation; weights that a side leaves out are taken from its values, and the case says so. The gap as declared is then divided among slips of units, time on the way, " +
			"the lane's lasting ratio, months that cannot be compared, what other cells account for, and the rest; the parts add up to the gap to the gram."},
		{"What other cells account for", "A month in which one side records too much may be another month, code or lane in which it records too little. Where a test lets such an explanation stand " +
			"(the months about the window; a sister code of the family that departs the other way; a leg by an entrepot that rises as the lane falls; a bucket of partners or goods not named that holds more than usual), " +
			"the two are linked, and bear no more than the time on the way, the leg or the bucket can, beyond its own scatter. All links of a family of commodities and a window of months are one transport problem in grams: as much as can be is allocated, " +
			"and of that the cheapest, where months come before codes, codes before lanes, and lanes before buckets. Nothing is used twice, and what an explanation takes is no part of a case. It is restricted to the cells of cases and candidates and what these link to."},
	}
}

// againstItsKind is how annual data and short histories are judged.
func (r *report) againstItsKind() []methodPart {
	return []methodPart{
		{"What a lane lets expect", fmt.Sprintf("The data are annual or too short for a history of %d months, so lanes are held against lanes of their kind. The two sides are compared by ln(M/X), the natural log of the importer's figure over the exporter's: in weight where both "+
			"state one, since freight does not touch it, else in value after the margin. A lane with %d periods or more is judged by its own robust centre and spread, a shorter one by those of its commodity and size. Amounts that one side copied from the other are no second witness "+
			"and enter no fit.", r.Settings.HistoryMonth, r.Settings.HistoryMonth)},
		{"From pairs to cases", "A departure z is the distance of ln(M/X) from what the lane lets expect, in units of its spread; reporting errors have heavy tails, so it is judged by a Student t with 4 degrees of freedom. " +
			"Periods of one lane that depart in one direction are joined into a case. Detours and code switches are not looked for in such data."},
	}
}

// levels is the control of false discoveries.
func (r *report) levels() methodPart {
	return methodPart{"False discoveries", fmt.Sprintf("The false discovery rate is controlled after Benjamini and Hochberg (1995), on monthly data within each family of kinds and times two, as a lane is tested in several, otherwise over all tests. "+
		"A case counts as found at q ≤ %g and is listed at q ≤ %g, if it is worth at least %s. Found cases come first, by the size that is sure: the end of the interval that is nearer to zero, in money. "+
		"Slips of units come last: they are errors to mend, not discrepancies to explain.", r.Settings.FalseShare, r.Settings.ListQ, wording.Money(r.Settings.MinimumUSD))}
}

var likelihoodPart = methodPart{"Likelihood and confidence", "Likelihood says how likely a case is to be more than chance, from q alone: very likely at q ≤ 0.01, likely at q ≤ 0.05, more likely than not " +
	"at q ≤ 0.20. Confidence says how far the data behind it can be trusted: high for a case of three periods or more without caveats and with an interval no wider than one to three, low with " +
	"two caveats or more or without an interval, moderate in between. Neither says anything about causes. These rules are conventions, not standards."}

var indexPart = methodPart{"The index of the heat map", "(X−M)/(X+M), from −1 (only the importer records the trade) over 0 (agreement) to +1 (only the exporter does), after Mitikj and Kaushik (2024), World Bank WPS 10792."}

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
