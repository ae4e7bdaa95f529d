package page

import (
	"strings"

	"counterflow/reports/typeface"
)

// Span is a stretch of text in one look.
type Span struct {
	Text   string
	Bold   bool
	Italic bool
	Muted  bool
	To     string // name of the place that a click leads to
}

// Plain, Bold and Link are the common spans.
func Plain(text string) Span { return Span{Text: text} }

// Bold is text that carries the weight of a line.
func Bold(text string) Span { return Span{Text: text, Bold: true} }

// Link is text that leads to a place of the document.
func Link(text, to string) Span { return Span{Text: text, To: to} }

func (s Span) letters(size float64) letters {
	l := letters{size: size, bold: s.Bold, italic: s.Italic, colour: ink}
	switch {
	case s.To != "":
		l.colour = accent
	case s.Muted:
		l.colour = muted
	}
	return l
}

// word is a piece of text that is not broken.
type word struct {
	text   string
	from   Span
	spaced bool // a blank goes before it
	width  float64
}

// Text sets a paragraph across the page. Spans are set apart by a blank.
func (d *Document) Text(spans ...Span) { d.paragraph(bodySize, left, textWidth, spans) }

// Small sets a paragraph in small letters.
func (d *Document) Small(spans ...Span) { d.paragraph(smallSize, left, textWidth, spans) }

// Item sets a paragraph that hangs from a mark, such as "1" or "•".
func (d *Document) Item(mark string, spans ...Span) {
	const indent = 18
	l := letters{size: bodySize, bold: true, colour: accent}
	d.Need(l.height() * 2)
	d.set(l, left, d.y+bodySize, mark)
	d.paragraph(bodySize, left+indent, textWidth-indent, spans)
}

func (d *Document) paragraph(size, x, width float64, spans []Span) {
	for _, line := range breakLines(size, width, spans) {
		d.Need(leading * size)
		d.setLine(size, x, d.y+size, line)
		d.y += leading * size
	}
	d.y += 0.45 * size
}

// heightOf is the room that a paragraph takes.
func heightOf(size, width float64, spans []Span) float64 {
	return float64(len(breakLines(size, width, spans)))*leading*size + 0.45*size
}

// setLine sets words on a base line, neighbours of one look together, so that
// the text can be searched across blanks.
func (d *Document) setLine(size, x, baseline float64, line []word) {
	for i := 0; i < len(line); {
		j := i + 1
		text := line[i].text
		for j < len(line) && line[j].from == line[i].from {
			if line[j].spaced {
				text += " "
			}
			text += line[j].text
			j++
		}
		l := line[i].from.letters(size)
		if line[i].spaced && i > 0 {
			x += l.width(" ")
		}
		d.set(l, x, baseline, text)
		w := l.width(text)
		d.linkTo(line[i].from.To, x, baseline-size, w, leading*size)
		x += w
		i = j
	}
}

// breakLines divides spans into lines of at most the given width. A word wider
// than a line is cut.
func breakLines(size, width float64, spans []Span) [][]word {
	var lines [][]word
	var line []word
	used := 0.0
	for _, w := range words(size, width, spans) {
		blank := 0.0
		if w.spaced && len(line) > 0 {
			blank = w.from.letters(size).width(" ")
		}
		if len(line) > 0 && used+blank+w.width > width {
			lines, line, used, blank = append(lines, line), nil, 0, 0
		}
		line, used = append(line, w), used+blank+w.width
	}
	if len(line) > 0 {
		lines = append(lines, line)
	}
	return lines
}

// words cuts spans into words. A blank stands between two spans unless the
// second begins with a closing mark.
func words(size, width float64, spans []Span) []word {
	var all []word
	for _, s := range spans {
		l := s.letters(size)
		for i, field := range strings.FieldsFunc(typeface.Printable(s.Text), breaks) {
			for j, piece := range cutWord(l, field, width) {
				closing := i == 0 && strings.ContainsRune(",.;:)", rune(piece[0]))
				all = append(all, word{text: piece, from: s, spaced: j == 0 && !closing, width: l.width(piece)})
			}
		}
	}
	return all
}

// breaks are the blanks at which a line may end; the no-break space is none.
func breaks(r rune) bool { return r == ' ' || r == '\n' }

// cutWord cuts a word that is wider than a line into pieces that are not.
func cutWord(l letters, text string, width float64) []string {
	if l.width(text) <= width {
		return []string{text}
	}
	var pieces []string
	piece := ""
	for _, r := range text {
		if piece != "" && l.width(piece+string(r)) > width {
			pieces, piece = append(pieces, piece), ""
		}
		piece += string(r)
	}
	return append(pieces, piece)
}
