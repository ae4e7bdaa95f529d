package chart

import (
	"image/color"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"counterflow/reports/wording"
)

// Lags is the chart of when departures arrive: one bar for each group of lanes,
// divided by the months that pass before arrival.
type Lags struct {
	Name, Title, Subtitle, Caption string
	Rows                           []LagRow
}

// LagRow is one group; Shares are of 0, 1, 2 ... months and sum to one.
type LagRow struct {
	Label, Detail string
	Shares        []float64
}

// lagInks grow lighter with every month that passes.
var lagInks = []color.Color{axisInk, lighter(axisInk, 0.35), lighter(axisInk, 0.6), lighter(axisInk, 0.8)}

func lighter(c color.Color, by float64) color.Color {
	r, g, b, _ := c.RGBA()
	part := func(v uint32) uint8 { return uint8(255*by + float64(v>>8)*(1-by)) }
	return color.NRGBA{part(r), part(g), part(b), 0xff}
}

// Chart lays the rows out from the top. It is absent without rows.
func (d Lags) Chart() Chart {
	c := Chart{Name: d.Name, Title: d.Title, Subtitle: d.Subtitle, Caption: d.Caption, Width: fullWidth}
	if len(d.Rows) == 0 {
		c.Absent = "No lane has enough months in which both sides spoke, so the time between departure and arrival is not known."
		return c
	}
	c.Height = legendHeight(d.keys(), fullWidth) + vg.Length(len(d.Rows))*rowHeight + axisRoom + axisName
	c.paint, c.Data = d.draw, d.rows()
	return c
}

func (d Lags) keys() []key {
	texts := []string{"in the month of departure", "in the next month", "2 months later", "3 months later"}
	var keys []key
	for lag, text := range texts {
		keys = append(keys, patchKey(text, func(c draw.Canvas, r vg.Rectangle) { box(c, lagInks[lag], r) }))
	}
	return keys
}

func (d Lags) draw(on draw.Canvas) {
	keys := d.keys()
	legend(on, keys)
	p := percentAxis(1, "share of a month's departures that is recorded as arriving")
	area := within(on, rowLabels, 0, 0, legendHeight(keys, fullWidth))
	p.Draw(area)
	data := p.DataCanvas(area)
	x, _ := p.Transforms(&data)
	for i, row := range d.Rows {
		y := namedRow(on, data, i, row.Label, row.Detail)
		below, told := 0.0, row.Label+"\n"+row.Detail
		for lag, share := range row.Shares {
			box(data, lagInks[min(lag, len(lagInks)-1)], rectangle(x(below), y-rowHeight/4, x(min(below+share, 1)), y+rowHeight/4))
			below += share
			told += "\n" + percentText(share) + " after " + wording.Plural(int64(lag), "month", "months")
		}
		hoverRow(on, y, told)
	}
}

func (d Lags) rows() [][]string {
	rows := [][]string{{"group", "lanes", "lag_0", "lag_1", "lag_2", "lag_3"}}
	for _, r := range d.Rows {
		cells := []string{r.Label, r.Detail}
		for _, share := range r.Shares {
			cells = append(cells, cell(share))
		}
		rows = append(rows, cells)
	}
	return rows
}
