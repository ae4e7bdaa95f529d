package balance

import (
	"math"

	"counterflow/stats/elementary"
	"counterflow/stats/robust"
)

const (
	// wanderFreedom is that of Student's t for the strides of true trade from its
	// neighbourhood. Reports have heavier tails than trade: a month a hundred
	// times its neighbours is more likely written down wrong than traded, as far
	// as the lane's own wandering allows.
	wanderFreedom = 10
	// leastStride is the stride, in logs, below which nothing is asked about: a
	// factor of four.
	leastStride = 1.4
	// leastAround is the number of months around that tell what is usual.
	leastAround = 4
)

// doubtIsolated takes another start in months in which the first one lies far
// from the months around and something else is likelier: what the importer's
// arrivals lead to, or the months around themselves. Rounds of reweighting go to
// the nearest of several solutions, so that the start decides.
func (s *departures) doubtIsolated() (changed bool) {
	for t, d := range s.d {
		// The mean around, which is at hand, spares most months the median.
		if d <= 0 || s.logD[t]-s.levels[t] < leastStride/2 {
			continue
		}
		usual, ok := s.usualAround(t)
		if !ok || s.logD[t]-usual < leastStride {
			continue
		}
		best, most := s.logD[t], s.plausibility(t, s.logD[t], usual)
		for _, start := range [...]float64{usual, s.arrivalOf(t)} {
			if p := s.plausibility(t, start, usual); p > most {
				best, most, changed = start, p, true
			}
		}
		s.logD[t], s.d[t] = best, elementary.Exp(best)
	}
	return changed
}

// usualAround is the median of ln d over the months around, month t left out.
func (s *departures) usualAround(t int) (usual float64, ok bool) {
	s.logs = s.logs[:0]
	for u := max(t-neighbours, 0); u < min(t+neighbours+1, len(s.d)); u++ {
		if u != t && s.d[u] > 0 {
			s.logs = append(s.logs, s.logD[u])
		}
	}
	if len(s.logs) < leastAround {
		return 0, false
	}
	return robust.MedianInPlace(s.logs), true
}

// arrivalOf is ln of what the importer declared in the month in which departures
// of month t arrive as a rule, NaN where it declared nothing.
func (s *departures) arrivalOf(t int) float64 {
	u := t + int(math.Round(s.lag.Kernel.Mean()))
	if u >= len(s.m) {
		return math.NaN()
	}
	return s.logM[u]
}

// plausibility is the logarithm of how likely a departure of exp(log) in month t
// makes what both sides said and the months around, up to a constant; the other
// months stay as they are. NaN where log is.
func (s *departures) plausibility(t int, log, usual float64) float64 {
	sum := logT(log-usual, s.wander, wanderFreedom)
	if s.x[t] > 0 {
		sum += logT(s.logX[t]-log, s.vx, errorFreedom)
	}
	change := elementary.Exp(log) - s.d[t]
	for lag, share := range s.lag.Kernel {
		u := t + lag
		if share == 0 || u >= len(s.m) || !(s.m[u] > 0) || !(s.e[u] > 0) {
			continue
		}
		if e := s.e[u] + share*change; e > 0 {
			sum += logT(s.logM[u]-elementary.Log(e), s.vm+s.doubt[u], errorFreedom)
		}
	}
	return sum
}

// logT is the logarithm of Student's t density up to a constant.
func logT(r, variance, freedom float64) float64 {
	return -(freedom+1)/2*math.Log1p(r*r/(freedom*variance)) - elementary.Log(variance)/2
}
