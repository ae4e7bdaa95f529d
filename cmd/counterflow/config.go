package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"gopkg.in/yaml.v3"

	"counterflow/reconcile"
	"counterflow/reconcile/balance"
)

// configFile is read from the working folder when --config names no other.
const configFile = "counterflow.yaml"

// bindSettings gives every setting a flag that shows its default.
func bindSettings(flags *pflag.FlagSet, s *reconcile.Settings) {
	flags.StringArrayVar(&s.Flows, "flows", s.Flows, "file of declared flows, .csv, .gz or .zip; may be repeated")
	flags.StringVar(&s.Events, "events", s.Events, "file of dated measures (events.csv)")
	flags.StringVar(&s.Rates, "rates", s.Rates, "file of exchange rates by day or month (European Central Bank), for values that are not in US dollars")
	flags.Var((*byteSize)(&s.Memory), "memory", "memory for reading and sorting, such as 512MB; 0 for no limit")
	flags.IntVar(&s.Threads, "threads", s.Threads, "threads, 0 for one a processor; never changes a result")
	flags.StringVar(&s.Rule, "rule", s.Rule, "how two reports are reconciled: "+strings.Join(balance.Rules, ", "))
	flags.IntVar(&s.Digits, "digits", s.Digits, "digits of the commodity code that are compared")
	flags.Float64Var(&s.MinimumUSD, "minimum-usd", s.MinimumUSD, "smallest excess, in US dollars, that makes a case")
	flags.Float64Var(&s.FalseShare, "false-share", s.FalseShare, "q at which a case counts as found")
	flags.Float64Var(&s.ListQ, "list-q", s.ListQ, "largest q that the table of cases lists")
	flags.IntVar(&s.HistoryMonth, "history", s.HistoryMonth, "periods from which a lane is judged by its own history")
	flags.Float64Var(&s.ImputedExact, "imputed-tolerance", s.ImputedExact, "relative distance from an exact ratio that marks an imputed mirror")
	flags.Uint64Var(&s.Seed, "seed", s.Seed, "seed of everything drawn at random")
}

// settle brings the sources of settings together: flag, then environment, then
// file, then default. All mistakes are reported at once.
func settle(cmd *cobra.Command, file string, s *reconcile.Settings) error {
	flags := cmd.Flags()
	fromFlags := map[string]string{}
	var repeated []string
	flags.Visit(func(f *pflag.Flag) {
		if f.Name == "flows" {
			repeated = append(repeated, s.Flows...)
			return
		}
		fromFlags[f.Name] = f.Value.String()
	})
	var wrong []error
	if err := readConfig(file, s); err != nil {
		wrong = append(wrong, err)
	}
	wrong = append(wrong, fromEnvironment(flags)...)
	for name, value := range fromFlags {
		if err := flags.Set(name, value); err != nil {
			wrong = append(wrong, err)
		}
	}
	if repeated != nil {
		s.Flows = repeated
	}
	wrong = append(wrong, s.Check())
	if err := errors.Join(wrong...); err != nil {
		return &usageError{err}
	}
	return nil
}

// readConfig fills settings from a YAML file. A missing default file is no
// mistake; a missing named one is.
func readConfig(file string, s *reconcile.Settings) error {
	name := file
	if name == "" {
		name = configFile
	}
	text, err := os.ReadFile(name)
	if errors.Is(err, os.ErrNotExist) && file == "" {
		return nil
	}
	if err != nil {
		return fmt.Errorf("config: %w", err)
	}
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	decoder.KnownFields(true)
	if err := decoder.Decode(s); err != nil && err != io.EOF {
		return fmt.Errorf("config: %s: %s; counterflow schema settings lists what can be set", name, strings.ReplaceAll(err.Error(), "\n", ";"))
	}
	return nil
}

// fromEnvironment reads COUNTERFLOW_MEMORY for --memory, and so on.
func fromEnvironment(flags *pflag.FlagSet) []error {
	var wrong []error
	flags.VisitAll(func(f *pflag.Flag) {
		name := "COUNTERFLOW_" + strings.ToUpper(strings.ReplaceAll(f.Name, "-", "_"))
		value, ok := os.LookupEnv(name)
		if !ok || f.Name == "config" || f.Changed {
			return
		}
		if err := f.Value.Set(value); err != nil {
			wrong = append(wrong, fmt.Errorf("%s=%s: %w", name, value, err))
		}
	})
	return wrong
}

// byteSize reads 512MB, 2GB, 1048576.
type byteSize int64

var byteUnits = []struct {
	suffix string
	bytes  int64
}{{"GB", 1 << 30}, {"G", 1 << 30}, {"MB", 1 << 20}, {"M", 1 << 20}, {"KB", 1 << 10}, {"K", 1 << 10}, {"B", 1}, {"", 1}}

func (b *byteSize) Set(text string) error {
	text = strings.ToUpper(strings.TrimSpace(text))
	for _, unit := range byteUnits {
		number, ok := strings.CutSuffix(text, unit.suffix)
		if !ok {
			continue
		}
		n, err := strconv.ParseFloat(strings.TrimSpace(number), 64)
		if err != nil || n < 0 || n*float64(unit.bytes) > 1<<60 {
			break
		}
		*b = byteSize(n * float64(unit.bytes))
		return nil
	}
	return fmt.Errorf("%q is no size; write 512MB or 2GB", text)
}

func (b *byteSize) String() string {
	n := int64(*b)
	for _, unit := range byteUnits {
		if n >= unit.bytes && n%unit.bytes == 0 && unit.bytes > 1 && len(unit.suffix) == 2 {
			return strconv.FormatInt(n/unit.bytes, 10) + unit.suffix
		}
	}
	return strconv.FormatInt(n, 10)
}

func (b *byteSize) Type() string { return "size" }
