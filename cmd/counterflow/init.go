package main

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"counterflow/reconcile"
)

func newInit(c *console) *cobra.Command {
	var force bool
	cmd := &cobra.Command{
		Use:     "init",
		Short:   "Write a counterflow.yaml with every setting and its default",
		Long:    "Writes counterflow.yaml into the working folder. A setting is taken from a flag,\nelse from the environment (COUNTERFLOW_LIST_Q for --list-q), else from this file,\nelse from the default.\n\n" + exitHelp,
		Example: "  counterflow init && counterflow run --out runs/2026-10",
		Args:    argsExactly(0, "no arguments"),
		RunE: func(*cobra.Command, []string) error {
			return runInit(c, force)
		},
	}
	cmd.Flags().BoolVar(&force, "force", false, "replace a counterflow.yaml that is there")
	return cmd
}

func runInit(c *console, force bool) error {
	text := settingsFile()
	mode := os.O_WRONLY | os.O_CREATE | os.O_EXCL
	if force {
		mode = os.O_WRONLY | os.O_CREATE | os.O_TRUNC
	}
	file, err := os.OpenFile(configFile, mode, 0o644)
	if errors.Is(err, os.ErrExist) {
		return usagef("%s is there already; use --force to replace it", configFile)
	}
	if err != nil {
		return err
	}
	_, err = file.Write(text)
	if err := errors.Join(err, file.Close()); err != nil {
		return err
	}
	_, err = fmt.Fprintf(c.errOut, "wrote %s; name your files under flows and run: counterflow run --out runs/first\n", configFile)
	return err
}

// settingsFile lists every setting with its default and what it does.
func settingsFile() []byte {
	s := reconcile.Defaults()
	flags := pflag.NewFlagSet("settings", pflag.ContinueOnError)
	bindSettings(flags, &s)
	flags.SortFlags = false
	text := []byte("# Settings of counterflow run.\n")
	flags.VisitAll(func(f *pflag.Flag) {
		value := f.Value.String()
		if f.Value.Type() == "string" {
			value = strconv.Quote(value)
		}
		text = fmt.Appendf(text, "\n# %s\n%s: %s\n", strings.ReplaceAll(f.Usage, "`", ""), strings.ReplaceAll(f.Name, "-", "_"), value)
	})
	return text
}
