package balance

import (
	"math"

	"counterflow/data"
	"counterflow/reconcile/mirror"
	"counterflow/reconcile/reliability"
)

// Step is one step from what a side declared to what is reconciled: what it adds
// to the sum over all periods of a lane, kilograms or US dollars.
type Step struct {
	Name  string
	Added float64
}

// Bridge leads from each side's declared sum over a lane to the reconciled sum.
// The steps of a side add up from Declared to Reconciled exactly, as far as
// floating point can.
type Bridge struct {
	Measure            mirror.Measure
	Exporter, Importer Ladder
	Reconciled         float64
}

// Ladder is the way of one side.
type Ladder struct {
	Declared float64 // NaN where the side declared nothing
	Steps    []Step
}

// The steps, in their order.
const (
	StepMended   = "copies, slips and missing weights" // figures taken from the partner go, weights off by a unit are mended
	StepMargin   = "margin"                            // cost of carriage off the importer's values
	StepUnstated = "trade without partner"             // the lane's part of what was booked without one
	StepLevel    = "lasting level"                     // the reporter's bias and the lane's own
	StepRest     = "silent periods and the other side" // periods filled, timing, and the weight of the partner's reports
)

// Bridges works out bridges of the lanes of one set of pairs. It is for one
// goroutine.
type Bridges struct{ worker *worker }

// NewBridges makes one, given all pairs: which side of an imputed mirror copied
// the other shows in all of its lanes.
func NewBridges(pairs []mirror.Pair, models Models) *Bridges {
	return &Bridges{newWorker(models, countCopies(pairs))}
}

// Of is the bridge of one lane, given all of its pairs in order of periods.
func (all *Bridges) Of(lane []mirror.Pair, measure mirror.Measure) Bridge {
	w := all.worker
	w.turnTo(lane[0].Commodity)
	logMargin := w.models.Margin.Log(&lane[0])
	w.take(lane, logMargin)
	i := 0
	if measure == mirror.Value {
		i = 1
	}
	w.measure(i, measure, lane, logMargin)
	s := &w.solved[i]
	b := Bridge{Measure: measure}
	for t, d := range s.d {
		if !w.before(w.series.First.Add(t)) {
			b.Reconciled += d
		}
	}
	x, m := w.sides.x.usd, w.sides.m.usd
	if measure == mirror.Weight {
		x, m, logMargin = w.sides.x.kg, w.sides.m.kg, 0
	}
	var declared [2][]float64
	for j := range lane {
		p := &lane[j]
		if measure == mirror.Weight {
			declared[0], declared[1] = append(declared[0], p.XKg.Float()), append(declared[1], p.MKg.Float())
		} else {
			declared[0], declared[1] = append(declared[0], p.XUSD.Float()), append(declared[1], p.MUSD.Float())
		}
	}
	b.Exporter = ladder(known(declared[0]), known(x), 0, known(w.series.X), known(s.x), b.Reconciled)
	b.Importer = ladder(known(declared[1]), known(m), logMargin, known(w.series.M)*math.Exp(-logMargin), known(s.m), b.Reconciled)
	return b
}

// known sums what is known, NaN where nothing is.
func known(amounts []float64) float64 {
	sum := math.NaN()
	for _, v := range amounts {
		switch {
		case math.IsNaN(v):
		case math.IsNaN(sum):
			sum = v
		default:
			sum += v
		}
	}
	return sum
}

// ladder makes the steps of one side from its sums: as declared, as mended, with
// its part of what has no partner, and at the level of the truth.
func ladder(declared, mended, logMargin, placed, leveled, reconciled float64) Ladder {
	l := Ladder{Declared: declared}
	at := declared
	if math.IsNaN(declared) {
		at = 0
	}
	add := func(name string, to float64) {
		if math.IsNaN(to) {
			to = 0
		}
		l.Steps = append(l.Steps, Step{name, to - at})
		at = to
	}
	add(StepMended, mended)
	add(StepMargin, mended*math.Exp(-logMargin))
	add(StepUnstated, placed)
	add(StepLevel, leveled)
	add(StepRest, reconciled)
	return l
}

// LaneStep is one row of the table of bridges: what a step adds to the sum of one
// side of a lane. The first step of a side is what it declared; all of them add up
// to what is reconciled.
type LaneStep struct {
	Commodity data.Commodity
	Exporter  data.Exporter
	Importer  data.Importer
	Measure   mirror.Measure
	Side      reliability.Role
	Place     int // 1 for what was declared
	Step      string
	Amount    float64 // kilograms or US dollars
}

// StepDeclared is the first step of a side.
const StepDeclared = "declared"

// Steps are the rows of a bridge; none for a side that declared nothing.
func (b *Bridge) Steps(lane *mirror.Pair) []LaneStep {
	var all []LaneStep
	for _, side := range []struct {
		role   reliability.Role
		ladder *Ladder
	}{{reliability.AsExporter, &b.Exporter}, {reliability.AsImporter, &b.Importer}} {
		if math.IsNaN(side.ladder.Declared) {
			continue
		}
		row := LaneStep{Commodity: lane.Commodity, Exporter: lane.Exporter, Importer: lane.Importer, Measure: b.Measure,
			Side: side.role, Place: 1, Step: StepDeclared, Amount: side.ladder.Declared}
		all = append(all, row)
		for _, s := range side.ladder.Steps {
			row.Place++
			row.Step, row.Amount = s.Name, s.Added
			all = append(all, row)
		}
	}
	return all
}
