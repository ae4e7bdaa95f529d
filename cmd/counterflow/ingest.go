package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"counterflow/data/source"
	"counterflow/data/vault"
)

type ingestOptions struct {
	vault  string
	label  vault.Label
	rates  string
	given  []string
	keep   bool
	asJSON bool
}

func newIngest(c *console) *cobra.Command {
	var o ingestOptions
	cmd := &cobra.Command{
		Use:   "ingest FILE...",
		Short: "Store files of flows as a vintage that never changes",
		Long: `Reads each file as a run would, and stores its rows in a vault: as columns, in one
file for each chapter of goods, with the line where each row stood, every digit of
its code and its flags; with the file's SHA-256, who published it and when. Counts
and examples of refused rows are stored, the refused rows themselves and columns
that a run does not read only with --keep-original. Values in other currencies are
stored in US dollars, at the --rates given. Later vintages of a series replace
earlier ones in runs that are made as of a later day, and no others; nothing stored
is ever changed. The same file twice adds nothing, and an ingest that is stopped
leaves the vault as it was.

The series of a file is its name without endings and [date]; the day of publication
is the [date] in its name, else --published, else --fetched.

` + exitHelp,
		Example: `  counterflow ingest --vault vault --publisher 'UN Comtrade' 'COMTRADE-FINAL-CM504202401H6[2024-05-03].gz'
  counterflow ingest --vault vault --series comtrade-monthly --published 2026-10-02 flows.csv.gz
  counterflow run --vault vault --as-of 2026-10-31 --out runs/2026-10`,
		Args: argsAtLeast(1, "at least one file"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return runIngest(cmd.Context(), c, o, args)
		},
	}
	cmd.Flags().StringVar(&o.vault, "vault", "", "folder of the vault, made where it does not exist (needed)")
	cmd.Flags().StringVar(&o.label.Series, "series", "", "what a later vintage replaces; for one file")
	cmd.Flags().StringVar(&o.label.Published, "published", "", "day of publication, YYYY-MM-DD")
	cmd.Flags().StringVar(&o.label.Fetched, "fetched", "", "day of fetching, YYYY-MM-DD; today where not given")
	cmd.Flags().StringVar(&o.label.Publisher, "publisher", "", "who published the files")
	cmd.Flags().StringVar(&o.label.Title, "title", "", "title of the publication")
	cmd.Flags().StringVar(&o.label.Address, "address", "", "where they were fetched")
	cmd.Flags().StringVar(&o.label.Licence, "licence", "", "licence of the data")
	cmd.Flags().StringVar(&o.rates, "rates", "", "file of exchange rates, for values that are not in US dollars")
	bindColumns(cmd.Flags(), &o.given)
	cmd.Flags().BoolVar(&o.keep, "keep-original", false, "store the bytes of the files, too")
	cmd.Flags().BoolVar(&o.asJSON, "json", false, "print the vintages as JSON")
	return cmd
}

func runIngest(ctx context.Context, c *console, o ingestOptions, files []string) error {
	if o.vault == "" {
		return usagef("vault: no folder given; name one with --vault")
	}
	if o.label.Series != "" && len(files) > 1 {
		return usagef("series: one series cannot hold %d files of one day; ingest them one by one", len(files))
	}
	if o.label.Fetched == "" {
		o.label.Fetched = today()
	}
	var wrong []error
	for _, file := range files {
		_, err := o.label.Complete(file)
		wrong = append(wrong, err)
	}
	if err := errors.Join(wrong...); err != nil {
		return &usageError{err}
	}
	bars := progress{console: c}
	defer bars.finish()
	options := vault.Options{Original: o.keep, Progress: func(done, total int64) { bars.show("reading", done, total) }}
	var err error
	if options.Columns, err = columns(o.given); err != nil {
		return err
	}
	if o.rates != "" {
		if options.Rates, err = source.ReadRates(o.rates); err != nil {
			return err
		}
		if options.RatesSum, _, err = source.Fingerprint(o.rates); err != nil {
			return err
		}
	}
	vintages := []vault.Vintage{}
	for _, file := range files {
		of, added, err := vault.Open(o.vault).Ingest(ctx, file, o.label, options)
		if err != nil {
			return err
		}
		vintages = append(vintages, of)
		if verb := map[bool]string{true: "stored", false: "was there already"}[added]; !o.asJSON {
			fmt.Fprintf(c.errOut, "%s %s: series %s, published %s, %d rows, %d kept, %s to %s\n", of.Name, verb, of.Series, of.Published, of.Rows, of.Kept, of.First, of.Last)
		}
	}
	if o.asJSON {
		return printJSON(c.out, vintages)
	}
	return nil
}

func today() string { return time.Now().UTC().Format(time.DateOnly) }

// vaultOptions let a run take its flows from a vault.
type vaultOptions struct{ dir, asOf string }

func bindVault(flags *pflag.FlagSet, o *vaultOptions) {
	flags.StringVar(&o.dir, "vault", "", "take flows from this vault, instead of --flows")
	flags.StringVar(&o.asOf, "as-of", "", "with --vault: the data as they stood on this day, YYYY-MM-DD; today where not given")
}

// choose names the stored files of the vintages as flows, after a look whether
// their bytes are still those that were stored.
func (o *vaultOptions) choose(flags *pflag.FlagSet) error {
	switch {
	case o.dir == "" && o.asOf != "":
		return usagef("as-of: needs --vault")
	case o.dir == "":
		return nil
	case flags.Changed("flows"):
		return usagef("vault: give either --flows or --vault")
	case o.asOf == "":
		o.asOf = today()
	}
	paths, err := o.flows(o.asOf)
	if err != nil {
		return err
	}
	for _, path := range paths {
		if err := flags.Set("flows", path); err != nil {
			return err
		}
	}
	return nil
}

// flows gives the paths of the vintages as of a day.
func (o *vaultOptions) flows(day string) ([]string, error) {
	store := vault.Open(o.dir)
	all, err := store.Vintages()
	if err != nil {
		return nil, err
	}
	picked, err := vault.AsOf(all, day)
	if err != nil {
		return nil, &usageError{err}
	}
	var paths []string
	for _, of := range picked {
		if err := store.Check(of); err != nil {
			return nil, &source.DataError{Err: err}
		}
		paths = append(paths, store.Path(of))
	}
	return paths, nil
}
