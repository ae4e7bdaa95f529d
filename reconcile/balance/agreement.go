package balance

import (
	"cmp"
	"math"
	"slices"

	"counterflow/data"
	"counterflow/stats/robust"
)

// Answer is one cell of somebody else's reconciled flows, over the same periods
// as ours.
type Answer struct {
	Commodity data.Commodity
	Exporter  data.Exporter
	Importer  data.Importer
	USD       data.USD
}

// Agreement is how far our values and another answer lie apart.
type Agreement struct {
	Cells, OnlyOurs, OnlyTheirs int
	MissedUSD                   float64 // their value in cells that we do not have, US dollars
	Total                       float64 // our sum over theirs, over all cells of either
	MedianLog                   float64 // median of |ln(ours/theirs)| over cells that both have
	WeightedLog                 float64 // mean of the same, weighted by their values
	Within25                    float64 // share of cells within 25% of theirs
	Products                    int
	TopAgrees                   int     // products whose largest exporter is the same
	ShareError                  float64 // mean over products of sum |share - their share| / 2 over their five largest exporters
	Apart                       []Apart // products by what they add to the difference, largest first
}

// Apart is one product.
type Apart struct {
	Commodity     data.Commodity
	Ours, Theirs  float64 // US dollars
	TopOurs       data.Exporter
	TopTheirs     data.Exporter
	ShareError    float64
	MedianLog     float64
	Cells         int
	LargestLog    float64 // of the cell that differs most in dollars
	LargestLane   [2]data.Economy
	LargestDollar float64
}

// Compare sums our values over all periods and holds them against the answer,
// cell by cell and product by product. Cells of unallocated partners and those
// that we put at zero are left out.
func Compare(rows []Reconciled, answers []Answer) Agreement {
	products := map[data.Commodity]*productCells{}
	of := func(c data.Commodity) *productCells {
		c = c.In(data.EditionUnknown)
		if products[c] == nil {
			products[c] = &productCells{commodity: c, ours: map[laneEnds]float64{}, theirs: map[laneEnds]float64{}}
		}
		return products[c]
	}
	for i := range rows {
		r := &rows[i]
		if r.USD > 0 && data.Economy(r.Exporter) != data.Unallocated && data.Economy(r.Importer) != data.Unallocated {
			of(r.Commodity).ours[laneEnds{r.Exporter, r.Importer}] += r.USD.Float()
		}
	}
	for _, a := range answers {
		if a.USD > 0 {
			of(a.Commodity).theirs[laneEnds{a.Exporter, a.Importer}] += a.USD.Float()
		}
	}
	var agreement Agreement
	var s comparison
	for _, p := range products {
		agreement.Apart = append(agreement.Apart, s.product(p, &agreement))
	}
	slices.SortFunc(agreement.Apart, func(a, b Apart) int {
		return cmp.Or(cmp.Compare(math.Abs(b.Ours-b.Theirs), math.Abs(a.Ours-a.Theirs)), cmp.Compare(a.Commodity, b.Commodity))
	})
	s.settle(&agreement)
	return agreement
}

type laneEnds struct {
	exporter data.Exporter
	importer data.Importer
}

type productCells struct {
	commodity    data.Commodity
	ours, theirs map[laneEnds]float64
}

// comparison gathers what is taken over all products.
type comparison struct {
	logs         []float64
	weighted     []weightedLog
	ours, theirs []float64
	shareErrors  []float64
}

type weightedLog struct{ log, weight float64 }

