package reports

import (
	"fmt"
	"io"

	"counterflow/reconcile"
	"counterflow/reconcile/cases"
	"counterflow/reports/page"
)

// WriteCase writes one case as a PDF of one page: its dossier, and what it does
// not say. known is false where the run has no case of that name.
func WriteCase(to io.Writer, r *reconcile.Result, id string, o Options) (known bool, err error) {
	if err := o.Check(); err != nil {
		return false, err
	}
	o = o.filled()
	o.Pages = []string{"dossiers"} // no other section to lead to
	for _, c := range r.Cases {
		if c.ID == id {
			return true, writeCase(to, r, c, o)
		}
	}
	return false, nil
}

func writeCase(to io.Writer, r *reconcile.Result, c cases.Case, o Options) error {
	about := meta(o)
	about.Title = c.ID + ": " + newView(r, o).codedLane(c)
	rep := newReport(page.New(about), r, nil, o)
	rep.spare = noteRoom
	rep.dossier(c)
	rep.Small(page.Plain("A case is a statistical discrepancy that the tested explanations do not account for: a question to both reporters, not an answer. " +
		"It does not imply errors in the statistics of either economy, and says nothing about who moved goods, or why." + rep.source()))
	return rep.Write(to)
}

// noteRoom is what the note below a dossier takes.
const noteRoom = 42

// source says which run a page comes from.
func (r *report) source() string {
	if r.options.Tables == "" {
		return ""
	}
	return fmt.Sprintf(" Run with the tables %s.", r.options.Tables)
}
