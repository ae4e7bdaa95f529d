package balance

import (
	"math"
	"slices"

	"counterflow/reconcile/mirror"
	"counterflow/reconcile/timing"
	"counterflow/stats/elementary"
	"counterflow/stats/robust"
)

// declared is what one side declared on a lane, pair by pair: kilograms and US
// dollars, NaN where it gave no such amount.
type declared struct {
	kg, usd []float64
	own     []bool // the weight is the side's own, not an estimate
}

// sides holds both sides of one lane as they enter the balance, and room that is
// used again.
type sides struct {
	x, m declared
	logs []float64
	near []float64
}

const (
	// steps beyond which a unit value is a slip: in logs, and in robust spreads
	// of the lane's own unit values.
	leastSlip   = 0.65
	slipSpreads = 6
	// nearby is the number of periods on either side whose unit values tell what
	// is usual.
	nearby = 9
)

// fill reads a lane and mends it: copies of the partner are taken out, weights
// that are off by a unit of measure or were not given are worked out of the
// value and the side's own usual unit value, or of the partner's.
func (s *sides) fill(lane []mirror.Pair, c *copies, logMargin float64) {
	s.x.resize(len(lane))
	s.m.resize(len(lane))
	copied := timing.Copies(lane)
	for i := range lane {
		p := &lane[i]
		s.x.set(i, p.XKg.Float(), p.XUSD.Float(), !p.Notes.Has(mirror.ExportWeightEstimated))
		s.m.set(i, p.MKg.Float(), p.MUSD.Float(), !p.Notes.Has(mirror.ImportWeightEstimated))
		if copied.Holds(p) {
			copier := &s.m
			if c.byExporter(p) {
				copier = &s.x
			}
			copier.set(i, math.NaN(), math.NaN(), true)
		}
	}
	s.mend(&s.x)
	s.mend(&s.m)
	s.weigh(&s.x, &s.m, -logMargin)
	s.weigh(&s.m, &s.x, logMargin)
}

// resize makes room for so many pairs, all to be set.
func (d *declared) resize(n int) {
	d.kg, d.usd, d.own = grow(d.kg, n), grow(d.usd, n), slices.Grow(d.own[:0], n)[:n]
}

func (d *declared) set(i int, kg, usd float64, own bool) {
	d.kg[i], d.usd[i], d.own[i] = kg, usd, own && kg > 0
}

// mend finds slips: a unit value far from the side's own usual one, while either
// weight or value is nearer to its neighbours than the other. The farther one is
// worked out anew.
func (s *sides) mend(d *declared) {
	s.unitValues(d)
	usual, spread := s.usual()
	if math.IsNaN(usual) || len(s.near) < 3 {
		return
	}
	limit := max(leastSlip, slipSpreads*spread)
	for i, u := range s.logs {
		if math.IsNaN(u) || math.Abs(u-usual) <= limit {
			continue
		}
		here := s.around(i)
		if math.Abs(u-here) <= limit {
			continue
		}
		if far(d.kg, i) >= far(d.usd, i) {
			d.kg[i] = d.usd[i] / elementary.Exp(here)
		} else {
			d.usd[i] = d.kg[i] * elementary.Exp(here)
		}
	}
}

// far is how many logs an amount lies from the median of its series.
func far(amounts []float64, i int) float64 {
	var logs []float64
	for _, v := range amounts {
		if v > 0 {
			logs = append(logs, elementary.Log(v))
		}
	}
	return math.Abs(elementary.Log(amounts[i]) - robust.MedianInPlace(logs))
}

// unitValues sets s.logs to ln USD per kg where the side weighed for itself.
func (s *sides) unitValues(d *declared) {
	s.logs = s.logs[:0]
	for i := range d.kg {
		u := math.NaN()
		if d.own[i] && d.usd[i] > 0 {
			u = d.usd[i] / d.kg[i]
		}
		s.logs = append(s.logs, u)
	}
	elementary.LogInPlace(s.logs)
}

// usual is the median of s.logs and its MAD, NaN where there is none. s.near has
// room for the values.
func (s *sides) usual() (median, spread float64) {
	s.near = s.near[:0]
	for _, u := range s.logs {
		if !math.IsNaN(u) {
			s.near = append(s.near, u)
		}
	}
	if len(s.near) == 0 {
		return math.NaN(), math.NaN()
	}
	median = robust.MedianInPlace(s.near)
	return median, robust.MADAboutInPlace(s.near, median)
}

// around is the median of the unit values near a period, that period left out;
// NaN where there is none.
func (s *sides) around(i int) float64 {
	s.near = s.near[:0]
	for reach := nearby; len(s.near) < 3 && reach < 2*len(s.logs)+nearby; reach *= 2 {
		s.near = s.near[:0]
		for j := max(i-reach, 0); j < min(i+reach+1, len(s.logs)); j++ {
			if j != i && !math.IsNaN(s.logs[j]) {
				s.near = append(s.near, s.logs[j])
			}
		}
	}
	return robust.MedianInPlace(s.near)
}

// weigh works out weights that were not given, or are estimates, from the value
// and the unit values of the partner less the margin; where the partner has none
// from the side's own, and else leaves them as they are.
func (s *sides) weigh(d, partner *declared, logMargin float64) {
	lacking := false
	for i := range d.kg {
		lacking = lacking || d.usd[i] > 0 && !d.own[i]
	}
	if !lacking {
		return
	}
	s.unitValues(partner)
	shift := logMargin
	if median, _ := s.usual(); math.IsNaN(median) {
		s.unitValues(d)
		shift = 0
		if median, _ := s.usual(); math.IsNaN(median) {
			return
		}
	}
	for i := range d.kg {
		if !d.own[i] && d.usd[i] > 0 {
			d.kg[i] = d.usd[i] / elementary.Exp(s.around(i)+shift)
		}
	}
}
