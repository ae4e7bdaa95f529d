package burst

import "math"

// Joint gives the log p of statistics that are each the weaker of several
// departures, from their own distribution over all candidates: most candidates
// have none, whatever the single departures may be. NaN marks a candidate that
// could not be tested and stays NaN. Fewer than 200 tested candidates cannot
// carry a tail: all answers are then NaN.
//
// The tail is fitted farther out than for single departures: most candidates
// have some part that goes the wrong way, and a statistic of 0. It is fitted up to
// the quantile beyond, above which there may be true ones.
func Joint(weaker []float64, beyond float64) []float64 {
	out := make([]float64, len(weaker))
	var squares []float64
	for _, z := range weaker {
		if !math.IsNaN(z) {
			squares = append(squares, squareOf(max(z, 0)))
		}
	}
	n := newNullBetween(squares, jointFrom, beyond)
	for i, z := range weaker {
		out[i] = math.NaN()
		if !math.IsNaN(z) && len(squares) >= leastSeries {
			out[i] = min(n.logP(squareOf(max(z, 0))), 0)
		}
	}
	return out
}

const jointFrom = 0.97
