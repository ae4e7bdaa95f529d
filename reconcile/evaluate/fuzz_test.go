package evaluate

import (
	"errors"
	"strings"
	"testing"

	"counterflow/data"
)

// No table may make a reader panic, and what it takes can be scored.

func FuzzReadTruth(f *testing.F) {
	f.Add(truthCSV, slipsCSV, accuracyTrue, `{"hubs": ["NLD"]}`)
	f.Add("id,kind\n", "", "commodity\n\"", "{")
	f.Fuzz(func(t *testing.T, planted, slips, flows, world string) {
		truth := &Truth{Hubs: map[data.Economy]bool{}, flows: map[cell]amount{}}
		err := errors.Join(truth.readPlanted(strings.NewReader(planted)), truth.readSlips(strings.NewReader(slips)),
			truth.readFlows(strings.NewReader(flows)), truth.readHubs(strings.NewReader(world)))
		if err == nil {
			_ = Evaluate(&Run{Cases: []Case{{Assessable: true}}}, truth, DefaultRules()).Text()
		}
	})
}

func FuzzReadRun(f *testing.F) {
	f.Add(casesCSV, accuracyPairs, accuracyReconciled)
	f.Add(casesHeader, pairsHeader, "kg\n")
	f.Fuzz(func(t *testing.T, cases, pairs, reconciled string) {
		truth := &Truth{Hubs: map[data.Economy]bool{}, flows: map[cell]amount{}}
		if err := errors.Join(truth.readPlanted(strings.NewReader(truthCSV)), truth.readFlows(strings.NewReader(accuracyTrue))); err != nil {
			t.Fatal(err)
		}
		run := &Run{reconciled: map[cell]estimate{}}
		err := errors.Join(run.readCases(strings.NewReader(cases)), run.readPairs(strings.NewReader(pairs)), run.readReconciled(strings.NewReader(reconciled)))
		if err == nil {
			_ = Evaluate(run, truth, DefaultRules()).Text()
		}
	})
}
