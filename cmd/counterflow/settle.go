package main

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"gopkg.in/yaml.v3"

	"counterflow/reconcile"
)

// settle brings the sources of settings together: flag, then environment, then
// file, then default. It gives every mistake there is.
func settle(cmd *cobra.Command, file string, s *reconcile.Settings) []error {
	flags := cmd.Flags()
	wrong := mistakes(flags)
	lines, mistaken := readConfig(file)
	wrong = append(wrong, mistaken...)
	settings := pflag.NewFlagSet("settings", pflag.ContinueOnError)
	bindSettings(settings, &reconcile.Settings{})
	settings.VisitAll(func(f *pflag.Flag) {
		flag := flags.Lookup(f.Name)
		line, inFile := lines[f.Name]
		delete(lines, f.Name)
		switch value, inEnvironment := os.LookupEnv(environmentName(f.Name)); {
		case flag.Changed:
		case inEnvironment:
			if err := setting(flag).set([]string{value}); err != nil {
				wrong = append(wrong, fmt.Errorf("%s: %w", environmentName(f.Name), err))
			}
		case inFile:
			if err := setting(flag).set(line.values); err != nil {
				wrong = append(wrong, fmt.Errorf("%s: %s: %w", line.where, f.Name, err))
			}
		}
	})
	for _, name := range slices.Sorted(maps.Keys(lines)) {
		wrong = append(wrong, fmt.Errorf("%s: no setting is called %q; counterflow schema settings lists them", lines[name].where, name))
	}
	return append(wrong, s.Check())
}

// environmentName is COUNTERFLOW_LIST_Q for --list-q.
func environmentName(flag string) string {
	return "COUNTERFLOW_" + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
}

// configLine is one setting in a file.
type configLine struct {
	where  string // file and line
	values []string
}

// readConfig reads a YAML file of settings, by the names of their flags. A
// missing default file is no mistake; a missing named one is.
func readConfig(name string) (map[string]configLine, []error) {
	if name == "" {
		name = os.Getenv(environmentName("config"))
	}
	byDefault := name == ""
	if byDefault {
		name = configFile
	}
	text, err := os.ReadFile(name)
	if errors.Is(err, os.ErrNotExist) && byDefault {
		return nil, nil
	}
	if err != nil {
		return nil, []error{fmt.Errorf("config: %w; name a file that counterflow init writes", err)}
	}
	var document yaml.Node
	if err := yaml.Unmarshal(text, &document); err != nil {
		return nil, []error{fmt.Errorf("config: %s: %s", name, strings.ReplaceAll(err.Error(), "\n", ";"))}
	}
	if len(document.Content) == 0 {
		return nil, nil
	}
	root := document.Content[0]
	if root.Kind != yaml.MappingNode {
		return nil, []error{fmt.Errorf("config: %s: line %d: write one setting a line, such as list_q: 0.1", name, root.Line)}
	}
	lines := map[string]configLine{}
	var wrong []error
	for i := 0; i+1 < len(root.Content); i += 2 {
		key, value := root.Content[i], root.Content[i+1]
		line := configLine{where: fmt.Sprintf("%s: line %d", name, key.Line)}
		flag := strings.ReplaceAll(key.Value, "_", "-")
		if _, twice := lines[flag]; twice {
			wrong = append(wrong, fmt.Errorf("%s: %s is set twice", line.where, key.Value))
		}
		switch {
		case value.Kind == yaml.SequenceNode:
			for _, item := range value.Content {
				line.values = append(line.values, item.Value)
			}
		case value.Kind == yaml.MappingNode && flag == "columns": // reporter: Meldeland
			for k := 0; k+1 < len(value.Content); k += 2 {
				line.values = append(line.values, value.Content[k].Value+"="+value.Content[k+1].Value)
			}
		case value.Kind != yaml.ScalarNode:
			wrong = append(wrong, fmt.Errorf("%s: %s takes a value or a list of values", line.where, key.Value))
			continue
		case value.Tag == "!!null":
			continue
		default:
			line.values = []string{value.Value}
		}
		lines[flag] = line
	}
	return lines, wrong
}

