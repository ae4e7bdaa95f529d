package chart

import (
	"math"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"counterflow/data"
	"counterflow/reports/wording"
)

// Lane is the two-sided chart of one lane: what the exporter declares and what
// the importer declares over time, with the band in which the importer's figure
// would lie if the lane behaved as it usually does.
type Lane struct {
	Name, Title, Subtitle string
	Exporter, Importer    string // short, as they stand at the ends of the lines
	Totals                bool   // sums over many lanes, whose sides have no names
	Money                 bool   // amounts in US dollars, otherwise kilograms
	Points                []LanePoint
	Windows               []Window
	Events                []Event
	Caption               string
	Height                vg.Length // of the drawing without events, the usual one where zero
}

// LanePoint is one period of a lane. NaN is "not stated"; zero is "declared
// nothing, though it reported".
type LanePoint struct {
	Period                         data.Period
	Exported, Imported             float64
	Low, High                      float64 // the admissible band, NaN where untested
	Middle                         float64 // of the band, where it is worth a line; else 0 or NaN
	ExporterSilent, ImporterSilent bool
}

// Window is the time of a case.
type Window struct{ Start, End data.Period }

// Event is a date worth a line. It is a date only, never a cause.
type Event struct {
	At   data.Period
	Text string
}

// laneHeight is the usual height of the drawing without events.
const laneHeight = 205 * vg.Length(1)

// Chart lays the lane out. It is absent where neither side stated an amount.
func (l Lane) Chart() Chart {
	c := Chart{Name: l.Name, Title: l.Title, Subtitle: l.Subtitle, Caption: l.Caption, Width: fullWidth}
	if _, top := l.amounts(); top == 0 {
		c.Absent = "Neither side stated an amount on this lane, so there is nothing to draw."
		return c
	}
	if l.steep() {
		c.Caption += " On the logarithmic scale, a declaration of nothing lies on the base line."
	}
	labels := placeEvents(l.Events, l.span(), fullWidth-laneLeft-laneRight)
	c.Height = l.height() + vg.Length(rowsOf(labels))*eventRow
	c.paint = func(on draw.Canvas) { l.draw(on, labels) }
	c.Data = l.rows()
	return c
}

const (
	laneLeft  = 26 * vg.Length(1)
	laneRight = 66 * vg.Length(1) // for the names at the ends of the lines
)

func (l Lane) height() vg.Length {
	if l.Height > 0 {
		return l.Height
	}
	return laneHeight
}

// span is the range of the time axis, half a period beyond both ends.
func (l Lane) span() (s span) {
	first, last := l.Points[0].Period.Index(), l.Points[len(l.Points)-1].Period.Index()
	return span{low: float64(first) - 0.5, high: float64(last) + 0.5, monthly: l.Points[0].Period.Monthly()}
}

// span is a range of period indices.
type span struct {
	low, high float64
	monthly   bool
}

// share is where a period of either kind lies in the span, 0 to 1 inside.
func (s span) share(p data.Period, end bool) float64 {
	at := float64(p.Index())
	switch {
	case s.monthly && !p.Monthly() && end:
		at = float64(p.End().Index())
	case s.monthly && !p.Monthly():
		at = float64(p.Start().Index())
	case !s.monthly && p.Monthly():
		at = float64(p.Year()-indexYear) + (float64(p.Month())-0.5)/12 - 0.5
	}
	return (at - s.low) / (s.high - s.low)
}

// amounts gives the smallest positive and the largest declared amount.
func (l Lane) amounts() (smallest, largest float64) {
	smallest = math.Inf(1)
	for _, p := range l.Points {
		for _, v := range []float64{p.Exported, p.Imported} {
			if v > 0 {
				smallest, largest = math.Min(smallest, v), math.Max(largest, v)
			}
		}
	}
	return smallest, largest
}

func (l Lane) scaleOf(amount float64) wording.Scale {
	if l.Money {
		return wording.MoneyScale(amount)
	}
	return wording.MassScale(amount)
}

// steepFrom is how many times the middle amount the largest may be on a linear
// axis.
const steepFrom = 30

// steep says whether one amount would press all others to the ground.
func (l Lane) steep() bool {
	_, top := l.amounts()
	return top > steepFrom*l.middle()
}