// product compares one product.
func (s *comparison) product(p *productCells, all *Agreement) Apart {
	a := Apart{Commodity: p.commodity}
	var logs []float64
	for lane, theirs := range p.theirs {
		a.Theirs += theirs
		ours, ok := p.ours[lane]
		if !ok {
			all.OnlyTheirs++
			all.MissedUSD += theirs
			continue
		}
		log := math.Log(ours / theirs)
		logs = append(logs, math.Abs(log))
		s.weighted = append(s.weighted, weightedLog{math.Abs(log), theirs})
		if d := math.Abs(ours - theirs); d > a.LargestDollar {
			a.LargestDollar, a.LargestLog, a.LargestLane = d, log, [2]data.Economy{data.Economy(lane.exporter), data.Economy(lane.importer)}
		}
	}
	for lane, ours := range p.ours {
		a.Ours += ours
		if _, ok := p.theirs[lane]; !ok {
			all.OnlyOurs++
		}
	}
	a.Cells, a.MedianLog = len(logs), robust.Median(logs)
	s.logs = append(s.logs, logs...)
	s.ours, s.theirs = append(s.ours, a.Ours), append(s.theirs, a.Theirs)
	a.TopOurs, a.TopTheirs, a.ShareError = p.shares(a.Ours, a.Theirs)
	if a.Theirs > 0 {
		all.Products++
		s.shareErrors = append(s.shareErrors, a.ShareError)
		if a.TopOurs == a.TopTheirs {
			all.TopAgrees++
		}
	}
	return a
}

// topExporters is the number of exporters whose shares are compared.
const topExporters = 5

// shares compares the exporters' shares in a product.
func (p *productCells) shares(ours, theirs float64) (topOurs, topTheirs data.Exporter, off float64) {
	mine, yours := byExporter(p.ours), byExporter(p.theirs)
	largest := func(sums map[data.Exporter]float64) []data.Exporter {
		var list []data.Exporter
		for e := range sums {
			list = append(list, e)
		}
		slices.SortFunc(list, func(a, b data.Exporter) int {
			return cmp.Or(cmp.Compare(sums[b], sums[a]), cmp.Compare(a, b))
		})
		return list
	}
	leaders := largest(yours)
	if len(leaders) > 0 {
		topTheirs = leaders[0]
	}
	if list := largest(mine); len(list) > 0 {
		topOurs = list[0]
	}
	for _, e := range leaders[:min(topExporters, len(leaders))] {
		off += math.Abs(mine[e]/ours-yours[e]/theirs) / 2
	}
	return topOurs, topTheirs, off
}

func byExporter(cells map[laneEnds]float64) map[data.Exporter]float64 {
	lanes := make([]laneEnds, 0, len(cells))
	for lane := range cells {
		lanes = append(lanes, lane)
	}
	slices.SortFunc(lanes, func(a, b laneEnds) int {
		return cmp.Or(cmp.Compare(a.exporter, b.exporter), cmp.Compare(a.importer, b.importer))
	})
	sums := map[data.Exporter]float64{}
	for _, lane := range lanes { // in order, so that sums have the same bits every time
		sums[lane.exporter] += cells[lane]
	}
	return sums
}

// settle takes what goes over all products. Lists are sorted first, since they
// were gathered in the order of a map.
func (s *comparison) settle(a *Agreement) {
	a.Cells = len(s.logs)
	a.MedianLog = robust.Median(s.logs)
	near := 0
	for _, log := range s.logs {
		if log < math.Log(1.25) {
			near++
		}
	}
	a.Within25 = float64(near) / float64(len(s.logs))
	slices.SortFunc(s.weighted, func(a, b weightedLog) int {
		return cmp.Or(cmp.Compare(a.log, b.log), cmp.Compare(a.weight, b.weight))
	})
	sum, weight := 0.0, 0.0
	for _, w := range s.weighted {
		sum += float64(w.log * w.weight)
		weight += w.weight
	}
	a.WeightedLog = sum / weight
	a.Total = sumSorted(s.ours) / sumSorted(s.theirs)
	a.ShareError = sumSorted(s.shareErrors) / float64(len(s.shareErrors))
}

func sumSorted(values []float64) float64 {
	slices.Sort(values)
	sum := 0.0
	for _, v := range values {
		sum += v
	}
	return sum
}
