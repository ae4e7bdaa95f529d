package chart

import (
	"image/color"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"counterflow/reports/wording"
)

// Sankey shows how one commodity comes from one economy to another, directly and
// through third ones, in two stretches of time beside each other on one scale.
type Sankey struct {
	Name, Title, Subtitle, Caption string
	Absent                         string // why there is nothing to draw
	Origin, Destination            string // codes
	Thirds                         []string
	Highlight                      string // the third economy of the case, one of Thirds or ""
	Before, After                  SankeySide
}

// SankeySide is one stretch of time. Amounts are kilograms a month; zero is
// none, NaN not known.
type SankeySide struct {
	Head   string
	Direct float64
	In     []float64 // from the origin to each third economy
	Out    []float64 // from each third economy to the destination
}

const (
	sankeyGap    = 26 * vg.Length(1) // between the two panels
	sankeyHead   = 16 * vg.Length(1)
	sankeyNode   = 7 * vg.Length(1)
	sankeyThick  = 46 * vg.Length(1) // of the widest stream
	sankeyLabels = 22 * vg.Length(1) // height of the two lines of a label
)

// Chart lays both panels out.
func (s Sankey) Chart() Chart {
	c := Chart{Name: s.Name, Title: s.Title, Subtitle: s.Subtitle, Caption: s.Caption, Absent: s.Absent, Width: fullWidth}
	if s.Absent != "" {
		return c
	}
	c.Height = sankeyHead + s.tracks()
	c.paint, c.Data = s.draw, s.rows()
	return c
}

func (s Sankey) rows() [][]string {
	rows := [][]string{{"time", "from", "to", "kg_a_month"}}
	for _, side := range []SankeySide{s.Before, s.After} {
		rows = append(rows, []string{side.Head, s.Origin, s.Destination, cell(side.Direct)})
		for i, third := range s.Thirds {
			rows = append(rows, []string{side.Head, s.Origin, third, cell(side.In[i])}, []string{side.Head, third, s.Destination, cell(side.Out[i])})
		}
	}
	return rows
}

// most is the largest stream, at least a gram, so that it can be divided by.
func (s Sankey) most() float64 {
	most := 0.001
	for _, side := range []SankeySide{s.Before, s.After} {
		for _, v := range append(append([]float64{side.Direct}, side.In...), side.Out...) {
			if v > most {
				most = v
			}
		}
	}
	return most
}

func (s Sankey) thick(kg float64) vg.Length {
	if !(kg > 0) {
		return 0
	}
	return max(0.6, sankeyThick*vg.Length(kg/s.most()))
}

// trackHeight is the room of one third economy, or of direct trade (-1), the same
// in both panels: its stream or its label, whichever is higher.
func (s Sankey) trackHeight(i int) vg.Length {
	height := sankeyLabels
	for _, side := range []SankeySide{s.Before, s.After} {
		if i < 0 {
			height = max(height, s.thick(side.Direct))
			continue
		}
		height = max(height, s.thick(side.In[i]), s.thick(side.Out[i]))
	}
	return height + 8
}

func (s Sankey) tracks() vg.Length {
	sum := vg.Length(0)
	for i := -1; i < len(s.Thirds); i++ {
		sum += s.trackHeight(i)
	}
	return sum
}

func (s Sankey) draw(on draw.Canvas) {
	width := (fullWidth - sankeyGap) / 2
	s.panel(within(on, 0, width+sankeyGap, 0, 0), s.Before)
	s.panel(within(on, width+sankeyGap, 0, 0, 0), s.After)
	middle := (on.Min.X + on.Max.X) / 2
	dashed(on, gridInk, 0.8, middle, on.Min.Y, middle, on.Max.Y)
}

// The ends of a panel keep room for the codes of origin and destination.
const sankeyEnds = 27 * vg.Length(1)

