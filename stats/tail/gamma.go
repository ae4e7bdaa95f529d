package tail

import "math"

// maxTerms bounds every series and continued fraction; both need about five
// times the square root of the shape parameter, so this covers shapes of 1e9.
const maxTerms = 1 << 18

const epsilon = 1.2e-16

// LogGammaQ returns ln Q(a, x), the regularised upper incomplete gamma
// function, for a > 0 and x >= 0: the log of P(G > x) for a gamma variate of
// shape a and rate 1. NaN outside that range.
//
// The lower series is used below the mean, Legendre's continued fraction above
// (Abramowitz and Stegun 6.5.29, 6.5.31), both scaled by the Poisson mass in
// Loader's form so that large shapes keep their digits.
func LogGammaQ(a, x float64) float64 {
	return logGamma(a, x, true)
}

// LogGammaP returns ln P(a, x), the regularised lower incomplete gamma function.
func LogGammaP(a, x float64) float64 {
	return logGamma(a, x, false)
}

func logGamma(a, x float64, upper bool) float64 {
	switch {
	case !(a > 0) || !(x >= 0) || math.IsInf(a, 1):
		return math.NaN()
	case x == 0 || math.IsInf(x, 1):
		return certain(upper == (x == 0))
	case x < a+1:
		return pick(logPoissonMass(a, x)+math.Log(gammaSeries(a, x)), !upper)
	default:
		return pick(math.Log(a)+logPoissonMass(a, x)+math.Log(gammaFraction(a, x)), upper)
	}
}

// certain is the log of one or of zero.
func certain(yes bool) float64 {
	if yes {
		return 0
	}
	return math.Inf(-1)
}

// pick returns the computed log probability or the log of its complement.
// Rounding may leave a sure event a hair above ln 1; it is cut there.
func pick(logp float64, same bool) float64 {
	logp = math.Min(logp, 0)
	if same {
		return logp
	}
	return Log1mExp(logp)
}

// gammaSeries is 1 + x/(a+1) + x^2/((a+1)(a+2)) + ...
func gammaSeries(a, x float64) float64 {
	term, sum := 1.0, 1.0
	for k := 1.0; k < maxTerms; k++ {
		term *= x / (a + k)
		sum += term
		if term < epsilon*sum {
			break
		}
	}
	return sum
}

// gammaFraction is 1/(x+1-a- 1(1-a)/(x+3-a- 2(2-a)/(x+5-a- ...))), by the
// modified Lentz scheme.
func gammaFraction(a, x float64) float64 {
	b := x + 1 - a
	c := 1 / tiny
	d := 1 / nonzero(b)
	h := d
	for k := 1.0; k < maxTerms; k++ {
		an := -k * (k - a)
		b += 2
		d = 1 / nonzero(an*d+b)
		c = nonzero(b + an/c)
		h *= d * c
		if math.Abs(d*c-1) < epsilon {
			break
		}
	}
	return h
}

const tiny = 1e-300

func nonzero(v float64) float64 {
	if math.Abs(v) < tiny {
		return tiny
	}
	return v
}

// ChiSquaredLogSF returns ln P(X > x) for a chi-squared variate with df > 0
// degrees of freedom (not necessarily whole). x <= 0 gives 0.
func ChiSquaredLogSF(x, df float64) float64 {
	if x <= 0 && df > 0 {
		return 0
	}
	return LogGammaQ(df/2, x/2)
}

// ChiSquaredSF returns P(X > x), the exponential of ChiSquaredLogSF.
func ChiSquaredSF(x, df float64) float64 { return math.Exp(ChiSquaredLogSF(x, df)) }

// PoissonLogSF returns ln P(X > k) for a Poisson variate with mean lambda >= 0;
// k is cut down to a whole number. k < 0 gives 0. The p-value of a count of k
// or more is PoissonLogSF(k-1, lambda).
func PoissonLogSF(k, lambda float64) float64 {
	switch {
	case math.IsNaN(k) || !(lambda >= 0):
		return math.NaN()
	case k < 0:
		return 0
	case math.IsInf(k, 1) || lambda == 0:
		return math.Inf(-1)
	}
	return LogGammaP(math.Floor(k)+1, lambda)
}

// PoissonSF returns P(X > k), the exponential of PoissonLogSF.
func PoissonSF(k, lambda float64) float64 { return math.Exp(PoissonLogSF(k, lambda)) }
