package cases

import (
	"math"
	"testing"
)

// Forty months, six of them without trade: single ones at 5 and 10 and a stretch of
// four from 20. With six in forty, 40 x 0.15^2 = 0.9 stretches of two are chance, and
// 0.135 of three: single months are rests, four in a row say that trade stopped.
func TestRestsAreNoLevelAndAStopIs(t *testing.T) {
	traded := func(zero ...int) []float64 {
		s := make([]float64, 40)
		for i := range s {
			s[i] = 100
		}
		for _, i := range zero {
			s[i] = 0
		}
		return s
	}
	left := func(s []float64) int {
		level := make([]float64, len(s))
		rest(level, s)
		n := 0
		for _, v := range level {
			if math.IsNaN(v) {
				n++
			}
		}
		return n
	}
	if got := left(traded(5, 10, 20, 21, 22, 23)); got != 2 {
		t.Errorf("%d months were taken out, want the two single ones", got)
	}
	if got := left(traded()); got != 0 {
		t.Errorf("%d months of steady trade were taken out", got)
	}
	// Fourteen of forty: rest is how the lane trades, and its level.
	if got := left(traded(0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26)); got != 0 {
		t.Errorf("%d months of a lane that mostly rests were taken out", got)
	}
	silent := traded(5)
	silent[6] = math.NaN()
	if got := left(silent); got != 1 {
		t.Errorf("%d months were taken out, want the one rest: what is unknown is not", got)
	}
}
