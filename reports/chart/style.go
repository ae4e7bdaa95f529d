package chart

import (
	"image/color"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// The colours. Each has one meaning in every figure. Blue and orange are told
// apart by all common kinds of colour blindness, and are dark and middling in
// grey; plum is the third that stays apart from both.
var (
	exporterColour = rgb(0x1B4F8C) // what the exporter declares
	importerColour = rgb(0xE07B00) // what the importer declares
	caseColour     = rgb(0x8A1E5F) // what belongs to a case
	caseFill       = rgb(0xF5E6EF) // the window of a case
	bandFill       = rgb(0xD5DADF) // what the lane lets expect
	bandInk        = rgb(0x9AA3AC) // the middle of that
	silentFill     = rgb(0xF0F1F2) // not assessable: a reporter published nothing
	silentInk      = rgb(0x9BA1A8)
	ink            = rgb(0x22262B)
	muted          = rgb(0x62686F)
	gridInk        = rgb(0xE3E6E9)
	axisInk        = rgb(0x9BA1A8)
	eventInk       = rgb(0x4A5057)
	landFill       = rgb(0xEDEFF1) // ground of maps
	partFill       = rgb(0xB9C2CB) // an explanation's part
	streamFill     = rgb(0xCBDAE9) // trade that flows
	caseFillDark   = rgb(0xE3B8D0) // trade that flows, and belongs to a case
	contextInk     = rgb(0x8FA9C4) // trade that only shows where a case lies
	paper          = rgb(0xFFFFFF)
)

// The sizes of letters and strokes.
const (
	titleSize  = 12 * vg.Length(1)
	textSize   = 8.5 * vg.Length(1)
	smallSize  = 7.5 * vg.Length(1)
	tinySize   = 6.5 * vg.Length(1)
	lineWidth  = 1.4 * vg.Length(1)
	hairline   = 0.5 * vg.Length(1)
	dotRadius  = 2.2 * vg.Length(1)
	fullWidth  = 486 * vg.Length(1) // the text width of an A4 page
	labelSpace = 4 * vg.Length(1)   // between a mark and its label
)

func rgb(hex uint32) color.NRGBA {
	return color.NRGBA{R: uint8(hex >> 16), G: uint8(hex >> 8), B: uint8(hex), A: 0xff}
}

// blend goes from one colour to another, share 0 to 1, in steps that no eye can
// see, so that a picture has few distinct colours.
func blend(from, to color.NRGBA, share float64) color.NRGBA {
	mix := func(a, b uint8) uint8 { return uint8(float64(a) + share*(float64(b)-float64(a)) + 0.5) }
	return color.NRGBA{R: mix(from.R, to.R), G: mix(from.G, to.G), B: mix(from.B, to.B), A: 0xff}
}

// newPlot is a gonum plot without frame, title or legend: light rules across,
// a thin base line, small letters.
func newPlot() *plot.Plot {
	p := plot.New()
	p.BackgroundColor = nil
	for _, axis := range []*plot.Axis{&p.X, &p.Y} {
		axis.Padding = 0
		axis.LineStyle = draw.LineStyle{Color: axisInk, Width: hairline}
		axis.Tick.LineStyle = axis.LineStyle
		axis.Tick.Length = 3
		axis.Tick.Label = axisText(axis.Tick.Label)
		axis.Label.TextStyle = axisText(axis.Label.TextStyle)
	}
	p.Y.LineStyle.Width = 0
	p.Y.Tick.Length = 0
	return p
}

// axisText keeps how gonum places a label and gives it the house's letters.
func axisText(s text.Style) text.Style {
	house := letters{size: smallSize, colour: muted}.style()
	house.XAlign, house.YAlign = s.XAlign, s.YAlign
	return house
}

// rules are the light lines behind the data, at the ticks of the given axes.
func rules(across, upright bool) *plotter.Grid {
	grid := plotter.NewGrid()
	line := draw.LineStyle{Color: gridInk, Width: hairline}
	grid.Horizontal, grid.Vertical = line, line
	if !across {
		grid.Horizontal.Color = nil
	}
	if !upright {
		grid.Vertical.Color = nil
	}
	return grid
}