// axes sets the time axis and the amount axis. The latter is linear from zero
// and reaches for the band, but not beyond half as much again as was declared;
// it is logarithmic where one amount would press all others to the ground.
func (l Lane) axes() (p *plot.Plot, unit string) {
	p = newPlot()
	s := l.span()
	p.X.Min, p.X.Max = s.low, s.high
	p.X.Tick.Marker = dateTicks{monthly: s.monthly, want: 13}
	if l.silent() {
		p.X.Padding = silenceRoom
	}
	smallest, top := l.amounts()
	reach := top
	for _, q := range l.Points {
		if q.High > reach {
			reach = math.Min(q.High, 1.5*top)
		}
	}
	if l.steep() {
		p.Y.Scale, p.Y.Min, p.Y.Max = logScale{}, smallest/1.5, 1.3*top
		p.Y.Tick.Marker = decadeTicks{write: l.write(), room: l.height() - 60, label: 18}
		return p, "logarithmic scale"
	}
	scale := l.scaleOf(top)
	p.Y.Min, p.Y.Max = 0, 1.06*reach
	p.Y.Tick.Marker = amountTicks{scale: scale, want: 5}
	return p, scale.Name
}

// middle is the median of the positive amounts.
func (l Lane) middle() float64 {
	var positive []float64
	for _, p := range l.Points {
		for _, v := range []float64{p.Exported, p.Imported} {
			if v > 0 {
				positive = append(positive, v)
			}
		}
	}
	slices.Sort(positive)
	return positive[len(positive)/2]
}

func (l Lane) write() func(float64) string {
	if l.Money {
		return wording.Money
	}
	return wording.Mass
}

// silent says whether some side published nothing in some period.
func (l Lane) silent() bool {
	return slices.ContainsFunc(l.Points, func(p LanePoint) bool { return p.ExporterSilent || p.ImporterSilent })
}

func (l Lane) draw(on draw.Canvas, labels []eventLabel) {
	keys := l.keys()
	top := legendHeight(keys, fullWidth)
	legend(on, keys)
	p, unit := l.axes()
	area := within(on, 0, laneRight, 0, top+18+vg.Length(rowsOf(labels))*eventRow)
	data := p.DataCanvas(area)
	l.drawWindows(data)
	p.Add(rules(true, false))
	p.Draw(area)
	l.drawBand(data, p)
	drawEvents(data, labels)
	name := letters{size: smallSize, colour: muted}
	box(on, paper, rectangle(on.Min.X, data.Max.Y+6, on.Min.X+name.width(unit)+2, data.Max.Y+8+smallSize))
	name.draw(on, on.Min.X, data.Max.Y+8, unit)
	l.drawSilence(data)
	l.drawSides(data, p)
	l.drawEnds(data, p)
	l.tell(data)
}

// tell says the values of every period to whoever points at it.
func (l Lane) tell(c draw.Canvas) {
	s := l.span()
	half := 0.5 / (s.high - s.low)
	write := l.write()
	for _, p := range l.Points {
		exporter, importer := l.ends("exports", "imports")
		text := wording.Month(p.Period) + "\n" + exporter + ": " + said(p.Exported, p.ExporterSilent, write) +
			"\n" + importer + ": " + said(p.Imported, p.ImporterSilent, write)
		if p.High >= p.Low {
			text += "\nto be expected: " + write(p.Low) + " to " + write(p.High)
		}
		at := s.share(p.Period, false)
		hover(c, rectangle(c.X(at-half), c.Min.Y, c.X(at+half), c.Max.Y), text)
	}
}

// ends puts the names of the sides before what is said of them.
func (l Lane) ends(ofExporter, ofImporter string) (exporter, importer string) {
	if l.Totals {
		return ofExporter, ofImporter
	}
	return l.Exporter + " " + ofExporter, l.Importer + " " + ofImporter
}

// said writes a declaration that may be missing.
func said(amount float64, silent bool, write func(float64) string) string {
	switch {
	case silent:
		return "published nothing"
	case amount == 0:
		return "declared nothing"
	case math.IsNaN(amount):
		return "not stated"
	}
	return write(amount)
}

func (l Lane) keys() []key {
	exporter, importer := l.ends("declares as exported", "declares as imported")
	if l.Totals {
		exporter, importer = "all exporters declare", "all importers declare"
	}
	keys := []key{markerKey(exporterMarker, exporter), markerKey(importerMarker, importer)}
	if slices.ContainsFunc(l.Points, func(p LanePoint) bool { return p.High > 0 }) {
		keys = append(keys, patchKey("what the lane lets expect", func(c draw.Canvas, r vg.Rectangle) { box(c, bandFill, r) }))
	}
	if len(l.Windows) > 0 {
		keys = append(keys, patchKey("case", func(c draw.Canvas, r vg.Rectangle) {
			box(c, caseFill, r)
			frame(c, caseColour, hairline, r)
		}))
	}
	if l.silent() {
		keys = append(keys, patchKey("published nothing", hatch))
	}
	return keys
}
