package reports

import (
	"io"

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
	Brief(title, text string)
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
	spare   vg.Length // room that the drawings of a dossier leave free
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
	rep := newReport(on, r, figures, o)
	for _, s := range sections() {
		if o.wants(s.name) {
			s.set(rep)
		}
		if s.name == "findings" {
			rep.contentsPage()
		}
	}
	return rep.Write(to)
}

func newReport(on paper, r *reconcile.Result, figures []chart.Chart, o Options) *report {
	rep := &report{view: newView(r, o), paper: on, figures: figures, claims: map[string][]claims.Claim{}}
	if rep.fewPeriods() {
		rep.paired = rep.pairing().of
	}
	for _, c := range r.Claims {
		rep.claims[c.CaseID] = append(rep.claims[c.CaseID], c)
	}
	return rep
}

// contentsPage keeps the room that the chosen sections and figures will need.
func (r *report) contentsPage() {
	entries := 0
	for _, s := range sections() {
		if r.options.wants(s.name) {
			entries += 1 + len(r.figuresIn(s.name))
		}
	}
	r.Contents(entries)
}

// figuresIn are the figures of one section.
func (r *report) figuresIn(section string) (in []chart.Chart) {
	for _, c := range r.figures {
		if c.Section == section {
			in = append(in, c)
		}
	}
	return in
}

// figureTarget is the name under which a figure is linked.
func figureTarget(name string) string { return "figure " + name }

// figure sets one chart.
func (r *report) figure(c chart.Chart) {
	r.Figure(page.Figure{
		Title: c.Title, Subtitle: c.Subtitle, Caption: c.Caption, Absent: c.Absent,
		Width: float64(c.Width), Height: float64(c.Height), Drawing: c, Target: figureTarget(c.Name),
	})
}

// allFigures sets the charts of a section one after the other.
func (r *report) allFigures(section string) {
	for _, c := range r.figuresIn(section) {
		r.figure(c)
	}
}
