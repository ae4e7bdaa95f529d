package chart

import (
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"counterflow/reports/wording"
)

// Ranking is the chart of ranked cases: the tonnage of each with its interval,
// and its value beside it.
type Ranking struct {
	Name, Title, Subtitle, Caption string
	Rows                           []RankRow
}

// RankRow is one case. Amounts are NaN where they were not given.
type RankRow struct {
	Label, Detail string
	Kg, Low, High float64
	USD           float64
	Note          string // at the right edge, such as q
}

const (
	massShare = 0.58               // of the room, where there are two panels
	panelGap  = 20 * vg.Length(1)  // between the two panels
	noteRoom  = 46 * vg.Length(1)  // for the notes at the right edge
	panelHead = 14 * vg.Length(1)  // above each panel
	wideRange = 20                 // largest over smallest amount from which an axis is logarithmic
	whisker   = 3.2 * vg.Length(1) // half the height of the end of an interval
)

// Chart lays the rows out from the top. It is absent without rows.
func (r Ranking) Chart() Chart {
	c := Chart{Name: r.Name, Title: r.Title, Subtitle: r.Subtitle, Caption: r.Caption, Width: fullWidth}
	if len(r.Rows) == 0 {
		c.Absent = "No case was found, so there is none to rank."
		return c
	}
	c.Height = panelHead + vg.Length(len(r.Rows))*rowHeight + axisRoom
	c.paint, c.Data = r.draw, r.rows()
	return c
}

// rankPanel is one axis of the chart, with what it draws of a row.
type rankPanel struct {
	head string
	plot *plot.Plot
	row  func(r RankRow, c draw.Canvas, p *plot.Plot, y vg.Length)
	room vg.Length // its width
}

// panels are the weights, the values, or both, as far as the cases state them.
func (r Ranking) panels() []rankPanel {
	var kg, ends, usd []float64
	for _, row := range r.Rows {
		if !math.IsNaN(row.Kg) {
			kg, ends = append(kg, row.Kg), append(ends, row.Low, row.High)
		}
		if !math.IsNaN(row.USD) {
			usd = append(usd, row.USD)
		}
	}
	room := fullWidth - rowLabels - noteRoom
	if len(usd) == 0 && len(kg) > 0 {
		return []rankPanel{{massHead, caseAxis(kg, ends, false, room), RankRow.drawMass, room}}
	}
	if len(kg) == 0 {
		return []rankPanel{{moneyHead, caseAxis(usd, nil, true, room), RankRow.drawMoney, room}}
	}
	mass := massShare * (room - panelGap)
	money := room - panelGap - mass
	return []rankPanel{
		{massHead, caseAxis(kg, ends, false, mass), RankRow.drawMass, mass},
		{moneyHead, caseAxis(usd, nil, true, money), RankRow.drawMoney, money},
	}
}

const (
	massHead  = "excess weight with its 90% interval"
	moneyHead = "excess value"
)

func (r Ranking) draw(on draw.Canvas) {
	from := rowLabels
	var rows draw.Canvas
	for _, panel := range r.panels() {
		area := within(on, from, fullWidth-from-panel.room, 0, panelHead)
		panel.plot.Add(rules(false, true))
		panel.plot.Draw(area)
		rows = panel.plot.DataCanvas(area)
		letters{size: smallSize, colour: muted}.draw(on, area.Min.X, on.Max.Y-8, panel.head)
		for i, row := range r.Rows {
			panel.row(row, rows, panel.plot, rowMiddle(rows, i))
		}
		from += panel.room + panelGap
	}
	letters{size: smallSize, colour: muted, side: toLeft}.draw(on, on.Max.X, on.Max.Y-8, "q")
	note := letters{size: smallSize, colour: ink, side: toLeft, middle: true}
	for i, row := range r.Rows {
		y := namedRow(on, rows, i, row.Label, row.Detail)
		note.draw(on, on.Max.X, y, row.Note)
		hoverRow(on, y, row.tell())
	}
}

// tell says the values of a row.
func (r RankRow) tell() string {
	text := r.Label + "\n" + r.Detail + "\nweight: " + wording.Mass(r.Kg)
	if !math.IsNaN(r.Low) && !math.IsNaN(r.High) {
		text += " (" + wording.MassInterval(r.Low, r.High) + ")"
	}
	return text + "\nvalue: " + wording.Money(r.USD) + "\nq: " + r.Note
}

// rowMiddle is the height of a row, counted from the top.
func rowMiddle(c draw.Canvas, i int) vg.Length { return c.Max.Y - (vg.Length(i)+0.5)*rowHeight }

// caseAxis is logarithmic where all estimates are positive and range far, and
// otherwise linear with zero on it. A logarithmic axis follows the ends of
// intervals for two decades below the smallest estimate.
func caseAxis(estimates, ends []float64, money bool, room vg.Length) *plot.Plot {
	low, high := math.Inf(1), math.Inf(-1)
	for _, v := range estimates {
		low, high = math.Min(low, v), math.Max(high, v)
	}
	logarithmic := low > 0 && high > wideRange*low
	least := low / 100
	for _, v := range ends {
		if !math.IsNaN(v) && (!logarithmic || v > least) {
			low, high = math.Min(low, v), math.Max(high, v)
		}
	}
	if logarithmic {
		return logAxis(low, high, money, room)
	}
	low, high = math.Min(low, 0), math.Max(high, 0)
	p := newPlot()
	p.HideY()
	p.Y.Min, p.Y.Max = 0, 1
	if low == high {
		high = 1
	}
	scale := wording.MassScale(math.Max(high, -low))
	if money {
		scale = wording.MoneyScale(math.Max(high, -low))
	}
	p.X.Min, p.X.Max = low-0.04*(high-low), high+0.04*(high-low)
	if low == 0 {
		p.X.Min = 0
	}
	p.X.Tick.Marker = amountTicks{scale: scale, want: int(room / amountRoom), withUnit: true}
	return p
}

// drawMass draws the estimate and its interval. An end that lies beyond the
// axis is drawn as an arrow.
func (r RankRow) drawMass(c draw.Canvas, p *plot.Plot, y vg.Length) {
	x, _ := p.Transforms(&c)
	if math.IsNaN(r.Kg) {
		letters{size: tinySize, colour: muted, middle: true}.draw(c, c.Min.X+labelSpace, y, "no weight to compare")
		return
	}
	if !math.IsNaN(r.Low) && !math.IsNaN(r.High) {
		from, to := max(x(r.Low), c.Min.X), min(x(r.High), c.Max.X)
		line(c, caseColour, 1.2, from, y, to, y)
		if r.Low < p.X.Min {
			arrowLeft(c, from, y)
		} else {
			line(c, caseColour, 1.2, from, y-whisker, from, y+whisker)
		}
		line(c, caseColour, 1.2, to, y-whisker, to, y+whisker)
	}
	caseMarker.draw(c, max(x(r.Kg), c.Min.X), y, 2.6)
}

func arrowLeft(c draw.Canvas, x, y vg.Length) {
	c.FillPolygon(caseColour, []vg.Point{{X: x, Y: y}, {X: x + 5, Y: y + whisker}, {X: x + 5, Y: y - whisker}})
}

func (r RankRow) drawMoney(c draw.Canvas, p *plot.Plot, y vg.Length) {
	if math.IsNaN(r.USD) {
		letters{size: tinySize, colour: muted, middle: true}.draw(c, c.Min.X+labelSpace, y, "no value stated")
		return
	}
	x, _ := p.Transforms(&c)
	caseMarker.draw(c, max(x(r.USD), c.Min.X), y, 2.6)
}
