package page

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math"

	"codeberg.org/go-pdf/fpdf"
	xfont "golang.org/x/image/font"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"

	"counterflow/reports/typeface"
)

// Canvas is a vg.Canvas on a rectangle of a page. Coordinates are transformed
// here rather than by the PDF's own matrices: the writer cannot nest colours in
// its graphics states, and only rotated text needs them.
//
// gonum's vgpdf is not used because it asks for fonts in one code page; it has
// no accents beyond Western ones and fails on bold cuts.
type Canvas struct {
	pdf   *fpdf.Fpdf
	now   graphics
	saved []graphics
	set   written
}

// graphics is the state that Push saves.
type graphics struct {
	to     matrix
	colour color.Color
	width  vg.Length
	dashes []vg.Length
	offset vg.Length
}

// written is what the page was last told, so that it is told only changes.
type written struct {
	stroke, fill color.NRGBA
	stroked      bool
	filled       bool
	width        float64
	dashes       string
}

var _ vg.Canvas = (*Canvas)(nil)

// NewCanvas makes a canvas whose origin lies at (left, bottom) of the current
// page, both in points from the page's upper left corner.
func NewCanvas(pdf *fpdf.Fpdf, left, bottom float64) *Canvas {
	c := &Canvas{pdf: pdf, now: graphics{to: matrix{1, 0, 0, -1, left, bottom}}, set: written{width: -1, dashes: "?"}}
	vg.Initialize(c)
	return c
}

// matrix takes (x, y) to (ax+cy+e, bx+dy+f), as in the PDF reference, 8.3.3.
type matrix struct{ a, b, c, d, e, f float64 }

func (m matrix) apply(p vg.Point) (x, y float64) {
	px, py := float64(p.X), float64(p.Y)
	return float64(m.a*px) + float64(m.c*py) + m.e, float64(m.b*px) + float64(m.d*py) + m.f
}

// before gives the matrix that applies n first and then m.
func (m matrix) before(n matrix) matrix {
	return matrix{
		n.a*m.a + n.b*m.c, n.a*m.b + n.b*m.d,
		n.c*m.a + n.d*m.c, n.c*m.b + n.d*m.d,
		n.e*m.a + n.f*m.c + m.e, n.e*m.b + n.f*m.d + m.f,
	}
}

// scale is how much the matrix lengthens a line on average.
func (m matrix) scale() float64 { return math.Sqrt(math.Abs(m.a*m.d - m.b*m.c)) }

// SetLineWidth sets the width of strokes; none are drawn where it is not
// positive.
func (c *Canvas) SetLineWidth(w vg.Length) { c.now.width = w }

// SetLineDash sets the lengths of dashes and gaps.
func (c *Canvas) SetLineDash(pattern []vg.Length, offset vg.Length) {
	c.now.dashes, c.now.offset = append([]vg.Length(nil), pattern...), offset
}

// SetColor sets the colour of strokes and fills. A transparent colour is drawn
// as it looks on white paper, so that the file needs no transparency.
func (c *Canvas) SetColor(clr color.Color) {
	if clr == nil {
		clr = color.Black
	}
	c.now.colour = clr
}

// Rotate turns the coordinates by an angle in radians, counter-clockwise.
func (c *Canvas) Rotate(angle float64) {
	sin, cos := math.Sincos(angle)
	c.now.to = c.now.to.before(matrix{cos, sin, -sin, cos, 0, 0})
}

// Translate moves the origin.
func (c *Canvas) Translate(p vg.Point) {
	c.now.to = c.now.to.before(matrix{1, 0, 0, 1, float64(p.X), float64(p.Y)})
}

// Scale stretches the coordinates.
func (c *Canvas) Scale(x, y float64) { c.now.to = c.now.to.before(matrix{x, 0, 0, y, 0, 0}) }

// Push saves the state.
func (c *Canvas) Push() { c.saved = append(c.saved, c.now) }

// Pop restores the state that was saved last.
func (c *Canvas) Pop() {
	last := len(c.saved) - 1
	c.now, c.saved = c.saved[last], c.saved[:last]
}

