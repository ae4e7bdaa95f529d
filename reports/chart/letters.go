package chart

import (
	"image/color"
	"strings"

	xfont "golang.org/x/image/font"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"counterflow/reports/typeface"
)

// handler prints only what the typeface can show, without kerning.
type handler struct{ text.Plain }

// Box measures one line.
func (h handler) Box(txt string, fnt font.Font) (width, height, depth vg.Length) {
	e := h.Extents(fnt)
	return typeface.Width(fnt, typeface.Printable(txt)), e.Ascent, e.Descent
}

// Draw sets lines of text from a point, as gonum's own handler places them.
// The house turns no text, so a rotation is not looked at.
func (h handler) Draw(c vg.Canvas, txt string, sty text.Style, pt vg.Point) {
	lines := h.Lines(txt)
	pt.Y += sty.Height(txt)*vg.Length(sty.YAlign) - sty.FontExtents().Ascent
	c.SetColor(sty.Color)
	for i, line := range lines {
		width, _, _ := h.Box(line, sty.Font)
		at := vg.Point{X: pt.X + vg.Length(sty.XAlign)*width, Y: pt.Y + vg.Length(len(lines)-i)*sty.Font.Size}
		c.FillString(typeface.Cache().Lookup(sty.Font, sty.Font.Size), at, typeface.Printable(line))
	}
}

// letters are how a piece of text looks and to which side of its point it
// stands. Upright, it stands on its base line.
type letters struct {
	size   vg.Length
	colour color.Color
	bold   bool
	side   side
	middle bool // the point lies at half the height of a capital
}

// side is where the text lies from its point.
type side uint8

const (
	toRight side = iota
	centred
	toLeft
)

func (l letters) style() text.Style {
	weight := xfont.WeightNormal
	if l.bold {
		weight = xfont.WeightBold
	}
	return text.Style{
		Color:   l.colour,
		Font:    typeface.Font(l.size, weight, xfont.StyleNormal),
		Handler: handler{text.Plain{Fonts: typeface.Cache()}},
	}
}

// capHeight of the typeface, in ems.
const capHeight = 0.72

// draw puts one line of text at a point.
func (l letters) draw(c draw.Canvas, x, y vg.Length, txt string) {
	if txt == "" {
		return
	}
	s := l.style()
	switch l.side {
	case centred:
		x -= s.Width(txt) / 2
	case toLeft:
		x -= s.Width(txt)
	}
	if l.middle {
		y -= capHeight / 2 * l.size
	}
	c.SetColor(l.colour)
	c.FillString(typeface.Cache().Lookup(s.Font, s.Font.Size), vg.Point{X: x, Y: y}, typeface.Printable(txt))
}

func (l letters) width(txt string) vg.Length { return l.style().Width(txt) }

// fit shortens a text to a width, with an ellipsis where something is lost.
func (l letters) fit(txt string, width vg.Length) string {
	s := l.style()
	if s.Width(txt) <= width {
		return txt
	}
	runes := []rune(typeface.Printable(txt))
	for n := len(runes) - 1; n > 0; n-- {
		short := strings.TrimRight(string(runes[:n]), " ,;(") + "…"
		if s.Width(short) <= width {
			return short
		}
	}
	return ""
}

// fitCoded shortens the name before a code, "United Kingdom of… (GBR)", so that
// the code stays.
func (l letters) fitCoded(txt string, width vg.Length) string {
	at := strings.LastIndex(txt, " (")
	if at < 0 || l.width(txt) <= width {
		return l.fit(txt, width)
	}
	return l.fit(txt[:at], width-l.width(txt[at:])) + txt[at:]
}

// wrap breaks a text into lines of at most the given width. A word that is
// longer than a line is shortened.
func (l letters) wrap(txt string, width vg.Length) []string {
	s := l.style()
	var lines []string
	line := ""
	for word := range strings.FieldsSeq(txt) {
		word = l.fit(word, width)
		longer := strings.TrimLeft(line+" "+word, " ")
		if line != "" && s.Width(longer) > width {
			lines = append(lines, line)
			longer = word
		}
		line = longer
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}
