package main

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"counterflow/reconcile"
	"counterflow/reports"
	"counterflow/reports/table"
)

func newReport(c *console) *cobra.Command {
	o := reports.Options{Version: version}
	var also exports
	cmd := &cobra.Command{
		Use:   "report RUN",
		Short: "Make charts, report.pdf and report.html again from a finished run",
		Long: `Reads the tables of a finished run folder and makes again what is drawn from them,
with other choices if you like: report.pdf and report.html, each figure as PNG, as
SVG and as CSV, and the notebooks. The tables stay as they are.

--pages chooses sections of the report, --cases how many cases are listed, each with
a dossier, and --lanes how many lanes get a chart of their own.

` + exitHelp,
		Example: "  counterflow report runs/2026-10 --title 'Critical minerals, October 2026'\n" +
			"  counterflow report runs/2026-10 --pages findings,cases,dossiers --cases 20\n" +
			"  counterflow report runs/2026-10 --dpi 150,300 --sdmx --ro-crate",
		Args: argsExactly(1, "the folder of one run"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := o.Check(); err != nil {
				return &usageError{err}
			}
			return runReport(cmd.Context(), c, args[0], o, also)
		},
	}
	bindDrawing(cmd.Flags(), &o)
	bindExports(cmd.Flags(), &also)
	return cmd
}

// exports are forms of a run that are written on demand only.
type exports struct{ sdmx, crate bool }

func bindExports(flags *pflag.FlagSet, e *exports) {
	flags.BoolVar(&e.sdmx, "sdmx", false, "write the reconciled flows as SDMX-CSV, too: "+table.SDMXName)
	flags.BoolVar(&e.crate, "ro-crate", false, "describe the folder as an RO-Crate, too: "+table.CrateName)
}

// write adds the forms asked for; it is the last step before a folder is
// finished.
func (e exports) write(ctx context.Context, folder *table.Folder, r *reconcile.Result, m table.Manifest) error {
	if e.sdmx {
		if err := table.WriteSDMX(ctx, folder, r); err != nil {
			return err
		}
	}
	if e.crate {
		return folder.WriteCrate(m)
	}
	return nil
}

func bindDrawing(flags *pflag.FlagSet, o *reports.Options) {
	flags.StringVar(&o.Title, "title", o.Title, "title of the report; report keeps that of the run where none is given")
	flags.IntVar(&o.Cases, "cases", o.Cases, "cases listed in the report, each with a dossier, 0 for 200")
	flags.IntVar(&o.Lanes, "lanes", o.Lanes, "lanes with a chart of their own, 0 for 12")
	flags.StringSliceVar(&o.Pages, "pages", o.Pages, "sections of the report, all where none is named: "+strings.Join(reports.Sections(), ", "))
	flags.IntSliceVar(&o.DPI, "dpi", o.DPI, "resolutions of the PNG files, 150 where none is given")
}

func runReport(ctx context.Context, c *console, dir string, o reports.Options, also exports) error {
	manifest, err := table.ReadManifest(dir)
	if err != nil {
		return err
	}
	result, err := table.Load(ctx, dir, table.Options{})
	if err != nil {
		return err
	}
	if o.Title == "" {
		o.Title = manifest.Title
	}
	manifest.Title = o.Title
	folder, err := table.Rework(dir)
	if err != nil {
		return err
	}
	defer folder.Discard()
	if err := draw(c, folder, result, o); err != nil {
		return err
	}
	if err := also.write(ctx, folder, result, manifest); err != nil {
		return err
	}
	if err := folder.Commit(manifest); err != nil {
		return err
	}
	_, err = fmt.Fprintln(c.errOut, filepath.Join(dir, "report.pdf"))
	return err
}

// draw makes charts and reports inside a run folder.
func draw(c *console, folder *table.Folder, r *reconcile.Result, o reports.Options) error {
	bars := progress{console: c}
	defer bars.finish()
	path, err := folder.Path("report.pdf")
	if err != nil {
		return err
	}
	o.Tables = folder.TablesHash()
	_, err = reports.Draw(r, filepath.Dir(path), o, func(done, total int) { bars.show("drawing", int64(done), int64(total)) })
	return err
}