// Stroke draws a path as a line.
func (c *Canvas) Stroke(p vg.Path) {
	if c.now.width <= 0 || len(p) == 0 {
		return
	}
	c.useStroke()
	c.path(p)
	c.pdf.DrawPath("S")
}

// Fill fills a path by the non-zero winding rule.
func (c *Canvas) Fill(p vg.Path) {
	if len(p) == 0 {
		return
	}
	c.useFill()
	c.path(p)
	c.pdf.DrawPath("f")
}

func (c *Canvas) useStroke() {
	ink := onPaper(c.now.colour)
	if !c.set.stroked || c.set.stroke != ink {
		c.pdf.SetDrawColor(int(ink.R), int(ink.G), int(ink.B))
		c.set.stroke, c.set.stroked = ink, true
	}
	scale := c.now.to.scale()
	if width := float64(c.now.width) * scale; width != c.set.width {
		c.pdf.SetLineWidth(width)
		c.set.width = width
	}
	dashes := make([]float64, len(c.now.dashes))
	for i, d := range c.now.dashes {
		dashes[i] = float64(d) * scale
	}
	if key := fmt.Sprint(dashes, c.now.offset); key != c.set.dashes {
		c.pdf.SetDashPattern(dashes, float64(c.now.offset)*scale)
		c.set.dashes = key
	}
}

func (c *Canvas) useFill() {
	ink := onPaper(c.now.colour)
	if !c.set.filled || c.set.fill != ink {
		c.pdf.SetFillColor(int(ink.R), int(ink.G), int(ink.B))
		c.set.fill, c.set.filled = ink, true
	}
}

// onPaper is how a colour looks on white.
func onPaper(clr color.Color) color.NRGBA {
	r, g, b, a := clr.RGBA() // premultiplied
	paper := 0xffff - a
	return color.NRGBA{R: uint8((r + paper) >> 8), G: uint8((g + paper) >> 8), B: uint8((b + paper) >> 8), A: 0xff}
}

// FillString sets a line of text as text, so that it can be searched.
func (c *Canvas) FillString(f font.Face, at vg.Point, text string) {
	if f.Font.Size <= 0 || text == "" {
		return
	}
	ink := onPaper(c.now.colour)
	c.pdf.SetTextColor(int(ink.R), int(ink.G), int(ink.B))
	c.pdf.SetFont(family, cutName(f.Font), float64(f.Font.Size)*c.now.to.scale())
	x, y := c.now.to.apply(at)
	turn := math.Atan2(-c.now.to.b, c.now.to.a) // the page counts downwards
	if math.Abs(turn) < 1e-9 {
		c.pdf.Text(x, y, typeface.Printable(text))
		return
	}
	c.pdf.TransformBegin()
	c.pdf.TransformRotate(turn*180/math.Pi, x, y)
	c.pdf.Text(x, y, typeface.Printable(text))
	c.pdf.TransformEnd()
}

// cutName is the writer's name for a cut of the family.
func cutName(f font.Font) string {
	switch {
	case f.Weight == xfont.WeightBold:
		return "B"
	case f.Style == xfont.StyleItalic:
		return "I"
	}
	return ""
}

// DrawImage places a picture. An image that cannot be encoded becomes the
// document's error.
func (c *Canvas) DrawImage(rect vg.Rectangle, img image.Image) {
	var encoded bytes.Buffer
	if err := png.Encode(&encoded, img); err != nil {
		c.pdf.SetError(err)
		return
	}
	name := fmt.Sprintf("%x", sha256.Sum256(encoded.Bytes()))
	options := fpdf.ImageOptions{ImageType: "PNG"}
	c.pdf.RegisterImageOptionsReader(name, options, &encoded)
	x0, y1 := c.now.to.apply(rect.Min)
	x1, y0 := c.now.to.apply(rect.Max)
	c.pdf.ImageOptions(name, x0, y0, x1-x0, y1-y0, false, options, 0, "")
}
