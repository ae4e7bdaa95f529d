package cases

import (
	"math"

	"counterflow/reconcile/panel"
)

// switches gives one hypothesis for each lane: a gap on it is matched, in the same
// months and between the same economies, by the opposite gap under another code.
// Both gaps must be there (the weaker of the two counts), and their tonnages must
// be of one size.
func (e *evidence) switches() []finding {
	var found []finding
	for _, lanes := range e.corridorsInOrder() {
		if len(lanes) < 2 {
			continue
		}
		for _, i := range lanes {
			best := finding{kind: CodeSwitch, span: span{lane: i}, second: -1, direct: -1}
			for _, sign := range [...]int{1, -1} {
				if f, ok := e.switchFrom(i, sign, lanes); ok && f.logP < best.logP {
					best = f
				}
			}
			found = append(found, best)
		}
	}
	return found
}

// corridorsInOrder lists the lanes of every corridor, in the order of the panel.
func (e *evidence) corridorsInOrder() [][]int {
	var out [][]int
	seen := map[panel.Corridor]bool{}
	for i := range e.panel.Lanes {
		l := &e.panel.Lanes[i]
		c := panel.Corridor{Exporter: l.Exporter, Importer: l.Importer}
		if !seen[c] {
			seen[c] = true
			out = append(out, e.byCorridor[c])
		}
	}
	return out
}

// anchorLogP is the evidence from which a window is worth looking for its
// counterpart: ln 0.05.
const anchorLogP = -3.0

func (e *evidence) switchFrom(i, sign int, lanes []int) (finding, bool) {
	f, ok := e.gap(i, sign)
	if !ok || f.logP > anchorLogP || e.hub[i] {
		return f, false
	}
	f.kind = CodeSwitch
	a := &e.panel.Lanes[i]
	size, low, high := excessKg(a.Arrived, a.MKg, f.span, sign, e.se(weightGap, i, f.span))
	best, second := 0.0, -1
	for _, j := range lanes {
		if j == i || !(size > 0) {
			continue
		}
		z, ok := e.fields[weightGap].At(j, f.span.start, f.span.end)
		if !ok || float64(sign)*z >= 0 {
			continue
		}
		b := &e.panel.Lanes[j]
		other, _, _ := excessKg(b.Arrived, b.MKg, span{j, f.span.start, f.span.end, 0}, -sign, 0)
		if !alike(size, other) {
			continue
		}
		if logP := e.fields[weightGap].LogP(f.span.start, f.span.end, z); logP < best {
			best, second = logP, j
		}
	}
	if second < 0 {
		return f, false
	}
	f.logP = weaker(f.logP, best, len(lanes)-1)
	f.second = second
	f.kg, f.kgLow, f.kgHigh = size, low, high
	return f, true
}

// alikeTimes is how many times one tonnage may be another for both to be the
// same goods: reports of one shipment differ by as much.
const alikeTimes = 2.5

func alike(a, b float64) bool {
	return a > 0 && b > 0 && a < alikeTimes*b && b < alikeTimes*a
}

// se is the standard error of a lane's shift in a window, 0 where it cannot be
// had.
func (e *evidence) se(s signal, i int, w span) float64 {
	_, se := e.fields[s].Shift(i, w.start, w.end)
	if math.IsNaN(se) {
		return 0
	}
	return se
}
