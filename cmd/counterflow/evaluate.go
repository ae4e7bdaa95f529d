package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"counterflow/data/simulate"
	"counterflow/reconcile"
	"counterflow/reconcile/evaluate"
)

type evaluateOptions struct {
	world  worldOptions
	run    string
	truth  string
	worlds int
	honest bool
	out    string
	asJSON bool
}

func newEvaluate(c *console) *cobra.Command {
	var o evaluateOptions
	cmd := &cobra.Command{
		Use:   "evaluate",
		Short: "Hold a run, or runs on many simulated worlds, against the truth",
		Long: `Scores a finished run on a simulated world against what was planted there, beside
plain rules on the same data. With --worlds it simulates that many worlds with
seeds in a row, runs on each, and prints means with standard errors. With --honest
no case is planted and every honest cause and look-alike acts alone on top of
reporting noise (with --noise 0 on exact reports): each flagged case is false.

The rules of the score:

` + evaluate.DefaultRules().Text() + `
` + exitHelp,
		Example: `  counterflow evaluate --run runs/1 --truth worlds/1/truth/truth.csv
  counterflow evaluate --worlds 20 --preset standard --seed 1001 --out scores.json
  counterflow evaluate --worlds 20 --noise 2 --autocorrelation 0.7
  counterflow evaluate --honest --worlds 10`,
		Args: argsExactly(0, "no arguments"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return runEvaluate(cmd.Context(), c, o)
		},
	}
	bindWorld(cmd.Flags(), &o.world, "standard")
	cmd.Flags().StringVar(&o.run, "run", "", "run folder to score")
	cmd.Flags().StringVar(&o.truth, "truth", "", "truth.csv of the world that was run on; its neighbours are read too")
	cmd.Flags().IntVar(&o.worlds, "worlds", 0, "simulate and score that many worlds")
	cmd.Flags().BoolVar(&o.honest, "honest", false, "plant nothing; try every honest cause alone")
	cmd.Flags().StringVar(&o.out, "out", "", "file for the JSON; beside --run it is score.json in the run folder")
	cmd.Flags().BoolVar(&o.asJSON, "json", false, "print JSON instead of tables")
	return cmd
}

func runEvaluate(ctx context.Context, c *console, o evaluateOptions) error {
	switch {
	case o.run != "" && o.worlds == 0 && !o.honest:
		return evaluateRun(c, o)
	case o.run == "" && (o.worlds > 0 || o.honest):
		return evaluateWorlds(ctx, c, o)
	}
	return usagef("give either --run DIR with --truth FILE, or --worlds N")
}

func evaluateRun(c *console, o evaluateOptions) error {
	if o.truth == "" {
		return usagef("truth: no file given; name the world's truth/truth.csv with --truth")
	}
	run, err := evaluate.ReadRun(o.run)
	if err != nil {
		return err
	}
	truth, err := evaluate.ReadTruth(o.truth)
	if err != nil {
		return err
	}
	if o.out == "" {
		o.out = filepath.Join(o.run, "score.json")
	}
	score := evaluate.Evaluate(run, truth, evaluate.DefaultRules())
	return o.hand(c, score, score.Text())
}

func evaluateWorlds(ctx context.Context, c *console, o evaluateOptions) error {
	settings, err := o.world.settings()
	if err != nil {
		return err
	}
	settings.Gzip = false
	dir, err := os.MkdirTemp("", "counterflow-worlds-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	seeds := evaluate.Seeds(o.world.seed, max(o.worlds, 1))
	rules := evaluate.DefaultRules()
	if o.honest {
		trials, err := evaluate.Honest(ctx, settings, seeds, rules, dir, detect, func(h evaluate.Honesty) {
			fmt.Fprintf(c.errOut, "%s: %d of %d worlds with a false case\n", h.Name, h.AnyFalse, h.Worlds)
		})
		if err != nil {
			return err
		}
		return o.hand(c, trials, evaluate.HonestText(trials))
	}
	scores, err := evaluate.Worlds(ctx, settings, seeds, rules, dir, detect, func(seed uint64, s *evaluate.Score) {
		v := s.Overall.Visible
		fmt.Fprintf(c.errOut, "seed %d: %d of %d visible cases found, %d false of %d flagged\n", seed, v.Found, v.Planted, s.False.False, s.False.Flagged)
	})
	if err != nil {
		return err
	}
	pooled := evaluate.Pool(scores)
	return o.hand(c, pooled, pooled.Text())
}

// detect runs the engine as counterflow run would, with default settings.
func detect(ctx context.Context, files simulate.Output) (*evaluate.Run, error) {
	settings := reconcile.Defaults()
	settings.Flows, settings.Events, settings.Balances = files.Flows, files.Events, files.Balances
	settings.Consignments, settings.Thresholds = files.Consignments, files.Thresholds
	result, err := reconcile.Run(ctx, settings, reconcile.Hooks{})
	if err != nil {
		return nil, err
	}
	return evaluate.FromResult(result), nil
}

// hand prints the answer and writes its JSON.
func (o *evaluateOptions) hand(c *console, answer any, text string) error {
	if o.out != "" {
		encoded, err := json.MarshalIndent(answer, "", "  ")
		if err != nil {
			return err
		}
		if err := os.WriteFile(o.out, append(encoded, '\n'), 0o644); err != nil {
			return err
		}
	}
	if o.asJSON {
		return printJSON(c.out, answer)
	}
	_, err := fmt.Fprint(c.out, text)
	return err
}
