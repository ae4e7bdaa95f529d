package table

import (
	"counterflow/data"
	"counterflow/reconcile/difference"
)

// Since is what changed from an earlier run and stands in no table.
type Since struct {
	Run           string                    `json:"run"`    // name of the earlier run
	Cases         map[difference.Status]int `json:"cases"`  // by what became of them
	Causes        map[difference.Cause]int  `json:"causes"` // changed cases that each may have brought about
	NewPeriods    []data.Period             `json:"new_periods,omitempty"`
	LeftPeriods   []data.Period             `json:"left_periods,omitempty"`
	Arrived       []Arrival                 `json:"late_reports,omitempty"`
	Left          []Arrival                 `json:"reports_gone,omitempty"`
	Settings      []Setting                 `json:"settings,omitempty"`
	InputsAdded   []string                  `json:"inputs_added,omitempty"`
	InputsDropped []string                  `json:"inputs_dropped,omitempty"`
	Compared      int64                     `json:"amounts_compared"`
	Restated      int64                     `json:"amounts_restated"`
	Added         int64                     `json:"amounts_added"`
	Withdrawn     int64                     `json:"amounts_withdrawn"`
	Warnings      []string                  `json:"warnings,omitempty"`
}

// Arrival is one report that only one of the runs has. A value that was not
// stated is null.
type Arrival struct {
	Economy data.Economy `json:"economy"`
	Flow    string       `json:"flow"` // X or M
	Period  data.Period  `json:"period"`
	Rows    int64        `json:"rows"`
	Cents   *int64       `json:"value_us_cents"`
}

// Setting is one setting that differs.
type Setting struct {
	Name   string `json:"name"`
	Before string `json:"before"`
	After  string `json:"after"`
}

func newSince(d *difference.Difference) *Since {
	s := &Since{
		Run: d.Run, Cases: d.Counts(), Causes: d.CausesCounted(), NewPeriods: d.NewPeriods, LeftPeriods: d.LeftPeriods,
		Arrived: arrivals(d.Arrived), Left: arrivals(d.Left), InputsAdded: d.InputsAdded, InputsDropped: d.InputsDropped,
		Compared: d.Compared, Restated: d.Restated, Added: d.Added, Withdrawn: d.Withdrawn, Warnings: d.Warnings,
	}
	for _, x := range d.Settings {
		s.Settings = append(s.Settings, Setting(x))
	}
	return s
}

func arrivals(list []difference.Arrival) []Arrival {
	var all []Arrival
	for _, x := range list {
		a := Arrival{Economy: x.Economy, Flow: x.Direction.String(), Period: x.Period, Rows: x.Rows}
		if x.Value.Known() {
			cents := int64(x.Value)
			a.Cents = &cents
		}
		all = append(all, a)
	}
	return all
}

// difference gives back what newSince wrote; the tables hold the rest.
func (s *Since) difference() *difference.Difference {
	d := &difference.Difference{
		Run: s.Run, NewPeriods: s.NewPeriods, LeftPeriods: s.LeftPeriods,
		Arrived: differenceArrivals(s.Arrived), Left: differenceArrivals(s.Left),
		InputsAdded: s.InputsAdded, InputsDropped: s.InputsDropped,
		Compared: s.Compared, Restated: s.Restated, Added: s.Added, Withdrawn: s.Withdrawn, Warnings: s.Warnings,
	}
	for _, x := range s.Settings {
		d.Settings = append(d.Settings, difference.Setting(x))
	}
	return d
}

func differenceArrivals(list []Arrival) []difference.Arrival {
	var all []difference.Arrival
	for _, x := range list {
		a := difference.Arrival{Economy: x.Economy, Period: x.Period, Rows: x.Rows, Value: data.MissingUSD}
		if x.Flow == data.Import.String() {
			a.Direction = data.Import
		}
		if x.Cents != nil {
			a.Value = data.USD(*x.Cents)
		}
		all = append(all, a)
	}
	return all
}
