package balance

import (
	"math"

	"counterflow/reconcile/mirror"
	"counterflow/reconcile/reliability"
	"counterflow/reconcile/timing"
	"counterflow/stats/elementary"
	"counterflow/stats/robust"
)

// departures is what left in each month of one lane, in one measure, as it is
// worked out: reports come in, begin makes a first guess, and solve.go settles
// it.
type departures struct {
	x, m     []float64 // reports less margin and level, NaN unknown, 0 spoke without declaring
	logX     []float64 // of positive reports, NaN else
	logM     []float64
	d        []float64 // departures; 0 where nothing left
	logD     []float64
	e        []float64 // arrivals
	logE     []float64
	doubt    []float64 // variance of ln e
	variance []float64 // of ln d, about the lane's level
	low      []float64 // the lower end of the interval over d, levels included
	high     []float64 // and the upper one
	found    reliability.Level
	right    []float64
	levels   []float64
	logs     []float64
	band     band
	passage
	vx, vm  float64
	stretch float64 // of both variances on this lane
	wander  float64 // variance of ln d about its neighbours
}

// passage is what is known of how long the goods of a lane travel.
type passage struct {
	lag       timing.Lag
	doubts    timing.Doubts
	near, far int // lags of the first and the last share of the kernel
}

func passageOf(m *timing.Model, lane []mirror.Pair) passage {
	p := passage{lag: m.Lag(lane), near: timing.MaxLag}
	p.doubts = p.lag.Doubts()
	for lag, share := range p.lag.Kernel {
		if share > 0 {
			p.near, p.far = min(p.near, lag), lag
		}
	}
	return p
}

// unexplained is the share of a month's arrivals that known departures must
// account for; below it the exporter is taken to have left some out.
const unexplained = 0.2

// begin takes the exporter's word where it spoke, and where it did not, or left
// out what must have left, the arrivals, carried back.
func (s *departures) begin() {
	n := len(s.x)
	s.d, s.e = grow(s.d, n), grow(s.e, n)
	s.levels = grow(s.levels, n)
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
		s.arriveFrom(found)
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

// arriveFrom renews the arrivals that the departures of some months, in order,
// have a part in.
func (s *departures) arriveFrom(months []float64) {
	s.patchStart()
	next := timing.MaxLag
	for _, at := range months {
		t := int(at)
		for next = max(next, t+s.near); next < min(t+s.far+1, len(s.e)); next++ {
			s.e[next] = s.lag.Kernel.At(s.d, next)
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

// interval sets the ends of the interval of one month, as logarithms, by the
// variances of ln d towards smaller figures and larger ones.
func (s *departures) interval(t int, below, above float64) {
	s.low[t], s.high[t] = -ninety*math.Sqrt(below), ninety*math.Sqrt(above)
}

// closeIntervals turns the logarithms of all months into factors.
func (s *departures) closeIntervals() {
	elementary.ExpInPlace(s.low)
	elementary.ExpInPlace(s.high)
}

func grow(x []float64, n int) []float64 {
	if cap(x) < n {
		return make([]float64, n, n+n/2)
	}
	return x[:n]
}
