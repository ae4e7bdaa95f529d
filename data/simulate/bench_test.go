package simulate

import "testing"

// A standard world is to be drawn and written in under 15 seconds.
func BenchmarkStandardWorld(b *testing.B) {
	s := standard()
	for b.Loop() {
		w, err := Make(s)
		if err != nil {
			b.Fatal(err)
		}
		out, err := w.Write(b.TempDir())
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(out.Rows), "rows")
	}
}
