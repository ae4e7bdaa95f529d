package evaluate

import "math"

// rule is a plain threshold on single pairs.
type rule struct {
	name   string
	months int // in a row
	broken func(x, m float64) bool
}

// plainThresholds are the two rules that peers publish.
var plainThresholds = []rule{
	{"|gap|/max > 25% for three months", 3, func(x, m float64) bool { return math.Abs(m-x) > 0.25*math.Max(x, m) }},
	{"ratio > 2", 1, func(x, m float64) bool { return math.Max(x, m) > 2*math.Min(x, m) }},
}

// baselines scores the plain thresholds by the rules of the run's own cases.
func (s *Score) baselines(run *Run, truth *Truth) {
	for _, r := range plainThresholds {
		cases := r.cases(run)
		flagged := flaggedAt(cases, 1)
		verdicts := judge(cases, truth, s.Rules)
		b := Baseline{Name: r.name, False: countFalses(r.name, cases, flagged, verdicts)}
		b.Overall.Name = r.name
		outcomes := outcomesOf(cases, flagged, verdicts, truth, s.Rules)
		for i := range outcomes {
			b.Overall.count(&outcomes[i])
		}
		s.Baselines = append(s.Baselines, b)
	}
}

// cases makes a case of every run of months in which the rule is broken, in
// weight where both sides give one and else in value. A side that spoke but did
// not declare counts as zero; a month in which one was silent ends the run.
func (r rule) cases(run *Run) []Case {
	var all []Case
	for start := 0; start < len(run.cells); {
		if !r.brokenAt(run, start) {
			start++
			continue
		}
		end := start + 1
		for end < len(run.cells) && follows(run.cells[end-1], run.cells[end]) && r.brokenAt(run, end) {
			end++
		}
		if end-start >= r.months {
			all = append(all, caseOf(run, start, end))
		}
		start = end
	}
	return all
}

func (r rule) brokenAt(run *Run, at int) bool {
	x, m := run.reports[at].sides()
	return run.reports[at].spoke && r.broken(x, m)
}

// sides are the two amounts that are compared.
func (p *report) sides() (x, m float64) {
	if p.xKg > 0 && p.mKg > 0 {
		return p.xKg, p.mKg
	}
	return zero(p.xUSD), zero(p.mUSD)
}

func zero(v float64) float64 {
	if math.IsNaN(v) {
		return 0
	}
	return v
}

func follows(a, b cell) bool {
	next := a
	next.period = a.period.Add(1)
	return next == b
}

func caseOf(run *Run, start, end int) Case {
	first := run.cells[start]
	c := Case{Commodity: first.commodity, Exporter: first.exporter, Importer: first.importer, Assessable: true,
		Start: first.period.Start(), End: run.cells[end-1].period.End(), KgLow: math.NaN(), KgHigh: math.NaN()}
	for i := start; i < end; i++ {
		p := &run.reports[i]
		c.Kg += zero(p.mKg) - zero(p.xKg)
		c.USD += zero(p.mUSD) - zero(p.xUSD)
	}
	if c.Kind = "missing_export"; c.USD < 0 {
		c.Kind = "missing_import"
	}
	c.Kg, c.USD = math.Abs(c.Kg), math.Abs(c.USD)
	return c
}
