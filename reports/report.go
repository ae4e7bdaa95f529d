package reports

import (
	"io"
	"slices"

	"counterflow/reconcile"
	"counterflow/reports/chart"
	"counterflow/reports/page"
)

// report is the PDF in the making.
type report struct {
	view
	*page.Document
	figures []chart.Chart
	paired  map[string]bool // cases in the chart of paired declarations
}

// sections are the parts of the PDF, in their order. A later part is a line
// here and a method beside it.
var sections = []struct {
	name string
	set  func(*report)
}{
	{"findings", (*report).findings},
	{"contents", (*report).contentsPage},
	{"cases", (*report).caseTable},
	{"charts", (*report).charts},
	{"quality", (*report).quality},
	{"method", (*report).method},
}

// writeReport makes the PDF of a run.
func writeReport(to io.Writer, r *reconcile.Result, figures []chart.Chart, o Options) error {
	rep := &report{view: newView(r, o), figures: figures}
	if rep.fewPeriods() {
		rep.paired = rep.pairing().of
	}
	rep.Document = page.New(page.Meta{
		Title:    o.Title,
		Subject:  "Statistical discrepancies between declared exports and partner-country imports",
		Keywords: "trade statistics, mirror data, reconciliation",
		Creator:  "Counterflow " + o.Version,
		Date:     o.Created,
	})
	for _, s := range sections {
		if s.name == "contents" || o.wants(s.name) {
			s.set(rep)
		}
	}
	return rep.Write(to)
}

// contentsPage keeps the room that the chosen sections and figures will need.
func (r *report) contentsPage() {
	entries := len(Sections()) + 1
	if r.options.wants("charts") {
		entries += len(r.figures)
	}
	r.Contents(entries)
}

// figureTarget is the name under which a figure is linked.
func figureTarget(name string) string { return "figure " + name }

// charts sets all figures. One that does not fit on what is left of a page lets
// the next that does go first, so that no page is left half empty.
func (r *report) charts() {
	r.Section("Charts")
	var waiting []page.Figure
	for _, c := range r.figures {
		waiting = append(waiting, page.Figure{
			Title: c.Title, Subtitle: c.Subtitle, Caption: c.Caption, Absent: c.Absent,
			Width: float64(c.Width), Height: float64(c.Height), Drawing: c, Target: figureTarget(c.Name),
		})
	}
	for len(waiting) > 0 {
		next := max(0, slices.IndexFunc(waiting, r.Fits))
		r.Figure(waiting[next])
		waiting = slices.Delete(waiting, next, next+1)
	}
}
