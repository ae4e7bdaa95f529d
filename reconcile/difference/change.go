package difference

import (
	"counterflow/data"
	"counterflow/reconcile/cases"
)

// Status is what became of a case from the earlier run to the later.
type Status string

// Statuses in the order in which changes are listed.
var Statuses = []Status{New, Rerated, Resolved, Persisting}

// The statuses.
const (
	New        Status = "new"        // only the later run has it
	Persisting Status = "persisting" // both have it, with the same rating
	Rerated    Status = "re_rated"   // both have it, with another rating
	Resolved   Status = "resolved"   // only the earlier run has it
)

// Rating is in which respect a case that both runs have is rated otherwise.
type Rating string

// The ratings.
const (
	RatedKind       Rating = "kind"       // the same lane and window under another kind
	RatedFound      Rating = "found"      // q crossed the false share of its run
	RatedAssessable Rating = "assessable" // can be judged now, or no longer
	RatedExcess     Rating = "excess"     // excess per month: each lies outside the interval of the other
)

// Cause is what may have brought a change about.
type Cause string

// Causes in the order of directness.
var Causes = []Cause{NewPeriods, LeftPeriods, LateReports, Revisions, Settings, Version, Elsewhere}

// The causes, the most direct first.
const (
	NewPeriods  Cause = "new_periods"  // the window holds periods that the earlier run did not have
	LeftPeriods Cause = "left_periods" // the window holds periods that the later run does not have
	LateReports Cause = "late_reports" // a reporter on the case's lanes had been silent for one of the common periods, or is now
	Revisions   Cause = "revisions"    // an amount on the case's lanes was restated in one of the common periods
	Settings    Cause = "settings"     // a setting that decides results differs
	Version     Cause = "version"      // the runs were made by different versions of the program
	Elsewhere   Cause = "elsewhere"    // none of these: levels learnt from other lanes, or the number of tests, moved
)

// Change is one case in two runs.
type Change struct {
	Status  Status
	Before  *cases.Case // nil where new
	After   *cases.Case // nil where resolved
	Ratings []Rating    // of a re-rated case, in the order above
	Causes  []Cause     // of all but persisting cases, in the order above
	Revised int         // amounts restated on the case's lanes, whatever their size
}

// Case gives the case as the later run has it, else as the earlier had it.
func (c *Change) Case() *cases.Case {
	if c.After != nil {
		return c.After
	}
	return c.Before
}

// Revision is what one reporter states about one corridor and period, then and
// now. An amount that it did not state is missing.
type Revision struct {
	Commodity         data.Commodity
	Exporter          data.Exporter
	Importer          data.Importer
	Period            data.Period
	Direction         data.Direction // Export: the exporter is the reporter; Import: the importer
	KgBefore, KgAfter data.Kg
	Before, After     data.USD // FOB for exports, CIF or as stated for imports
}

// Reporter is the economy that restated the amount.
func (r *Revision) Reporter() data.Economy {
	if r.Direction.Outward() {
		return data.Economy(r.Exporter)
	}
	return data.Economy(r.Importer)
}

// Arrival is a reporter, direction and period on which one run has reports and
// the other none, while other reporters had that period in both.
type Arrival struct {
	Economy   data.Economy
	Direction data.Direction
	Period    data.Period
	Rows      int64
	Value     data.USD
}

// Setting is one setting that differs.
type Setting struct {
	Name          string
	Before, After string
}

// Difference is the answer.
type Difference struct {
	Run     string   // name of the earlier run
	Changes []Change // new, re-rated, resolved, persisting; within each by rank

	NewPeriods, LeftPeriods []data.Period // that only the later, only the earlier run has
	Arrived, Left           []Arrival     // late reports, and reports that are gone; by economy, direction, period

	// Revisions at or above the level, the largest change in value first.
	Revisions []Revision
	Compared  int64 // amounts, one for each reporter and corridor, that both runs could have
	Restated  int64 // of these, not the same to the cent and the gram
	Added     int64 // of the restated, not stated before
	Withdrawn int64 // of the restated, not stated now

	Settings      []Setting
	InputsAdded   []string // files whose bytes only the later run read
	InputsDropped []string // files whose bytes only the earlier run read
	Warnings      []string
}

// Count gives the number of cases of one status.
func (d *Difference) Count(s Status) int {
	n := 0
	for i := range d.Changes {
		if d.Changes[i].Status == s {
			n++
		}
	}
	return n
}

// Counts gives the number of cases of every status.
func (d *Difference) Counts() map[Status]int {
	counts := map[Status]int{}
	for _, s := range Statuses {
		counts[s] = d.Count(s)
	}
	return counts
}

// CausesCounted gives for each cause the number of changed cases beside which it
// stands. A case with two causes counts under both.
func (d *Difference) CausesCounted() map[Cause]int {
	counts := map[Cause]int{}
	for i := range d.Changes {
		for _, c := range d.Changes[i].Causes {
			counts[c]++
		}
	}
	return counts
}
