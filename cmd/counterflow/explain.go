package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"counterflow/data/source"
	"counterflow/reconcile"
	"counterflow/reports"
	"counterflow/reports/explain"
	"counterflow/reports/table"
)

type explainOptions struct {
	run    string
	rows   int
	asJSON bool
	pdf    string
}

func newExplain(c *console) *cobra.Command {
	o := explainOptions{rows: 40}
	cmd := &cobra.Command{
		Use:   "explain CASE",
		Short: "Everything about one case, down to the rows of the input",
		Long: `Prints what both sides declare, the explanations that were tried with the part of
the gap that each accounts for, what would change the view, the next check, and
the rows of the input files by file and line, if the files are still where they
were. Any figure can be recomputed from those rows. With --pdf it writes the case as
one page for others to read, instead.

` + exitHelp,
		Example: "  counterflow explain C0001 --run runs/2026-10\n  counterflow explain C0001 --run runs/2026-10 --json\n  counterflow explain C0001 --run runs/2026-10 --pdf C0001.pdf",
		Args:    argsExactly(1, "the name of one case, such as C0001"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return runExplain(cmd.Context(), c, o, args[0])
		},
	}
	cmd.Flags().StringVar(&o.run, "run", "", "folder of the run (needed)")
	cmd.Flags().IntVar(&o.rows, "rows", o.rows, "rows of the input to list, 0 for none")
	cmd.Flags().BoolVar(&o.asJSON, "json", false, "print JSON")
	cmd.Flags().StringVar(&o.pdf, "pdf", "", "write the case as a PDF of one page to this file, and print nothing")
	return cmd
}

func runExplain(ctx context.Context, c *console, o explainOptions, id string) error {
	if o.run == "" {
		return usagef("run: no folder given; name the run with --run runs/2026-10")
	}
	if o.pdf != "" && o.asJSON {
		return usagef("pdf, json: choose one; --pdf prints nothing")
	}
	result, err := table.Load(ctx, o.run, table.Options{})
	if err != nil {
		return err
	}
	if o.pdf != "" {
		return explainOnPage(result, o, id)
	}
	e, ok := explain.Of(result, id)
	if !ok {
		return usagef("no case %s in %s; its table of cases lists them", id, o.run)
	}
	if o.rows > 0 {
		if err := trace(ctx, c, e, result.Settings, o.rows); err != nil {
			return err
		}
	}
	if o.asJSON {
		return printJSON(c.out, e.JSON())
	}
	_, err = fmt.Fprint(c.out, e.Text())
	return err
}

// explainOnPage writes the case as a PDF. Nothing is written where that fails.
func explainOnPage(result *reconcile.Result, o explainOptions, id string) error {
	manifest, err := table.ReadManifest(o.run)
	if err != nil {
		return err
	}
	var pdf bytes.Buffer
	known, err := reports.WriteCase(&pdf, result, id, reports.Options{Version: version, Tables: manifest.Tables})
	switch {
	case err != nil:
		return err
	case !known:
		return usagef("no case %s in %s; its table of cases lists them", id, o.run)
	}
	return os.WriteFile(o.pdf, pdf.Bytes(), 0o644)
}

// trace reads the input again for the rows of the case. Files that have moved are
// said to have, and the rest stands.
func trace(ctx context.Context, c *console, e *explain.Explanation, s reconcile.Settings, rows int) error {
	for _, file := range s.Inputs() {
		if _, err := os.Stat(file); errors.Is(err, os.ErrNotExist) {
			fmt.Fprintf(c.errOut, "note: %s is no longer there; rows are not listed\n", file)
			return nil
		}
	}
	reading, _, err := s.Reading()
	if err != nil {
		return err
	}
	found, err := source.Locate(ctx, s.Flows, reading, e.Wanted(s.Digits))
	if err != nil {
		return err
	}
	e.Trace(found, rows)
	return nil
}
