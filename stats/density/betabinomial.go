package density

import (
	"math"

	"counterflow/stats/tail"
)

// betaBinomialTail returns ln of the mid-p and of the full P(X >= k) for X of n
// trials whose probability is beta distributed with mean share and correlation
// 1/(a+b+1) between trials. A correlation of zero or less is the binomial; one
// of one or more is cut just below.
func betaBinomialTail(k, n int, share, correlation float64) (mid, full float64) {
	if k <= 0 && n == 0 {
		return 0, 0
	}
	mass := func(x int) float64 { return logBinomialMass(x, n, share) }
	if correlation > 1e-12 {
		concentration := 1/math.Min(correlation, 0.999) - 1
		a, b := share*concentration, (1-share)*concentration
		mass = func(x int) float64 { return logBetaBinomialMass(x, n, a, b) }
	}
	top := math.Inf(-1)
	terms := make([]float64, 0, n-k)
	for x := k + 1; x <= n; x++ {
		lm := mass(x)
		terms = append(terms, lm)
		top = math.Max(top, lm)
		// Past the mode the masses fall; forty below the largest adds nothing.
		if lm < top-40 && float64(x) > float64(n)*share {
			break
		}
	}
	beyond := tail.LogSumExp(terms)
	at := mass(k)
	return math.Min(0, tail.LogAdd(beyond, at-math.Ln2)), math.Min(0, tail.LogAdd(beyond, at))
}

func logBinomialMass(x, n int, p float64) float64 {
	return logChoose(n, x) + float64(x)*math.Log(p) + float64(n-x)*math.Log1p(-p)
}

func logBetaBinomialMass(x, n int, a, b float64) float64 {
	return logChoose(n, x) + logBeta(a+float64(x), b+float64(n-x)) - logBeta(a, b)
}

func logChoose(n, k int) float64 {
	return -math.Log(float64(n+1)) - logBeta(float64(n-k+1), float64(k+1))
}

func logBeta(a, b float64) float64 {
	x, _ := math.Lgamma(a)
	y, _ := math.Lgamma(b)
	z, _ := math.Lgamma(a + b)
	return x + y - z
}
