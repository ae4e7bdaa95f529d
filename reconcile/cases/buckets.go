package cases

import (
	"counterflow/data"
	"counterflow/reconcile/claims"
	"counterflow/reconcile/timing"
	"counterflow/stats/robust"
)

// bucket is what one side booked, month by month in kg, without naming the partner
// or the goods.
type bucket struct {
	goods    data.Commodity
	exporter data.Exporter
	importer data.Importer
	kg       []float64
}

type bucketKey struct {
	lane laneKey // no goods where the goods are not named
	side data.Direction
}

// bucketOf gives the key under which the side that lacks something in a finding
// would have booked it: the exporter where the importer records more, else the
// importer.
func bucketOf(explanation string, goods data.Commodity, exporter data.Exporter, importer data.Importer, sign int) bucketKey {
	key := bucketKey{laneKey{goods, exporter, importer}, data.Export}
	if sign < 0 {
		key.side = data.Import
	}
	switch {
	case explanation == claims.Confidential:
		key.lane.goods = 0
	case sign > 0:
		key.lane.importer = data.Importer(data.Unallocated)
	default:
		key.lane.exporter = data.Exporter(data.Unallocated)
	}
	return key
}

// gatherBuckets reads the buckets that findings could draw on. What gives no weight
// bears nothing.
func (a *allocation) gatherBuckets() {
	a.buckets = map[bucketKey]*bucket{}
	for k := range a.found {
		f := &a.found[k]
		if f.shared() {
			l := &a.panel.Lanes[f.span.lane]
			for _, explanation := range [...]string{claims.Confidential, claims.Unallocated} {
				a.buckets[bucketOf(explanation, l.Goods, l.Exporter, l.Importer, f.sign)] = nil
			}
		}
	}
	for i := range a.pairs {
		p := &a.pairs[i]
		lane := laneKey{p.Commodity, p.Exporter, p.Importer}
		unstated := data.Economy(p.Exporter) == data.Unallocated || data.Economy(p.Importer) == data.Unallocated
		if code := p.Commodity.Code(); !unstated && code[:2] == "99" {
			lane.goods = 0
		} else if !unstated {
			continue
		}
		a.pour(bucketKey{lane, data.Export}, p.Commodity, p.Period, p.XKg)
		a.pour(bucketKey{lane, data.Import}, p.Commodity, p.Period, p.MKg)
	}
}

// pour adds one declaration to a bucket that is wanted.
func (a *allocation) pour(key bucketKey, goods data.Commodity, period data.Period, kg data.Kg) {
	b, wanted := a.buckets[key]
	t := period.Index() - a.panel.Start.Index()
	if !wanted || !kg.Known() || !period.Monthly() || t < 0 || t >= a.panel.Months {
		return
	}
	if b == nil {
		b = &bucket{goods, key.lane.exporter, key.lane.importer, make([]float64, a.panel.Months)}
		a.buckets[key] = b
	}
	b.kg[t] += kg.Float()
}

// drawOn tests the explanations "unallocated" and "confidential" for a finding: the
// side that lacks something booked more than usual without a partner, or without
// naming the goods, in the same months. Months that cannot be compared for that very
// reason need no test.
func (a *allocation) drawOn(k int, explanation string) {
	f := &a.found[k]
	l := &a.panel.Lanes[f.span.lane]
	b := a.buckets[bucketOf(explanation, l.Goods, l.Exporter, l.Importer, f.sign)]
	if b == nil {
		a.unmet[k][explanation] = "the side that records less books none of it so, or gives no weight for it"
		return
	}
	_, z := riseOf(b.kg, f.span)
	usual, scatter := robust.Median(b.kg), robust.MAD(b.kg)
	for t := f.span.start; t <= f.span.end; t++ {
		cell, ok := a.own[laneMonth{f.span.lane, t}]
		if !ok || a.owner[laneMonth{f.span.lane, t}] != k || !(z > supportZ) && !a.ledger.At(cell).Apart {
			continue
		}
		for _, at := range booked(&a.panel.Lanes[f.span.lane].Lag.Kernel, t, f.sign) {
			bears := func(times float64) data.Kg { return max(data.Kilograms(b.kg[at]-usual-times*scatter), 0) }
			c := claims.Cell{Goods: b.goods, Exporter: b.exporter, Importer: b.importer, Period: a.panel.Period(at), Short: f.sign > 0,
				Case: claims.NoCase, Kg: claims.Range{Low: bears(z90), Kg: bears(1), High: bears(0)}}
			if c.Kg.High > 0 {
				a.link(cell, a.ledger.Cell(c), claims.Link{Explanation: explanation, Kg: claims.Unlimited})
			}
		}
	}
	if a.unmet[k][explanation] == "" {
		a.unmet[k][explanation] = "the side that records less books no more than usual so"
	}
}

// booked lists the months in which the side that lacks something would have booked
// what arrives in month t: an importer in that month, an exporter in those from which
// goods are due.
func booked(k *timing.Kernel, t, sign int) []int {
	if sign < 0 {
		return []int{t}
	}
	var months []int
	for late, share := range k {
		if share > 0 && t-late >= 0 {
			months = append(months, t-late)
		}
	}
	return months
}
