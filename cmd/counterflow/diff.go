package main

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"counterflow/data"
	"counterflow/reconcile/cases"
	"counterflow/reconcile/difference"
	"counterflow/reports/table"
)

type diffOptions struct {
	levels difference.Options
	limit  int
	asJSON bool
}

func newDiff(c *console) *cobra.Command {
	o := diffOptions{levels: difference.Defaults(), limit: 20}
	cmd := &cobra.Command{
		Use:   "diff RUN_A RUN_B",
		Short: "Say what changed from one finished run to a later one",
		Long: `Lays two run folders beside each other: which cases are new, persisting, resolved
or re-rated, what the reporters restated since, which late reporters arrived, and
which settings differ. Two cases are the same where kind, goods, economies and at
least one month of the window agree; the identifiers of cases play no part.

Beside each change stand the causes that the data allow: new_periods, left_periods,
late_reports, revisions (on the lanes of that case), settings, version, or elsewhere
where nothing on its own lanes changed. Several causes together cannot be told apart
from two runs; a third run with only one of them changed would.

` + exitHelp,
		Example: "  counterflow diff runs/2026-09 runs/2026-10\n  counterflow diff runs/2026-09 runs/2026-10 --level 0.25 --json",
		Args:    argsExactly(2, "the folders of two runs, the earlier first"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return runDiff(cmd.Context(), c, o, args[0], args[1])
		},
	}
	cmd.Flags().Float64Var(&o.levels.Level, "level", o.levels.Level, "smallest relative revision that is listed, 0 to 1")
	cmd.Flags().Float64Var(&o.levels.MinimumUSD, "minimum-usd", o.levels.MinimumUSD, "smallest value, then or now, of a corridor whose revisions are listed")
	cmd.Flags().IntVar(&o.limit, "limit", o.limit, "rows shown of each list, 0 for all; JSON has all")
	cmd.Flags().BoolVar(&o.asJSON, "json", false, "print JSON")
	return cmd
}

func runDiff(ctx context.Context, c *console, o diffOptions, dirA, dirB string) error {
	if err := o.levels.Check(); err != nil {
		return &usageError{err}
	}
	if o.limit < 0 {
		return usagef("limit: %d is negative; give 0 for all", o.limit)
	}
	var runs [2]difference.Run
	for i, dir := range []string{dirA, dirB} {
		var err error
		if runs[i], err = loadSide(ctx, dir); err != nil {
			return err
		}
	}
	d, err := difference.Between(runs[0], runs[1], o.levels)
	if err != nil {
		return err
	}
	if o.asJSON {
		return printJSON(c.out, diffView(d))
	}
	p := diffPrinter{to: c.out, limit: o.limit}
	p.print(d)
	return p.err
}

// loadSide reads a run folder as one side of a comparison.
func loadSide(ctx context.Context, dir string) (difference.Run, error) {
	manifest, err := table.ReadManifest(dir)
	if err != nil {
		return difference.Run{}, err
	}
	result, err := table.Load(ctx, dir, table.Options{})
	if err != nil {
		return difference.Run{}, err
	}
	name, err := filepath.Abs(dir)
	return result.Side(filepath.Base(name), manifest.Version), err
}

// diffPrinter writes a difference as tables of text.
type diffPrinter struct {
	to    io.Writer
	limit int
	err   error
}

func (p *diffPrinter) print(d *difference.Difference) {
	p.line("cases: %d new, %d re-rated, %d resolved, %d persisting", d.Count(difference.New), d.Count(difference.Rerated),
		d.Count(difference.Resolved), d.Count(difference.Persisting))
	p.causes(d.CausesCounted())
	p.line("amounts: %d compared, %d restated (%d not stated before, %d not stated now), %d of them at or above the level",
		d.Compared, d.Restated, d.Added, d.Withdrawn, len(d.Revisions))
	p.periods("new periods", d.NewPeriods)
	p.periods("periods no longer there", d.LeftPeriods)
	for _, s := range d.Settings {
		p.line("setting %s: %s, now %s", s.Name, s.Before, s.After)
	}
	for _, w := range d.Warnings {
		p.line("note: %s", w)
	}
	p.changes(d.Changes)
	p.arrivals("late reports that arrived", d.Arrived)
	p.arrivals("reports that are gone", d.Left)
	p.revisions(d.Revisions)
}

