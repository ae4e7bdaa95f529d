package chart

import (
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// key is one entry of a legend: a swatch and what it means.
type key struct {
	text   string
	swatch func(c draw.Canvas, r vg.Rectangle)
}

const (
	swatchWidth  = 13 * vg.Length(1)
	swatchHeight = 7 * vg.Length(1)
	legendLine   = 13 * vg.Length(1)
	legendGap    = 14 * vg.Length(1) // between two entries
)

var legendLetters = letters{size: smallSize, colour: ink, middle: true}

// legendLines breaks the entries into lines of at most the given width.
func legendLines(keys []key, width vg.Length) [][]key {
	var lines [][]key
	used := width + 1
	for _, k := range keys {
		need := swatchWidth + labelSpace + legendLetters.width(k.text)
		if used+legendGap+need > width {
			lines, used = append(lines, nil), -legendGap
		}
		last := len(lines) - 1
		lines[last] = append(lines[last], k)
		used += legendGap + need
	}
	return lines
}

// legendHeight is the room that the entries take above a drawing.
func legendHeight(keys []key, width vg.Length) vg.Length {
	return vg.Length(len(legendLines(keys, width))) * legendLine
}

// legend sets the entries in lines, from the left, below the top of the canvas.
func legend(c draw.Canvas, keys []key) {
	y := c.Max.Y - legendLine/2
	for _, entries := range legendLines(keys, c.Max.X-c.Min.X) {
		x := c.Min.X
		for _, k := range entries {
			k.swatch(c, rectangle(x, y-swatchHeight/2, x+swatchWidth, y+swatchHeight/2))
			x += swatchWidth + labelSpace
			legendLetters.draw(c, x, y, k.text)
			x += legendLetters.width(k.text) + legendGap
		}
		y -= legendLine
	}
}

// markerKey shows a marker on a piece of its line.
func markerKey(m marker, text string) key {
	return key{text: text, swatch: func(c draw.Canvas, r vg.Rectangle) {
		y := (r.Min.Y + r.Max.Y) / 2
		line(c, m.colour, lineWidth, r.Min.X, y, r.Max.X, y)
		m.draw(c, (r.Min.X+r.Max.X)/2, y, dotRadius)
	}}
}

// patchKey shows a patch painted as the drawing paints it.
func patchKey(text string, paint func(draw.Canvas, vg.Rectangle)) key {
	return key{text: text, swatch: paint}
}
