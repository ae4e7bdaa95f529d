package stocks

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// What a build is expected to be where tests are weighed: its natural log, its
// periods, and the level of one z at which about as many stand as are found.
const (
	expectedShift   = 0.5
	expectedPeriods = 4
	expectedLevel   = 2e-6
)

// weights are the weights of the tests, of those that have a log p: an account that
// scatters so much that no build of the usual size could show gives its chance of a
// false discovery to those in which one could,
//
//	w = tail(mu/2 + c/mu) / level,   mu = expected shift / its standard error
//
// (Roeder and Wasserman 2009, Statistical Science 24, equation 8), c making the mean
// one. Beyond sqrt(2c), where the weight is largest, mu counts as that, so that none
// is doubted for being precise. Weights look at the scatter about the levels of the
// spell and not at its height.
func weights(all []*finding, logp []float64) []float64 {
	w, mu := make([]float64, len(all)), []float64(nil)
	for i, f := range all {
		if !math.IsNaN(logp[i]) {
			mu = append(mu, f.expected())
		}
	}
	low, high := 0.0, 100.0
	for range 60 {
		c, sum := (low+high)/2, 0.0
		for _, m := range mu {
			sum += weightOf(m, c)
		}
		if sum > float64(len(mu)) {
			low = c
		} else {
			high = c
		}
	}
	for i, f := range all {
		w[i] = 1
		if !math.IsNaN(logp[i]) {
			w[i] = weightOf(f.expected(), high)
		}
	}
	return w
}

// expected is the z that a build of the usual size and length would have.
func (f *finding) expected() float64 {
	variance := (1 + f.Phi) / (1 - f.Phi) * (1/float64(expectedPeriods) + 1/float64(f.Known))
	return expectedShift / (f.Scale * math.Sqrt(variance))
}

func weightOf(mu, c float64) float64 {
	mu = math.Min(mu, math.Sqrt(2*c))
	return distuv.UnitNormal.Survival(mu/2+c/mu) / expectedLevel
}
