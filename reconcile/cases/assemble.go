package cases

import (
	"math"

	"counterflow/data"
	"counterflow/reconcile/claims"
	"counterflow/reconcile/mirror"
	"counterflow/reconcile/panel"
)

// build turns a finding into a case.
func (e *evidence) build(f finding, given share) sized {
	l := &e.panel.Lanes[f.span.lane]
	c := Case{
		Kind: f.kind, Goods: l.Goods, Exporter: l.Exporter, Importer: l.Importer,
		Start: e.panel.Period(f.span.start), End: e.panel.Period(f.span.end),
		LogP: f.logP, Q: math.Exp(f.logQ), Assessable: true, Caveats: f.caveats,
	}
	switch f.kind {
	case MissingExport, MissingImport:
		f.kg, f.kgLow, f.kgHigh = e.tonnage(&f)
		f.usd, _, _ = excessKg(l.ArrivedUSD, l.MUSD, f.span, f.sign, 0)
	case ValueGap:
		f.kg, f.kgLow, f.kgHigh = math.NaN(), math.NaN(), math.NaN()
		f.usd, _, _ = excessKg(l.ArrivedUSD, l.MUSD, f.span, f.sign, 0)
	case CodeSwitch:
		f.kg, f.kgLow, f.kgHigh = e.tonnage(&f)
		f.usd, _, _ = excessKg(l.ArrivedUSD, l.MUSD, f.span, f.sign, 0)
		c.Related = e.panel.Lanes[f.second].Goods
		if e.disguise(f) {
			c.Goods, c.Related = c.Related, c.Goods
		}
	case Reroute, OriginSwitch:
		c.Via = data.Economy(l.Exporter)
		c.Exporter = e.panel.Lanes[f.direct].Exporter
		f.usd = f.kg * unitValue(l, f.span)
	}
	e.widen(&f)
	worth := data.Dollars(given.takeFrom(&f))
	c.Caveats = f.caveats
	c.ExcessKg, c.ExcessKgLow, c.ExcessKgHigh = known(f.kg), known(f.kgLow), known(f.kgHigh)
	c.ExcessUSD = data.Dollars(f.usd)
	c.Statement = statement(&c, f.span.months())
	if f.sign != 0 && f.kind != ValueGap {
		return sized{Case: c, worth: worth, tried: e.share(f, given)}
	}
	return sized{Case: c, worth: worth}
}

// share divides the declared gap of a finding's lane among the explanations, in
// weights that are filled in from values as the size of the case is; nil where the
// lane's weights cannot be had.
func (e *evidence) share(f finding, given share) []claims.Claim {
	l := &e.panel.Lanes[f.span.lane]
	arrived, imported, estimated := weights(l)
	exported, _ := weighed(l.XKg, l.XUSD, l.MKg, l.MUSD)
	if arrived == nil || imported == nil || exported == nil {
		return nil
	}
	cut := func(x []float64) []float64 { return x[f.span.start : f.span.end+1] }
	x, m := e.declared(f.span)
	fill(x, cut(exported))
	fill(m, cut(imported))
	return claims.Share(claims.Gap{
		DeclaredX: x, DeclaredM: m, X: cut(exported), M: cut(imported), Arrived: cut(arrived),
		Base: baseline(arrived, imported, f.span), Sign: f.sign, Low: f.kgLow, High: f.kgHigh, Hub: e.hub[f.span.lane], Estimated: estimated,
		Linked: given.parts, Unmet: given.unmet, Another: given.another,
	})
}

// fill takes what is unknown in x from other.
func fill(x, other []float64) {
	for t := range x {
		if math.IsNaN(x[t]) {
			x[t] = other[t]
		}
	}
}

// declared gives the weights of a lane's window as the files have them. A side
// that spoke and did not declare the lane declared nothing.
func (e *evidence) declared(s span) (x, m []float64) {
	l := &e.panel.Lanes[s.lane]
	x, m = make([]float64, s.months()), make([]float64, s.months())
	for t := range x {
		x[t], m[t] = math.NaN(), math.NaN()
	}
	for i := l.First; i < l.First+l.Pairs; i++ {
		p := &e.pairs[i]
		t := p.Period.Index() - e.panel.Start.Index() - s.start
		if t < 0 || t >= len(x) {
			continue
		}
		switch p.State {
		case mirror.Both:
			x[t], m[t] = p.XKg.Float(), p.MKg.Float()
		case mirror.ExportOnly:
			x[t], m[t] = p.XKg.Float(), 0
		case mirror.ImportOnly:
			x[t], m[t] = 0, p.MKg.Float()
		}
	}
	return x, m
}

func known(kg float64) data.Kg { return data.Kilograms(kg) }

// disguise says whether the lane that a code switch was found from is the false
// name. The side that renames declares less than usual under the true name and
// more under the false one, and the other side declares as ever; so the side whose
// declarations moved against its own history says which name is which.
func (e *evidence) disguise(f finding) bool {
	more, less := &e.panel.Lanes[f.span.lane], &e.panel.Lanes[f.second] // more imports than arrivals; fewer
	if f.sign < 0 {
		more, less = less, more
	}
	exporterMoved := standing(less.ArrivedUSD, f.span) - standing(more.ArrivedUSD, f.span)
	importerMoved := standing(more.MUSD, f.span) - standing(less.MUSD, f.span)
	trueIsMore := exporterMoved > importerMoved
	return trueIsMore != (f.sign > 0)
}

// standing is how far a series stands above its other months in a window, in
// standard deviations, cut at 10.
func standing(x []float64, w span) float64 {
	_, z := riseOf(x, w)
	return min(max(z, -10), 10)
}

// unitValue is dollars per kg of what either side declares in a window, falling
// back on all months.
func unitValue(l *panel.Lane, s span) float64 {
	for _, w := range [...]span{s, {start: 0, end: len(l.MKg) - 1}} {
		kg, usd := 0.0, 0.0
		for t := w.start; t <= w.end; t++ {
			for _, side := range [...][2]float64{{l.MKg[t], l.MUSD[t]}, {l.XKg[t], l.XUSD[t]}} {
				if side[0] > 0 && side[1] > 0 {
					kg, usd = kg+side[0], usd+side[1]
				}
			}
		}
		if kg > 0 {
			return usd / kg
		}
	}
	return math.NaN()
}

// slipCase lists a repaired slip of units.
func (e *evidence) slipCase(s panel.Slip) Case {
	l := &e.panel.Lanes[s.Lane]
	c := Case{
		Kind: UnitSlip, Goods: l.Goods, Exporter: l.Exporter, Importer: l.Importer,
		Start: e.panel.Period(s.Start), End: e.panel.Period(s.End),
		ExcessUSD: data.MissingUSD, Assessable: true, Caveats: []string{"unit_error"},
	}
	kg, usd := l.MKg, l.MUSD
	if s.Export {
		kg, usd = l.XKg, l.XUSD
	}
	declared, value := 0.0, 0.0
	for t := s.Start; t <= s.End; t++ {
		if kg[t] > 0 {
			declared += kg[t] * (s.Factor - 1)
			value += usd[t]
		}
	}
	c.ExcessKg, c.ExcessKgLow, c.ExcessKgHigh = known(math.Abs(declared)), known(math.Abs(declared)), known(math.Abs(declared))
	c.ExcessUSD = data.Dollars(value)
	c.Q, c.LogP = 0, math.Inf(-1)
	c.Statement = statement(&c, s.End-s.Start+1)
	return c
}
