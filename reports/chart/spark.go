package chart

import (
	"math"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Spark is a chart of both sides without axes or letters, small enough for a cell
// of a table. Its text has the numbers.
type Spark struct {
	Title    string // for those who cannot see it
	Exported []float64
	Imported []float64 // of the same periods; NaN is not stated
}

// The size of a sparkline.
const (
	sparkWidth  = 56 * vg.Length(1)
	sparkHeight = 17 * vg.Length(1)
)

// Chart lays the lines out. It is absent where no two neighbours are stated.
func (s Spark) Chart() Chart {
	c := Chart{Title: s.Title, Width: sparkWidth, Height: sparkHeight, Absent: "Nothing to draw."}
	top := 0.0
	for i := range s.Exported {
		for _, v := range []float64{s.Exported[i], s.Imported[i]} {
			if v > top {
				top = v
			}
		}
	}
	if top > 0 && len(s.Exported) > 1 {
		c.Absent = ""
		c.paint = func(on draw.Canvas) { s.draw(on, top) }
	}
	return c
}

func (s Spark) draw(on draw.Canvas, top float64) {
	step := (on.Max.X - on.Min.X - 2) / vg.Length(len(s.Exported)-1)
	points := func(amounts []float64) []vg.Point {
		var p []vg.Point
		for i, v := range amounts {
			y := vg.Length(math.NaN())
			if !math.IsNaN(v) {
				y = on.Min.Y + 1 + vg.Length(v/top)*(on.Max.Y-on.Min.Y-2)
			}
			p = append(p, vg.Point{X: on.Min.X + 1 + vg.Length(i)*step, Y: y})
		}
		return p
	}
	line(on, gridInk, hairline, on.Min.X, on.Min.Y+0.5, on.Max.X, on.Min.Y+0.5)
	polyline(on, importerColour, 0.9, points(s.Imported))
	polyline(on, exporterColour, 0.9, points(s.Exported))
}
