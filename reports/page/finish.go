package page

import (
	"fmt"
	"io"
)

// contentsLines is how many entries fit one page of the contents.
const contentsLines = 54

// Contents keeps pages free for a list of up to the given number of sections
// and figures; it is filled in when the document is written.
func (d *Document) Contents(entries int) {
	d.Section("Contents")
	d.entries = d.entries[:len(d.entries)-1] // it need not list itself
	d.contents = d.pdf.PageNo()
	for n := contentsLines; n < entries; n += contentsLines {
		d.NewPage()
	}
}

// Write finishes the document and writes the file. The document takes nothing
// more after that.
func (d *Document) Write(to io.Writer) error {
	if d.contents > 0 {
		d.fillContents()
	}
	pages := d.pdf.PageCount()
	for n := 1; n <= pages; n++ {
		d.pdf.SetPage(n)
		d.furniture(n, pages)
	}
	for _, l := range d.links {
		if id, known := d.targets[l.target]; known {
			d.pdf.SetPage(l.page)
			d.pdf.Link(l.x, l.y, l.w, l.h, id)
		}
	}
	d.pdf.SetPage(pages)
	if err := d.pdf.Output(to); err != nil {
		return fmt.Errorf("making the pages: %w", err)
	}
	return nil
}

// fillContents lists sections and figures with dots to their page numbers.
func (d *Document) fillContents() {
	const line = (bottom - top - 2*sectionSize) / contentsLines
	for i, e := range d.entries {
		d.pdf.SetPage(d.contents + i/contentsLines)
		y := top + 2*sectionSize + float64(i%contentsLines)*line
		if i >= contentsLines {
			y -= 2 * sectionSize // later pages have no heading
		}
		l := letters{size: bodySize, bold: e.level == 0, colour: ink}
		x := left + 14*float64(e.level)
		number := fmt.Sprint(e.page)
		end := left + textWidth
		text := l.fit(e.text, end-x-40)
		d.set(l, x, y+bodySize, text)
		d.setRight(l, end, y+bodySize, number)
		from, upTo := x+l.width(text)+5, end-l.width(number)-5
		if upTo > from {
			d.pdf.SetDashPattern([]float64{0.6, 2.4}, 0)
			d.pdf.SetDrawColor(int(rule.R), int(rule.G), int(rule.B))
			d.pdf.SetLineWidth(0.6)
			d.pdf.Line(from, y+bodySize-1, upTo, y+bodySize-1)
		}
		d.linkTo(e.target, x, y-1, end-x, line)
	}
}

// furniture sets the running head and foot of a page; the first has no head.
func (d *Document) furniture(n, pages int) {
	small := letters{size: noteSize, colour: muted}
	if n > 1 {
		d.set(small, left, 40, small.fit(d.meta.Title, textWidth*0.6))
		d.setRight(small, left+textWidth, 40, small.fit(d.sections[n], textWidth*0.35))
		d.rule(left, left+textWidth, 46, 0.5, rule)
	}
	d.rule(left, left+textWidth, 802, 0.5, rule)
	d.set(small, left, 814, d.meta.Creator)
	d.setRight(small, left+textWidth, 814, fmt.Sprintf("page %d of %d", n, pages))
}
