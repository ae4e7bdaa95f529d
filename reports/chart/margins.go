package chart

import (
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"counterflow/reports/wording"
)

// Margins is the chart of the margin between two borders against the distance,
// with the data behind it: medians of lanes by distance, the middle half of lanes
// about them, a sample of the lanes themselves, and the fitted curve.
type Margins struct {
	Name, Title, Subtitle, Caption string
	Lanes                          []MarginLane // the sample
	Bands                          []MarginBand // by distance, nearest first
	Curve                          []MarginAt   // NaN-free; empty where there is no fit
	CurveName                      string
}

// MarginLane is what one lane says: the median of ln(M/X), natural log.
type MarginLane struct{ Km, Log float64 }

// MarginBand is the lanes of one distance: their median and quartiles.
type MarginBand struct {
	From, To, Median, Lower, Upper float64
	Lanes                          int
}

// MarginAt is the fit at one distance, natural log.
type MarginAt struct{ Km, Log float64 }

const (
	marginsHeight = 250 * vg.Length(1)
	shortestWay   = 100.0 // km at which the axis begins
	longestWay    = 20_040.0
)

// Chart lays the figure out. It is absent where no lane says anything.
func (d Margins) Chart() Chart {
	c := Chart{Name: d.Name, Title: d.Title, Subtitle: d.Subtitle, Caption: d.Caption, Width: fullWidth}
	if len(d.Bands) == 0 {
		c.Absent = "No lane whose distance is known was declared by both sides, so no margin can be seen."
		return c
	}
	c.Height, c.paint, c.Data = marginsHeight, d.draw, d.rows()
	return c
}

func (d Margins) keys() []key {
	keys := []key{
		markerKey(marker{colour: axisInk}, "lanes, a sample"),
		patchKey("middle half of the lanes of a distance", func(c draw.Canvas, r vg.Rectangle) { box(c, bandFill, r) }),
		markerKey(importerMarker, "their median"),
	}
	if len(d.Curve) > 0 {
		keys = append(keys, patchKey(d.CurveName, func(c draw.Canvas, r vg.Rectangle) {
			line(c, caseColour, 1.4, r.Min.X, (r.Min.Y+r.Max.Y)/2, r.Max.X, (r.Min.Y+r.Max.Y)/2)
		}))
	}
	return keys
}

func (d Margins) draw(on draw.Canvas) {
	keys := d.keys()
	legend(on, keys)
	p := newPlot()
	p.X.Scale, p.X.Min, p.X.Max = plot.LogScale{}, shortestWay, longestWay
	p.X.Tick.Marker = plot.ConstantTicks{{Value: 100, Label: "100 km"}, {Value: 200, Label: "200"}, {Value: 500, Label: "500"}, {Value: 1000, Label: "1,000"},
		{Value: 2000, Label: "2,000"}, {Value: 5000, Label: "5,000"}, {Value: 10_000, Label: "10,000"}, {Value: 20_000, Label: "20,000 km"}}
	p.Y.Min, p.Y.Max = d.reach()
	p.Y.Tick.Marker = plot.TickerFunc(marginTicks)
	p.Add(rules(true, true))
	area := within(on, 0, 8, 0, legendHeight(keys, fullWidth)+12)
	p.Draw(area)
	data := p.DataCanvas(area)
	letters{size: smallSize, colour: muted}.draw(on, on.Min.X, data.Max.Y+6, "importer's unit value over the exporter's, less one")
	x, y := p.Transforms(&data)
	line(data, axisInk, hairline, data.Min.X, y(0), data.Max.X, y(0))
	at := func(km float64) vg.Length { return x(min(max(km, shortestWay), longestWay)) }
	inside := func(log float64) vg.Length { return y(min(max(log, p.Y.Min), p.Y.Max)) }
	for _, b := range d.Bands {
		box(data, bandFill, rectangle(at(b.From)+0.6, inside(b.Lower), at(b.To)-0.6, inside(b.Upper)))
	}
	for _, l := range d.Lanes {
		if l.Log > p.Y.Min && l.Log < p.Y.Max {
			marker{colour: axisInk}.draw(data, at(l.Km), y(l.Log), 0.7)
		}
	}
	for i := 1; i < len(d.Curve); i++ {
		a, b := d.Curve[i-1], d.Curve[i]
		line(data, caseColour, 1.4, at(a.Km), inside(a.Log), at(b.Km), inside(b.Log))
	}
	for _, b := range d.Bands {
		middle := (at(b.From) + at(b.To)) / 2
		importerMarker.draw(data, middle, inside(b.Median), 2.6)
		hover(on, rectangle(at(b.From), data.Min.Y, at(b.To), data.Max.Y), b.tell())
	}
}

// reach holds the quartiles and the curve, with air; single lanes may lie beyond.
func (d Margins) reach() (low, high float64) {
	low, high = -0.02, 0.1
	for _, b := range d.Bands {
		low, high = math.Min(low, b.Lower), math.Max(high, b.Upper)
	}
	for _, c := range d.Curve {
		low, high = math.Min(low, c.Log), math.Max(high, c.Log)
	}
	air := 0.15 * (high - low)
	return low - air, high + air
}

// marginTicks marks natural logs as the margins that they stand for.
func marginTicks(low, high float64) []plot.Tick {
	from, to := math.Expm1(low), math.Expm1(high)
	step := roundStep(to-from, 7)
	var ticks []plot.Tick
	for i := math.Ceil(from/step - 1e-9); i*step <= to; i++ {
		ticks = append(ticks, plot.Tick{Value: math.Log1p(i * step), Label: percentText(i * step)})
	}
	return ticks
}

// tell says the values of a band.
func (b MarginBand) tell() string {
	return wording.Count(int64(b.From)) + " to " + wording.Count(int64(b.To)) + " km\n" + wording.Plural(int64(b.Lanes), "lane", "lanes") +
		"\nmedian: " + percentText(math.Expm1(b.Median)) + "\nmiddle half: " + percentText(math.Expm1(b.Lower)) + " to " + percentText(math.Expm1(b.Upper))
}

func (d Margins) rows() [][]string {
	rows := [][]string{{"km_from", "km_to", "lanes", "median_log", "lower_quartile_log", "upper_quartile_log"}}
	for _, b := range d.Bands {
		rows = append(rows, []string{cell(b.From), cell(b.To), cell(float64(b.Lanes)), cell(b.Median), cell(b.Lower), cell(b.Upper)})
	}
	return rows
}
