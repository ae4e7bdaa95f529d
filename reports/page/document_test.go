package page

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"gonum.org/v1/plot/vg"
)

func TestBreakLines(t *testing.T) {
	text := func(lines [][]word) (out []string) {
		for _, line := range lines {
			s := ""
			for i, w := range line {
				if i > 0 && w.spaced {
					s += " "
				}
				s += w.text
			}
			out = append(out, s)
		}
		return out
	}
	l := letters{size: 10}
	width := l.width("aaa bbb")
	tests := []struct {
		name  string
		spans []Span
		want  []string
	}{
		{"fits exactly", []Span{Plain("aaa bbb")}, []string{"aaa bbb"}},
		{"breaks", []Span{Plain("aaa bbb ccc")}, []string{"aaa bbb", "ccc"}},
		{"spans are set apart", []Span{Plain("aaa"), Plain("bbb")}, []string{"aaa bbb"}},
		{"but not from a full stop", []Span{Plain("aaa"), Plain(".")}, []string{"aaa."}},
		{"a word too long is cut", []Span{Plain("aaaaaaaaaaaa")}, []string{"aaaaaa", "aaaaaa"}},
		{"no break at a no-break space", []Span{Plain("aa bb\u00a0cc")}, []string{"aa", "bb\u00a0cc"}},
		{"nothing", []Span{Plain("")}, nil},
	}
	for _, test := range tests {
		got := text(breakLines(10, width, test.spans))
		if fmt.Sprint(got) != fmt.Sprint(test.want) {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
}

// raw makes a document without compression, so that its operators can be read.
func raw(t *testing.T, fill func(*Document)) string {
	t.Helper()
	d := New(Meta{Title: "Title", Creator: "test"})
	d.pdf.SetCompression(false)
	fill(d)
	var out bytes.Buffer
	if err := d.Write(&out); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// inUTF16 is how the writer encodes a text.
func inUTF16(text string) string {
	var out strings.Builder
	for _, r := range text {
		out.WriteByte(byte(r >> 8))
		out.WriteByte(byte(r))
	}
	return out.String()
}

func TestTableHeadIsRepeated(t *testing.T) {
	table := Table{Columns: []Column{{Head: "Letters", Width: 0.5}, {Head: "Figures", Width: 0.5, Right: true}}}
	for i := range 100 {
		table.Rows = append(table.Rows, Cells("row", fmt.Sprint(i)))
	}
	pages := 0
	got := raw(t, func(d *Document) {
		d.Section("S")
		d.Table(table)
		pages = d.pdf.PageCount()
	})
	if pages < 2 {
		t.Fatalf("100 rows on %d page", pages)
	}
	if heads := strings.Count(got, inUTF16("Letters")); heads != pages {
		t.Errorf("%d heads on %d pages", heads, pages)
	}
	if rows := strings.Count(got, inUTF16("row")); rows != 100 {
		t.Errorf("%d rows were set, want 100", rows)
	}
}

func TestRaggedRows(t *testing.T) {
	raw(t, func(d *Document) {
		d.Section("S")
		d.Table(Table{Columns: []Column{{Head: "a", Width: 0.5}, {Head: "b", Width: 0.5}}, Rows: [][]Cell{{}, Cells("1"), Cells("1", "2")}})
	})
}

func TestLinksLeadToPlacesThatExist(t *testing.T) {
	got := raw(t, func(d *Document) {
		d.Section("One")
		d.Text(Link("there", "Two"), Link("nowhere", "Three"))
		d.Section("Two")
	})
	if n := strings.Count(got, "/Subtype /Link"); n != 1 {
		t.Errorf("%d links, want the one that leads somewhere", n)
	}
}

func TestContents(t *testing.T) {
	const entries = 110
	pages := 0
	got := raw(t, func(d *Document) {
		d.Contents(entries)
		before := d.pdf.PageCount()
		if before != 3 {
			t.Errorf("%d pages are kept for %d entries, want 3", before, entries)
		}
		for i := range entries {
			d.Section(fmt.Sprintf("Part %d.", i))
		}
		pages = d.pdf.PageCount()
	})
	// Every title stands in the contents, over its section and in the head of
	// its page.
	for _, i := range []int{0, 41, 94} {
		if n := strings.Count(got, "("+inUTF16(fmt.Sprintf("Part %d.", i))+")"); n != 3 {
			t.Errorf("part %d stands in %d places, want 3", i, n)
		}
	}
	if n := strings.Count(got, "/Subtype /Link"); n != entries {
		t.Errorf("%d links in the contents, want %d", n, entries)
	}
	if want := inUTF16(fmt.Sprintf("page %d of %d", pages, pages)); !strings.Contains(got, want) {
		t.Error("the last page does not say that it is the last")
	}
}

func TestNotesSayWhatDidNotFit(t *testing.T) {
	var notes []string
	for i := range 40 {
		notes = append(notes, fmt.Sprintf("note number %d of a run that had much to say about itself", i))
	}
	got := raw(t, func(d *Document) {
		d.Section("S")
		d.y = bottom - 100
		d.Notes(notes, "all")
		if d.y > bottom+1 || d.pdf.PageCount() != 1 {
			t.Errorf("notes end at %v on page %d", d.y, d.pdf.PageCount())
		}
		d.Section("All")
		d.Target("all")
	})
	if !strings.Contains(got, inUTF16("further notes:")) {
		t.Error("the notes left out are not mentioned")
	}
}

func TestDatesAreThoseGiven(t *testing.T) {
	got := raw(t, func(d *Document) { d.Section("S") })
	for _, want := range []string{"/CreationDate (D:20000101000000)", "/ModDate (D:20000101000000)"} {
		if !strings.Contains(got, want) {
			t.Errorf("%s is missing", want)
		}
	}
}

func TestAbsentFigure(t *testing.T) {
	got := raw(t, func(d *Document) {
		d.Section("S")
		d.Figure(Figure{Title: "Nothing here", Absent: "There was no data."})
		if d.figures != 0 {
			t.Error("an absent figure used up a number")
		}
	})
	if !strings.Contains(got, inUTF16("There was no data.")) {
		t.Error("the reason is not said")
	}
}

// square is a drawing that has words for those who cannot see it.
type square struct{}

func (square) Draw(c vg.Canvas) {
	c.Fill(vg.Rectangle{Max: vg.Point{X: 10, Y: 10}}.Path())
}
func (square) Alternative() string { return "Ein Quadrat: α" }

// What a drawing shows in words goes with its marks; sequences are closed.
func TestDrawingsHaveWords(t *testing.T) {
	got := raw(t, func(d *Document) {
		d.pdf.SetCompression(false)
		d.Section("One")
		d.Figure(Figure{Title: "Square", Width: 10, Height: 10, Drawing: square{}})
		d.Table(Table{Columns: []Column{{Head: "a", Width: 1}}, Rows: [][]Cell{{{Drawing: square{}, Width: 10, Height: 10}}}})
	})
	const words = "<</Alt <FEFF00450069006E00200051007500610064007200610074003A002003B1>>> BDC"
	if n, closed := strings.Count(got, words), strings.Count(got, "\nEMC\n"); n != 2 || closed != 2 {
		t.Errorf("%d drawings have words, %d are closed, want 2", n, closed)
	}
}
