package robust

import (
	"math"
	"slices"
)

// SnConsistency makes Sn estimate the standard deviation of normal data.
const SnConsistency = 1.1926

// snSmall are the factors for 2 to 9 values (Croux and Rousseeuw 1992).
var snSmall = [...]float64{.743, 1.851, .954, 1.351, .993, 1.198, 1.005, 1.131}

// Sn is the scale of Rousseeuw and Croux (1993, JASA 88, 1273-1283), the low
// median over i of the high median over j of |x_i - x_j|, times
// [SnConsistency] and a small-sample factor; in the units of x. It says how
// far a typical value is from the others, needs no centre, is 58% efficient
// where data are normal, and bears wild values up to half.
//
// It is 0 for one value and when more than half are equal; no values, or a
// NaN among them, give NaN. It takes O(n log n) time.
func Sn(x []float64) float64 {
	n := len(x)
	if n == 0 || hasNaN(x) {
		return math.NaN()
	}
	if n == 1 {
		return 0
	}
	y := slices.Sorted(slices.Values(x))
	return SnConsistency * snFactor(n) * SelectInPlace(highMedianDistances(y), (n-1)/2)
}

// highMedianDistances gives, for each of the sorted values, the distance of
// rank floor(n/2)+1 to all values, itself included. That many nearest values
// lie side by side, and the window holding them only moves up.
func highMedianDistances(y []float64) []float64 {
	n, reach := len(y), len(y)/2
	out, low := make([]float64, n), 0
	for i, v := range y {
		for low+reach+1 < n && y[low+reach+1]-v < v-y[low] {
			low++
		}
		out[i] = max(v-y[low], y[low+reach]-v)
	}
	return out
}

func snFactor(n int) float64 {
	switch {
	case n-2 < len(snSmall):
		return snSmall[n-2]
	case n%2 == 1:
		return float64(n) / (float64(n) - 0.9)
	}
	return 1
}
