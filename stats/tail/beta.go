package tail

import "math"

// LogBetaI returns ln I_x(a, b), the regularised incomplete beta function: the
// log of P(B <= x) for a beta variate. a, b > 0. Both x and its complement
// y = 1-x are asked for, since 1-x has no digits left when x is within 1e-16
// of one. NaN outside the range.
//
// The continued fraction of Didonato and Morris is used on the side of the mean where it converges, scaled by the binomial
// mass in Loader's form.
func LogBetaI(a, b, x, y float64) float64 {
	switch {
	case !(a > 0) || !(b > 0) || !(x >= 0) || !(y >= 0) || math.IsInf(a+b, 1):
		return math.NaN()
	case x == 0 || y == 0:
		return certain(y == 0)
	case x < (a+1)/(a+b+2):
		return pick(logBetaLower(a, b, x, y), true)
	default:
		return pick(logBetaLower(b, a, y, x), false)
	}
}

// logBetaLower is ln of x^a y^b / B(a,b) times the continued fraction.
func logBetaLower(a, b, x, y float64) float64 {
	scale := logBinomialMass(a, a+b, x, y) + math.Log(b/(a+b)) + math.Log(a)
	return scale + math.Log(betaFraction(a, b, x, y))
}

// betaFraction is 1/(b1 + a2/(b2 + a3/(b3 + ...))) of Didonato and Morris
// (1992, ACM TOMS 18), by the modified Lentz scheme. Its terms hold
// a y - b x, the distance from the mean, as one number: the older fraction
// (Abramowitz and Stegun 26.5.8) computes it as a difference of near-equal
// ones, and lost five digits at a = 5e5, b = 2.5.
func betaFraction(a, b, x, y float64) float64 {
	away := a*y - b*x
	denominator := func(n float64) float64 {
		return n + n*(b-n)*x/(a+2*n-1) + (a+n)/(a+2*n+1)*(away+1+n*(1+y))
	}
	d := 1 / nonzero(a/(a+1)*(away+1)) // n = 0, where a = 1 would give 0/0
	c := 1 / tiny
	h := d
	for n := 1.0; n < maxTerms; n++ {
		up := (a + n - 1) / (a + 2*n - 1) * (a + b + n - 1) / (a + 2*n - 1) * n * (b - n) * x * x
		low := denominator(n)
		d = 1 / nonzero(up*d+low)
		c = nonzero(low + up/c)
		h *= d * c
		if math.Abs(d*c-1) < epsilon {
			break
		}
	}
	return h
}

// StudentLogSF returns ln P(T > t) for Student's t with df > 0 degrees of
// freedom (not necessarily whole; +Inf is the normal).
func StudentLogSF(t, df float64) float64 {
	switch {
	case math.IsNaN(t) || !(df > 0):
		return math.NaN()
	case math.IsInf(df, 1):
		return NormalLogSF(t)
	case t < 0:
		return Log1mExp(StudentLogSF(-t, df))
	case math.IsInf(t, 1):
		return math.Inf(-1)
	}
	x, y := oddsToShares(df/t, t)
	return LogBetaI(df/2, 0.5, x, y) - math.Ln2
}

// oddsToShares returns u/(u+v) and v/(u+v) without overflow.
func oddsToShares(u, v float64) (x, y float64) {
	if u > v {
		r := v / u
		return 1 / (1 + r), r / (1 + r)
	}
	r := u / v
	return r / (1 + r), 1 / (1 + r)
}

// StudentSF returns P(T > t), the exponential of StudentLogSF.
func StudentSF(t, df float64) float64 { return math.Exp(StudentLogSF(t, df)) }

// StudentLogTwoSided returns ln P(|T| > |t|), at most 0.
func StudentLogTwoSided(t, df float64) float64 {
	return math.Min(0, math.Ln2+StudentLogSF(math.Abs(t), df))
}

// FLogSF returns ln P(F > x) for Fisher's F with d1 and d2 > 0 degrees of
// freedom; d2 = +Inf is chi-squared over d1. x <= 0 gives 0.
func FLogSF(x, d1, d2 float64) float64 {
	switch {
	case math.IsNaN(x) || !(d1 > 0) || !(d2 > 0) || math.IsInf(d1, 1):
		return math.NaN()
	case x <= 0:
		return 0
	case math.IsInf(x, 1):
		return math.Inf(-1)
	case math.IsInf(d2, 1):
		return ChiSquaredLogSF(d1*x, d1)
	}
	u, v := oddsToShares(d2/x, d1)
	return LogBetaI(d2/2, d1/2, u, v)
}

// FSF returns P(F > x), the exponential of FLogSF.
func FSF(x, d1, d2 float64) float64 { return math.Exp(FLogSF(x, d1, d2)) }

// BinomialLogSF returns ln P(X > k) for a binomial variate of n trials with
// probability p; k and n are cut down to whole numbers. k < 0 gives 0, k >= n
// gives -Inf. The p-value of k or more successes is BinomialLogSF(k-1, n, p).
func BinomialLogSF(k, n, p float64) float64 {
	k, n = math.Floor(k), math.Floor(n)
	switch {
	case math.IsNaN(k) || !(n >= 0) || !(p >= 0) || p > 1 || math.IsInf(n, 1):
		return math.NaN()
	case k < 0:
		return 0
	case k >= n:
		return math.Inf(-1)
	}
	return LogBetaI(k+1, n-k, p, 1-p)
}

// BinomialSF returns P(X > k), the exponential of BinomialLogSF.
func BinomialSF(k, n, p float64) float64 { return math.Exp(BinomialLogSF(k, n, p)) }
