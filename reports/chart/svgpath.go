package chart

import (
	"fmt"
	"math"
	"strings"

	"gonum.org/v1/plot/vg"
)

// path writes the parts of a path.
func (v *vector) path(p vg.Path) string {
	var d strings.Builder
	for i, part := range p {
		switch part.Type {
		case vg.MoveComp:
			d.WriteString("M" + v.at(part.Pos))
		case vg.LineComp:
			d.WriteString("L" + v.at(part.Pos))
		case vg.ArcComp:
			v.arc(&d, part, i > 0)
		case vg.CurveComp:
			d.WriteString("QC"[len(part.Control)-1 : len(part.Control)])
			for _, control := range part.Control {
				d.WriteString(v.at(control) + " ")
			}
			d.WriteString(v.at(part.Pos))
		case vg.CloseComp:
			d.WriteString("Z")
		}
	}
	return d.String()
}

// arc writes an arc in pieces of at most half a turn, which SVG can tell apart.
func (v *vector) arc(d *strings.Builder, part vg.PathComp, begun bool) {
	at := func(angle float64) string {
		sin, cos := math.Sincos(angle)
		return v.at(vg.Point{X: part.Pos.X + part.Radius*vg.Length(cos), Y: part.Pos.Y + part.Radius*vg.Length(sin)})
	}
	begin, sweep := "M", 0 // counter-clockwise on paper
	if begun {
		begin = "L"
	}
	if part.Angle < 0 {
		sweep = 1
	}
	d.WriteString(begin + at(part.Start))
	pieces := max(1, int(math.Ceil(math.Abs(part.Angle)/math.Pi-1e-9)))
	for i := range pieces {
		end := part.Start + part.Angle*float64(i+1)/float64(pieces)
		fmt.Fprintf(d, "A%s %s 0 0 %d %s", short(part.Radius), short(part.Radius), sweep, at(end))
	}
}
