package chart

import (
	"math"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"counterflow/reports/wording"
)

// LaneBridge leads from what each side of a lane declared to the one reconciled
// figure: the declared sum and the reconciled one stand on the base line, and each
// step begins where the one before it ended.
type LaneBridge struct {
	Name, Title, Subtitle, Caption string
	Steps                          []LaneBridgeStep // the exporter's, then the importer's, each beginning with what it declared
}

// LaneBridgeStep is what a step adds to the sum of a side.
type LaneBridgeStep struct {
	Side  string // exporter or importer
	Label string
	Kg    float64
}

// laneBridgeRow is one bar.
type laneBridgeRow struct {
	label, detail string
	from, to      float64
	whole         bool
	exporter      bool
}

// Chart lays the steps out from the top. It is absent without steps.
func (b LaneBridge) Chart() Chart {
	c := Chart{Name: b.Name, Title: b.Title, Subtitle: b.Subtitle, Caption: b.Caption, Width: fullWidth}
	rows := b.bars()
	if len(rows) == 0 {
		c.Absent = "Neither side of this lane declared a weight."
		return c
	}
	c.Height = vg.Length(len(rows))*rowHeight + axisRoom
	c.paint, c.Data = b.draw, b.rows()
	return c
}

// bars leave out steps that add nothing, and end each side with the reconciled
// sum.
func (b LaneBridge) bars() (rows []laneBridgeRow) {
	most := 0.0
	for _, s := range b.Steps {
		most = math.Max(most, math.Abs(s.Kg))
	}
	level := 0.0
	for i, s := range b.Steps {
		first := i == 0 || b.Steps[i-1].Side != s.Side
		exporter := s.Side == "exporter"
		switch {
		case first:
			level = s.Kg
			rows = append(rows, laneBridgeRow{label: "declared by the " + s.Side, to: level, whole: true, exporter: exporter})
		case math.Abs(s.Kg) > 1e-6*most:
			rows = append(rows, laneBridgeRow{label: s.Label, from: level, to: level + s.Kg, exporter: exporter})
			level += s.Kg
		default:
			level += s.Kg
		}
		if i+1 == len(b.Steps) || b.Steps[i+1].Side != s.Side {
			rows = append(rows, laneBridgeRow{label: "reconciled", detail: "from the " + s.Side + "'s side", to: level, whole: true, exporter: exporter})
		}
	}
	return rows
}

func (b LaneBridge) draw(on draw.Canvas) {
	rows := b.bars()
	low, high := 0.0, 0.0
	for _, r := range rows {
		low, high = math.Min(low, math.Min(r.from, r.to)), math.Max(high, math.Max(r.from, r.to))
	}
	p := bridgePlot(low, high)
	area := within(on, rowLabels, amountColumn, 0, 0)
	p.Add(rules(false, true))
	p.Draw(area)
	data := p.DataCanvas(area)
	x, _ := p.Transforms(&data)
	line(on, axisInk, hairline, x(0), data.Min.Y, x(0), data.Max.Y)
	for i, r := range rows {
		r.draw(on, x, rowMiddle(data, i), i, i+1 < len(rows) && !(r.whole && r.from == 0 && r.label == "reconciled"))
	}
}

// draw draws one row, with a line down to where the next one begins.
func (r laneBridgeRow) draw(on draw.Canvas, x func(float64) vg.Length, y vg.Length, i int, goesOn bool) {
	rowRule(on, i, y)
	rowLabel(on, y, r.label, r.detail, rowLabels-2*labelSpace)
	fill := partFill
	if r.whole {
		fill = axisInk
		if r.label != "reconciled" {
			fill = importerColour
			if r.exporter {
				fill = exporterColour
			}
		}
	}
	left, right := min(x(r.from), x(r.to)), max(x(r.from), x(r.to))
	box(on, fill, rectangle(left, y-6, max(right, left+0.7), y+6))
	if goesOn {
		line(on, muted, hairline, x(r.to), y-6, x(r.to), y-rowHeight+6)
	}
	letters{size: smallSize, colour: ink, side: toLeft, middle: true, bold: r.whole}.draw(on, on.Max.X, y, r.amount())
	hoverRow(on, y, r.label+"\n"+r.amount())
}

func (r laneBridgeRow) amount() string {
	added := r.to - r.from
	switch {
	case r.whole:
		return wording.Mass(added)
	case added < 0:
		return "−" + wording.Mass(-added)
	}
	return "+" + wording.Mass(added)
}

func (b LaneBridge) rows() [][]string {
	rows := [][]string{{"side", "step", "kg"}}
	for _, s := range b.Steps {
		rows = append(rows, []string{s.Side, s.Label, cell(s.Kg)})
	}
	return rows
}
