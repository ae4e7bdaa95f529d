package chart

import (
	"image"
	"image/png"
	"io"

	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"

	"counterflow/reports/typeface"
)

const (
	sheetMargin  = 16 * vg.Length(1)
	sheetLeading = 1.3 // line height over letter size
)

// WritePNG draws the figure with its title above and its caption below, in the
// given number of dots per inch. The bytes depend on nothing else.
func (c Chart) WritePNG(to io.Writer, dpi int) error {
	s := c.sheet()
	canvas := raster{vgimg.NewWith(vgimg.UseWH(s.width, s.height), vgimg.UseDPI(dpi))}
	s.draw(canvas)
	return encode(to, canvas.Image().(*image.RGBA)) // as gg makes it
}

// sheet is a figure on paper of its own, with its words.
type sheet struct {
	width, height vg.Length
	draw          func(vg.Canvas)
}

// sheet lays out the title above and the caption below the figure.
func (c Chart) sheet() sheet {
	heading := letters{size: titleSize, colour: ink, bold: true}
	under := letters{size: textSize, colour: muted}
	foot := letters{size: smallSize, colour: muted}
	titles := heading.wrap(c.Title, c.Width)
	subtitles := under.wrap(c.Subtitle, c.Width)
	captions := foot.wrap(c.Caption, c.Width)
	head := blockHeight(titles, titleSize) + blockHeight(subtitles, textSize) + 8
	tail := blockHeight(captions, smallSize) + 8
	width, height := c.Width+2*sheetMargin, c.Height+head+tail+2*sheetMargin
	return sheet{width, height, func(canvas vg.Canvas) {
		on := draw.NewCanvas(canvas, width, height)
		y := heading.block(on, sheetMargin, height-sheetMargin, titles)
		under.block(on, sheetMargin, y, subtitles)
		foot.block(on, sheetMargin, sheetMargin+blockHeight(captions, smallSize), captions)
		canvas.Push()
		canvas.Translate(vg.Point{X: sheetMargin, Y: sheetMargin + tail})
		c.Draw(canvas)
		canvas.Pop()
	}}
}

// raster draws letters as curves: gonum's own stand on whole pixels, which
// spaces small text unevenly. Each letter is a path of its own, since the
// rasteriser's time grows with the square of what lies on one line.
type raster struct{ *vgimg.Canvas }

func (r raster) FillString(f font.Face, at vg.Point, text string) {
	for _, letter := range text {
		if path := typeface.Outline(f.Font, at, string(letter)); len(path) > 0 {
			r.Fill(path)
		}
		at.X += typeface.Width(f.Font, string(letter))
	}
}

// block sets lines of text downwards from a height and gives the height below.
func (l letters) block(c draw.Canvas, x, y vg.Length, lines []string) vg.Length {
	for _, txt := range lines {
		y -= sheetLeading * l.size
		l.draw(c, x, y+0.25*l.size, txt)
	}
	return y
}

func blockHeight(lines []string, size vg.Length) vg.Length {
	return vg.Length(len(lines)) * sheetLeading * size
}

// encode writes a PNG file with a palette, which is a third of the size and half
// of the time of one with full colours.
func encode(to io.Writer, img *image.RGBA) error {
	encoder := png.Encoder{CompressionLevel: png.DefaultCompression}
	return encoder.Encode(to, reduce(img))
}
