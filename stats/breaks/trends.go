package breaks

import (
	"errors"
	"fmt"
	"math"
	"slices"
)

// TrendSettings of [Trends]. The zero value is the fixed configuration used on
// the Turing Change Point Dataset, but for the period, which there is 12 for
// series with monthly time stamps and 0 for the others.
type TrendSettings struct {
	// Period is the number of observations per seasonal cycle; 0 for no season.
	Period int
	// Shortest is the fewest observations of a segment; 0 stands for 5.
	Shortest int
}

// A TrendSegmentation splits a series into stretches with a level, and a slope
// where that pays, of their own.
type TrendSegmentation struct {
	// Starts are the first observations of all segments but the first.
	Starts []int
	// Levels are the fitted values at each segment's first observation and
	// Slopes the changes per observation, 0 where a level alone is better; one
	// more than Starts.
	Levels, Slopes []float64
	// Season is the seasonal pattern by index modulo the period, of mean zero;
	// nil where it does not pay.
	Season []float64
	// Noise is the variance that changes are measured against, in squared units
	// of the series: the larger of the variance of the series and the long-run
	// variance of the residuals. Phi is the residuals' lag-one autocorrelation.
	Noise, Phi float64
	Rows       int
	Iterations int
	Converged  bool
	Warnings   Warnings
}

const (
	trendIterations = 20
	trendTolerance  = 0.01 // relative change of the noise variance
	trendPhi        = 0.97 // the largest phi believed
)

// Trends finds changes of level or trend. Segments minimise, by [PELT]'s
// pruned search, the sum of squares over the noise variance plus ln n for every
// parameter (BIC): two for a change, its position and a level, and one more for
// a slope where that pays. The noise is measured as a reader of a chart would:
// a change counts if it stands out against the spread of the whole series, and
// against what the autocorrelation of the residuals makes wander,
// s^2 (1+phi)/(1-phi). A season is taken off when it lowers the BIC. The three
// are found in turn until they settle.
func Trends(y []float64, s TrendSettings) (TrendSegmentation, error) {
	f, err := newTrendFit(y, s)
	if err != nil {
		return TrendSegmentation{}, err
	}
	for !f.out.Converged && f.out.Iterations < trendIterations {
		f.out.Iterations++
		f.segment()
		f.residuals()
		settled := !f.takeSeason()
		before := f.noise
		f.measure()
		f.out.Converged = settled && math.Abs(f.noise-before) <= trendTolerance*before
	}
	if !f.out.Converged {
		f.out.Warnings.add(NotConverged)
	}
	return f.answer(), nil
}

// A trendFit works on the observed values, standardised.
type trendFit struct {
	TrendSettings
	times  []int
	z      []float64 // less the season
	mean   float64
	sd     float64
	season []float64
	noise  float64 // in units of the variance of the series
	charge float64 // ln n

	t, tt, v, tv, vv []float64 // prefix sums
	starts           []int
	resid            []float64
	parameters       int // levels and slopes
	out              TrendSegmentation
}

func newTrendFit(y []float64, s TrendSettings) (*trendFit, error) {
	if s.Shortest == 0 {
		s.Shortest = 5
	}
	if s.Shortest < 2 || s.Period < 0 || s.Period == 1 {
		return nil, fmt.Errorf("trend segments: shortest %d, period %d: give at least 2, and no period of 1", s.Shortest, s.Period)
	}
	f := &trendFit{TrendSettings: s, noise: 1}
	for i, v := range y {
		switch {
		case math.IsNaN(v):
			f.out.Warnings.add(HasMissing)
		case math.IsInf(v, 0):
			f.out.Warnings.add(Infinite)
		default:
			f.z, f.times = append(f.z, v), append(f.times, i)
		}
	}
	n := len(f.z)
	if n < 2 {
		return nil, errors.New("trend segments: fewer than two observations: give a longer series")
	}
	for _, v := range f.z {
		f.mean += v / float64(n)
	}
	for _, v := range f.z {
		f.sd += (v - f.mean) * (v - f.mean) / float64(n-1)
	}
	if !(f.sd > flat(f.mean*f.mean)) {
		f.out.Warnings.add(Constant)
		f.sd = 1
	}
	f.sd = math.Sqrt(f.sd)
	for i := range f.z {
		f.z[i] = (f.z[i] - f.mean) / f.sd
	}
	f.charge = math.Log(float64(n))
	if s.Period > 0 {
		f.season = make([]float64, s.Period)
	}
	return f, nil
}

