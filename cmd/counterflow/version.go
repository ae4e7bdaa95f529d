package main

import (
	"fmt"
	"runtime"

	"github.com/spf13/cobra"
)

func newVersion(c *console) *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version",
		Long:  exitHelp,
		Args:  argsExactly(0, "no arguments"),
		RunE: func(*cobra.Command, []string) error {
			_, err := fmt.Fprintf(c.out, "counterflow %s (%s)\n", version, runtime.Version())
			return err
		},
	}
}
