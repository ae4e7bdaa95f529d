package cases

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"counterflow/reconcile/panel"
)

// What lanes have in common in a month is the median of all values around it,
// shrunk: to the last bit what sorting them gives.
func TestCommonMediansAreThoseOfSorting(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		const months, shrink = 9, 4.0
		value := rapid.OneOf(rapid.Float64Range(-3, 3), rapid.Map(rapid.IntRange(-2, 2), func(i int) float64 { return float64(i) }), rapid.Just(math.NaN()))
		x := rapid.SliceOfN(rapid.SliceOfN(value, months, months), 4, 12).Draw(t, "lanes")
		lanes, want := make([]int, len(x)), make([][]float64, len(x))
		for i := range x {
			lanes[i], want[i] = i, slices.Clone(x[i])
		}
		for month := range months {
			var around []float64
			for i := range x {
				for s := max(month-commonSpan, 0); s <= min(month+commonSpan, months-1); s++ {
					if !math.IsNaN(x[i][s]) {
						around = append(around, x[i][s])
					}
				}
			}
			if len(around) == 0 {
				continue
			}
			slices.Sort(around)
			n := float64(len(around)) / (2*commonSpan + 1)
			median := (around[(len(around)-1)/2] + around[len(around)/2]) / 2 * n / (n + shrink)
			for i := range want {
				want[i][month] -= median
			}
		}
		subtractMedian(x, lanes, months, shrink)
		for i := range x {
			for month, got := range x[i] {
				if got != want[i][month] && !(math.IsNaN(got) && math.IsNaN(want[i][month])) {
					t.Fatalf("lane %d, month %d: %v, want %v", i, month, got, want[i][month])
				}
			}
		}
	})
}

// Sides that part by 2 before a code changed what it holds and by 8 after part as usual
// in both; a month apart still stands apart.
func TestGapsAreMeasuredWithinAnEdition(t *testing.T) {
	l := panel.Lane{Turn: 10}
	for m := range 20 {
		x, gap := 100.0, 2.0
		if m >= 10 {
			x, gap = 5, 8
		}
		if m == 15 {
			gap *= 4
		}
		l.Arrived, l.MKg = append(l.Arrived, x), append(l.MKg, gap*x)
	}
	got := series(&panel.Panel{Lanes: []panel.Lane{l}, Months: 20}, weightGap)[0]
	for m, v := range got {
		if m != 15 && math.Abs(v) > 1e-12 || m == 15 && !(v > 0.5) {
			t.Errorf("month %d: gap %g", m, v)
		}
	}
}
