package chart

import (
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"counterflow/reports/wording"
)

// Bridge leads from a whole by its parts to what is left: the whole and the rest
// stand on the base line, and each part begins where the one before it ended.
type Bridge struct {
	Name, Title, Subtitle, Caption string
	Absent                         string // why there is nothing to draw
	Steps                          []BridgeStep
}

// BridgeStep is the whole, a part that is taken off, or the rest.
type BridgeStep struct {
	Label, Detail string
	Kg            float64 // of a part: what it takes off, negative where it adds
	Whole         bool    // stands on the base line: the first step and the rest
}

// Chart lays the steps out from the top.
func (b Bridge) Chart() Chart {
	c := Chart{Name: b.Name, Title: b.Title, Subtitle: b.Subtitle, Caption: b.Caption, Width: fullWidth}
	if len(b.Steps) == 0 {
		c.Absent = b.Absent
		return c
	}
	c.Height = vg.Length(len(b.Steps))*rowHeight + axisRoom
	c.paint, c.Data = b.draw, b.rows()
	return c
}

func (b Bridge) rows() [][]string {
	rows := [][]string{{"step", "detail", "kg", "whole"}}
	for _, s := range b.Steps {
		whole := "false"
		if s.Whole {
			whole = "true"
		}
		rows = append(rows, []string{s.Label, s.Detail, cell(s.Kg), whole})
	}
	return rows
}

// bars are where each step begins and ends.
func (b Bridge) bars() (from, to []float64) {
	level := 0.0
	for _, s := range b.Steps {
		if s.Whole {
			from, to, level = append(from, 0), append(to, s.Kg), s.Kg
			continue
		}
		from, to = append(from, level), append(to, level-s.Kg)
		level -= s.Kg
	}
	return from, to
}

func (b Bridge) draw(on draw.Canvas) {
	from, to := b.bars()
	p := b.axis(from, to)
	area := within(on, rowLabels, amountColumn, 0, 0)
	p.Add(rules(false, true))
	p.Draw(area)
	data := p.DataCanvas(area)
	x, _ := p.Transforms(&data)
	line(on, axisInk, hairline, x(0), data.Min.Y, x(0), data.Max.Y)
	amount := letters{size: smallSize, colour: ink, side: toLeft, middle: true}
	for i, s := range b.Steps {
		y := rowMiddle(data, i)
		rowRule(on, i, y)
		rowLabel(on, y, s.Label, s.Detail, rowLabels-2*labelSpace)
		left, right := min(x(from[i]), x(to[i])), max(x(from[i]), x(to[i]))
		fill := partFill
		if s.Whole {
			fill = axisInk
		}
		if s.Whole && i > 0 {
			fill = caseColour // the rest is what the cases are about
		}
		box(on, fill, rectangle(left, y-6, max(right, left+0.7), y+6))
		if i+1 < len(b.Steps) {
			line(on, muted, hairline, x(to[i]), y-6, x(to[i]), y-rowHeight+6)
		}
		amount.bold = s.Whole
		amount.draw(on, on.Max.X, y, signedMass(s))
		hoverRow(on, y, s.Label+"\n"+s.Detail+"\n"+signedMass(s))
	}
}

// amountColumn is the room for amounts at the right edge.
const amountColumn = 62 * vg.Length(1)

// signedMass writes what a step does to the level: parts are taken off.
func signedMass(s BridgeStep) string {
	switch {
	case s.Whole || s.Kg == 0:
		return wording.Mass(s.Kg)
	case s.Kg > 0:
		return "−" + wording.Mass(s.Kg)
	}
	return "+" + wording.Mass(-s.Kg)
}

func (b Bridge) axis(from, to []float64) *plot.Plot {
	low, high := 0.0, 0.0
	for i := range from {
		low, high = math.Min(low, math.Min(from[i], to[i])), math.Max(high, math.Max(from[i], to[i]))
	}
	return bridgePlot(low, high)
}

// bridgePlot is the plot of a bridge between the least and the largest level, in kg.
func bridgePlot(low, high float64) *plot.Plot {
	if low == high {
		high = 1
	}
	p := newPlot()
	p.HideY()
	p.Y.Min, p.Y.Max = 0, 1
	p.X.Min, p.X.Max = low, high+0.02*(high-low)
	room := fullWidth - rowLabels - amountColumn
	p.X.Tick.Marker = amountTicks{scale: wording.MassScale(math.Max(high, -low)), want: int(room / amountRoom), withUnit: true}
	return p
}
