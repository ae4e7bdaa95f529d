package typeface

import (
	"sync"

	xfont "golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
)

// Letters are set without kerning, on a screen as in the PDF: the family's pairs
// pull figures together (11 is narrower than 12), which is wrong in columns of
// codes and amounts, and a PDF writer that does not kern would place labels
// elsewhere than a chart that does.

// glyph is one drawn character in units of the em.
type glyph struct {
	advance float64
	outline []sfnt.Segment // in 1/64 of design units
}

// cut is one parsed font with the glyphs that were asked for.
type cut struct {
	font    *sfnt.Font
	perEm   float64
	reading sync.RWMutex
	glyphs  map[rune]glyph
}

var cuts = sync.OnceValue(func() [3]*cut {
	var all [3]*cut
	for i, ttf := range [][]byte{Regular, Bold, Italic} {
		parsed := mustParse(ttf)
		all[i] = &cut{font: parsed, perEm: float64(parsed.UnitsPerEm()), glyphs: map[rune]glyph{}}
	}
	return all
})

func cutOf(f font.Font) *cut {
	switch {
	case f.Weight == xfont.WeightBold:
		return cuts()[1]
	case f.Style == xfont.StyleItalic:
		return cuts()[2]
	}
	return cuts()[0]
}

func (c *cut) glyph(r rune) glyph {
	c.reading.RLock()
	g, known := c.glyphs[r]
	c.reading.RUnlock()
	if known {
		return g
	}
	c.reading.Lock()
	defer c.reading.Unlock()
	g = c.load(r)
	c.glyphs[r] = g
	return g
}

// load reads a glyph at one pixel per design unit, so nothing is rounded. A
// character that the font lacks is nothing at all: Printable comes first.
func (c *cut) load(r rune) glyph {
	var buffer sfnt.Buffer
	size := fixed.I(int(c.font.UnitsPerEm()))
	index, err := c.font.GlyphIndex(&buffer, r)
	if err != nil || index == 0 {
		return glyph{}
	}
	advance, err := c.font.GlyphAdvance(&buffer, index, size, xfont.HintingNone)
	if err != nil {
		return glyph{}
	}
	segments, err := c.font.LoadGlyph(&buffer, index, size, nil)
	if err != nil {
		return glyph{}
	}
	return glyph{advance: float64(advance) / 64 / c.perEm, outline: append([]sfnt.Segment(nil), segments...)}
}

// Width is how far a line of text runs in the given cut and size.
func Width(f font.Font, text string) vg.Length {
	c := cutOf(f)
	ems := 0.0
	for _, r := range text {
		ems += c.glyph(r).advance
	}
	return vg.Length(ems) * f.Size
}

// Outline is a line of text as closed curves, its base line starting at a
// point: for canvases whose own letters stand on whole pixels only.
func Outline(f font.Font, at vg.Point, text string) vg.Path {
	c := cutOf(f)
	var path vg.Path
	scale := f.Size / vg.Length(64*c.perEm)
	for _, r := range text {
		g := c.glyph(r)
		place := func(p fixed.Point26_6) vg.Point {
			return vg.Point{X: at.X + vg.Length(p.X)*scale, Y: at.Y - vg.Length(p.Y)*scale} // fonts count down
		}
		for i, s := range g.outline {
			switch s.Op {
			case sfnt.SegmentOpMoveTo:
				if i > 0 {
					path.Close()
				}
				path.Move(place(s.Args[0]))
			case sfnt.SegmentOpLineTo:
				path.Line(place(s.Args[0]))
			case sfnt.SegmentOpQuadTo:
				path.QuadTo(place(s.Args[0]), place(s.Args[1]))
			case sfnt.SegmentOpCubeTo:
				path.CubeTo(place(s.Args[0]), place(s.Args[1]), place(s.Args[2]))
			}
		}
		if len(g.outline) > 0 {
			path.Close()
		}
		at.X += vg.Length(g.advance) * f.Size
	}
	return path
}
