package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"counterflow/data/simulate"
)

// worldOptions are the flags that decide a simulated world.
type worldOptions struct {
	preset        string
	seed          uint64
	rows          int
	through       int
	noise         float64
	autocorrelate float64
	causes        []string
	noPlanted     bool
	noLookAlikes  bool
}

func bindWorld(flags *pflag.FlagSet, o *worldOptions, preset string) {
	flags.StringVar(&o.preset, "preset", preset, "kind of world: "+strings.Join(simulate.PresetNames, ", "))
	flags.Uint64Var(&o.seed, "seed", 1, "seed of the world")
	flags.IntVar(&o.rows, "rows", 0, "about so many rows of flows, 0 for the preset's own number")
	flags.IntVar(&o.through, "through", 0, "publish so many months only, the same world seen earlier; 0 for all")
	flags.Float64Var(&o.noise, "noise", 1, "scale of reporting noise")
	flags.Float64Var(&o.autocorrelate, "autocorrelation", 0.5, "largest autocorrelation of a line's noise")
	flags.StringArrayVar(&o.causes, "cause", nil, "strength of an honest cause, such as transit=0; may be repeated")
	flags.BoolVar(&o.noPlanted, "no-planted", false, "plant no cases")
	flags.BoolVar(&o.noLookAlikes, "no-look-alikes", false, "let no look-alikes happen")
}

// settings gives the settings of the world; all mistakes are reported at once.
func (o *worldOptions) settings() (simulate.Settings, error) {
	s, err := simulate.Preset(o.preset)
	if err != nil {
		return s, &usageError{err}
	}
	if o.rows < 0 {
		return s, usagef("rows: %d is negative", o.rows)
	}
	if o.rows > 0 {
		s = s.Scale(o.rows)
	}
	s.Seed, s.Through, s.NoiseScale, s.Autocorrelation = o.seed, o.through, o.noise, o.autocorrelate
	var wrong []error
	for _, text := range o.causes {
		name, number, _ := strings.Cut(text, "=")
		strength, err := strconv.ParseFloat(number, 64)
		if err != nil || !slices.Contains(simulate.Causes, simulate.Cause(name)) {
			wrong = append(wrong, fmt.Errorf("cause: %q is not NAME=STRENGTH with one of %s", text, joinCauses()))
			continue
		}
		s = s.With(simulate.Cause(name), strength)
	}
	if o.noPlanted {
		s = s.Honest()
	}
	if o.noLookAlikes {
		s.LookAlikes = nil
	}
	if err := errors.Join(append(wrong, s.Check())...); err != nil {
		return s, &usageError{err}
	}
	return s, nil
}

func joinCauses() string {
	names := make([]string, len(simulate.Causes))
	for i, c := range simulate.Causes {
		names[i] = string(c)
	}
	return strings.Join(names, ", ")
}

type simulateOptions struct {
	world   worldOptions
	out     string
	plain   bool
	revised bool
	asJSON  bool
}

func newSimulate(c *console) *cobra.Command {
	var o simulateOptions
	cmd := &cobra.Command{
		Use:   "simulate",
		Short: "Make a world of trade with planted truth",
		Long: `Simulates a world of trade and writes what its statistical offices would have
published: flows in UN Comtrade's layout, balances, events, consignments,
thresholds; and in the folder truth, for a scorer alone, what was planted
(truth.csv), weights in the wrong unit (slips.csv), what truly moved by month of
departure (true_flows.csv), and which consignments were split
(consignments_truth.csv). Places and codes are real, everything else is made up.
The same settings give the same bytes.

Honest causes (--cause NAME=STRENGTH, 1 is standard, 0 is off):
` + joinCauses() + `.

` + exitHelp,
		Example: `  counterflow simulate --out worlds/1
  counterflow simulate --preset standard --seed 7 --noise 2 --out worlds/7
  counterflow simulate --preset standard --rows 6000000 --no-planted --cause entrepot=0 --out worlds/big`,
		Args: argsExactly(0, "no arguments"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return runSimulate(cmd.Context(), c, o)
		},
	}
	bindWorld(cmd.Flags(), &o.world, "small")
	cmd.Flags().StringVar(&o.out, "out", "", "folder to write; must not exist (needed)")
	cmd.Flags().BoolVar(&o.plain, "plain", false, "write flows without compression")
	cmd.Flags().BoolVar(&o.revised, "revised", false, "write the first publication of the flows as well (flows_first.csv)")
	cmd.Flags().BoolVar(&o.asJSON, "json", false, "print the names of the files as JSON")
	return cmd
}

func runSimulate(ctx context.Context, c *console, o simulateOptions) error {
	settings, err := o.world.settings()
	if err != nil {
		return err
	}
	if o.out == "" {
		return usagef("out: no folder given; name one with --out worlds/1")
	}
	if _, err := os.Stat(o.out); err == nil {
		return usagef("out: %s exists; name a new folder", o.out)
	}
	settings.Gzip, settings.Revised = !o.plain, o.revised
	world, err := simulate.Make(settings)
	if err != nil {
		return err
	}
	files, err := writeWorld(ctx, world, o.out)
	if err != nil {
		return err
	}
	if o.asJSON {
		return printJSON(c.out, files)
	}
	fmt.Fprintf(c.errOut, "simulated %d rows of flows, %d planted cases and look-alikes\n", files.Rows, len(world.Truth))
	_, err = fmt.Fprintln(c.out, o.out)
	return err
}

// writeWorld writes beside its place and renames, so that a killed command
// leaves no half-written world under that name.
func writeWorld(ctx context.Context, world *simulate.World, out string) (simulate.Output, error) {
	var none simulate.Output
	if err := os.MkdirAll(filepath.Dir(out), 0o755); err != nil {
		return none, err
	}
	draft, err := os.MkdirTemp(filepath.Dir(out), ".world-")
	if err != nil {
		return none, err
	}
	defer os.RemoveAll(draft)
	if err := ctx.Err(); err != nil {
		return none, err
	}
	files, err := world.Write(draft)
	if err != nil {
		return none, err
	}
	if err := os.Chmod(draft, 0o755); err != nil {
		return none, err
	}
	return files.In(out), os.Rename(draft, out)
}
