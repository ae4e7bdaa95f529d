package page

import (
	"image/color"
	"strings"

	xfont "golang.org/x/image/font"
	"gonum.org/v1/plot/font"

	"counterflow/reports/typeface"
)

// The inks and sizes of the pages.
var (
	ink    = color.NRGBA{0x22, 0x26, 0x2B, 0xff}
	muted  = color.NRGBA{0x62, 0x68, 0x6F, 0xff}
	rule   = color.NRGBA{0xC9, 0xCE, 0xD3, 0xff}
	tint   = color.NRGBA{0xF3, 0xF5, 0xF7, 0xff}
	accent = color.NRGBA{0x1B, 0x4F, 0x8C, 0xff} // links and the rule of the title
)

const (
	titleSize   = 22.0
	sectionSize = 16.0
	partSize    = 13.0
	headingSize = 11.5
	bodySize    = 9.5
	smallSize   = 8.0
	noteSize    = 7.5
	leading     = 1.38 // line height over letter size
)

// letters are how a piece of text looks.
type letters struct {
	size         float64
	bold, italic bool
	colour       color.NRGBA
}

func (l letters) font() font.Font {
	weight, style := xfont.WeightNormal, xfont.StyleNormal
	if l.bold {
		weight = xfont.WeightBold
	}
	if l.italic {
		style = xfont.StyleItalic
	}
	return typeface.Font(font.Length(l.size), weight, style)
}

func (l letters) width(text string) float64 { return float64(typeface.Width(l.font(), text)) }

func (l letters) height() float64 { return leading * l.size }

// fit shortens a text to a width, with an ellipsis where something is lost.
func (l letters) fit(text string, width float64) string {
	text = typeface.Printable(text)
	if l.width(text) <= width {
		return text
	}
	runes := []rune(text)
	for n := len(runes) - 1; n > 0; n-- {
		if short := strings.TrimRight(string(runes[:n]), " ,;(") + "…"; l.width(short) <= width {
			return short
		}
	}
	return "…"
}

// set puts one line of text on its base line.
func (d *Document) set(l letters, x, baseline float64, text string) {
	d.pdf.SetTextColor(int(l.colour.R), int(l.colour.G), int(l.colour.B))
	d.pdf.SetFont(family, cutName(l.font()), l.size)
	d.pdf.Text(x, baseline, typeface.Printable(text))
}

// setRight puts one line of text with its end at x.
func (d *Document) setRight(l letters, x, baseline float64, text string) {
	text = typeface.Printable(text)
	d.set(l, x-l.width(text), baseline, text)
}

// rule draws a line across.
func (d *Document) rule(x0, x1, y, width float64, c color.NRGBA) {
	d.pdf.SetDashPattern(nil, 0)
	d.pdf.SetDrawColor(int(c.R), int(c.G), int(c.B))
	d.pdf.SetLineWidth(width)
	d.pdf.Line(x0, y, x1, y)
}

// fill paints a rectangle.
func (d *Document) fill(x, y, w, h float64, c color.NRGBA) {
	d.pdf.SetFillColor(int(c.R), int(c.G), int(c.B))
	d.pdf.Rect(x, y, w, h, "F")
}
