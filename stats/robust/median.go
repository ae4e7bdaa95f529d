package robust

import (
	"math"
	"slices"
)

// MADConsistency makes the MAD estimate the standard deviation of normal
// data: 1/Phi^-1(3/4) = 1.4826022, rounded as R's mad does (Hampel 1974).
const MADConsistency = 1.4826

// Median is the middle value of x, or the mean of the two middle values when
// their number is even; in the units of x. No values, or a NaN among them,
// give NaN; infinities are ordinary large values.
func Median(x []float64) float64 {
	return MedianInPlace(slices.Clone(x))
}

// MedianInPlace is [Median] without allocation: it reorders buf.
func MedianInPlace(buf []float64) float64 {
	if len(buf) == 0 || hasNaN(buf) {
		return math.NaN()
	}
	return middle(buf, len(buf)/2, len(buf)%2 == 0)
}

// middle is the k-th smallest value (from 0), or its mean with the one before it
// where there are two in the middle. It reorders buf, which holds no NaN.
func middle(buf []float64, k int, two bool) float64 {
	upper := SelectInPlace(buf, k)
	if !two {
		return upper
	}
	lower := buf[0] // the largest of the first ones, no NaN among them
	for _, v := range buf[:k] {
		if v > lower {
			lower = v
		}
	}
	return mean(lower, upper)
}

// mean of two values in the middle: of two equal infinities it is no NaN.
func mean(lower, upper float64) float64 {
	if lower == upper {
		return upper
	}
	return lower/2 + upper/2
}

// MAD is the median absolute deviation from the median times
// [MADConsistency], in the units of x: it estimates the standard deviation
// where the data are normal, and at most half of them can be wild (Hampel
// 1974, JASA 69, 383-393). It is 0 for one value and whenever more than half
// of the values are equal; no values, or a NaN among them, give NaN.
func MAD(x []float64) float64 {
	return MADInPlace(slices.Clone(x))
}

// MADInPlace is [MAD] without allocation: it overwrites buf with absolute
// deviations from the median.
func MADInPlace(buf []float64) float64 {
	return MADAboutInPlace(buf, MedianInPlace(buf))
}

// MADAboutInPlace is the median of |buf - center| times [MADConsistency],
// without allocation: it overwrites buf with absolute deviations from center.
// With center 0 it is the scale of regression residuals.
func MADAboutInPlace(buf []float64, center float64) float64 {
	for i, v := range buf {
		buf[i] = math.Abs(v - center)
	}
	return MADConsistency * MedianInPlace(buf)
}

// hasNaN is written out: a call for every value took longer than the median.
func hasNaN(x []float64) bool {
	for _, v := range x {
		if v != v {
			return true
		}
	}
	return false
}
