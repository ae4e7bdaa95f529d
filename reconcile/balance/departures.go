package balance

import (
	"math"

	"counterflow/reconcile/reliability"
	"counterflow/reconcile/timing"
	"counterflow/stats/robust"
)

// departures solves for what left in each month of one lane. With D the present
// figures, E = kernel * D the arrivals that they lead to, and small changes d of
// ln D, the two sides are
//
//	ln X(t) - level(X) = ln D(t) + d(t) + error, variance V(X)
//	ln M(t) - margin - level(M) = ln E(t) + sum_lag k(lag) D(t-lag)/E(t) d(t-lag) + error, variance V(M) + doubt
//
// which is least squares with a band of the kernel's length. Errors have heavy
// tails: residuals are weighed as of Student's t with 4 degrees of freedom. A
// few rounds of it settle D.
type departures struct {
	x, m     []float64 // reports less margin and level, NaN unknown, 0 spoke without declaring
	d        []float64 // departures; 0 where nothing left
	e        []float64 // arrivals
	variance []float64 // of ln d, about the lane's level
	right    []float64
	levels   []float64
	logs     []float64
	band     band
	lag      timing.Lag
	vx, vm   float64
	wander   float64 // variance of ln D about its neighbours
}

const (
	errorFreedom = 4
	solveRounds  = 4
	// leastVariance keeps a reporter from being believed without any error.
	leastVariance = 1e-4
	// unexplained is the share of a month's arrivals that known departures must
	// account for; below it the exporter is taken to have left some out.
	unexplained = 0.2
	// usualWander is the variance of ln D about its neighbours that a lane is
	// given beforehand, and wanderPrior the months that this counts for.
	usualWander, leastWander = 0.25, 0.03
	wanderPrior              = 6
)

// solve finds the departures of the lane in s.
func (s *departures) solve(prior *reliability.Lane) {
	s.vx, s.vm = max(prior.X.Variance, leastVariance), max(prior.M.Variance, leastVariance)
	s.begin()
	s.stray()
	for range solveRounds {
		s.step()
	}
}

// begin takes the exporter's word where it spoke, and where it did not, or left
// out what must have left, the arrivals, carried back.
func (s *departures) begin() {
	n := len(s.x)
	s.d, s.e = grow(s.d, n), grow(s.e, n)
	s.variance, s.right, s.levels = grow(s.variance, n), grow(s.right, n), grow(s.levels, n)
	open := false
	for t, x := range s.x {
		s.d[t] = 0
		if x > 0 {
			s.d[t] = x
		} else if math.IsNaN(x) {
			s.d[t] = -1 // to be found
			open = true
		}
	}
	open = s.reopen() || open
	if open {
		s.carryBack()
	}
}

// reopen lets departures into months for which the exporter spoke and declared
// nothing, where arrivals came that no known departure accounts for.
func (s *departures) reopen() bool {
	any := false
	mean := int(math.Round(s.lag.Kernel.Mean()))
	for t, m := range s.m {
		if !(m > 0) {
			continue
		}
		known, open := 0.0, false
		for lag, share := range s.lag.Kernel {
			if share > 0.05 && t >= lag {
				if s.d[t-lag] < 0 {
					open = true
				} else {
					known += share * s.d[t-lag]
				}
			}
		}
		if !open && known < unexplained*m && t >= mean && s.d[t-mean] == 0 {
			s.d[t-mean] = -1
			any = true
		}
	}
	return any
}

const backRounds = 6

// carryBack fills the months to be found from the arrivals by multiplicative
// corrections (Richardson 1972, Lucy 1974), starting from a level series: each
// departure is multiplied by the mean of arrivals over expected ones in the
// months in which it arrives. Few rounds keep the noise of the arrivals from
// being sharpened.
func (s *departures) carryBack() {
	start := s.levelOfArrivals()
	found := s.levels[:0]
	for t := range s.d {
		if s.d[t] < 0 {
			s.d[t] = start
			found = append(found, float64(t))
		}
	}
	for range backRounds {
		s.lag.Kernel.Arrivals(s.d, s.e)
		s.patchStart()
		for _, at := range found {
			t := int(at)
			ratio, weight := 0.0, 0.0
			for lag, share := range s.lag.Kernel {
				if u := t + lag; share > 0 && u < len(s.m) && s.m[u] >= 0 && s.e[u] > 0 {
					ratio += share * s.m[u] / s.e[u]
					weight += share
				}
			}
			if weight > 0 {
				s.d[t] *= ratio / weight
			}
		}
	}
	for _, at := range found {
		if t := int(at); s.d[t] < start*1e-6 {
			s.d[t] = 0
		}
	}
}

