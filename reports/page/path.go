package page

import (
	"math"

	"gonum.org/v1/plot/vg"
)

// path writes the parts of a path.
func (c *Canvas) path(p vg.Path) {
	begun := false
	for _, part := range p {
		switch part.Type {
		case vg.MoveComp:
			c.pdf.MoveTo(c.now.to.apply(part.Pos))
			begun = true
		case vg.LineComp:
			c.pdf.LineTo(c.now.to.apply(part.Pos))
		case vg.ArcComp:
			c.arc(part, begun)
			begun = true
		case vg.CurveComp:
			c.curve(part)
		case vg.CloseComp:
			c.pdf.ClosePath()
		}
	}
}

// curve draws a curve with one control point or two. The writer has an operator
// for the former that means something else, so both become cubic.
func (c *Canvas) curve(part vg.PathComp) {
	x, y := c.now.to.apply(part.Pos)
	x1, y1 := c.now.to.apply(part.Control[0])
	if len(part.Control) == 2 {
		x2, y2 := c.now.to.apply(part.Control[1])
		c.pdf.CurveBezierCubicTo(x1, y1, x2, y2, x, y)
		return
	}
	x0, y0 := c.pdf.GetXY()
	third := func(end, control float64) float64 { return end + 2*(control-end)/3 }
	c.pdf.CurveBezierCubicTo(third(x0, x1), third(y0, y1), third(x, x1), third(y, y1), x, y)
}

// arc draws an arc by cubic curves of at most a quarter turn, which miss the
// circle by less than 3 in 10,000 of its radius.
func (c *Canvas) arc(part vg.PathComp, begun bool) {
	at := func(angle float64) vg.Point {
		sin, cos := math.Sincos(angle)
		return vg.Point{X: part.Pos.X + part.Radius*vg.Length(cos), Y: part.Pos.Y + part.Radius*vg.Length(sin)}
	}
	start := at(part.Start)
	if begun {
		c.pdf.LineTo(c.now.to.apply(start))
	} else {
		c.pdf.MoveTo(c.now.to.apply(start))
	}
	pieces := max(1, int(math.Ceil(math.Abs(part.Angle)/(math.Pi/2)-1e-9)))
	step := part.Angle / float64(pieces)
	reach := part.Radius * vg.Length(4.0/3*math.Tan(step/4))
	for i := range pieces {
		from, to := part.Start+float64(i)*step, part.Start+float64(i+1)*step
		p0, p3 := at(from), at(to)
		sin0, cos0 := math.Sincos(from)
		sin3, cos3 := math.Sincos(to)
		x1, y1 := c.now.to.apply(vg.Point{X: p0.X - reach*vg.Length(sin0), Y: p0.Y + reach*vg.Length(cos0)})
		x2, y2 := c.now.to.apply(vg.Point{X: p3.X + reach*vg.Length(sin3), Y: p3.Y - reach*vg.Length(cos3)})
		x3, y3 := c.now.to.apply(p3)
		c.pdf.CurveBezierCubicTo(x1, y1, x2, y2, x3, y3)
	}
}
