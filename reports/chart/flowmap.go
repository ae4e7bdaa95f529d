package chart

import (
	"cmp"
	"image/color"
	"math"
	"slices"
	"strconv"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"counterflow/reports/wording"
)

// FlowMap is a map of the world with lines for trade. Lines join places and are
// no routes.
type FlowMap struct {
	Name, Title, Subtitle, Caption string
	Ends                           []MapEnd // by code
	Flows                          []MapFlow
}

// MapEnd is an economy on the map.
type MapEnd struct {
	Code     string
	Lat, Lon float64 // degrees north and east
}

// MapFlow is a line between two ends, named by their codes.
type MapFlow struct {
	From, To string
	USD      float64 // decides the width, NaN for the thinnest line
	Case     string  // identifier of the case that it belongs to, "" for trade as context
	Left     bool    // the lane that trade left for a detour: drawn broken
}

const (
	widestFlow   = 6 * vg.Length(1)
	thinnestFlow = 0.7 * vg.Length(1)
	mapFoot      = 22 * vg.Length(1)
)

// Chart lays the map out. It is absent without flows between places known.
func (m FlowMap) Chart() Chart {
	c := Chart{Name: m.Name, Title: m.Title, Subtitle: m.Subtitle, Caption: m.Caption, Width: fullWidth}
	if !slices.ContainsFunc(m.Flows, func(f MapFlow) bool { return f.Case != "" }) {
		c.Absent = "No case has a lane between two economies whose places are known, so there is no map to draw."
		return c
	}
	_, height := newGlobe(fullWidth)
	c.Height = height + mapFoot
	c.paint, c.Data = m.draw, m.rows()
	return c
}

func (m FlowMap) rows() [][]string {
	rows := [][]string{{"from", "to", "usd", "case_id", "lane_that_trade_left"}}
	for _, f := range m.Flows {
		rows = append(rows, []string{f.From, f.To, cell(f.USD), f.Case, strconv.FormatBool(f.Left)})
	}
	return rows
}

func (m FlowMap) draw(on draw.Canvas) {
	g, _ := newGlobe(fullWidth)
	ground := within(on, 0, 0, mapFoot, 0)
	drawGround(ground, g)
	at := map[string]vg.Point{}
	for _, e := range m.Ends {
		p := g.at(place{lat: e.Lat, lon: e.Lon})
		at[e.Code] = vg.Point{X: ground.Min.X + p.X, Y: ground.Min.Y + p.Y}
	}
	most := m.widest()
	for _, context := range []bool{true, false} { // cases lie above trade
		for _, f := range m.Flows {
			if (f.Case == "") == context {
				f.draw(ground, at[f.From], at[f.To], most)
			}
		}
	}
	m.drawEnds(ground, at, m.lines(at, most))
	m.foot(on, most)
}

// drawGround paints land and the graticule; seas are paper.
func drawGround(c draw.Canvas, g globe) {
	shift := func(p place) vg.Point {
		at := g.at(p)
		return vg.Point{X: c.Min.X + at.X, Y: c.Min.Y + at.Y}
	}
	var land vg.Path
	for _, ring := range coasts {
		for i, p := range ring {
			if i == 0 {
				land.Move(shift(p))
			} else {
				land.Line(shift(p))
			}
		}
		land.Close()
	}
	c.SetColor(landFill)
	c.Fill(land)
	for lat := -30.0; lat <= 60; lat += 30 {
		line(c, gridInk, hairline, shift(place{lat, -180}).X, shift(place{lat, 0}).Y, shift(place{lat, 180}).X, shift(place{lat, 0}).Y)
	}
	for lon := -120.0; lon <= 120; lon += 60 {
		var points []vg.Point
		for lat := float64(mapSouth); lat <= mapNorth; lat += 4 {
			points = append(points, shift(place{lat, lon}))
		}
		c.StrokeLines(draw.LineStyle{Color: gridInk, Width: hairline}, points)
	}
}

