package page

import (
	"fmt"
	"unicode/utf16"

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
	Plain                    bool   // without a number and a place in the contents
}

// Figure sets a figure with its number, kept on one page. Where there is nothing
// to draw, one line says why, and no number is used up.
func (d *Document) Figure(f Figure) {
	if f.Absent != "" {
		d.Heading(f.Title)
		d.Text(Plain(f.Absent))
		return
	}
	heading, under, caption := f.words(d.figures + 1)
	height := f.height(d.figures + 1)
	d.Space(figureGap)
	d.Need(height)
	if !f.Plain {
		d.figures++
		d.mark(heading[0].Text, 1)
	}
	if f.Target != "" {
		d.Target(f.Target)
	}
	d.paragraph(figureSize, left, textWidth, heading)
	d.y -= 0.35 * bodySize
	d.paragraph(smallSize, left, textWidth, under)
	d.y += aboveDrawing
	d.drawing(f.Drawing, left+(textWidth-f.Width)/2, d.y+f.Height)
	d.y += f.Height + belowDrawing
	d.paragraph(smallSize, left, textWidth, caption)
}

// described is a drawing that can be put into words.
type described interface{ Alternative() string }

// drawing draws with the lower left corner at a point. What it shows in words
// goes with its marks as the alternate description of a marked-content sequence
// (ISO 32000-1, 14.6 and 14.9.3), which needs no structure tree: the writer
// cannot make one.
func (d *Document) drawing(drawing Drawing, x, y float64) {
	words, ok := drawing.(described)
	if ok {
		d.pdf.RawWriteStr("/Span <</Alt <" + hexText(words.Alternative()) + ">>> BDC")
		defer d.pdf.RawWriteStr("EMC")
	}
	drawing.Draw(NewCanvas(d.pdf, x, y))
}

// hexText writes a text string in UTF-16 with its byte order mark, in hexadecimal.
func hexText(text string) string {
	out := "FEFF"
	for _, unit := range utf16.Encode([]rune(text)) {
		out += fmt.Sprintf("%04X", unit)
	}
	return out
}

// Fits says whether a figure fits on what is left of the present page.
func (d *Document) Fits(f Figure) bool {
	return f.Absent != "" || d.y+figureGap+f.height(d.figures+1) <= bottom
}

func (f Figure) words(number int) (heading, under, caption []Span) {
	title := fmt.Sprintf("Figure %d. %s", number, f.Title)
	if f.Plain {
		title = f.Title
	}
	return []Span{Bold(title)},
		[]Span{{Text: f.Subtitle, Muted: true}}, []Span{{Text: f.Caption, Muted: true}}
}

// height is the room that a figure takes with its words.
func (f Figure) height(number int) float64 {
	heading, under, caption := f.words(number)
	return heightOf(figureSize, textWidth, heading) - 0.35*bodySize + heightOf(smallSize, textWidth, under) +
		aboveDrawing + f.Height + belowDrawing + heightOf(smallSize, textWidth, caption)
}

const (
	figureSize   = bodySize + 0.5 // of its title
	figureGap    = 14.0           // between a figure and what comes before it
	aboveDrawing = 4.0
	belowDrawing = 6.0
)
