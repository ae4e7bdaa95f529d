package breaks

import (
	"math"

	"counterflow/stats/robust"
)

// A Transform is the scale on which a series of amounts is scanned.
type Transform int

// The transforms, by the share of zeros among the observations.
const (
	// Logs, below 5%: shifts are ratios. The few zeros become -Inf, which the
	// scans leave out with a warning.
	Logs Transform = iota
	// Asinh, to 30%: arsinh(y / median of the positive values), like a log for
	// large amounts and finite at zero.
	Asinh
	// AsCounts, above: no scale helps, scan numbers of events with [Counts].
	AsCounts
)

// TransformFor chooses by the share of zeros among the observed values. A
// series without positive values is for [AsCounts].
func TransformFor(y []float64) Transform {
	var zeros, positive, seen float64
	for _, v := range y {
		if math.IsNaN(v) {
			continue
		}
		seen++
		if v == 0 {
			zeros++
		}
		if v > 0 {
			positive++
		}
	}
	switch {
	case positive == 0 || zeros > .30*seen:
		return AsCounts
	case zeros > .05*seen:
		return Asinh
	}
	return Logs
}

// Apply returns y on the scale of t; missing stays missing and negative amounts,
// which have no log, become missing under Logs. AsCounts copies.
func (t Transform) Apply(y []float64) []float64 {
	out := make([]float64, len(y))
	unit := 1.0
	if t == Asinh {
		var positive []float64
		for _, v := range y {
			if v > 0 {
				positive = append(positive, v)
			}
		}
		unit = robust.MedianInPlace(positive)
	}
	for i, v := range y {
		switch t {
		case Logs:
			out[i] = math.Log(v)
		case Asinh:
			out[i] = math.Asinh(v / unit)
		default:
			out[i] = v
		}
	}
	return out
}
