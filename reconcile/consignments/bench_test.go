package consignments

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"counterflow/data"
	"counterflow/data/reference"
	"counterflow/data/source"
)

// million draws consignments of ten goods on some hundred lanes with a handful of
// pairs each, over five years: log-normal masses, a sixth of them round lots.
func million(n int) ([]data.Consignment, []data.Threshold) {
	r := rand.New(rand.NewPCG(7, 7))
	first, err := data.ParseDay("2020-01-01")
	if err != nil {
		panic(err)
	}
	rows := make([]data.Consignment, n)
	var limits []data.Threshold
	for g := range 10 {
		limits = append(limits, data.Threshold{Commodity: data.MustCommodity(fmt.Sprintf("2846%02d", g), 0), Mass: 1_000_000})
	}
	var economies []data.Economy
	for _, e := range reference.Economies() {
		if e.Kind == reference.KindEconomy {
			economies = append(economies, e.Economy)
		}
	}
	economy := func(i int) data.Economy { return economies[i%len(economies)] }
	for i := range rows {
		lane := r.IntN(n / 2500)
		mass := 800 * math.Exp(0.8*r.NormFloat64())
		if r.IntN(6) == 0 {
			mass = []float64{100, 250, 500, 1000, 2000, 5000}[r.IntN(6)]
		}
		rows[i] = data.Consignment{Day: first + data.Day(r.IntN(1826)), Exporter: data.Exporter(economy(lane)), Importer: data.Importer(economy(lane/7 + lane + 1)),
			Commodity: limits[lane%10].Commodity, Shipper: data.Party(5*lane + r.IntN(5)), Consignee: data.Party(5 * lane),
			NetWeight: data.Kilograms(math.Round(mass*10) / 10), Value: data.MissingUSD}
	}
	return rows, limits
}

// BenchmarkDetect is one million consignments, read from a file and tested; the
// goal is 10 CPU seconds. The peak of memory is that of the process, the making
// of the file included.
//
//	go test ./reconcile/consignments -run '^$' -bench Detect -benchtime 1x
func BenchmarkDetect(b *testing.B) {
	rows, limits := million(1_000_000)
	path := filepath.Join(b.TempDir(), "consignments.csv")
	if err := os.WriteFile(path, csvOf(rows), 0o644); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		before := used(b)
		read, err := source.ReadConsignments(path, source.ConsignmentOptions{})
		if err != nil {
			b.Fatal(err)
		}
		middle := used(b)
		if _, err := Detect(read.Rows, limits, Settings{}); err != nil {
			b.Fatal(err)
		}
		after := used(b)
		b.ReportMetric(processor(middle)-processor(before), "CPU-s-reading")
		b.ReportMetric(processor(after)-processor(before), "CPU-s")
		b.ReportMetric(float64(after.Maxrss)/1024, "peak-MB")
		b.ReportMetric(float64(len(read.Rows)), "rows")
	}
}

func csvOf(rows []data.Consignment) []byte {
	text := []byte("date,exporter,importer,commodity,shipper,consignee,net_kg,value_usd\n")
	for i := range rows {
		r := &rows[i]
		text = fmt.Appendf(text, "%s,%s,%s,%s,S%06d,C%06d,%.1f,\n", r.Day, data.Economy(r.Exporter), data.Economy(r.Importer), r.Commodity.Code(), r.Shipper, r.Consignee, r.NetWeight.Float())
	}
	return text
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
