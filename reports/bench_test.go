package reports

import (
	"os"
	"path/filepath"
	"testing"
)

// BenchmarkDraw makes 40 charts in two resolutions and a report with 500 cases.
func BenchmarkDraw(b *testing.B) {
	w := monthlyWorld()
	w.cases, w.lanes = 500, 300
	r := w.run()
	dir := b.TempDir()
	for b.Loop() {
		out, err := Draw(r, dir, Options{Lanes: 33, Cases: 500, DPI: []int{150, 300}}, nil)
		if err != nil {
			b.Fatal(err)
		}
		size := int64(0)
		for _, name := range append(out.Charts, out.Report) {
			info, err := os.Stat(filepath.Join(dir, name))
			if err != nil {
				b.Fatal(err)
			}
			if size += info.Size(); name == out.Report {
				b.ReportMetric(float64(info.Size()), "report-bytes")
			}
		}
		b.ReportMetric(float64(len(out.Charts)), "pictures")
		b.ReportMetric(float64(size), "bytes")
	}
}
