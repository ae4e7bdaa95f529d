package reconcile

import (
	"context"

	"counterflow/data"
	"counterflow/data/reference"
	"counterflow/data/source"
	"counterflow/reconcile/mirror"
)

// AppliedRule is one entry of a list of patches, exclusions or producers, or of the
// lists that come with the program, with what it touched.
type AppliedRule struct {
	List     string // patches, exclusions, producers; fob_importers and hubs come with the program
	Place    int    // line of its file, or place in the list
	Who      data.Economy
	What     string
	Why      string
	Source   string
	From, To data.Period // first and last period; 0 for open
	Applied  int64       // rows changed or left out; for others pairs
}

// rules reads the lists that the settings name.
func (r *runner) rules(context.Context) (int64, error) {
	s := r.settings
	for _, list := range []struct {
		name, path string
		read       func(string) ([]source.Rule, error)
		to         *[]source.Rule
	}{
		{"patches", s.Patches, source.ReadPatches, &r.patches},
		{"exclusions", s.Exclusions, source.ReadExclusions, &r.exclusions},
		{"producers", s.Producers, source.ReadProducers, &r.producers},
	} {
		if list.path == "" {
			continue
		}
		rules, err := list.read(list.path)
		if err != nil {
			return 0, err
		}
		*list.to = rules
		for _, rule := range rules {
			r.result.Rules = append(r.result.Rules, AppliedRule{List: list.name, Place: rule.Line, Who: rule.Who, What: rule.What,
				Why: rule.Why, Source: rule.Source, From: rule.From, To: rule.To})
		}
	}
	return int64(len(r.result.Rules)), nil
}

// countRules says what the rules touched: rows, as they were read, and for producers
// and the lists that come with the program the pairs that they are about.
func (r *runner) countRules(applied []int64) {
	for i, n := range applied { // patches, then exclusions, as they stand in the result
		r.result.Rules[i].Applied = n
	}
	for i := range r.producers {
		at := len(r.patches) + len(r.exclusions) + i
		for k := range r.result.Pairs {
			p := &r.result.Pairs[k]
			if data.Economy(p.Exporter) == r.producers[i].Who && r.producers[i].Holds(p.Commodity, p.Period) {
				r.result.Rules[at].Applied++
			}
		}
	}
	r.countLists()
}

// countLists adds the entries of the lists that come with the program and touched a
// pair.
func (r *runner) countLists() {
	fob, hubs := map[data.Economy]int64{}, map[data.Economy]int64{}
	for i := range r.result.Pairs {
		p := &r.result.Pairs[i]
		if p.Notes.Has(mirror.ImportFOB) && reference.ImportsFOB(data.Economy(p.Importer), p.Period.Year()) {
			fob[data.Economy(p.Importer)]++
		}
		hubs[data.Economy(p.Exporter)]++
		hubs[data.Economy(p.Importer)]++
	}
	for i, f := range reference.FOBImporters() {
		if n := fob[f.Economy]; n > 0 {
			entry := AppliedRule{List: "fob_importers", Place: i + 1, Who: f.Economy, What: f.What, Why: "no margin is taken off", Source: f.Source, Applied: n}
			entry.From, entry.To = yearOf(f.From), yearOf(f.To)
			r.result.Rules = append(r.result.Rules, entry)
		}
	}
	for i, h := range reference.Hubs() {
		if n := hubs[h.Economy]; n > 0 {
			r.result.Rules = append(r.result.Rules, AppliedRule{List: "hubs", Place: i + 1, Who: h.Economy, What: "entrepot", Why: h.Role, Source: h.Source, Applied: n})
		}
	}
}

func yearOf(year int) data.Period {
	p, err := data.Year(year)
	if err != nil {
		return 0
	}
	return p
}

// made are balances that say no more than who makes what, as the list of producers
// has it, for the commodities of the pairs.
func (r *runner) made() []data.Balance {
	pairs := r.result.Pairs
	if len(r.producers) == 0 || len(pairs) == 0 {
		return nil
	}
	first, last := pairs[0].Period, pairs[0].Period
	for i := range pairs {
		first, last = min(first, pairs[i].Period), max(last, pairs[i].Period)
	}
	var balances []data.Balance
	for i := range pairs {
		if i > 0 && pairs[i].Commodity == pairs[i-1].Commodity {
			continue
		}
		for k := range r.producers {
			if rule := &r.producers[k]; rule.During(first, last) && rule.About(pairs[i].Commodity) {
				balances = append(balances, data.Balance{Economy: rule.Who, Commodity: pairs[i].Commodity, Period: first, Item: data.Production, Kg: 1, Basis: rule.Source})
			}
		}
	}
	return balances
}
