package balance

import (
	"math"
	"slices"

	"counterflow/reconcile/mirror"
	"counterflow/reconcile/reliability"
)

// supply is what one lane may truly have carried, kilograms a month: under each
// cause of its gap, or one amount where nothing is known of a gap.
type supply struct {
	laneOfGoods
	amounts, variances, before []float64
	mean, variance             float64 // at present
}

// supplies works out what the lanes of one commodity may have carried.
func (w *worker) supplies(pairs []mirror.Pair) (all []supply) {
	for _, lane := range mirror.Lanes(pairs) {
		if !lane[0].Notes.Has(mirror.PartnerUnstated) {
			if s, ok := w.supply(lane); ok {
				all = append(all, s)
			}
		}
	}
	return all
}

func (w *worker) supply(lane []mirror.Pair) (s supply, ok bool) {
	w.turnTo(lane[0].Commodity)
	w.take(lane, 0)
	d := &w.solved[0]
	w.lay(d, mirror.Weight, lane, 0)
	prior := w.lookup.Lane(&lane[0], mirror.Weight)
	s.laneOfGoods = laneOfGoods{lane[0].Commodity, laneEnds{lane[0].Exporter, lane[0].Importer}}
	if !prior.History {
		return s, false
	}
	gap, variance, size, known := d.centre(&prior)
	if !known {
		return w.oneSided(s, d, &prior)
	}
	// At the exporter's level: its own reports, and the importer's less the gap.
	rate := d.rate(math.Exp(-gap))
	causes := prior.Causes(gap, variance, size)
	for way := range reliability.CausesInAll {
		p, deviation, v := causes.Exporter(way)
		s.add(rate*math.Exp(-deviation), v, p)
	}
	s.settle(nil)
	return s, rate > 0
}

// oneSided is a lane of whose gap nothing is known.
func (w *worker) oneSided(s supply, d *departures, prior *reliability.Lane) (supply, bool) {
	before := prior.Before()
	side := before.X
	rate := d.rate(0)
	if rate == 0 {
		rate, side = d.rate(1), before.M
	}
	s.add(rate*math.Exp(-side.Estimate), (side.Below+side.Above)/2, 1)
	s.settle(nil)
	return s, rate > 0
}

// rate is the mean of both sides' reports over the months in which either is
// known, importers' times a factor; with a factor of 0 the exporter's alone.
func (s *departures) rate(factor float64) float64 {
	sum, months := 0.0, 0.0
	for t, x := range s.x {
		m := s.m[t] * factor
		switch knownX, knownM := !math.IsNaN(x), !math.IsNaN(s.m[t]) && factor > 0; {
		case knownX && knownM && x > 0 && m > 0:
			sum += (x + m) / 2
		case knownX && x > 0:
			sum += x
		case knownM && m > 0:
			sum += m
		case !knownX && !knownM:
			continue
		}
		months++
	}
	return sum / max(months, 1)
}

func (s *supply) add(amount, logVariance, probability float64) {
	s.amounts = append(s.amounts, amount)
	s.variances = append(s.variances, amount*amount*logVariance)
	s.before = append(s.before, probability)
}

// settle works out mean and variance with the probabilities weighed by evidence.
func (s *supply) settle(e *evidence) {
	sum, mean, square := 0.0, 0.0, 0.0
	most := 0.0
	if e != nil {
		most = slices.Max(e[:len(s.before)])
	}
	for i, p := range s.before {
		if e != nil {
			p *= math.Exp(e[i] - most)
		}
		sum += p
		mean += p * s.amounts[i]
		square += p * (s.amounts[i]*s.amounts[i] + s.variances[i])
	}
	if sum > 0 {
		s.mean, s.variance = mean/sum, max(square/sum-mean*mean/(sum*sum), 0)
	}
}
