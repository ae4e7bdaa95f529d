package tail

import "math"

const lnSqrt2Pi = 0.918938533204672741780329736406 // ln sqrt(2 pi)

// NormalLogSF returns ln P(Z > z) for a standard normal Z. Any z; +Inf gives
// -Inf, -Inf gives 0. Below 10 it uses erfc, above it Laplace's continued
// fraction for Mills' ratio (Abramowitz and Stegun 26.2.14).
func NormalLogSF(z float64) float64 {
	switch {
	case z <= 0:
		return math.Log1p(-0.5 * math.Erfc(-z/math.Sqrt2))
	case z < 10:
		return math.Log(0.5 * math.Erfc(z/math.Sqrt2))
	default:
		return -0.5*z*z - lnSqrt2Pi + math.Log(millsRatio(z))
	}
}

// NormalSF returns P(Z > z), exact down to the smallest float64 (z about 38.5).
func NormalSF(z float64) float64 { return 0.5 * math.Erfc(z/math.Sqrt2) }

// NormalLogTwoSided returns ln P(|Z| > |z|), at most 0.
func NormalLogTwoSided(z float64) float64 {
	return math.Min(0, math.Ln2+NormalLogSF(math.Abs(z)))
}

// LogPFromZ returns the one-sided log p-value of a normal deviate: NormalLogSF.
func LogPFromZ(z float64) float64 { return NormalLogSF(z) }

// ZFromLogP returns the z with ln P(Z > z) = logp, the inverse of LogPFromZ.
// logp = 0 gives -Inf, -Inf gives +Inf, a positive logp NaN. For a two-sided
// p-value pass logp - ln 2 to get |z|.
//
// Newton's method: ln SF is concave and falling, so that every step after the
// first stays on the right of the root and moves down to it.
func ZFromLogP(logp float64) float64 {
	switch {
	case math.IsNaN(logp) || logp > 0:
		return math.NaN()
	case logp == 0:
		return math.Inf(-1)
	case math.IsInf(logp, -1):
		return math.Inf(1)
	case logp > -math.Ln2:
		return -ZFromLogP(Log1mExp(logp))
	}
	z := 0.0
	if s := -2*logp - 2*lnSqrt2Pi; s > 1 {
		z = math.Sqrt(math.Max(s-math.Log(s), 0))
	}
	for range 60 {
		step := (NormalLogSF(z) - logp) / normalHazard(z)
		z += step
		if math.Abs(step) <= 4e-16*(1+math.Abs(z)) {
			break
		}
	}
	return z
}

// normalHazard is density over survival, -d ln SF / dz.
func normalHazard(z float64) float64 {
	if z >= 10 {
		return 1 / millsRatio(z)
	}
	return math.Exp(-0.5*z*z-lnSqrt2Pi) / NormalSF(z)
}

// millsRatio is SF(z)/density(z) for z >= 10, by 1/(z+1/(z+2/(z+3/...)))
// evaluated from the far end; 40 levels reach full precision at z = 10.
func millsRatio(z float64) float64 {
	tailSum := z
	for k := 40; k >= 1; k-- {
		tailSum = z + float64(k)/tailSum
	}
	return 1 / tailSum
}
