package chart

import (
	"cmp"
	"image"
	"image/color"
	"slices"
)

// paletteSize is the most that one byte a pixel can tell apart.
const paletteSize = 256

// reduce gives a picture with a palette of its commonest colours. A chart is
// mostly flat, so those are all its inks; the many that are left lie on the
// edges of letters and lines, where each becomes the nearest in the palette.
// Transparency is not kept: charts stand on paper.
func reduce(img *image.RGBA) *image.Paletted {
	count := map[uint32]int{}
	eachRun(img, func(ink uint32, _, length int) { count[ink] += length })
	inks := make([]uint32, 0, len(count))
	for ink := range count {
		inks = append(inks, ink)
	}
	slices.SortFunc(inks, func(a, b uint32) int { return cmp.Or(cmp.Compare(count[b], count[a]), cmp.Compare(a, b)) })

	kept := inks[:min(paletteSize, len(inks))]
	palette := make(color.Palette, len(kept))
	place := make(map[uint32]uint8, len(inks))
	for i, ink := range kept {
		palette[i] = color.NRGBA{R: uint8(ink >> 16), G: uint8(ink >> 8), B: uint8(ink), A: 0xff}
		place[ink] = uint8(i)
	}
	for _, ink := range inks[len(kept):] {
		place[ink] = nearest(kept, ink)
	}
	out := image.NewPaletted(img.Rect, palette)
	eachRun(img, func(ink uint32, from, length int) {
		i := place[ink]
		for j := from; j < from+length; j++ {
			out.Pix[j] = i
		}
	})
	return out
}

// eachRun walks the stretches of one colour, from one pixel on for a length, all
// rows behind each other.
func eachRun(img *image.RGBA, do func(ink uint32, from, length int)) {
	width, height := img.Rect.Dx(), img.Rect.Dy()
	for y := range height {
		row := img.Pix[y*img.Stride : y*img.Stride+4*width]
		for x := 0; x < width; {
			from, ink := x, inkAt(row, x)
			for x++; x < width && inkAt(row, x) == ink; x++ {
			}
			do(ink, y*width+from, x-from)
		}
	}
}

func inkAt(row []uint8, x int) uint32 {
	return uint32(row[4*x])<<16 | uint32(row[4*x+1])<<8 | uint32(row[4*x+2])
}

// nearest finds the colour of least squared distance; the first of equals.
func nearest(kept []uint32, ink uint32) uint8 {
	best, least := 0, 1<<30
	for i, k := range kept {
		distance := 0
		for shift := 0; shift <= 16; shift += 8 {
			d := int(k>>shift&0xff) - int(ink>>shift&0xff)
			distance += d * d
		}
		if distance < least {
			best, least = i, distance
		}
	}
	return uint8(best)
}
