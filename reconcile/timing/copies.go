package timing

import (
	"math"

	"counterflow/reconcile/mirror"
)

// CopiedLane says whether one side of a lane is known to copy the other now and
// then. There, small amounts at an exact ratio are copies as well, though a small
// round sum alone would say nothing.
type CopiedLane bool

// Copies looks for imputed mirrors among the pairs of one lane.
func Copies(lane []mirror.Pair) CopiedLane {
	for i := range lane {
		if lane[i].Notes.Has(mirror.ImputedMirror) {
			return true
		}
	}
	return false
}

// Holds says whether a pair of the lane is an imputed mirror.
func (c CopiedLane) Holds(p *mirror.Pair) bool {
	if !c {
		return false
	}
	if p.Notes.Has(mirror.ImputedMirror) {
		return true
	}
	if p.XUSD <= 0 || p.MUSD <= 0 {
		return false
	}
	x, m := float64(p.XUSD), float64(p.MUSD)
	for _, exact := range [...]float64{1, 1.06, 1 / 1.06} {
		// A thousandth of a percent, or the rounding to a whole cent.
		if math.Abs(m-x*exact) <= max(1e-5*m, 1) {
			return true
		}
	}
	return false
}
