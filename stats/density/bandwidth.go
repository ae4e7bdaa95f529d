package density

import (
	"fmt"
	"math"
	"slices"
)

// Bandwidths are the estimated bandwidths for the density on each side of a
// cutoff, in units of the data.
type Bandwidths struct {
	Left, Right float64 // smallest mean squared error of each side's density
	Difference  float64 // of their difference
	Sum         float64 // of their sum
	// ChosenLeft and ChosenRight are the medians of (Left, Difference, Sum) and
	// (Right, Difference, Sum).
	ChosenLeft, ChosenRight float64
	PilotDensity            float64 // pilot for the variances
	PilotCurvature          float64 // pilot for the derivative of order p+1
}

// sides is a sample split at a cutoff moved to zero, each side sorted; values
// at the cutoff go right. cdf is the share of the other observations at or
// below each.
type sides struct {
	left, right       []float64
	cdfLeft, cdfRight []float64
	n                 int
}

func splitAt(values []float64, cutoff float64) (s sides, skipped int) {
	x := make([]float64, 0, len(values))
	for _, v := range values {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			skipped++
			continue
		}
		x = append(x, v-cutoff)
	}
	slices.Sort(x)
	n := len(x)
	cdf := make([]float64, n)
	for j := n - 1; j >= 0; j-- {
		if j+1 < n && x[j+1] == x[j] {
			cdf[j] = cdf[j+1]
			continue
		}
		cdf[j] = float64(j) / float64(n-1)
	}
	at, _ := slices.BinarySearch(x, 0)
	return sides{left: x[:at], right: x[at:], cdfLeft: cdf[:at], cdfRight: cdf[at:], n: n}, skipped
}

// fit runs fitDistribution on one side.
func (s sides) fit(right bool, h float64, order int) (localFit, error) {
	if right {
		return fitDistribution(s.right, s.cdfRight, s.n, h, order)
	}
	return fitDistribution(s.left, s.cdfLeft, s.n, h, order)
}

// reach is the distance from the cutoff within which a side has the least
// number of observations, and as many distinct ones; or the whole side.
func reach(side []float64, right bool, least int) float64 {
	away := func(k int) float64 {
		if right {
			return side[k]
		}
		return -side[len(side)-1-k]
	}
	distinct := 0
	for k := range side {
		if k == 0 || away(k) != away(k-1) {
			distinct++
		}
		if distinct >= least {
			return away(k)
		}
	}
	return away(len(side) - 1)
}

// selectBandwidths follows Cattaneo, Jansson and Ma (2018, Stata Journal 18,
// section 2.4): pilots from a normal reference density and the uniform kernel's
// constants; then the variance of the density by the jackknife at one pilot,
// the (p+1)-th derivative by a fit of order p+2 at the other, and
//
//	h = [V / (2 p B^2 n)]^(1/(2p+1))
//
// for each side, the difference and the sum. Every bandwidth is widened to hold
// at least 21+p distinct values on each side it serves, and cut at the range.
func selectBandwidths(s sides, p int) (Bandwidths, error) {
	least := 21 + p
	nearLeft, nearRight := reach(s.left, false, least), reach(s.right, true, least)
	farLeft, farRight := -s.left[0], s.right[len(s.right)-1]
	clamp := func(h, low, high float64) float64 { return math.Min(math.Max(h, low), high) }
	both := func(h float64) float64 {
		return clamp(h, math.Max(nearLeft, nearRight), math.Max(farLeft, farRight))
	}
	reference := newNormalReference(s)
	bw := Bandwidths{
		PilotDensity:   both(reference.bandwidth(p, 1)),
		PilotCurvature: both(reference.bandwidth(p+2, p+1)),
	}
	constant := boundaryBias(triangularMoment, p, 1)
	var variance, bias [2]float64
	for k, right := range []bool{false, true} {
		density, err := s.fit(right, bw.PilotDensity, p)
		if err != nil {
			return bw, err
		}
		curvature, err := s.fit(right, bw.PilotCurvature, p+2)
		if err != nil {
			return bw, err
		}
		variance[k] = float64(s.n) * bw.PilotDensity * density.densityVariance()
		bias[k] = curvature.derivative(p+1) * constant
	}
	// A reflected side has (-1)^p times the bias of the right one.
	if p%2 == 1 {
		bias[0] = -bias[0]
	}
	optimal := func(v, b float64) float64 {
		return math.Pow(v/(2*float64(p)*b*b*float64(s.n)), 1/float64(2*p+1))
	}
	bw.Left = clamp(optimal(variance[0], bias[0]), nearLeft, farLeft)
	bw.Right = clamp(optimal(variance[1], bias[1]), nearRight, farRight)
	bw.Difference = both(optimal(variance[0]+variance[1], bias[1]-bias[0]))
	bw.Sum = both(optimal(variance[0]+variance[1], bias[1]+bias[0]))
	bw.ChosenLeft = median3(bw.Left, bw.Difference, bw.Sum)
	bw.ChosenRight = median3(bw.Right, bw.Difference, bw.Sum)
	if math.IsNaN(bw.ChosenLeft) || math.IsNaN(bw.ChosenRight) {
		return bw, fmt.Errorf("bandwidths cannot be estimated from these values: give them in the options")
	}
	return bw, nil
}

func median3(a, b, c float64) float64 {
	return math.Max(math.Min(a, b), math.Min(math.Max(a, b), c))
}

// normalReference is a normal density with the sample's mean and standard
// deviation, seen from the cutoff.
type normalReference struct{ z, sd, n float64 }

func newNormalReference(s sides) normalReference {
	n := float64(s.n)
	mean, square := 0.0, 0.0
	for _, side := range [][]float64{s.left, s.right} {
		for _, x := range side {
			mean += x / n
		}
	}
	for _, side := range [][]float64{s.left, s.right} {
		for _, x := range side {
			square += (x - mean) * (x - mean)
		}
	}
	sd := math.Sqrt(square / (n - 1))
	return normalReference{z: -mean / sd, sd: sd, n: n}
}

// bandwidth minimises the asymptotic mean squared error of the derivative s of
// the distribution function at a boundary, for order p and a uniform kernel:
// h^(2p+1) = (2s-1)/(2(p+1-s)) f V / (n (F^(p+1) B)^2).
func (r normalReference) bandwidth(p, s int) float64 {
	k := uniformBoundary(p, s)
	density := math.Exp(-r.z*r.z/2) / math.Sqrt(2*math.Pi)
	f := density / r.sd
	higher := density * hermite(p, r.z) / math.Pow(r.sd, float64(p+1))
	ratio := float64(2*s-1) / float64(2*(p+1-s))
	return math.Pow(ratio*f*k.variance/(r.n*math.Pow(higher*k.bias, 2)), 1/float64(2*p+1))
}
