package chart

import (
	"math"
	"testing"
)

// Savric and others (2011) give the projection's height as 0.52 of the length of
// its equator, to two digits; its centre is the origin and it is symmetric.
func TestProjection(t *testing.T) {
	east, _ := place{lat: 0, lon: 180}.project()
	_, pole := place{lat: 90}.project()
	if ratio := pole / east; math.Abs(ratio-0.52) > 0.005 {
		t.Errorf("the globe is %.4f as high as it is wide, want 0.52", ratio)
	}
	if want := 0.8707 * math.Pi; math.Abs(east-want) > 1e-12 {
		t.Errorf("the equator reaches %v, want %v", east, want)
	}
	x, y := place{lat: 40, lon: 70}.project()
	if a, b := (place{lat: -40, lon: -70}).project(); a != -x || b != -y {
		t.Errorf("%v, %v and %v, %v are not opposite", x, y, a, b)
	}
}

// Coasts lie on the globe, south of the pole, without Antarctica.
func TestCoasts(t *testing.T) {
	points := 0
	for _, ring := range coasts {
		points += len(ring)
		if len(ring) < 3 {
			t.Errorf("a ring of %d points", len(ring))
		}
		for _, p := range ring {
			if math.Abs(p.lon) > 180 || p.lat > 90 || p.lat < -60 {
				t.Fatalf("%v is no coast", p)
			}
		}
	}
	if points != 4290 {
		t.Errorf("%d points, want 4290", points)
	}
}

// By hand: 10 less 3 is 7, less -2 is 9, and the rest of 9 closes the bridge.
func TestBridgeCloses(t *testing.T) {
	b := Bridge{Steps: []BridgeStep{{Kg: 10, Whole: true}, {Kg: 3}, {Kg: -2}, {Kg: 9, Whole: true}}}
	from, to := b.bars()
	wantFrom, wantTo := []float64{0, 10, 7, 0}, []float64{10, 7, 9, 9}
	for i := range b.Steps {
		if from[i] != wantFrom[i] || to[i] != wantTo[i] {
			t.Errorf("step %d goes from %v to %v, want %v to %v", i, from[i], to[i], wantFrom[i], wantTo[i])
		}
	}
	if to[2] != to[3] {
		t.Error("the parts do not lead to the rest")
	}
}
