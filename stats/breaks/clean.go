package breaks

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/floats"

	"counterflow/stats/robust"
)

const (
	// Three passes, and more only while the scale of the residuals still falls by
	// a tenth: wild values that carry the first fit away come out pass by pass.
	cleaningPasses     = 3
	mostCleaningPasses = 40
	cleaningSettled    = 0.1
	// outlierCut is in standard deviations of the interpolation error. At 5 the
	// tails of Student-5 innovations stay (the likelihood weighs them down),
	// while an outlier of 6 marginal standard deviations always goes.
	outlierCut = 5.0
	huberCut   = 2.5 // where residuals are pulled in before phi is estimated
)

// maxOutliers is the most observations of n that are ever replaced.
func maxOutliers(n int) int { return n / 8 }

// clean replaces the additive outliers of s.series, into s.cleaned, in three
// Huber passes. Each fits the model and the best step to the cleaned series,
// measures the residuals of the raw one by their MAD, estimates phi from them
// after pulling them in to 2.5 MAD, and compares each with what its neighbours
// foretell: omega_t = e_t - phi/(1+phi^2) (e_(t-1) + e_(t+1)), the estimate of
// an additive outlier in AR(1) noise (Chen and Liu 1993, JASA 88, eq. 11). The
// largest above 5 MAD is interpolated, then the next.
//
// It returns false when the residuals have no scale.
func (s *Scanner) clean() bool {
	d, w := s.d, &s.d.level
	copy(s.cleaned, s.series)
	s.outliers = s.outliers[:0]
	before, total := math.Inf(1), floats.Dot(s.series, s.series)
	for pass := range mostCleaningPasses {
		copy(s.resid, s.cleaned)
		w.project(s.resid)
		at, _ := w.best(s.resid, d.first, d.last)
		w.cleared(s.step, at)
		b := floats.Dot(s.step, s.resid) * w.inv[at-d.first]
		for i := range s.dev {
			s.dev[i] = s.resid[i] - b*s.step[i] + s.series[i] - s.cleaned[i]
		}
		scale := s.replaceOutliers()
		if !(scale*scale*float64(len(s.series)) > flat(total)) {
			return false
		}
		if pass+1 >= cleaningPasses && scale > (1-cleaningSettled)*before {
			break
		}
		before = scale
	}
	slices.Sort(s.outliers)
	return true
}

// replaceOutliers interpolates the outliers among s.dev, largest first, and
// returns the scale of s.dev as it was.
func (s *Scanner) replaceOutliers() (scale float64) {
	copy(s.buf, s.dev)
	scale = robust.MADAboutInPlace(s.buf, 0)
	if scale == 0 {
		scale = math.Sqrt(floats.Dot(s.dev, s.dev) / float64(len(s.dev)))
	}
	phi := huberLagOne(s.dev, huberCut*scale)
	for i := range s.buf {
		s.buf[i] = surprise(s.dev, i, phi)
	}
	cut := outlierCut * robust.MADAboutInPlace(s.buf, 0)
	copy(s.cleaned, s.series)
	s.outliers = s.outliers[:0]
	clear(s.isOutlier)
	for cut > 0 && len(s.outliers) < cap(s.outliers) {
		worst, size := -1, cut
		for i := range s.dev {
			if v := math.Abs(surprise(s.dev, i, phi)); v > size && !s.isOutlier[i] {
				worst, size = i, v
			}
		}
		if worst < 0 {
			break
		}
		v := surprise(s.dev, worst, phi)
		s.dev[worst] -= v
		s.cleaned[worst] -= v
		s.isOutlier[worst] = true
		s.outliers = append(s.outliers, worst)
	}
	return scale
}

// surprise is the additive outlier that best explains e_i.
func surprise(e []float64, i int, phi float64) float64 {
	switch n := len(e); i {
	case 0:
		return e[0] - phi*e[1]
	case n - 1:
		return e[n-1] - phi*e[n-2]
	default:
		return e[i] - phi/(1+phi*phi)*(e[i-1]+e[i+1])
	}
}

// huberLagOne is the lag-one autocorrelation of e pulled in to +-cut, with the
// bias of a fitted trend taken off to first order, kept in [0, .9].
func huberLagOne(e []float64, cut float64) float64 {
	var c0, c1, prev float64
	for _, v := range e {
		v = math.Max(-cut, math.Min(cut, v))
		c0 += v * v
		c1 += v * prev
		prev = v
	}
	if c0 == 0 {
		return 0
	}
	phi := c1 / c0
	phi += (1 + 4*phi) / float64(len(e))
	return math.Max(0, math.Min(.9, phi))
}
