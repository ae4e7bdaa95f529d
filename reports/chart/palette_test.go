package chart

import (
	"image"
	"image/color"
	"testing"
)

func TestReduceKeepsFewColours(t *testing.T) {
	img := image.NewRGBA(image.Rect(0, 0, 3, 2))
	inks := []color.RGBA{{255, 0, 0, 255}, {0, 255, 0, 255}, {0, 0, 255, 255}, {9, 9, 9, 255}, {9, 9, 9, 255}, {255, 255, 255, 255}}
	for i, ink := range inks {
		img.SetRGBA(i%3, i/3, ink)
	}
	out := reduce(img)
	if len(out.Palette) != 5 {
		t.Errorf("%d colours, want 5", len(out.Palette))
	}
	for i, ink := range inks {
		r, g, b, _ := out.At(i%3, i/3).RGBA()
		if got := (color.RGBA{uint8(r >> 8), uint8(g >> 8), uint8(b >> 8), 255}); got != ink {
			t.Errorf("pixel %d is %v, want %v", i, got, ink)
		}
	}
}

// 400 greys and blues: white is the commonest and stays; the rare ones move to a
// neighbour.
func TestReduceMovesRareColoursToTheNearest(t *testing.T) {
	img := image.NewRGBA(image.Rect(0, 0, 400, 3))
	for x := range 400 {
		for y := range 3 {
			img.SetRGBA(x, y, color.RGBA{255, 255, 255, 255})
		}
		img.SetRGBA(x, 1, color.RGBA{uint8(x % 200), uint8(x % 200), uint8(x / 200 * 50), 255})
	}
	out := reduce(img)
	if len(out.Palette) != paletteSize {
		t.Fatalf("%d colours, want %d", len(out.Palette), paletteSize)
	}
	if r, _, _, _ := out.At(0, 0).RGBA(); r != 0xffff {
		t.Error("white is no longer white")
	}
	for x := range 400 {
		r, g, b, _ := out.At(x, 1).RGBA()
		off := func(got uint32, want int) int { d := int(got>>8) - want; return d * d }
		if d := off(r, x%200) + off(g, x%200) + off(b, x/200*50); d > 3*200*200 {
			t.Errorf("pixel %d moved by %d", x, d)
		}
	}
}
