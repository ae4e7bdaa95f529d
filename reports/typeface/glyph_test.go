package typeface

import (
	"math"
	"testing"

	xfont "golang.org/x/image/font"
	"gonum.org/v1/plot/vg"
)

// The advances are those in the font's hmtx table, in 2048ths of an em: figures
// 1139, i 455, M 1706; bold figures 1139, bold i 569.
func TestWidth(t *testing.T) {
	regular, bold := Font(2048, xfont.WeightNormal, xfont.StyleNormal), Font(2048, xfont.WeightBold, xfont.StyleNormal)
	tests := []struct {
		text          string
		regular, bold vg.Length
	}{{"", 0, 0}, {"11", 2 * 1139, 2 * 1139}, {"12", 2 * 1139, 2 * 1139}, {"i", 455, 569}, {"Mi", 1706 + 455, 1706 + 569}}
	for _, test := range tests {
		if got := Width(regular, test.text); math.Abs(float64(got-test.regular)) > 1e-6 {
			t.Errorf("regular %q is %v wide, want %v", test.text, got, test.regular)
		}
		if got := Width(bold, test.text); math.Abs(float64(got-test.bold)) > 1e-6 {
			t.Errorf("bold %q is %v wide, want %v", test.text, got, test.bold)
		}
	}
}

func TestOutlineStandsOnItsBaseLine(t *testing.T) {
	f := Font(100, xfont.WeightNormal, xfont.StyleNormal)
	low, high := math.Inf(1), math.Inf(-1)
	for _, c := range Outline(f, vg.Point{X: 10, Y: 20}, "HH") {
		if c.Type != vg.CloseComp {
			low, high = math.Min(low, float64(c.Pos.Y)), math.Max(high, float64(c.Pos.Y))
		}
	}
	// The H of the family is 1409 of 2048 units high.
	if low != 20 || math.Abs(high-20-100*1409.0/2048) > 1e-6 {
		t.Errorf("H reaches from %v to %v", low, high)
	}
	if path := Outline(f, vg.Point{}, " "); len(path) != 0 {
		t.Errorf("a blank has an outline of %d parts", len(path))
	}
}
