package reconcile

import (
	"counterflow/data"
	"counterflow/data/source"
	"counterflow/reconcile/balance"
	"counterflow/reconcile/cases"
	"counterflow/reconcile/claims"
	"counterflow/reconcile/difference"
	"counterflow/reconcile/margin"
	"counterflow/reconcile/mirror"
	"counterflow/reconcile/reliability"
	"counterflow/reconcile/sensitivity"
	"counterflow/reconcile/stocks"
	"counterflow/reconcile/timing"
	"counterflow/reconcile/units"
)

// Result is a finished run: every table, in its declared order.
type Result struct {
	Settings Settings
	Inputs   []source.Tally
	Files    []File          // read beside the flows, in the order of the settings
	Rejects  []source.Reject // samples, a few of each reason and file

	Coverage    []mirror.Coverage   // by economy, direction, period
	Totals      []data.Flow         // World totals as published, by commodity, reporter, period, direction
	Pairs       []mirror.Pair       // by commodity, exporter, importer, period
	Departures  []cases.Departure   // one for each pair, in the same order
	Margins     []margin.Term       // by model, term
	Lags        []timing.Group      // by distance, worth
	Reliability []reliability.Score // by economy, role, measure, group
	Reconciled  []balance.Reconciled
	Bridges     []balance.LaneStep // of lanes of the first cases: by commodity, exporter, importer, measure, side, place
	Cases       []cases.Case       // by rank
	Claims      []claims.Claim
	Allocations []claims.Allocation // of claims that rest on other cells: by family, window
	Expected    []cases.Expected    // by rank of the case, lane, period; those of lanes judged by their own history
	Sensitivity []sensitivity.Row   // by rank of the case, assumption, level
	Stocks      []stocks.Account
	Refusals    []stocks.Refusal // circular figures of balances; by economy, commodity, item
	Studies     []stocks.Study   // before and after each event: over all importers concerned, then each
	StudyMonths []stocks.StudyMonth
	Events      []Event
	Rules       []AppliedRule  // patches, exclusions and producers as given, then what applied of the lists of the program
	Factors     []units.Factor // by which quantities became weights: given ones, then by commodity and unit

	Tested           int     // hypotheses that were tested
	ExpectedByChance float64 // cases among those found that chance alone would give
	Stages           []Stage
	Warnings         []string // each says what would cure it

	Since *difference.Difference // what changed from an earlier run; nil where none was named
}

// Side is the result as one side of a comparison. name is that of the run's
// folder, version that of the program that made it.
func (r *Result) Side(name, version string) difference.Run {
	return difference.Run{
		Name: name, Version: version,
		Settings: r.Settings, Digits: r.Settings.Digits, FalseShare: r.Settings.FalseShare,
		Files: r.Files, Events: r.Events, Inputs: r.Inputs, Coverage: r.Coverage, Pairs: r.Pairs, Cases: r.Cases,
	}
}

// Stage is what one step of the run did.
type Stage struct {
	Name     string
	Rows     int64   // rows handed on
	Seconds  float64 // wall clock; written to run.json only
	Warnings []string
}

// File is a file that a run reads beside the flows.
type File = difference.File

// Event is a dated measure, as read from the file of events.
type Event = data.Event