// patchStart gives the first months, whose arrivals stem in part from before the
// series, what the months at hand lead to, scaled up to a whole kernel.
func (s *departures) patchStart() {
	for t := 0; t < min(timing.MaxLag, len(s.e)); t++ {
		sum, share := 0.0, 0.0
		for lag := 0; lag <= t; lag++ {
			sum += s.lag.Kernel[lag] * s.d[t-lag]
			share += s.lag.Kernel[lag]
		}
		s.e[t] = 0
		if share > 0.3 {
			s.e[t] = sum / share
		}
	}
}

// levelOfArrivals is the median of what arrived in months with arrivals.
func (s *departures) levelOfArrivals() float64 {
	s.logs = s.logs[:0]
	for _, m := range s.m {
		if m > 0 {
			s.logs = append(s.logs, m)
		}
	}
	if len(s.logs) == 0 {
		return 0
	}
	return robust.MedianInPlace(s.logs)
}

// step is one round of weighted least squares.
func (s *departures) step() {
	n := len(s.d)
	s.lag.Kernel.Arrivals(s.d, s.e)
	s.patchStart()
	s.band.reset(n)
	s.neighbourhood()
	for t := range n {
		s.right[t] = 0
		if s.d[t] <= 0 {
			*s.band.at(t, t) = 1
			continue
		}
		log := math.Log(s.d[t])
		r := s.levels[t] - log
		w := weightOf(r, s.wander)
		if s.x[t] > 0 {
			x := math.Log(s.x[t]) - log
			wx := weightOf(x, s.vx)
			r, w = (w*r+wx*x)/(w+wx), w+wx
		}
		*s.band.at(t, t) += w
		s.right[t] += w * r
	}
	for t := range n {
		s.arrivals(t)
	}
	s.band.factorize()
	s.band.solve(s.right)
	s.band.diagonal(s.variance)
	for t := range n {
		if s.d[t] > 0 {
			s.d[t] *= math.Exp(min(max(s.right[t], -1.5), 1.5))
		}
	}
}

// arrivals adds what the importer says of one month.
func (s *departures) arrivals(t int) {
	m, e := s.m[t], s.e[t]
	if !(m > 0) || !(e > 0) {
		return
	}
	r := math.Log(m / e)
	w := weightOf(r, s.vm+s.lag.Doubt(s.d, t, e))
	for p, k := range s.lag.Kernel {
		if t < p || k == 0 || s.d[t-p] <= 0 {
			continue
		}
		g := k * s.d[t-p] / e
		s.right[t-p] += w * g * r
		for q := p; q <= timing.MaxLag; q++ {
			if t >= q && s.lag.Kernel[q] > 0 && s.d[t-q] > 0 {
				*s.band.at(t-p, t-q) += w * g * s.lag.Kernel[q] * s.d[t-q] / e
			}
		}
	}
}

// weightOf is the precision of a residual.
func weightOf(r, variance float64) float64 {
	return (errorFreedom + 1) / (errorFreedom + r*r/variance) / variance
}

const neighbours = 6

// stray estimates how far ln D strays from its neighbours, errors of the reports
// taken off.
func (s *departures) stray() {
	s.neighbourhood()
	s.logs = s.logs[:0]
	for t, d := range s.d {
		if d > 0 {
			s.logs = append(s.logs, math.Log(d)-s.levels[t])
		}
	}
	n := float64(len(s.logs))
	if n == 0 {
		s.wander = usualWander
		return
	}
	spread := robust.MADAboutInPlace(s.logs, 0)
	own := max(spread*spread*1.1-min(s.vx, s.vm), leastWander)
	s.wander = (n*own + wanderPrior*usualWander) / (n + wanderPrior)
}

// neighbourhood sets levels to the mean of ln D over the months around.
func (s *departures) neighbourhood() {
	n := len(s.d)
	for t := range n {
		sum, weight := 0.0, 0.0
		for u := max(t-neighbours, 0); u < min(t+neighbours+1, n); u++ {
			if s.d[u] > 0 {
				sum += math.Log(s.d[u])
				weight++
			}
		}
		s.levels[t] = sum / max(weight, 1)
	}
}

func grow(x []float64, n int) []float64 {
	if cap(x) < n {
		return make([]float64, n, n+n/2)
	}
	return x[:n]
}
