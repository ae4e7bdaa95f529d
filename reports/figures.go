package reports

import (
	"counterflow/data"
	"counterflow/reconcile"
	"counterflow/reconcile/cases"
	"counterflow/reports/chart"
)

// Figures decides which charts a run gives, in the order of the report. A chart
// for which the run has no data is among them, absent and with its reason, so
// that the report can say so; only present charts become files.
func Figures(r *reconcile.Result, o Options) []chart.Chart {
	o = o.filled()
	v := newView(r, o)
	var figures []chart.Chart
	for _, s := range sections() {
		if s.figures == nil {
			continue
		}
		for _, c := range s.figures(v) {
			c.Section = s.name
			figures = append(figures, c)
		}
	}
	return figures
}

// view is a run as the figures look at it.
type view struct {
	*reconcile.Result
	options     Options
	first, last data.Period // of the periods shown
	expected    map[laneOfCase][]cases.Expected
}

// laneOfCase names a lane that a case rests on.
type laneOfCase struct {
	caseID string
	lane   laneKey
}

// newView finds the time shown: the months where there are any, else the years.
func newView(r *reconcile.Result, o Options) view {
	v := view{Result: r, options: o, expected: map[laneOfCase][]cases.Expected{}}
	for _, x := range r.Expected {
		key := laneOfCase{x.CaseID, laneKey{x.Goods, x.Exporter, x.Importer}}
		v.expected[key] = append(v.expected[key], x)
	}
	extend := func(p data.Period) {
		switch {
		case p == 0:
		case v.first == 0 || p.Monthly() && !v.first.Monthly():
			v.first, v.last = p, p
		case p.Monthly() == v.first.Monthly():
			v.first, v.last = min(v.first, p), max(v.last, p)
		}
	}
	for i := range r.Coverage {
		extend(r.Coverage[i].Period)
	}
	for i := range r.Pairs {
		extend(r.Pairs[i].Period)
	}
	return v
}

// fewForLines is the number of periods from which lines say more than pairs of
// marks.
const fewForLines = 4

func (v view) fewPeriods() bool {
	return v.first == 0 || v.last.Index()-v.first.Index()+1 < fewForLines
}
