package chart

import (
	"math"
	"slices"
	"strings"
	"testing"
)

// By hand: 100 declared, 20 taken off, nothing, 5 put on: 85; and 80 with 5 put on.
func TestLaneBridge(t *testing.T) {
	b := LaneBridge{Steps: []LaneBridgeStep{{"exporter", "declared", 100}, {"exporter", "slips", -20}, {"exporter", "margin", 0}, {"exporter", "level", 5},
		{"importer", "declared", 80}, {"importer", "level", 5}}}
	rows := b.bars()
	want := []laneBridgeRow{{to: 100, whole: true}, {from: 100, to: 80}, {from: 80, to: 85}, {to: 85, whole: true}, {to: 80, whole: true}, {from: 80, to: 85}, {to: 85, whole: true}}
	if len(rows) != len(want) {
		t.Fatalf("%d rows: %+v", len(rows), rows)
	}
	for i, w := range want {
		if r := rows[i]; r.from != w.from || r.to != w.to || r.whole != w.whole {
			t.Errorf("row %d: %+v, want %+v", i, r, w)
		}
	}
	if c := (LaneBridge{}).Chart(); c.Absent == "" {
		t.Error("a bridge of nothing is drawn")
	}
}

// One reporter of whom hardly anything is known does not press the others
// together, and the axis begins at zero.
func TestReliabilityAxis(t *testing.T) {
	d := Reliability{Rows: []ReliabilityRow{{Label: "a", Exporter: Spread{Sigma: 0.1, Low: 0.08, High: 0.12}, Importer: NoSpread}, {Label: "b", Exporter: NoSpread, Importer: Spread{Sigma: 0.2, Low: 0.01, High: 9}}}}
	if p := d.axis(); p.X.Min != 0 || math.Abs(p.X.Max-1.05*0.3) > 1e-12 {
		t.Errorf("axis from %v to %v", p.X.Min, p.X.Max)
	}
	// Intervals may be unknown, as on annual data.
	d.Rows = []ReliabilityRow{{Exporter: Spread{Sigma: 0.4, Low: math.NaN(), High: math.NaN()}, Importer: NoSpread}}
	if p := d.axis(); math.Abs(p.X.Max-1.05*0.4) > 1e-12 {
		t.Errorf("without intervals the axis ends at %v", p.X.Max)
	}
	if c := (Reliability{}).Chart(); c.Absent == "" {
		t.Error("a chart of no reporter is drawn")
	}
}

// The bars of a group are as long as its shares, and the numbers behind them are
// the shares themselves.
func TestLags(t *testing.T) {
	d := Lags{Name: "arrivals", Rows: []LagRow{{Label: "near", Detail: "2 lanes", Shares: []float64{0.75, 0.25, 0, 0}}}}
	c := d.Chart()
	if want := [][]string{{"group", "lanes", "lag_0", "lag_1", "lag_2", "lag_3"}, {"near", "2 lanes", "0.75", "0.25", "0", "0"}}; !slices.EqualFunc(c.Data, want, slices.Equal) {
		t.Errorf("data %v", c.Data)
	}
	var drawn strings.Builder
	if err := c.WriteSVG(&drawn); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"in the month of departure", "75% after 0 months", "25% after 1 month"} {
		if !strings.Contains(drawn.String(), want) {
			t.Errorf("the drawing does not say %q", want)
		}
	}
	if c := (Lags{}).Chart(); c.Absent == "" {
		t.Error("a chart of no group is drawn")
	}
}

// Quartiles and fit are within reach, whatever single lanes say.
func TestMarginsReach(t *testing.T) {
	d := Margins{Bands: []MarginBand{{From: 200, To: 900, Lower: -0.1, Upper: 0.3}}, Curve: []MarginAt{{1000, 0.4}}, Lanes: []MarginLane{{500, 7}}}
	if low, high := d.reach(); low > -0.1 || low < -0.2 || high < 0.4 || high > 0.5 {
		t.Errorf("from %v to %v", low, high)
	}
	if c := (Margins{}).Chart(); c.Absent == "" {
		t.Error("a chart of no lane is drawn")
	}
}
