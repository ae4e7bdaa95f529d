package multiple

import (
	"math"

	"counterflow/stats/tail"
)

// decreasingDensity returns ln f(p) at each tested p-value, for the Grenander
// estimate f of the density of p-values: the slope of the least concave
// majorant of their empirical distribution function through (0,0) and (1,1)
// (Grenander 1956). order lists the tested by log p. Equal p-values share one
// value. Widths are carried in logs, so that the steps next to zero keep their
// digits.
//
// At a kink, which is always one of the p-values, the slope to the right is
// taken, the lower of the two: with the left one, the usual choice for a
// likelihood, a single p-value would call itself a discovery by standing alone.
// Past the last kink, at p = 1, it is the slope to the left.
func decreasingDensity(logp []float64, order []int) []float64 {
	m := math.Log(float64(len(order)))
	steps := concaveSteps(logp, order)
	logf := make([]float64, len(order))
	k := 0
	for j, s := range steps {
		for c := range s.count {
			at := s
			if c >= s.count-s.atEnd && j+1 < len(steps) {
				at = steps[j+1]
			}
			logf[k] = at.slope() - m
			k++
		}
	}
	return logf
}

// A step is a stretch of p on which the density is constant: how many p-values
// lie in it, how many of them are ties at its right end, and ln of its width.
type step struct {
	count, atEnd int
	logWidth     float64
}

func (s step) slope() float64 { return math.Log(float64(s.count)) - s.logWidth }

// concaveSteps pools adjacent stretches until slopes fall, as in isotonic
// regression. The last stretch, up to one, may hold no p-value.
func concaveSteps(logp []float64, order []int) []step {
	var stack []step
	push := func(s step) {
		for len(stack) > 0 && stack[len(stack)-1].slope() <= s.slope() {
			top := stack[len(stack)-1]
			s = step{top.count + s.count, s.atEnd, tail.LogAdd(top.logWidth, s.logWidth)}
			stack = stack[:len(stack)-1]
		}
		stack = append(stack, s)
	}
	left := math.Inf(-1)
	for k := 0; k < len(order); {
		right := math.Min(0, logp[order[k]])
		ties := 1
		for k+ties < len(order) && logp[order[k+ties]] <= right {
			ties++
		}
		push(step{ties, ties, tail.LogSub(right, left)})
		left = right
		k += ties
	}
	if left < 0 {
		push(step{0, 0, tail.Log1mExp(left)})
	}
	return stack
}
