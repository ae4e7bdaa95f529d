package cases

import "testing"

// A lane whose importer lastingly declares a quarter of what the exporter does: 100
// against 25 a month. In two months the exporter gives 60 another name: 40 are left,
// 25 are still imported. Outside, the ratio is 1/4. The importer's gap is
// 2 x (25 - 40/4) = 30, the exporter's 120. Under the other name the exporter declares 60
// a month and the importer nothing: 120. As one side counts both they agree; 30 against
// 120 would not be of one size.
func TestGapsAreComparedAsOneSideCounts(t *testing.T) {
	const n = 12
	x, m, x2, m2 := make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n)
	for i := range n {
		x[i], m[i] = 100, 25
	}
	w := span{start: 5, end: 6}
	for i := w.start; i <= w.end; i++ {
		x[i], x2[i] = 40, 60
	}
	byExporter, byImporter := gapBySide(x, m, w, 1)
	if byExporter != 120 || byImporter != 30 {
		t.Errorf("gap of %g as the exporter counts, %g as the importer does; want 120 and 30", byExporter, byImporter)
	}
	if !sameGap(x, m, x2, m2, w, 1) || !sameGap(x2, m2, x, m, w, -1) {
		t.Error("the same goods under two names were not seen to be of one size")
	}
	for i := w.start; i <= w.end; i++ {
		x2[i] = 2 // four in all is neither 120 nor 30
	}
	if sameGap(x, m, x2, m2, w, 1) {
		t.Error("gaps of other sizes were taken for the same goods")
	}
}
