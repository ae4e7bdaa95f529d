package chart

import (
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"counterflow/reports/wording"
)

// Pairs is the chart of paired declarations: one row for each corridor and
// period, with the exporter's amount, the importer's amount and the band in
// which the latter was to be expected, on one logarithmic axis. It stands in
// for Lane where there are too few periods for lines.
type Pairs struct {
	Name, Title, Subtitle, Caption string
	Money                          bool
	Rows                           []PairRow
}

// PairRow is one corridor in one period. NaN is "not stated"; zero is "declared
// nothing, though it reported".
type PairRow struct {
	Label              string // the lane
	Detail             string // goods and time
	Exported, Imported float64
	Low, High          float64
	Note               string // instead of the ratio, such as who was silent
}

const (
	rowHeight   = 23 * vg.Length(1)
	rowLabels   = 150 * vg.Length(1)
	noneGutter  = 40 * vg.Length(1) // where "declared nothing" stands
	ratioColumn = 62 * vg.Length(1)
	axisRoom    = 24 * vg.Length(1)
	amountRoom  = 36 * vg.Length(1) // for an amount below an axis, with some air
)

// Chart lays the rows out from the top. It is absent without rows.
func (d Pairs) Chart() Chart {
	c := Chart{Name: d.Name, Title: d.Title, Subtitle: d.Subtitle, Caption: d.Caption, Width: fullWidth}
	if len(d.Rows) == 0 {
		c.Absent = "No case rests on a pair of declarations, so there is nothing to draw."
		return c
	}
	c.Height = legendHeight(d.keys(), fullWidth) + 12 + vg.Length(len(d.Rows))*rowHeight + axisRoom
	c.paint, c.Data = d.draw, d.rows()
	return c
}

func (d Pairs) keys() []key {
	return []key{
		markerKey(exporterMarker, "exporter's declaration"),
		markerKey(importerMarker, "importer's declaration"),
		patchKey("what the lane lets expect of the importer", func(c draw.Canvas, r vg.Rectangle) { box(c, bandFill, r) }),
	}
}

func (d Pairs) draw(on draw.Canvas) {
	keys := d.keys()
	legend(on, keys)
	p, none := d.axis()
	area := within(on, fullWidth-ratioColumn-d.room(none), ratioColumn, 0, legendHeight(keys, fullWidth)+12)
	p.Add(rules(false, true))
	p.Draw(area)
	data := p.DataCanvas(area)
	head := letters{size: tinySize, colour: muted, side: toLeft}
	head.draw(on, on.Max.X, data.Max.Y+4, "importer/exporter")
	if none {
		head.side = centred
		head.draw(on, data.Min.X-noneGutter/2, data.Max.Y+4, "nothing")
	}
	for i, row := range d.Rows {
		y := namedRow(on, data, i, row.Label, row.Detail)
		row.draw(data, p, y)
		hoverRow(on, y, d.tell(row))
		ratio := letters{size: smallSize, colour: ink, side: toLeft, middle: true}
		if row.Note != "" {
			ratio.size, ratio.colour = tinySize, muted
			ratio.draw(on, on.Max.X, y, row.Note)
			continue
		}
		ratio.draw(on, on.Max.X, y, ratioWords(row.Imported, row.Exported))
	}
}

// tell says the values of a row.
func (d Pairs) tell(r PairRow) string {
	write := wording.Mass
	if d.Money {
		write = wording.Money
	}
	text := r.Label + "\n" + r.Detail + "\nexported: " + said(r.Exported, false, write) + "\nimported: " + said(r.Imported, false, write)
	if r.High >= r.Low {
		text += "\nto be expected: " + write(r.Low) + " to " + write(r.High)
	}
	return text
}

// room is the length of the axis.
func (d Pairs) room(none bool) vg.Length {
	if none {
		return fullWidth - rowLabels - ratioColumn - noneGutter
	}
	return fullWidth - rowLabels - ratioColumn
}

