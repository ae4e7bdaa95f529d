package chart

import (
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"counterflow/data"
	"counterflow/reports/wording"
)

// About is the flows about a dated event, each group over its own base: the
// lanes that the event concerns, other partners, and other goods.
type About struct {
	Name, Title, Subtitle, Caption string
	Absent                         string // why there is nothing to draw
	Points                         []AboutPoint
	Event                          Event
	Base, Before                   int    // months of the base, and between it and the event
	MeanBefore, MeanAfter          Margin // of the lanes concerned
}

// AboutPoint is one month; NaN is unknown.
type AboutPoint struct {
	Period                     data.Period
	Concerned, Partners, Goods float64
}

// Margin is an estimate with its standard error.
type Margin struct{ Value, SE float64 }

func (m Margin) text() string {
	return wording.Number(math.Round(100*m.Value)/100) + " ± " + wording.Number(math.Round(100*m.SE)/100)
}

// The groups of lanes, in the order in which they are drawn.
var groups = []struct {
	name   string
	marker marker
	of     func(AboutPoint) float64
}{
	{"other goods of the same economies", marker{colour: axisInk}, func(p AboutPoint) float64 { return p.Goods }},
	{"other partners of the same importers", marker{colour: muted, square: true, hollow: true}, func(p AboutPoint) float64 { return p.Partners }},
	{"lanes concerned", caseMarker, func(p AboutPoint) float64 { return p.Concerned }},
}

// Chart lays the months out. It is absent where the lanes concerned have none.
func (a About) Chart() Chart {
	c := Chart{Name: a.Name, Title: a.Title, Subtitle: a.Subtitle, Caption: a.Caption, Width: fullWidth}
	if len(a.Points) == 0 || a.most() == 0 {
		c.Absent = a.Absent
		return c
	}
	labels := placeEvents([]Event{a.Event}, a.span(), fullWidth-laneLeft)
	c.Height = aboutHeight + vg.Length(rowsOf(labels))*eventRow
	c.paint = func(on draw.Canvas) { a.draw(on, labels) }
	c.Data = a.rows()
	return c
}

const aboutHeight = 190 * vg.Length(1)

func (a About) span() span { return Lane{Points: a.frame()}.span() }

func (a About) frame() []LanePoint {
	points := make([]LanePoint, len(a.Points))
	for i, p := range a.Points {
		points[i].Period = p.Period
	}
	return points
}

// most is the largest month of the lanes concerned; other groups may run out of
// the drawing at twice that.
func (a About) most() float64 {
	most := 0.0
	for _, p := range a.Points {
		if p.Concerned > most {
			most = p.Concerned
		}
	}
	return most
}

func (a About) top() float64 {
	top := math.Max(a.most(), 1)
	limit := 2 * top
	for _, p := range a.Points {
		for _, v := range []float64{p.Partners, p.Goods} {
			if v > top {
				top = math.Min(v, limit)
			}
		}
	}
	return top
}

func (a About) draw(on draw.Canvas, labels []eventLabel) {
	var keys []key
	for i := len(groups) - 1; i >= 0; i-- {
		if a.has(groups[i].of) {
			keys = append(keys, markerKey(groups[i].marker, groups[i].name))
		}
	}
	legend(on, keys)
	p := newPlot()
	in := a.span()
	p.X.Min, p.X.Max = in.low, in.high
	p.X.Tick.Marker = dateTicks{monthly: true, want: 13}
	p.Y.Min, p.Y.Max = 0, 1.06*a.top()
	p.Y.Tick.Marker = plot.TickerFunc(indexTicks)
	area := within(on, 0, 0, 0, legendHeight(keys, fullWidth)+18+vg.Length(rowsOf(labels))*eventRow)
	at := p.DataCanvas(area)
	x, y := p.Transforms(&at)
	first := float64(a.Points[0].Period.Index()) - 0.5
	base, event := x(first+float64(a.Base)), x(first+float64(a.Base+a.Before))
	box(at, caseFill, rectangle(base, at.Min.Y, event, at.Max.Y))
	p.Add(rules(true, false))
	p.Draw(area)
	drawEvents(at, labels)
	line(at, axisInk, 0.8, at.Min.X, y(1), at.Max.X, y(1))
	letters{size: smallSize, colour: muted}.draw(on, on.Min.X, at.Max.Y+8, "base = 1")
	for _, g := range groups {
		a.drawGroup(at, p, g.marker, g.of)
	}
	onPaper(at, base-labelSpace, "before: "+a.MeanBefore.text())
	onPaper(at, at.Max.X-labelSpace, "after: "+a.MeanAfter.text())
	dashed(at, caseColour, 1, base, y(a.MeanBefore.Value), event, y(a.MeanBefore.Value))
	dashed(at, caseColour, 1, event, y(a.MeanAfter.Value), at.Max.X, y(a.MeanAfter.Value))
	a.tell(at, in)
}

// onPaper sets a text at the top of a drawing, ending at x, over what runs there.
func onPaper(c draw.Canvas, x vg.Length, text string) {
	l := letters{size: smallSize, bold: true, colour: caseColour, side: toLeft, middle: true}
	y := c.Max.Y - smallSize
	box(c, paper, rectangle(x-l.width(text)-2, y-smallSize*0.7, x+2, y+smallSize*0.7))
	l.draw(c, x, y, text)
}

func (a About) has(of func(AboutPoint) float64) bool {
	for _, p := range a.Points {
		if !math.IsNaN(of(p)) {
			return true
		}
	}
	return false
}

func (a About) drawGroup(c draw.Canvas, p *plot.Plot, m marker, of func(AboutPoint) float64) {
	x, y := p.Transforms(&c)
	points := make([]vg.Point, len(a.Points))
	for i, q := range a.Points {
		points[i] = vg.Point{X: x(float64(q.Period.Index())), Y: y(of(q))}
	}
	polyline(c, m.colour, lineWidth, points)
	for _, at := range points {
		if !math.IsNaN(float64(at.Y)) && c.Contains(at) {
			m.draw(c, at.X, at.Y, dotRadius)
		}
	}
}

// indexTicks mark ratios with round numbers.
func indexTicks(low, high float64) []plot.Tick {
	step := roundStep(high-low, 5)
	var ticks []plot.Tick
	for i := math.Ceil(low/step - 1e-9); i*step <= high*(1+1e-9); i++ {
		ticks = append(ticks, plot.Tick{Value: i * step, Label: tickText(i*step, decimalsOf(step))})
	}
	return ticks
}

func (a About) tell(c draw.Canvas, in span) {
	half := 0.5 / (in.high - in.low)
	for _, p := range a.Points {
		text := wording.Month(p.Period)
		for i := len(groups) - 1; i >= 0; i-- {
			if v := groups[i].of(p); !math.IsNaN(v) {
				text += "\n" + groups[i].name + ": " + wording.Number(v)
			}
		}
		at := in.share(p.Period, false)
		hover(c, rectangle(c.X(at-half), c.Min.Y, c.X(at+half), c.Max.Y), text)
	}
}

func (a About) rows() [][]string {
	rows := [][]string{{"period", "lanes_concerned", "other_partners", "other_goods"}}
	for _, p := range a.Points {
		rows = append(rows, []string{p.Period.String(), cell(p.Concerned), cell(p.Partners), cell(p.Goods)})
	}
	return rows
}
