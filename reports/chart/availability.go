package chart

import (
	"image/color"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"counterflow/data"
)

// Availability is the chart of who reported when: economies down, periods
// across, exports in the upper half of a cell and imports in the lower.
type Availability struct {
	Name, Title, Subtitle, Caption string
	First, Last                    data.Period
	Rows                           []AvailabilityRow
}

// AvailabilityRow is one economy.
type AvailabilityRow struct {
	Name             string
	Exports, Imports []Report // by period from First to Last
}

// Report is what is known of one economy, direction and period.
type Report uint8

// The reports.
const (
	NotAsked Report = iota // no row of coverage
	Silent                 // published nothing
	Published
)

const (
	availabilityLabels = 118 * vg.Length(1)
	availabilityRow    = 11.5 * vg.Length(1)
	availabilityCell   = 14 * vg.Length(1) // width of a period where there are few
	availabilityPage   = 45                // rows below each other
	fewPeriods         = 3                 // up to which economies stand in columns
	availabilityBlocks = 3                 // columns then
)

// AvailabilityMost is how many economies fit one page over so many periods.
func AvailabilityMost(periods int) int { return availabilityPage * blocksOf(periods) }

// blocksOf is the number of columns of economies: a few periods would otherwise
// make one thin stripe.
func blocksOf(periods int) int {
	if periods <= fewPeriods {
		return availabilityBlocks
	}
	return 1
}

// Chart lays the matrix out. It is absent without rows.
func (a Availability) Chart() Chart {
	c := Chart{Name: a.Name, Title: a.Title, Subtitle: a.Subtitle, Caption: a.Caption, Width: fullWidth}
	if len(a.Rows) == 0 || a.First == 0 {
		c.Absent = "No reporter published anything, so there is no availability to show."
		return c
	}
	c.Height = legendHeight(availabilityKeys(), fullWidth) + 6 + vg.Length(a.perBlock())*availabilityRow + axisRoom
	c.paint, c.Data = a.draw, a.rows()
	return c
}

func (a Availability) periods() int { return a.Last.Index() - a.First.Index() + 1 }

// perBlock is the number of rows in each column of economies.
func (a Availability) perBlock() int {
	blocks := blocksOf(a.periods())
	return (len(a.Rows) + blocks - 1) / blocks
}

func availabilityKeys() []key {
	return []key{
		patchKey("exports published", func(c draw.Canvas, r vg.Rectangle) { box(c, exporterColour, r) }),
		patchKey("imports published", func(c draw.Canvas, r vg.Rectangle) { box(c, importerColour, r) }),
		patchKey("published nothing", hatch),
	}
}

func (a Availability) draw(on draw.Canvas) {
	keys := availabilityKeys()
	legend(on, keys)
	blocks, per := blocksOf(a.periods()), a.perBlock()
	width := (on.Max.X - on.Min.X) / vg.Length(blocks)
	for i := range blocks {
		from := min(i*per, len(a.Rows))
		left := vg.Length(i) * width
		block := within(on, left, fullWidth-left-width, 0, legendHeight(keys, fullWidth)+6)
		a.drawBlock(block, a.Rows[from:min(from+per, len(a.Rows))])
	}
}

// drawBlock draws economies below each other, with the time axis at the foot.
func (a Availability) drawBlock(on draw.Canvas, rows []AvailabilityRow) {
	if len(rows) == 0 {
		return
	}
	s := span{low: float64(a.First.Index()) - 0.5, high: float64(a.Last.Index()) + 0.5, monthly: a.First.Monthly()}
	p := newPlot()
	p.HideY()
	p.Y.Min, p.Y.Max = 0, 1
	p.X.Min, p.X.Max = s.low, s.high
	p.X.Tick.Marker = dateTicks{monthly: s.monthly, want: 12}
	spare := vg.Length(0)
	if periods := vg.Length(a.periods()); periods <= fewPeriods {
		p.X.Tick.Marker = dateTicks{monthly: s.monthly, want: 1}
		spare = on.Max.X - on.Min.X - availabilityLabels - periods*availabilityCell
	}
	area := within(on, availabilityLabels, spare, 0, 0)
	p.Draw(area)
	cells := p.DataCanvas(area)
	width := (cells.Max.X - cells.Min.X) / vg.Length(s.high-s.low)
	name := letters{size: smallSize, colour: ink, side: toLeft, middle: true}
	for i, row := range rows {
		top := cells.Max.Y - vg.Length(i)*availabilityRow - 1
		middle, bottom := top-availabilityRow/2+1, top-availabilityRow+2
		name.draw(on, cells.Min.X-labelSpace, middle-0.5, name.fitCoded(row.Name, availabilityLabels-2*labelSpace))
		strip(cells, row.Exports, exporterColour, cells.Min.X, width, middle+0.3, top)
		strip(cells, row.Imports, importerColour, cells.Min.X, width, bottom, middle-0.3)
	}
}

// strip draws the reports of one direction, neighbours of one kind as one box:
// twenty years of months make thousands of cells.
func strip(c draw.Canvas, reports []Report, fill color.Color, x0, width, y0, y1 vg.Length) {
	gap := min(0.5, width/8)
	for from := 0; from < len(reports); {
		to := from + 1
		for to < len(reports) && reports[to] == reports[from] {
			to++
		}
		r := rectangle(x0+vg.Length(from)*width+gap, y0, x0+vg.Length(to)*width-gap, y1)
		switch reports[from] {
		case Published:
			box(c, fill, r)
		case Silent:
			hatch(c, r)
		}
		from = to
	}
}
