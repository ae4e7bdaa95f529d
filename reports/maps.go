package reports

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"counterflow/data"
	"counterflow/reconcile/mirror"
	"counterflow/reports/chart"
	"counterflow/reports/wording"
)

// The most that one map has.
const (
	mapSide    = 20 // exporters and importers
	singleRows = 15 // exporters on the map of one commodity, two of which fit a page
)

// laneSum adds up the assessable pairs of one corridor.
type laneSum struct {
	xKg, mKg   data.Kg
	xUSD, mUSD data.USD
	declared   data.USD // by either side, assessable or not: for choosing lanes
	unweighed  bool     // some assessable side gave no weight
	assessable bool
}

func emptySum() laneSum {
	return laneSum{xKg: data.MissingKg, mKg: data.MissingKg, xUSD: data.MissingUSD, mUSD: data.MissingUSD}
}

// add takes in one pair. A side that spoke but did not declare the corridor
// adds nothing; a pair with a silent side is not assessable and is left out.
func (s *laneSum) add(p *mirror.Pair) {
	s.declared += max(data.USD(p.XUSD), data.USD(p.MUSD), 0)
	if p.State == mirror.ExporterSilent || p.State == mirror.ImporterSilent {
		return
	}
	s.assessable = true
	if p.State != mirror.ImportOnly {
		s.xKg, s.xUSD = s.xKg.Plus(p.XKg), s.xUSD.Plus(data.USD(p.XUSD))
		s.unweighed = s.unweighed || !p.XKg.Known()
	}
	if p.State != mirror.ExportOnly {
		s.mKg, s.mUSD = s.mKg.Plus(p.MKg), s.mUSD.Plus(data.USD(p.MUSD))
		s.unweighed = s.unweighed || !p.MKg.Known()
	}
}

// index is (X-M)/(X+M) over the pairs taken in, in weight where wanted and
// given throughout, else in value; NaN where nothing can be compared.
func (s *laneSum) index(inWeight bool) float64 {
	x, m := s.xUSD.Float(), s.mUSD.Float()
	if inWeight && !s.unweighed {
		x, m = s.xKg.Float(), s.mKg.Float()
	}
	if !s.assessable || !(x+m > 0) {
		return math.NaN()
	}
	return (x - m) / (x + m)
}

// corridor is an exporter and an importer, whatever the goods.
type corridor struct {
	exporter data.Exporter
	importer data.Importer
}

// trade is what a map shows: the corridors of one commodity, or of all.
type trade struct {
	lanes    map[corridor]*laneSum
	cases    map[corridor]bool
	inWeight bool
	rows     int // exporters, at most

	last corridor // the periods of a lane follow each other
	sum  *laneSum // of the last corridor
}

func newTrade(inWeight bool) *trade {
	return &trade{lanes: map[corridor]*laneSum{}, cases: map[corridor]bool{}, inWeight: inWeight, rows: mapSide}
}

// heatMaps are the map of all goods together, in value, and those of the goods
// chosen, in weight where there are weights. Where there is one commodity alone,
// the first map is that of it.
func (v view) heatMaps(chosen []data.Commodity) (all chart.Chart, single map[data.Commodity]chart.Chart) {
	together, trades := newTrade(false), map[data.Commodity]*trade{}
	for _, goods := range chosen {
		trades[goods] = newTrade(true)
		trades[goods].rows = singleRows
	}
	for i := range v.Pairs {
		p := &v.Pairs[i]
		together.add(p)
		if t, ok := trades[p.Commodity]; ok {
			t.add(p)
		}
	}
	for _, c := range v.Cases {
		together.cases[corridor{c.Exporter, c.Importer}] = true
		if t, ok := trades[c.Goods]; ok {
			t.cases[corridor{c.Exporter, c.Importer}] = true
		}
	}
	if n := len(v.Pairs); n > 0 && v.Pairs[0].Commodity == v.Pairs[n-1].Commodity { // they are in order
		together.inWeight = true
		return v.heatMap(together, v.Pairs[0].Commodity), nil
	}
	single = map[data.Commodity]chart.Chart{}
	for goods, t := range trades {
		single[goods] = v.heatMap(t, goods)
	}
	return v.heatMap(together, 0), single
}

