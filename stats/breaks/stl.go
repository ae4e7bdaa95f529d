package breaks

import (
	"errors"
	"fmt"
	"math"
	"slices"
)

// STLSettings of [STL]. Zero values stand for the defaults of R's stl.
type STLSettings struct {
	// Period is the number of observations per cycle, at least 2.
	Period int
	// Seasonal is the span, odd and at least 7, of the smoother of each month's
	// values over the years; 0 for a periodic season, the same in every year.
	Seasonal int
	// SeasonalDegree is 0 or 1: locally constant or linear.
	SeasonalDegree int
	// Trend is the span of the trend smoother; 0 stands for the smallest odd
	// number not below 1.5 Period / (1 - 1.5/Seasonal).
	Trend int
	// Robust weighs observations down by their remainder: 15 outer rounds of one
	// inner one, instead of none of two.
	Robust bool
}

// An STLFit is y = Trend + Seasonal + Remainder, in the units of y.
type STLFit struct {
	Trend, Seasonal, Remainder []float64
	// Weights are the robustness weights, 0 to 1; all 1 unless robust.
	Weights []float64
	// Inner and Outer are the rounds done, TrendSpan the span used.
	Inner, Outer, TrendSpan int
}

// STL decomposes a complete series into trend, season and remainder by loess
// (Cleveland, Cleveland, McRae and Terpenning 1990, Journal of Official
// Statistics 6, 3-73). Smoothers are worked out at every tenth of their span
// and interpolated, as there. It fails on missing values and on fewer than two
// cycles and an observation.
func STL(y []float64, s STLSettings) (STLFit, error) {
	f, err := newSTL(y, s)
	if err != nil {
		return STLFit{}, fmt.Errorf("seasonal decomposition: %w", err)
	}
	for outer := 0; ; outer++ {
		for range f.inner {
			f.round()
		}
		if outer == f.outer {
			break
		}
		f.reweigh()
	}
	if f.periodic {
		f.averageSeason()
	}
	out := STLFit{
		Trend: f.trend, Seasonal: f.season, Remainder: make([]float64, len(y)), Weights: f.weight,
		Inner: f.inner, Outer: f.outer, TrendSpan: f.trendSmooth.span,
	}
	for i, v := range y {
		out.Remainder[i] = v - f.trend[i] - f.season[i]
	}
	return out, nil
}

// An stl is a decomposition under way.
type stl struct {
	period       int
	periodic     bool
	inner, outer int

	seasonSmooth, lowSmooth, trendSmooth smoother

	y, trend, season, weight []float64
	weighted                 bool
	cycles                   []float64 // smoothed subseries, one period longer at either end
	low, buf                 []float64
}

func newSTL(y []float64, s STLSettings) (*stl, error) {
	n := len(y)
	if s.Period < 2 {
		return nil, fmt.Errorf("period %d: give at least 2", s.Period)
	}
	if n <= 2*s.Period {
		return nil, fmt.Errorf("%d observations: give more than two periods of %d", n, s.Period)
	}
	if slices.ContainsFunc(y, func(v float64) bool { return v-v != 0 }) {
		return nil, errors.New("a missing or infinite observation: fill it first, or use LTS")
	}
	if s.Seasonal != 0 && (s.Seasonal < 7 || s.Seasonal%2 == 0) {
		return nil, fmt.Errorf("seasonal span %d: give an odd number of at least 7, or 0", s.Seasonal)
	}
	if s.SeasonalDegree < 0 || s.SeasonalDegree > 1 || s.Trend < 0 {
		return nil, fmt.Errorf("seasonal degree %d, trend span %d: give degree 0 or 1 and no negative span", s.SeasonalDegree, s.Trend)
	}
	f := &stl{period: s.Period, periodic: s.Seasonal == 0, inner: 2, y: y}
	if s.Robust {
		f.inner, f.outer = 1, 15
	}
	span := s.Seasonal
	if f.periodic {
		span = 10*n + 1
	}
	trend := s.Trend
	if trend == 0 {
		trend = int(math.Ceil(1.5 * float64(s.Period) / (1 - 1.5/float64(span))))
	}
	f.seasonSmooth = newSmoother(span, s.SeasonalDegree)
	f.trendSmooth = newSmoother(nextOdd(trend), 1)
	f.lowSmooth = newSmoother(nextOdd(s.Period), 1)
	f.trend, f.season, f.weight = make([]float64, n), make([]float64, n), make([]float64, n)
	for i := range f.weight {
		f.weight[i] = 1
	}
	f.cycles = make([]float64, n+2*s.Period)
	f.low, f.buf = make([]float64, n+2*s.Period), make([]float64, n+2*s.Period)
	return f, nil
}

