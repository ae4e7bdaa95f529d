package cases

import (
	"math"

	"counterflow/data"
)

// diversions gives one hypothesis for each lane that could be the second leg of a
// detour: imports from a third economy rise, imports from the origin fall, and the
// third economy receives more from that origin, all in the same months and by
// tonnages of one size. All three must be there; the weakest counts.
//
// Where all legs are declared on both sides the detour is a reroute; where one of
// its three lanes shows a gap in those months, the two sides disagree on where the
// goods come from, which is an origin switch.
func (e *evidence) diversions() []finding {
	var found []finding
	for i := range e.panel.Lanes {
		w := toSpan(i, e.moved.Up[i])
		if math.IsNaN(w.logP) {
			continue
		}
		f := finding{kind: Reroute, span: w, second: -1, direct: -1}
		if w.logP <= anchorLogP {
			f = e.detour(i, w)
		}
		found = append(found, f)
	}
	return found
}

// detour looks for the origin of what arrives by lane i in window w.
func (e *evidence) detour(i int, w span) finding {
	l := &e.panel.Lanes[i]
	f := finding{kind: Reroute, span: w, second: -1, direct: -1}
	more, low, high := e.rise(i, w, 1)
	places, best := 0, 0.0
	for _, d := range e.byImporter[market{l.Goods, l.Importer}] {
		if d == i {
			continue
		}
		origin := e.panel.Lanes[d].Exporter
		leg, ok := e.lane[laneKey{l.Goods, origin, data.Importer(l.Exporter)}]
		if !ok {
			continue
		}
		places++
		fall, okFall := e.supply.At(d, w.start, w.end)
		rise, okRise := e.supply.At(leg, w.start, w.end)
		if !okFall || !okRise || fall > 0 || rise < 0 {
			continue
		}
		less, _, _ := e.rise(d, w, -1)
		onLeg, _, _ := e.rise(leg, w, 1)
		if !alike(more, less) || !alike(more, onLeg) {
			continue
		}
		logP := max(e.supply.LogP(w.start, w.end, fall), e.supply.LogP(w.start, w.end, rise))
		if logP < best {
			best, f.direct, f.second = logP, d, leg
		}
	}
	if f.direct < 0 {
		return f
	}
	f.logP = weaker(w.logP, best, places)
	f.kg, f.kgLow, f.kgHigh = more, low, high
	if e.parted(i, w) || e.parted(f.second, w) || e.parted(f.direct, w) {
		f.kind = OriginSwitch
	}
	return f
}

// rise is how much more (or less, for a negative sign) a lane carries in a window
// than its median month outside, in kg, with a 90% interval.
func (e *evidence) rise(i int, w span, sign float64) (kg, low, high float64) {
	s := supplied(&e.panel.Lanes[i])
	var outside []float64
	for t, v := range s {
		if !math.IsNaN(v) && (t < w.start || t > w.end) {
			outside = append(outside, v)
		}
	}
	usual := trimmedMean(outside)
	n := 0.0
	for t := w.start; t <= w.end; t++ {
		if !math.IsNaN(s[t]) {
			kg += sign * (s[t] - usual)
			n++
		}
	}
	spread := 0.0
	for _, v := range outside {
		spread += (v - usual) * (v - usual)
	}
	if len(outside) > 1 {
		spread = math.Sqrt(spread/float64(len(outside)-1)) * math.Sqrt(n*(1+n/float64(len(outside))))
	}
	return kg, kg - z90*spread, kg + z90*spread
}

// partedZ is the departure of a gap from which two sides are said to disagree.
const partedZ = 3

func (e *evidence) parted(i int, w span) bool {
	z, ok := e.fields[weightGap].At(i, w.start, w.end)
	if !ok {
		z, ok = e.fields[valueGap].At(i, w.start, w.end)
	}
	return ok && math.Abs(z) > partedZ
}
