package panel

import (
	"math"
	"slices"
)

// Larger is the larger of two series of one length, month by month, or the one that
// is known; NaN where neither is.
func Larger(a, b []float64) []float64 {
	out := slices.Clone(a)
	for t, v := range b {
		if math.IsNaN(out[t]) || v > out[t] {
			out[t] = v
		}
	}
	return out
}