// segment finds the best starts for the present season and noise.
func (f *trendFit) segment() {
	n := len(f.z)
	for _, p := range []*[]float64{&f.t, &f.tt, &f.v, &f.tv, &f.vv} {
		*p = make([]float64, n+1)
	}
	span := float64(f.times[n-1] - f.times[0])
	for i, v := range f.z {
		t := float64(f.times[i]-f.times[0]) / span
		f.t[i+1] = f.t[i] + t
		f.tt[i+1] = f.tt[i] + t*t
		f.v[i+1] = f.v[i] + v
		f.tv[i+1] = f.tv[i] + t*v
		f.vv[i+1] = f.vv[i] + v*v
	}
	if n < f.Shortest {
		return
	}
	// Two lines in place of one pay for one slope more: the slack is ln n.
	f.starts = partition(n, f.Shortest, 2*f.charge, f.charge, func(i, j int) float64 {
		level, line, _ := f.fits(i, j)
		return math.Min(level/f.noise, line/f.noise+f.charge)
	})
}

// fits are the sums of squares of the observations [i, j) about their mean and
// about a line, and its slope per unit of scaled time.
func (f *trendFit) fits(i, j int) (level, line, slope float64) {
	n := float64(j - i)
	t, v := f.t[j]-f.t[i], f.v[j]-f.v[i]
	level = math.Max(0, f.vv[j]-f.vv[i]-v*v/n)
	line = level
	if tt := f.tt[j] - f.tt[i] - t*t/n; tt > 0 {
		tv := f.tv[j] - f.tv[i] - t*v/n
		slope = tv / tt
		line = math.Max(0, level-tv*slope)
	}
	return level, line, slope
}

// line is level and slope of a segment in scaled time: slope 0 if it does not
// pay.
func (f *trendFit) line(i, j int) (at0, slope float64) {
	level, line, slope := f.fits(i, j)
	if line/f.noise+f.charge >= level/f.noise {
		slope = 0
	}
	n := float64(j - i)
	return (f.v[j]-f.v[i])/n - slope*(f.t[j]-f.t[i])/n, slope
}

// residuals of the segments' lines.
func (f *trendFit) residuals() {
	f.resid, f.parameters = f.resid[:0], 0
	from := 0
	for _, to := range append(slices.Clone(f.starts), len(f.z)) {
		at0, slope := f.line(from, to)
		f.parameters++
		if slope != 0 {
			f.parameters++
		}
		for i := from; i < to; i++ {
			f.resid = append(f.resid, f.z[i]-at0-slope*(f.t[i+1]-f.t[i]))
		}
		from = to
	}
}

// takeSeason replaces the season by the means of the residuals by month when
// that lowers the BIC; true when it changed.
func (f *trendFit) takeSeason() bool {
	p := f.Period
	if p == 0 {
		return false
	}
	sum, count := make([]float64, p), make([]float64, p)
	without := 0.0
	for i, r := range f.resid {
		m := f.times[i] % p
		v := r + f.season[m]
		sum[m] += v
		count[m]++
		without += v * v
	}
	mean := 0.0
	for m := range sum {
		sum[m] /= math.Max(1, count[m])
		mean += sum[m] / float64(p)
	}
	with, moved := 0.0, 0.0
	for i, r := range f.resid {
		m := f.times[i] % p
		v := r + f.season[m] - sum[m] + mean
		with += v * v
	}
	if float64(len(f.resid))*math.Log(without/with) <= float64(p-1)*f.charge {
		return false
	}
	for i := range f.z {
		m := f.times[i] % p
		f.z[i] += f.season[m] - sum[m] + mean
		f.resid[i] += f.season[m] - sum[m] + mean
	}
	for m := range sum {
		moved = math.Max(moved, math.Abs(f.season[m]-sum[m]+mean))
		f.season[m] = sum[m] - mean
	}
	return moved > 1e-6
}

// measure sets phi, its bias from fitted segments taken off to first order, and
// the noise.
func (f *trendFit) measure() {
	n := float64(len(f.resid))
	var c0, c1, prev float64
	for _, r := range f.resid {
		c0 += r * r
		c1 += r * prev
		prev = r
	}
	phi := 0.0
	if c0 > 0 {
		phi = c1 / c0
		phi += (1 + 4*phi) / n * float64(len(f.starts)+1)
	}
	f.out.Phi = math.Max(0, math.Min(trendPhi, phi))
	long := c0 / math.Max(1, n-float64(f.parameters)) * (1 + f.out.Phi) / (1 - f.out.Phi)
	f.noise = math.Max(1, long)
}

// answer translates to the units of the series.
func (f *trendFit) answer() TrendSegmentation {
	out := f.out
	out.Rows, out.Noise = len(f.z), f.noise*f.sd*f.sd
	span := float64(f.times[len(f.z)-1] - f.times[0])
	from := 0
	for _, to := range append(slices.Clone(f.starts), len(f.z)) {
		at0, slope := f.line(from, to)
		t := f.t[from+1] - f.t[from]
		out.Levels = append(out.Levels, f.mean+f.sd*(at0+slope*t))
		out.Slopes = append(out.Slopes, f.sd*slope/span)
		if from > 0 {
			out.Starts = append(out.Starts, f.times[from])
		}
		from = to
	}
	if slices.ContainsFunc(f.season, func(v float64) bool { return v != 0 }) {
		for _, v := range f.season {
			out.Season = append(out.Season, f.sd*v)
		}
	}
	return out
}
