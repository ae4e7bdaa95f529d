package table

import (
	"bytes"
	"context"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"counterflow/data/source"
	"counterflow/reconcile"
	"counterflow/reconcile/claims"
)

func TestQuote(t *testing.T) {
	for cell, want := range map[string]string{
		"": "", "plain": "plain", "a,b": `"a,b"`, `say "x"`: `"say ""x"""`, "a\nb": "\"a\nb\"", "a\rb": "\"a\rb\"", " a ": " a ", "naïve": "naïve",
	} {
		if got := string(quote(append([]byte("before,"), cell...), 7)); got != "before,"+want {
			t.Errorf("%q becomes %q, want %q", cell, got, "before,"+want)
		}
	}
}

func TestLastRow(t *testing.T) {
	for text, want := range map[string]string{
		"": "", "a,b": "", "a\n": "a\n", "a\nb": "a\n", "a\n\"b\nc": "a\n", "a\n\"b\nc\"\nd": "a\n\"b\nc\"\n", "\"b\nc": "", "\"\"\"\n\"\n": "\"\"\"\n\"\n", "\"x\n": "",
	} {
		if got := text[:lastRow([]byte(text))]; got != want {
			t.Errorf("%q has whole rows %q, want %q", text, got, want)
		}
	}
}

// Cells with line breaks may lie across the blocks that a file is read in.
func TestBlocksWithBreaks(t *testing.T) {
	r := &reconcile.Result{}
	for i := range 40_000 {
		r.Claims = append(r.Claims, claims.Claim{CaseID: "C-" + string(appendNumber(nil, float64(i))), Explanation: "timing",
			Verdict: claims.Holds, Note: strings.Repeat("line, \"quoted\"\n", 1+i%7)})
	}
	var text bytes.Buffer
	if err := claimsTable.writeCSV(&output{Writer: &text, ctx: context.Background(), threads: 2, written: func(int) {}}, r); err != nil {
		t.Fatal(err)
	}
	if text.Len() < 3*blockBytes {
		t.Fatalf("%d bytes are too few to show anything", text.Len())
	}
	back, err := readText(claimsTable, text.String())
	if err != nil || !reflect.DeepEqual(back.Claims, r.Claims) {
		t.Errorf("%d rows read back, %v", len(back.Claims), err)
	}
}

func readText(s sheet, text string) (*reconcile.Result, error) {
	r := &reconcile.Result{}
	in := strings.NewReader(text)
	return r, s.readCSV(&input{Reader: in, name: "t.csv", ctx: context.Background(), threads: 2}, r)
}

// Any text in a cell comes back as it was, bytes that are not UTF-8 excepted.
func TestTextRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := &reconcile.Result{}
		for range rapid.IntRange(1, 4).Draw(t, "rows") {
			r.Rejects = append(r.Rejects, source.Reject{File: rapid.String().Draw(t, "file"), Reason: "r", Value: rapid.String().Draw(t, "value"),
				Line: rapid.Int64Min(0).Draw(t, "line")})
		}
		var text bytes.Buffer
		if err := rejectsTable.writeCSV(&output{Writer: &text, ctx: context.Background(), threads: 1, written: func(int) {}}, r); err != nil {
			t.Fatal(err)
		}
		back, err := readText(rejectsTable, text.String())
		if err != nil || !reflect.DeepEqual(back.Rejects, r.Rejects) {
			t.Fatalf("%q reads back as %+v (%v), want %+v", text.String(), back.Rejects, err, r.Rejects)
		}
	})
}

func TestTextThatIsNotUTF8(t *testing.T) {
	r := &reconcile.Result{Rejects: []source.Reject{{File: "f", Line: 1, Reason: "r", Value: "C\xf4te"}}}
	if got := rejectsTable.records(r)[0][4]; got != "C\uFFFDte" {
		t.Errorf("the value becomes %q", got)
	}
}

// Whatever lies in a table, reading ends, in rows or in one line of words.
func FuzzReadCSV(f *testing.F) {
	r := sample()
	for i, s := range sheets {
		var text bytes.Buffer
		if err := s.writeCSV(&output{Writer: &text, ctx: context.Background(), threads: 1, written: func(int) {}}, r); err != nil {
			f.Fatal(err)
		}
		f.Add(i, text.Bytes())
		f.Add(i, text.Bytes()[:text.Len()*2/3])
		f.Add(i, bytes.ReplaceAll(text.Bytes(), []byte("\n"), []byte("\r\n")))
	}
	f.Fuzz(func(t *testing.T, i int, text []byte) {
		s := sheets[uint(i)%uint(len(sheets))]
		if _, err := readText(s, string(text)); err != nil && (strings.Contains(err.Error(), "\n") || !utf8.ValidString(err.Error())) {
			t.Errorf("the error is not one line of text: %q", err)
		}
	})
}
