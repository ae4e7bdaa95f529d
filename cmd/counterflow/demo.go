package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"counterflow/data/simulate"
	"counterflow/reconcile"
	"counterflow/reconcile/evaluate"
	"counterflow/reports"
	"counterflow/reports/table"
)

type demoOptions struct {
	out  string
	seed uint64
}

func newDemo(c *console) *cobra.Command {
	o := demoOptions{seed: 1}
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "Simulate a small world of trade and run on it, offline",
		Long: `Simulates a small two-sided monthly world of trade, with honest errors and with
planted discrepancies whose truth is known, writes it as files of UN Comtrade's
layout, runs on them, says where the report lies, and how many of the planted
cases were found. All data are made up.

` + exitHelp,
		Example: "  counterflow demo\n  counterflow demo --seed 7 --out runs/demo7",
		Args:    argsExactly(0, "no arguments"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return runDemo(cmd.Context(), c, o)
		},
	}
	cmd.Flags().StringVar(&o.out, "out", filepath.Join("runs", "demo"), "folder for the world and the run")
	cmd.Flags().Uint64Var(&o.seed, "seed", o.seed, "seed of the world")
	return cmd
}

func runDemo(ctx context.Context, c *console, o demoOptions) error {
	settings, err := simulate.Preset("small")
	if err != nil {
		return err
	}
	settings.Seed = o.seed
	run := runOptions{settings: reconcile.Defaults(), failOn: -1, out: filepath.Join(o.out, "run"),
		drawing: reports.Options{Version: version, Title: "Demonstration on simulated trade"}}
	folder, err := table.Create(run.out) // keeps a second demonstration off both folders
	if err != nil {
		return err
	}
	defer folder.Discard()
	world, err := simulate.Make(settings)
	if err != nil {
		return err
	}
	home := filepath.Join(o.out, "world")
	if err := os.RemoveAll(home); err != nil {
		return err
	}
	files, err := writeWorld(ctx, world, home)
	if err != nil {
		return err
	}
	fmt.Fprintf(c.errOut, "simulated %d declared rows; planted truth in %s\n", files.Rows, files.Truth)
	run.settings.Flows, run.settings.Events, run.settings.Balances = files.Flows, files.Events, files.Balances
	run.settings.Consignments, run.settings.Thresholds = files.Consignments, files.Thresholds
	result, err := runInto(ctx, c, folder, run)
	if err != nil {
		return err
	}
	if err := summarise(c, result, run.out, run); err != nil {
		return err
	}
	if err := scoreDemo(c, result, files.Truth); err != nil {
		return err
	}
	_, err = fmt.Fprintf(c.out, "%s\n", filepath.Join(run.out, "report.pdf"))
	return err
}

// scoreDemo holds the cases that were found against what was planted.
func scoreDemo(c *console, result *reconcile.Result, file string) error {
	truth, err := evaluate.ReadTruth(file)
	if err != nil {
		return err
	}
	score := evaluate.Evaluate(evaluate.FromResult(result), truth, evaluate.DefaultRules())
	visible := score.Overall.Visible
	fmt.Fprintf(c.errOut, "held against the planted truth: %d of %d visible cases found; %d of %d cases found are false\n",
		visible.Found, visible.Planted, score.False.False, score.False.Flagged)
	return nil
}
