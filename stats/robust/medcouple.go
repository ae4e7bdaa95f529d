package robust

import (
	"math"
	"slices"
)

// Medcouple is a measure of skewness from -1 to 1 (Brys, Hubert and Struyf
// 2004, J. Comput. Graph. Stat. 13, 996-1017): the median of
//
//	h(x_i, x_j) = ((x_j - m) - (m - x_i)) / (x_j - x_i)
//
// over all x_i <= m <= x_j, with m the median: 0 where the two halves mirror
// each other, positive where the upper one is longer. A quarter of the values
// can be wild. Values that equal the median meet each other with h = -1, 0 and
// 1 in equal shares (the paper's equation 2.3).
//
// The paper leaves open which median is taken of an even number of pairs. Here,
// as in R's robustbase, it is the mean of the middle two up to 100 values, so
// that the mirror image of the data gives exactly the opposite number, and
// beyond that the smaller one, which for a mirror image is the other one.
//
// It is 0 for one value and when all are equal; no values, or a NaN or an
// infinity among them, give NaN. It takes O(n log n) time.
func Medcouple(x []float64) float64 {
	n := len(x)
	if n == 0 || slices.ContainsFunc(x, notFinite) {
		return math.NaN()
	}
	y := slices.Sorted(slices.Values(x))
	m := Median(y)
	var down, up []float64 // distances from the median on either side
	ties := 0
	for _, v := range y {
		if v <= m {
			down = append(down, m-v)
		}
		if v >= m {
			up = append(up, v-m)
		}
		if v == m {
			ties++
		}
	}
	slices.Reverse(down) // from the nearest to the farthest
	slices.Reverse(up)   // from the farthest to the nearest
	// With t = (m-x_i)/(x_j-m), h = (1-t)/(1+t) falls as t grows, and unlike h
	// itself the quotient t keeps its order when it is rounded.
	p, q := len(down), len(up)
	quotients := rowSorted{p, q, func(i, j int) float64 {
		if beyond := j - (q - ties); i < ties && beyond >= 0 {
			return tiedQuotient(i + beyond - (ties - 1))
		}
		return down[i] / up[j]
	}}
	lower := skewOf(quotients.smallest(p * q / 2))
	if p*q%2 == 1 || n > meanOfMiddles {
		return lower
	}
	return lower/2 + skewOf(quotients.smallest(p*q/2-1))/2
}

const meanOfMiddles = 100

// tiedQuotient stands for h = 1, 0 or -1 as side is negative, 0 or positive.
func tiedQuotient(side int) float64 {
	switch {
	case side < 0:
		return 0
	case side == 0:
		return 1
	}
	return math.Inf(1)
}

func skewOf(t float64) float64 {
	if math.IsInf(t, 1) {
		return -1
	}
	return (1 - t) / (1 + t)
}