func (t *trade) add(p *mirror.Pair) {
	if key := (corridor{p.Exporter, p.Importer}); t.sum == nil || key != t.last {
		t.last, t.sum = key, t.lanes[key]
	}
	if t.sum == nil {
		sum := emptySum()
		t.sum = &sum
		t.lanes[t.last] = t.sum
	}
	t.sum.add(p)
}

// heatMap lays out one map; goods is zero for all of them together.
func (v view) heatMap(t *trade, goods data.Commodity) chart.Chart {
	d := chart.HeatMap{
		Name:     "lanes-heat-map",
		Title:    "Where the two sides part: all goods",
		Subtitle: "Discrepancy index (X−M)/(X+M) in value, " + wording.Span(v.first, v.last),
	}
	if goods != 0 {
		d.Name += "-" + goods.Code()
		d.Title = "Where the two sides part: " + v.options.goods(goods)
		d.Subtitle = "Discrepancy index (X−M)/(X+M) in weight where both sides give it, else in value, " + wording.Span(v.first, v.last)
	}
	exporters, importers, nExporters, nImporters := t.sides()
	for _, e := range exporters {
		d.Exporters = append(d.Exporters, v.options.coded(data.Economy(e)))
		row := make([]chart.Cell, len(importers))
		for j, i := range importers {
			key := corridor{e, i}
			if sum := t.lanes[key]; sum != nil {
				row[j] = chart.Cell{Traded: true, Index: sum.index(t.inWeight), Case: t.cases[key]}
			}
		}
		d.Cells = append(d.Cells, row)
	}
	for _, i := range importers {
		d.Importers = append(d.Importers, i.String())
	}
	d.Caption = "0 is agreement; −1 is trade that only the importer records, +1 trade that only the exporter records. " +
		"In value, freight alone takes the index to about −0.03."
	if nExporters > len(exporters) || nImporters > len(importers) {
		d.Caption += fmt.Sprintf(" Shown: %d of %d exporters and %d of %d importers, those with cases first, then the largest.",
			len(exporters), nExporters, len(importers), nImporters)
	}
	return d.Chart()
}

// sides chooses the rows and columns: economies with cases first, then those
// with the most declared value, in that order.
func (t *trade) sides() (exporters []data.Exporter, importers []data.Importer, nExporters, nImporters int) {
	exports, imports := map[data.Exporter]*weight{}, map[data.Importer]*weight{}
	for key, sum := range t.lanes {
		of(exports, key.exporter).usd += sum.declared
		of(imports, key.importer).usd += sum.declared
		if t.cases[key] {
			of(exports, key.exporter).cases++
			of(imports, key.importer).cases++
		}
	}
	exporters = heaviest(exports)
	return exporters[:min(t.rows, len(exporters))], heaviest(imports), len(exports), len(imports)
}

// weight is how much a row or column has to say.
type weight struct {
	cases int
	usd   data.USD
}

func of[K comparable](weights map[K]*weight, key K) *weight {
	if weights[key] == nil {
		weights[key] = &weight{}
	}
	return weights[key]
}

func heaviest[K cmp.Ordered](weights map[K]*weight) []K {
	keys := make([]K, 0, len(weights))
	for key := range weights {
		keys = append(keys, key)
	}
	slices.SortFunc(keys, func(a, b K) int {
		return cmp.Or(cmp.Compare(min(weights[b].cases, 1), min(weights[a].cases, 1)), cmp.Compare(weights[b].usd, weights[a].usd), cmp.Compare(a, b))
	})
	return keys[:min(mapSide, len(keys))]
}
