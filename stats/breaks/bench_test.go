package breaks

import (
	"math/rand/v2"
	"testing"
)

// mixture draws series as in the calibration design, one in fifty shifted.
func mixture(d *Design, n int) [][]float64 {
	ys := make([][]float64, n)
	for i := range ys {
		w := world{noise: studentNoise, outlying: .3}
		if i%50 == 0 {
			w.step = 3
		}
		ys[i] = make([]float64, len(d.times))
		w.draw(rand.New(rand.NewPCG(5, uint64(i))), ys[i], float64(i%7)/10, d.first, d.last)
	}
	return ys
}

func benchmarkScan(b *testing.B, scan func(*Scanner, []float64)) {
	d, err := NewDesign(Monthly(120))
	if err != nil {
		b.Fatal(err)
	}
	s, ys := d.NewScanner(), mixture(d, 1000)
	for _, y := range ys {
		scan(s, y) // fill the tables that are worked out on first use
	}
	b.ReportAllocs()
	b.ResetTimer()
	for i := range b.N {
		scan(s, ys[i%len(ys)])
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "series/s")
}

func BenchmarkScanOLS(b *testing.B) {
	benchmarkScan(b, func(s *Scanner, y []float64) { s.OLS(y) })
}

func BenchmarkScanRobust(b *testing.B) {
	benchmarkScan(b, func(s *Scanner, y []float64) { s.Robust(y, PhiPrior{}) })
}

// The trimmed fit with all 96 positions, season of two harmonics and trend.
func BenchmarkLTSScan(b *testing.B) {
	d, err := NewDesign(Monthly(120))
	if err != nil {
		b.Fatal(err)
	}
	ys := mixture(d, 100)
	settings := LTSSettings{Model: Monthly(120), First: d.first, Last: d.last, Quick: true}
	b.ReportAllocs()
	b.ResetTimer()
	for i := range b.N {
		if _, err := LTS(ys[i%len(ys)], settings); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "series/s")
}
