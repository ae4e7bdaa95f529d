package cases

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"counterflow/data"
	"counterflow/data/reference"
	"counterflow/reconcile/claims"
	"counterflow/reconcile/mirror"
	"counterflow/reconcile/panel"
)

// BookedByOrigin says whether a reroute was found without the direct lane's exporter:
// the importer books under their origins what a third economy declares to it.
func (c *Case) BookedByOrigin() bool {
	return c.Kind == Reroute && slices.Contains(c.Caveats, "entrepot")
}

// passingCase sizes what passes the middle by the second leg alone: what the middle
// declares beyond what the importer books from it, above the usual month outside the
// window, with the 90% interval of that month's mean. Its origin is the first from
// which the importer books more than usual and the middle buys, too.
func (e *evidence) passingCase(w passing, f finding) sized {
	l := &e.panel.Lanes[w.lane]
	kg := aboveUsual(unbookedOf(e.asDeclared(w.lane, mirror.Weight)), w.span)
	usd := aboveUsual(unbookedOf(e.asDeclared(w.lane, mirror.Value)), w.span)
	c := Case{
		Kind: Reroute, Goods: l.Goods, Exporter: e.panel.Lanes[w.direct].Exporter, Importer: l.Importer, Via: data.Economy(l.Exporter),
		Start: e.panel.Period(w.start), End: e.panel.Period(w.end),
		ExcessKg: data.MissingKg, ExcessKgLow: data.MissingKg, ExcessKgHigh: data.MissingKg,
		ExcessUSD: data.Dollars(usd.more),
		LogP:      f.logP, Q: math.Exp(f.logQ), Assessable: true, Caveats: []string{"entrepot"},
	}
	if w.silent {
		c.Caveats = append(c.Caveats, "not_reporting")
	}
	if e.estimates(w) {
		c.Caveats = append(c.Caveats, "estimated_weight")
	}
	var tried []claims.Claim
	if kg.inside > 0 && kg.more > 0 {
		c.ExcessKg = data.Kilograms(kg.more)
		c.ExcessKgLow, c.ExcessKgHigh = data.Kilograms(max(kg.more-z90*kg.sd, 0)), data.Kilograms(kg.more+z90*kg.sd)
		tried = e.sharePassing(w, kg)
	}
	c.Statement = statement(&c, w.months())
	return sized{Case: c, tried: tried, expected: e.usualPassing(w)}
}

// asDeclared are the amounts of a lane as the files have them, over all months: 0
// where a side spoke and did not declare the lane, NaN where it was silent or did not
// state the measure. Months that tests leave out, since some goods stand under no
// partner, are in; so are weights that an office estimated: the case says so.
func (e *evidence) asDeclared(lane int, measure mirror.Measure) (x, m []float64) {
	l := &e.panel.Lanes[lane]
	x, m = make([]float64, e.panel.Months), make([]float64, e.panel.Months)
	for t := range x {
		x[t], m[t] = 0*l.XUSD[t], 0*l.MUSD[t]
	}
	for i := l.First; i < l.First+l.Pairs; i++ {
		p := &e.pairs[i]
		t := p.Period.Index() - e.panel.Start.Index()
		x[t], m[t] = p.XKg.Float(), p.MKg.Float()
		if measure == mirror.Value {
			x[t], m[t] = data.USD(p.XUSD).Float(), data.USD(p.MUSD).Float()
		}
		switch p.State {
		case mirror.ExportOnly:
			m[t] = 0
		case mirror.ImportOnly:
			x[t] = 0
		}
	}
	return x, m
}

// estimates says whether a weight of the second leg in the window is an estimate.
func (e *evidence) estimates(w passing) bool {
	l := &e.panel.Lanes[w.lane]
	for i := l.First; i < l.First+l.Pairs; i++ {
		p := &e.pairs[i]
		t := p.Period.Index() - e.panel.Start.Index()
		if t >= w.start && t <= w.end && p.Notes&(mirror.ExportWeightEstimated|mirror.ImportWeightEstimated) != 0 {
			return true
		}
	}
	return false
}

