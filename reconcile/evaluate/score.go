package evaluate

import "math"

// Levels of q at which calibration is reported.
var calibrationLevels = []float64{0.01, 0.05, 0.10, 0.20}

// Evaluate scores a run.
func Evaluate(run *Run, truth *Truth, rules Rules) *Score {
	s := &Score{Rules: rules}
	verdicts := judge(run.Cases, truth, rules)
	flagged := flaggedAt(run.Cases, rules.Q)
	outcomes := outcomesOf(run.Cases, flagged, verdicts, truth, rules)
	s.stratify(outcomes)
	s.Outcomes = toldOf(outcomes)
	s.countFalse(run.Cases, flagged, verdicts)
	s.attribute(run.Cases, flagged, verdicts, truth)
	s.Slips = scoreSlips(run.Cases, truth)
	for _, q := range calibrationLevels {
		s.Calibration = append(s.Calibration, atQ(run.Cases, verdicts, q))
	}
	s.Intervals = append(s.Intervals, caseIntervals(outcomes))
	s.measure(run, truth)
	s.baselines(run, truth)
	return s
}

// Outcomes says what became of each planted case in a run, in the order of the
// truth; of the run only the cases are looked at.
func Outcomes(run *Run, truth *Truth, rules Rules) []Outcome {
	return toldOf(outcomesOf(run.Cases, flaggedAt(run.Cases, rules.Q), judge(run.Cases, truth, rules), truth, rules))
}

func toldOf(outcomes []outcome) []Outcome {
	var told []Outcome
	for i := range outcomes {
		told = append(told, outcomes[i].told())
	}
	return told
}

// flaggedAt lists the cases that count at a level of q.
func flaggedAt(cases []Case, q float64) []int {
	var flagged []int
	for i := range cases {
		if c := &cases[i]; c.Assessable && c.Kind != unitSlip && c.Q <= q {
			flagged = append(flagged, i)
		}
	}
	return flagged
}

// outcome is what became of one planted case.
type outcome struct {
	planted             *Planted
	visible             bool
	best                *Case // nil where it was not found
	named, sized, trace bool
}

// outcomesOf picks the best flagged case for every planted one: a named one
// before others, then the smaller q, then the order of the table.
func outcomesOf(cases []Case, flagged []int, verdicts []verdict, truth *Truth, rules Rules) []outcome {
	all := make([]outcome, len(truth.Planted))
	for i := range all {
		p := &truth.Planted[i]
		all[i] = outcome{planted: p, visible: rules.Visible(p)}
	}
	for _, at := range flagged {
		c := &cases[at]
		for _, i := range verdicts[at].matches {
			o := &all[i]
			name := named(c, o.planted)
			o.trace = o.trace || o.planted.diversion() && c.Exporter == o.planted.Exporter
			if o.best == nil || name && !o.named || name == o.named && c.Q < o.best.Q {
				o.best, o.named = c, name
			}
		}
	}
	for i := range all {
		if o := &all[i]; o.best != nil {
			o.sized = rules.sized(o.best, o.planted)
		}
	}
	return all
}

func (o *outcome) told() Outcome {
	t := Outcome{ID: o.planted.ID, Kind: o.planted.Kind, Visible: o.visible, Named: o.named, Sized: o.sized, Traced: o.trace}
	if o.best != nil {
		t.Found, t.CaseID, t.As = true, o.best.ID, o.best.Kind
	}
	return t
}

// sized compares with what was seen, or with the whole where the truth does not
// tell.
func (r Rules) sized(c *Case, p *Planted) bool {
	size, planted := c.Kg, p.SeenKg
	if p.Kind == valueGap {
		size, planted = c.USD, p.SeenUSD
	}
	ratio := math.Abs(size) / planted
	return ratio >= r.SizeLow && ratio <= r.SizeHigh
}

func (t *Tally) count(o *outcome) {
	t.Planted++
	add := func(n *int, yes bool) {
		if yes {
			*n++
		}
	}
	add(&t.Found, o.best != nil)
	add(&t.Named, o.named)
	add(&t.Sized, o.sized)
	add(&t.Diversions, o.planted.diversion())
	add(&t.Traced, o.trace)
}

func (s *Stratum) count(o *outcome) {
	s.All.count(o)
	if o.visible {
		s.Visible.count(o)
	}
}

// countFalse counts the flagged cases that match nothing, over all and by kind.
func (s *Score) countFalse(cases []Case, flagged []int, verdicts []verdict) {
	s.False = countFalses("all", cases, flagged, verdicts)
	byKind := map[string][]int{}
	var order []string
	for _, at := range flagged {
		kind := cases[at].Kind
		if byKind[kind] == nil {
			order = append(order, kind)
		}
		byKind[kind] = append(byKind[kind], at)
	}
	for _, kind := range sortKinds(order) {
		f := countFalses(kind, cases, byKind[kind], verdicts)
		f.Share = ratio(f.False, f.Flagged)
		s.FalseByKind = append(s.FalseByKind, f)
	}
}

func countFalses(name string, cases []Case, flagged []int, verdicts []verdict) Falses {
	f := Falses{Name: name, Flagged: len(flagged)}
	found := map[int]bool{}
	for _, at := range flagged {
		v := &verdicts[at]
		switch {
		case v.false():
			f.False++
		case len(v.matches) == 0:
			f.Belonging++
		}
		for _, i := range v.matches {
			found[i] = true
		}
	}
	f.DistinctFound = len(found)
	f.Share = ratio(f.False, f.False+f.DistinctFound)
	return f
}

// atQ is the false share at one level of q.
func atQ(cases []Case, verdicts []verdict, q float64) AtQ {
	f := countFalses("", cases, flaggedAt(cases, q), verdicts)
	return AtQ{Q: q, Flagged: f.Flagged, False: f.False, Found: f.DistinctFound, Share: f.Share}
}

// caseIntervals counts the 90% intervals of named cases that hold the planted
// mass in the months seen. A value gap has no mass of its own.
func caseIntervals(outcomes []outcome) Coverage {
	c := Coverage{Name: "excess_kg of named cases"}
	for i := range outcomes {
		o := &outcomes[i]
		if !o.named || o.planted.Kind == valueGap || math.IsNaN(o.best.KgLow) || math.IsNaN(o.best.KgHigh) {
			continue
		}
		c.N++
		if o.best.KgLow <= o.planted.SeenKg && o.planted.SeenKg <= o.best.KgHigh {
			c.Held++
		}
	}
	c.Share = ratio(c.Held, c.N)
	return c
}
