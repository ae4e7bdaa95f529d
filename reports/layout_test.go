package reports

import (
	"fmt"
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
