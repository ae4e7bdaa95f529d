package cases

import (
	"fmt"
	"math"

	"counterflow/data"
	"counterflow/reconcile/claims"
	"counterflow/reconcile/panel"
)

// tied is an explanation that passed its test: in the window of a finding, another
// lane departs the other way.
type tied struct {
	finding     int
	lane        int
	explanation string
}

// testAll asks the lanes beside those of findings, and notes which of them are drawn
// on in which months.
func (a *allocation) testAll() []tied {
	var passed []tied
	for k := range a.found {
		f := &a.found[k]
		if !f.shared() {
			continue
		}
		passed = append(passed, a.sisters(k)...)
		passed = append(passed, a.byThird(k)...)
	}
	for _, t := range passed {
		a.drawn[t.lane] = append(a.drawn[t.lane], a.found[t.finding].span)
	}
	return passed
}

// tie links the cells of a finding to those of the lane that passed the test.
func (a *allocation) tie(t tied) {
	f := &a.found[t.finding]
	for month := f.span.start; month <= f.span.end; month++ {
		cell, ok := a.compared(t.finding, month)
		if !ok {
			continue
		}
		other, ok := a.counter(t.finding, t.lane, month, f.sign > 0)
		if !ok {
			continue
		}
		explanation := t.explanation
		if explanation == claims.Classification && (a.panel.Lanes[f.span.lane].Parted[month] || a.panel.Lanes[t.lane].Parted[month]) {
			explanation = claims.Revision
		}
		a.link(cell, other, claims.Link{Explanation: explanation, Kg: claims.Unlimited})
		if _, held := a.owner[laneMonth{t.lane, month}]; !held {
			a.spread(claims.NoCase, t.lane, month, other)
		}
	}
}

// sisters tests the explanation "classification": under another code of the family
// the same lane departs the other way in the window, as companion has it. Where the
// finding is a code switch it is this very thing.
func (a *allocation) sisters(k int) []tied {
	f := &a.found[k]
	if f.kind == CodeSwitch {
		a.unmet[k][claims.Classification] = "the opposite gap under the other code is the case itself"
		return nil
	}
	l := &a.panel.Lanes[f.span.lane]
	family := claims.Family(l.Goods)
	var lanes []int
	var evidence []float64
	for _, j := range a.byCorridor[panel.Corridor{Exporter: l.Exporter, Importer: l.Importer}] {
		if j == f.span.lane || claims.Family(a.panel.Lanes[j].Goods) != family {
			continue
		}
		if z, field := a.local(j, f.span); field != nil {
			logP := 0.0
			if float64(f.sign)*z < 0 {
				logP = field.LogP(j, f.span.start, f.span.end, z)
			}
			lanes, evidence = append(lanes, j), append(evidence, logP)
		}
	}
	var passed []tied
	for i, j := range lanes {
		if evidence[i]+math.Log(float64(len(lanes))) <= companionLogP {
			passed = append(passed, tied{k, j, claims.Classification})
		}
	}
	switch {
	case len(lanes) == 0:
		a.unmet[k][claims.Classification] = "no other code of its family can be compared on this lane"
	case len(passed) == 0:
		a.unmet[k][claims.Classification] = fmt.Sprintf("%d other codes of its family were held beside it; none departs the other way", len(lanes))
	}
	return passed
}

// byThird tests the explanation "entrepot": what the side that lacks something
// declares on the lane falls, and on a leg through an economy of passage somebody
// declares more, in the same months and beyond scatter. Exporters name the hub and
// importers the origin, or the other way about.
func (a *allocation) byThird(k int) []tied {
	f := &a.found[k]
	l := &a.panel.Lanes[f.span.lane]
	lacking := l.ArrivedUSD
	if f.sign < 0 {
		lacking = l.MUSD
	}
	_, fallen := riseOf(lacking, f.span)
	var legs []int
	for _, hub := range passage {
		for _, leg := range [...]laneKey{{l.Goods, l.Exporter, data.Importer(hub)}, {l.Goods, data.Exporter(hub), l.Importer}} {
			if j, ok := a.lane[leg]; ok && j != f.span.lane {
				legs = append(legs, j)
			}
		}
	}
	var passed []tied
	for _, j := range legs {
		recording := a.panel.Lanes[j].ArrivedUSD
		if f.sign < 0 {
			recording = a.panel.Lanes[j].MUSD
		}
		if _, z := riseOf(recording, f.span); fallen <= -turnZ && z > supportZ && float64(len(legs))*upperTail(z) <= legP {
			passed = append(passed, tied{k, j, claims.Entrepot})
		}
	}
	switch {
	case len(legs) == 0:
		a.unmet[k][claims.Entrepot] = "neither end is an entrepot, and no leg through one is declared"
	case len(passed) == 0:
		a.unmet[k][claims.Entrepot] = fmt.Sprintf("%d legs through entrepots were held beside it; none rises as the lane falls", len(legs))
	}
	return passed
}

// legP is the evidence that a leg must show, paid for the number of legs asked.
const legP = 0.05

// upperTail is the probability of more than z standard deviations.
func upperTail(z float64) float64 { return math.Erfc(z/math.Sqrt2) / 2 }
