package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"counterflow/data"
	"counterflow/data/source"
	"counterflow/data/vault"
	"counterflow/reconcile"
	"counterflow/reconcile/mirror"
)

type doctorOptions struct {
	digits int
	rates  string
	given  []string
	table  bool
	asJSON bool
}

func newDoctor(c *console) *cobra.Command {
	var o doctorOptions
	cmd := &cobra.Command{
		Use:   "doctor FILE...",
		Short: "Say what is in files of flows, what would be refused and how to mend it",
		Long: `Reads each file as a run would, and says which layout it has, which periods and
reporters it covers, how many rows would be kept, and for every reason of refusal
how many rows, an example with its line, and how to mend it. Nothing is written.

` + exitHelp,
		Example: "  counterflow doctor comtrade_2025.csv.gz\n  counterflow doctor --json flows/*.csv",
		Args:    argsAtLeast(1, "at least one file"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return runDoctor(cmd.Context(), c, o, args)
		},
	}
	cmd.Flags().IntVar(&o.digits, "digits", reconcile.Defaults().Digits, "digits of the commodity code that are compared")
	bindColumns(cmd.Flags(), &o.given)
	cmd.Flags().StringVar(&o.rates, "rates", "", "file of exchange rates, for values that are not in US dollars")
	cmd.Flags().BoolVar(&o.table, "table", false, "print one line for each file: layout, rows, kept, refused by reason")
	cmd.Flags().BoolVar(&o.asJSON, "json", false, "print JSON")
	return cmd
}

// checkup is what the doctor says of one file.
type checkup struct {
	File      string           `json:"file"`
	Error     string           `json:"error,omitempty"`
	Format    string           `json:"format,omitempty"`
	Flag      string           `json:"flag,omitempty"` // under which a run takes a file that holds no flows
	Rows      int64            `json:"rows"`
	Kept      int64            `json:"kept"`
	Refused   map[string]int64 `json:"refused"`
	Samples   []sample         `json:"samples"`
	First     string           `json:"first_period,omitempty"`
	Last      string           `json:"last_period,omitempty"`
	Reporters int              `json:"reporters"`
	Goods     int              `json:"commodities"`
	Estimated float64          `json:"estimated_weight_share"` // of value, 0 to 1
	Warnings  []string         `json:"warnings"`
	Draft     *source.Draft    `json:"draft,omitempty"` // a mapping to start from, where the header is not known
}

// sample is one refused row.
type sample struct {
	Line   int64  `json:"line,omitempty"`
	Reason string `json:"reason"`
	Column string `json:"column,omitempty"`
	Value  string `json:"value"`
	Hint   string `json:"hint,omitempty"`
}

func runDoctor(ctx context.Context, c *console, o doctorOptions, files []string) error {
	var checkups []checkup
	var refused []error
	reading := mirror.Options{Digits: o.digits, Open: vault.OpenStored}
	var err error
	if reading.Columns, err = columns(o.given); err != nil {
		return err
	}
	if o.rates != "" {
		if reading.Rates, err = source.ReadRates(o.rates); err != nil {
			return err
		}
	}
	for _, file := range files {
		k, err := examine(ctx, file, reading)
		if err := ctx.Err(); err != nil {
			return err
		}
		if side, ok := examineSide(file, err); ok {
			side.File = filepath.Base(file)
			k, err = side, nil
		}
		if err != nil {
			refused = append(refused, err)
			k = checkup{File: filepath.Base(file), Error: err.Error(), Refused: map[string]int64{}, Draft: draft(file, err)}
		}
		checkups = append(checkups, k)
	}
	if o.table {
		printCheckups(c.out, checkups)
	} else if o.asJSON {
		encoder := json.NewEncoder(c.out)
		encoder.SetIndent("", "  ")
		if err := encoder.Encode(checkups); err != nil {
			return err
		}
	} else {
		for i := range checkups {
			checkups[i].print(c.out)
		}
	}
	return errors.Join(refused...)
}

