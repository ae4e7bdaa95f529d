package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/spf13/cobra"

	"counterflow/data"
	"counterflow/reconcile"
	"counterflow/reconcile/evaluate"
	"counterflow/reconcile/replay"
)

type replayOptions struct {
	settings reconcile.Settings
	config   string
	vault    vaultOptions
	from, to string
	truth    string
	out      string
	asJSON   bool

	span reconcile.Span
}

func newReplay(c *console) *cobra.Command {
	o := replayOptions{settings: reconcile.Defaults()}
	cmd := &cobra.Command{
		Use:   "replay",
		Short: "Run at the end of each month, and say when each case was first listed",
		Long: `Runs month by month on the data up to the end of each month, with the inputs and
settings of run, and writes one row for each distinct case: when it was first
listed, how long after its start, how often, and whether it still stands. Then it
counts the cases that were listed within three months of their start, and those
that were dropped again; unit slips, which a run mends, are counted apart.

Two cases of different months are the same where kind, goods and economies agree
and the window shares a month with that of the case as last listed; of several the
one that shares most. A case that is away for months and comes back is the same.
Its start is the earliest that any month gave, so that no delay looks shorter than
it was. Cases listed in the first month may have been listed before; they are
marked, and count in no share of how soon cases are listed.

A month knows the flows, balances, consignments and announced events of periods up
to it, as they stand in the files now: what was restated or came late is not
replayed. With --vault each month reads what was published by its last day, and
every calendar month is run. What --learn-factors and --learn-concordance learn
comes from all that is in the files. Annual data are run once for each year.

The files are read once (with --vault whenever a vintage is added), and each month
takes as long as a run after its reading, without tables, charts and report.

With --truth it says when each visible planted case of a simulated world was first
found, by the rules of counterflow evaluate, on the part of its window that had
passed by then.

Columns, empty for none:
` + replayColumns() + `
` + exitHelp,
		Example: `  counterflow replay --flows flows.csv.gz --balances balances.csv --out replay.csv
  counterflow replay --config counterflow.yaml --from 2025-01 --to 2025-12 --json
  counterflow replay --vault vault --from 2025-01 --out replay.csv`,
		Args: argsExactly(0, "no arguments; name files with --flows"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := settleAll(cmd, &o.vault, o.config, &o.settings, o.check); err != nil {
				return err
			}
			return runReplay(cmd.Context(), c, o)
		},
	}
	bindSettings(cmd.Flags(), &o.settings)
	bindVault(cmd.Flags(), &o.vault)
	cmd.Flags().StringVar(&o.config, "config", "", "settings file, "+configFile+" where it exists")
	cmd.Flags().StringVar(&o.from, "from", "", "first `MONTH` to run at the end of, YYYY-MM; twelve in all where not given")
	cmd.Flags().StringVar(&o.to, "to", "", "last `MONTH` to run at the end of, YYYY-MM; the last of the data where not given")
	cmd.Flags().StringVar(&o.truth, "truth", "", "truth.csv of the simulated world that is run on")
	cmd.Flags().StringVar(&o.out, "out", "", "file to write; standard output where not given")
	cmd.Flags().BoolVar(&o.asJSON, "json", false, "write JSON: cases, planted cases and counts")
	return cmd
}

// replayColumns lists the columns of the table.
func replayColumns() string {
	text := ""
	for _, column := range replay.Columns {
		if text += "  " + column.Name; column.About != "" {
			text += ": " + column.About
		}
		text += "\n"
	}
	return text
}

// check gives the mistakes that lie outside the settings of the engine, and makes
// the span of months ready.
func (o *replayOptions) check() []error {
	wrong := append(checkInputs(&o.settings), checkFiles("truth", o.truth)...)
	month := func(flag, text string) data.Period {
		if text == "" {
			return 0
		}
		p, err := data.ParsePeriod(text)
		if err != nil || !p.Monthly() {
			wrong = append(wrong, fmt.Errorf("%s: %q is no month; write YYYY-MM", flag, text))
			return 0
		}
		return p
	}
	o.span.From, o.span.To = month("from", o.from), month("to", o.to)
	if o.span.From != 0 && o.span.To != 0 && o.span.From > o.span.To {
		wrong = append(wrong, fmt.Errorf("from, to: %s is after %s; give the earlier month first", o.from, o.to))
	}
	if info, err := os.Stat(o.out); err == nil && info.IsDir() {
		wrong = append(wrong, fmt.Errorf("out: %s is a folder; name a file in it", o.out))
	}
	if o.vault.dir != "" && len(wrong) == 0 {
		wrong = append(wrong, o.asPublished())
	}
	return wrong
}

