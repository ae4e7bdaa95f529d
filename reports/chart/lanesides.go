package chart

import (
	"math"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// denseLane is the number of periods from which only every lone amount gets a
// mark of its own.
const denseLane = 75

// side of a lane, as a line of points in the drawing.
func (l Lane) side(c draw.Canvas, p *plot.Plot, amount func(LanePoint) float64) []vg.Point {
	x, y := p.Transforms(&c)
	var points []vg.Point
	for i, q := range l.Points {
		if i > 0 && q.Period.Index() != l.Points[i-1].Period.Index()+1 {
			points = append(points, vg.Point{X: x(float64(q.Period.Index())), Y: vg.Length(math.NaN())})
		}
		points = append(points, vg.Point{X: x(float64(q.Period.Index())), Y: y(amount(q))})
	}
	return points
}

// drawSides draws both lines, the importer's first, so that the exporter's full
// discs lie on its open squares where both agree.
func (l Lane) drawSides(c draw.Canvas, p *plot.Plot) {
	imported := l.side(c, p, func(q LanePoint) float64 { return q.Imported })
	exported := l.side(c, p, func(q LanePoint) float64 { return q.Exported })
	polyline(c, importerColour, lineWidth, imported)
	polyline(c, exporterColour, lineWidth, exported)
	radius := dotRadius
	if len(l.Points) > denseLane/2 {
		radius = 1.6
	}
	mark := func(m marker, points []vg.Point) {
		known := func(i int) bool { return i >= 0 && i < len(points) && !math.IsNaN(float64(points[i].Y)) }
		for i, at := range points {
			alone := !known(i-1) && !known(i+1)
			if known(i) && (alone || len(l.Points) <= denseLane) && c.Contains(at) {
				m.draw(c, at.X, at.Y, radius)
			}
		}
	}
	mark(importerMarker, imported)
	mark(exporterMarker, exported)
}

// drawEnds names both lines at their right ends, apart from each other.
func (l Lane) drawEnds(c draw.Canvas, p *plot.Plot) {
	_, y := p.Transforms(&c)
	none := "no weights" // a side that published, but not this measure
	if l.Money {
		none = "no values"
	}
	last := func(amount func(LanePoint) float64, said string, silent func(LanePoint) bool) (vg.Length, string) {
		for i := len(l.Points) - 1; i >= 0; i-- {
			if v := amount(l.Points[i]); !math.IsNaN(v) {
				return min(y(v), c.Max.Y), said
			}
		}
		if slices.ContainsFunc(l.Points, func(q LanePoint) bool { return !silent(q) }) {
			return c.Min.Y, none
		}
		return c.Min.Y, "silent"
	}
	yx, saidX := last(func(q LanePoint) float64 { return q.Exported }, "exports", func(q LanePoint) bool { return q.ExporterSilent })
	ym, saidM := last(func(q LanePoint) float64 { return q.Imported }, "imports", func(q LanePoint) bool { return q.ImporterSilent })
	yx, ym = apart(yx, ym, 10, c.Min.Y+4, c.Max.Y-4)
	end := letters{size: smallSize, bold: true, middle: true, colour: exporterColour}
	room := laneRight - 2*labelSpace
	exporter, importer := l.ends(saidX, saidM)
	end.draw(c, c.Max.X+2*labelSpace, yx, end.fit(exporter, room))
	end.colour = importerColour
	end.draw(c, c.Max.X+2*labelSpace, ym, end.fit(importer, room))
}

// apart moves two heights away from each other until they have the distance,
// and keeps both between two bounds. Their order stays.
func apart(a, b, distance, low, high vg.Length) (vg.Length, vg.Length) {
	upper, lower := max(a, b), min(a, b)
	if missing := distance - (upper - lower); missing > 0 {
		upper, lower = upper+missing/2, lower-missing/2
	}
	if over := upper - high; over > 0 {
		upper -= over
		lower = min(lower, upper-distance)
	}
	if under := low - lower; under > 0 {
		lower += under
		upper = max(upper, lower+distance)
	}
	if a >= b {
		return upper, lower
	}
	return lower, upper
}
