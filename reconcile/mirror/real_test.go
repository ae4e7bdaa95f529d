package mirror

import (
	"compress/gzip"
	"context"
	"encoding/csv"
	"maps"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"testing"

	"counterflow/data"
	"counterflow/data/source"
)

// shared finds files of the real data that lie beside the project, and skips
// the test where they do not.
func shared(t testing.TB, names ...string) []string {
	t.Helper()
	var paths []string
	for _, name := range names {
		path := filepath.Join("..", "..", "..", "shared", "data", name)
		if _, err := os.Stat(path); err != nil {
			t.Skipf("real data not here: %s", name)
		}
		paths = append(paths, path)
	}
	return paths
}

// tally is what must come out of a real file, read without settings.
type tally struct {
	file, format string
	rows, kept   int64
	refused      map[source.Reason]int64
}

// The numbers of rows are those that Python's csv module counts. Of the minerals,
// 73,052 keys are there 166,616 times.
func TestRealFiles(t *testing.T) {
	for name, c := range map[string]struct {
		files    []tally
		states   map[State]int
		totals   int
		warnings int
	}{
		"minerals": {
			files: []tally{{"critical_minerals_2022/comtrade_2022.csv.gz", "plain", 166_616, 37_625,
				map[source.Reason]int64{source.Breakdown: 80_633, source.RepeatedRow: 47_830, source.SelfTrade: 522, source.NoAmount: 6}}},
			states: map[State]int{Both: 9487, ExportOnly: 4921, ImportOnly: 7728, ExporterSilent: 774, ImporterSilent: 838},
			totals: 4379,
		},
		"wood": {
			files: []tally{
				{"wood_oil_legacy/hs44_wood_2013.csv.gz", "comtrade-legacy", 21_961, 21_917, map[source.Reason]int64{source.SelfTrade: 42, source.NoAmount: 2}},
				{"wood_oil_legacy/hs44_wood_2014.csv.gz", "comtrade-legacy", 21_911, 21_869, map[source.Reason]int64{source.SelfTrade: 42}},
				{"wood_oil_legacy/hs44_wood_2015.csv.gz", "comtrade-legacy", 21_696, 21_647, map[source.Reason]int64{source.SelfTrade: 47, source.NoAmount: 2}},
				{"wood_oil_legacy/hs44_wood_2016.csv.gz", "comtrade-legacy", 21_551, 21_509, map[source.Reason]int64{source.SelfTrade: 38, source.NoAmount: 4}}},
			states: map[State]int{Both: 29_663, ExportOnly: 4384, ImportOnly: 8588, ExporterSilent: 3825, ImporterSilent: 5569},
			totals: 1274,
		},
		"oil": {
			files:  []tally{{"wood_oil_legacy/hs27_oil_2016.csv.gz", "comtrade-legacy", 17_616, 17_581, map[source.Reason]int64{source.SelfTrade: 32, source.NoAmount: 3}}},
			states: map[State]int{Both: 5540, ExportOnly: 1340, ImportOnly: 1810, ExporterSilent: 769, ImporterSilent: 1491},
			totals: 305,
		},
		"full schema": {
			files: []tally{
				{"comtrade_full_schema/partner_corridors_raw.csv", "comtrade-v1", 12, 12, map[source.Reason]int64{}},
				{"comtrade_full_schema/singapore_corridors_raw.csv", "comtrade-v1", 16, 16, map[source.Reason]int64{}}},
			states: map[State]int{Both: 12, ExporterSilent: 2, ImporterSilent: 2},
		},
		"cars": {
			files: []tally{
				{"caucasus_monthly/vehicle_trade_georgia_hs8703_comtrade_monthly.csv.gz", "plain", 2493, 2493, map[source.Reason]int64{}},
				{"caucasus_monthly/vehicle_trade_armenia_hs87_comtrade_monthly.csv.gz", "plain", 10_405, 3287, map[source.Reason]int64{source.Breakdown: 7118}}},
			states:   map[State]int{Both: 32, ExportOnly: 34, ImportOnly: 2, ExporterSilent: 2981, ImporterSilent: 1179},
			warnings: 1, // bytes that are not UTF-8
		},
		"telephones": {
			files:    []tally{{"caucasus_monthly/mobile_phone_armenia_hs851713_comtrade_monthly.csv", "plain", 286, 286, map[source.Reason]int64{}}},
			states:   map[State]int{ExporterSilent: 194, ImporterSilent: 92},
			warnings: 1,
		},
	} {
		t.Run(name, func(t *testing.T) {
			var names []string
			for _, f := range c.files {
				names = append(names, f.file)
			}
			table := read(t, Options{}, shared(t, names...)...)
			for i, in := range table.Inputs {
				want := c.files[i]
				if in.Format != want.format || in.Rows != want.rows || in.Kept != want.kept || !maps.Equal(in.Refused, want.refused) {
					t.Errorf("%s: %s, %d rows, %d kept, %v refused; want %+v", in.File, in.Format, in.Rows, in.Kept, in.Refused, want)
				}
			}
			states := map[State]int{}
			for i := range table.Pairs {
				states[table.Pairs[i].State]++
			}
			if !maps.Equal(states, c.states) || len(table.Totals) != c.totals || len(table.Warnings) != c.warnings {
				t.Errorf("pairs %v, %d totals, warnings %v; want %v, %d, %d", states, len(table.Totals), table.Warnings, c.states, c.totals, c.warnings)
			}
		})
	}
}

