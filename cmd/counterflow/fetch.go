package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"counterflow/data"
	"counterflow/data/fetch"
)

// keyVariable holds the key of UN Comtrade's service.
const keyVariable = "COMTRADE_KEY"

type fetchOptions struct {
	query    fetch.Query
	from, to string
	out      string
	keyFile  string
	base     string
	dryRun   bool
}

func newFetch(c *console) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "fetch",
		Short: "Download declared flows from a publisher",
		Args:  argsExactly(0, "the name of a publisher: comtrade"),
		RunE: func(*cobra.Command, []string) error {
			return usagef("fetch: name the publisher: counterflow fetch comtrade")
		},
	}
	cmd.AddCommand(newFetchComtrade(c))
	return cmd
}

func newFetchComtrade(c *console) *cobra.Command {
	o := fetchOptions{query: fetch.Query{Classification: "HS"}, base: fetch.Base}
	cmd := &cobra.Command{
		Use:   "comtrade",
		Short: "Download flows through UN Comtrade's public service",
		Long: `Downloads declared flows, one file for each call, into a folder that run and
ingest can take. Calls stay below the limits of the service; what fails for a while
is tried again, and a download that was stopped goes on when it is started again.

The key is taken from ` + keyVariable + ` or from --key-file, and stands in no file, address or
message. Without a key the preview is asked, which gives 500 rows a call. Data of UN
Comtrade are for your own use; passing them on needs its permission.

` + exitHelp,
		Example: `  ` + keyVariable + `=... counterflow fetch comtrade --reporter 842 --reporter 156 --from 2024-01 --to 2025-12 --commodity 284690 --out flows`,
		Args:    argsExactly(0, "no arguments"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return runFetchComtrade(cmd.Context(), c, o)
		},
	}
	flags := cmd.Flags()
	flags.StringArrayVar(&o.query.Reporters, "reporter", nil, "number of a reporter in UN Comtrade; may be repeated")
	flags.StringArrayVar(&o.query.Commodities, "commodity", nil, "commodity code; may be repeated")
	flags.StringArrayVar(&o.query.Flows, "flow", nil, "X, M, RX or RM, all where none is given; may be repeated")
	flags.StringVar(&o.query.Classification, "classification", o.query.Classification, "HS as reported, or H0 to H6")
	flags.StringVar(&o.from, "from", "", "first period, 2024 or 2024-01 (needed)")
	flags.StringVar(&o.to, "to", "", "last period (needed)")
	flags.StringVar(&o.out, "out", "", "folder to write (needed)")
	flags.StringVar(&o.keyFile, "key-file", "", "file that holds the key, where it is not in "+keyVariable)
	flags.StringVar(&o.base, "server", o.base, "address of the service")
	flags.BoolVar(&o.dryRun, "dry-run", false, "say how many calls there would be, and make none")
	return cmd
}

func runFetchComtrade(ctx context.Context, c *console, o fetchOptions) error {
	var err error
	if o.query.Periods, err = periodsBetween(o.from, o.to); err != nil {
		return &usageError{err}
	}
	if err := o.query.Check(); err != nil {
		return &usageError{err}
	}
	if o.out == "" && !o.dryRun {
		return usagef("out: no folder given; name one with --out flows")
	}
	if o.dryRun {
		_, err := fmt.Fprintf(c.out, "%d calls\n", len(o.query.Calls()))
		return err
	}
	key, err := readKey(o.keyFile)
	if err != nil {
		return err
	}
	client := fetch.New(key)
	client.Base = strings.TrimSuffix(o.base, "/")
	bars := progress{console: c}
	defer bars.finish()
	r, err := client.Fetch(ctx, o.query, o.out, func(done, total int64) { bars.show("fetching", done, total) })
	fmt.Fprintf(c.errOut, "%d calls made, %d answers were there already, %d rows fetched, %d answers without rows\n", r.Made, r.Resumed, r.Rows, r.Empty)
	if err != nil {
		return err
	}
	for _, file := range r.Files {
		if _, err := fmt.Fprintln(c.out, file); err != nil {
			return err
		}
	}
	return nil
}

// periodsBetween lists years or months from the first to the last.
func periodsBetween(from, to string) ([]data.Period, error) {
	first, err := data.ParsePeriod(from)
	last, errLast := data.ParsePeriod(to)
	if err := errors.Join(err, errLast); err != nil {
		return nil, fmt.Errorf("from, to: %w", err)
	}
	if first.Monthly() != last.Monthly() || last < first {
		return nil, fmt.Errorf("from, to: %s to %s is no run of years or of months", from, to)
	}
	var periods []data.Period
	for p := first; p <= last; p = p.Add(1) {
		periods = append(periods, p)
	}
	return periods, nil
}

func readKey(file string) (string, error) {
	if file == "" {
		return strings.TrimSpace(os.Getenv(keyVariable)), nil
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return "", fmt.Errorf("key-file: %w", err)
	}
	return strings.TrimSpace(string(text)), nil
}
