package main

import (
	"context"
	"fmt"
	"path/filepath"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"counterflow/reconcile"
	"counterflow/reports"
	"counterflow/reports/table"
)

func newReport(c *console) *cobra.Command {
	o := reports.Options{Version: version}
	cmd := &cobra.Command{
		Use:   "report RUN",
		Short: "Make the charts and the PDF again from a finished run",
		Long: `Reads the tables of a finished run folder and makes its charts and report.pdf
again, with other choices if you like. The tables stay as they are.

` + exitHelp,
		Example: "  counterflow report runs/2026-10 --title 'Critical minerals, October 2026'",
		Args:    argsExactly(1, "the folder of one run"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := o.Check(); err != nil {
				return &usageError{err}
			}
			return runReport(cmd.Context(), c, args[0], o)
		},
	}
	bindDrawing(cmd.Flags(), &o)
	return cmd
}

func bindDrawing(flags *pflag.FlagSet, o *reports.Options) {
	flags.StringVar(&o.Title, "title", o.Title, "title of the report")
	flags.IntVar(&o.Cases, "cases", o.Cases, "cases listed in the report, 0 for the usual number")
	flags.IntVar(&o.Lanes, "lanes", o.Lanes, "lanes with a chart of their own, 0 for the usual number")
	flags.StringSliceVar(&o.Pages, "pages", o.Pages, "sections of the report, all where none is named")
	flags.IntSliceVar(&o.DPI, "dpi", o.DPI, "resolutions of the PNG files, 150 where none is given")
}

func runReport(ctx context.Context, c *console, dir string, o reports.Options) error {
	manifest, err := table.ReadManifest(dir)
	if err != nil {
		return err
	}
	result, err := table.Load(ctx, dir, table.Options{})
	if err != nil {
		return err
	}
	folder, err := table.Rework(dir)
	if err != nil {
		return err
	}
	defer folder.Discard()
	if err := draw(c, folder, result, o); err != nil {
		return err
	}
	if err := folder.Commit(manifest); err != nil {
		return err
	}
	_, err = fmt.Fprintln(c.errOut, filepath.Join(dir, "report.pdf"))
	return err
}

// draw makes charts and report.pdf inside a run folder.
func draw(c *console, folder *table.Folder, r *reconcile.Result, o reports.Options) error {
	bars := progress{console: c}
	defer bars.finish()
	path, err := folder.Path("report.pdf")
	if err != nil {
		return err
	}
	_, err = reports.Draw(r, filepath.Dir(path), o, func(done, total int) { bars.show("drawing", int64(done), int64(total)) })
	return err
}
