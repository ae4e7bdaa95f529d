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
	pngMargin  = 16 * vg.Length(1)
	pngLeading = 1.3 // line height over letter size
)

// WritePNG draws the figure with its title above and its caption below, in the
// given number of dots per inch. The bytes depend on nothing else.
func (c Chart) WritePNG(to io.Writer, dpi int) error {
	heading := letters{size: titleSize, colour: ink, bold: true}
	under := letters{size: textSize, colour: muted}
	foot := letters{size: smallSize, colour: muted}
	titles := heading.wrap(c.Title, c.Width)
	subtitles := under.wrap(c.Subtitle, c.Width)
	captions := foot.wrap(c.Caption, c.Width)
	head := blockHeight(titles, titleSize) + blockHeight(subtitles, textSize) + 8
	tail := blockHeight(captions, smallSize) + 8
	width, height := c.Width+2*pngMargin, c.Height+head+tail+2*pngMargin

	canvas := raster{vgimg.NewWith(vgimg.UseWH(width, height), vgimg.UseDPI(dpi))}
	on := draw.NewCanvas(canvas, width, height)
	y := height - pngMargin
	y = heading.block(on, pngMargin, y, titles)
	under.block(on, pngMargin, y, subtitles)
	foot.block(on, pngMargin, pngMargin+blockHeight(captions, smallSize), captions)
	canvas.Push()
	canvas.Translate(vg.Point{X: pngMargin, Y: pngMargin + tail})
	c.Draw(canvas)
	canvas.Pop()
	return encode(to, canvas.Image().(*image.RGBA)) // as gg makes it
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
		y -= pngLeading * l.size
		l.draw(c, x, y+0.25*l.size, txt)
	}
	return y
}

func blockHeight(lines []string, size vg.Length) vg.Length {
	return vg.Length(len(lines)) * pngLeading * size
}

// encode writes a PNG file with a palette, which is a third of the size and half
// of the time of one with full colours.
func encode(to io.Writer, img *image.RGBA) error {
	encoder := png.Encoder{CompressionLevel: png.DefaultCompression}
	return encoder.Encode(to, reduce(img))
}
