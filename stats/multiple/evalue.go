package multiple

import (
	"math"
	"slices"

	"counterflow/stats/tail"
)

// A Calibrator turns ln p into ln e, where E[e] <= 1 whenever p is a valid
// p-value under the null. All here fall in p and integrate to one over (0, 1),
// so that none can be improved everywhere (Vovk and Wang 2021, Annals of
// Statistics 49, proposition 2.1).
type Calibrator func(logp float64) (loge float64)

// CalibratePower is e = kappa p^(kappa-1), 0 < kappa < 1 (Vovk and Wang 2021,
// eq. 1). kappa = 1/2 is the usual choice, e = 1/(2 sqrt p). A kappa outside
// the range gives NaN.
func CalibratePower(kappa float64) Calibrator {
	if !(kappa > 0 && kappa < 1) {
		kappa = math.NaN()
	}
	return func(logp float64) float64 { return math.Log(kappa) + (kappa-1)*logp }
}

// CalibrateShafer is e = p^(-1/2) - 1, which is zero at p = 1 (Shafer 2021,
// JRSS A 184).
func CalibrateShafer(logp float64) float64 { return tail.LogSub(-logp/2, 0) }

// CalibrateMixture is e = (1 - p + p ln p) / (p ln^2 p), the power calibrators
// averaged over kappa (Vovk and Wang 2021, eq. 2). At p = 1 it is 1/2.
func CalibrateMixture(logp float64) float64 {
	switch {
	case math.IsNaN(logp) || logp > 0:
		return math.NaN()
	case math.IsInf(logp, -1):
		return math.Inf(1)
	case logp > -0.05:
		// The numerator is l^2/2 + l^3/3 + l^4/8 + ... = sum l^k (k-1)/k!.
		l, sum, power, factorial := logp, 0.0, 1.0, 2.0
		for k := 2.0; k < 14; k++ {
			sum += power * (k - 1) / factorial
			power *= l
			factorial *= k + 1
		}
		return math.Log(sum) - l
	}
	// 1 - p + p ln p = 1 - p(1 - ln p)
	numerator := tail.Log1mExp(logp + math.Log1p(-logp))
	return numerator - logp - 2*math.Log(-logp)
}

// EValues calibrates a slice of ln p into a new slice of ln e; NaN stays NaN.
func EValues(logp []float64, calibrate Calibrator) []float64 {
	loge := make([]float64, len(logp))
	for i, lp := range logp {
		loge[i] = math.NaN()
		if !math.IsNaN(lp) {
			loge[i] = calibrate(lp)
		}
	}
	return loge
}

// MeanE averages e-values of one hypothesis, valid under any dependence (Vovk
// and Wang 2021). Takes and returns ln e; NaN are left out, none
// left gives NaN.
func MeanE(loge []float64) float64 {
	return tail.LogMeanExp(slices.DeleteFunc(slices.Clone(loge), math.IsNaN))
}

// EBH is the e-BH procedure, valid under any dependence: reject the k largest
// e-values for the largest k with k e_[k]/m >= 1/q (Wang and Ramdas 2022, JRSS
// B 84). Takes ln e, +Inf allowed; NaN is untested. The answer's
// LogQ is the smallest ln q at which each is rejected, at most 0.
func EBH(loge []float64) Adjusted {
	inverse := make([]float64, len(loge))
	var order []int
	for i, le := range loge {
		inverse[i] = -le
		if !math.IsNaN(le) {
			order = append(order, i)
		}
	}
	sortByValue(order, inverse)
	return stepUp("e-BH", inverse, order, math.Log(float64(len(order))))
}
