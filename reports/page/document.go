package page

import (
	"time"

	"codeberg.org/go-pdf/fpdf"

	"counterflow/reports/typeface"
)

// The page is A4, in points. Charts are as wide as the text.
const (
	pageWidth  = 595.28
	pageHeight = 841.89
	left       = 54.64
	textWidth  = pageWidth - 2*left
	top        = 66.0
	bottom     = 786.0
)

const family = "liberation"

// Meta is what the file says about itself.
type Meta struct {
	Title, Subject, Keywords string
	Creator                  string    // program and version
	Date                     time.Time // of creation; the zero date is written as 1 January 2000
}

// Document is a PDF in the making. Its methods set things down the page and
// begin a new one where the old one ends.
type Document struct {
	pdf      *fpdf.Fpdf
	meta     Meta
	y        float64  // where the next thing goes
	sections []string // by page, from 1: for the running heads
	section  string
	entries  []entry        // of the contents
	contents int            // first page kept free for them, 0 for none
	targets  map[string]int // name of a place to the writer's link
	links    []link
	figures  int
	begun    bool // a section, with nothing in it yet
}

// entry is one line of the contents.
type entry struct {
	text   string
	level  int // 0 for a section, 1 for a figure
	page   int
	target string
}

// link is a rectangle that leads to a named place, if that place exists.
type link struct {
	page       int
	x, y, w, h float64
	target     string
}

// New begins a document without pages.
func New(meta Meta) *Document {
	if meta.Date.IsZero() {
		meta.Date = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	pdf := fpdf.New("P", "pt", "A4", "")
	pdf.SetCatalogSort(true) // else the writer walks its maps in any order
	pdf.SetCreationDate(meta.Date.UTC())
	pdf.SetModificationDate(meta.Date.UTC())
	pdf.SetTitle(typeface.Printable(meta.Title), true)
	pdf.SetSubject(typeface.Printable(meta.Subject), true)
	pdf.SetKeywords(typeface.Printable(meta.Keywords), true)
	pdf.SetCreator(meta.Creator, true)
	pdf.SetProducer(meta.Creator, true)
	pdf.SetLang("en")
	pdf.SetAutoPageBreak(false, 0)
	pdf.SetMargins(left, top, left)
	pdf.SetLineJoinStyle("round")
	pdf.AddUTF8FontFromBytes(family, "", typeface.Regular)
	pdf.AddUTF8FontFromBytes(family, "B", typeface.Bold)
	pdf.AddUTF8FontFromBytes(family, "I", typeface.Italic)
	pdf.SetFont(family, "", bodySize)
	return &Document{pdf: pdf, meta: meta, targets: map[string]int{}, sections: []string{""}}
}

// NewPage begins a page.
func (d *Document) NewPage() {
	d.pdf.AddPage()
	d.sections = append(d.sections, d.section)
	d.y = top
}

// Need begins a new page unless the given height is left on this one.
func (d *Document) Need(height float64) {
	if d.pdf.PageNo() == 0 || d.y+height > bottom && d.y > top {
		d.NewPage()
	}
}

// Space leaves a gap, but none at the head of a page.
func (d *Document) Space(height float64) {
	if d.y > top {
		d.y += height
	}
}

// Section begins a part of the report on a new page, with its place in the
// bookmarks and the contents. Links find it by its title.
func (d *Document) Section(title string) {
	d.section = title
	d.NewPage()
	d.mark(title, 0)
	d.set(letters{size: sectionSize, bold: true, colour: ink}, left, d.y+sectionSize, title)
	d.y += 2 * sectionSize
	d.begun = true
}

// Brief is a section that has no more than a line to say: it stands on the
// present page, with its place in the bookmarks and the contents.
func (d *Document) Brief(title, text string) {
	d.Space(18)
	d.Need(2*sectionSize + 3*leading*bodySize)
	d.mark(title, 0)
	d.set(letters{size: sectionSize, bold: true, colour: ink}, left, d.y+sectionSize, title)
	d.y += 1.7 * sectionSize
	d.Text(Plain(text))
}

// Part begins a part of a section on a new page, with its place in the bookmarks
// but not in the contents, since there may be hundreds. Links find it by the
// target.
func (d *Document) Part(title, target string) {
	if !d.begun { // the first part stays below the section's title
		d.NewPage()
	}
	d.begun = false
	d.pdf.SetFont(family, "", bodySize) // bookmarks are encoded like the font
	d.pdf.Bookmark(typeface.Printable(title), 1, d.y)
	d.Target(target)
	d.paragraph(partSize, left, textWidth, []Span{Bold(title)})
}

// Heading sets a heading within a section, kept together with what follows.
func (d *Document) Heading(title string) {
	d.Space(10)
	d.Need(headingHeight + 3*leading*bodySize)
	d.heading(title)
}

const headingHeight = headingSize + 7

func (d *Document) heading(title string) {
	for i, line := range breakLines(headingSize, textWidth, []Span{Bold(title)}) {
		if i > 0 {
			d.y += headingSize * 1.25
		}
		d.setLine(headingSize, left, d.y+headingSize, line)
	}
	d.y += headingHeight
}

// mark puts the present place into bookmarks and contents, and makes it a
// target of links under its title.
func (d *Document) mark(title string, level int) {
	title = typeface.Printable(title)
	d.pdf.SetFont(family, "", bodySize) // bookmarks are encoded like the font
	d.pdf.Bookmark(title, level, d.y)
	d.Target(title)
	d.entries = append(d.entries, entry{text: title, level: level, page: d.pdf.PageNo(), target: title})
}

// Target gives the present place a name for links.
func (d *Document) Target(name string) {
	id := d.pdf.AddLink()
	d.pdf.SetLink(id, d.y, d.pdf.PageNo())
	d.targets[name] = id
}

// linkTo makes a rectangle of the present page lead to a named place, which may
// come later in the document, or never: then the link is left out.
func (d *Document) linkTo(target string, x, y, w, h float64) {
	if target != "" {
		d.links = append(d.links, link{d.pdf.PageNo(), x, y, w, h, target})
	}
}
