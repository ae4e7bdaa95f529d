package chart

import (
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"counterflow/data"
	"counterflow/reports/wording"
)

// Stock is what the account of a commodity adds up to over time, with its
// interval, beside what so many months of use amount to.
type Stock struct {
	Name, Title, Subtitle, Caption string
	Absent                         string // why there is nothing to draw
	Points                         []StockPoint
	MonthlyUse                     float64 // kilograms of use a month, by which months of cover are marked; NaN where unknown
	Bench                          []BenchLine
	Windows                        []Window
	Events                         []Event
	Height                         vg.Length // of the drawing without events, the usual one where zero
}

// StockPoint is one period. NaN is unknown.
type StockPoint struct {
	Period        data.Period
	Kg, Low, High float64
}

// BenchLine is a stock that somebody aims at.
type BenchLine struct {
	Label  string
	Months float64 // of use
}

// stockRight is the room for the labels of bench lines.
const stockRight = 104 * vg.Length(1)

// Chart lays the account out. It is absent where no period is known.
func (s Stock) Chart() Chart {
	c := Chart{Name: s.Name, Title: s.Title, Subtitle: s.Subtitle, Caption: s.Caption, Width: fullWidth}
	if low, high := s.reach(); !(high > low) {
		c.Absent = s.Absent
		return c
	}
	labels := placeEvents(s.Events, s.lane().span(), fullWidth-laneLeft-stockRight)
	c.Height = s.height() + vg.Length(rowsOf(labels))*eventRow
	c.paint = func(on draw.Canvas) { s.draw(on, labels) }
	c.Data = s.rows()
	return c
}

func (s Stock) height() vg.Length {
	if s.Height > 0 {
		return s.Height
	}
	return laneHeight
}

// lane is the frame of months and the band, which a stock shares with a lane.
func (s Stock) lane() Lane {
	l := Lane{Windows: s.Windows}
	for _, p := range s.Points {
		l.Points = append(l.Points, LanePoint{Period: p.Period, Exported: math.NaN(), Imported: math.NaN(), Low: p.Low, High: p.High})
	}
	return l
}

// bandReach is how far the axis follows the interval beyond the estimate, as a
// share of what the estimate spans.
const bandReach = 0.5

// reach is the amounts that the axis holds: the estimate, zero, the interval as
// far as bandReach allows, and the bench lines that lie near.
func (s Stock) reach() (low, high float64) {
	for _, p := range s.Points {
		if !math.IsNaN(p.Kg) {
			low, high = math.Min(low, p.Kg), math.Max(high, p.Kg)
		}
	}
	room := bandReach * (high - low)
	least, most := low-room, high+room
	for _, p := range s.Points {
		if p.High >= p.Low {
			low, high = math.Min(low, math.Max(p.Low, least)), math.Max(high, math.Min(p.High, most))
		}
	}
	for _, b := range s.Bench {
		if kg := b.Months * s.MonthlyUse; kg <= most {
			high = math.Max(high, kg)
		}
	}
	return low, high
}

func (s Stock) draw(on draw.Canvas, labels []eventLabel) {
	keys := s.keys()
	legend(on, keys)
	low, high := s.reach()
	p := newPlot()
	span := s.lane().span()
	p.X.Min, p.X.Max = span.low, span.high
	p.X.Tick.Marker = dateTicks{monthly: span.monthly, want: 11}
	p.Y.Min, p.Y.Max = low, low+1.06*(high-low)
	scale := wording.MassScale(math.Max(high, -low))
	p.Y.Tick.Marker = amountTicks{scale: scale, want: 5}
	area := within(on, 0, stockRight, 0, legendHeight(keys, fullWidth)+18+vg.Length(rowsOf(labels))*eventRow)
	at := p.DataCanvas(area)
	frame := s.lane()
	frame.drawWindows(at)
	p.Add(rules(true, false))
	p.Draw(area)
	frame.drawBand(at, p)
	drawEvents(at, labels)
	x, y := p.Transforms(&at)
	line(at, axisInk, 0.8, at.Min.X, y(0), at.Max.X, y(0))
	letters{size: smallSize, colour: muted}.draw(on, on.Min.X, at.Max.Y+8, scale.Name)
	s.drawBench(at, p)
	points := make([]vg.Point, len(s.Points))
	for i, q := range s.Points {
		points[i] = vg.Point{X: x(float64(q.Period.Index())), Y: y(q.Kg)}
	}
	polyline(at, caseColour, lineWidth, points)
	s.tell(at, span)
}

func (s Stock) keys() []key {
	keys := []key{
		{text: "cumulated stock", swatch: func(c draw.Canvas, r vg.Rectangle) {
			y := (r.Min.Y + r.Max.Y) / 2
			line(c, caseColour, lineWidth, r.Min.X, y, r.Max.X, y)
		}},
		patchKey("90% interval", func(c draw.Canvas, r vg.Rectangle) { box(c, bandFill, r) }),
	}
	if len(s.Windows) > 0 {
		keys = append(keys, patchKey("case", func(c draw.Canvas, r vg.Rectangle) {
			box(c, caseFill, r)
			frame(c, caseColour, hairline, r)
		}))
	}
	if len(s.Bench) > 0 {
		keys = append(keys, key{text: "months of use that economies aim at", swatch: func(c draw.Canvas, r vg.Rectangle) {
			y := (r.Min.Y + r.Max.Y) / 2
			dashed(c, ink, 0.8, r.Min.X, y, r.Max.X, y)
		}})
	}
	return keys
}

// drawBench draws the bench lines that lie on the axis, from below, and their
// labels beside it, apart from each other.
func (s Stock) drawBench(c draw.Canvas, p *plot.Plot) {
	_, y := p.Transforms(&c)
	label := letters{size: tinySize, colour: eventInk, middle: true}
	lowest := c.Min.Y
	for _, b := range s.Bench {
		kg := b.Months * s.MonthlyUse
		if !(kg <= p.Y.Max) {
			continue
		}
		dashed(c, ink, 0.8, c.Min.X, y(kg), c.Max.X, y(kg))
		beside := max(y(kg), lowest)
		line(c, eventInk, hairline, c.Max.X, y(kg), c.Max.X+labelSpace, beside)
		label.draw(c, c.Max.X+1.5*labelSpace, beside, label.fit(monthsText(b.Months)+" "+b.Label, stockRight-2*labelSpace))
		lowest = beside + tinySize + 1
	}
}

func monthsText(months float64) string { return wording.Number(math.Round(10*months)/10) + " months:" }

// tell says the values of every period to whoever points at it.
func (s Stock) tell(c draw.Canvas, in span) {
	half := 0.5 / (in.high - in.low)
	for _, p := range s.Points {
		if math.IsNaN(p.Kg) {
			continue
		}
		text := wording.Month(p.Period) + "\n" + wording.Mass(p.Kg) + ", 90% interval " + wording.MassInterval(p.Low, p.High)
		if s.MonthlyUse > 0 {
			text += "\n" + wording.Number(p.Kg/s.MonthlyUse) + " months of use"
		}
		at := in.share(p.Period, false)
		hover(c, rectangle(c.X(at-half), c.Min.Y, c.X(at+half), c.Max.Y), text)
	}
}

func (s Stock) rows() [][]string {
	rows := [][]string{{"period", "cumulated_kg", "low_kg", "high_kg", "months_of_use"}}
	for _, p := range s.Points {
		rows = append(rows, []string{p.Period.String(), cell(p.Kg), cell(p.Low), cell(p.High), cell(p.Kg / s.MonthlyUse)})
	}
	return rows
}
