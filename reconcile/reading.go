package reconcile

import (
	"counterflow/data"
	"counterflow/data/concordance"
	"counterflow/data/source"
	"counterflow/data/vault"
)

// Reading says how the files of flows are read under these settings. It reads the
// files of exchange rates, of links between editions, of patches and of exclusions,
// where they are named;
// warnings are what the latter has to say.
func (s Settings) Reading() (o source.Options, warnings []string, err error) {
	o = source.Options{Digits: s.Digits, Threads: s.Threads, Open: vault.OpenStored, Edition: data.ParseEdition(s.Edition)}
	if o.Columns, err = source.ParseMapping(s.Columns); err != nil {
		return o, nil, err
	}
	if s.Rates != "" {
		if o.Rates, err = source.ReadRates(s.Rates); err != nil {
			return o, nil, err
		}
	}
	if s.Concordance != "" {
		if o.Concordance, err = concordance.Read(s.Concordance); err != nil {
			return o, nil, &source.DataError{Err: err}
		}
		warnings = o.Concordance.Warnings
	}
	var patches, exclusions []source.Rule
	if s.Patches != "" {
		if patches, err = source.ReadPatches(s.Patches); err != nil {
			return o, nil, err
		}
	}
	if s.Exclusions != "" {
		if exclusions, err = source.ReadExclusions(s.Exclusions); err != nil {
			return o, nil, err
		}
	}
	o.Rules = source.NewRules(patches, exclusions)
	return o, warnings, nil
}

// Inputs lists the files that must be there for the flows to be read again.
func (s Settings) Inputs() []string {
	files := append([]string(nil), s.Flows...)
	for _, file := range []string{s.Rates, s.Concordance, s.Patches, s.Exclusions} {
		if file != "" {
			files = append(files, file)
		}
	}
	return files
}
