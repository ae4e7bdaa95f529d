package chart

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"html"
	"image"
	"image/color"
	"image/png"
	"io"
	"math"
	"strconv"
	"strings"

	xfont "golang.org/x/image/font"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"counterflow/reports/typeface"
)

// WriteSVG draws the figure with its title above and its caption below as one
// SVG file. The bytes depend on the figure alone.
func (c Chart) WriteSVG(to io.Writer) error {
	s := c.sheet()
	return writeSVG(to, s.width, s.height, c.Alternative(), true, s.draw)
}

// WriteInline draws the figure alone, as an element for a page of HTML. Where
// the pointer rests on a mark, its values appear.
func (c Chart) WriteInline(to io.Writer) error {
	return writeSVG(to, c.Width, c.Height, c.Alternative(), false, c.Draw)
}

// Alternative is the figure in words, for those who cannot see it.
func (c Chart) Alternative() string {
	if c.Subtitle == "" {
		return c.Title + "."
	}
	return c.Title + ". " + c.Subtitle + "."
}

// writeSVG writes one element. Its coordinates count from the lower left corner
// upwards as the canvas does, with the sign of the height turned, so that no
// number depends on the size of the whole.
func writeSVG(to io.Writer, width, height vg.Length, label string, alone bool, paint func(vg.Canvas)) error {
	c := &vector{now: graphics{colour: color.Black, width: 1}}
	paint(c)
	if c.err != nil {
		return c.err
	}
	c.closeTo(0)
	space := ""
	if alone {
		space = ` xmlns="http://www.w3.org/2000/svg"`
	}
	_, err := fmt.Fprintf(to, `<svg%s width="%s" height="%s" viewBox="0 -%s %s %s" role="img" aria-label="%s" xml:space="preserve" font-family="%s, Arial, Helvetica, sans-serif" style="font-kerning:none;white-space:pre">`,
		space, short(width), short(height), short(height), short(width), short(height), html.EscapeString(typeface.Printable(label)), typeface.Name)
	if err != nil {
		return err
	}
	if alone {
		_, err = fmt.Fprintf(to, `<rect y="-%s" width="%s" height="%s" fill="#fff"/>`, short(height), short(width), short(height))
		if err != nil {
			return err
		}
	}
	for _, part := range []string{c.body.String(), c.hovers.String(), "</svg>\n"} {
		if _, err := io.WriteString(to, part); err != nil {
			return err
		}
	}
	return nil
}

// vector is a canvas that writes SVG. gonum's vgsvg is not used because it
// either embeds whole fonts or asks for ones that a reader may lack.
type vector struct {
	body, hovers strings.Builder
	now          graphics
	saved        []graphics
	open         int // groups opened by turns and moves
	err          error
}

// graphics is the state that Push saves.
type graphics struct {
	colour color.Color
	width  vg.Length
	dashes []vg.Length
	offset vg.Length
	moved  vg.Point // of the origin; turning and stretching open groups instead
	open   int
}

var _ vg.Canvas = (*vector)(nil)

func (v *vector) SetLineWidth(w vg.Length) { v.now.width = w }

func (v *vector) SetLineDash(pattern []vg.Length, offset vg.Length) {
	v.now.dashes, v.now.offset = append([]vg.Length(nil), pattern...), offset
}

func (v *vector) SetColor(c color.Color) {
	if c == nil {
		c = color.Black
	}
	v.now.colour = c
}

func (v *vector) Rotate(angle float64) {
	v.group(fmt.Sprintf("rotate(%s)", short(vg.Length(-angle*180/math.Pi))))
}

func (v *vector) Scale(x, y float64) {
	v.group(fmt.Sprintf("scale(%s %s)", short(vg.Length(x)), short(vg.Length(y))))
}

func (v *vector) Translate(p vg.Point) { v.now.moved = v.now.moved.Add(p) }

// group opens a group with a transformation, which Pop closes.
func (v *vector) group(transform string) {
	fmt.Fprintf(&v.body, `<g transform="translate(%s) %s">`, v.at(vg.Point{}), transform)
	v.now.moved = vg.Point{}
	v.open++
	v.now.open = v.open
}

func (v *vector) Push() { v.saved = append(v.saved, v.now) }

func (v *vector) Pop() {
	last := len(v.saved) - 1
	v.now, v.saved = v.saved[last], v.saved[:last]
	v.closeTo(v.now.open)
}