// asPublished takes the flows of each month from the vault as it stood on the last
// day of the month, or on the day that the whole is to be seen from. Months after that
// day would all be the same, and are left out.
func (o *replayOptions) asPublished() error {
	day, _ := time.Parse(time.DateOnly, o.vault.asOf) // a wrong day was refused before
	this, _ := data.Month(day.Year(), int(day.Month()))
	if o.span.From > this {
		return fmt.Errorf("from: %s is after %s, as of which the vault is read; give an earlier month", o.span.From, o.vault.asOf)
	}
	o.span.To = min(cmp.Or(o.span.To, this), this)
	o.span.From = cmp.Or(o.span.From, o.span.To.Add(-11))
	o.span.Flows = func(month data.Period) ([]string, error) {
		last := time.Date(month.Year(), time.Month(month.Month())+1, 0, 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
		return o.vault.flows(min(last, o.vault.asOf))
	}
	return nil
}

func runReplay(ctx context.Context, c *console, o replayOptions) error {
	var table *replay.Table
	write := func(to io.Writer) (err error) {
		if table, err = computeReplay(ctx, c, o); err != nil {
			return err
		}
		if o.asJSON {
			return printJSON(to, table)
		}
		return table.WriteCSV(to)
	}
	var err error
	if o.out == "" {
		err = write(c.out)
	} else {
		// The draft is begun first: a folder that cannot be written to is found before
		// hours of running.
		err = writeWhole(o.out, write)
	}
	if err != nil || o.asJSON {
		return err
	}
	return summariseReplay(c, table)
}

// computeReplay runs all months with progress on a terminal.
func computeReplay(ctx context.Context, c *console, o replayOptions) (*replay.Table, error) {
	var truth *evaluate.Truth
	if o.truth != "" {
		var err error
		if truth, err = evaluate.ReadTruth(o.truth); err != nil {
			return nil, err
		}
	}
	bars := progress{console: c}
	defer bars.finish()
	table, err := replay.Run(ctx, o.settings, o.span, truth, reconcile.Hooks{Seconds: stopwatch(), Progress: bars.show})
	if errors.Is(err, reconcile.ErrNoMonths) {
		return nil, &usageError{fmt.Errorf("from, to: %w", err)}
	}
	return table, err
}

// summariseReplay prints the counts, by kind where there are several.
func summariseReplay(c *console, t *replay.Table) error {
	p := diffPrinter{to: c.errOut}
	s := t.Summary
	p.line("%d months, %s to %s: %d cases listed, %d found; of %d first listed after the first month %s within three months of their start; of %d older than the last month %s dropped again",
		len(t.Months), t.Months[0], t.Months[len(t.Months)-1], s.Cases, s.Found,
		s.Timed, countShare(s.ListedSoon, s.Timed), s.Old, countShare(s.Dropped, s.Old))
	if s := t.PlantedSummary; s != nil {
		p.line("planted: %d visible, %d found; of %d that began in these months %s within three months of their start",
			s.Visible, s.Found, s.Timed, countShare(s.Soon, s.Timed))
	}
	p.list("by kind", "  kind\tcases\tfound\tlisted soon\tfound soon\tdropped", len(t.ByKind), func(i int) string {
		k := &t.ByKind[i]
		return fmt.Sprintf("  %s\t%d\t%d\t%d of %d\t%d of %d\t%d of %d", k.Name, k.Cases, k.Found, k.ListedSoon, k.Timed, k.FoundSoon, k.Timed, k.Dropped, k.Old)
	})
	p.list("planted cases", "  id\tcommodity\tlane\twindow\tfirst found\tmonths\tas\tstands", len(t.Planted), func(i int) string {
		f := &t.Planted[i]
		months := f.FoundAfter.Text()
		if f.UnderWay && months != "" {
			months = "under way"
		}
		return fmt.Sprintf("  %s\t%s\t%s\t%s to %s\t%s\t%s\t%s\t%t", f.ID, f.Commodity, plantedLane(f), f.Start, f.End,
			dash(f.FirstFound.String()), dash(months), dash(f.As), f.Stands)
	})
	return p.err
}

func plantedLane(f *replay.Planted) string {
	lane := dash(f.Exporter.String()) + " to " + f.Importer.String()
	if f.Via != 0 {
		lane += " via " + f.Via.String()
	}
	return lane
}

// countShare writes 3 (75%), and 0 where there is nothing to divide by.
func countShare(part, whole int) string {
	if whole == 0 {
		return "0"
	}
	return fmt.Sprintf("%d (%.0f%%)", part, 100*float64(part)/float64(whole))
}
