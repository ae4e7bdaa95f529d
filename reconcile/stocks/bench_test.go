package stocks

import (
	"fmt"
	"slices"
	"syscall"
	"testing"
	"time"

	"counterflow/data"
	"counterflow/reconcile/panel"
)

// BenchmarkDetect keeps the accounts of one million lane months: 40 goods from 7
// exporters to 60 importers over five years, with use known in all 2,400
// accounts. The goal is 10 CPU seconds; the peak of memory is that of the
// process, input included.
//
//	go test ./reconcile/stocks -run '^$' -bench Detect -benchtime 1x
func BenchmarkDetect(b *testing.B) {
	m := newMade(b, 1)
	steady := func(int) float64 { return 1 }
	for g := range 40 {
		code := fmt.Sprintf("81%02d99", g)
		for i := range 60 {
			to := string([]byte{'I', 'A' + byte(i/26), 'A' + byte(i%26)})
			var arrived [][]float64
			for x := range 7 {
				arrived = append(arrived, m.lane(code, "X"+string([]byte{'A' + byte(x), 'A' + byte(g%26)}), to, 10_000, steady, [witnesses]func(int) float64{}))
			}
			m.use(code, to, arrived...)
		}
	}
	slices.SortStableFunc(m.input.Panel.Lanes, func(x, y panel.Lane) int { return int(x.Goods>>8) - int(y.Goods>>8) })
	m.input.Events = []data.Event{{ID: "E", Actor: "XAA", Effective: m.start.Add(40), Commodities: []data.Commodity{goods("810099")}}}
	for b.Loop() {
		before := used(b)
		r, err := Detect(m.input, Settings{})
		if err != nil {
			b.Fatal(err)
		}
		after := used(b)
		b.ReportMetric(processor(after)-processor(before), "CPU-s")
		b.ReportMetric(float64(after.Maxrss)/1024, "peak-MB")
		b.ReportMetric(float64(len(m.input.Panel.Lanes)*m.n), "lane-months")
		b.ReportMetric(float64(len(r.Accounts)), "rows")
	}
}

func used(b *testing.B) syscall.Rusage {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return u
}

// processor is the CPU seconds that the process has had.
func processor(u syscall.Rusage) float64 {
	return time.Duration(u.Utime.Nano() + u.Stime.Nano()).Seconds()
}
