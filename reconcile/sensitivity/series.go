package sensitivity

import (
	"math"

	"counterflow/data"
	"counterflow/reconcile/cases"
	"counterflow/reconcile/mirror"
	"counterflow/reconcile/timing"
)

// lanes finds the lane of a case.
type lanes struct {
	in      Input
	byPanel map[cases.LaneKey]int
	byPairs map[cases.LaneKey][2]int // from and to in the table of pairs; of lanes of cases alone
}

func newLanes(in Input) *lanes {
	l := &lanes{in: in, byPanel: map[cases.LaneKey]int{}, byPairs: map[cases.LaneKey][2]int{}}
	for i := range in.Cases {
		if key, ok := sizedOn(&in.Cases[i]); ok {
			l.byPairs[key] = [2]int{}
		}
	}
	for from, pairs := range mirror.Lanes(in.Pairs) {
		p := &pairs[0]
		key := cases.LaneKey{Goods: p.Commodity, Exporter: p.Exporter, Importer: p.Importer}
		if _, wanted := l.byPairs[key]; wanted {
			l.byPairs[key] = [2]int{from, from + len(pairs)}
		}
	}
	if in.Panel != nil {
		for i := range in.Panel.Lanes {
			p := &in.Panel.Lanes[i]
			key := cases.LaneKey{Goods: p.Goods, Exporter: p.Exporter, Importer: p.Importer}
			if _, wanted := l.byPairs[key]; wanted {
				l.byPanel[key] = i
			}
		}
	}
	return l
}

// sizedOn is the lane that a case was sized on: its own, or the second leg of a
// detour. ok is false for slips of units, which a factor explains, and for cases that
// rest on no lane's two sides.
func sizedOn(c *cases.Case) (key cases.LaneKey, ok bool) {
	switch c.Kind {
	case cases.UnitSlip, cases.StockBuild, cases.SplitConsignment:
		return key, false
	case cases.Reroute, cases.OriginSwitch:
		return cases.LaneKey{Goods: c.Goods, Exporter: data.Exporter(c.Via), Importer: c.Importer}, true
	}
	return cases.LaneKey{Goods: c.Goods, Exporter: c.Exporter, Importer: c.Importer}, true
}

// series is one lane, period by period: what the exporter declares, by the month of
// its declaration, and what the importer does.
type series struct {
	xKg, mKg, xUSD, mUSD []float64
	inside               []bool        // within the months of the case
	kernel               timing.Kernel // by which what left is carried to its arrival
}

// of lays out the lane of a case; monthly says that it has months that a lag can move.
func (l *lanes) of(key cases.LaneKey, c *cases.Case) (s series, monthly bool) {
	if i, ok := l.byPanel[key]; ok {
		p := &l.in.Panel.Lanes[i]
		s = series{xKg: p.XKg, mKg: p.MKg, xUSD: p.XUSD, mUSD: p.MUSD, inside: make([]bool, l.in.Panel.Months), kernel: p.Lag.Kernel}
		for t := range s.inside {
			at := l.in.Panel.Period(t)
			s.inside[t] = at >= c.Start && at <= c.End
		}
		if l.in.AsDeclared {
			s.kernel = timing.Immediate
		}
		return s, true
	}
	s.kernel = timing.Immediate
	span := l.byPairs[key]
	for i := span[0]; i < span[1]; i++ {
		p := &l.in.Pairs[i]
		x, m := sides(p)
		s.xKg, s.xUSD = append(s.xKg, x[0]), append(s.xUSD, x[1])
		s.mKg, s.mUSD = append(s.mKg, m[0]), append(s.mUSD, m[1])
		s.inside = append(s.inside, p.Period.Start() >= c.Start && p.Period.End() <= c.End)
	}
	return s, false
}

// sides are the weight and the value that each side declares, 0 where it spoke and
// did not declare the corridor.
func sides(p *mirror.Pair) (x, m [2]float64) {
	x = [2]float64{p.XKg.Float(), data.USD(p.XUSD).Float()}
	m = [2]float64{p.MKg.Float(), data.USD(p.MUSD).Float()}
	switch p.State {
	case mirror.ExportOnly:
		m = [2]float64{}
	case mirror.ImportOnly:
		x = [2]float64{}
	}
	return x, m
}

// margin is the model's for the lane of a case in its months; borne is false for
// importers that state values free on board, and where there is no pair.
func (l *lanes) margin(key cases.LaneKey, c *cases.Case) (share float64, borne bool) {
	span := l.byPairs[key]
	for i := span[0]; i < span[1]; i++ {
		p := &l.in.Pairs[i]
		if p.Period.Start() >= c.Start && p.Period.End() <= c.End {
			return math.Expm1(l.in.Margins.Log(p)), !p.Notes.Has(mirror.ImportFOB)
		}
	}
	return 0, false
}
