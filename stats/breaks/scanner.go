package breaks

import (
	"math"

	"gonum.org/v1/gonum/floats"

	"counterflow/stats/tail"
)

// A Scanner is the working memory for scanning series one after the other
// with one design, without allocation. It is not safe for concurrent use: give
// every goroutine its own.
type Scanner struct {
	d *Design

	series  []float64 // the observations less their mean
	cleaned []float64 // the same, additive outliers replaced
	resid   []float64 // level residuals
	dev     []float64 // deviations of the series from its level fit
	step    []float64
	buf     []float64

	e    [][]float64 // by phi: the transformed series cleared of the model
	h0   [][]float64 // by phi: residuals of the Student fit without a step
	s0   []float64   // by phi: its scale
	prof []profile   // by phi
	lik  []float64   // by phi
	pen  []float64   // by phi: log prior

	outliers  []int
	isOutlier []bool
	gaps      *gapScanner
}

// NewScanner allocates the working memory for one goroutine.
func (d *Design) NewScanner() *Scanner {
	n := len(d.times)
	vec := func() []float64 { return make([]float64, n) }
	grid := func() [][]float64 {
		g := make([][]float64, len(phiGrid))
		for i := range g {
			g[i] = make([]float64, n-1)
		}
		return g
	}
	k := len(phiGrid)
	return &Scanner{
		d: d, series: vec(), cleaned: vec(), resid: vec(), dev: vec(), step: vec(), buf: vec(),
		e: grid(), h0: grid(), s0: make([]float64, k), prof: make([]profile, k),
		lik: make([]float64, k), pen: make([]float64, k),
		outliers: make([]int, 0, maxOutliers(n)), isOutlier: make([]bool, n),
	}
}

// load copies y, less its mean, into s.series.
func (s *Scanner) load(y []float64) {
	mean := floats.Sum(y) / float64(len(y))
	for i, v := range y {
		s.series[i] = v - mean
	}
}

// OLS scans y by ordinary least squares: the position whose step lowers the
// residual sum of squares most, with |t| turned into a normal deviate Z and
// the search allowed for by Rice's bound. It holds for white noise only: with
// AR(1) errors of phi 0.3 a nominal 1% is really about 12%; use Robust then.
func (s *Scanner) OLS(y []float64) Shift {
	if g := s.gapsIn(y); g != nil {
		return g.mapped(y, func(sub *Scanner, y []float64) Shift { return sub.OLS(y) })
	}
	d, w := s.d, &s.d.level
	out := untested(len(y))
	s.load(y)
	copy(s.resid, s.series)
	w.project(s.resid)
	total := floats.Dot(s.resid, s.resid)
	if !(total > flat(floats.Dot(s.series, s.series))) {
		out.Warnings.add(Constant)
		return out
	}
	at, gain := w.best(s.resid, d.first, d.last)
	out.Warnings |= d.warnings(at)
	df := float64(len(y) - len(w.basis) - 1)
	w.cleared(s.step, at)
	inv := w.inv[at-d.first]
	out.Position, out.Size = at, floats.Dot(s.step, s.resid)*inv
	floats.AddScaled(s.resid, -out.Size, s.step)
	rss := floats.Dot(s.resid, s.resid) // total less gain would lose a small one
	out.Scale = math.Sqrt(rss / df)
	out.SE = out.Scale * math.Sqrt(inv)
	if !(rss > flat(total)) {
		out.Z, out.LogP = math.Inf(1), math.Inf(-1)
		out.Warnings.add(ExactFit)
		return out
	}
	t := math.Sqrt(gain) / out.Scale
	out.Z = tail.ZFromLogP(tail.StudentLogSF(t, df))
	out.LogP = w.rice().logP(out.Z)
	return out
}

// untested is the answer when nothing can be said.
func untested(rows int) Shift {
	return Shift{Position: -1, Size: math.NaN(), SE: math.NaN(), Scale: math.NaN(), Rows: rows}
}

// flat is the residual sum of squares that rounding alone leaves of a series
// with the given sum of squares.
func flat(total float64) float64 { return 1e-24 * total }
