package main

import (
	"context"
	"fmt"
	"path/filepath"

	"github.com/spf13/cobra"

	"counterflow/data/simulate"
	"counterflow/reconcile"
	"counterflow/reports"
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
layout, runs on them, and says where the report lies. All data are made up.

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
	world, err := simulate.Make(settings)
	if err != nil {
		return err
	}
	files, err := world.Write(filepath.Join(o.out, "world"))
	if err != nil {
		return err
	}
	fmt.Fprintf(c.errOut, "simulated %d declared rows; planted truth in %s\n", files.Rows, files.Truth)
	run := runOptions{settings: reconcile.Defaults(), failOn: -1, out: filepath.Join(o.out, "run"),
		drawing: reports.Options{Version: version, Title: "Demonstration on simulated trade"}}
	run.settings.Flows, run.settings.Events = files.Flows, files.Events
	if err := runRun(ctx, c, run); err != nil {
		return err
	}
	_, err = fmt.Fprintf(c.out, "%s\n", filepath.Join(o.out, "run", "report.pdf"))
	return err
}
