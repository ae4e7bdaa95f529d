package tail

import "math"

// Log1mExp returns ln(1 - e^a) for a <= 0: the log of a complement.
// Zero gives -Inf, -Inf gives 0, a positive a gives NaN. The switch at -ln 2
// keeps full precision on both sides (Maechler 2012, "Accurately computing
// log(1-exp(-|a|))").
func Log1mExp(a float64) float64 {
	switch {
	case math.IsNaN(a) || a > 0:
		return math.NaN()
	case a > -math.Ln2:
		return math.Log(-math.Expm1(a))
	default:
		return math.Log1p(-math.Exp(a))
	}
}

// LogAdd returns ln(e^a + e^b). An argument of -Inf is the neutral element.
func LogAdd(a, b float64) float64 {
	if a < b {
		a, b = b, a
	}
	if math.IsInf(b, -1) || math.IsInf(a, 1) {
		return a
	}
	return a + math.Log1p(math.Exp(b-a))
}

// LogSub returns ln(e^a - e^b) for a >= b. Equal arguments give -Inf, a < b NaN.
func LogSub(a, b float64) float64 {
	if math.IsInf(b, -1) {
		return a
	}
	if a == b {
		return math.Inf(-1)
	}
	return a + Log1mExp(b-a)
}

// LogSumExp returns ln of the sum of e^v over v, scaled by the largest term so
// that nothing overflows. An empty slice gives -Inf (the sum of nothing); any
// NaN gives NaN. The sum is compensated (Neumaier), so that the order of v
// changes at most the last bit.
func LogSumExp(v []float64) float64 {
	top := math.Inf(-1)
	for _, x := range v {
		if math.IsNaN(x) {
			return math.NaN()
		}
		top = math.Max(top, x)
	}
	if math.IsInf(top, 0) {
		return top
	}
	sum, lost := 0.0, 0.0
	for _, x := range v {
		e := math.Exp(x - top)
		next := sum + e
		if sum >= e {
			lost += (sum - next) + e
		} else {
			lost += (e - next) + sum
		}
		sum = next
	}
	return top + math.Log(sum+lost)
}

// LogMeanExp returns ln of the mean of e^v: LogSumExp(v) - ln len(v). An empty
// slice gives NaN (the mean of nothing).
func LogMeanExp(v []float64) float64 {
	if len(v) == 0 {
		return math.NaN()
	}
	return LogSumExp(v) - math.Log(float64(len(v)))
}
