package chart

import (
	"math"
	"slices"
	"strconv"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"counterflow/data"
	"counterflow/reports/wording"
)

// Prices is the chart of unit values: one row for each lane, with a mark for
// each period and side on one logarithmic axis.
type Prices struct {
	Name, Title, Subtitle, Caption string
	Rows                           []PriceRow
}

// PriceRow is one lane.
type PriceRow struct {
	Label, Detail string
	Points        []PricePoint
}

// PricePoint is what one kilogram is worth by one side's declaration.
type PricePoint struct {
	Period  data.Period
	Import  bool
	USD     float64 // per kilogram
	Outside bool    // within a case of prices or a slip of units
}

// Chart lays the rows out from the top. It is absent without prices.
func (d Prices) Chart() Chart {
	c := Chart{Name: d.Name, Title: d.Title, Subtitle: d.Subtitle, Caption: d.Caption, Width: fullWidth}
	if !slices.ContainsFunc(d.Rows, func(r PriceRow) bool { return len(r.Points) > 0 }) {
		c.Absent = "No declaration states both a weight and a value, so there are no unit values to draw."
		return c
	}
	c.Height = legendHeight(d.keys(), fullWidth) + 4 + vg.Length(len(d.Rows))*rowHeight + axisRoom
	c.paint, c.Data = d.draw, d.rows()
	return c
}

func (d Prices) rows() [][]string {
	rows := [][]string{{"lane", "period", "side", "usd_per_kg", "in_case_or_slip"}}
	for _, r := range d.Rows {
		for _, p := range r.Points {
			rows = append(rows, []string{r.Label, p.Period.String(), p.side(), cell(p.USD), strconv.FormatBool(p.Outside)})
		}
	}
	return rows
}

func (p PricePoint) side() string {
	if p.Import {
		return "import"
	}
	return "export"
}

func (d Prices) keys() []key {
	return []key{
		markerKey(exporterMarker, "exporter's declaration, one period"),
		markerKey(importerMarker, "importer's"),
		markerKey(caseMarker, "within a case of prices or a slip of units"),
	}
}

func (d Prices) draw(on draw.Canvas) {
	keys := d.keys()
	legend(on, keys)
	low, high := math.Inf(1), 0.0
	for _, r := range d.Rows {
		for _, p := range r.Points {
			low, high = math.Min(low, p.USD), math.Max(high, p.USD)
		}
	}
	room := fullWidth - rowLabels
	p := logAxis(low, high, true, room)
	p.X.Tick.Marker = decadeTicks{write: func(v float64) string { return wording.Money(v) + "/kg" }, room: room, label: amountRoom + 10}
	area := within(on, rowLabels, 0, 0, legendHeight(keys, fullWidth)+4)
	p.Add(rules(false, true))
	p.Draw(area)
	data := p.DataCanvas(area)
	x, _ := p.Transforms(&data)
	for i, row := range d.Rows {
		y := namedRow(on, data, i, row.Label, row.Detail)
		for _, outside := range []bool{false, true} { // what matters lies above
			for _, q := range row.Points {
				if q.Outside == outside {
					q.draw(data, x(q.USD), y)
				}
			}
		}
		hoverRow(on, y, row.tell())
	}
}

// draw sets a mark: exports above the middle of the row, imports below it.
func (p PricePoint) draw(c draw.Canvas, x, y vg.Length) {
	m, radius := exporterMarker, vg.Length(1.6)
	y += 4
	if p.Import {
		m, y = importerMarker, y-8
	}
	if p.Outside {
		m.colour, radius = caseColour, 2.2
	}
	m.draw(c, x, y, radius)
}

// tell says the range of both sides.
func (r PriceRow) tell() string {
	text := r.Label + "\n" + r.Detail
	for _, imports := range []bool{false, true} {
		low, high := math.Inf(1), 0.0
		for _, p := range r.Points {
			if p.Import == imports {
				low, high = math.Min(low, p.USD), math.Max(high, p.USD)
			}
		}
		if high > 0 {
			text += "\n" + PricePoint{Import: imports}.side() + ": " + wording.Money(low) + " to " + wording.Money(high) + " a kilogram"
		}
	}
	return text
}
