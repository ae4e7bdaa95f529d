package chart

import (
	"fmt"
	"image/color"
	"math"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// HeatMap is the chart of lanes: exporters down, importers across, coloured by
// the discrepancy index (X-M)/(X+M). Blue is "the exporter records more",
// orange "the importer records more", as in all figures.
type HeatMap struct {
	Name, Title, Subtitle, Caption string
	Exporters                      []string // with their names, for the rows
	Importers                      []string // codes, for the columns
	Cells                          [][]Cell // by exporter, importer
}

// Cell is one lane.
type Cell struct {
	Index  float64 // -1 to 1, NaN where not assessable
	Traded bool    // anything was declared
	Case   bool    // the lane holds a case
}

const (
	heatLabels = 118 * vg.Length(1)
	heatHead   = 24 * vg.Length(1)
	heatFoot   = 43 * vg.Length(1) // for the scale and the legend
	cellHeight = 11 * vg.Length(1)
	cellMost   = 30 * vg.Length(1) // widest cell
)

// Chart lays the map out. It is absent where no lane was traded.
func (h HeatMap) Chart() Chart {
	c := Chart{Name: h.Name, Title: h.Title, Subtitle: h.Subtitle, Caption: h.Caption, Width: fullWidth}
	traded := false
	for _, row := range h.Cells {
		for _, cell := range row {
			traded = traded || cell.Traded
		}
	}
	if !traded {
		c.Absent = "No lane was declared by either side, so there is no map to draw."
		return c
	}
	c.Height = heatHead + vg.Length(len(h.Exporters))*cellHeight + heatFoot
	c.paint, c.Data = h.draw, h.rows()
	return c
}

func (h HeatMap) draw(on draw.Canvas) {
	width := min(cellMost, (fullWidth-heatLabels)/vg.Length(len(h.Importers)))
	top := on.Max.Y - heatHead
	axis := letters{size: tinySize, colour: muted}
	axis.draw(on, on.Min.X, top+4, "exporter ↓")
	axis.draw(on, on.Min.X+heatLabels, on.Max.Y-7, "importer →")
	column := letters{size: tinySize, colour: ink, side: centred}
	for j, name := range h.Importers {
		column.draw(on, on.Min.X+heatLabels+(vg.Length(j)+0.5)*width, top+4, column.fit(name, width))
	}
	row := letters{size: smallSize, colour: ink, side: toLeft, middle: true}
	for i, name := range h.Exporters {
		y1 := top - vg.Length(i)*cellHeight
		row.draw(on, on.Min.X+heatLabels-labelSpace, y1-cellHeight/2, row.fitCoded(name, heatLabels-2*labelSpace))
		for j, cell := range h.Cells[i] {
			x0 := on.Min.X + heatLabels + vg.Length(j)*width
			area := rectangle(x0+0.5, y1-cellHeight+0.5, x0+width-0.5, y1-0.5)
			cell.draw(on, area)
			hover(on, area, name+" → "+h.Importers[j]+"\n"+cell.tell())
		}
	}
	h.drawFoot(on)
}

// draw paints one lane: its colour with its index in figures, hatching where it
// is not assessable, an empty frame where nothing was traded.
func (l Cell) draw(c draw.Canvas, r vg.Rectangle) {
	size := r.Size()
	switch {
	case !l.Traded:
		frame(c, gridInk, hairline, r)
	case math.IsNaN(l.Index):
		hatch(c, r)
	default:
		box(c, indexColour(l.Index), r)
		figure := letters{size: min(tinySize, size.X/2.9), colour: ink, side: centred, middle: true}
		if l.Index > 0.55 {
			figure.colour = paper // on dark blue
		}
		figure.draw(c, (r.Min.X+r.Max.X)/2, (r.Min.Y+r.Max.Y)/2, indexText(l.Index))
	}
	if l.Case {
		frame(c, caseColour, 1.8, r)
	}
}

// tell says what is known of a lane.
func (l Cell) tell() string {
	text := "index " + indexText(l.Index)
	switch {
	case !l.Traded:
		text = "nothing declared"
	case math.IsNaN(l.Index):
		text = "not assessable"
	}
	if l.Case {
		text += "\nholds a case"
	}
	return text
}

// indexColour is the diverging scale: nearly white at agreement, the colour of
// the side that records more at either end.
func indexColour(index float64) color.NRGBA {
	index = math.Max(-1, math.Min(1, index))
	neutral := rgb(0xF7F7F5)
	if index < 0 {
		return blend(neutral, importerColour, -index)
	}
	return blend(neutral, exporterColour, index)
}

// indexText writes an index with its sign and two decimals, without the zero
// before the point.
func indexText(index float64) string {
	switch text := fmt.Sprintf("%.2f", math.Abs(index)); {
	case text == "0.00":
		return "0"
	case text[0] == '1' && index < 0:
		return "−1"
	case text[0] == '1':
		return "+1"
	case index < 0:
		return "−" + text[1:]
	default:
		return "+" + text[1:]
	}
}

// drawFoot draws the scale and the meaning of the other marks.
func (h HeatMap) drawFoot(on draw.Canvas) {
	const steps, width, height = 48, 150, 8
	x0, y := on.Min.X+heatLabels, on.Min.Y+heatFoot-19
	for i := range steps {
		from := x0 + width*vg.Length(i)/steps
		box(on, indexColour(2*(float64(i)+0.5)/steps-1), rectangle(from, y, x0+width, y+height)) // over the ones before
	}
	label := letters{size: tinySize, colour: muted, side: centred}
	for _, tick := range []struct {
		at   vg.Length
		text string
	}{{0, "−1"}, {0.25, "−0.5"}, {0.5, "0"}, {0.75, "+0.5"}, {1, "+1"}} {
		label.draw(on, x0+width*tick.at, y-8, tick.text)
	}
	label.side, label.middle = toLeft, true
	label.draw(on, x0-labelSpace, y+height/2, "importer records more")
	label.side = toRight
	label.draw(on, x0+width+labelSpace, y+height/2, "exporter records more")
	legend(within(on, 0, 0, 0, on.Max.Y-on.Min.Y-legendLine), []key{
		patchKey("not assessable: a side published nothing", hatch),
		patchKey("nothing declared", func(c draw.Canvas, r vg.Rectangle) { frame(c, silentInk, hairline, r) }),
		patchKey("holds a case", func(c draw.Canvas, r vg.Rectangle) { frame(c, caseColour, 1.8, r) }),
	})
}