// examine reads one file as a run would. A file that cannot be opened is a
// mistake on the command line.
func examine(ctx context.Context, file string, o mirror.Options) (checkup, error) {
	k := checkup{}
	periods := map[data.Period]bool{}
	reporters := map[data.Economy]bool{}
	var value, estimated float64
	summary, err := mirror.Stream(ctx, []string{file}, o, func(g *mirror.Goods, _ int64) error {
		k.Goods++
		return nil
	})
	var refused *source.DataError
	switch {
	case err != nil && !errors.As(err, &refused):
		return k, &usageError{err}
	case err != nil:
		return k, err
	}
	for _, row := range summary.Coverage {
		if row.Presence != mirror.Reported {
			continue
		}
		periods[row.Period], reporters[row.Economy] = true, true
		if row.Value.Known() {
			value += row.Value.Float()
			estimated += row.Value.Float() * row.EstimatedWeight
		}
	}
	tally := summary.Inputs[0]
	k.File, k.Format, k.Rows, k.Kept, k.Reporters = tally.File, tally.Format, tally.Rows, tally.Kept, len(reporters)
	k.Refused = map[string]int64{}
	for reason, n := range tally.Refused {
		k.Refused[string(reason)] = n
	}
	if value > 0 {
		k.Estimated = estimated / value
	}
	if sorted := slices.Sorted(maps.Keys(periods)); len(sorted) > 0 {
		k.First, k.Last = sorted[0].String(), sorted[len(sorted)-1].String()
	}
	k.Samples, k.Warnings = samplesOf(summary.Rejects), summary.Warnings
	return k, nil
}

// samplesOf takes the first example of each reason.
func samplesOf(rejects []source.Reject) []sample {
	seen := map[source.Reason]bool{}
	var samples []sample
	for _, r := range rejects {
		if !seen[r.Reason] {
			seen[r.Reason] = true
			samples = append(samples, sample{r.Line, string(r.Reason), r.Column, r.Value, r.Hint})
		}
	}
	return samples
}

// draft gives a mapping to start from, where a file's columns are not known.
func draft(file string, because error) *source.Draft {
	if !errors.Is(because, source.ErrUnknownColumns) {
		return nil
	}
	d, err := source.DraftMapping(file)
	if err != nil || len(d.Columns) == 0 {
		return nil
	}
	return d
}

// printDraft writes a draft as it can stand in counterflow.yaml.
func printDraft(to io.Writer, d *source.Draft) {
	fmt.Fprintf(to, "  a mapping to start from; look at every line, and put it into %s:\n\ncolumns:\n", configFile)
	for _, line := range d.Columns {
		role, column, _ := strings.Cut(line, "=")
		fmt.Fprintf(to, "  %s: %q\n", role, column)
	}
	for _, role := range d.Missing {
		fmt.Fprintf(to, "  # %s: no column was found; name one, or write \"=CODE\" where it is the same for the whole file\n", role)
	}
	fmt.Fprintln(to)
}

// printCheckups writes a table of files in Markdown, rows read being rows kept and
// rows refused.
func printCheckups(to io.Writer, checkups []checkup) {
	fmt.Fprintln(to, "| file | layout | rows | kept | refused |\n|---|---|---:|---:|---|")
	for _, k := range checkups {
		var reasons []string
		for _, reason := range slices.Sorted(maps.Keys(k.Refused)) {
			reasons = append(reasons, fmt.Sprintf("%d %s", k.Refused[reason], reason))
		}
		if k.Error != "" {
			reasons = []string{"cannot be used"}
		}
		fmt.Fprintf(to, "| %s | %s | %d | %d | %s |\n", k.File, k.Format, k.Rows, k.Kept, strings.Join(reasons, ", "))
	}
}

func (k *checkup) print(to io.Writer) {
	if k.Error != "" {
		fmt.Fprintf(to, "%s\n  cannot be used: %s\n", k.File, strings.TrimPrefix(k.Error, k.File+": "))
		if k.Draft != nil {
			printDraft(to, k.Draft)
		}
		return
	}
	if k.Flag != "" {
		fmt.Fprintf(to, "%s\n  layout      %s; a run takes it with %s\n", k.File, k.Format, k.Flag)
	} else {
		fmt.Fprintf(to, "%s\n  layout      %s\n  periods     %s to %s\n  reporters   %d\n  commodities %d\n", k.File, k.Format, k.First, k.Last, k.Reporters, k.Goods)
	}
	fmt.Fprintf(to, "  rows        %d read, %d kept, %d refused\n", k.Rows, k.Kept, k.Rows-k.Kept)
	if k.Flag == "" {
		fmt.Fprintf(to, "  weights     %.0f%% of the value has an estimated weight\n", 100*k.Estimated)
	}
	for _, s := range k.Samples {
		fmt.Fprintf(to, "  refused     %s: %d rows; %s", s.Reason, k.Refused[s.Reason], s.where())
		if s.Hint != "" {
			fmt.Fprintf(to, "; %s", s.Hint)
		}
		fmt.Fprintln(to)
	}
	for _, w := range k.Warnings {
		fmt.Fprintf(to, "  note        %s\n", w)
	}
}

func (s *sample) where() string {
	switch {
	case s.Line == 0:
		return fmt.Sprintf("such as %s", s.Value)
	case s.Column == "":
		return fmt.Sprintf("such as line %d with %s", s.Line, s.Value)
	}
	return fmt.Sprintf("such as line %d, column %q, value %q", s.Line, s.Column, s.Value)
}
