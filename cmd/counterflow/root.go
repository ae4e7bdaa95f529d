package main

import (
	"context"
	"io"
	"os"

	"github.com/spf13/cobra"
)

// version is that of the program; it stands in run.json and in the report.
const version = "0.1.0"

// console is where a command prints: data on out, messages on errOut.
type console struct {
	out, errOut io.Writer
	terminal    bool // errOut is a terminal: progress bars are welcome
}

// run is the whole program. Tests call it.
func run(ctx context.Context, args []string, out, errOut io.Writer) int {
	c := &console{out: out, errOut: errOut, terminal: isTerminal(errOut)}
	root := newRoot(c)
	root.SetArgs(args)
	return report(ctx, root.ExecuteContext(ctx), errOut)
}

func newRoot(c *console) *cobra.Command {
	root := &cobra.Command{
		Use:   "counterflow",
		Short: "Reconcile declared exports with partner-country imports",
		Long: `Counterflow lays what exporters declare beside what importers declare, by
commodity and route, and reports the discrepancies that the tested explanations
do not account for.

` + exitHelp,
		Example: `  counterflow demo
  counterflow run --flows exports.csv.gz --flows imports.csv.gz --out runs/2026-10
  counterflow doctor comtrade_2025.csv`,
		SilenceErrors: true,
		SilenceUsage:  true,
		Version:       version,
	}
	root.SetHelpTemplate(helpTemplate)
	root.SetUsageTemplate(usageTemplate)
	root.SetOut(c.out)
	root.SetErr(c.errOut)
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return usagef("%w; see %s --help", err, cmd.CommandPath())
	})
	root.CompletionOptions.DisableDefaultCmd = true
	root.SetHelpCommand(newHelp())
	root.AddCommand(newDemo(c), newRun(c), newReport(c), newExplain(c), newDoctor(c), newSimulate(c), newEvaluate(c), newDiff(c), newReplay(c), newIngest(c), newConvert(c), newFetch(c), newInit(c), newSchema(c), newCompletion(c), newVersion(c))
	root.Args = func(_ *cobra.Command, args []string) error {
		if len(args) > 0 {
			return usagef("unknown command %q; see counterflow --help", args[0])
		}
		return nil
	}
	root.RunE = func(cmd *cobra.Command, _ []string) error { return cmd.Help() }
	return root
}

// argsExactly and argsAtLeast say what is missing as a usage mistake.
func argsExactly(n int, what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) != n {
			return usagef("%s takes %s; see counterflow %s --help", cmd.Name(), what, cmd.Name())
		}
		return nil
	}
}

func argsAtLeast(n int, what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) < n {
			return usagef("%s needs %s; see counterflow %s --help", cmd.Name(), what, cmd.Name())
		}
		return nil
	}
}

func isTerminal(w io.Writer) bool {
	file, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
