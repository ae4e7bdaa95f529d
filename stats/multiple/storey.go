package multiple

import (
	"fmt"
	"math"
)

// Pi0 is an estimate of the share of true null hypotheses, in (0, 1].
type Pi0 struct {
	Method   string
	Estimate float64 // cut at 1
	Raw      float64 // before the cut
	SE       float64 // binomial standard error, where Lambda is a single value; else NaN
	Lambda   float64 // p-values above it were taken for null; the last of the grid for the spline
	Tested   int
	Warnings []string
}

// Pi0AtLambda is Storey's estimate #{p >= lambda} / ((1-lambda) m), for
// 0 <= lambda < 1 (Storey 2002, JRSS B 64). With no p-value tested it is
// an error; no p-value above lambda gives 1/((1-lambda) m) with a warning,
// since a share of zero would reject everything.
func Pi0AtLambda(logp []float64, lambda float64) (Pi0, error) {
	return pi0Single("Storey at lambda", logp, lambda, 0)
}

// Pi0STS is (1 + #{p >= lambda}) / ((1-lambda) m), the version for which
// Storey's q-values control the rate in finite samples (Storey, Taylor and
// Siegmund 2004, JRSS B 66).
func Pi0STS(logp []float64, lambda float64) (Pi0, error) {
	return pi0Single("Storey-Taylor-Siegmund", logp, lambda, 1)
}

func pi0Single(method string, logp []float64, lambda float64, extra int) (Pi0, error) {
	if !(lambda >= 0 && lambda < 1) {
		return Pi0{}, fmt.Errorf("lambda is %g: choose it in [0, 1)", lambda)
	}
	order, err := ranked(logp)
	if err != nil {
		return Pi0{}, err
	}
	if len(order) == 0 {
		return Pi0{}, fmt.Errorf("no p-values to estimate the share of nulls from")
	}
	m := float64(len(order))
	above := float64(countAbove(logp, order, lambda))
	var warnings []string
	if above == 0 && extra == 0 {
		above = 1
		warnings = append(warnings, fmt.Sprintf("no p-value at or above %g: one was counted", lambda))
	}
	raw := (above + float64(extra)) / ((1 - lambda) * m)
	share := above / m
	return Pi0{
		Method: method, Estimate: math.Min(1, raw), Raw: raw,
		SE:     math.Sqrt(share*(1-share)/m) / (1 - lambda),
		Lambda: lambda, Tested: len(order), Warnings: warnings,
	}, nil
}

// Pi0Between is (1 + #{low < p <= high}) / ((high-low) m), for 0 <= low < high <= 1:
// Storey's estimate from a stretch of small p-values. It is for tests that set p to 1
// wherever a further condition fails, so that large p-values say nothing of the nulls
// that are left; the stretch must lie above the p-values of most true effects, whose
// share in it makes the estimate too large and never too small.
func Pi0Between(logp []float64, low, high float64) (Pi0, error) {
	if !(low >= 0 && low < high && high <= 1) {
		return Pi0{}, fmt.Errorf("bounds %g and %g: choose 0 <= low < high <= 1", low, high)
	}
	order, err := ranked(logp)
	if err != nil {
		return Pi0{}, err
	}
	if len(order) == 0 {
		return Pi0{}, fmt.Errorf("no p-values to estimate the share of nulls from")
	}
	m, inside := float64(len(order)), 0.0
	from, to := math.Log(low), math.Log(high)
	for _, i := range order {
		if logp[i] > from && logp[i] <= to {
			inside++
		}
	}
	raw := (inside + 1) / ((high - low) * m)
	share := inside / m
	return Pi0{
		Method: "Storey between", Estimate: math.Min(1, raw), Raw: raw,
		SE:     math.Sqrt(share*(1-share)/m) / (high - low),
		Lambda: low, Tested: len(order),
	}, nil
}

// countAbove counts p >= lambda among the tested, whose order is by log p.
func countAbove(logp []float64, order []int, lambda float64) int {
	limit := math.Log(lambda)
	n := 0
	for k := len(order) - 1; k >= 0 && logp[order[k]] >= limit; k-- {
		n++
	}
	return n
}

// Pi0Spline smooths Storey's estimate over lambda = 0.05, 0.10, ..., 0.95 with a
// cubic smoothing spline of three degrees of freedom and reads it at 0.95
// (Storey and Tibshirani 2003, PNAS 100, remark B). Fewer than 100 p-values, or
// an estimate at or below zero, fall back on Pi0STS at 0.5 with a warning.
func Pi0Spline(logp []float64) (Pi0, error) {
	fallback, err := Pi0STS(logp, 0.5)
	if err != nil {
		return Pi0{}, err
	}
	if fallback.Tested < 100 {
		fallback.Warnings = append(fallback.Warnings, fmt.Sprintf(
			"%d p-values are too few for the spline over lambda (need 100): lambda 0.5 used", fallback.Tested))
		return fallback, nil
	}
	order, _ := ranked(logp) // the error was seen above
	var x, y []float64
	for k := 1; k <= 19; k++ {
		lambda := float64(k) * 0.05
		x = append(x, lambda)
		y = append(y, float64(countAbove(logp, order, lambda))/((1-lambda)*float64(len(order))))
	}
	raw := smoothingSpline(x, y, 3)[len(x)-1]
	if raw <= 0 {
		fallback.Warnings = append(fallback.Warnings,
			"the spline over lambda fell to zero or below: lambda 0.5 used")
		return fallback, nil
	}
	return Pi0{
		Method: "Storey-Tibshirani spline", Estimate: math.Min(1, raw), Raw: raw,
		SE: math.NaN(), Lambda: x[len(x)-1], Tested: len(order),
	}, nil
}

// Storey returns q-values pi0 times those of Benjamini-Hochberg (Storey 2002).
// The share of nulls comes from one of the Pi0 functions, or from elsewhere
// with 0 < Estimate <= 1.
func Storey(logp []float64, pi0 Pi0) (Adjusted, error) {
	if !(pi0.Estimate > 0 && pi0.Estimate <= 1) {
		return Adjusted{}, fmt.Errorf("share of nulls is %g: give one in (0, 1]", pi0.Estimate)
	}
	order, err := ranked(logp)
	if err != nil {
		return Adjusted{}, err
	}
	a := stepUp("Storey, "+pi0.Method, logp, order,
		math.Log(float64(len(order)))+math.Log(pi0.Estimate))
	a.Pi0 = pi0.Estimate
	a.Warnings = append(a.Warnings, pi0.Warnings...)
	return a, nil
}
