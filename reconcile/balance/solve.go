package balance

import (
	"math"

	"counterflow/reconcile/reliability"
	"counterflow/reconcile/timing"
	"counterflow/stats/elementary"
	"counterflow/stats/robust"
)

const (
	errorFreedom = 4
	solveRounds  = 8
	// settled is the largest change of ln d after which no further round is made.
	// What a round leaves is of the order of its change squared: one percent, far
	// below any error.
	settled = 0.1
	// longestStep keeps one round from running off.
	longestStep = 1.5
	// leastVariance keeps a reporter from being believed without any error.
	leastVariance = 1e-4
	// usualWander is the variance of ln d about its neighbours that a lane is
	// given beforehand, and wanderPrior the months that this counts for.
	usualWander, leastWander = 0.25, 0.03
	wanderPrior              = 6
	neighbours               = 6 // months on either side
	// whole makes the variance of Student's t, twice the square of its scale, of
	// the square of a spread that holds 90%.
	whole = 2 / reliability.TailFactor
	// agreeing widens the inverse of the equations to a variance of which 1.645
	// roots hold 90%: weights are taken at the solution, where reports seem to
	// agree better with the truth than they do. Found on planted worlds; the same
	// for near and far lanes, good and bad reporters, narrow and wide intervals.
	agreeing = 1.12
)

// solve finds the departures of a lane in so many rounds at most. With d the present figures and E =
// kernel * d the arrivals that they lead to, small changes c of ln d obey
//
//	ln X(t) - level(X) = ln d(t) + c(t) + error, variance V(X)
//	ln M(t) - margin - level(M) = ln E(t) + sum_lag k(lag) d(t-lag)/E(t) c(t-lag) + error, variance V(M) + doubt
//	mean of ln d around t = ln d(t) + c(t) + error, variance of the lane's own wandering
//
// which is least squares with a band of the kernel's length. Errors have heavy
// tails: residuals are weighed as of Student's t with 4 degrees of freedom.
func (s *departures) solve(prior *reliability.Lane, rounds int) (converged bool) {
	s.vx, s.vm = max(prior.X.Variance*s.stretch, leastVariance)*whole, max(prior.M.Variance*s.stretch, leastVariance)*whole
	s.begin()
	n := len(s.d)
	s.logX, s.logM, s.logD = logsOf(s.logX, s.x), logsOf(s.logM, s.m), logsOf(s.logD, s.d)
	s.variance, s.right, s.doubt = grow(s.variance, n), grow(s.right, n), grow(s.doubt, n)
	s.stray()
	if s.arrive(true); s.doubtIsolated() {
		s.arrive(true)
	}
	for round := range rounds {
		if round > 0 {
			s.arrive(false)
		}
		s.neighbourhood()
		s.equations()
		s.band.factorize()
		s.band.solve(s.right)
		if converged = s.move() < settled; converged {
			break
		}
	}
	s.band.diagonal(s.variance)
	s.low, s.high = grow(s.low, n), grow(s.high, n)
	for t, v := range s.variance {
		level := &s.found.X
		if !(s.x[t] > 0) {
			level = &s.found.M
		}
		// What a report lies above the truth, the truth lies below the figure.
		s.interval(t, agreeing*v+level.Above, agreeing*v+level.Below)
	}
	s.closeIntervals()
	return converged
}

// logsOf sets to to the logarithms of positive amounts, NaN where there is none.
func logsOf(to, amounts []float64) []float64 {
	to = grow(to, len(amounts))
	for t, v := range amounts {
		to[t] = math.NaN()
		if v > 0 {
			to[t] = v
		}
	}
	elementary.LogInPlace(to)
	return to
}

// arrive carries the departures forward.
func (s *departures) arrive(first bool) {
	s.lag.Kernel.Arrivals(s.d, s.e)
	s.patchStart()
	if !first {
		return
	}
	for t, e := range s.e {
		s.doubt[t] = 0
		if s.m[t] > 0 && e > 0 {
			s.doubt[t] = s.doubts.Of(s.d, t, e)
		}
	}
}

