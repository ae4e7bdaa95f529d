package reports

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"counterflow/data"
	"counterflow/data/source"
	"counterflow/reconcile/mirror"
	"counterflow/reports/chart"
	"counterflow/reports/page"
	"counterflow/reports/wording"
)

// notesTarget is where all notes stand.
const notesTarget = "all notes"

// quality says what was read, what was refused, and how well both sides are
// covered.
func (r *report) quality() {
	r.Section("Data quality")
	r.notes()
	r.inputs()
	r.refusals()
	r.samples()
	r.states()
	r.silent()
	r.allFigures("quality")
}

func (v view) qualityFigures() []chart.Chart { return []chart.Chart{v.availability()} }

// notes are the warnings of the run; page one has those that fit there.
func (r *report) notes() {
	if len(r.Warnings) == 0 {
		return
	}
	r.Heading("Notes")
	r.Target(notesTarget)
	for i, warning := range r.Warnings {
		r.Item(fmt.Sprint(i+1), page.Plain(warning))
	}
}

func (r *report) inputs() {
	if len(r.Inputs) == 0 {
		r.Text(page.Plain("No file was read."))
		return
	}
	t := page.Table{Title: "Files read", Columns: []page.Column{
		{Head: "File", Width: 0.40}, {Head: "Layout", Width: 0.15},
		{Head: "Rows read", Width: 0.15, Right: true}, {Head: "Kept", Width: 0.15, Right: true}, {Head: "Refused", Width: 0.15, Right: true},
	}}
	for _, in := range r.Inputs {
		cells := page.Cells(in.File, strings.ReplaceAll(in.Format, "_", " "), wording.Count(in.Rows), wording.Count(in.Kept), wording.Count(in.Rows-in.Kept))
		if len(in.SHA256) >= 12 {
			cells[0].Under = "SHA-256 " + in.SHA256[:12] + "…"
		}
		t.Rows = append(t.Rows, cells)
	}
	r.Table(t)
}

// refusals counts the refused rows of all files by reason.
func (r *report) refusals() {
	count := map[source.Reason]int64{}
	total, rows := int64(0), int64(0)
	for _, in := range r.Inputs {
		rows += in.Rows
		for reason, n := range in.Refused {
			count[reason] += n
			total += n
		}
	}
	if total == 0 {
		r.Text(page.Plain("No row was refused."))
		return
	}
	reasons := make([]source.Reason, 0, len(count))
	for reason, n := range count {
		if n > 0 {
			reasons = append(reasons, reason)
		}
	}
	slices.SortFunc(reasons, func(a, b source.Reason) int { return cmp.Or(cmp.Compare(count[b], count[a]), cmp.Compare(a, b)) })
	t := page.Table{Title: "Rows refused, by reason", Columns: []page.Column{
		{Head: "Reason", Width: 0.24}, {Head: "What it means", Width: 0.46},
		{Head: "Rows", Width: 0.15, Right: true}, {Head: "Of all rows", Width: 0.15, Right: true},
	}}
	for _, reason := range reasons {
		t.Rows = append(t.Rows, page.Cells(strings.ReplaceAll(string(reason), "_", " "), wording.Refusal(reason),
			wording.Count(count[reason]), wording.Percent(float64(count[reason])/float64(rows))))
	}
	r.Table(t)
}

// samplesMost is how many refused rows are shown as examples.
const samplesMost = 6

