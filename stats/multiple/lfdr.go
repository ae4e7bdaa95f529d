package multiple

import (
	"fmt"
	"math"

	"counterflow/stats/tail"
)

// Null says where the null distribution of the p-values comes from.
type Null int

const (
	// UniformNull trusts the p-values: uniform under the null.
	UniformNull Null = iota
	// EmpiricalNull fits the spread of the null to the bulk of the data: with
	// |z| = SF^-1(p/2), null |z| are half-normal with scale sigma0. Above one
	// the p-values were too small across the board.
	EmpiricalNull
)

// LocalFDROptions are the choices of LocalFDR. The zero value is a uniform null
// with the spline's share of nulls.
type LocalFDROptions struct {
	Null Null
	// Central is the share of p-values, the largest ones, taken for null when
	// the empirical null is fitted; 0 means 0.8.
	Central float64
}

// LocalFDR is the answer of EstimateLocalFDR.
type LocalFDR struct {
	LogLFDR []float64 // ln of the chance that a hypothesis is null; NaN where untested
	LogP    []float64 // ln p under the null used: the input, or rescaled by Sigma0
	Pi0     Pi0
	Null    Null
	Sigma0  float64 // scale of the null |z|; 1 for the uniform null
	SE      float64 // standard error of Sigma0; 0 for the uniform null
	Tested  int

	Warnings []string
}

// Count is the number of hypotheses with local fdr at most level.
func (l LocalFDR) Count(level float64) int {
	n := 0
	for _, v := range l.LogLFDR {
		if v <= math.Log(level)+levelSlack {
			n++
		}
	}
	return n
}

// EstimateLocalFDR returns lfdr(p) = pi0 f0(p)/f(p), cut at 1: the estimated
// chance that a hypothesis with this very p-value is null (Efron, Tibshirani,
// Storey and Tusher 2001, JASA 96). p-values are two-sided. f is the Grenander
// estimate, so that lfdr never falls as p rises (Strimmer 2008, BMC
// Bioinformatics 9:303); near the smallest few p-values it is known to be too
// low, and Storey's q-value is the safer guide there.
//
// The empirical null (Efron 2004, JASA 99; the truncated-likelihood version)
// needs 200 or more p-values, and falls back on the uniform null with a
// warning where the bulk does not identify a scale.
func EstimateLocalFDR(logp []float64, options LocalFDROptions) (LocalFDR, error) {
	order, err := ranked(logp)
	if err != nil {
		return LocalFDR{}, err
	}
	if len(order) == 0 {
		return LocalFDR{}, fmt.Errorf("no p-values to estimate local fdr from")
	}
	scale := nullScale{sigma: 1}
	if options.Null == EmpiricalNull {
		if scale, err = fitNullScale(logp, order, options.Central); err != nil {
			return LocalFDR{}, err
		}
	}
	used := scale.rescale(logp)
	pi0, err := Pi0Spline(used)
	if scale.share > 0 {
		pi0 = scale.pi0(len(order))
	}
	if err != nil {
		return LocalFDR{}, err
	}
	l := LocalFDR{
		LogLFDR: make([]float64, len(logp)), LogP: used, Pi0: pi0, Null: options.Null,
		Sigma0: scale.sigma, SE: scale.se, Tested: len(order),
		Warnings: append(scale.warnings, pi0.Warnings...),
	}
	for i := range l.LogLFDR {
		l.LogLFDR[i] = math.NaN()
	}
	logPi0 := math.Log(pi0.Estimate)
	for k, logf := range decreasingDensity(used, order) {
		l.LogLFDR[order[k]] = math.Min(0, logPi0-logf)
	}
	return l, nil
}

// nullScale is a half-normal null fitted to the |z| below a cut.
type nullScale struct {
	sigma, se float64
	cut       float64 // largest |z| used
	share     float64 // share of the tested at or below the cut; 0 if not fitted
	warnings  []string
}

// rescale returns ln p under the fitted null: 2 SF(|z|/sigma).
func (s nullScale) rescale(logp []float64) []float64 {
	used := make([]float64, len(logp))
	for i, lp := range logp {
		used[i] = math.Min(0, lp)
		if s.share > 0 && !math.IsNaN(lp) {
			used[i] = tail.NormalLogTwoSided(absZ(lp) / s.sigma)
		}
	}
	return used
}

// pi0 is the share below the cut over the null's mass there.
func (s nullScale) pi0(m int) Pi0 {
	mass := -math.Expm1(tail.NormalLogTwoSided(s.cut / s.sigma))
	raw := s.share / mass
	return Pi0{
		Method: "mass of the empirical null", Estimate: math.Min(1, raw), Raw: raw,
		SE:     math.Sqrt(s.share*(1-s.share)/float64(m)) / mass,
		Lambda: 1 - mass, Tested: m,
	}
}

// absZ is the |z| of a two-sided log p-value.
func absZ(logp float64) float64 { return math.Max(0, tail.ZFromLogP(math.Min(0, logp)-math.Ln2)) }

// fitNullScale maximises the likelihood of a half-normal truncated at the cut.
// The family is exponential in z^2, so that the estimate solves
// E(z^2 | |z| <= cut; sigma) = mean z^2, whose left side rises in sigma from 0
// to cut^2/3, and SE(sigma) = sigma^3 / sqrt(n Var z^2).
func fitNullScale(logp []float64, order []int, central float64) (nullScale, error) {
	if central == 0 {
		central = 0.8
	}
	if !(central > 0 && central < 1) {
		return nullScale{}, fmt.Errorf("central share is %g: choose it in (0, 1)", central)
	}
	m := len(order)
	unfit := func(why string) (nullScale, error) {
		return nullScale{sigma: 1, warnings: []string{why + ": uniform null used"}}, nil
	}
	if m < 200 {
		return unfit(fmt.Sprintf("%d p-values are too few for an empirical null (need 200)", m))
	}
	cut := absZ(logp[order[m-int(central*float64(m))]])
	n, mean, fourth := 0.0, 0.0, 0.0
	for k := m - 1; k >= 0; k-- {
		z := absZ(logp[order[k]])
		if z > cut {
			break
		}
		n++
		mean += z * z
		fourth += z * z * z * z
	}
	mean /= n
	// At sigma = 5 the truncated half-normal is flat to the eye.
	lo, hi := 0.2, 5.0
	if mean >= truncatedSecondMoment(cut, hi) || mean <= truncatedSecondMoment(cut, lo) {
		return unfit("the central p-values do not identify a null scale")
	}
	for hi-lo > 1e-12 {
		mid := (lo + hi) / 2
		if truncatedSecondMoment(cut, mid) < mean {
			lo = mid
		} else {
			hi = mid
		}
	}
	sigma := (lo + hi) / 2
	variance := fourth/n - mean*mean
	return nullScale{
		sigma: sigma, se: sigma * sigma * sigma / math.Sqrt(n*variance),
		cut: cut, share: n / float64(m),
	}, nil
}

// truncatedSecondMoment is E(z^2 | |z| <= c) for z normal with mean zero and
// standard deviation sigma: sigma^2 (1 - 2 u phi(u) / (1 - 2 SF(u))), u = c/sigma.
func truncatedSecondMoment(c, sigma float64) float64 {
	u := c / sigma
	phi := math.Exp(-u*u/2) / math.Sqrt(2*math.Pi)
	return sigma * sigma * (1 - 2*u*phi/math.Erf(u/math.Sqrt2))
}