func nextOdd(n int) int { return n + 1 - n%2 }

// round is one inner loop: season from the detrended series, less what a
// low-pass filter still finds in it, then trend from the deseasonalised one.
func (f *stl) round() {
	n, p := len(f.y), f.period
	f.smoothCycles()
	m := movingAverage(f.low, f.cycles, p)
	m = movingAverage(f.buf, f.low[:m], p)
	m = movingAverage(f.low, f.buf[:m], 3)
	f.lowSmooth.smooth(f.buf[:n], f.low[:m], nil)
	for i := range f.season {
		f.season[i] = f.cycles[p+i] - f.buf[i]
		f.buf[i] = f.y[i] - f.season[i]
	}
	f.trendSmooth.smooth(f.trend, f.buf[:n], f.used(f.weight))
}

// used are the weights once there are any.
func (f *stl) used(w []float64) []float64 {
	if f.weighted {
		return w
	}
	return nil
}

// smoothCycles smooths the detrended values of each position in the cycle over
// the years, with one value more at either end.
func (f *stl) smoothCycles() {
	p := f.period
	var sub, weight []float64
	for phase := range p {
		sub, weight = sub[:0], weight[:0]
		for i := phase; i < len(f.y); i += p {
			sub = append(sub, f.y[i]-f.trend[i])
			weight = append(weight, f.weight[i])
		}
		k := len(sub)
		out := make([]float64, k+2)
		s := &f.seasonSmooth
		s.smooth(out[1:k+1], sub, f.used(weight))
		var ok bool
		if out[0], ok = s.at(0, sub, f.used(weight), 1, min(s.span, k)); !ok {
			out[0] = out[1]
		}
		if out[k+1], ok = s.at(float64(k+1), sub, f.used(weight), max(1, k-s.span+1), k); !ok {
			out[k+1] = out[k]
		}
		for j, v := range out {
			f.cycles[phase+j*p] = v
		}
	}
}

// movingAverage writes the means of all runs of length in x, and how many.
func movingAverage(dst, x []float64, length int) int {
	m := len(x) - length + 1
	sum := 0.0
	for _, v := range x[:length] {
		sum += v
	}
	dst[0] = sum / float64(length)
	for i := 1; i < m; i++ {
		sum += x[i+length-1] - x[i-1]
		dst[i] = sum / float64(length)
	}
	return m
}

// reweigh sets bisquare weights at six times the median absolute remainder.
func (f *stl) reweigh() {
	n := len(f.y)
	r := f.buf[:n]
	for i := range r {
		r[i] = math.Abs(f.y[i] - f.trend[i] - f.season[i])
	}
	sorted := slices.Clone(r)
	slices.Sort(sorted)
	limit := 3 * (sorted[n/2] + sorted[(n-1)/2])
	for i, v := range r {
		switch {
		case v <= .001*limit:
			f.weight[i] = 1
		case v <= .999*limit:
			u := 1 - (v/limit)*(v/limit)
			f.weight[i] = u * u
		default:
			f.weight[i] = 0
		}
	}
	f.weighted = true
}

// averageSeason replaces the season by its mean at each phase.
func (f *stl) averageSeason() {
	for phase := range f.period {
		sum, count := 0.0, 0.0
		for i := phase; i < len(f.season); i += f.period {
			sum += f.season[i]
			count++
		}
		for i := phase; i < len(f.season); i += f.period {
			f.season[i] = sum / count
		}
	}
}
