package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"counterflow/reconcile"
	"counterflow/reconcile/cases"
	"counterflow/reconcile/difference"
	"counterflow/reports"
	"counterflow/reports/table"
)

type runOptions struct {
	settings reconcile.Settings
	config   string
	vault    vaultOptions
	out      string
	since    string
	failOn   int
	dryRun   bool
	asJSON   bool
	drawing  reports.Options
	also     exports
}

func newRun(c *console) *cobra.Command {
	o := runOptions{settings: reconcile.Defaults(), failOn: -1, drawing: reports.Options{Version: version}}
	cmd := &cobra.Command{
		Use:   "run",
		Short: "Reconcile files of declared flows: tables, charts and a report",
		Long: `Reads files of declared flows, pairs exports with partner-country imports, and
writes a run folder: tables as CSV and Parquet, report.pdf and report.html, each
figure as PNG, SVG and CSV, notebooks, CITATION.cff, and run.json, which says what
went in, with which settings, and what came out. The folder appears when it is
complete; a run that is stopped leaves nothing behind.

A setting is taken from a flag, else from the environment (COUNTERFLOW_LIST_Q for
--list-q), else from counterflow.yaml, else from the default shown.

` + exitHelp,
		Example: `  counterflow run --flows comtrade_2025.csv.gz --out runs/2025
  counterflow run --flows x.csv --flows m.csv --events events.csv --memory 2GB --out runs/2026-10
  counterflow run --config counterflow.yaml --out runs/2026-10 --since runs/2026-09 --fail-on 0`,
		Args: argsExactly(0, "no arguments; name files with --flows"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := settleAll(cmd, &o.vault, o.config, &o.settings, o.check); err != nil {
				return err
			}
			return runRun(cmd.Context(), c, o)
		},
	}
	bindSettings(cmd.Flags(), &o.settings)
	bindVault(cmd.Flags(), &o.vault)
	cmd.Flags().StringVar(&o.config, "config", "", "settings file, "+configFile+" where it exists")
	cmd.Flags().StringVar(&o.out, "out", "", "run folder to write (needed)")
	cmd.Flags().StringVar(&o.since, "since", "", "finished run folder; the tables changes and revisions, and the report, say what changed since")
	cmd.Flags().IntVar(&o.failOn, "fail-on", o.failOn, "exit with 4 if more cases than this are found; -1 for never")
	cmd.Flags().BoolVar(&o.dryRun, "dry-run", false, "do all but write")
	cmd.Flags().BoolVar(&o.asJSON, "json", false, "print the summary as JSON")
	bindDrawing(cmd.Flags(), &o.drawing)
	bindExports(cmd.Flags(), &o.also)
	return cmd
}

// check gives the mistakes that lie outside the settings of the engine.
func (o *runOptions) check() []error {
	wrong := checkInputs(&o.settings)
	if o.out == "" && !o.dryRun {
		wrong = append(wrong, errors.New("out: no folder given; name one with --out runs/2026-10"))
	}
	if o.since != "" {
		if _, err := table.ReadManifest(o.since); err != nil {
			wrong = append(wrong, fmt.Errorf("since: %w", err))
		}
	}
	if o.failOn < -1 {
		wrong = append(wrong, fmt.Errorf("fail_on: %d is below -1; give the number of cases that is still fine, or -1 for never", o.failOn))
	}
	return append(wrong, o.drawing.Check())
}

func runRun(ctx context.Context, c *console, o runOptions) error {
	if o.dryRun {
		result, err := compute(ctx, c, o)
		if err != nil {
			return err
		}
		return summarise(c, result, "", o)
	}
	folder, err := table.Create(o.out)
	if err != nil {
		return err
	}
	defer folder.Discard()
	result, err := runInto(ctx, c, folder, o)
	if err != nil {
		return err
	}
	return summarise(c, result, o.out, o)
}