// equations sets up the normal equations of one round. Months in which nothing
// left have an equation of their own, which says so.
func (s *departures) equations() {
	s.band.reset(len(s.d))
	for t := range s.d {
		diagonal := &s.band.row(t)[width]
		if s.d[t] <= 0 {
			*diagonal, s.right[t] = 1, 0
			continue
		}
		r := s.levels[t] - s.logD[t]
		w := weightOf(r, s.wander)
		*diagonal, s.right[t] = w, w*r
		if s.x[t] > 0 {
			r = s.logX[t] - s.logD[t]
			w = weightOf(r, s.vx)
			*diagonal += w
			s.right[t] += w * r
		}
	}
	s.logE = append(s.logE[:0], s.e...)
	elementary.LogInPlace(s.logE)
	s.arrivals()
}

// arrivals adds what the importer says of each month in which anything arrived.
func (s *departures) arrivals() {
	d, e, kernel := s.d, s.e, s.lag.Kernel
	for t, m := range s.m {
		if !(m > 0 && e[t] > 0) {
			continue
		}
		r := s.logM[t] - s.logE[t]
		w := weightOf(r, s.vm+s.doubt[t])
		far := min(s.far, t)
		var share [width + 1]float64
		for lag := s.near; lag <= far; lag++ {
			share[lag] = kernel[lag] * d[t-lag] / e[t]
		}
		for p := s.near; p <= far; p++ {
			g := w * share[p]
			s.right[t-p] += g * r
			row := s.band.row(t - p)
			for q := p; q <= far; q++ {
				row[width-(q-p)] += float64(g * share[q])
			}
		}
	}
}

// weightOf is the precision of a residual.
func weightOf(r, variance float64) float64 {
	return (errorFreedom + 1) / (errorFreedom*variance + r*r)
}

// move applies the solution and returns the largest change.
func (s *departures) move() float64 {
	most := 0.0
	for t := range s.d {
		if s.d[t] <= 0 {
			continue
		}
		step := s.right[t]
		if step > longestStep {
			step = longestStep
		} else if step < -longestStep {
			step = -longestStep
		}
		s.right[t] = step
		s.logD[t] += step
		most = max(most, math.Abs(step))
	}
	elementary.ExpInPlace(s.right)
	for t, factor := range s.right {
		if s.d[t] > 0 {
			s.d[t] *= factor
		}
	}
	return most
}

// stray estimates how far ln d strays from its neighbours, errors of the reports
// taken off.
func (s *departures) stray() {
	s.neighbourhood()
	s.logs = s.logs[:0]
	for t, d := range s.d {
		if d > 0 {
			s.logs = append(s.logs, s.logD[t]-s.levels[t])
		}
	}
	n := float64(len(s.logs))
	if n == 0 {
		s.wander = usualWander
		return
	}
	spread := robust.MADAboutInPlace(s.logs, 0)
	// A month's own value is one of the 2 x 6 + 1 that it is compared with.
	own := max(spread*spread*(2*neighbours+1)/(2*neighbours)-min(s.vx, s.vm), leastWander)
	s.wander = (n*own + wanderPrior*usualWander) / (n + wanderPrior)
}

// neighbourhood sets levels to the mean of ln d over the months around.
func (s *departures) neighbourhood() {
	n := len(s.d)
	sum, weight := 0.0, 0.0
	for t := 0; t < min(neighbours, n); t++ {
		if s.d[t] > 0 {
			sum += s.logD[t]
			weight++
		}
	}
	for t := range n {
		if u := t + neighbours; u < n && s.d[u] > 0 {
			sum += s.logD[u]
			weight++
		}
		if u := t - neighbours - 1; u >= 0 && s.d[u] > 0 {
			sum -= s.logD[u]
			weight--
		}
		s.levels[t] = sum
		if weight > 1 {
			s.levels[t] = sum / weight
		}
	}
}

var _ [timing.MaxLag]struct{} = [width]struct{}{} // the band is as wide as the kernel is long