func (v *vector) closeTo(open int) {
	for ; v.open > open; v.open-- {
		v.body.WriteString("</g>")
	}
}

func (v *vector) Stroke(p vg.Path) {
	if v.now.width <= 0 || len(p) == 0 {
		return
	}
	fmt.Fprintf(&v.body, `<path fill="none" stroke="%s" stroke-width="%s"`, hexOf(v.now.colour), short(v.now.width))
	if len(v.now.dashes) > 0 {
		lengths := make([]string, len(v.now.dashes))
		for i, d := range v.now.dashes {
			lengths[i] = short(d)
		}
		fmt.Fprintf(&v.body, ` stroke-dasharray="%s"`, strings.Join(lengths, " "))
		if v.now.offset != 0 {
			fmt.Fprintf(&v.body, ` stroke-dashoffset="%s"`, short(v.now.offset))
		}
	}
	fmt.Fprintf(&v.body, ` d="%s"/>`, v.path(p))
}

func (v *vector) Fill(p vg.Path) {
	if len(p) > 0 {
		fmt.Fprintf(&v.body, `<path fill="%s" d="%s"/>`, hexOf(v.now.colour), v.path(p))
	}
}

// FillString sets a line of text with the length that it has in the house's
// typeface, so that another one of the reader's does not cover its neighbours.
func (v *vector) FillString(f font.Face, at vg.Point, text string) {
	text = typeface.Printable(text)
	if f.Font.Size <= 0 || text == "" {
		return
	}
	x, y, _ := strings.Cut(v.at(at), " ")
	weight := ""
	if f.Font.Weight == xfont.WeightBold {
		weight = ` font-weight="bold"`
	}
	fmt.Fprintf(&v.body, `<text x="%s" y="%s" font-size="%s" fill="%s"%s textLength="%s">%s</text>`,
		x, y, short(f.Font.Size), hexOf(v.now.colour), weight, short(typeface.Width(f.Font, text)), html.EscapeString(text))
}

// DrawImage embeds a picture.
func (v *vector) DrawImage(r vg.Rectangle, img image.Image) {
	var encoded bytes.Buffer
	if err := png.Encode(&encoded, img); err != nil {
		v.err = err
		return
	}
	x, y, _ := strings.Cut(v.at(vg.Point{X: r.Min.X, Y: r.Max.Y}), " ")
	fmt.Fprintf(&v.body, `<image x="%s" y="%s" width="%s" height="%s" href="data:image/png;base64,%s"/>`,
		x, y, short(r.Size().X), short(r.Size().Y), base64.StdEncoding.EncodeToString(encoded.Bytes()))
}

// hover lays an invisible rectangle over a mark, which says its values.
func (v *vector) hover(r vg.Rectangle, text string) {
	x, y, _ := strings.Cut(v.at(vg.Point{X: r.Min.X, Y: r.Max.Y}), " ")
	fmt.Fprintf(&v.hovers, `<rect class="v" x="%s" y="%s" width="%s" height="%s" fill-opacity="0"><title>%s</title></rect>`,
		x, y, short(r.Size().X), short(r.Size().Y), html.EscapeString(typeface.Printable(text)))
}

// hover says the values of a mark to canvases that can show them. A part of a
// canvas holds the whole.
func hover(c draw.Canvas, r vg.Rectangle, text string) {
	whole := c.Canvas
	for {
		part, ok := whole.(draw.Canvas)
		if !ok {
			break
		}
		whole = part.Canvas
	}
	if v, ok := whole.(*vector); ok {
		v.hover(r, text)
	}
}

// at is a point as the file counts: downwards.
func (v *vector) at(p vg.Point) string {
	p = p.Add(v.now.moved)
	return short(p.X) + " " + short(-p.Y)
}

// short writes a length to a hundredth of a point, which no eye can see.
func short(l vg.Length) string {
	text := strconv.FormatFloat(math.Round(100*float64(l))/100, 'f', -1, 64)
	if text == "-0" {
		return "0"
	}
	return text
}

// hexOf is how a colour looks on white.
func hexOf(c color.Color) string {
	r, g, b, a := c.RGBA() // premultiplied
	paper := 0xffff - a
	return fmt.Sprintf("#%02x%02x%02x", (r+paper)>>8, (g+paper)>>8, (b+paper)>>8)
}
