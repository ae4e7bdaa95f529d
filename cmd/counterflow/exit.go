package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"counterflow/data/source"
)

// The exit codes, listed in every command's help.
const (
	exitDone    = 0
	exitFailed  = 1
	exitUsage   = 2
	exitRefused = 3
	exitCases   = 4
)

const exitHelp = `Exit codes: 0 done; 1 failed; 2 usage or settings; 3 an input gate refused the
data; 4 cases above the level asked for (only with --fail-on).`

// usageError is a mistake in flags or settings.
type usageError struct{ err error }

func (e *usageError) Error() string { return e.err.Error() }
func (e *usageError) Unwrap() error { return e.err }

func usagef(format string, args ...any) error {
	return &usageError{fmt.Errorf(format, args...)}
}

// casesError ends a run that found more than --fail-on allows.
type casesError struct{ found, level int }

func (e *casesError) Error() string {
	return fmt.Sprintf("%d cases found, more than --fail-on %d", e.found, e.level)
}

// report prints an error, one line for each mistake, and picks the exit code.
func report(ctx context.Context, err error, errOut io.Writer) int {
	if err == nil {
		return exitDone
	}
	if ctx.Err() != nil {
		fmt.Fprintln(errOut, "counterflow: stopped before the end; nothing was written")
		return exitFailed
	}
	for _, line := range strings.Split(err.Error(), "\n") {
		fmt.Fprintln(errOut, "counterflow: "+line)
	}
	var usage *usageError
	var refused *source.DataError
	var cases *casesError
	switch {
	case errors.As(err, &usage):
		return exitUsage
	case errors.As(err, &refused):
		return exitRefused
	case errors.As(err, &cases):
		return exitCases
	}
	return exitFailed
}