// settingValue is the value of a setting's flag. A text that it cannot take is
// kept as a mistake instead of ending the reading of flags, so that all mistakes
// can be reported together.
type settingValue struct {
	pflag.Value
	wrong []error
}

// Set takes a flag, which for a list may come again and again.
func (v *settingValue) Set(text string) error {
	if err := v.one(text); err != nil {
		v.wrong = append(v.wrong, err)
	}
	return nil
}

// set takes the values of one source.
func (v *settingValue) set(values []string) error {
	if list, ok := v.Value.(pflag.SliceValue); ok {
		return list.Replace(values)
	}
	if len(values) != 1 {
		return fmt.Errorf("takes one value, not %d", len(values))
	}
	return v.one(values[0])
}

// one takes a text, or keeps the value that was there.
func (v *settingValue) one(text string) error {
	before := v.String()
	err := v.Value.Set(text)
	if err == nil {
		return nil
	}
	v.Value.Set(before)
	switch v.Type() {
	case "int", "uint64":
		return fmt.Errorf("%q is no whole number", text)
	case "float64":
		return fmt.Errorf("%q is no number", text)
	}
	return err
}

func collectMistakes(flags *pflag.FlagSet) {
	flags.VisitAll(func(f *pflag.Flag) {
		if _, done := f.Value.(*settingValue); done {
			return
		}
		f.Value = &settingValue{Value: f.Value}
		if f.DefValue == "[]" {
			f.DefValue = "" // no default to show
		}
	})
}

func setting(f *pflag.Flag) *settingValue { return f.Value.(*settingValue) }

// mistakes gives what was wrong on the command line.
func mistakes(flags *pflag.FlagSet) []error {
	var wrong []error
	flags.VisitAll(func(f *pflag.Flag) {
		if v, ok := f.Value.(*settingValue); ok {
			for _, err := range v.wrong {
				wrong = append(wrong, fmt.Errorf("--%s: %w", f.Name, err))
			}
		}
	})
	return wrong
}

// settleAll makes the settings of a run ready: flows of a vault where one is named,
// then every place that settings come from. Mistakes in these, and those that check
// finds outside them, are reported together.
func settleAll(cmd *cobra.Command, v *vaultOptions, config string, s *reconcile.Settings, check func() []error) error {
	if err := v.choose(cmd.Flags()); err != nil {
		return err
	}
	wrong := settle(cmd, config, s)
	if err := errors.Join(append(wrong, check()...)...); err != nil {
		return &usageError{err}
	}
	return nil
}

// checkInputs looks at every file that the settings name.
func checkInputs(s *reconcile.Settings) []error {
	return slices.Concat(
		checkFiles("flows", s.Flows...),
		checkFiles("events", s.Events),
		checkFiles("rates", s.Rates),
		checkFiles("balances", s.Balances),
		checkFiles("concordance", s.Concordance),
		checkFiles("factors", s.Factors),
		checkFiles("patches", s.Patches),
		checkFiles("exclusions", s.Exclusions),
		checkFiles("producers", s.Producers),
		checkFiles("consignments", s.Consignments),
		checkFiles("thresholds", s.Thresholds),
	)
}

// checkFiles opens every file that a setting names, so that a wrong path is
// found before hours of reading.
func checkFiles(setting string, files ...string) []error {
	var wrong []error
	for _, name := range files {
		if name == "" {
			continue
		}
		file, err := os.Open(name)
		if err != nil {
			var path *os.PathError
			if errors.As(err, &path) {
				err = path.Err
			}
			wrong = append(wrong, fmt.Errorf("%s: %s: %w; check the path and its permissions", setting, name, err))
			continue
		}
		if info, err := file.Stat(); err == nil && info.IsDir() {
			wrong = append(wrong, fmt.Errorf("%s: %s is a folder; name the files in it", setting, name))
		}
		file.Close()
	}
	return wrong
}
