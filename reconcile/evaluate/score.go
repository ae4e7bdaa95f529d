package evaluate

import (
	"encoding/json"
	"math"

	"counterflow/data"
)

// Tally counts planted cases and what became of them.
type Tally struct {
	Planted    int `json:"planted"`
	Found      int `json:"found"`
	Named      int `json:"named"`
	Sized      int `json:"sized"`
	Diversions int `json:"diversions"` // among the planted
	Traced     int `json:"traced"`     // diversions whose true origin is named
}

// Stratum is a group of planted cases: all of them, and those that could be
// seen.
type Stratum struct {
	Name    string `json:"name"`
	All     Tally  `json:"all"`
	Visible Tally  `json:"visible"`
}

// Falses counts flagged cases that match nothing planted.
type Falses struct {
	Name          string `json:"name"` // a kind, or "all"
	Flagged       int    `json:"flagged"`
	False         int    `json:"false"`
	Belonging     int    `json:"belonging"`      // on another lane of a planted case
	DistinctFound int    `json:"distinct_found"` // planted cases found; of any kind
	Share         Ratio  `json:"share"`          // see Rules.Text
}

// Taken says how often look-alikes of one sort were taken for cases.
type Taken struct {
	Kind    string `json:"kind"`
	Present int    `json:"present"` // in the world
	Taken   int    `json:"taken"`   // distinct ones with a false case on them
	Cases   int    `json:"cases"`   // false cases on them
}

// SlipScore is how the listed unit slips compare with the true ones.
type SlipScore struct {
	Present  int `json:"present"`
	Found    int `json:"found"`    // true slips with a unit_slip on their lane and months
	Listed   int `json:"listed"`   // cases of kind unit_slip
	Invented int `json:"invented"` // of those, on no true slip
}

// AtQ is the false share that comes out when cases are taken up to one q.
type AtQ struct {
	Q       float64 `json:"q"`
	Flagged int     `json:"flagged"`
	False   int     `json:"false"`
	Found   int     `json:"found"` // distinct planted cases
	Share   Ratio   `json:"share"` // false / (false + found)
}

// Coverage counts intervals that hold the truth.
type Coverage struct {
	Name  string `json:"name"`
	N     int    `json:"n"`
	Held  int    `json:"held"`
	Share Ratio  `json:"share"`
}

// Score is a run held against the truth of its world.
type Score struct {
	Rules        Rules      `json:"rules"`
	Overall      Stratum    `json:"overall"`
	ByKind       []Stratum  `json:"by_kind"`
	ByShare      []Stratum  `json:"by_share"`
	ByLength     []Stratum  `json:"by_length"`
	ByZ          []Stratum  `json:"by_z"`
	Recall       []Recall   `json:"recall"` // found against planted share, by kind
	False        Falses     `json:"false"`
	FalseByKind  []Falses   `json:"false_by_kind"`
	LookAlikes   []Taken    `json:"look_alikes"`
	Unattributed int        `json:"unattributed"` // false cases on no look-alike
	Slips        SlipScore  `json:"slips"`
	Calibration  []AtQ      `json:"calibration"`
	Intervals    []Coverage `json:"intervals"`
	Accuracy     []Accuracy `json:"accuracy"`
	Baselines    []Baseline `json:"baselines"`

	// Outcomes and FalseCases say which they were; they are left out of sums over
	// worlds.
	Outcomes   []Outcome   `json:"outcomes,omitempty"`
	FalseCases []FalseCase `json:"false_cases,omitempty"`
}

// Outcome is what became of one planted case.
type Outcome struct {
	ID      string `json:"id"` // in the truth
	Kind    string `json:"kind"`
	Visible bool   `json:"visible"`
	CaseID  string `json:"case_id,omitempty"` // the best case that found it
	As      string `json:"as,omitempty"`      // its kind
	Found   bool   `json:"found"`
	Named   bool   `json:"named"`
	Sized   bool   `json:"sized"`
	Traced  bool   `json:"traced"`
}

// FalseCase is a flagged case that matches nothing planted.
type FalseCase struct {
	CaseID    string         `json:"case_id"`
	Kind      string         `json:"kind"`
	Commodity data.Commodity `json:"commodity"`
	Exporter  data.Economy   `json:"exporter"`
	Importer  data.Economy   `json:"importer"`
	Via       data.Economy   `json:"via"`
	Start     data.Period    `json:"start"`
	End       data.Period    `json:"end"`
	Q         float64        `json:"q"`
	TakenFrom string         `json:"taken_from,omitempty"` // id of the look-alike, or the sort of it
}

// Baseline is a plain rule on the same pairs.
type Baseline struct {
	Name    string  `json:"name"`
	Overall Stratum `json:"overall"`
	False   Falses  `json:"false"`
}

// Levels of q at which calibration is reported.
var calibrationLevels = []float64{0.01, 0.05, 0.10, 0.20}

// Evaluate scores a run.
func Evaluate(run *Run, truth *Truth, rules Rules) *Score {
	s := &Score{Rules: rules}
	verdicts := judge(run.Cases, truth, rules)
	flagged := flaggedAt(run.Cases, rules.Q)
	outcomes := outcomesOf(run.Cases, flagged, verdicts, truth, rules)
	s.stratify(outcomes)
	for i := range outcomes {
		s.Outcomes = append(s.Outcomes, outcomes[i].told())
	}
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
		all[i] = outcome{planted: p, visible: rules.visible(p)}
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

// Ratio is a share or an average that is NaN where there is nothing to divide
// by; JSON has null for that.
type Ratio float64

// MarshalJSON writes null for NaN and infinities.
func (r Ratio) MarshalJSON() ([]byte, error) {
	if v := float64(r); math.IsNaN(v) || math.IsInf(v, 0) {
		return []byte("null"), nil
	}
	return json.Marshal(float64(r))
}

func ratio(part, whole int) Ratio {
	if whole == 0 {
		return Ratio(math.NaN())
	}
	return Ratio(float64(part) / float64(whole))
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