// sharePassing divides the declared gap of the second leg: what is usual on the lane,
// what the importer books above its usual from the origins, and the rest. The parts
// add up to the gap to the gram.
func (e *evidence) sharePassing(w passing, kg above) []claims.Claim {
	x, m := e.asDeclared(w.lane, mirror.Weight)
	gap := 0.0
	for t := w.start; t <= w.end; t++ {
		if d := x[t] - m[t]; d > 0 {
			gap += d
		}
	}
	booked := aboveUsual(e.kgBooked(w), w.span).more
	by := max(min(booked, kg.more), 0)
	verdict := func(kilos float64) claims.Verdict {
		if kilos > leastHeld*gap {
			return claims.Holds
		}
		return claims.Fails
	}
	parts := []claims.Claim{
		part("margin", 0, claims.Fails, "freight and insurance do not touch a weight"),
		underWay(x, w.span, gap),
		part("trade_system", gap-kg.more, verdict(gap-kg.more), "as in usual months outside the window"),
		part("entrepot", by, verdict(by), e.bookedNote(w, booked)),
	}
	total := data.Kg(0)
	for _, p := range parts {
		total += p.Kg
	}
	rest := data.Kilograms(gap) - total
	reach := data.Kilograms(z90 * kg.sd) // as of the size of the case
	return append(parts, claims.Claim{Explanation: "unexplained", Kg: rest, KgLow: rest - reach, KgHigh: rest + reach, Verdict: claims.Holds, Note: "what is left over"})
}

// leastHeld is the share of a gap from which an explanation is said to hold.
const leastHeld = 0.05

func part(name string, kilos float64, v claims.Verdict, note string) claims.Claim {
	amount := data.Kilograms(kilos)
	return claims.Claim{Explanation: name, Kg: amount, KgLow: amount, KgHigh: amount, Verdict: v, Note: note, Caveat: claims.Caveat(name)}
}

// underWay tests time on the way: a month of it would take the exports of the last
// month out of the window and bring those of the month before it in. None of the gap
// is put down to it, since the months of arrival are not known here.
func underWay(x []float64, w span, gap float64) claims.Claim {
	moved := math.NaN()
	if w.start > 0 {
		moved = math.Abs(x[w.end] - x[w.start-1])
	}
	if moved < leastHeld*gap {
		return part("timing", 0, claims.Fails, "a month on the way would move too little")
	}
	return part("timing", 0, claims.NotPossible, "a month on the way would move a part of it")
}

// kgBooked is bookedUnder in weights.
func (e *evidence) kgBooked(w passing) []float64 {
	sum := make([]float64, e.panel.Months)
	for _, o := range w.origins {
		x, m := e.asDeclared(o, mirror.Weight)
		for t := range sum {
			switch {
			case x[t] > 0 && m[t] > 0:
				sum[t] += max(m[t]-x[t], 0)
			case m[t] > 0:
				sum[t] += m[t]
			}
		}
	}
	return sum
}

// bookedNote says how much the importer books above its usual, and from whom.
func (e *evidence) bookedNote(w passing, kg float64) string {
	var names []string
	for _, o := range w.origins[:min(3, len(w.origins))] {
		names = append(names, reference.Name(data.Economy(e.panel.Lanes[o].Exporter)))
	}
	note := fmt.Sprintf("%.0f t above the usual booked from %s", kg/1000, strings.Join(names, ", "))
	if more := len(w.origins) - len(names); more > 0 {
		note += fmt.Sprintf(" and %d others", more)
	}
	if w.silent {
		note += ", mostly not in the files"
	}
	return note
}

// usualPassing is the usual month of each lane of a passage outside the window, for
// its chart.
func (e *evidence) usualPassing(w passing) []Expected {
	l := &e.panel.Lanes[w.lane]
	lanes := []int{w.direct}
	if first, ok := e.lane[laneKey{l.Goods, e.panel.Lanes[w.direct].Exporter, data.Importer(l.Exporter)}]; ok {
		lanes = append(lanes, first)
	}
	var all []Expected
	for _, lane := range append(lanes, w.lane) {
		side := &e.panel.Lanes[lane]
		supply := panel.Larger(side.ArrivedUSD, side.MUSD)
		a := aboveUsual(supply, w.span)
		if a.inside == 0 || a.outside < 2 {
			continue
		}
		inside, _ := sums(supply, w.span)
		n := float64(a.inside)
		usual, reach := (inside-a.more)/n, z90*a.sd/n
		for t := range supply {
			x := e.expectation(lane, t, OfLarger, mirror.Value)
			x.Amount, x.Low, x.High = usual, max(usual-reach, 0), usual+reach
			all = append(all, x)
		}
	}
	return all
}
