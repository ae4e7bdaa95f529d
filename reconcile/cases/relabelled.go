package cases

import (
	"math"

	"counterflow/data"
)

// relabelled gives one hypothesis for each lane from an economy that makes none of
// a good: an importer's records of it rise, its records of an origin fall, in the
// same months and by tonnages of one size, and nobody need declare how the goods
// came to the middle. The statistic is the weaker of the two departures, judged by
// its distribution over all such lanes.
func (e *evidence) relabelled() []finding {
	found := make([]finding, len(e.panel.Lanes))
	weaker := make([]float64, len(e.panel.Lanes))
	inParallel(len(found), func(i int) { found[i], weaker[i] = e.newName(i) })
	found = e.withoutMakers(judgeJointly(found, weaker, beyondDetours))
	for i := range found {
		if !math.IsNaN(found[i].logP) && !found[i].resold {
			found[i].logP = 0
		}
	}
	return found
}

// newName looks for the origin whose place lane i takes in its importer's records.
func (e *evidence) newName(i int) (f finding, best float64) {
	l := &e.panel.Lanes[i]
	f = finding{kind: OriginSwitch, span: span{lane: i}, second: -1, direct: -1}
	best = math.NaN()
	for _, d := range e.byImporter[market{l.Goods, l.Importer}] {
		if d == i {
			continue
		}
		for _, w := range [...]span{toSpan(i, e.turned.Up[i]), toSpan(d, e.turned.Down[d])} {
			if !(w.logP <= worthLooking) {
				continue
			}
			if z, ok := e.replaced(i, d, w); ok && !(z <= best) {
				best, f.direct = z, d
				f.span.start, f.span.end = w.start, w.end
			}
		}
	}
	if best > 0 {
		f.kg, f.kgLow, f.kgHigh = e.rise(i, f.span, 1)
		f.resold = e.resells(i, f.span)
	}
	return f, best
}

// replaced is the weaker of a rise on one lane and a fall on another in one window,
// as the importer records them; 0 where one goes the other way or the tonnages are
// not of one size. ok is false where one cannot be known.
func (e *evidence) replaced(rising, falling int, w span) (weaker float64, ok bool) {
	more, okMore := e.bought.At(rising, w.start, w.end)
	less, okLess := e.bought.At(falling, w.start, w.end)
	if !okMore || !okLess {
		return 0, false
	}
	weaker = min(more, -less)
	if weaker <= 0 || !alike(e.turn(rising, w), -e.turn(falling, w)) {
		return 0, true
	}
	return weaker, true
}

// turn is how much more the importer records on a lane in a window than in as many
// usual months, in kg.
func (e *evidence) turn(i int, w span) float64 {
	rise, _ := riseOf(e.imports[i], w)
	return rise
}

// resells says whether the economy that lane i comes from makes nothing of its own:
// as balances state it or, where they do not, as far as trade tells. Outside the
// window it then sells no more than it buys, and in the window most of what it sells
// more goes to this one importer: a new producer finds many buyers.
func (e *evidence) resells(i int, w span) bool {
	l := &e.panel.Lanes[i]
	if makes, known := e.makers.of(l.Goods, data.Economy(l.Exporter)); known {
		return !makes
	}
	var sold, bought, more float64
	for _, j := range e.byExporter[source{l.Goods, l.Exporter}] {
		inside, outside := sums(e.supplies[j], w)
		sold += outside
		if months := float64(e.panel.Months - w.months()); months > 0 && j != i {
			more += max(inside-outside/months*float64(w.months()), 0)
		}
	}
	for _, j := range e.byImporter[market{l.Goods, data.Importer(l.Exporter)}] {
		_, outside := sums(e.supplies[j], w)
		bought += outside
	}
	return sold <= mostResold*bought && more <= e.turn(i, w)
}

// mostResold is how many times what an economy buys it may sell and count as making
// nothing itself: reports of both sides err.
const mostResold = 1.3

// sums are the totals of a series inside and outside a window, unknown months left
// out.
func sums(x []float64, w span) (inside, outside float64) {
	for t, v := range x {
		switch {
		case math.IsNaN(v):
		case t >= w.start && t <= w.end:
			inside += v
		default:
			outside += v
		}
	}
	return inside, outside
}
