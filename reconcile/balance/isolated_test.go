package balance

import (
	"math"
	"slices"
	"testing"
)

// steady declares 100 every month for two years, both sides.
func steadyLane() (x, m []float64) {
	return slices.Repeat([]float64{100.0}, 24), slices.Repeat([]float64{100.0}, 24)
}

// A month a thousand times its neighbours that the other side does not bear out
// is a slip; a month of nearly nothing is trade, and so is a large one that both
// sides declare on a lane of such months.
func TestIsolatedMonths(t *testing.T) {
	c := newCrowd(8, 36, 0.2, 0.2, 12, func(int, int, []float64, []float64) {})
	models := learn(c.pairs, c.coverage)
	at := func(change func(x, m []float64)) float64 {
		x, m := steadyLane()
		change(x, m)
		for _, r := range reconcile(t, lay(0, 1, x, m), models, Ours) {
			if r.Period == month(12) {
				return r.Kg.Float()
			}
		}
		return math.NaN()
	}
	for _, c := range []struct {
		name      string
		change    func(x, m []float64)
		low, high float64
	}{
		{"exporter alone, importer silent", func(x, m []float64) { x[12], m[12] = 1e5, nan }, 60, 200},
		{"exporter against importer", func(x, m []float64) { x[12] = 1e5 }, 60, 200},
		{"importer alone, exporter silent", func(x, m []float64) { x[12], m[12] = nan, 1e5 }, 60, 200},
		{"hardly any trade", func(x, m []float64) { x[12], m[12] = 0.1, 0.1 }, 0.05, 0.2},
		{"four times as much, by both", func(x, m []float64) { x[12], m[12] = 400, 400 }, 250, 420},
	} {
		if got := at(c.change); !(got >= c.low && got <= c.high) {
			t.Errorf("%s: %.4g, want %g to %g", c.name, got, c.low, c.high)
		}
	}
}
