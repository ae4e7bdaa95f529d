package typeface

import (
	"fmt"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/mozillazg/go-unidecode"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/text/unicode/norm"
)

// Printable turns any text into one that the family can show. Latin, Greek and
// Cyrillic letters stay as they are, accents included. Letters of other scripts
// become a transliteration (中国 is "Zhong Guo"), and a character that has none
// becomes its code, [U+1F600], so that no box is ever printed. Line breaks stay;
// other control characters become blanks.
//
// Hebrew and Arabic are transliterated although the family has the former:
// neither the charts nor the pages set text from right to left.
func Printable(text string) string {
	if plain(text) {
		return text
	}
	var out strings.Builder
	last := ' '      // the character written before
	foreign := false // whether that was a transliteration
	for _, r := range norm.NFC.String(text) {
		drawn := r == '\n' || has(r)
		word := string(r)
		if !drawn {
			word = substitute(r)
		}
		if word == "" {
			continue
		}
		// Scripts without blanks become words, so they need blanks around them.
		if (foreign || !drawn) && inWord(last) && inWord(rune(word[0])) {
			out.WriteByte(' ')
		}
		out.WriteString(word)
		last, _ = utf8.DecodeLastRuneInString(word)
		foreign = !drawn
	}
	return out.String()
}

func inWord(r rune) bool { return r >= utf8.RuneSelf || unicode.IsLetter(r) || unicode.IsDigit(r) }

// plain says whether the text is printable ASCII throughout, as nearly all is.
func plain(text string) bool {
	for i := 0; i < len(text); i++ {
		if c := text[i]; (c < ' ' || c > '~') && c != '\n' {
			return false
		}
	}
	return true
}

// substitute is what stands for a character that the family lacks.
func substitute(r rune) string {
	switch {
	case unicode.IsControl(r) || unicode.IsSpace(r):
		return " "
	case unicode.Is(unicode.Mn, r) || unicode.Is(unicode.Cf, r):
		return "" // a mark that found no letter to sit on, or an invisible one
	}
	if word := strings.TrimSpace(unidecode.Unidecode(string(r))); word != "" {
		return word
	}
	return fmt.Sprintf("[U+%04X]", r)
}

// has says whether the family draws a character, read from left to right.
func has(r rune) bool {
	if r < ' ' || r >= 0x7f && r < 0xa0 || r >= 0x0590 && r <= 0x08ff || r > 0xffff {
		return false
	}
	return glyphs()[r]
}

// glyphs lists the characters that both the regular and the bold cut draw.
var glyphs = sync.OnceValue(func() *[1 << 16]bool {
	var drawn [1 << 16]bool
	var buffer sfnt.Buffer
	regular, bold := mustParse(Regular), mustParse(Bold)
	for r := range rune(len(drawn)) {
		inRegular, _ := regular.GlyphIndex(&buffer, r)
		inBold, _ := bold.GlyphIndex(&buffer, r)
		drawn[r] = inRegular != 0 && inBold != 0
	}
	return &drawn
})
