//go:build unix

package table

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"counterflow/reconcile"
)

// Rows a second of the table of pairs: run with -bench Pairs.
func BenchmarkPairs(b *testing.B) {
	const rows = 500_000
	r := many(rows)
	var before float64
	out := func(w io.Writer) *output {
		return &output{Writer: w, ctx: context.Background(), threads: Options{}.threads(), written: func(int) {}}
	}
	perSecond := func(b *testing.B) {
		b.ReportMetric(float64(rows)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
		b.ReportMetric((cpuSeconds()-before)*1e9/float64(rows)/float64(b.N), "cpu-ns/row")
	}
	b.Run("check", func(b *testing.B) {
		before = cpuSeconds()
		for range b.N {
			if err := pairsTable.check(r); err != nil {
				b.Fatal(err)
			}
		}
		perSecond(b)
	})
	b.Run("csv", func(b *testing.B) {
		before = cpuSeconds()
		for range b.N {
			if err := pairsTable.writeCSV(out(io.Discard), r); err != nil {
				b.Fatal(err)
			}
		}
		perSecond(b)
	})
	b.Run("parquet", func(b *testing.B) {
		before = cpuSeconds()
		for range b.N {
			if err := pairsTable.writeParquet(out(io.Discard), r); err != nil {
				b.Fatal(err)
			}
		}
		perSecond(b)
	})
	b.Run("read", func(b *testing.B) {
		var text bytes.Buffer
		if err := pairsTable.writeCSV(out(&text), r); err != nil {
			b.Fatal(err)
		}
		b.SetBytes(int64(text.Len()))
		before = cpuSeconds()
		for range b.N {
			back := &reconcile.Result{}
			in := &input{Reader: bytes.NewReader(text.Bytes()), name: "pairs.csv", ctx: context.Background(), threads: Options{}.threads()}
			if err := pairsTable.readCSV(in, back); err != nil {
				b.Fatal(err)
			}
		}
		perSecond(b)
	})
}

// cpuSeconds is what the process has used of all processors: on a machine that
// others use too it is steadier than the clock.
func cpuSeconds() float64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return float64(u.Utime.Nano()+u.Stime.Nano()) / 1e9
}

// BenchmarkFolder writes the whole folder to disk, hashes included.
func BenchmarkFolder(b *testing.B) {
	const rows = 500_000
	r := many(rows)
	for range b.N {
		dir := filepath.Join(b.TempDir(), "run")
		f, err := Create(dir)
		if err != nil {
			b.Fatal(err)
		}
		if err := Write(context.Background(), f, r, Options{}); err != nil {
			b.Fatal(err)
		}
		if err := f.Commit(NewManifest(r, "0", started, finished)); err != nil {
			b.Fatal(err)
		}
		os.RemoveAll(dir)
	}
	b.ReportMetric(float64(rows)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}