func (m FlowMap) widest() float64 {
	most := 0.0
	for _, f := range m.Flows {
		if f.USD > most && f.Case != "" {
			most = f.USD
		}
	}
	return most
}

// width goes with the root of the value, so that small cases can be seen.
func flowWidth(usd, most float64) vg.Length {
	if !(usd > 0) || !(most > 0) {
		return thinnestFlow
	}
	return max(thinnestFlow, widestFlow*vg.Length(math.Sqrt(math.Min(usd/most, 1))))
}

// draw draws one line, bent to the left of its direction, so that both directions
// of one corridor can be told apart, with a head at its end.
func (f MapFlow) draw(c draw.Canvas, from, to vg.Point, most float64) {
	length := vg.Length(math.Hypot(float64(to.X-from.X), float64(to.Y-from.Y)))
	if length < 1 {
		return
	}
	control := bend(from, to)
	width, ink := flowWidth(f.USD, most), color.Color(caseColour)
	if f.Case == "" {
		width, ink = thinnestFlow, contextInk
	}
	style := draw.LineStyle{Color: ink, Width: width}
	if f.Left {
		style.Width, style.Dashes = max(thinnestFlow, width/2), []vg.Length{4, 3}
	}
	head := max(2.2*width, 5)
	if f.Case == "" {
		head = 3
	}
	upTo := 1 - float64(min(head/length, 0.5)) // where the head begins
	tip, neck := to, bezier(from, control, to, upTo)
	var path vg.Path
	path.Move(from)
	path.QuadTo(vg.Point{X: from.X + vg.Length(upTo)*(control.X-from.X), Y: from.Y + vg.Length(upTo)*(control.Y-from.Y)}, neck) // de Casteljau
	c.SetLineStyle(style)
	c.Stroke(path)
	ux, uy := tip.X-neck.X, tip.Y-neck.Y
	c.FillPolygon(ink, []vg.Point{tip, {X: neck.X - uy*0.45, Y: neck.Y + ux*0.45}, {X: neck.X + uy*0.45, Y: neck.Y - ux*0.45}})
	middle := bezier(from, control, to, 0.5)
	if f.Case != "" {
		hover(c, rectangle(middle.X-8, middle.Y-8, middle.X+8, middle.Y+8), f.tell())
	}
}

func (f MapFlow) tell() string {
	text := f.From + " → " + f.To + "\n" + f.Case + ", " + wording.Money(f.USD)
	if f.Left {
		text += "\nthe lane that trade left"
	}
	return text
}

// bend is the control point of a line, to the left of its direction.
func bend(from, to vg.Point) vg.Point {
	const share = 0.18 // of its length
	return vg.Point{X: (from.X+to.X)/2 - share*(to.Y-from.Y), Y: (from.Y+to.Y)/2 + share*(to.X-from.X)}
}

// lines are the places that the lines of cases run through, for codes to keep
// clear of them.
func (m FlowMap) lines(at map[string]vg.Point, most float64) (taken []vg.Rectangle) {
	const pieces = 24
	for _, f := range m.Flows {
		if f.Case == "" {
			continue
		}
		from, to := at[f.From], at[f.To]
		half := max(flowWidth(f.USD, most)/2, 1)
		for i := range pieces + 1 {
			p := bezier(from, bend(from, to), to, float64(i)/pieces)
			taken = append(taken, rectangle(p.X-half, p.Y-half, p.X+half, p.Y+half))
		}
	}
	return taken
}

// bezier is a point of a curve with one control point, share 0 to 1 along.
func bezier(from, control, to vg.Point, share float64) vg.Point {
	a, b := vg.Length(1-share), vg.Length(share)
	return vg.Point{X: a*a*from.X + 2*a*b*control.X + b*b*to.X, Y: a*a*from.Y + 2*a*b*control.Y + b*b*to.Y}
}

