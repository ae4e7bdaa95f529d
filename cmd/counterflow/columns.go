package main

import (
	"github.com/spf13/pflag"

	"counterflow/data/source"
)

// bindColumns lets a command that reads files take the mapping of a run.
func bindColumns(flags *pflag.FlagSet, given *[]string) {
	flags.StringArrayVar(given, "columns", nil, "`ROLE=COLUMN` for files whose columns have names of their own, as for run; those of "+configFile+" where none is given")
}

// columns reads the mapping: from flags, else from counterflow.yaml.
func columns(given []string) (source.Mapping, error) {
	if given == nil {
		lines, wrong := readConfig("")
		if len(wrong) > 0 {
			return nil, &usageError{wrong[0]}
		}
		given = lines["columns"].values
	}
	mapping, err := source.ParseMapping(given)
	if err != nil {
		return nil, &usageError{err}
	}
	return mapping, nil
}
