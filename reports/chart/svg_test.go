package chart

import (
	"bytes"
	"encoding/csv"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
	"testing"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

func svgOf(t *testing.T, c Chart) string {
	t.Helper()
	var out bytes.Buffer
	if err := c.WriteSVG(&out); err != nil {
		t.Fatal(err)
	}
	decoder := xml.NewDecoder(&out)
	text := out.String()
	for {
		if _, err := decoder.Token(); errors.Is(err, io.EOF) {
			return text
		} else if err != nil {
			t.Fatalf("not well-formed: %v\n%s", err, text)
		}
	}
}

// painted is a chart of 100 by 50 points with the given strokes.
func painted(paint func(draw.Canvas)) Chart {
	return Chart{Title: "T & <t>", Subtitle: "s", Width: 100, Height: 50, paint: paint}
}

// The lower left corner of the sheet is (0, 0), and the file counts downwards.
func TestVectorPlaces(t *testing.T) {
	c := painted(func(on draw.Canvas) {
		line(on, ink, 1, 1, 2, 3.456, 4)
		on.Push()
		on.Translate(vg.Point{X: 10, Y: 20})
		on.Rotate(math.Pi / 2)
		box(on, paper, rectangle(0, 0, 5, 6))
		on.Pop()
		caseMarker.draw(on, 50, 25, 2)
	})
	var out bytes.Buffer
	if err := c.WriteInline(&out); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`viewBox="0 -50 100 50"`, `d="M1 -2L3.46 -4"`, `<g transform="translate(10 -20) rotate(-90)">`,
		`d="M0 0L5 0L5 -6L0 -6Z"/></g>`,
		// A full disc: two halves, counter-clockwise.
		`d="M52 -25L52 -25A2 2 0 0 0 48 -25A2 2 0 0 0 52 -25Z"`,
		`aria-label="T &amp; &lt;t&gt;. s."`,
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%s is not in %s", want, out.String())
		}
	}
	if strings.Contains(out.String(), "http") {
		t.Error("an inline drawing names an address")
	}
}

func TestVectorEscapes(t *testing.T) {
	text := svgOf(t, Ranking{Title: "a <b> & \"c\"", Rows: []RankRow{{Label: "1  <script>", Kg: 5, Low: 2, High: 9, USD: 7, Note: "< 0.001"}}}.Chart())
	if strings.Contains(text, "<script") || !strings.Contains(text, "1  &lt;script&gt;") {
		t.Error("a name is written as markup")
	}
	if !strings.Contains(text, "weight: 5 kg (2 to 9 kg)") {
		t.Error("the values of a row are not said")
	}
}

func TestRowsOfAFigure(t *testing.T) {
	c := HeatMap{Exporters: []string{"A, B"}, Importers: []string{"X", "Y", "Z"},
		Cells: [][]Cell{{{Index: -0.25, Traded: true, Case: true}, {Index: math.NaN(), Traded: true}, {}}}}.Chart()
	var out bytes.Buffer
	if err := c.WriteCSV(&out); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(&out).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	want := "[[exporter importer index holds_case] [A, B X -0.25 true] [A, B Y  false]]"
	if got := fmt.Sprint(rows); got != want {
		t.Errorf("rows %s, want %s", got, want)
	}
}
