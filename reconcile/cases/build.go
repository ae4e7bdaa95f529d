package cases

import (
	"math"

	"counterflow/data"
	"counterflow/reconcile/margin"
	"counterflow/reconcile/mirror"
)

// build sizes one window of a lane and names its kind.
func build(l lane, w window, departures []Departure, logq []float64, m *margin.Model, usual unitValues) Case {
	first, last := &l.pairs[w.members[0]], &l.pairs[w.members[len(w.members)-1]]
	c := Case{
		Goods: first.Commodity, Exporter: first.Exporter, Importer: first.Importer,
		Start: first.Period.Start(), End: last.Period.End(),
		LogP: math.Inf(1), Q: math.Inf(1), Assessable: true,
	}
	var size excess
	slips, kinds := 0, map[Kind]int{}
	for _, i := range w.members {
		p, d := &l.pairs[i], &departures[l.first+i]
		c.LogP = min(c.LogP, d.LogP)
		c.Q = min(c.Q, math.Exp(logq[l.first+i]))
		size.add(p, d, m)
		if _, ok := slip(p, d, usual); ok {
			slips++
		}
		kinds[kindOf(p, d, m)]++
	}
	c.ExcessKg, c.ExcessKgLow, c.ExcessKgHigh, c.ExcessUSD = size.kg(), size.kgLow(), size.kgHigh(), size.usd()
	c.Kind = most(kinds)
	if 2*slips > len(w.members) {
		c.Kind = UnitSlip
	}
	c.Caveats = caveats(l, w, departures)
	c.Statement = statement(&c, len(w.members))
	return c
}

// kindOf names the side on which less is recorded, if weight and value agree on
// it. Where only one of the two is stated, it decides.
func kindOf(p *mirror.Pair, d *Departure, m *margin.Model) Kind {
	value := p.LogRatio(mirror.Value) - m.Log(p)
	if d.Measure == mirror.Weight && !math.IsNaN(value) && value*d.Z < 0 {
		return Unexplained
	}
	if d.Z > 0 {
		return MissingExport
	}
	return MissingImport
}

// most is the commonest kind; between equals, the one first in the alphabet.
func most(kinds map[Kind]int) Kind {
	var best Kind
	for k, n := range kinds {
		if n > kinds[best] || n == kinds[best] && k < best {
			best = k
		}
	}
	return best
}

// excess adds up what is recorded beyond what was to be expected, always as a
// positive amount: of the importer's record over the exporter's or the reverse.
// The 90% interval moves the expectation by 1.645 robust standard deviations in
// all periods together, since what a lane expects is wrong in all of them or in
// none.
type excess struct {
	kilos, low, high, dollars float64
	haveKilos, haveDollars    bool
}

const z90 = 1.6448536269514722 // 95th percentile of the standard normal

func (e *excess) add(p *mirror.Pair, d *Departure, m *margin.Model) {
	sign := 1.0
	if d.Z < 0 {
		sign = -1
	}
	if p.XKg > 0 && p.MKg > 0 {
		expected := d.Expected
		if d.Measure == mirror.Value {
			expected -= m.Log(p)
		}
		x, mm := p.XKg.Float(), p.MKg.Float()
		e.kilos += over(x, mm, expected, sign)
		a, b := over(x, mm, expected-z90*d.SD, sign), over(x, mm, expected+z90*d.SD, sign)
		e.low += min(a, b)
		e.high += max(a, b)
		e.haveKilos = true
	}
	if p.XUSD > 0 && p.MUSD > 0 {
		expected := m.Log(p)
		if d.Measure == mirror.Value {
			expected = d.Expected
		} else {
			expected += d.Expected
		}
		e.dollars += over(p.XUSD.Float(), p.MUSD.Float(), expected, sign)
		e.haveDollars = true
	}
}

// over is the amount on one side beyond the other's: M - X exp(expected) where
// the importer records more, X - M exp(-expected) where the exporter does.
func over(x, m, expected, sign float64) float64 {
	if sign > 0 {
		return m - x*math.Exp(expected)
	}
	return x - m*math.Exp(-expected)
}

func (e *excess) kg() data.Kg     { return kilosOr(e.kilos, e.haveKilos) }
func (e *excess) kgLow() data.Kg  { return kilosOr(e.low, e.haveKilos) }
func (e *excess) kgHigh() data.Kg { return kilosOr(e.high, e.haveKilos) }

func (e *excess) usd() data.USD {
	if !e.haveDollars {
		return data.MissingUSD
	}
	return data.Dollars(e.dollars)
}

func kilosOr(kilos float64, have bool) data.Kg {
	if !have {
		return data.MissingKg
	}
	return data.Kilograms(kilos)
}
