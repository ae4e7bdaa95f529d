package page

import "fmt"

// Title sets the head of the first page: the title, and under it what the
// report covers.
func (d *Document) Title(title string, under ...string) {
	d.section = "Findings"
	d.NewPage()
	d.mark("Findings", 0)
	d.fill(left, d.y-18, 42, 3.2, accent)
	for _, line := range breakLines(titleSize, textWidth, []Span{Bold(title)}) {
		d.setLine(titleSize, left, d.y+titleSize, line)
		d.y += 1.2 * titleSize
	}
	d.y += 5
	for _, text := range under {
		d.paragraph(bodySize, left, textWidth, []Span{{Text: text, Muted: true}})
		d.y -= 0.3 * bodySize
	}
	d.y += 8
}

// Tile is one figure of the first page with what it counts.
type Tile struct{ Number, Meaning string }

// Tiles sets a few figures side by side.
func (d *Document) Tiles(tiles []Tile) {
	const height, gap = 56.0, 8.0
	d.Need(height)
	width := (textWidth - gap*float64(len(tiles)-1)) / float64(len(tiles))
	for i, t := range tiles {
		x := left + float64(i)*(width+gap)
		number := letters{size: 17, bold: true, colour: ink}
		for number.size > 10 && number.width(t.Number) > width-18 {
			number.size--
		}
		d.fill(x, d.y, width, height, tint)
		d.set(number, x+9, d.y+23, number.fit(t.Number, width-18))
		for j, line := range breakLines(noteSize, width-18, []Span{{Text: t.Meaning, Muted: true}}) {
			if j < 2 {
				d.setLine(noteSize, x+9, d.y+36+float64(j)*1.2*noteSize, line)
			}
		}
	}
	d.y += height + 12
}

// Pages is how many pages have been begun.
func (d *Document) Pages() int { return d.pdf.PageCount() }

// Notes sets numbered notes at the foot of the present page, as many as fit
// there, and says where all of them stand.
func (d *Document) Notes(notes []string, all string) {
	if len(notes) == 0 {
		return
	}
	rest := []Span{Link("all notes", all)}
	d.Need(14 + heightOf(noteSize, textWidth, rest)) // at least what says where they are
	room := bottom - d.y - 14 - heightOf(noteSize, textWidth, rest)
	used, shown := 0.0, 0
	var set [][]Span
	for i, note := range notes {
		spans := []Span{{Text: fmt.Sprintf("%d  %s", i+1, note), Muted: true}}
		h := heightOf(noteSize, textWidth, spans) - 0.3*noteSize
		if used+h > room {
			break
		}
		set, used, shown = append(set, spans), used+h, shown+1
	}
	if shown < len(notes) {
		more := fmt.Sprintf("%d further notes:", len(notes)-shown)
		if shown == 0 {
			more = fmt.Sprintf("%d notes:", len(notes))
		}
		set = append(set, []Span{{Text: more, Muted: true}, rest[0]})
		used += heightOf(noteSize, textWidth, set[len(set)-1])
	}
	d.y = bottom - used - 6
	d.rule(left, left+90, d.y, 0.5, muted)
	d.y += 6
	for _, spans := range set {
		d.paragraph(noteSize, left, textWidth, spans)
		d.y -= 0.3 * noteSize
	}
}
