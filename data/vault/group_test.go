package vault

import (
	"math"
	"reflect"
	"testing"

	"pgregory.net/rapid"

	"counterflow/data"
	"counterflow/data/source"
)

// anyRow draws a record as a reader may give it.
func anyRow(t *rapid.T) source.Record {
	amount := rapid.OneOf(rapid.Int64Range(0, 300), rapid.Int64Range(0, 1e15), rapid.Map(rapid.Int64Range(0, 1e6), func(x int64) int64 { return x * 100_000 }), rapid.Just(int64(data.MissingUSD)))
	economy := rapid.SampledFrom([]data.Economy{data.MustEconomy("CHN"), data.MustEconomy("DEU"), data.World, data.Unallocated})
	r := source.Record{
		Flow: data.Flow{
			Commodity: data.MustCommodity(rapid.SampledFrom([]string{"28", "284690", "2846901234", "28TOTAL"}).Draw(t, "code"), data.Edition(rapid.IntRange(0, 8).Draw(t, "edition"))),
			Period:    data.Period(rapid.Uint16Range(1, 1<<13-1).Draw(t, "period")),
			Exporter:  data.Exporter(economy.Draw(t, "exporter")), Importer: data.Importer(economy.Draw(t, "importer")),
			Direction: data.Direction(rapid.IntRange(0, 3).Draw(t, "direction")),
			Value:     data.USD(amount.Draw(t, "value")), NetWeight: data.Kg(amount.Draw(t, "weight")),
			Valuation: data.Valuation(rapid.IntRange(0, 2).Draw(t, "valuation")), Estimated: rapid.Bool().Draw(t, "estimated"),
		},
		Part: source.Part{Columns: source.Columns(rapid.IntRange(0, 31).Draw(t, "columns")), Mode: source.Mode(rapid.IntRange(0, 17).Draw(t, "mode")),
			Partner: rapid.Uint16Range(0, source.MaxPartner).Draw(t, "partner"), Rest: rapid.Uint16().Draw(t, "rest")},
	}
	if rapid.Bool().Draw(t, "counted") {
		r.Quantity, r.Unit = rapid.Int64Range(1, 1e15).Draw(t, "quantity"), source.ParseUnit([]byte(rapid.SampledFrom([]string{"u", "m3", "1000 kWh"}).Draw(t, "unit")))
	}
	return r
}

// What is packed comes back, record by record and line by line, and a flipped bit
// is seen.
func TestGroupsComeBack(t *testing.T) {
	p, err := newPacker()
	if err != nil {
		t.Fatal(err)
	}
	u, err := newUnpacker()
	if err != nil {
		t.Fatal(err)
	}
	scratch := make([]uint64, groupRows)
	rapid.Check(t, func(t *rapid.T) {
		var rows []entry
		line := int64(1)
		for range rapid.IntRange(1, 300).Draw(t, "rows") {
			line += rapid.Int64Range(1, 1e6).Draw(t, "step")
			rows = append(rows, entry{anyRow(t), line})
		}
		text := p.group(rows, scratch)
		records, lines, err := u.group(text, len(rows), nil, []int64{})
		if err != nil {
			t.Fatal(err)
		}
		for i := range rows {
			if records[i] != rows[i].Record || lines[i] != rows[i].line {
				t.Fatalf("row %d: %+v in line %d, want %+v", i, records[i], lines[i], rows[i])
			}
		}
		text[rapid.IntRange(0, len(text)-1).Draw(t, "broken")] ^= 1 << rapid.IntRange(0, 7).Draw(t, "bit")
		if _, _, err := u.group(text, len(rows), nil, nil); err == nil {
			t.Fatal("a flipped bit is not seen")
		}
	})
}

// Columns at their edges: all alike, more kinds than a byte can number, the
// largest numbers, and mantissas that end at a word's end.
func TestColumnsAtTheirEdges(t *testing.T) {
	p, _ := newPacker()
	u, _ := newUnpacker()
	many := make([]uint64, groupRows)
	for i := range many {
		many[i] = uint64(i) * 0x9e3779b97f4a7c15 >> 3
	}
	wide := make([]uint64, 600)
	for i := range wide {
		wide[i] = uint64(i*7%600) << 40
	}
	words := make([]uint64, 64) // 64 mantissas of 31 bits fill 31 words
	for i := range words {
		words[i] = 1<<32 - 1 - uint64(i)
	}
	for name, numbers := range map[string][]uint64{
		"one": {5}, "alike": {7, 7, 7}, "zeros": {0, 0, 1}, "many": many, "wide": wide, "words": words,
		"largest": {1<<62 - 1, 0, 1, 2, 3, 1 << 61, math.MaxUint64},
	} {
		for kind, write := range map[string]func(){
			"few":     func() { p.few(numbers) },
			"numbers": func() { p.numbers(numbers, math.MaxUint64, 1) },
			"cents":   func() { p.numbers(numbers, math.MaxUint64, 100) },
		} {
			p.out = p.out[:0]
			write()
			u.in = p.out
			step := uint64(1)
			if kind == "cents" {
				step = 100
			}
			back, err := u.column(len(numbers), math.MaxUint64, step)
			if err != nil || !reflect.DeepEqual(back, numbers) || len(u.in) != 0 {
				t.Errorf("%s as %s: %v, %d bytes left", name, kind, err, len(u.in))
			}
		}
	}
}

// Whatever the bytes, reading ends in rows or in an error.
func FuzzColumns(f *testing.F) {
	p, _ := newPacker()
	var rows []entry
	for i := range 40 {
		r := source.Record{Flow: data.Flow{Commodity: data.MustCommodity("284690", data.HS2022), Period: data.Period(300 + i%3), Exporter: 5, Importer: data.Importer(6 + i), Value: data.USD(i * 1000), NetWeight: data.MissingKg}}
		rows = append(rows, entry{r, int64(2 + i*i)})
	}
	f.Add(p.group(rows, make([]uint64, groupRows))[4:], len(rows))
	f.Fuzz(func(t *testing.T, text []byte, n int) {
		u, err := newUnpacker()
		if err != nil {
			t.Fatal(err)
		}
		n = max(1, min(n, groupRows))
		if records, lines, err := u.columns(text, n, nil, []int64{}); err == nil && (len(records) != n || len(lines) != n) {
			t.Errorf("%d records, %d lines of %d rows", len(records), len(lines), n)
		}
	})
}
