package web

import (
	"fmt"
	"io"
	"strings"

	"counterflow/reports/page"
)

// Title sets the head of the page: the title, and under it what the report
// covers.
func (d *Document) Title(title string, under ...string) {
	d.section("Findings", false)
	d.write("<h1>%s</h1>\n", escape(title))
	for _, text := range under {
		d.write("<p class=\"under\">%s</p>\n", escape(text))
	}
}

// Tiles sets a few figures side by side.
func (d *Document) Tiles(tiles []page.Tile) {
	d.write("<dl class=\"tiles\">\n")
	for _, t := range tiles {
		d.write("<div><dd>%s</dd><dt>%s</dt></div>\n", escape(t.Number), escape(t.Meaning))
	}
	d.write("</dl>\n")
}

// Section begins a part of the report. Links find it by its title.
func (d *Document) Section(title string) { d.section(title, true) }

// Brief is a section that has no more than a line to say.
func (d *Document) Brief(title, text string) {
	d.Section(title)
	d.Text(page.Plain(text))
}

func (d *Document) section(title string, heading bool) {
	d.closeAll()
	id := d.target(title)
	d.entries = append(d.entries, entry{text: title, id: id})
	d.begin("section", ` id="`+id+`"`)
	if heading {
		d.write("<h2>%s</h2>\n", escape(title))
	}
}

// Part begins a part of a section. Links find it by the target.
func (d *Document) Part(title, target string) {
	d.closeTo(1)
	d.begin("article", ` id="`+d.target(target)+`"`)
	d.write("<h3>%s</h3>\n", escape(title))
}

// Heading sets a heading within a section.
func (d *Document) Heading(title string) { d.write("<h4>%s</h4>\n", escape(title)) }

// Text sets a paragraph. Spans are set apart by a blank.
func (d *Document) Text(spans ...page.Span) { d.write("<p>%s</p>\n", inline(spans)) }

// Small sets a paragraph in small letters.
func (d *Document) Small(spans ...page.Span) { d.write("<p class=\"small\">%s</p>\n", inline(spans)) }

// Item sets a paragraph that hangs from a mark, such as "1" or "•".
func (d *Document) Item(mark string, spans ...page.Span) {
	d.write("<p class=\"item\"><b class=\"mark\">%s</b> %s</p>\n", escape(mark), inline(spans))
}

// Target gives the present place a name for links.
func (d *Document) Target(name string) { d.write("<span id=\"%s\"></span>", d.target(name)) }

// Notes sets numbered notes.
func (d *Document) Notes(notes []string, _ string) {
	if len(notes) == 0 {
		return
	}
	d.write("<ol class=\"notes\">\n")
	for _, note := range notes {
		d.write("<li>%s</li>\n", escape(note))
	}
	d.write("</ol>\n")
}

// Contents does nothing: the contents stand beside the page.
func (d *Document) Contents(int) {}

// inlineDrawing is a figure that can write itself as an element.
type inlineDrawing interface {
	WriteInline(io.Writer) error
}

// Figure sets a figure with its number. Where there is nothing to draw, one line
// says why, and no number is used up.
func (d *Document) Figure(f page.Figure) {
	if f.Absent != "" {
		d.Heading(f.Title)
		d.Text(page.Plain(f.Absent))
		return
	}
	title, id := f.Title, ""
	if !f.Plain {
		d.figures++
		title = fmt.Sprintf("Figure %d. %s", d.figures, f.Title)
		name := f.Target
		if name == "" {
			name = title
		}
		id = d.target(name)
		d.entries = append(d.entries, entry{text: title, id: id, level: 1})
		id = ` id="` + id + `"`
	}
	d.write("<figure%s>\n<p class=\"title\">%s</p>\n<p class=\"under\">%s</p>\n<div class=\"drawing\" tabindex=\"0\">", id, escape(title), escape(f.Subtitle))
	drawing, ok := f.Drawing.(inlineDrawing)
	if !ok {
		d.err = fmt.Errorf("the figure %q cannot be written as an element", f.Title)
		return
	}
	if err := drawing.WriteInline(&d.body); err != nil {
		d.err = err
	}
	d.write("</div>\n<figcaption>%s</figcaption>\n</figure>\n", escape(f.Caption))
}

// inline writes spans with one blank between them, but none before a closing
// mark.
func inline(spans []page.Span) string {
	var out strings.Builder
	for _, s := range spans {
		if s.Text == "" {
			continue
		}
		if out.Len() > 0 && !strings.ContainsRune(",.;:)", rune(s.Text[0])) {
			out.WriteByte(' ')
		}
		text := escape(s.Text)
		if s.To != "" {
			text = "\x01" + escape(s.To) + "\x02" + text + "\x03"
		}
		for _, look := range []struct {
			on          bool
			begin, stop string
		}{{s.Bold, "<b>", "</b>"}, {s.Italic, "<i>", "</i>"}, {s.Muted, "<span class=\"muted\">", "</span>"}} {
			if look.on {
				text = look.begin + text + look.stop
			}
		}
		out.WriteString(text)
	}
	return out.String()
}
