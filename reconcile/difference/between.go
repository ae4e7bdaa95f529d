package difference

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"counterflow/data"
	"counterflow/data/source"
	"counterflow/reconcile/cases"
	"counterflow/reconcile/mirror"
)

// Run is one side of the comparison: what of a finished run plays a part in it.
type Run struct {
	Name    string // of its folder, "" where unknown
	Version string // of the program that made it, "" where unknown

	Files      []File  // read beside the flows
	Settings   any     // struct whose fields are named by their yaml tags
	Digits     int     // of the settings: commodity digits that are compared
	FalseShare float64 // of the settings: q at which a case counts as found
	Events     []data.Event
	Inputs     []source.Tally
	Coverage   []mirror.Coverage // by economy, direction, period
	Pairs      []mirror.Pair
	Cases      []cases.Case
}

// File is a file that a run reads beside the flows, such as exchange rates.
type File struct {
	Setting string // that names it
	Name    string // base name
	SHA256  string
	Bytes   int64
}

// Options decide which revisions are listed. Causes do not depend on them.
type Options struct {
	Level      float64 // smallest relative change, 0 to 1; see Revision.Relative
	MinimumUSD float64 // smallest value, then or now, of a corridor whose revisions are listed
}

// Defaults are conventions: a tenth, and the smallest excess that makes a case
// where the settings say nothing else.
func Defaults() Options {
	return Options{Level: 0.10, MinimumUSD: 10_000}
}

// Check reports every mistake at once.
func (o Options) Check() error {
	var wrong []error
	if !(o.Level >= 0 && o.Level <= 1) {
		wrong = append(wrong, fmt.Errorf("level: %g is outside 0 to 1; 0.1 lists revisions of a tenth and more", o.Level))
	}
	if !(o.MinimumUSD >= 0) {
		wrong = append(wrong, fmt.Errorf("minimum_usd: %g is negative", o.MinimumUSD))
	}
	return errors.Join(wrong...)
}

// Between says what changed from one run to a later one. The runs are not
// written to; the answer points into their cases.
func Between(before, after Run, o Options) (*Difference, error) {
	if err := o.Check(); err != nil {
		return nil, err
	}
	b, a := &before, &after
	then, now := newReports(b.Coverage), newReports(a.Coverage)
	d := &Difference{
		Run:         b.Name,
		Changes:     Match(b.Cases, a.Cases, [2]float64{b.FalseShare, a.FalseShare}),
		NewPeriods:  missingFrom(then, now),
		LeftPeriods: missingFrom(now, then),
		Arrived:     arrivals(a.Coverage, then),
		Left:        arrivals(b.Coverage, now),
		Settings:    settings(b, a),
	}
	d.InputsAdded, d.InputsDropped = absent(b.Inputs, a.Inputs), absent(a.Inputs, b.Inputs)
	d.warn(b, a, then, now)
	evidence := newEvidence(d.Changes)
	d.compare(b, a, then, now, o, evidence)
	evidence.arrivals(d.Arrived)
	evidence.arrivals(d.Left)
	d.attribute(evidence, before.Version != after.Version)
	return d, nil
}

// compare walks the pairs of both runs and notes what was restated.
func (d *Difference) compare(b, a *Run, then, now *reports, o Options, evidence *evidence) {
	walk(ordered(b.Pairs), ordered(a.Pairs), func(before, after *mirror.Pair) {
		for _, r := range sides(before, after) {
			at := report{r.Reporter(), r.Direction, r.Period}
			if !then.spoke[at] || !now.spoke[at] || !r.statedBefore() && !r.statedAfter() {
				continue
			}
			d.Compared++
			if r.same() {
				continue
			}
			d.Restated++
			switch {
			case !r.statedBefore():
				d.Added++
			case !r.statedAfter():
				d.Withdrawn++
			}
			evidence.revision(&r)
			if r.large(o) {
				d.Revisions = append(d.Revisions, r)
			}
		}
	})
	slices.SortStableFunc(d.Revisions, func(x, y Revision) int {
		return cmp.Compare(max(y.Change(), -y.Change()), max(x.Change(), -x.Change()))
	})
}

// warn says what keeps the two runs from being compared in full.
func (d *Difference) warn(b, a *Run, then, now *reports) {
	if b.Digits != a.Digits {
		d.Warnings = append(d.Warnings, fmt.Sprintf("commodities are compared at %d digits in one run and %d in the other: cases and pairs of different codes do not match; run both with the same --digits",
			b.Digits, a.Digits))
	}
	if len(then.periods)+len(now.periods) > 0 && len(d.NewPeriods) == len(now.periods) {
		d.Warnings = append(d.Warnings, "the runs have no period in common; revisions cannot be seen")
	}
}

// absent lists the files of one run whose bytes the other did not read.
func absent(other, run []source.Tally) []string {
	read := map[string]bool{}
	for _, t := range other {
		read[t.SHA256] = true
	}
	var names []string
	for _, t := range run {
		if !read[t.SHA256] {
			names = append(names, t.File)
		}
	}
	return names
}

// anyWithin says whether any month of a window lies in one of the periods.
func anyWithin(periods []data.Period, start, end data.Period) bool {
	for _, p := range periods {
		if p.End().Index() >= start.Start().Index() && p.Start().Index() <= end.End().Index() {
			return true
		}
	}
	return false
}
