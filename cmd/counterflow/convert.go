package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"counterflow/data/canonical"
	"counterflow/data/source"
)

type convertOptions struct {
	to    string
	out   string
	rates string
}

func newConvert(c *console) *cobra.Command {
	var o convertOptions
	cmd := &cobra.Command{
		Use:   "convert FILE",
		Short: "Write a file of flows in the canonical layout, as CSV, Parquet or SDMX-CSV",
		Long: `Reads a file of flows as a run would and writes its rows in one layout, whoever
published it: economies as three letters, values in US dollars, weights in
kilograms. A run over what was written gives the same pairs. Refused rows are
counted and not written.

` + exitHelp,
		Example: "  counterflow convert comtrade_2025.csv.gz --to parquet --out flows.parquet\n  counterflow convert --rates eurofx.csv full_202501.csv > flows.csv",
		Args:    argsExactly(1, "one file of flows"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return runConvert(cmd.Context(), c, o, args[0])
		},
	}
	cmd.Flags().StringVar(&o.to, "to", "csv", "format: "+strings.Join(canonical.Formats, ", "))
	cmd.Flags().StringVar(&o.out, "out", "", "file to write; standard output where not given")
	cmd.Flags().StringVar(&o.rates, "rates", "", "file of exchange rates, for values that are not in US dollars")
	return cmd
}

func runConvert(ctx context.Context, c *console, o convertOptions, file string) error {
	if !slices.Contains(canonical.Formats, o.to) {
		return usagef("to: %q is no format; choose one of %s", o.to, strings.Join(canonical.Formats, ", "))
	}
	if o.out == "" && o.to == "parquet" && c.terminal {
		return usagef("out: Parquet is not for a terminal; name a file with --out")
	}
	var rates *source.Rates
	if o.rates != "" {
		var err error
		if rates, err = source.ReadRates(o.rates); err != nil {
			return err
		}
	}
	write := func(to io.Writer) error {
		reading, err := canonical.Convert(ctx, file, to, o.to, rates)
		if err != nil {
			return err
		}
		t := reading.Tallies[0]
		_, err = fmt.Fprintf(c.errOut, "%s: %d rows, %d written, %d refused\n", t.File, t.Rows, t.Kept, t.Rows-t.Kept)
		return err
	}
	if o.out == "" {
		return write(c.out)
	}
	return writeWhole(o.out, write)
}

// writeWhole makes a file appear when it is complete, or not at all.
func writeWhole(path string, write func(io.Writer) error) (err error) {
	draft, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".partial-")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			draft.Close()
			err = errors.Join(err, os.Remove(draft.Name()))
		}
	}()
	if err := write(draft); err != nil {
		return err
	}
	if err := errors.Join(draft.Chmod(0o644), draft.Close()); err != nil {
		return err
	}
	return os.Rename(draft.Name(), path)
}