func (r *report) samples() {
	if len(r.Rejects) == 0 {
		return
	}
	t := page.Table{Title: "Examples of refused rows", Columns: []page.Column{
		{Head: "File and line", Width: 0.28}, {Head: "Reason", Width: 0.17}, {Head: "Column and value", Width: 0.22}, {Head: "How to mend it", Width: 0.33},
	}}
	for _, reject := range r.Rejects[:min(samplesMost, len(r.Rejects))] {
		where := reject.File
		if reject.Line > 0 {
			where += ", line " + wording.Count(reject.Line)
		}
		t.Rows = append(t.Rows, []page.Cell{
			{Text: where}, {Text: strings.ReplaceAll(string(reject.Reason), "_", " ")},
			{Text: reject.Value, Under: reject.Column}, {Text: reject.Hint},
		})
	}
	r.Table(t)
	if len(r.Rejects) > samplesMost {
		r.Small(page.Plain(fmt.Sprintf("%d of %d examples; tables/rejects.csv has them all.", samplesMost, len(r.Rejects))))
	}
}

// states counts the pairs by which sides spoke.
func (r *report) states() {
	if len(r.Pairs) == 0 {
		return
	}
	words := []string{
		mirror.Both:           "both sides declared the corridor",
		mirror.ExportOnly:     "only the exporter declared it; the importer reported the period",
		mirror.ImportOnly:     "only the importer declared it; the exporter reported the period",
		mirror.ExporterSilent: "the exporter published nothing for the period",
		mirror.ImporterSilent: "the importer published nothing for the period",
	}
	count := make([]int64, len(words))
	imputed := int64(0)
	for i := range r.Pairs {
		count[r.Pairs[i].State]++
		if r.Pairs[i].Notes.Has(mirror.ImputedMirror) {
			imputed++
		}
	}
	t := page.Table{Title: "Pairs of declarations", Columns: []page.Column{{Head: "Which sides spoke", Width: 0.6}, {Head: "Pairs", Width: 0.2, Right: true}, {Head: "Share", Width: 0.2, Right: true}}}
	for state, n := range count {
		t.Rows = append(t.Rows, page.Cells(words[state], wording.Count(n), wording.Percent(float64(n)/float64(len(r.Pairs)))))
	}
	r.Table(t)
	if imputed > 0 {
		r.Small(page.Plain(fmt.Sprintf("%s have amounts that are copies of each other (a ratio of 1 or 1.06 to four digits). They are no second witness and enter no test.",
			wording.Plural(imputed, "pair", "pairs"))))
	}
}

// silentMost is how many economies with gaps are listed.
const silentMost = 20

// silent lists the economies that missed most periods.
func (r *report) silent() {
	type gaps struct {
		economy       data.Economy
		missed, asked [2]int
	}
	byEconomy := map[data.Economy]*gaps{}
	var all []*gaps
	for _, c := range r.Coverage {
		g := byEconomy[c.Economy]
		if g == nil {
			g = &gaps{economy: c.Economy}
			byEconomy[c.Economy], all = g, append(all, g)
		}
		side := 0
		if c.Direction == data.Import {
			side = 1
		}
		g.asked[side]++
		if c.Presence == mirror.Silent {
			g.missed[side]++
		}
	}
	all = slices.DeleteFunc(all, func(g *gaps) bool { return g.missed[0]+g.missed[1] == 0 })
	slices.SortStableFunc(all, func(a, b *gaps) int { return cmp.Compare(b.missed[0]+b.missed[1], a.missed[0]+a.missed[1]) })
	if len(all) == 0 {
		return
	}
	t := page.Table{Title: "Economies with periods missing", Columns: []page.Column{
		{Head: "Economy", Width: 0.4}, {Head: "Export reports missing", Width: 0.3, Right: true}, {Head: "Import reports missing", Width: 0.3, Right: true},
	}}
	for _, g := range all[:min(silentMost, len(all))] {
		t.Rows = append(t.Rows, page.Cells(r.options.coded(g.economy),
			fmt.Sprintf("%d of %d", g.missed[0], g.asked[0]), fmt.Sprintf("%d of %d", g.missed[1], g.asked[1])))
	}
	r.Table(t)
	if len(all) > silentMost {
		r.Small(page.Plain(fmt.Sprintf("%d of %d economies with gaps; tables/coverage.csv has them all.", silentMost, len(all))))
	}
}
