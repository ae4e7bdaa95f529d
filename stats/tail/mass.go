package tail

import "math"

// logPoissonMass is ln( lambda^k e^-lambda / Gamma(k+1) ) for real k >= 0 and
// lambda > 0, in the saddle-point form of Loader (2000, "Fast and accurate
// computation of binomial probabilities"): the large terms cancel
// before they are computed, not after.
func logPoissonMass(k, lambda float64) float64 {
	if k == 0 {
		return -lambda
	}
	return -stirlingError(k) - deviance(k, lambda) - lnSqrt2Pi - 0.5*math.Log(k)
}

// logBinomialMass is ln( Gamma(n+1)/(Gamma(k+1)Gamma(n-k+1)) x^k y^(n-k) ) for
// real 0 < k < n and y = 1-x (Loader 2000).
func logBinomialMass(k, n, x, y float64) float64 {
	rest := n - k
	return stirlingError(n) - stirlingError(k) - stirlingError(rest) -
		deviance(k, n*x) - deviance(rest, n*y) -
		lnSqrt2Pi - 0.5*(math.Log(k)+math.Log(rest/n))
}

// deviance is k ln(k/m) + m - k, computed without cancellation near k = m.
func deviance(k, m float64) float64 {
	if math.Abs(k-m) >= 0.1*(k+m) {
		return k*math.Log(k/m) + m - k
	}
	// With v = (k-m)/(k+m): ln(k/m) = 2 atanh v = 2(v + v^3/3 + v^5/5 + ...),
	// and m - k = -v(k+m), so the two leading terms leave (k-m)v behind.
	v := (k - m) / (k + m)
	sum, power := (k-m)*v, 2*k*v
	for j := 3.0; j < 1000; j += 2 {
		power *= v * v
		next := sum + power/j
		if next == sum {
			break
		}
		sum = next
	}
	return sum
}

// stirlingError is ln Gamma(n+1) minus Stirling's formula
// (n+1/2) ln n - n + ln sqrt(2 pi).
func stirlingError(n float64) float64 {
	if n < 16 {
		g, _ := math.Lgamma(n + 1)
		return g - (n+0.5)*math.Log(n) + n - lnSqrt2Pi
	}
	i := 1 / (n * n)
	return (1.0/12 - i*(1.0/360-i*(1.0/1260-i*(1.0/1680-i/1188)))) / n
}
