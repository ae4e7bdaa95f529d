package main

import (
	"math"

	"counterflow/data"
	"counterflow/reconcile/cases"
	"counterflow/reconcile/difference"
)

// differenceView is a difference as JSON: amounts in kilograms and US dollars,
// null where missing.
type differenceView struct {
	Counts        map[difference.Status]int `json:"cases"`
	Causes        map[difference.Cause]int  `json:"causes"` // changed cases beside which each stands
	Changes       []changeView              `json:"changes"`
	NewPeriods    []data.Period             `json:"new_periods"`
	LeftPeriods   []data.Period             `json:"left_periods"`
	Arrived       []arrivalView             `json:"late_reports"`
	Left          []arrivalView             `json:"reports_gone"`
	Compared      int64                     `json:"amounts_compared"`
	Restated      int64                     `json:"amounts_restated"`
	Added         int64                     `json:"amounts_added"`
	Withdrawn     int64                     `json:"amounts_withdrawn"`
	Revisions     []revisionView            `json:"revisions"`
	Settings      []settingView             `json:"settings"`
	InputsAdded   []string                  `json:"inputs_added"`
	InputsDropped []string                  `json:"inputs_dropped"`
	Warnings      []string                  `json:"warnings"`
}

type changeView struct {
	Status  difference.Status   `json:"status"`
	Ratings []difference.Rating `json:"ratings,omitempty"`
	Causes  []difference.Cause  `json:"causes,omitempty"`
	Revised int                 `json:"amounts_restated"`
	Before  *caseView           `json:"before"`
	After   *caseView           `json:"after"`
}

type caseView struct {
	ID         string         `json:"case_id"`
	Rank       int            `json:"rank"`
	Kind       cases.Kind     `json:"kind"`
	Commodity  data.Commodity `json:"commodity"`
	Related    string         `json:"related_commodity,omitempty"`
	Exporter   data.Exporter  `json:"exporter"`
	Importer   data.Importer  `json:"importer"`
	Via        data.Economy   `json:"via"`
	Start      data.Period    `json:"start"`
	End        data.Period    `json:"end"`
	Excess     amount         `json:"excess_kg"`
	Low        amount         `json:"excess_kg_low"`
	High       amount         `json:"excess_kg_high"`
	USD        amount         `json:"excess_usd"`
	Q          *float64       `json:"q_value"`
	Assessable bool           `json:"assessable"`
	Statement  string         `json:"statement"`
}

type arrivalView struct {
	Economy   data.Economy   `json:"economy"`
	Direction data.Direction `json:"flow"`
	Period    data.Period    `json:"period"`
	Rows      int64          `json:"rows"`
	USD       amount         `json:"value_usd"`
}

type revisionView struct {
	Reporter  data.Economy   `json:"reporter"`
	Direction data.Direction `json:"flow"`
	Commodity data.Commodity `json:"commodity"`
	Exporter  data.Exporter  `json:"exporter"`
	Importer  data.Importer  `json:"importer"`
	Period    data.Period    `json:"period"`
	KgBefore  amount         `json:"kg_before"`
	KgAfter   amount         `json:"kg_after"`
	USDBefore amount         `json:"usd_before"`
	USDAfter  amount         `json:"usd_after"`
	Relative  float64        `json:"relative_change"`
}

type settingView struct {
	Name   string `json:"name"`
	Before string `json:"before"`
	After  string `json:"after"`
}

// amount is exact decimal text, written as a JSON number; "" is null.
type amount string

func (a amount) MarshalJSON() ([]byte, error) {
	if a == "" {
		return []byte("null"), nil
	}
	return []byte(a), nil
}

func diffView(d *difference.Difference) differenceView {
	return differenceView{
		Counts: d.Counts(), Causes: d.CausesCounted(),
		NewPeriods: listOf(d.NewPeriods, asIs), LeftPeriods: listOf(d.LeftPeriods, asIs),
		Arrived: listOf(d.Arrived, viewArrival), Left: listOf(d.Left, viewArrival),
		Compared: d.Compared, Restated: d.Restated, Added: d.Added, Withdrawn: d.Withdrawn,
		Revisions: listOf(d.Revisions, viewRevision), Changes: listOf(d.Changes, viewChange),
		Settings:    listOf(d.Settings, func(s difference.Setting) settingView { return settingView(s) }),
		InputsAdded: listOf(d.InputsAdded, asIs), InputsDropped: listOf(d.InputsDropped, asIs), Warnings: listOf(d.Warnings, asIs),
	}
}

// listOf is never nil, so that JSON has an empty list and no null.
func listOf[T, V any](list []T, view func(T) V) []V {
	views := make([]V, len(list))
	for i, x := range list {
		views[i] = view(x)
	}
	return views
}

func asIs[T any](x T) T { return x }

func viewChange(c difference.Change) changeView {
	return changeView{Status: c.Status, Ratings: c.Ratings, Causes: c.Causes, Revised: c.Revised, Before: viewCase(c.Before), After: viewCase(c.After)}
}

func viewCase(c *cases.Case) *caseView {
	if c == nil {
		return nil
	}
	v := &caseView{
		ID: c.ID, Rank: c.Rank, Kind: c.Kind, Commodity: c.Goods, Related: c.Related.Code(),
		Exporter: c.Exporter, Importer: c.Importer, Via: c.Via, Start: c.Start, End: c.End,
		Excess: amount(c.ExcessKg.Text()), Low: amount(c.ExcessKgLow.Text()), High: amount(c.ExcessKgHigh.Text()),
		USD: amount(c.ExcessUSD.Text()), Assessable: c.Assessable, Statement: c.Statement,
	}
	if !math.IsNaN(c.Q) { // JSON has none
		v.Q = &c.Q
	}
	return v
}

func viewArrival(a difference.Arrival) arrivalView {
	return arrivalView{a.Economy, a.Direction, a.Period, a.Rows, amount(a.Value.Text())}
}

func viewRevision(r difference.Revision) revisionView {
	return revisionView{
		Reporter: r.Reporter(), Direction: r.Direction, Commodity: r.Commodity, Exporter: r.Exporter, Importer: r.Importer, Period: r.Period,
		KgBefore: amount(r.KgBefore.Text()), KgAfter: amount(r.KgAfter.Text()),
		USDBefore: amount(r.Before.Text()), USDAfter: amount(r.After.Text()), Relative: r.Relative(),
	}
}
