package chart

import (
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Chart is one figure, ready to be drawn.
type Chart struct {
	Name     string // file name without ending, says what it shows
	Section  string // part of the report that it stands in
	Title    string
	Subtitle string     // goods, measure and time
	Caption  string     // how to read it, and what was left out
	Absent   string     // why there is nothing to draw, "" where there is
	Data     [][]string // what is drawn, the head first; nil where absent

	Width, Height vg.Length // of the drawing alone
	paint         func(draw.Canvas)
}

// Draw draws the figure, without its title and caption, with its lower left
// corner at the origin of the canvas. It draws nothing where the figure is
// absent. A Chart may be drawn any number of times, and from several goroutines
// on canvases of their own.
func (c Chart) Draw(on vg.Canvas) {
	if c.paint == nil {
		return
	}
	on.Push()
	vg.Initialize(on)
	c.paint(draw.NewCanvas(on, c.Width, c.Height))
	on.Pop()
}

// within is the part of a canvas that remains after margins.
func within(c draw.Canvas, left, right, bottom, top vg.Length) draw.Canvas {
	return draw.Crop(c, left, -right, bottom, -top)
}
