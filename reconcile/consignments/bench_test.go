package consignments

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"counterflow/data"
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
	economy := func(i int) data.Economy {
		return data.MustEconomy(string([]byte{'A' + byte(i/26), 'A' + byte(i%26), 'X'}))
	}
	for i := range rows {
		lane := r.IntN(n / 2500)
		mass := 800 * math.Exp(0.8*r.NormFloat64())
		if r.IntN(6) == 0 {
			mass = []float64{100, 250, 500, 1000, 2000, 5000}[r.IntN(6)]
		}
		rows[i] = data.Consignment{Day: first + data.Day(r.IntN(1826)), Exporter: data.Exporter(economy(lane % 300)), Importer: data.Importer(economy(300 + lane/300)),
			Commodity: limits[lane%10].Commodity, Shipper: data.Party(5*lane + r.IntN(5)), Consignee: data.Party(5 * lane),
			NetWeight: data.Kilograms(math.Round(mass*10) / 10), Value: data.MissingUSD}
	}
	return rows, limits
}

// BenchmarkDetect is one million consignments; the goal is 10 CPU seconds with
// their reading.
func BenchmarkDetect(b *testing.B) {
	rows, limits := million(1_000_000)
	for b.Loop() {
		if _, err := Detect(rows, limits, Settings{}); err != nil {
			b.Fatal(err)
		}
	}
}
