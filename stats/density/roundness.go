package density

import "math"

// roundDivisors rank how round a number is, by the parts of the magnitude it is
// a whole multiple of: with magnitude 100, 700 comes first (1), then 750 (2),
// 725 (4), 720 (10), 715 (20), 712.5 (40), 713 (100). Whatever is none of these
// is not round.
var roundDivisors = []int{1, 2, 4, 10, 20, 40, 100}

// roundness puts values into classes of equal roundness, relative to the power
// of ten at or below a threshold. People write 700 more often than 720, and
// 720 more often than 713, but how much more is the same on both sides of the
// threshold, so that each class gets a level of its own and all share a slope.
type roundness struct {
	magnitude float64
}

// notRound is the class of values that are no multiple in roundDivisors.
var notRound = len(roundDivisors)

func newRoundness(threshold float64) roundness {
	return roundness{math.Pow(10, math.Floor(math.Log10(threshold)+1e-12))}
}

// class is the index of the first divisor that fits, or notRound. The tolerance
// is a few roundings of a decimal number.
func (r roundness) class(v float64) int {
	for k, d := range roundDivisors {
		multiple := v / r.magnitude * float64(d)
		if math.Abs(multiple-math.Round(multiple)) <= 1e-9*math.Max(1, multiple) {
			return k
		}
	}
	return notRound
}

// points lists the values of one class within [from, to).
func (r roundness) points(class int, from, to float64) []float64 {
	step := r.magnitude / float64(roundDivisors[class])
	var found []float64
	for k := math.Ceil(from/step - 1e-9); k*step < to-1e-9*step; k++ {
		if v := k * step; r.class(v) == class {
			found = append(found, v)
		}
	}
	return found
}
