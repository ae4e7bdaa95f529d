package web

import (
	_ "embed"
	"fmt"
	"html"
	"io"
	"regexp"
	"strings"
	"unicode"

	"counterflow/reports/page"
)

//go:embed report.css
var style string

//go:embed report.js
var script string

// Document is a page of HTML in the making.
type Document struct {
	meta    page.Meta
	body    strings.Builder
	entries []entry
	ids     map[string]string // of targets
	taken   map[string]bool   // ids
	open    []string          // elements to close before the next section
	figures int
	tables  int
	err     error
}

// entry is one line of the contents.
type entry struct {
	text, id string
	level    int // 0 for a section, 1 for a figure
}

// New begins an empty page.
func New(meta page.Meta) *Document {
	return &Document{meta: meta, ids: map[string]string{}, taken: map[string]bool{}}
}

// policy lets the page use what is in it and load nothing.
const policy = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:"

// Write finishes the page and writes it. The document takes nothing more after
// that.
func (d *Document) Write(to io.Writer) error {
	d.closeAll()
	if d.err != nil {
		return fmt.Errorf("making the page: %w", d.err)
	}
	title, creator := escape(d.meta.Title), escape(d.meta.Creator)
	for _, part := range []string{
		"<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n",
		`<meta http-equiv="Content-Security-Policy" content="` + policy + "\">\n",
		"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n",
		"<meta name=\"description\" content=\"" + escape(d.meta.Subject) + "\">\n<meta name=\"generator\" content=\"" + creator + "\">\n",
		"<title>" + title + "</title>\n<style>\n" + style + "</style>\n</head>\n<body>\n",
		"<a class=\"skip\" href=\"#content\">Skip to the findings</a>\n",
		d.contents(), "<main id=\"content\">\n", d.resolved(), "</main>\n<footer>" + creator + "</footer>\n",
		"<script>\n" + script + "</script>\n</body>\n</html>\n",
	} {
		if _, err := io.WriteString(to, part); err != nil {
			return err
		}
	}
	return nil
}

// contents is the list of sections and figures beside the page.
func (d *Document) contents() string {
	var out strings.Builder
	out.WriteString("<nav aria-label=\"Contents\">\n<p>" + escape(d.meta.Title) + "</p>\n<ul>\n")
	for _, e := range d.entries {
		fmt.Fprintf(&out, "<li class=\"level%d\"><a href=\"#%s\">%s</a></li>\n", e.level, e.id, escape(e.text))
	}
	out.WriteString("</ul>\n</nav>\n")
	return out.String()
}

// A link is kept as its target and its text between control characters until all
// targets are known: one that leads nowhere becomes plain text.
var kept = regexp.MustCompile("\x01([^\x02]*)\x02([^\x03]*)\x03")

func (d *Document) resolved() string {
	return kept.ReplaceAllStringFunc(d.body.String(), func(link string) string {
		parts := kept.FindStringSubmatch(link)
		if id, known := d.ids[html.UnescapeString(parts[1])]; known {
			return `<a href="#` + id + `">` + parts[2] + "</a>"
		}
		return parts[2]
	})
}

// escape makes any text safe between tags and between quotes. Control characters
// become blanks.
func escape(text string) string {
	return html.EscapeString(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(text, "\uFFFD")))
}

// target gives a name to the element that is written next, and its id.
func (d *Document) target(name string) (id string) {
	plain := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			return r
		case r >= 'A' && r <= 'Z':
			return r + 'a' - 'A'
		}
		return '-'
	}, name)
	for n := 0; id == "" || d.taken[id]; n++ {
		id = strings.Trim(plain, "-")
		if n > 0 || id == "" {
			id += fmt.Sprintf("-%d", n+1)
		}
		if id != "" && id[0] >= '0' && id[0] <= '9' || id == "content" {
			id = "at-" + id
		}
	}
	d.taken[id] = true
	d.ids[name] = id
	return id
}

func (d *Document) write(format string, values ...any) { fmt.Fprintf(&d.body, format, values...) }

// begin opens an element that the next section or part closes.
func (d *Document) begin(element, attributes string) {
	d.write("<%s%s>\n", element, attributes)
	d.open = append(d.open, element)
}

func (d *Document) closeAll() { d.closeTo(0) }

func (d *Document) closeTo(open int) {
	for len(d.open) > open {
		d.write("</%s>\n", d.open[len(d.open)-1])
		d.open = d.open[:len(d.open)-1]
	}
}
