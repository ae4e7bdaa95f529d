package breaks

import (
	"math"

	"counterflow/stats/robust"
)

// PhiPrior is what is known of phi before looking at a series: mean and
// standard deviation in its group, such as the series of one product. The
// estimate is drawn towards the mean as far as the series itself is vague. The
// zero value stands for no knowledge: every phi of [0, .9] alike.
type PhiPrior struct{ Mean, SD float64 }

// narrowest is the least standard deviation that a group is credited with; the
// null table for groups is worked out for it.
const narrowest = 0.1

// fewestInGroup is the least number of series that make a group.
const fewestInGroup = 10

// GroupPrior estimates the prior of a group from scans of its series without
// one, by empirical Bayes: the median of their phi without a shift, and the
// spread (MAD) in excess of the standard errors, at least 0.1. Most series of
// the group should be without a shift. Untested scans do not count; fewer than
// ten give the zero prior.
func GroupPrior(scans []Shift) PhiPrior {
	var phi, variance []float64
	for _, s := range scans {
		if s.Position >= 0 {
			phi = append(phi, s.PhiNull)
			variance = append(variance, s.PhiSE*s.PhiSE)
		}
	}
	if len(phi) < fewestInGroup {
		return PhiPrior{}
	}
	spread := robust.MAD(phi)
	excess := spread*spread - robust.MedianInPlace(variance)
	return PhiPrior{Mean: robust.Median(phi), SD: math.Max(narrowest, math.Sqrt(math.Max(0, excess)))}
}

// Group scans the series of one group twice, alone to learn the group's prior
// and then with it, and returns the second answers and the prior. The answers
// are the caller's to keep.
func (s *Scanner) Group(series [][]float64) ([]Shift, PhiPrior) {
	shifts := make([]Shift, len(series))
	for i, y := range series {
		shifts[i] = s.Robust(y, PhiPrior{})
	}
	prior := GroupPrior(shifts)
	for i, y := range series {
		shifts[i] = s.Robust(y, prior).Clone()
	}
	return shifts, prior
}

// logDensity is the log of the normal density less its constant.
func (p PhiPrior) logDensity(phi float64) float64 {
	if p.SD <= 0 {
		return 0
	}
	z := (phi - p.Mean) / p.SD
	return -z * z / 2
}

// vagueness is 0 for the narrowest prior and 1 for one that says nothing.
func (p PhiPrior) vagueness() float64 {
	if p.SD <= 0 {
		return 1
	}
	return math.Max(0, math.Min(1, p.SD/narrowest-1))
}
