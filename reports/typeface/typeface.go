// Package typeface holds the one family of letters that charts and pages are
// set in, Liberation Sans, and says what can be printed with it.
package typeface

import (
	"sync"

	"codeberg.org/go-fonts/liberation/liberationsansbold"
	"codeberg.org/go-fonts/liberation/liberationsansitalic"
	"codeberg.org/go-fonts/liberation/liberationsansregular"
	xfont "golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/font/sfnt"
	"gonum.org/v1/plot/font"
)

// The cuts of the family, as TrueType files.
var (
	Regular = liberationsansregular.TTF
	Bold    = liberationsansbold.TTF
	Italic  = liberationsansitalic.TTF
)

// Name is how gonum/plot and the PDF know the family.
const Name = "Liberation Sans"

// Font describes one cut in one size for gonum/plot.
func Font(size font.Length, weight xfont.Weight, style xfont.Style) font.Font {
	return font.Font{Typeface: Name, Weight: weight, Style: style, Size: size}
}

// Cache gives the faces of the family. It is safe for use from any number of
// goroutines.
var Cache = sync.OnceValue(func() *font.Cache {
	face := func(ttf []byte, weight xfont.Weight, style xfont.Style) font.Face {
		return font.Face{Font: Font(0, weight, style), Face: mustParse(ttf)}
	}
	return font.NewCache(font.Collection{
		face(Regular, xfont.WeightNormal, xfont.StyleNormal),
		face(Bold, xfont.WeightBold, xfont.StyleNormal),
		face(Italic, xfont.WeightNormal, xfont.StyleItalic),
	})
})

// mustParse panics on a broken font file: the files are compiled in.
func mustParse(ttf []byte) *sfnt.Font {
	parsed, err := opentype.Parse(ttf)
	if err != nil {
		panic(err)
	}
	return parsed
}
