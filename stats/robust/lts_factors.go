package robust

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// LTSCoverage is the number h of rows that least trimmed squares keeps out of
// n for p coefficients. alpha 0.5 gives the largest breakdown,
// floor((n+p+1)/2) rows; alpha 1 keeps all; between them h is interpolated
// (Rousseeuw and Van Driessen 2006, section 4, the rule of R's h.alpha.n).
func LTSCoverage(n, p int, alpha float64) int {
	half := (n + p + 1) / 2
	return int(math.Floor(float64(2*half-n) + 2*float64(n-half)*alpha))
}

// LTSConsistency is the factor that makes the root mean square of the share
// kept (0 < kept <= 1) of smallest residuals estimate the standard deviation
// under normal errors: 1/sqrt(1 - 2 q phi(q)/kept) with q = Phi^-1((1+kept)/2)
// (Croux and Rousseeuw 1992, p. 95). It is 1 when everything is kept.
func LTSConsistency(kept float64) float64 {
	if kept >= 1 {
		return 1
	}
	q := distuv.UnitNormal.Quantile((1 + kept) / 2)
	return 1 / math.Sqrt(1-2*q*distuv.UnitNormal.Prob(q)/kept)
}

// decay is 1 - exp(log c)/n^power: the mean of a scale estimate at n rows,
// relative to its limit, as Pison, Van Aelst and Willems (2002, Metrika 55,
// 111-123) fitted it to simulations.
type decay struct{ logC, power float64 }

func (d decay) at(n int) float64 { return 1 - math.Exp(d.logC)*math.Pow(float64(n), -d.power) }

// profile gives the same mean in the number of slopes p, -c/p^power, at
// n = q p^2 rows for q = 3 and 5, from which a decay in n follows.
type profile struct{ c, power float64 }

// byCoverage holds the fits at 50% and 87.5% kept; between and above them the
// mean is interpolated, to reach 1 at 100%.
type byCoverage[T any] struct{ half, most T }

// smallSample is one row of factors: for a location, for one slope, and for
// several (with q = 3 and 5 rows per squared slope).
type smallSample struct {
	location byCoverage[decay]
	one      byCoverage[decay]
	several  byCoverage[[2]profile]
}

var (
	locationRaw = byCoverage[decay]{decay{0.262024211897096, 0.604756680630497}, decay{-0.351584646688712, 1.01646567502486}}
	// The reweighted location loses less.
	locationReweighted = byCoverage[decay]{decay{1.11098143415027, 1.5182890270453}, decay{-0.66046776772861, 0.88939595831888}}

	rawWithIntercept = smallSample{locationRaw,
		byCoverage[decay]{decay{0.630869217886906, 0.650789250442946}, decay{0.565065391014791, 1.03044199012509}},
		byCoverage[[2]profile]{
			[2]profile{{0.746945886714663, 0.56264937192689}, {0.535478048924724, 0.543323462033445}},
			[2]profile{{0.458580153984614, 1.12236071104403}, {0.267178168108996, 1.1022478781154}}}}
	rawThroughOrigin = smallSample{locationRaw,
		byCoverage[decay]{decay{-0.0181777452315321, 0.697629772271099}, decay{-0.310122738776431, 1.06241615923172}},
		byCoverage[[2]profile]{
			[2]profile{{0.487338281979106, 0.405511279418594}, {0.340762058011, 0.37972360544988}},
			[2]profile{{0.251778730491252, 0.883966931611758}, {0.146660023184295, 0.86292940340761}}}}
	reweightedWithIntercept = smallSample{locationReweighted,
		byCoverage[decay]{decay{1.58609654199605, 1.46340162526468}, decay{0.391653958727332, 1.03167487483316}},
		byCoverage[[2]profile]{
			[2]profile{{0.773365715932083, 2.02013996406346}, {0.337571678986723, 2.02037467454833}},
			[2]profile{{0.474174840843602, 1.39681715704956}, {0.276640353112907, 1.42543242287677}}}}
	reweightedThroughOrigin = smallSample{locationReweighted,
		byCoverage[decay]{decay{0.6329852387657, 1.40361879788014}, decay{-0.642240988645469, 0.926325452943084}},
		byCoverage[[2]profile]{
			[2]profile{{0.417574780492848, 1.83958876341367}, {0.175753709374146, 1.8313809497999}},
			[2]profile{{0.267522855927958, 1.17559984533974}, {0.161200683014406, 1.21675019853961}}}}
)

// LTSSmallSample is the factor that takes the remaining small-sample bias out
// of the raw LTS scale of n rows of which the share kept (0.5 to 1) was kept
// (Pison, Van Aelst and Willems 2002). slopes counts coefficients without the
// intercept; 0 slopes is the location.
func LTSSmallSample(n, slopes int, intercept bool, kept float64) float64 {
	return pick(intercept, &rawWithIntercept, &rawThroughOrigin).factor(n, slopes, kept)
}

// LTSSmallSampleReweighted is [LTSSmallSample] for the reweighted scale; kept
// is then the share of rows with weight 1.
func LTSSmallSampleReweighted(n, slopes int, intercept bool, kept float64) float64 {
	return pick(intercept, &reweightedWithIntercept, &reweightedThroughOrigin).factor(n, slopes, kept)
}

func pick[T any](first bool, a, b T) T {
	if first {
		return a
	}
	return b
}

func (s *smallSample) factor(n, slopes int, kept float64) float64 {
	var half, most float64
	switch slopes {
	case 0:
		half, most = s.location.half.at(n), s.location.most.at(n)
	case 1:
		half, most = s.one.half.at(n), s.one.most.at(n)
	default:
		half = decayOf(s.several.half, slopes).at(n)
		most = decayOf(s.several.most, slopes).at(n)
	}
	mean := half + (most-half)/0.375*(kept-0.5)
	if kept > 0.875 {
		mean = most + (1-most)/0.125*(kept-0.875)
	}
	if slopes == 0 { // the location factors were fitted to the variance
		mean = math.Sqrt(mean)
	}
	return 1 / mean
}

// decayOf solves log(c/p^power) = logC - power' log(q p^2) at q = 3 and 5.
func decayOf(at [2]profile, slopes int) decay {
	p := float64(slopes)
	n3, n5 := math.Log(3*p*p), math.Log(5*p*p)
	y3 := math.Log(at[0].c) - at[0].power*math.Log(p)
	y5 := math.Log(at[1].c) - at[1].power*math.Log(p)
	power := (y3 - y5) / (n5 - n3)
	return decay{y3 + power*n3, power}
}
