package reference

import (
	"bytes"
	"unicode/utf8"
)

// wordsBytes is the longest bag of words that is looked up. Longer names are
// unknown; the longest in the table has 70 bytes.
const wordsBytes = 128

// maxWords is the largest number of words in a name that is looked up.
const maxWords = 20

// appendWords appends the bag of words of a name: lower case, without accents,
// articles and punctuation, abbreviations spelt out, in alphabetical order. So
// "Korea, Republic of" and "Republic of Korea" are one key. Bytes that are not
// UTF-8 are taken as Latin-1, and UTF-8 that was once read as Latin-1 is mended:
// published files have both. It allocates nothing while the bag fits into to.
func appendWords(to, name []byte) []byte {
	var folded [wordsBytes]byte
	var words [maxWords][]byte
	n, count, start := 0, 0, 0
	add := func() bool {
		word := folded[start:n]
		if word = spellOut(word); len(word) > 0 {
			if count == maxWords {
				return false
			}
			at := count
			for at > 0 && bytes.Compare(words[at-1], word) > 0 {
				words[at] = words[at-1]
				at--
			}
			words[at] = word
			count++
		}
		start = n
		return true
	}
	for len(name) > 0 {
		c, size := foldRune(name)
		name = name[size:]
		switch {
		case c == 0:
		case c == ' ':
			if !add() {
				return to
			}
		case n == wordsBytes:
			return to
		default:
			folded[n] = c
			n++
		}
	}
	if !add() {
		return to
	}
	for i, word := range words[:count] {
		if i > 0 {
			to = append(to, ' ')
		}
		to = append(to, word...)
	}
	return to
}

// latin folds U+00C0 to U+00FF to plain letters, a blank where there is none.
const latin = "aaaaaaaceeeeiiiidnooooo ouuuuytsaaaaaaaceeeeiiiidnooooo ouuuuyty"

// foldRune gives the first letter or digit of the name in lower case without
// accent, ' ' for anything that parts words, and 0 for what is passed over.
func foldRune(name []byte) (c byte, size int) {
	if b := name[0]; b < utf8.RuneSelf {
		switch {
		case b >= 'A' && b <= 'Z':
			return b | 0x20, 1
		case b >= 'a' && b <= 'z', b >= '0' && b <= '9', b == '_':
			return b, 1
		}
		return ' ', 1
	}
	r, size := utf8.DecodeRune(name)
	if r == utf8.RuneError && size == 1 {
		r = rune(name[0])
	}
	if r == 0xC3 {
		if next, more := utf8.DecodeRune(name[size:]); next >= 0x80 && next < 0xC0 {
			return foldLatin(0xC0 | next&0x3F), size + more
		}
	}
	return foldLatin(r), size
}

func foldLatin(r rune) byte {
	switch {
	case r >= 0xC0 && r <= 0xFF:
		return latin[r-0xC0]
	case r == 0x300, r == 0x301, r == 0x302, r == 0x303, r == 0x308, r == 0x327:
		return 0 // combining accents
	case r == 0x130 || r == 0x131:
		return 'i'
	}
	return ' '
}

// abbreviations are those that UN tables use; articles are spelt out to
// nothing.
var abbreviations = map[string][]byte{
	"of": nil, "the": nil, "and": nil,
	"rep": []byte("republic"), "dem": []byte("democratic"), "terr": []byte("territory"),
	"isds": []byte("islands"), "isd": []byte("islands"), "st": []byte("saint"),
}

func spellOut(word []byte) []byte {
	if long, ok := abbreviations[string(word)]; ok {
		return long
	}
	return word
}
