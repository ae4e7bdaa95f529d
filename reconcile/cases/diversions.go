package cases

import (
	"math"

	"counterflow/data"
)

// diversions gives one hypothesis for each lane that could be the second leg of a
// detour: imports from a third economy rise, imports from the origin fall, and the
// third economy receives more from that origin, all in the same months and by
// tonnages of one size. The statistic is the weakest of the three departures, at
// its best over origins and over the windows in which any of the three lanes
// moves most, and is judged by its distribution over all such lanes.
//
// Where all legs are declared on both sides the detour is a reroute; where one of
// its three lanes shows a gap in those months, the two sides disagree on where the
// goods come from, which is an origin switch.
func (e *evidence) diversions() []finding {
	found := make([]finding, len(e.panel.Lanes))
	weakest := make([]float64, len(e.panel.Lanes))
	inParallel(len(found), func(i int) { found[i], weakest[i] = e.detour(i) })
	return e.withoutMakers(judgeJointly(found, weakest, beyondDetours))
}

// withoutChanceFalls takes back detours whose direct lane falls no further than some
// lane of the importer's would by chance: where a trader starts to sell what it buys,
// both legs rise beyond doubt, and the origin is the lane that happens to fall. It comes
// after q, which counts such nulls.
func (e *evidence) withoutChanceFalls(found []finding) {
	for i := range found {
		f := &found[i]
		if f.second < 0 || f.direct < 0 || !(f.logQ < 0) {
			continue
		}
		l := &e.panel.Lanes[f.span.lane]
		asked := len(e.byImporter[market{l.Goods, l.Importer}]) - 1
		z, ok := e.supply.At(f.direct, f.span.start, f.span.end)
		if ok && e.supply.LogP(f.direct, f.span.start, f.span.end, z)+math.Log(float64(asked)) > math.Log(fallP) {
			f.logP, f.logQ = 0, 0
		}
	}
}

// fallP is the evidence that the fall of the direct lane must show by itself, paid for
// the number of lanes asked. On simulated worlds 203 to 205 detours had .02 and less
// there, and traders that start .05 and more.
const fallP = 0.05

// withoutMakers takes back hypotheses on lanes from an economy that makes the good:
// what it sells need not come from elsewhere. Such lanes still say what chance does.
func (e *evidence) withoutMakers(found []finding) []finding {
	for i := range found {
		l := &e.panel.Lanes[found[i].span.lane]
		if makes, _ := e.makers.of(l.Goods, data.Economy(l.Exporter)); makes {
			found[i].logP = math.NaN()
		}
	}
	return found
}

// detour looks for the origin of what arrives by lane i, and for the window.
func (e *evidence) detour(i int) (f finding, best float64) {
	l := &e.panel.Lanes[i]
	f = finding{kind: Reroute, span: span{lane: i}, second: -1, direct: -1}
	best = math.NaN()
	for _, d := range e.byImporter[market{l.Goods, l.Importer}] {
		if d == i {
			continue
		}
		leg, ok := e.lane[laneKey{l.Goods, e.panel.Lanes[d].Exporter, data.Importer(l.Exporter)}]
		if !ok {
			continue
		}
		for _, w := range e.movesOf(i, d, leg) {
			if z, ok := e.together(i, d, leg, w); ok && !(z <= best) {
				best, f.direct, f.second = z, d, leg
				f.span.start, f.span.end = w.start, w.end
			}
		}
	}
	if best > 0 {
		f.kg, f.kgLow, f.kgHigh = e.rise(i, f.span, 1)
		if e.parted(i, f.span) || e.parted(f.second, f.span) || e.parted(f.direct, f.span) {
			f.kind = OriginSwitch
		}
	}
	return f, best
}

// movesOf lists the windows in which the second leg or the first rises most, or
// direct trade falls most.
func (e *evidence) movesOf(second, direct, first int) []span {
	var windows []span
	for _, w := range [...]span{toSpan(second, e.moved.Up[second]), toSpan(first, e.moved.Up[first]), toSpan(direct, e.moved.Down[direct])} {
		if w.logP <= worthLooking {
			windows = append(windows, w)
		}
	}
	return windows
}

// together is the weakest of the three departures of a detour in one window, 0
// where one goes the other way or the tonnages are not of one size; ok is false
// where one cannot be known.
func (e *evidence) together(second, direct, first int, w span) (weakest float64, ok bool) {
	more, okMore := e.supply.At(second, w.start, w.end)
	less, okLess := e.supply.At(direct, w.start, w.end)
	onLeg, okLeg := e.supply.At(first, w.start, w.end)
	if !okMore || !okLess || !okLeg {
		return 0, false
	}
	weakest = min(more, -less, onLeg)
	if weakest <= 0 || !e.importerTurned(second, direct, w) {
		return 0, true
	}
	a, _, _ := e.rise(second, w, 1)
	b, _, _ := e.rise(direct, w, -1)
	c, _, _ := e.rise(first, w, 1)
	turned := alike(a, b) || alike(e.turn(second, w), -e.turn(direct, w))
	if !turned || !alike(a, c) {
		return 0, true
	}
	return weakest, true
}

// importerTurned says whether the importer's own records, where they are known, show
// the turn from one lane to the other: a change of method of either exporter moves
// what it declares alone.
func (e *evidence) importerTurned(rising, falling int, w span) bool {
	more, ok := e.bought.At(rising, w.start, w.end)
	less, okLess := e.bought.At(falling, w.start, w.end)
	return (!ok || more >= turnZ) && (!okLess || -less >= turnZ)
}

// rise is how much more (or less, for a negative sign) a lane carries in a window
// than in as many usual months outside, in kg, with a 90% interval.
func (e *evidence) rise(i int, w span, sign float64) (kg, low, high float64) {
	a := aboveUsual(e.supplies[i], w)
	kg = sign * a.more
	return kg, kg - z90*a.sd, kg + z90*a.sd
}

// partedZ is the departure of a gap from which two sides are said to disagree.
const partedZ = 3

func (e *evidence) parted(i int, w span) bool {
	z, field := e.local(i, w)
	return field != nil && math.Abs(z) > partedZ
}

// turnZ is the least departure, in standard deviations, of the importer's own
// records on the two lanes of a detour.
const turnZ = 1
