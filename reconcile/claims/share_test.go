package claims

import (
	"math"
	"testing"

	"counterflow/data"
)

// Two months by hand. Month 1: 100 kg declared out, 300 kg in; the exporter's
// weight was in units of ten (10 kg meant 100), so it is repaired to 100 from 10;
// half of the departures arrive a month later.
func TestPartsAddUpToTheGap(t *testing.T) {
	nan := math.NaN()
	g := Gap{
		DeclaredX: []float64{10, 200, 50, nan},
		DeclaredM: []float64{300, 500, 80, 70},
		X:         []float64{100, 200, nan, nan},
		M:         []float64{300, 500, 80, 70},
		Arrived:   []float64{90, 150, nan, nan},
		Base:      math.Log(1.5),
		Sign:      1,
		Low:       400, High: 500,
	}
	want := map[string]float64{
		// declared gap: 290 + 300 + 30 = 620; the fourth month has one side only
		"margin": 0, "not_comparable": 30, "unit_slip": 90, // 290 - 200
		"timing":       10*-1 + 50*-1,   // (200-210) + (300-350)
		"trade_system": 90*0.5 + 150*.5, // (210-165) + (350-275)
		"unallocated":  0,               // no bucket was found to bear the 30
		"entrepot":     0,
		"unexplained":  165 + 275,
	}
	var sum data.Kg
	for _, c := range Share(g) {
		sum += c.Kg
		if got := c.Kg.Float(); math.Abs(got-want[c.Explanation]) > 1e-9 {
			t.Errorf("%s: %g kg, want %g", c.Explanation, got, want[c.Explanation])
		}
	}
	if sum != data.Kilograms(620) {
		t.Errorf("claims add up to %s kg, want 620", sum.Text())
	}
}

func TestSwappingTheSidesTurnsTheGap(t *testing.T) {
	g := Gap{DeclaredX: []float64{500}, DeclaredM: []float64{200}, X: []float64{500}, M: []float64{200}, Arrived: []float64{450}, Base: math.Log(0.8), Sign: -1}
	var sum data.Kg
	for _, c := range Share(g) {
		sum += c.Kg
	}
	if sum != data.Kilograms(300) {
		t.Errorf("claims add up to %s kg, want 300", sum.Text())
	}
}
