package page

import (
	"fmt"

	"gonum.org/v1/plot/vg"
)

// Drawing is a figure that can be drawn on a canvas of its own size.
type Drawing interface {
	Draw(vg.Canvas)
}

// Figure is a drawing with what a page says about it.
type Figure struct {
	Title, Subtitle, Caption string
	Absent                   string // why there is nothing to draw, "" where there is
	Width, Height            float64
	Drawing                  Drawing
	Target                   string // name for links
}

// Figure sets a figure with its number, kept on one page. Where there is nothing
// to draw, one line says why, and no number is used up.
func (d *Document) Figure(f Figure) {
	if f.Absent != "" {
		d.Heading(f.Title)
		d.Text(Plain(f.Absent))
		return
	}
	title := fmt.Sprintf("Figure %d. %s", d.figures+1, f.Title)
	heading := []Span{Bold(title)}
	under := []Span{{Text: f.Subtitle, Muted: true}}
	caption := []Span{{Text: f.Caption, Muted: true}}
	height := heightOf(bodySize+0.5, textWidth, heading) + heightOf(smallSize, textWidth, under) +
		f.Height + heightOf(smallSize, textWidth, caption) + figureGap
	d.Space(figureGap)
	d.Need(height)
	d.figures++
	d.mark(title, 1)
	if f.Target != "" {
		d.Target(f.Target)
	}
	d.paragraph(bodySize+0.5, left, textWidth, heading)
	d.y -= 0.35 * bodySize
	d.paragraph(smallSize, left, textWidth, under)
	d.y += 4
	f.Drawing.Draw(NewCanvas(d.pdf, left+(textWidth-f.Width)/2, d.y+f.Height))
	d.y += f.Height + 6
	d.paragraph(smallSize, left, textWidth, caption)
}

// figureGap lies between a figure and what comes before it.
const figureGap = 14.0