// axis spans all stated amounts; none says whether some side declared nothing.
func (d Pairs) axis() (p *plot.Plot, none bool) {
	low, high := math.Inf(1), 0.0
	for _, row := range d.Rows {
		for _, v := range []float64{row.Exported, row.Imported} {
			none = none || v == 0
			if v > 0 {
				low, high = math.Min(low, v), math.Max(high, v)
			}
		}
	}
	return logAxis(low, high, d.Money, d.room(none)), none
}

// logAxis is a plot with a logarithmic axis below and no axis at the side.
func logAxis(low, high float64, money bool, room vg.Length) *plot.Plot {
	p := newPlot()
	p.HideY()
	if !(low <= high) || math.IsInf(low, 0) {
		low, high = 1, 10
	}
	low, high = low/1.4, high*1.4
	if high/low < 12 {
		middle := math.Sqrt(low * high)
		low, high = middle/3.5, middle*3.5
	}
	write := wording.Mass
	if money {
		write = wording.Money
	}
	p.X.Scale, p.X.Min, p.X.Max = logScale{}, low, high
	p.X.Tick.Marker = decadeTicks{write: write, room: room, label: amountRoom}
	p.Y.Min, p.Y.Max = 0, 1
	return p
}

// draw draws one row: the band as a bar, a line between the two amounts, and a
// mark for each. "Nothing" has a place of its own left of the axis.
func (r PairRow) draw(c draw.Canvas, p *plot.Plot, y vg.Length) {
	x, _ := p.Transforms(&c)
	place := func(v float64) vg.Length {
		if v == 0 {
			return c.Min.X - noneGutter/2
		}
		return min(x(v), c.Max.X)
	}
	if r.High >= r.Low && r.High > p.X.Min && r.Low < p.X.Max {
		box(c, bandFill, rectangle(x(r.Low), y-5, min(x(r.High), c.Max.X), y+5))
	}
	exported, imported := !math.IsNaN(r.Exported), !math.IsNaN(r.Imported)
	if exported && imported {
		line(c, axisInk, 1, place(r.Exported), y, place(r.Imported), y)
	}
	if imported {
		importerMarker.draw(c, place(r.Imported), y, 2.8)
	}
	if exported {
		exporterMarker.draw(c, place(r.Exported), y, 2.8)
	}
}

// ratioWords writes how many times the exporter's amount the importer's is.
func ratioWords(imported, exported float64) string {
	ratio := imported / exported
	switch {
	case !(ratio > 0) || math.IsInf(ratio, 0):
		return wording.Missing
	case ratio < 0.995:
		return "÷" + wording.Number(1/ratio)
	}
	return "×" + wording.Number(ratio)
}

// namedRow rules off and names one row of a strip, and gives its middle.
func namedRow(on, data draw.Canvas, i int, label, detail string) vg.Length {
	y := rowMiddle(data, i)
	rowRule(on, i, y)
	rowLabel(on, y, label, detail, rowLabels-2*labelSpace)
	return y
}

// hoverRow tells of a row over its whole width.
func hoverRow(on draw.Canvas, y vg.Length, told string) {
	hover(on, rectangle(on.Min.X, y-rowHeight/2, on.Max.X, y+rowHeight/2), told)
}

// rowRule separates a row from the one above it.
func rowRule(c draw.Canvas, i int, y vg.Length) {
	if i > 0 {
		line(c, gridInk, hairline, c.Min.X, y+rowHeight/2, c.Max.X, y+rowHeight/2)
	}
}

// rowLabel sets the two lines that name a row.
func rowLabel(c draw.Canvas, y vg.Length, label, detail string, width vg.Length) {
	first := letters{size: textSize, colour: ink}
	second := letters{size: tinySize, colour: muted}
	first.draw(c, c.Min.X, y+1.5, first.fit(label, width))
	second.draw(c, c.Min.X, y-7, second.fit(detail, width))
}
