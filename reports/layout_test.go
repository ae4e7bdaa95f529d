package reports

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/recorder"

	"counterflow/data"
	"counterflow/reports/chart"
	"counterflow/reports/typeface"
	"counterflow/reports/wording"
)

// paperSpy notes where text is set. Charts neither turn nor stretch what they
// draw, so its coordinates are those of the canvas.
type paperSpy struct {
	recorder.Canvas
	texts []setText
}

type setText struct {
	text                   string
	left, right, low, high vg.Length
}

func (p *paperSpy) FillString(f font.Face, at vg.Point, text string) {
	p.texts = append(p.texts, setText{text, at.X, at.X + typeface.Width(f.Font, text), at.Y, at.Y + 0.72*f.Font.Size})
}

// faults lists texts that leave the chart or cover each other.
func faults(c chart.Chart) (found []string) {
	var spy paperSpy
	c.Draw(&spy)
	const slack = 0.6 // a label may lean over the edge by its own side bearing
	for i, a := range spy.texts {
		if a.left < -slack || a.right > c.Width+slack || a.low < -slack || a.high > c.Height+slack {
			found = append(found, fmt.Sprintf("%q leaves the chart: x %.1f to %.1f of %.0f, y %.1f to %.1f of %.0f", a.text, a.left, a.right, c.Width, a.low, a.high, c.Height))
		}
		for _, b := range spy.texts[:i] {
			if a.left < b.right-slack && b.left < a.right-slack && a.low < b.high-slack && b.low < a.high-slack {
				found = append(found, fmt.Sprintf("%q covers %q", a.text, b.text))
			}
		}
	}
	return found
}

// foreign names things in scripts and lengths that try the layout.
func foreign() Options {
	names := map[string]string{
		"GBR": "United Kingdom of Great Britain and Northern Ireland", "GRC": "Ελληνική Δημοκρατία", "UKR": "Україна",
		"CHN": "中华人民共和国", "CIV": "Côte d’Ivoire", "BOL": "Bolivia (Plurinational State of)", "VNM": "Việt Nam",
	}
	return Options{
		Title: "Κρίσιμα ορυκτά — критическое сырьё — 关键矿产: a title that is long enough to need a second line",
		Economy: func(e data.Economy) string {
			if name, ok := names[e.String()]; ok {
				return name
			}
			return e.String()
		},
		Goods: func(c data.Commodity) string {
			return "a name for goods that takes up more room than most, and then some more: " + c.Code()
		},
	}
}

// Labels of all charts keep clear of each other and of the edges, and no word
// about them accuses.
func TestLabelsKeepClear(t *testing.T) {
	for name, w := range looks() {
		for _, o := range []Options{{}, foreign()} {
			for _, c := range Figures(w.run(), o) {
				for _, text := range []string{c.Title, c.Subtitle, c.Caption, c.Absent} {
					if word := wording.Improper(text); word != "" {
						t.Errorf("%s, %s: %q", name, c.Name, word)
					}
				}
				if problems := faults(c); len(problems) > 0 {
					t.Errorf("%s, %s:\n  %s", name, c.Name, strings.Join(problems[:min(4, len(problems))], "\n  "))
				}
			}
		}
	}
}

// Amounts at the ends of what can occur.
func TestLabelsKeepClearOnExtremes(t *testing.T) {
	nan := math.NaN()
	rank := func(rows ...chart.RankRow) chart.Chart { return chart.Ranking{Rows: rows}.Chart() }
	bins := func(at ...int) []chart.Bin {
		b := chart.NewBins()
		for _, i := range at {
			b[i].Inside = 1_234_567
		}
		return b
	}
	for name, c := range map[string]chart.Chart{
		"far apart":       rank(chart.RankRow{Kg: 1, Low: 0.1, High: 1e12, USD: 1e9}, chart.RankRow{Kg: 1e11, Low: -5, High: 1e12, USD: 1}),
		"money near":      rank(chart.RankRow{Kg: 4e7, Low: 3e7, High: 5e7, USD: 1e8}, chart.RankRow{Kg: 5e7, Low: 3e7, High: 6e7, USD: 4e9}),
		"below zero":      rank(chart.RankRow{Kg: -4e7, Low: -9e7, High: 1e7, USD: -1e8}),
		"all zero":        rank(chart.RankRow{}),
		"nothing but one": rank(chart.RankRow{Kg: nan, Low: nan, High: nan, USD: nan}, chart.RankRow{Kg: 5, Low: nan, High: nan, USD: nan}),
		"wide cuts":       chart.Distribution{Bins: bins(0, 47), Low: -3.2, High: 3.2}.Chart(),
		"beyond the bins": chart.Distribution{Bins: bins(24), Low: -99, High: 99}.Chart(),
		"narrow cuts":     chart.Distribution{Bins: bins(24), Low: -0.01, High: 0.01}.Chart(),
		"one-sided cuts":  chart.Distribution{Bins: bins(24), Low: 0.2, High: 0.9}.Chart(),
		"a pair of giants": chart.Pairs{Rows: []chart.PairRow{
			{Label: "1", Exported: 1e-3, Imported: 1e13, Low: nan, High: nan}, {Label: "2", Exported: 0, Imported: 1e9, Low: nan, High: nan}}}.Chart(),
		"equal pairs": chart.Pairs{Money: true, Rows: []chart.PairRow{{Label: "1", Exported: 999e9, Imported: 999e9, Low: 1, High: 1e20}}}.Chart(),
	} {
		if problems := faults(c); len(problems) > 0 {
			t.Errorf("%s:\n  %s", name, strings.Join(problems, "\n  "))
		}
	}
}