// runInto does the whole job and finishes the run folder.
func runInto(ctx context.Context, c *console, folder *table.Folder, o runOptions) (*reconcile.Result, error) {
	started := time.Now()
	result, err := compute(ctx, c, o)
	if err != nil {
		return nil, err
	}
	if err := table.Write(ctx, folder, result, table.Options{Threads: o.settings.Threads}); err != nil {
		return nil, err
	}
	o.drawing.Threads = o.settings.Threads
	if err := draw(c, folder, result, o.drawing); err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	manifest := table.NewManifest(result, version, started, time.Now())
	manifest.Title = o.drawing.Title
	if err := o.also.write(ctx, folder, result, manifest); err != nil {
		return nil, err
	}
	return result, folder.Commit(manifest)
}

// compute runs the stages with progress on a terminal, and holds the result
// against the earlier run where one is named.
func compute(ctx context.Context, c *console, o runOptions) (*reconcile.Result, error) {
	bars := progress{console: c}
	defer bars.finish()
	result, err := reconcile.Run(ctx, o.settings, reconcile.Hooks{Seconds: stopwatch(), Progress: bars.show})
	if err != nil || o.since == "" {
		return result, err
	}
	earlier, err := loadSide(ctx, o.since)
	if err != nil {
		return nil, err
	}
	levels := difference.Defaults()
	levels.MinimumUSD = o.settings.MinimumUSD
	result.Since, err = difference.Between(earlier, result.Side("", version), levels)
	return result, err
}

// summary is what a run says of itself.
type summary struct {
	Folder   string   `json:"folder,omitempty"`
	Rows     int64    `json:"rows"`
	Kept     int64    `json:"kept"`
	Pairs    int      `json:"pairs"`
	Tested   int      `json:"tested"`
	Cases    int      `json:"cases"`
	Found    int      `json:"found"`
	ByChance float64  `json:"expected_by_chance"`
	Warnings []string `json:"warnings"`

	Since map[difference.Status]int `json:"cases_since,omitempty"` // by what became of them since the run named
}

func summarise(c *console, r *reconcile.Result, folder string, o runOptions) error {
	s := summary{Folder: folder, Pairs: len(r.Pairs), Tested: r.Tested, Cases: len(r.Cases),
		Found: found(r), ByChance: r.ExpectedByChance, Warnings: r.Warnings}
	for _, in := range r.Inputs {
		s.Rows += in.Rows
		s.Kept += in.Kept
	}
	if r.Since != nil {
		s.Since = r.Since.Counts()
	}
	if o.asJSON {
		if err := printJSON(c.out, s); err != nil {
			return err
		}
	} else {
		s.print(c)
	}
	if o.failOn >= 0 && s.Found > o.failOn {
		return &casesError{s.Found, o.failOn}
	}
	return nil
}

// print gives one line, and on a terminal the warnings and what to do next.
func (s *summary) print(c *console) {
	fmt.Fprintf(c.errOut, "%d rows, %d kept, %d pairs, %d tested; %d cases found (about %.1f expected by chance), %d listed",
		s.Rows, s.Kept, s.Pairs, s.Tested, s.Found, s.ByChance, s.Cases)
	if s.Since != nil {
		fmt.Fprintf(c.errOut, "; since then %d new, %d re-rated, %d resolved",
			s.Since[difference.New], s.Since[difference.Rerated], s.Since[difference.Resolved])
	}
	if s.Folder != "" {
		fmt.Fprintf(c.errOut, "; %s", filepath.Join(s.Folder, "report.pdf"))
	}
	fmt.Fprintln(c.errOut)
	if !c.terminal {
		return
	}
	for _, w := range s.Warnings {
		fmt.Fprintln(c.errOut, "note: "+w)
	}
}

// found counts the cases that stand at the false share asked for.
func found(r *reconcile.Result) int {
	n := 0
	for i := range r.Cases {
		if r.Cases[i].Q <= r.Settings.FalseShare && r.Cases[i].Kind != cases.UnitSlip {
			n++
		}
	}
	return n
}

func printJSON(to io.Writer, v any) error {
	encoder := json.NewEncoder(to)
	encoder.SetIndent("", "  ")
	return encoder.Encode(v)
}
