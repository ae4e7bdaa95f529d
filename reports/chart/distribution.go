package chart

import (
	"math"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"counterflow/reports/wording"
)

// Distribution is the chart of ln(M/X) over all pairs that both sides declared,
// with the cut-offs of the middle lane.
type Distribution struct {
	Name, Title, Subtitle, Caption string
	Bins                           []Bin   // from RatioLow on, each a quarter of a doubling wide
	Low, High                      float64 // cut-offs of the middle lane, natural log; NaN where unknown
}

// Bin counts the pairs whose ln(M/X) falls into it. The first and the last bin
// also hold everything beyond.
type Bin struct{ Inside, Outside, Untested int }

// The bins reach from an importer's figure of a 64th of the exporter's to one
// of 64 times.
const (
	binWidth  = math.Ln2 / 4
	ratioMost = 6 * math.Ln2
	binCount  = 48
)

// NewBins gives the empty bins of a Distribution.
func NewBins() []Bin { return make([]Bin, binCount) }

// BinOf says which bin a natural log of M/X falls into; ok is false for NaN.
func BinOf(logRatio float64) (i int, ok bool) {
	if math.IsNaN(logRatio) {
		return 0, false
	}
	at := math.Floor((logRatio + ratioMost) / binWidth)
	return int(math.Max(0, math.Min(binCount-1, at))), true
}

const distributionHeight = 235 * vg.Length(1)

// Chart lays the distribution out. It is absent where no pair was declared by
// both sides.
func (d Distribution) Chart() Chart {
	c := Chart{Name: d.Name, Title: d.Title, Subtitle: d.Subtitle, Caption: d.Caption, Width: fullWidth}
	if d.most() == 0 {
		c.Absent = "No pair was declared by both sides, so there is no distribution to draw."
		return c
	}
	c.Height, c.paint, c.Data = distributionHeight, d.draw, d.rows()
	return c
}

func (d Distribution) most() int {
	most := 0
	for _, b := range d.Bins {
		most = max(most, b.Inside+b.Outside+b.Untested)
	}
	return most
}

// reach is the number of doublings to either side that hold all pairs, three at
// least.
func (d Distribution) reach() float64 {
	reach := 3.0
	for i, b := range d.Bins {
		if b.Inside+b.Outside+b.Untested > 0 {
			edge := math.Max(math.Abs(edgeOf(i)), math.Abs(edgeOf(i+1))) / math.Ln2
			reach = math.Max(reach, math.Ceil(edge-1e-9))
		}
	}
	return reach
}

// edgeOf is the natural log at which a bin begins.
func edgeOf(i int) float64 { return -ratioMost + float64(i)*binWidth }

// parts are the layers of a bar, from below.
var parts = []struct {
	name  string
	count func(Bin) int
	paint func(draw.Canvas, vg.Rectangle)
}{
	{"within what its lane lets expect", func(b Bin) int { return b.Inside }, func(c draw.Canvas, r vg.Rectangle) { box(c, axisInk, r) }},
	{"outside it", func(b Bin) int { return b.Outside }, func(c draw.Canvas, r vg.Rectangle) { box(c, caseColour, r) }},
	{"not tested", func(b Bin) int { return b.Untested }, hatch},
}

func (d Distribution) draw(on draw.Canvas) {
	var keys []key
	for _, part := range parts {
		total := 0
		for _, b := range d.Bins {
			total += part.count(b)
		}
		if total > 0 {
			keys = append(keys, patchKey(part.name+": "+wording.Plural(int64(total), "pair", "pairs"), part.paint))
		}
	}
	legend(on, keys)
	p := newPlot()
	p.X.Min, p.X.Max = -d.reach()*math.Ln2, d.reach()*math.Ln2
	p.X.Tick.Marker = ratioTicks{want: 13}
	p.X.Label.Text = "importer's figure compared with the exporter's (ln M/X, marked as ratios)"
	p.X.Label.Padding = 3
	p.Y.Min, p.Y.Max = 0, 1.04*float64(d.most())
	p.Y.Tick.Marker = countTicks{want: 5}
	p.Add(rules(true, false))
	area := within(on, 0, 0, 0, legendHeight(keys, fullWidth)+20)
	p.Draw(area)
	data := p.DataCanvas(area)
	letters{size: smallSize, colour: muted}.draw(on, on.Min.X, data.Max.Y+9, "pairs")
	d.drawBars(data, p)
	d.drawCuts(data, p)
}

func (d Distribution) drawBars(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	for i, b := range d.Bins {
		x0, x1 := x(edgeOf(i))+0.4, x(edgeOf(i+1))-0.4
		below := 0
		for _, part := range parts {
			n := part.count(b)
			if n > 0 {
				part.paint(c, rectangle(x0, y(float64(below)), x1, y(float64(below+n))))
			}
			below += n
		}
		if below > 0 {
			hover(c, rectangle(x0, c.Min.Y, x1, c.Max.Y), cutText(edgeOf(i))+" to "+cutText(edgeOf(i+1))+"\n"+b.tell())
		}
	}
}

// tell says what a bar counts.
func (b Bin) tell() string {
	var words []string
	for _, part := range parts {
		if n := part.count(b); n > 0 {
			words = append(words, part.name+": "+wording.Count(int64(n)))
		}
	}
	return strings.Join(words, "\n")
}

// drawCuts marks agreement and the cut-offs of the middle lane.
func (d Distribution) drawCuts(c draw.Canvas, p *plot.Plot) {
	x, _ := p.Transforms(&c)
	line(c, ink, 0.8, x(0), c.Min.Y, x(0), c.Max.Y)
	if math.IsNaN(d.Low) || math.IsNaN(d.High) {
		return
	}
	label := letters{size: tinySize, colour: eventInk}
	for i, cut := range []float64{d.Low, d.High} {
		at := max(c.Min.X, min(x(cut), c.Max.X))
		dashed(c, eventInk, 1, at, c.Min.Y, at, c.Max.Y+6)
		text := "cut-off of the middle lane: " + cutText(cut)
		half := label.width(text) / 2
		label.side = centred
		// Each label stays on its side of the middle, and within the drawing.
		middle := (c.Min.X + c.Max.X) / 2
		if i == 0 {
			at = min(max(at, c.Min.X+half+unitRoom), middle-half-labelSpace)
		} else {
			at = max(min(at, c.Max.X-half), middle+half+labelSpace)
		}
		label.draw(c, at, c.Max.Y+9, text)
	}
}

// unitRoom is left of the labels, for what is counted.
const unitRoom = 24 * vg.Length(1)

// cutText writes a natural log as a ratio.
func cutText(logRatio float64) string {
	if math.Abs(logRatio) > math.Log(1e4) {
		return "beyond 10,000 times"
	}
	if logRatio < 0 {
		return "÷" + wording.Number(math.Exp(-logRatio))
	}
	return "×" + wording.Number(math.Exp(logRatio))
}

// countTicks are whole numbers with their thousands apart.
type countTicks struct{ want int }

// Ticks makes the marks between two counts.
func (t countTicks) Ticks(low, high float64) []plot.Tick {
	step := math.Max(1, roundStep(high-low, t.want))
	var ticks []plot.Tick
	for i := math.Ceil(low/step - 1e-9); i*step <= high*(1+1e-9); i++ {
		ticks = append(ticks, plot.Tick{Value: i * step, Label: wording.Count(int64(i * step))})
	}
	return ticks
}
