package reports

import (
	"os"
	"path/filepath"
	"testing"
)

// BenchmarkDraw makes what a report must not take longer than 20 s or more than
// 15 MB for: 40 charts in two resolutions, and a PDF and an HTML page with 200
// dossiers each.
func BenchmarkDraw(b *testing.B) {
	w := monthlyWorld()
	w.cases, w.lanes = 500, 300
	r := w.run()
	dir := b.TempDir()
	for b.Loop() {
		out, err := Draw(r, dir, Options{Lanes: 23, Cases: 200, DPI: []int{150, 300}}, nil)
		if err != nil {
			b.Fatal(err)
		}
		for name, unit := range map[string]string{out.Report: "PDF-bytes", out.Page: "HTML-bytes"} {
			info, err := os.Stat(filepath.Join(dir, name))
			if err != nil {
				b.Fatal(err)
			}
			b.ReportMetric(float64(info.Size()), unit)
		}
		b.ReportMetric(float64(len(out.Charts)/2), "charts")
	}
}
