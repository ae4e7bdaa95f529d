package web

import (
	"bytes"
	"io"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"counterflow/reports/page"
)

// made writes a page and gives its text and its tree.
func made(t *testing.T, fill func(*Document)) (string, *html.Node) {
	t.Helper()
	d := New(page.Meta{Title: "T <&>", Creator: "test"})
	fill(d)
	var out bytes.Buffer
	if err := d.Write(&out); err != nil {
		t.Fatal(err)
	}
	text := out.String()
	tree, err := html.Parse(&out)
	if err != nil {
		t.Fatal(err)
	}
	return text, tree
}

func TestLinks(t *testing.T) {
	text, _ := made(t, func(d *Document) {
		d.Section("One")
		d.Text(page.Link("there", "later"), page.Link("nowhere", "never set"), page.Plain(", end."))
		d.Target("later")
		d.Target("La ter") // another name that makes the same id
		d.Target("LA TER")
		d.Part("a part", "42")
	})
	for _, want := range []string{
		`<a href="#later">there</a> nowhere, end.`, `<span id="later"></span>`, `<span id="la-ter"></span><span id="la-ter-2"></span>`,
		`<article id="at-42">`, `<li class="level0"><a href="#one">One</a></li>`,
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%s is not in the page:\n%s", want, text)
		}
	}
}

// Whatever a name holds, it stays a text.
func TestNamesStayText(t *testing.T) {
	evil := "<script>x</script>\" onload='y' &amp; \x01a\x02b\x03 \xff"
	text, tree := made(t, func(d *Document) {
		d.Title(evil, evil)
		d.Tiles([]page.Tile{{Number: evil, Meaning: evil}})
		d.Text(page.Bold(evil), page.Link(evil, evil))
		d.Item(evil, page.Plain(evil))
		d.Notes([]string{evil}, evil)
		d.Table(page.Table{Title: evil, Sorted: true, Words: []string{evil}, Columns: []page.Column{{Head: evil}},
			Rows: [][]page.Cell{{{Text: evil, Under: evil, To: evil, Key: evil}}}})
		d.Figure(page.Figure{Title: evil, Absent: evil})
		d.Part(evil, evil)
	})
	scripts := 0
	walk(tree, func(n *html.Node) {
		if n.Type == html.ElementNode && n.Data == "script" {
			scripts++
		}
		for _, a := range n.Attr {
			if strings.HasPrefix(a.Key, "on") {
				t.Errorf("attribute %s of <%s>", a.Key, n.Data)
			}
		}
	})
	if scripts != 1 {
		t.Errorf("%d scripts, want the page's own", scripts)
	}
	if strings.ContainsAny(text, "\x01\x02\x03") {
		t.Error("control characters are left in the page")
	}
}

// Every element that is opened is closed in its order, which browsers would
// mend in silence.
func TestNesting(t *testing.T) {
	text, _ := made(t, func(d *Document) {
		d.Title("T")
		d.Section("A")
		d.Part("p", "p")
		d.Part("q", "q")
		d.Table(page.Table{Columns: []page.Column{{Head: "h", Right: true}}, Rows: [][]page.Cell{page.Cells("1", "too many")}})
		d.Section("B")
	})
	if problem := unbalanced(text); problem != "" {
		t.Error(problem)
	}
	if unbalanced("<p><b></p></b>") == "" || unbalanced("<div>") == "" {
		t.Error("the check cannot fail")
	}
	if strings.Contains(text, "too many") {
		t.Error("a cell without a column is set")
	}
}

func walk(n *html.Node, do func(*html.Node)) {
	do(n)
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		walk(c, do)
	}
}

// unbalanced says which element is not closed in its order.
func unbalanced(text string) string {
	const void = "|meta|input|br|link|img|col|"
	var open []string
	tokens := html.NewTokenizer(strings.NewReader(text))
	for {
		switch tokens.Next() {
		case html.ErrorToken:
			if tokens.Err() != io.EOF {
				return tokens.Err().Error()
			}
			if len(open) > 0 {
				return "not closed: " + strings.Join(open, " ")
			}
			return ""
		case html.StartTagToken:
			if name, _ := tokens.TagName(); !strings.Contains(void, "|"+string(name)+"|") {
				open = append(open, string(name))
			}
		case html.EndTagToken:
			name, _ := tokens.TagName()
			if len(open) == 0 || open[len(open)-1] != string(name) {
				return "</" + string(name) + "> closes " + strings.Join(open, " ")
			}
			open = open[:len(open)-1]
		}
	}
}
