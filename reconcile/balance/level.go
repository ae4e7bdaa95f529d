package balance

import (
	"math"

	"counterflow/reconcile/reliability"
	"counterflow/reconcile/timing"
	"counterflow/stats/robust"
)

const (
	centerRounds = 8
	// errorRuns is by how much the errors of neighbouring months, being alike,
	// widen the variance of a lane's level.
	errorRuns = 1.6
)

// centre is the robust mean of a lane's gaps ln(M/E), the exporter's reports
// carried forward, with its variance; ok is false where no month can be compared.
// s.x and s.m hold reports less margin, levels included.
func (s *departures) centre(prior *reliability.Lane) (gap, variance, size float64, ok bool) {
	n := len(s.x)
	s.e, s.right, s.levels = grow(s.e, n), grow(s.right, n), grow(s.levels, n)
	s.lag.Kernel.Arrivals(s.x, s.e)
	gaps, doubts := s.right[:0], s.levels[:0]
	for t := range n {
		if s.m[t] > 0 && s.e[t] > 0 && s.lag.Covered(s.x, t) >= timing.LeastCovered {
			m, e := math.Log(s.m[t]), math.Log(s.e[t])
			gaps = append(gaps, m-e)
			size += (m + e) / 2
			doubts = append(doubts, s.lag.Doubt(s.x, t, s.e[t]))
		}
	}
	if len(gaps) == 0 {
		return 0, 0, 0, false
	}
	size /= float64(len(gaps))
	s.logs = append(s.logs[:0], gaps...)
	gap = robust.MedianInPlace(s.logs)
	if !prior.History {
		return gap, 0, size, true
	}
	own := prior.X.Variance + prior.M.Variance
	for range centerRounds {
		var sum, weights float64
		for i, g := range gaps {
			w := weightOf(g-gap, own+doubts[i])
			sum += w * g
			weights += w
		}
		gap = sum / weights
		variance = errorRuns / weights
	}
	return gap, variance, size, true
}
