package cases

import (
	"math"

	"counterflow/reconcile/panel"
	"counterflow/stats/burst"
)

// switches gives one hypothesis for each lane with company on its corridor: a gap
// on it is matched, in the same months and between the same economies, by the
// opposite gap under another code, and the amounts of the two are of one size.
//
// The statistic is the product of two p-values: that of the lane, which pays for
// its search over windows, and that of the best companion in the lane's window,
// which pays for the choice of companion. It is judged by its distribution over all
// such lanes. A companion that does not depart by itself makes no switch, however
// far the lane departs.
func (e *evidence) switches() []finding {
	var found []finding
	var root []float64
	for _, lanes := range e.corridorsInOrder() {
		if len(lanes) < 2 || e.hub[lanes[0]] {
			continue
		}
		for _, i := range lanes {
			f := e.switchOf(i, lanes)
			found, root = append(found, f), append(root, math.Sqrt(-f.logP))
		}
	}
	return judgeJointly(found, root, beyondSwitches)
}

// switchOf is the best switch that a lane's own windows show; logP is NaN where
// the lane has no window that can be tested.
func (e *evidence) switchOf(i int, lanes []int) finding {
	best := finding{kind: CodeSwitch, span: span{lane: i}, second: -1, direct: -1, logP: math.NaN()}
	for _, s := range [...]signal{weightGap, valueGap, lumpGap} {
		for _, sign := range [...]int{1, -1} {
			w := e.window(s, i, sign)
			if math.IsNaN(w.logP) {
				continue
			}
			if math.IsNaN(best.logP) {
				best.logP = 0
			}
			if w.logP > worthLooking || e.byHub(i, w, sign) {
				continue
			}
			j, logP := e.companion(i, sign, w, lanes)
			if j < 0 {
				continue
			}
			joint := w.logP + logP
			if joint < best.logP {
				best.logP, best.span, best.sign, best.second = joint, w, sign, j
			}
		}
	}
	return best
}

// companion is the lane that departs most in a window, against the given sign and
// by an amount of the same size, and the log p of that, paid for the choice; -1
// where none does.
func (e *evidence) companion(i, sign int, w span, lanes []int) (best int, logP float64) {
	best, logP = -1, 0
	asked := 0.0
	for _, j := range lanes {
		if j == i {
			continue
		}
		z, field := e.local(j, w)
		if field == nil {
			continue
		}
		asked++
		if float64(sign)*z >= 0 || !e.sameSize(i, j, w, sign) {
			continue
		}
		if p := field.LogP(j, w.start, w.end, z); p < logP {
			best, logP = j, p
		}
	}
	logP += math.Log(asked)
	if best < 0 || logP > companionLogP {
		return -1, 0
	}
	return best, logP
}

// companionLogP is the evidence, ln 0.1, that a companion must show.
const companionLogP = -2.3

// sameSize says whether the gaps of two lanes in one window are of one size, in
// kilograms or, as weights may be missing, in dollars: goods under another name keep
// both. Whoever gives the goods another name counts them by its own measure under
// either, so both gaps are held in what the exporter would have declared, or both in
// what the importer would have: a side may lastingly declare half of what the other
// does.
func (e *evidence) sameSize(i, j int, w span, sign int) bool {
	a, b := &e.panel.Lanes[i], &e.panel.Lanes[j]
	return sameGap(a.Arrived, a.MKg, b.Arrived, b.MKg, w, sign) || sameGap(a.ArrivedUSD, a.MUSD, b.ArrivedUSD, b.MUSD, w, sign)
}

// sameGap compares the gap of a first lane with the opposite one of a second.
func sameGap(x, m, x2, m2 []float64, w span, sign int) bool {
	byExporter, byImporter := gapBySide(x, m, w, sign)
	byExporter2, byImporter2 := gapBySide(x2, m2, w, -sign)
	return alike(byExporter, byExporter2) || alike(byImporter, byImporter2)
}

// gapBySide is the gap of a lane in a window as the exporter counts and as the importer
// does.
func gapBySide(x, m []float64, w span, sign int) (byExporter, byImporter float64) {
	gap, _, _ := excessKg(x, m, w, sign, 0)
	ratio := math.Exp(baseline(x, m, w))
	if sign > 0 {
		return gap / ratio, gap
	}
	return gap, gap * ratio
}

// judgeJointly fills in the evidence of findings that need several lanes.
func judgeJointly(found []finding, statistic []float64, beyond float64) []finding {
	for i, logP := range burst.Joint(statistic, beyond) {
		found[i].logP = logP
	}
	return found
}

// Beyond these quantiles of all hypotheses true ones may lie. With them, among lanes
// of simulated worlds that nothing was planted on (seeds 201 to 203), p-values below
// 0.01 were 0.5 to 1.2 times as many as they say for switches, and 0.3 to 0.5 times for
// detours.
const (
	beyondSwitches = 0.998
	beyondDetours  = 0.995
)

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

// worthLooking is the evidence, ln 0.3, from which a window is worth asking other
// lanes about.
const worthLooking = -1.2

// local gives the departure of a lane in a window, from its weights, or values, or
// from its lumps where it trades too seldom to have a habit; nil where nothing is
// known.
func (e *evidence) local(i int, w span) (float64, *burst.Field) {
	for _, s := range [...]signal{weightGap, valueGap, lumpGap} {
		if z, ok := e.fields[s].At(i, w.start, w.end); ok {
			return z, e.fields[s]
		}
	}
	return 0, nil
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
