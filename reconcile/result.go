package reconcile

import (
	"counterflow/data"
	"counterflow/data/source"
	"counterflow/reconcile/balance"
	"counterflow/reconcile/cases"
	"counterflow/reconcile/claims"
	"counterflow/reconcile/margin"
	"counterflow/reconcile/mirror"
	"counterflow/reconcile/reliability"
	"counterflow/reconcile/stocks"
)

// Result is a finished run: every table, in its declared order.
type Result struct {
	Settings Settings
	Inputs   []source.Tally
	Rejects  []source.Reject // samples, a few of each reason and file

	Coverage    []mirror.Coverage   // by economy, direction, period
	Totals      []data.Flow         // World totals as published, by commodity, reporter, period, direction
	Pairs       []mirror.Pair       // by commodity, exporter, importer, period
	Departures  []cases.Departure   // one for each pair, in the same order
	Margins     []margin.Term       // by model, term
	Reliability []reliability.Score // by economy, role, measure, group
	Reconciled  []balance.Reconciled
	Cases       []cases.Case // by rank
	Claims      []claims.Claim
	Stocks      []stocks.Account
	Events      []Event

	Tested           int     // hypotheses that were tested
	ExpectedByChance float64 // cases among those found that chance alone would give
	Stages           []Stage
	Warnings         []string // each says what would cure it
}

// Event is a dated measure that the reader may want to see beside the series.
// It never serves as a cause in generated text, only as a date.
type Event struct {
	ID          string
	Announced   data.Period
	Effective   data.Period
	End         data.Period // none where open
	Actor       string      // ISO3
	Target      string      // ISO3, several joined by |, or "world"
	Commodities []data.Commodity
	Instrument  string
	Source      string
}

// Stage is what one step of the run did.
type Stage struct {
	Name     string
	Rows     int64   // rows handed on
	Seconds  float64 // wall clock; written to run.json only
	Warnings []string
}
