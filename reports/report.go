package reports

import (
	"io"
	"slices"

	"gonum.org/v1/plot/vg"

	"counterflow/reconcile"
	"counterflow/reconcile/claims"
	"counterflow/reports/chart"
	"counterflow/reports/page"
	"counterflow/reports/web"
)

// paper is what a report is set on, in the order of reading: the pages of a PDF
// or a page of HTML.
type paper interface {
	Title(title string, under ...string)
	Tiles([]page.Tile)
	Section(title string)
	Part(title, target string)
	Heading(title string)
	Text(...page.Span)
	Small(...page.Span)
	Item(mark string, spans ...page.Span)
	Notes(notes []string, all string)
	Table(page.Table)
	Figure(page.Figure)
	Target(name string)
	Contents(entries int)
	Write(io.Writer) error
}

// report is the PDF or the HTML in the making.
type report struct {
	view
	paper
	figures []chart.Chart
	paired  map[string]bool // cases in the chart of paired declarations
	claims  map[string][]claims.Claim
}

// sections are the parts of the report, in their order. A later part is a line
// here and a method beside it.
var sections = []struct {
	name string
	set  func(*report)
}{
	{"findings", (*report).findings},
	{"contents", (*report).contentsPage},
	{"scoreboard", (*report).scoreboard},
	{"cases", (*report).caseTable},
	{"charts", (*report).charts},
	{"dossiers", (*report).dossiers},
	{"quality", (*report).quality},
	{"method", (*report).method},
	{"glossary", (*report).glossary},
}

// writeReport makes the PDF of a run.
func writeReport(to io.Writer, r *reconcile.Result, figures []chart.Chart, o Options) error {
	return setReport(to, page.New(meta(o)), r, figures, o)
}

// writePage makes the same report as one HTML file.
func writePage(to io.Writer, r *reconcile.Result, figures []chart.Chart, o Options) error {
	return setReport(to, web.New(meta(o)), r, figures, o)
}

func meta(o Options) page.Meta {
	return page.Meta{
		Title:    o.Title,
		Subject:  "Statistical discrepancies between declared exports and partner-country imports",
		Keywords: "trade statistics, mirror data, reconciliation",
		Creator:  "Counterflow " + o.Version,
		Date:     o.Created,
	}
}

func setReport(to io.Writer, on paper, r *reconcile.Result, figures []chart.Chart, o Options) error {
	rep := &report{view: newView(r, o), paper: on, figures: figures, claims: map[string][]claims.Claim{}}
	if rep.fewPeriods() {
		rep.paired = rep.pairing().of
	}
	for _, c := range r.Claims {
		rep.claims[c.CaseID] = append(rep.claims[c.CaseID], c)
	}
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

// charts sets all figures. One that does not fit on what is left of a page of the
// PDF lets the next that does go first, so that no page is left half empty. That
// is tried on pages without drawings, so that a figure has the same number in the
// PDF and in the HTML.
func (r *report) charts() {
	r.Section("Charts")
	var waiting []page.Figure
	for _, c := range r.figures {
		waiting = append(waiting, page.Figure{
			Title: c.Title, Subtitle: c.Subtitle, Caption: c.Caption, Absent: c.Absent,
			Width: float64(c.Width), Height: float64(c.Height), Drawing: c, Target: figureTarget(c.Name),
		})
	}
	trial := page.New(page.Meta{})
	trial.Section("Charts")
	for len(waiting) > 0 {
		next := max(0, slices.IndexFunc(waiting, trial.Fits))
		r.Figure(waiting[next])
		blank := waiting[next]
		blank.Drawing = nothing{}
		trial.Figure(blank)
		waiting = slices.Delete(waiting, next, next+1)
	}
}

// nothing is a drawing without marks.
type nothing struct{}

func (nothing) Draw(vg.Canvas) {}
