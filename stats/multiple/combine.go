package multiple

import (
	"fmt"
	"math"

	"counterflow/stats/tail"
)

// Combined is one p-value made from several.
type Combined struct {
	Method string
	LogP   float64 // NaN if nothing was tested
	Used   int     // p-values that were not NaN
}

// Simes combines p-values under independence or positive dependence:
// p = min over k of m p_(k)/k (Simes 1986, Biometrika 73). It is the smallest
// Benjamini-Hochberg q-value of the group. One p-value is returned as it is.
func Simes(logp []float64) (Combined, error) {
	order, err := ranked(logp)
	if err != nil {
		return Combined{}, err
	}
	return Combined{Method: "Simes", LogP: simesOf(logp, order), Used: len(order)}, nil
}

func simesOf(logp []float64, order []int) float64 {
	if len(order) == 0 {
		return math.NaN()
	}
	least := 0.0
	for k, i := range order {
		least = math.Min(least, logp[i]-math.Log(float64(k+1)))
	}
	return math.Min(0, least+math.Log(float64(len(order))))
}

// Fisher combines independent p-values: -2 sum ln p is chi-squared with 2k
// degrees of freedom (Fisher 1932). Never for detectors that share data.
func Fisher(logp []float64) (Combined, error) {
	order, err := ranked(logp)
	if err != nil {
		return Combined{}, err
	}
	c := Combined{Method: "Fisher", LogP: math.NaN(), Used: len(order)}
	if c.Used > 0 {
		sum := 0.0
		for _, i := range order {
			sum += logp[i]
		}
		c.LogP = tail.ChiSquaredLogSF(-2*sum, float64(2*c.Used))
	}
	return c, nil
}

// cauchyCeiling is the largest p-value that enters the Cauchy combination. A
// p-value of exactly one, common with discrete tests, would contribute minus
// infinity and bury every other. Truncation there follows Fang, Tseng and
// Chang (2023, "Heavy-tailed distribution for combining dependent p-values
// with asymptotic robustness", Statistica Sinica 33); it enlarges the null size by less
// than one part in a hundred.
const cauchyCeiling = 0.99

// Cauchy combines p-values that may depend on each other in any way:
// T = sum w tan((1/2 - p) pi), p = 1/2 - atan(T)/pi, with weights scaled to sum
// to one over the tested (Liu and Xie 2020, JASA 115, theorem 1: the
// tail is right as p falls, whatever the correlation). nil weights are equal
// ones. p-values above 0.99 count as 0.99; a single p-value is returned as it is.
//
// Below 1e-8 the tangent is 1/(p pi) to one part in 1e15, so that the sum is
// formed in logs and p-values of 1e-400 combine as exactly as any.
func Cauchy(logp, weight []float64) (Combined, error) {
	if weight != nil && len(weight) != len(logp) {
		return Combined{}, fmt.Errorf("%d weights for %d p-values", len(weight), len(logp))
	}
	order, err := ranked(logp)
	if err != nil {
		return Combined{}, err
	}
	var up, down, weights []float64
	var last float64
	for _, i := range order {
		w := 1.0
		if weight != nil {
			w = weight[i]
		}
		if !(w >= 0) || math.IsInf(w, 1) {
			return Combined{}, fmt.Errorf("weight %d is %g: give finite weights of zero or more", i, w)
		}
		if w == 0 {
			continue
		}
		last = logp[i]
		weights = append(weights, math.Log(w))
		lt, positive := logCotangent(math.Min(logp[i], math.Log(cauchyCeiling)))
		if positive {
			up = append(up, math.Log(w)+lt)
		} else {
			down = append(down, math.Log(w)+lt)
		}
	}
	c := Combined{Method: "Cauchy", LogP: math.NaN(), Used: len(weights)}
	switch total := tail.LogSumExp(weights); c.Used {
	case 0:
	case 1:
		c.LogP = math.Min(0, last)
	default:
		c.LogP = logCauchySF(tail.LogSumExp(up)-total, tail.LogSumExp(down)-total)
	}
	return c, nil
}

// logCotangent is ln |cot(pi p)| and whether the cotangent is positive
// (p < 1/2).
func logCotangent(logp float64) (lt float64, positive bool) {
	p := math.Exp(logp)
	if p < 1e-8 {
		return -math.Log(math.Pi) - logp, true
	}
	return math.Log(math.Abs(1 / math.Tan(math.Pi*p))), p < 0.5
}

// logCauchySF is ln P(C > e^up - e^down) for a standard Cauchy C.
func logCauchySF(up, down float64) float64 {
	switch {
	case math.IsInf(up, -1) && math.IsInf(down, -1), up == down:
		return -math.Ln2
	case up > down:
		logT := tail.LogSub(up, down)
		if logT > 18.5 { // T > 1e8: atan(1/T) is 1/T to one part in 1e16
			return -logT - math.Log(math.Pi)
		}
		return math.Log(math.Atan(math.Exp(-logT)) / math.Pi)
	default:
		logT := tail.LogSub(down, up)
		return math.Log1p(-math.Atan(math.Exp(-logT)) / math.Pi)
	}
}
