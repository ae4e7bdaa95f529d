package chart

import (
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"counterflow/reports/wording"
)

// Reliability is the chart of how far the declarations of each economy scatter
// about the truth, as exporter and as importer, with intervals: one row each.
type Reliability struct {
	Name, Title, Subtitle, Caption string
	Rows                           []ReliabilityRow
}

// ReliabilityRow is one economy.
type ReliabilityRow struct {
	Label, Detail      string
	Exporter, Importer Spread
}

// Spread is an estimate with its interval, natural log; all NaN where the economy
// was never compared in that role, ends NaN where the interval is not known.
type Spread struct{ Sigma, Low, High float64 }

// NoSpread is that of an economy that was not compared.
var NoSpread = Spread{math.NaN(), math.NaN(), math.NaN()}

const (
	pairOffset = 4 * vg.Length(1)  // of the two roles from the middle of their row
	axisName   = 12 * vg.Length(1) // for the name of the axis
)

// Chart lays the rows out from the top. It is absent without rows.
func (d Reliability) Chart() Chart {
	c := Chart{Name: d.Name, Title: d.Title, Subtitle: d.Subtitle, Caption: d.Caption, Width: fullWidth}
	if len(d.Rows) == 0 {
		c.Absent = "No two economies declared the same trade, so how far to believe each of them is not known."
		return c
	}
	c.Height = legendHeight(d.keys(), fullWidth) + vg.Length(len(d.Rows))*rowHeight + axisRoom + axisName
	c.paint, c.Data = d.draw, d.rows()
	return c
}

func (d Reliability) keys() []key {
	return []key{markerKey(exporterMarker, "as exporter, with 90% interval"), markerKey(importerMarker, "as importer")}
}

func (d Reliability) draw(on draw.Canvas) {
	keys := d.keys()
	legend(on, keys)
	p := d.axis()
	area := within(on, rowLabels, 0, 0, legendHeight(keys, fullWidth))
	p.Add(rules(false, true))
	p.Draw(area)
	data := p.DataCanvas(area)
	x, _ := p.Transforms(&data)
	for i, row := range d.Rows {
		y := namedRow(on, data, i, row.Label, row.Detail)
		row.Exporter.draw(data, x, y+pairOffset, exporterMarker)
		row.Importer.draw(data, x, y-pairOffset, importerMarker)
		hoverRow(on, y, row.tell())
	}
}

// axis begins at zero, and ends where the estimates and most of their intervals
// do: one reporter that hardly anything is known of must not press the others
// together.
func (d Reliability) axis() *plot.Plot {
	most := 0.0
	for _, row := range d.Rows {
		for _, s := range []Spread{row.Exporter, row.Importer} {
			if s.Sigma > 0 {
				most = math.Max(most, s.Sigma)
			}
			if s.High > s.Sigma { // not where it is unknown
				most = math.Max(most, math.Min(s.High, 1.5*s.Sigma))
			}
		}
	}
	if most == 0 {
		most = 1
	}
	return percentAxis(1.05*most, "spread of one period's declaration about the truth (natural log, in percent)")
}

// percentAxis is named, runs from zero, and lies below rows.
func percentAxis(most float64, name string) *plot.Plot {
	p := newPlot()
	p.HideY()
	p.Y.Min, p.Y.Max = 0, 1
	p.X.Min, p.X.Max = 0, most
	p.X.Tick.Marker = plot.TickerFunc(percentTicks)
	p.X.Label.Text = name
	return p
}

// percentTicks marks natural logs as percent, which they are near enough for
// small ones.
func percentTicks(low, high float64) []plot.Tick {
	step := roundStep(high-low, 8)
	var ticks []plot.Tick
	for i := math.Ceil(low/step - 1e-9); i*step <= high*(1+1e-9); i++ {
		ticks = append(ticks, plot.Tick{Value: i * step, Label: percentText(i * step)})
	}
	return ticks
}

// percentText writes a share with a tenth of a percent.
func percentText(share float64) string { return wording.Number(math.Round(1000*share)/10) + "%" }

// draw draws one estimate; an end that lies beyond the axis is cut there.
func (s Spread) draw(c draw.Canvas, x func(float64) vg.Length, y vg.Length, m marker) {
	if math.IsNaN(s.Sigma) {
		return
	}
	if !math.IsNaN(s.Low) && !math.IsNaN(s.High) {
		to := min(x(s.High), c.Max.X)
		line(c, m.colour, 1, x(s.Low), y, to, y)
		line(c, m.colour, 1, x(s.Low), y-whisker/2, x(s.Low), y+whisker/2)
		if x(s.High) <= c.Max.X {
			line(c, m.colour, 1, to, y-whisker/2, to, y+whisker/2)
		}
	}
	m.draw(c, min(x(s.Sigma), c.Max.X), y, 2.4)
}

// tell says the values of a row.
func (r ReliabilityRow) tell() string {
	return r.Label + "\n" + r.Detail + "\nas exporter: " + r.Exporter.tell() + "\nas importer: " + r.Importer.tell()
}

func (s Spread) tell() string {
	if math.IsNaN(s.Sigma) {
		return wording.Missing
	}
	text := percentText(s.Sigma)
	if !math.IsNaN(s.Low) && !math.IsNaN(s.High) {
		text += " (" + percentText(s.Low) + " to " + percentText(s.High) + ")"
	}
	return text
}

func (d Reliability) rows() [][]string {
	rows := [][]string{{"economy", "periods", "exporter_sigma", "exporter_low", "exporter_high", "importer_sigma", "importer_low", "importer_high"}}
	for _, r := range d.Rows {
		row := []string{r.Label, r.Detail}
		for _, s := range []Spread{r.Exporter, r.Importer} {
			row = append(row, cell(s.Sigma), cell(s.Low), cell(s.High))
		}
		rows = append(rows, row)
	}
	return rows
}
