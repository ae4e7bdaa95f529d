package chart

import (
	"image/color"
	"math"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"counterflow/data"
)

// drawWindows shades the time of the cases and rules it off.
func (l Lane) drawWindows(c draw.Canvas) {
	s := l.span()
	half := 0.5 / (s.high - s.low)
	for _, w := range l.Windows {
		if !s.monthly {
			w.Start, w.End = yearOf(w.Start), yearOf(w.End)
		}
		from := c.X(math.Max(0, s.share(w.Start, false)-half))
		to := c.X(math.Min(1, s.share(w.End, true)+half))
		if to <= from {
			continue
		}
		box(c, caseFill, rectangle(from, c.Min.Y, to, c.Max.Y))
		line(c, caseColour, hairline, from, c.Min.Y, from, c.Max.Y)
		line(c, caseColour, hairline, to, c.Min.Y, to, c.Max.Y)
		line(c, caseColour, 1.5, from, c.Max.Y, to, c.Max.Y)
	}
}

func yearOf(p data.Period) data.Period {
	year, err := data.Year(p.Year())
	if err != nil {
		return p // no period at all stays none
	}
	return year
}

// drawBand fills the admissible band, one polygon for each run of periods; a
// period on its own gets a bar.
func (l Lane) drawBand(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	halfPeriod := (c.Max.X - c.Min.X) / vg.Length(p.X.Max-p.X.Min) / 2
	var low, high []vg.Point
	flush := func() {
		if len(high) == 1 {
			h, w := high[0], min(halfPeriod, 6)
			low = []vg.Point{{X: h.X - w, Y: low[0].Y}, {X: h.X + w, Y: low[0].Y}}
			high = []vg.Point{{X: h.X - w, Y: h.Y}, {X: h.X + w, Y: h.Y}}
		}
		for i := len(low) - 1; i >= 0; i-- {
			high = append(high, low[i])
		}
		if len(high) > 0 {
			c.FillPolygon(bandFill, c.ClipPolygonXY(high))
		}
		low, high = nil, nil
	}
	for i, q := range l.Points {
		known := q.High >= q.Low && !math.IsInf(q.High, 0)
		if !known || i > 0 && q.Period.Index() != l.Points[i-1].Period.Index()+1 {
			flush()
		}
		if known {
			at := x(float64(q.Period.Index()))
			low = append(low, vg.Point{X: at, Y: y(q.Low)})
			high = append(high, vg.Point{X: at, Y: y(q.High)})
		}
	}
	flush()
	l.drawMiddle(c, p)
}

// drawMiddle draws the middle of the band, which stays to be seen where the band
// is narrow.
func (l Lane) drawMiddle(c draw.Canvas, p *plot.Plot) {
	if !slices.ContainsFunc(l.Points, func(q LanePoint) bool { return q.Middle > 0 }) {
		return
	}
	polyline(c, bandInk, 1, l.side(c, p, func(q LanePoint) float64 { return q.Middle }))
}

// silenceRoom lies between the data and the time axis where a side was silent.
const silenceRoom = 13 * vg.Length(1)

// drawSilence hatches a strip above the time axis where a side published
// nothing at all; the exporter's strip lies above the importer's.
func (l Lane) drawSilence(c draw.Canvas) {
	s := l.span()
	half := 0.5 / (s.high - s.low)
	const height = 5
	for _, p := range l.Points {
		at := s.share(p.Period, false)
		x0, x1 := c.X(at-half), c.X(at+half)
		for _, strip := range []struct {
			silent bool
			colour color.Color
			top    vg.Length
		}{{p.ExporterSilent, exporterColour, c.Min.Y - 1.5}, {p.ImporterSilent, importerColour, c.Min.Y - 1.5 - height - 0.5}} {
			if strip.silent {
				hatch(c, rectangle(x0, strip.top-height, x1, strip.top))
				line(c, strip.colour, 1, x0, strip.top-0.5, x1, strip.top-0.5)
			}
		}
	}
}
