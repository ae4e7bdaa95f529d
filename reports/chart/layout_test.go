package chart

import (
	"bytes"
	"image/png"
	"math"
	"testing"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/recorder"

	"counterflow/data"
)

func month(t *testing.T, y, m int) data.Period {
	t.Helper()
	p, err := data.Month(y, m)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestApart(t *testing.T) {
	tests := []struct{ a, b, wantA, wantB vg.Length }{
		{50, 20, 50, 20},  // far enough
		{50, 48, 54, 44},  // pushed to either side
		{48, 50, 44, 54},  // the order stays
		{99, 98, 100, 90}, // not beyond the top
		{1, 2, 0, 10},     // nor the bottom
		{30, 30, 35, 25},  // ties
	}
	for _, test := range tests {
		if a, b := apart(test.a, test.b, 10, 0, 100); a != test.wantA || b != test.wantB {
			t.Errorf("apart(%v, %v) = %v, %v, want %v, %v", test.a, test.b, a, b, test.wantA, test.wantB)
		}
	}
}

func TestEventsKeepClearOfEachOther(t *testing.T) {
	s := span{low: float64(month(t, 2021, 1).Index()) - 0.5, high: float64(month(t, 2024, 12).Index()) + 0.5, monthly: true}
	var events []Event
	for i := range 24 {
		events = append(events, Event{At: month(t, 2020, 6).Add(3 * i), Text: "a measure with a rather long name"})
	}
	labels := placeEvents(events, s, 400)
	if len(labels) != 16 { // 2021-03 to 2024-12 in steps of three months
		t.Fatalf("%d of 24 events lie in the time shown, want 16", len(labels))
	}
	named := 0
	for i, l := range labels {
		if l.row < 0 {
			continue
		}
		named++
		if _, from, to := l.extent(400); from < 0 || to > 400 {
			t.Errorf("label %d reaches from %v to %v", i, from, to)
		}
		var others []eventLabel
		for j, other := range labels {
			if j != i {
				others = append(others, other)
			}
		}
		if !l.free(others, 400) {
			t.Errorf("label %d covers another, or a line runs through it", i)
		}
	}
	if named < 3 {
		t.Errorf("only %d labels found room", named)
	}
}

func TestFitKeepsTheCode(t *testing.T) {
	l := letters{size: 8}
	room := l.width("United Kingd… (GBR)")
	if got, want := l.fitCoded("United Kingdom of Great Britain (GBR)", room), "United Kingd… (GBR)"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := l.fitCoded("Chad (TCD)", room); got != "Chad (TCD)" {
		t.Errorf("what fits became %q", got)
	}
	if got := l.fit("abc", 0); got != "" {
		t.Errorf("no room gives %q", got)
	}
}

func TestBinOf(t *testing.T) {
	for logRatio, want := range map[float64]int{
		0: 24, 0.01: 24, -0.01: 23, math.Ln2: 28, 100: 47, math.Inf(1): 47, math.Inf(-1): 0, -6 * math.Ln2: 0,
	} {
		if got, ok := BinOf(logRatio); !ok || got != want {
			t.Errorf("BinOf(%v) = %d, %v, want %d", logRatio, got, ok, want)
		}
	}
	if _, ok := BinOf(math.NaN()); ok {
		t.Error("NaN has a bin")
	}
}

func TestIndexText(t *testing.T) {
	for index, want := range map[float64]string{0: "0", 0.004: "0", -0.35: "−.35", 0.5: "+.50", 1: "+1", -1: "−1", 0.999: "+1"} {
		if got := indexText(index); got != want {
			t.Errorf("indexText(%v) = %q, want %q", index, got, want)
		}
	}
}

// The scale runs from one side's colour to the other's.
func TestIndexColour(t *testing.T) {
	if indexColour(-1) != importerColour || indexColour(1) != exporterColour || indexColour(-7) != importerColour {
		t.Error("the ends of the scale are not the colours of the two sides")
	}
	lightness := func(v float64) int { c := indexColour(v); return int(c.R) + int(c.G) + int(c.B) }
	for i := range 10 {
		v := -1 + 0.1*float64(i)
		if lightness(v+0.1) <= lightness(v) || lightness(-v-0.1) <= lightness(-v) {
			t.Errorf("the scale is not lighter towards agreement at %v", v)
		}
	}
}

func TestRatioWords(t *testing.T) {
	tests := []struct {
		m, x float64
		want string
	}{{2, 1, "×2"}, {1, 4, "÷4"}, {1, 1, "×1"}, {0, 1, "–"}, {1, 0, "–"}, {math.NaN(), 1, "–"}, {0.998, 1, "×0.998"}}
	for _, test := range tests {
		if got := ratioWords(test.m, test.x); got != test.want {
			t.Errorf("%v over %v is %q, want %q", test.m, test.x, got, test.want)
		}
	}
}

// Charts without data are absent, with a reason, and draw nothing.
func TestAbsent(t *testing.T) {
	nan := math.NaN()
	for name, c := range map[string]Chart{
		"ranking":      Ranking{}.Chart(),
		"pairs":        Pairs{}.Chart(),
		"lane":         Lane{Points: []LanePoint{{Period: month(t, 2024, 1), Exported: nan, Imported: nan, Low: nan, High: nan}}}.Chart(),
		"heat map":     HeatMap{Exporters: []string{"A"}, Importers: []string{"B"}, Cells: [][]Cell{{{}}}}.Chart(),
		"distribution": Distribution{Bins: NewBins()}.Chart(),
		"availability": Availability{}.Chart(),
	} {
		if c.Absent == "" {
			t.Errorf("%s has no data and is not absent", name)
		}
		var rec recorder.Canvas
		c.Draw(&rec)
		if len(rec.Actions) != 0 {
			t.Errorf("%s is absent and draws", name)
		}
	}
}

func TestOneCaseWithoutNumbers(t *testing.T) {
	nan := math.NaN()
	c := Ranking{Rows: []RankRow{{Label: "1", Kg: nan, Low: nan, High: nan, USD: nan}}}.Chart()
	var file bytes.Buffer
	if err := c.WritePNG(&file, 72); err != nil {
		t.Fatal(err)
	}
}

func TestWritePNG(t *testing.T) {
	c := Ranking{Title: "T", Rows: []RankRow{{Label: "1", Kg: 5, Low: -2, High: 9, USD: 3}}}.Chart()
	var first, second bytes.Buffer
	if err := c.WritePNG(&first, 144); err != nil {
		t.Fatal(err)
	}
	if err := c.WritePNG(&second, 144); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(first.Bytes(), second.Bytes()) {
		t.Error("the same chart gave other bytes")
	}
	img, err := png.Decode(&first)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := img.Bounds().Dx(), 2*(486+2*16); got != want {
		t.Errorf("%d pixels wide at 144 dpi, want %d", got, want)
	}
}
