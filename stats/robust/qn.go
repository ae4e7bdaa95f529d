package robust

import (
	"math"
	"slices"
)

// QnConsistency makes Qn estimate the standard deviation of normal data:
// 1/(sqrt2 Phi^-1(5/8)), in the digits that R's robustbase uses.
const QnConsistency = 2.21914

// qnSmall are the factors for 2 to 12 values, qnOdd and qnEven the
// coefficients of 1/n, 1/n^2 and 1/n^3 beyond: Croux and Rousseeuw (1992)
// tabulated them to 9, the rest and more digits come with robustbase.
var (
	qnSmall = [...]float64{.399356, .99365, .51321, .84401, .61220, .85877, .66993, .87344, .72014, .88906, .75743}
	qnOdd   = [...]float64{1.60188, -2.1284, -5.172, 0}
	qnEven  = [...]float64{3.67561, 1.9654, 6.987, -77}
)

// Qn is the scale of Rousseeuw and Croux (1993, JASA 88, 1273-1283): about the
// lower quartile of the n(n-1)/2 distances between two values, that of rank
// choose(floor(n/2)+1, 2), times [QnConsistency] and a small-sample factor; in
// the units of x. Unlike [MAD] it needs no centre, so it suits skew data, and
// is 82% efficient where data are normal; half of the values can be wild.
//
// It is 0 for one value and when more than half are equal; no values, or a
// NaN among them, give NaN. It takes O(n log n) time.
func Qn(x []float64) float64 {
	n := len(x)
	if n == 0 || hasNaN(x) {
		return math.NaN()
	}
	if n == 1 {
		return 0
	}
	y := slices.Sorted(slices.Values(x))
	// Row i holds y_i - y_j with j falling, so it grows along rows and down
	// columns. Of its n^2 entries the n(n+1)/2 with j >= i come first.
	distances := rowSorted{n, n, func(i, j int) float64 { return y[i] - y[n-1-j] }}
	half := n/2 + 1
	rank := half*(half-1)/2 + n*(n+1)/2
	return QnConsistency * qnFactor(n) * distances.smallest(rank-1)
}

func qnFactor(n int) float64 {
	if n-2 < len(qnSmall) {
		return qnSmall[n-2]
	}
	c := qnEven
	if n%2 == 1 {
		c = qnOdd
	}
	u := 1 / float64(n)
	return 1 / (1 + u*(c[0]+u*(c[1]+u*(c[2]+u*c[3]))))
}
