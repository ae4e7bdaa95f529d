package vault

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// The benchmark of storing a file, in CPU time of the whole process beside the
// wall clock, since a machine may have other work:
//
//	COUNTERFLOW_BENCH_FILE=flows.csv go test ./data/vault -run '^$' -bench Ingest -benchtime 1x
//
// The benchmark of reconcile/mirror writes a file of 20 million rows.
func BenchmarkIngest(b *testing.B) {
	path := os.Getenv("COUNTERFLOW_BENCH_FILE")
	if path == "" {
		path = write(b, "a.csv", several(200_000))
	}
	load, _ := os.ReadFile("/proc/loadavg")
	for b.Loop() {
		v := Open(filepath.Join(b.TempDir(), "vault"))
		before, start := processSeconds(b), time.Now()
		of, _, err := v.Ingest(context.Background(), path, Label{Fetched: "2024-09-05", Series: "s"}, Options{})
		if err != nil {
			b.Fatal(err)
		}
		wall, cpu := time.Since(start).Seconds(), processSeconds(b)-before
		b.ReportMetric(float64(of.Rows)/wall/1e6, "Mrows/s")
		b.ReportMetric(float64(of.Rows)/cpu/1e6, "Mrows/CPUs")
		b.ReportMetric(float64(of.Stored)/float64(of.Bytes), "of-file")
		b.ReportMetric(float64(of.Stored)/float64(of.Rows), "B/row")
		b.Logf("%d rows of %d bytes in %.2f s, %.2f CPU s; load before %s", of.Rows, of.Bytes, wall, cpu, strings.TrimSpace(string(load)))
	}
}

// processSeconds is the CPU time that this process has had.
func processSeconds(b *testing.B) float64 {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		b.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano()).Seconds()
}
