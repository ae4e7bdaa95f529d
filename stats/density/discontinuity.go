package density

import (
	"fmt"
	"math"

	"counterflow/stats/tail"
)

// DiscontinuityOptions are the choices of DetectDiscontinuity. The zero value is
// order 2 for the bandwidths, order 3 for the test, estimated bandwidths.
type DiscontinuityOptions struct {
	Order  int     // p, order for which bandwidths are best; the test uses p+1; 0 means 2
	LeftH  float64 // bandwidths in units of the data, both or neither; 0 means estimated
	RightH float64
	Level  float64 // level of the interval for the jump; 0 means 0.95
}

// Discontinuity is the answer of DetectDiscontinuity.
type Discontinuity struct {
	Cutoff              float64
	Left, Right         float64 // densities just left and right of the cutoff, per unit of the data
	LeftSE, RightSE     float64
	Jump, SE            float64 // Right - Left
	Low, High, Level    float64 // interval for Jump, normal, not simultaneous with anything
	T                   float64 // Jump / SE
	LogP                float64 // two-sided
	LogPBelow           float64 // one-sided, small when there is more just below
	LeftH, RightH       float64
	LeftN, RightN       int // observations on each side
	LeftUsed, RightUsed int // within the bandwidth
	Skipped             int // NaN or infinite
	Bandwidths          Bandwidths
	Order               int // of the polynomial in the test
	Warnings            []string
}

// DetectDiscontinuity tests whether the density of values jumps at a cutoff, by
// local polynomials fitted to the distribution function on each side, bias
// removed by one order more than the bandwidth is best for, and jackknife
// standard errors (Cattaneo, Jansson and Ma 2018, Stata Journal 18; 2020, JASA
// 115). Values at the cutoff count as right of it. Ties are kept: the
// distribution function takes its upper value at each.
//
// Each side needs 21+Order distinct values; fewer is an error. The test assumes
// a smooth density, so heaps of round numbers near the cutoff are read as
// jumps: Bunching models them.
func DetectDiscontinuity(values []float64, cutoff float64, options DiscontinuityOptions) (Discontinuity, error) {
	p := options.Order
	if p == 0 {
		p = 2
	}
	level := options.Level
	if level == 0 {
		level = 0.95
	}
	if p < 1 || p > 5 || !(level > 0 && level < 1) {
		return Discontinuity{}, fmt.Errorf("order %d, level %g: choose an order from 1 to 5 and a level in (0, 1)", p, level)
	}
	if (options.LeftH > 0) != (options.RightH > 0) {
		return Discontinuity{}, fmt.Errorf("bandwidths %g and %g: give both or neither", options.LeftH, options.RightH)
	}
	s, skipped := splitAt(values, cutoff)
	if len(s.left) < 21+p || len(s.right) < 21+p {
		return Discontinuity{}, fmt.Errorf("%d values below and %d above the cutoff: need %d on each side",
			len(s.left), len(s.right), 21+p)
	}
	bw := Bandwidths{ChosenLeft: options.LeftH, ChosenRight: options.RightH}
	if !(options.LeftH > 0) {
		var err error
		if bw, err = selectBandwidths(s, p); err != nil {
			return Discontinuity{}, err
		}
	}
	left, err := s.fit(false, bw.ChosenLeft, p+1)
	if err != nil {
		return Discontinuity{}, err
	}
	right, err := s.fit(true, bw.ChosenRight, p+1)
	if err != nil {
		return Discontinuity{}, err
	}
	d := newDiscontinuity(left, right, level)
	d.Cutoff, d.Bandwidths, d.Order, d.Skipped = cutoff, bw, p+1, skipped
	d.LeftN, d.RightN = len(s.left), len(s.right)
	if share := float64(left.distinct+right.distinct) / float64(left.used+right.used); share < 0.8 {
		d.Warnings = append(d.Warnings, fmt.Sprintf(
			"only %.0f%% of the values within the bandwidths are distinct: round numbers may read as a jump", 100*share))
	}
	return d, nil
}

func newDiscontinuity(left, right localFit, level float64) Discontinuity {
	leftVar, rightVar := left.densityVariance(), right.densityVariance()
	d := Discontinuity{
		Left: left.derivative(1), Right: right.derivative(1),
		LeftSE: math.Sqrt(leftVar), RightSE: math.Sqrt(rightVar), SE: math.Sqrt(leftVar + rightVar),
		LeftH: left.h, RightH: right.h, LeftUsed: left.used, RightUsed: right.used, Level: level,
	}
	d.Jump = d.Right - d.Left
	d.T = d.Jump / d.SE
	d.LogP = tail.NormalLogTwoSided(d.T)
	d.LogPBelow = tail.NormalLogSF(-d.T)
	z := tail.ZFromLogP(math.Log((1 - level) / 2))
	d.Low, d.High = d.Jump-z*d.SE, d.Jump+z*d.SE
	return d
}
