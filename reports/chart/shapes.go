package chart

import (
	"image/color"
	"math"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// box fills a rectangle.
func box(c draw.Canvas, fill color.Color, r vg.Rectangle) {
	c.SetColor(fill)
	c.Fill(r.Path())
}

// frame strokes a rectangle from within, so that neighbours do not overlap.
func frame(c draw.Canvas, stroke color.Color, width vg.Length, r vg.Rectangle) {
	c.SetLineStyle(draw.LineStyle{Color: stroke, Width: width})
	c.Stroke(rectangle(r.Min.X+width/2, r.Min.Y+width/2, r.Max.X-width/2, r.Max.Y-width/2).Path())
}

func rectangle(x0, y0, x1, y1 vg.Length) vg.Rectangle {
	return vg.Rectangle{Min: vg.Point{X: x0, Y: y0}, Max: vg.Point{X: x1, Y: y1}}
}

// hatch marks a rectangle as not assessable: slanting lines on light grey. The
// lines of neighbouring rectangles continue each other.
func hatch(c draw.Canvas, r vg.Rectangle) {
	box(c, silentFill, r)
	c.SetLineStyle(draw.LineStyle{Color: silentInk, Width: hairline})
	const apart = 3.5
	// A line runs where y-x is a multiple of the distance.
	first := math.Ceil(float64(r.Min.Y-r.Max.X) / apart)
	last := math.Floor(float64(r.Max.Y-r.Min.X) / apart)
	var path vg.Path
	for i := first; i <= last; i++ {
		offset := vg.Length(i * apart)
		x0, x1 := max(r.Min.X, r.Min.Y-offset), min(r.Max.X, r.Max.Y-offset)
		if x1 > x0 {
			path.Move(vg.Point{X: x0, Y: x0 + offset})
			path.Line(vg.Point{X: x1, Y: x1 + offset})
		}
	}
	if len(path) > 0 {
		c.Stroke(path)
	}
}

// line strokes a straight line.
func line(c draw.Canvas, stroke color.Color, width, x0, y0, x1, y1 vg.Length) {
	c.StrokeLine2(draw.LineStyle{Color: stroke, Width: width}, x0, y0, x1, y1)
}

// dashed strokes a broken line.
func dashed(c draw.Canvas, stroke color.Color, width, x0, y0, x1, y1 vg.Length) {
	c.StrokeLine2(draw.LineStyle{Color: stroke, Width: width, Dashes: []vg.Length{3, 2}}, x0, y0, x1, y1)
}

// marker draws one declared amount. The exporter's is a full disc and the
// importer's an open square, so that they are told apart without colour.
type marker struct {
	colour color.Color
	square bool
	hollow bool
}

var (
	exporterMarker = marker{colour: exporterColour}
	importerMarker = marker{colour: importerColour, square: true, hollow: true}
	caseMarker     = marker{colour: caseColour}
)

func (m marker) draw(c draw.Canvas, x, y, radius vg.Length) {
	var path vg.Path
	if m.square {
		path = rectangle(x-radius, y-radius, x+radius, y+radius).Path()
	} else {
		path.Move(vg.Point{X: x + radius, Y: y})
		path.Arc(vg.Point{X: x, Y: y}, radius, 0, 2*math.Pi)
		path.Close()
	}
	if m.hollow {
		c.SetColor(paper)
		c.Fill(path)
		c.SetLineStyle(draw.LineStyle{Color: m.colour, Width: 1.2})
		c.Stroke(path)
		return
	}
	c.SetColor(m.colour)
	c.Fill(path)
}

// polyline strokes the runs of points that are not NaN; a gap breaks the line.
func polyline(c draw.Canvas, stroke color.Color, width vg.Length, points []vg.Point) {
	var runs [][]vg.Point
	var run []vg.Point
	for _, p := range points {
		if math.IsNaN(float64(p.Y)) {
			runs, run = append(runs, run), nil
			continue
		}
		run = append(run, p)
	}
	runs = append(runs, run)
	var long [][]vg.Point
	for _, r := range runs {
		if len(r) > 1 {
			long = append(long, r)
		}
	}
	c.StrokeLines(draw.LineStyle{Color: stroke, Width: width}, c.ClipLinesXY(long...)...)
}