// Armenia gives single modes of transport and headings beside their codes,
// Georgia the totals: cars from Georgia, in million dollars.
func TestGeorgianCars(t *testing.T) {
	table := read(t, Options{}, shared(t, "caucasus_monthly/vehicle_trade_georgia_hs8703_comtrade_monthly.csv.gz", "caucasus_monthly/vehicle_trade_armenia_hs87_comtrade_monthly.csv.gz")...)
	want := map[string]float64{"8703 2022-01": 0.9, "8703 2023-03": 37}
	for i := range table.Pairs {
		p := &table.Pairs[i]
		millions, ok := want[p.Commodity.Code()+" "+p.Period.String()]
		if !ok || p.Exporter.String() != "GEO" || p.Importer.String() != "ARM" {
			continue
		}
		delete(want, p.Commodity.Code()+" "+p.Period.String())
		// The published figures are rounded to their last digit.
		if got := p.XUSD.Float() / 1e6; got < millions*0.98 || got > millions*1.02 {
			t.Errorf("%s: %.2f million, want %g", p.Period, got, millions)
		}
	}
	if len(want) > 0 {
		t.Errorf("no export of %v", want)
	}
}

// BACI is CEPII's reconciled answer for the same cells: FOB, one value for each
// exporter, importer and code. What exporters and what importers declare there
// must come to about the same; summing all rows, totals and parts, gives twice
// as much.
func TestTotalsAreThoseOfBACI(t *testing.T) {
	paths := shared(t, "critical_minerals_2022/comtrade_2022.csv.gz", "critical_minerals_2022/baci_2022.csv.gz")
	reconciled := readBACI(t, paths[1])
	table := read(t, Options{}, paths[0])
	var declared, answer [2]float64
	for i := range table.Pairs {
		p := &table.Pairs[i]
		cell, ok := reconciled[[3]string{p.Exporter.String(), p.Importer.String(), p.Commodity.Code()}]
		for side, value := range [...]data.USD{data.USD(p.XUSD), data.USD(p.MUSD)} {
			if ok && value.Known() {
				declared[side] += value.Float()
				answer[side] += cell
			}
		}
	}
	for side, name := range [...]string{"exports", "imports"} {
		ratio := declared[side] / answer[side]
		t.Logf("%s declared: %.4f times BACI", name, ratio)
		if ratio < 1.00 || ratio > 1.10 {
			t.Errorf("%s declared are %.3f times BACI's, want 1.00 to 1.10", name, ratio)
		}
	}
	if plain := sumOfRows(t, paths[0], reconciled); plain < 1.9 {
		t.Errorf("the sum of all rows is %.3f times BACI's: this file tests nothing", plain)
	}
}

func readBACI(t *testing.T, path string) map[[3]string]float64 {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	text, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(text).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	cells := map[[3]string]float64{}
	for _, row := range rows[1:] {
		value, err := strconv.ParseFloat(row[3], 64)
		if err != nil {
			t.Fatal(err)
		}
		cells[[3]string{row[0], row[1], row[2]}] += value
	}
	return cells
}

// sumOfRows adds up every row of the cells that BACI has, as a multiple of its
// value for each side that declared one.
func sumOfRows(t *testing.T, path string, reconciled map[[3]string]float64) float64 {
	t.Helper()
	var lock sync.Mutex
	var sum, answer float64
	seen := map[[4]string]bool{}
	_, err := source.Read(context.Background(), []string{path}, source.Options{Digits: 6}, func(_ int, b source.Batch) error {
		lock.Lock()
		defer lock.Unlock()
		for _, r := range b.Records {
			exporter, importer, code := r.Exporter.String(), r.Importer.String(), r.Commodity.Code()
			cell, ok := reconciled[[3]string{exporter, importer, code}]
			if !ok || !r.Value.Known() {
				continue
			}
			sum += r.Value.Float()
			if side := [4]string{exporter, importer, code, r.Direction.String()}; !seen[side] {
				seen[side] = true
				answer += cell
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return sum / answer
}