func (s Sankey) panel(c draw.Canvas, side SankeySide) {
	letters{size: smallSize, bold: true, colour: ink, side: centred}.draw(c, (c.Min.X+c.Max.X)/2, c.Max.Y-9, side.Head)
	left, right := c.Min.X+sankeyEnds, c.Max.X-sankeyEnds
	third := left + 0.36*(right-left)
	// Streams leave and arrive in the order of the tracks, one below the other.
	top := c.Max.Y - sankeyHead
	height := s.tracks()
	leaves, arrives := s.thick(side.Direct), s.thick(side.Direct)
	for i := range s.Thirds {
		leaves, arrives = leaves+s.thick(side.In[i]), arrives+s.thick(side.Out[i])
	}
	from, to := top-(height-leaves)/2, top-(height-arrives)/2
	nodeLeft := rectangle(left-sankeyNode, from-max(leaves, 1), left, from)
	nodeRight := rectangle(right, to-max(arrives, 1), right+sankeyNode, to)
	y := top
	for i := -1; i < len(s.Thirds); i++ {
		track := s.trackHeight(i)
		y -= track / 2
		if i < 0 {
			w := s.thick(side.Direct)
			s.direct(c, left, right, from, to, y, w)
			s.label(c, (left+right)/2, y, "direct", side.Direct, side.Direct, false)
			from, to = from-w, to-w
		} else {
			in, out := s.thick(side.In[i]), s.thick(side.Out[i])
			fill := streamFill
			if s.Thirds[i] == s.Highlight {
				fill = caseFillDark
			}
			stream(c, fill, left, third, from-in/2, y, in)
			stream(c, fill, third+sankeyNode, right, y, to-out/2, out)
			box(c, muted, rectangle(third, y-max(in, out, 1)/2, third+sankeyNode, y+max(in, out, 1)/2))
			s.label(c, third+sankeyNode+3, y, s.Thirds[i], side.In[i], side.Out[i], true)
			from, to = from-in, to-out
		}
		y -= track / 2
	}
	box(c, exporterColour, nodeLeft)
	box(c, importerColour, nodeRight)
	end := letters{size: smallSize, bold: true, middle: true, colour: exporterColour, side: toLeft}
	end.draw(c, left-sankeyNode-2, (nodeLeft.Min.Y+nodeLeft.Max.Y)/2, s.Origin)
	end.colour, end.side = importerColour, toRight
	end.draw(c, right+sankeyNode+2, (nodeRight.Min.Y+nodeRight.Max.Y)/2, s.Destination)
}

// direct is the stream that passes no third economy; it runs along its track.
func (s Sankey) direct(c draw.Canvas, left, right, from, to, y, w vg.Length) {
	middle := (left + right) / 2
	stream(c, streamFill, left, middle, from-w/2, y, w)
	stream(c, streamFill, middle, right, y, to-w/2, w)
}

// label names a track with its monthly amounts, in two lines about its middle.
func (s Sankey) label(c draw.Canvas, x, y vg.Length, name string, in, out float64, third bool) {
	head := letters{size: smallSize, bold: true, colour: ink}
	amounts := letters{size: tinySize, colour: ink}
	text := wording.Mass(in) + " a month"
	if third {
		text = wording.Mass(in) + " in, " + wording.Mass(out) + " out"
	} else {
		head.side, amounts.side = centred, centred
	}
	head.draw(c, x, y+2, name)
	amounts.draw(c, x, y-7, text)
	hover(c, rectangle(x-20, y-9, x+60, y+9), name+"\n"+text)
}

// stream is a band of constant height that swings from one level to another.
func stream(c draw.Canvas, fill color.Color, x0, x1, y0, y1, height vg.Length) {
	if height <= 0 {
		return
	}
	middle, half := (x0+x1)/2, height/2
	var p vg.Path
	p.Move(vg.Point{X: x0, Y: y0 + half})
	p.CubeTo(vg.Point{X: middle, Y: y0 + half}, vg.Point{X: middle, Y: y1 + half}, vg.Point{X: x1, Y: y1 + half})
	p.Line(vg.Point{X: x1, Y: y1 - half})
	p.CubeTo(vg.Point{X: middle, Y: y1 - half}, vg.Point{X: middle, Y: y0 - half}, vg.Point{X: x0, Y: y0 - half})
	p.Close()
	c.SetColor(fill)
	c.Fill(p)
}
