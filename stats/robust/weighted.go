package robust

import (
	"errors"
	"fmt"
	"math"
	"slices"
)

// ErrWeight is returned for a weight that is negative, NaN or infinite, and
// when no weight is positive.
var ErrWeight = errors.New("weights must be finite, not negative, and not all zero")

// WeightedMedian is the value with half of the weight on either side: the
// smallest one at which the weight of it and of all below exceeds half, or the
// mean of the two values between which the halves part exactly. With equal
// weights it is [Median]. Values of weight 0 do not count. No values, a NaN
// among them, or weights that are not weights give NaN; the lengths must be
// equal, or it panics.
func WeightedMedian(x, weights []float64) float64 {
	return WeightedMedianInPlace(slices.Clone(x), slices.Clone(weights))
}

// WeightedMedianInPlace is [WeightedMedian], and reorders both of its arguments.
func WeightedMedianInPlace(x, weights []float64) float64 {
	if len(x) != len(weights) {
		panic("robust: as many weights as values are needed")
	}
	total, err := totalWeight(weights)
	if err != nil || hasNaN(x) {
		return math.NaN()
	}
	x, weights = dropWeightless(x, weights)
	low := weightedQuantileInPlace(x, weights, total/2)
	// The halves part exactly when low and all below weigh one half.
	upTo, next := 0.0, math.Inf(1)
	for i, v := range x {
		if v <= low {
			upTo += weights[i]
		} else {
			next = min(next, v)
		}
	}
	if upTo == total/2 && len(x) > 1 && !math.IsInf(next, 1) {
		return low/2 + next/2
	}
	return low
}

// WeightedMAD is the [WeightedMedian] of the distances to the weighted median,
// times [MADConsistency]: with equal weights it is [MAD]. The same inputs give
// NaN.
func WeightedMAD(x, weights []float64) float64 {
	center := WeightedMedian(x, weights)
	distances := slices.Clone(x)
	for i, v := range x {
		distances[i] = math.Abs(v - center)
	}
	return MADConsistency * WeightedMedianInPlace(distances, slices.Clone(weights))
}

func totalWeight(weights []float64) (float64, error) {
	total := 0.0
	for i, w := range weights {
		if w < 0 || notFinite(w) {
			return 0, fmt.Errorf("weight %v in row %d: %w", w, i, ErrWeight)
		}
		total += w
	}
	if total <= 0 {
		return 0, ErrWeight
	}
	return total, nil
}

// dropWeightless moves values of positive weight to the front.
func dropWeightless(x, weights []float64) (kept, keptWeights []float64) {
	n := 0
	for i, w := range weights {
		if w > 0 {
			x[n], weights[n] = x[i], w
			n++
		}
	}
	return x[:n], weights[:n]
}