// drawEnds marks the economies and writes their codes where there is room; a
// code without room beside its mark stands further off, with a line to it.
func (m FlowMap) drawEnds(c draw.Canvas, at map[string]vg.Point, lines []vg.Rectangle) {
	ends := slices.Clone(m.Ends)
	slices.SortFunc(ends, func(a, b MapEnd) int { return cmp.Compare(a.Code, b.Code) })
	taken := lines
	for _, e := range ends {
		p := at[e.Code]
		taken = append(taken, rectangle(p.X-2.5, p.Y-2.5, p.X+2.5, p.Y+2.5))
	}
	name := letters{size: smallSize, bold: true, colour: ink, middle: true}
	for _, e := range ends {
		p := at[e.Code]
		r, ok := freeSpot(p, name.width(e.Code), smallSize, c.Rectangle, taken)
		if ok {
			taken = append(taken, r)
			near := vg.Point{X: min(max(p.X, r.Min.X), r.Max.X), Y: min(max(p.Y, r.Min.Y), r.Max.Y)}
			if math.Hypot(float64(near.X-p.X), float64(near.Y-p.Y)) > 6 {
				line(c, muted, hairline, p.X, p.Y, near.X, near.Y)
			}
			name.draw(c, r.Min.X, (r.Min.Y+r.Max.Y)/2, e.Code)
		}
		marker{colour: ink}.draw(c, p.X, p.Y, 1.7)
	}
}

// freeSpot looks for room for a text around a point, near ones first.
func freeSpot(p vg.Point, width, height vg.Length, within vg.Rectangle, taken []vg.Rectangle) (vg.Rectangle, bool) {
	for _, off := range []vg.Length{4, 11, 19, 28} {
		for turn := range 8 {
			sin, cos := math.Sincos(float64(turn) * math.Pi / 4)
			x, y := p.X+off*vg.Length(cos), p.Y+off*vg.Length(sin)
			x -= width / 2 * vg.Length(1-cos) // the nearer side of the text lies at the point
			r := rectangle(x, y-height/2, x+width, y+height/2)
			if inside(r, within) && !slices.ContainsFunc(taken, func(t vg.Rectangle) bool { return overlaps(r, t) }) {
				return r, true
			}
		}
	}
	return vg.Rectangle{}, false
}

func inside(r, outer vg.Rectangle) bool {
	return r.Min.X >= outer.Min.X && r.Max.X <= outer.Max.X && r.Min.Y >= outer.Min.Y && r.Max.Y <= outer.Max.Y
}

func overlaps(a, b vg.Rectangle) bool {
	return a.Min.X < b.Max.X && b.Min.X < a.Max.X && a.Min.Y < b.Max.Y && b.Min.Y < a.Max.Y
}

// foot explains the lines.
func (m FlowMap) foot(on draw.Canvas, most float64) {
	stroke := func(ink color.Color, width vg.Length, dashes []vg.Length) func(draw.Canvas, vg.Rectangle) {
		return func(c draw.Canvas, r vg.Rectangle) {
			c.StrokeLine2(draw.LineStyle{Color: ink, Width: width, Dashes: dashes}, r.Min.X, (r.Min.Y+r.Max.Y)/2, r.Max.X, (r.Min.Y+r.Max.Y)/2)
		}
	}
	keys := []key{{"a case", stroke(caseColour, 2, nil)}}
	if most > 0 {
		keys = []key{
			{"a case of " + wording.Money(most), stroke(caseColour, widestFlow, nil)},
			{"a case of " + wording.Money(most/10), stroke(caseColour, flowWidth(most/10, most), nil)},
		}
	}
	if slices.ContainsFunc(m.Flows, func(f MapFlow) bool { return f.Left }) {
		keys = append(keys, key{"the lane that trade left", stroke(caseColour, 1.2, []vg.Length{4, 3})})
	}
	if slices.ContainsFunc(m.Flows, func(f MapFlow) bool { return f.Case == "" }) {
		keys = append(keys, key{"largest corridors of the same goods", stroke(contextInk, thinnestFlow, nil)})
	}
	legend(within(on, 0, 0, 0, on.Max.Y-on.Min.Y-legendLine-2), keys)
}
