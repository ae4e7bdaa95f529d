package balance

import (
	"counterflow/reconcile/reliability"
	"counterflow/reconcile/timing"
	"counterflow/stats/elementary"
	"counterflow/stats/robust"
)

const (
	centerRounds = 8
	// errorRuns is by how much the errors of neighbouring months, being alike,
	// widen the variance of a lane's level.
	errorRuns = 1.6
)

// level works out how far the two sides lie from the truth for good, and takes
// it off their reports. known is what else is known of it, nil for nothing.
func (s *departures) level(prior *reliability.Lane, before *reliability.Level, known *evidence) {
	s.found, s.stretch = *before, 1
	if gap, variance, size, ok := s.centre(prior); ok {
		causes := prior.Causes(gap, variance, size)
		if known != nil {
			causes.Weigh((*[reliability.CausesInAll]float64)(known))
		}
		s.found = causes.Level()
	}
	scale(s.x, elementary.Exp(-s.found.X.Estimate))
	scale(s.m, elementary.Exp(-s.found.M.Estimate))
}

// settleEach reconciles every period for itself, where lanes have no history that
// would tell what lasts from what passes. Nothing is carried from one period to
// another, and what neither side declared stays out.
func (s *departures) settleEach(prior *reliability.Lane, before *reliability.Level) {
	n := len(s.x)
	s.d, s.low, s.high = grow(s.d, n), grow(s.low, n), grow(s.high, n)
	for t := range n {
		x, m := s.x[t], s.m[t]
		s.found = *before
		side := &s.found.X
		switch {
		case x > 0 && m > 0:
			logX, logM := elementary.Log(x), elementary.Log(m)
			s.found = prior.Given(logM-logX, 0, (logX+logM)/2)
			s.d[t] = x * elementary.Exp(-side.Estimate)
		case x > 0:
			s.d[t] = x * elementary.Exp(-side.Estimate)
		case m > 0:
			side = &s.found.M
			s.d[t] = m * elementary.Exp(-side.Estimate)
		default:
			s.d[t] = 0
		}
		s.interval(t, side.Above, side.Below)
	}
	s.closeIntervals()
}

// centre is the robust mean of a lane's gaps ln(M/E), the exporter's reports
// carried forward, with its variance; ok is false where no month can be compared.
// s.x and s.m hold reports less margin, levels included.
func (s *departures) centre(prior *reliability.Lane) (gap, variance, size float64, ok bool) {
	n := len(s.x)
	s.e, s.right, s.levels = grow(s.e, n), grow(s.right, n), grow(s.levels, n)
	s.lag.Kernel.Arrivals(s.x, s.e)
	gaps, doubts, expected := s.right[:0], s.levels[:0], s.logs[:0]
	for t := range n {
		if s.m[t] > 0 && s.e[t] > 0 && s.lag.Covered(s.x, t) >= timing.LeastCovered {
			gaps, expected = append(gaps, s.m[t]), append(expected, s.e[t])
			doubts = append(doubts, s.doubts.Of(s.x, t, s.e[t]))
		}
	}
	if len(gaps) == 0 {
		return 0, 0, 0, false
	}
	elementary.LogInPlace(gaps)
	elementary.LogInPlace(expected)
	for i, e := range expected {
		size += (gaps[i] + e) / 2
		gaps[i] -= e
	}
	size /= float64(len(gaps))
	s.logs = append(expected[:0], gaps...)
	gap = robust.MedianInPlace(s.logs)
	own := prior.X.Variance + prior.M.Variance
	for round := range centerRounds {
		var sum, weights float64
		for i, g := range gaps {
			w := weightOf(g-gap, own+doubts[i])
			sum += w * g
			weights += w
		}
		gap = sum / weights
		variance = errorRuns / weights
		if round == centerRounds/2 {
			for i, g := range gaps {
				s.logs[i] = g - gap
			}
			s.stretch = prior.Stretch(s.logs, doubts)
			own *= s.stretch
		}
	}
	return gap, variance, size, true
}
