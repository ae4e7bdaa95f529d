package robust

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"
)

// LocationSettings configures [Location]. The zero value is Huber's estimator
// at 95% efficiency with a 95% interval.
type LocationSettings struct {
	Psi     Psi
	Tuning  float64   // 0 means 95% efficiency at the normal
	Level   float64   // of the interval; 0 means 0.95
	Weights []float64 // precision of each value, up to a factor; nil means equal
}

// LocationFit is an M-estimate of one location, in the units of the data.
type LocationFit struct {
	Estimate   float64
	SE         float64
	Low, High  float64 // interval at Level, normal theory
	Level      float64
	Scale      float64 // MAD, of values of weight 1
	Rows       int     // values of positive weight
	Iterations int
	Converged  bool
	Warnings   []Warning
}

// Iteration stops when the estimate moves by less than this share of its
// scale: far below its standard error for any sample that fits in memory.
const (
	locationTolerance = 1e-10
	locationCap       = 200
)

// Location solves sum w_i psi(sqrt(w_i)(x_i-m)/s)/sqrt(w_i) = 0 for m, with s
// the MAD held fixed, by reweighting from the median (Huber 1981, section 6.7).
// The standard error is the asymptotic one (Huber 1964), s sqrt(sum psi^2) /
// sum psi', times sqrt(n/(n-1)); the interval takes t with n-1 degrees of
// freedom.
//
// When more than half of the values are equal the scale is 0: the estimate is
// the median and its standard error is unknown (NaN), with a warning. One value
// is its own estimate. No values, NaN and infinities, and bad weights are
// errors.
func Location(x []float64, settings LocationSettings) (LocationFit, error) {
	l, err := newLocation(x, settings)
	if err != nil {
		return LocationFit{}, fmt.Errorf("location: %w", err)
	}
	m := WeightedMedianInPlace(slices.Clone(l.x), slices.Clone(l.weights))
	scale := l.scaleAbout(m)
	fit := LocationFit{Estimate: m, Scale: scale, Level: l.level, Rows: len(l.x), SE: math.NaN(), Low: math.NaN(), High: math.NaN()}
	if scale == 0 {
		fit.Converged = true
		if len(l.x) > 1 {
			fit.Warnings = []Warning{"at least half of the values are equal: the median is given, without a standard error"}
		}
		return fit, nil
	}
	for !fit.Converged && fit.Iterations < locationCap {
		next := l.reweighted(fit.Estimate, scale)
		fit.Converged = math.Abs(next-fit.Estimate) <= locationTolerance*scale
		fit.Estimate = next
		fit.Iterations++
	}
	if !fit.Converged {
		fit.Warnings = []Warning{"the estimate still moves: the values may lie in two clumps, look at them"}
	}
	if fit.SE = l.standardError(fit.Estimate, scale); math.IsNaN(fit.SE) {
		fit.Warnings = append(fit.Warnings, "no standard error: too few values lie near the estimate")
		return fit, nil
	}
	t := distuv.StudentsT{Sigma: 1, Nu: float64(fit.Rows - 1)}.Quantile((1 + l.level) / 2)
	fit.Low, fit.High = fit.Estimate-t*fit.SE, fit.Estimate+t*fit.SE
	return fit, nil
}

// location is a checked problem; rows of weight 0 are gone.
type location struct {
	x, weights []float64
	psi        Psi
	tuning     float64
	level      float64
}

func newLocation(x []float64, s LocationSettings) (location, error) {
	l := location{x: slices.Clone(x), weights: slices.Clone(s.Weights), psi: s.Psi, tuning: s.Tuning, level: s.Level}
	if l.weights == nil {
		l.weights = constant(len(x), 1)
	}
	if l.tuning == 0 {
		l.tuning = pick(s.Psi == Huber, HuberTuning, TukeyTuning)
	}
	if l.level == 0 {
		l.level = 0.95
	}
	switch {
	case len(x) == 0:
		return l, fmt.Errorf("no values")
	case len(l.weights) != len(x):
		return l, fmt.Errorf("%d weights for %d values: make them equal", len(l.weights), len(x))
	case s.Psi != Huber && s.Psi != Tukey:
		return l, fmt.Errorf("psi %d is unknown: choose Huber or Tukey", s.Psi)
	case !(l.tuning > 0):
		return l, fmt.Errorf("tuning %v: choose a positive number", l.tuning)
	case !(l.level > 0 && l.level < 1):
		return l, fmt.Errorf("level %v: choose it between 0 and 1", l.level)
	}
	if i := slices.IndexFunc(x, notFinite); i >= 0 {
		return l, fmt.Errorf("row %d: %w", i, ErrNotFinite)
	}
	if _, err := totalWeight(l.weights); err != nil {
		return l, err
	}
	l.x, l.weights = dropWeightless(l.x, l.weights)
	return l, nil
}

// scaleAbout is the MAD of deviations from m, brought to weight 1.
func (l location) scaleAbout(m float64) float64 {
	d := make([]float64, len(l.x))
	for i, v := range l.x {
		d[i] = math.Sqrt(l.weights[i]) * (v - m)
	}
	return MADAboutInPlace(d, 0)
}

func (l location) deviation(i int, m, scale float64) float64 {
	return math.Sqrt(l.weights[i]) * (l.x[i] - m) / scale
}

func (l location) reweighted(m, scale float64) float64 {
	pull, total := 0.0, 0.0
	for i, v := range l.x {
		w := l.weights[i] * l.psi.weight(l.deviation(i, m, scale), l.tuning)
		pull += w * (v - m)
		total += w
	}
	return m + pull/total
}

func (l location) standardError(m, scale float64) float64 {
	squares, slopes := 0.0, 0.0
	for i := range l.x {
		u := l.deviation(i, m, scale)
		psi := u * l.psi.weight(u, l.tuning)
		squares += l.weights[i] * psi * psi
		slopes += l.weights[i] * l.psi.slope(u, l.tuning)
	}
	if slopes <= 0 { // only a redescending psi with values far on both sides
		return math.NaN()
	}
	n := float64(len(l.x))
	return scale * math.Sqrt(squares*n/(n-1)) / slopes
}
