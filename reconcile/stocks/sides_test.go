package stocks

import (
	"math"
	"testing"

	"counterflow/stats/spell"
)

// A side that says 0.1 (0.1) contradicts one that says 0.6 (0.1): they are 3.5
// errors apart. One that says 0.35 (0.24) does not, though it is no significant
// rise itself: it is within 1.645 errors of 0.26 of the other.
func TestContradicts(t *testing.T) {
	loud := side{shift: 0.6, se: 0.1}
	if !contradicts(side{shift: 0.1, se: 0.1}, loud) {
		t.Error("a side without a rise does not contradict")
	}
	if contradicts(side{shift: 0.35, se: 0.24}, loud) {
		t.Error("a side that cannot tell contradicts")
	}
	if contradicts(side{shift: 0.2, se: 0.1}, loud) {
		t.Error("a side that shows a significant rise contradicts")
	}
}

// Sides at 0.8 (0.06) and 0.4 (0.08) are four errors of 0.1 apart: three beyond
// the one that chance gives. A side alone at 0.3 (0.1) beside 0.5 for both is two
// apart, one beyond.
func TestApart(t *testing.T) {
	f := &finding{account: &account{ledger: &ledger{}}, Spell: spell.Spell{Shift: 0.5}}
	f.sides = [witnesses]side{{shift: 0.8, se: 0.06, spoke: true}, {shift: 0.4, se: 0.08, spoke: true}}
	if got := f.apart(); math.Abs(got-3) > 1e-12 {
		t.Errorf("apart by %g, want 3", got)
	}
	f.sides[byExporter] = side{}
	f.sides[byImporter] = side{shift: 0.3, se: 0.1, spoke: true}
	if got := f.apart(); math.Abs(got-1) > 1e-12 {
		t.Errorf("apart by %g, want 1", got)
	}
	f.sides[byImporter] = side{shift: 0.45, se: 0.1, spoke: true}
	if got := f.apart(); got != 0 {
		t.Errorf("within chance, and apart by %g", got)
	}
}

// In the second month two partners ship to Japan, which knows neither: its zero on
// the lane of a partner that never speaks is unknown then. In the first it knows
// both, and the zero stands.
func TestHush(t *testing.T) {
	lane := func(from string, imported, arrived []float64) flow {
		return flow{exporter: economy(from), importer: economy("JPN"), imported: imported, departed: []float64{nan, nan}, arrived: arrived}
	}
	flows := []flow{
		lane("CHN", []float64{5, nan}, []float64{5, 5}),
		lane("USA", []float64{4, nan}, []float64{4, 4}),
		lane("VNM", []float64{0, 0}, []float64{nan, nan}),
	}
	hush(flows, 2)
	equal(t, "zeros", flows[2].imported, []float64{0, nan})
	equal(t, "what was declared", flows[0].imported, []float64{5, nan})
}

// 100 made and 900 imported against 600 used and 300 sold on: ln(1000/900).
// Exports that are as large as imports leave a gap as well, where supply less
// exports would be nothing.
func TestGapByHand(t *testing.T) {
	l := &ledger{book: &book{production: []float64{100, 0}, use: []float64{600, 10}}, guessed: make([]float64, 2)}
	l.imports[byImporter], l.imports[byExporter] = []float64{900, 300}, []float64{900, 300}
	l.exports[byExporter] = []float64{300, 300}
	equal(t, "gap", l.gap(byImporter), []float64{math.Log(1000.0 / 900), math.Log(300.0 / 310)})
	l.guessed[0] = mostGuessed + 0.01
	equal(t, "gap where too much is guessed", l.gap(byImporter), []float64{nan, math.Log(300.0 / 310)})
}
