package cases

import (
	"math"

	"counterflow/reconcile/panel"
	"counterflow/stats/burst"
)

// switches gives one hypothesis for each lane with company on its corridor: a gap
// on it is matched, in the same months and between the same economies, by the
// opposite gap under another code. The statistic is the weaker of the two
// departures, at its best over the other codes and over the windows in which
// either lane departs most, and is judged by its distribution over all lanes. The
// tonnages of the two gaps must be of one size.
func (e *evidence) switches() []finding {
	var found []finding
	var weaker []float64
	for _, lanes := range e.corridorsInOrder() {
		if len(lanes) < 2 || e.hub[lanes[0]] {
			continue
		}
		for _, i := range lanes {
			f := finding{kind: CodeSwitch, span: span{lane: i}, second: -1, direct: -1}
			best := math.NaN()
			for _, j := range lanes {
				if j == i {
					continue
				}
				for _, w := range e.windowsOf(i, j) {
					if z, sign, ok := e.opposed(i, j, w); ok && !(z <= best) {
						best, f.span, f.sign, f.second = z, w, sign, j
						f.span.lane = i
					}
				}
			}
			found, weaker = append(found, f), append(weaker, best)
		}
	}
	return e.judgeJointly(found, weaker)
}

// judgeJointly fills in the evidence of findings that need several lanes.
func (e *evidence) judgeJointly(found []finding, weaker []float64) []finding {
	for i, logP := range burst.Joint(weaker) {
		found[i].logP = logP
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

// windowsOf lists the windows in which the given lanes' gaps depart most.
func (e *evidence) windowsOf(lanes ...int) []span {
	var windows []span
	for _, i := range lanes {
		for _, s := range [...]signal{weightGap, lumpGap} {
			for _, sign := range [...]int{1, -1} {
				if w := e.window(s, i, sign); w.logP <= worthLooking {
					windows = append(windows, w)
				}
			}
		}
	}
	return windows
}

// worthLooking is the evidence, ln 0.3, from which a window is worth asking other
// lanes about.
const worthLooking = -1.2

// opposed gives the weaker of two opposite departures in one window, 0 where they
// are not opposite or not of one size; ok is false where either cannot be known.
func (e *evidence) opposed(i, j int, w span) (weaker float64, sign int, ok bool) {
	a, fieldA := e.local(i, w)
	b, fieldB := e.local(j, w)
	if fieldA == nil || fieldB == nil {
		return 0, 0, false
	}
	sign = 1
	if a < 0 {
		sign = -1
	}
	if a*b >= 0 || !alike(e.gapKg(i, w, sign), e.gapKg(j, w, -sign)) {
		return 0, sign, true
	}
	return min(math.Abs(a), math.Abs(b)), sign, true
}

// gapKg is the tonnage of a lane's gap in a window.
func (e *evidence) gapKg(i int, w span, sign int) float64 {
	l := &e.panel.Lanes[i]
	kg, _, _ := excessKg(l.Arrived, l.MKg, span{lane: i, start: w.start, end: w.end}, sign, 0)
	return kg
}

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
