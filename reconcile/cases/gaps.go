package cases

import (
	"math"

	"counterflow/stats/burst"
)

// finding is a candidate of one kind, before kinds compete.
type finding struct {
	kind    Kind
	span    span
	sign    int  // of the gap on its lane
	second  int  // lane of the second code or of the second leg, -1 for none
	direct  int  // lane that trade left, -1 for none
	resold  bool // by an economy that, as far as is known, makes nothing of its own
	logP    float64
	logQ    float64
	kg      float64
	kgLow   float64
	kgHigh  float64
	usd     float64
	caveats []string
}

// gaps gives one hypothesis for each lane and sign: the weight departs from the
// lane's own history. Where the weights of a lane are too few, its values take
// their place. Where both are known they must agree: a weight that moves alone
// is no missing shipment.
func (e *evidence) gaps() []finding {
	var found []finding
	for i := range e.panel.Lanes {
		for _, sign := range [...]int{1, -1} {
			if f, ok := e.gap(i, sign); ok {
				found = append(found, f)
			}
		}
	}
	return found
}

func (e *evidence) gap(i, sign int) (finding, bool) {
	f := finding{kind: MissingExport, sign: sign, second: -1, direct: -1}
	if sign < 0 {
		f.kind = MissingImport
	}
	f.span = e.window(bothGap, i, sign)
	f.logP = f.span.logP
	if math.IsNaN(f.logP) || !steady(e.panel.Lanes[i].ArrivedUSD, e.panel.Lanes[i].MUSD, f.span) {
		return f, false
	}
	if !e.bothMoved(i, f.span, sign) || f.logP < 0 && e.byHub(i, f.span, sign) {
		f.logP = 0
	}
	return f, true
}

// A lane is steady enough to be held against a lasting ratio if, outside the
// window, both sides declare something in at least leastMatched months, and in
// most of the months in which either does. Where one side often lacks what the
// other has, another such month is no news, and the lane is not assessable.
const (
	leastMatched = 10
	mostMatched  = 0.75
)

func steady(x, m []float64, s span) bool {
	matched, traded := 0, 0
	for t := range x {
		if t >= s.start && t <= s.end || math.IsNaN(x[t]) || math.IsNaN(m[t]) {
			continue
		}
		if x[t] > 0 || m[t] > 0 {
			traded++
		}
		if x[t] > 0 && m[t] > 0 {
			matched++
		}
	}
	return matched >= leastMatched && float64(matched) >= mostMatched*float64(traded)
}

// bothMoved says whether neither weight nor value, where it is known, speaks
// against a gap.
func (e *evidence) bothMoved(i int, s span, sign int) bool {
	for _, signal := range [...]signal{weightGap, valueGap} {
		if z, ok := e.fields[signal].At(i, s.start, s.end); ok && float64(sign)*z < supportZ {
			return false
		}
	}
	return true
}

// supportZ is the least departure, in standard deviations, that weight and value
// must each show where both move.
const supportZ = 2

// window gives the best window of one lane in one signal and direction.
func (e *evidence) window(s signal, i, sign int) span {
	w := e.scans[s].Up[i]
	if sign < 0 {
		w = e.scans[s].Down[i]
	}
	return toSpan(i, w)
}

func toSpan(i int, w burst.Window) span {
	return span{lane: i, start: w.Start, end: w.End, logP: w.LogP}
}

// prices gives one hypothesis for each lane: unit values part while weights
// agree.
func (e *evidence) prices() []finding {
	var found []finding
	for i := range e.panel.Lanes {
		up, down := e.window(priceGap, i, 1), e.window(priceGap, i, -1)
		if math.IsNaN(up.logP) {
			continue
		}
		f := finding{kind: ValueGap, span: up, sign: 1, second: -1, direct: -1}
		if down.logP < up.logP {
			f.span, f.sign = down, -1
		}
		f.logP = min(f.span.logP+math.Ln2, 0)
		if z, ok := e.fields[weightGap].At(i, f.span.start, f.span.end); ok && math.Abs(z) > disagreeZ {
			f.logP = 0
		}
		if z, ok := e.fields[valueGap].At(i, f.span.start, f.span.end); ok && float64(f.sign)*z < supportZ {
			f.logP = 0
		}
		found = append(found, f)
	}
	return found
}

// disagreeZ is the departure of weights from which they cannot be said to agree.
const disagreeZ = 3
