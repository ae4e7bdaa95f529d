package reports

import (
	"fmt"
	"math"
	"strings"

	"counterflow/reconcile/cases"
	"counterflow/reconcile/sensitivity"
	"counterflow/reports/page"
	"counterflow/reports/wording"
)

// ranksShown is the number of cases in the table of ranks; tables/sensitivity has all.
const ranksShown = 10

// ranks shows the ranks of the first cases under low, default and high content, lag
// and margin.
func (r *report) ranks() {
	if len(r.Sensitivity) == 0 {
		return
	}
	third := page.Column{Width: 0.22}
	t := page.Table{Title: "Rank under low, default and high assumptions", Columns: []page.Column{{Head: "Case", Width: 0.24}, {Head: "Rank", Width: 0.10, Right: true}, third, third, third}}
	for i, head := range []string{"Content", "Lag", "Freight and insurance"} {
		t.Columns[2+i].Head = head
	}
	for _, c := range r.listed() {
		if c.Kind == cases.UnitSlip || len(t.Rows) == ranksShown {
			break
		}
		row := []page.Cell{{Text: c.ID, Under: wording.KindName(c.Kind), To: dossierTarget(c)}, {Text: fmt.Sprint(c.Rank)}}
		for _, a := range sensitivity.Assumptions {
			row = append(row, r.rankCell(c, a))
		}
		t.Rows = append(t.Rows, row)
	}
	if len(t.Rows) == 0 {
		return
	}
	r.Table(t)
	r.Small(page.Plain("Nothing is detected again: the lane that a case was sized on is measured in its months under each assumption and under the default, and size and evidence are scaled by what comes out (p to the power of the square of how far the lane departs). " +
		"Content is that of the table of goods, and ranks are by contained weight, cases without weights last. The lag is none, that of the lane, and a month more; the margin none, as fitted, and 20%, in the months of the case alone. tables/sensitivity has all cases."))
}

// rankCell is the rank of a case at the three levels of one assumption, with what they
// are set to below.
func (v view) rankCell(c cases.Case, a sensitivity.Assumption) page.Cell {
	var ranks, settings []string
	for _, s := range v.sensitivityOf(c) {
		if s.Assumption != a {
			continue
		}
		ranks = append(ranks, fmt.Sprint(s.Rank))
		switch {
		case math.IsNaN(s.Setting):
		case a == sensitivity.Margin:
			settings = append(settings, wording.Percent(s.Setting))
		default:
			settings = append(settings, fmt.Sprintf("%.3g", s.Setting))
		}
	}
	cell := page.Cell{Text: strings.Join(ranks, " · "), Under: "does not touch it"}
	if len(settings) > 0 {
		cell.Under = strings.Join(settings, " · ") + unitOf[a]
	}
	return cell
}

// unitOf stands after the settings of an assumption.
var unitOf = map[sensitivity.Assumption]string{sensitivity.Content: " kg/kg", sensitivity.Lag: " months"}

// sensitivityOf are the rows of one case, which lie together.
func (v view) sensitivityOf(c cases.Case) []sensitivity.Row {
	for from := range v.Sensitivity {
		if v.Sensitivity[from].CaseID != c.ID {
			continue
		}
		to := from
		for to < len(v.Sensitivity) && v.Sensitivity[to].CaseID == c.ID {
			to++
		}
		return v.Sensitivity[from:to]
	}
	return nil
}

// rankRange says between which ranks a case lies under all assumptions; empty where
// that is not known.
func (v view) rankRange(c cases.Case) string {
	rows := v.sensitivityOf(c)
	if len(rows) == 0 {
		return ""
	}
	least, most := c.Rank, c.Rank
	for _, s := range rows {
		least, most = min(least, s.Rank), max(most, s.Rank)
	}
	if least == most {
		return ", under all assumptions"
	}
	return fmt.Sprintf(", %d–%d under other assumptions", least, most)
}