// causes says beside how many changed cases each cause stands.
func (p *diffPrinter) causes(counts map[difference.Cause]int) {
	var parts []string
	for _, c := range difference.Causes {
		if n := counts[c]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, c))
		}
	}
	if len(parts) > 0 {
		p.line("causes of the changes, several of them possible beside one: %s", strings.Join(parts, ", "))
	}
}

func (p *diffPrinter) line(format string, args ...any) {
	if _, err := fmt.Fprintf(p.to, format+"\n", args...); p.err == nil {
		p.err = err
	}
}

func (p *diffPrinter) periods(what string, periods []data.Period) {
	if n := len(periods); n > 0 {
		p.line("%s: %d, %s to %s", what, n, periods[0], periods[n-1])
	}
}

// list writes a heading, and rows in columns up to the limit.
func (p *diffPrinter) list(what, header string, rows int, row func(i int) string) {
	if rows == 0 {
		return
	}
	p.line("\n%s", what)
	columns := tabwriter.NewWriter(p.to, 0, 0, 2, ' ', 0)
	fmt.Fprintln(columns, header)
	shown := rows
	if p.limit > 0 {
		shown = min(rows, p.limit)
	}
	for i := range shown {
		fmt.Fprintln(columns, row(i))
	}
	if err := columns.Flush(); p.err == nil {
		p.err = err
	}
	if shown < rows {
		p.line("  and %d more; --limit 0 shows all", rows-shown)
	}
}

func (p *diffPrinter) changes(all []difference.Change) {
	for _, status := range difference.Statuses {
		var some []*difference.Change
		for i := range all {
			if all[i].Status == status {
				some = append(some, &all[i])
			}
		}
		heading := strings.ReplaceAll(string(status), "_", "-") + " cases"
		p.list(heading, "  rank\tkind\tcommodity\tlane\twindow\texcess kg\tq\tcauses", len(some), func(i int) string {
			c := some[i].Case()
			return fmt.Sprintf("  %d\t%s\t%s\t%s\t%s to %s\t%s\t%.3g\t%s", c.Rank, kindOf(some[i]), c.Goods, laneText(c),
				c.Start, c.End, dash(c.ExcessKg.Text()), c.Q, causesText(some[i]))
		})
	}
}

func kindOf(c *difference.Change) string {
	if c.Before != nil && c.After != nil && c.Before.Kind != c.After.Kind {
		return fmt.Sprintf("%s, was %s", c.After.Kind, c.Before.Kind)
	}
	return string(c.Case().Kind)
}

func laneText(c *cases.Case) string {
	lane := dash(c.Exporter.String()) + " to " + c.Importer.String()
	if c.Via != 0 {
		lane += " via " + c.Via.String()
	}
	return lane
}

func causesText(c *difference.Change) string {
	if len(c.Causes) == 0 {
		return "-"
	}
	text := joinWords(c.Causes)
	if len(c.Ratings) > 0 {
		text = joinWords(c.Ratings) + ": " + text
	}
	if c.Revised > 0 {
		text += fmt.Sprintf(" (%d amounts restated)", c.Revised)
	}
	return text
}

func (p *diffPrinter) arrivals(what string, list []difference.Arrival) {
	p.list(what, "  economy\tflow\tperiod\trows\tUSD", len(list), func(i int) string {
		a := &list[i]
		return fmt.Sprintf("  %s\t%s\t%s\t%d\t%s", a.Economy, a.Direction, a.Period, a.Rows, dash(a.Value.Text()))
	})
}

func (p *diffPrinter) revisions(list []difference.Revision) {
	p.list("revisions", "  reporter\tflow\tcommodity\tlane\tperiod\tkg before\tkg now\tUSD before\tUSD now", len(list), func(i int) string {
		r := &list[i]
		return fmt.Sprintf("  %s\t%s\t%s\t%s to %s\t%s\t%s\t%s\t%s\t%s", r.Reporter(), r.Direction, r.Commodity, r.Exporter, r.Importer, r.Period,
			dash(r.KgBefore.Text()), dash(r.KgAfter.Text()), dash(r.Before.Text()), dash(r.After.Text()))
	})
}

func dash(text string) string {
	if text == "" {
		return "-"
	}
	return text
}

func joinWords[T ~string](words []T) string {
	texts := make([]string, len(words))
	for i, w := range words {
		texts[i] = string(w)
	}
	return strings.Join(texts, ", ")
}
