package cases

import (
	"math"

	"counterflow/data"
	"counterflow/reconcile/mirror"
)

// Expected is what the months outside the window of a case let expect of one
// month of one of its lanes: the level that the case was sized against. Amounts
// are kilograms or US dollars, by Measure.
type Expected struct {
	CaseID    string
	Goods     data.Commodity
	Exporter  data.Exporter
	Importer  data.Importer
	Period    data.Period
	Of        Side
	Measure   mirror.Measure
	Amount    float64
	Low, High float64 // 90% interval of the level; a single month scatters beyond it
}

// Side says of whose declaration something is expected.
type Side string

// The sides.
const (
	OfImporter Side = "importer" // given what the exporter's declarations bring in the month
	OfLarger   Side = "larger"   // of the two, whatever the other says: for trade that moves
)

// expected lists what every lane of a finding lets expect, month by month, over
// all months in which it can be said.
func (e *evidence) expected(f finding) []Expected {
	if f.kind == Reroute || f.kind == OriginSwitch {
		var all []Expected
		for _, lane := range [...]int{f.direct, f.second, f.span.lane} {
			all = append(all, e.usualLevel(lane, f.span)...)
		}
		return all
	}
	measure, signal := mirror.Weight, weightGap
	if x, m, _ := weights(&e.panel.Lanes[f.span.lane]); f.kind == ValueGap || x == nil || m == nil {
		measure, signal = mirror.Value, valueGap
	}
	all := e.givenExports(f.span.lane, f.span, measure, signal)
	if f.second >= 0 {
		all = append(all, e.givenExports(f.second, f.span, measure, signal)...)
	}
	return all
}

// givenExports is what the exporter's declarations, in months of arrival, and the
// lane's lasting ratio let expect of the importer: arrivals x exp(base), as
// excessKg has it.
func (e *evidence) givenExports(lane int, s span, measure mirror.Measure, g signal) []Expected {
	l := &e.panel.Lanes[lane]
	arrived, imported, _ := weights(l)
	if measure == mirror.Value {
		arrived, imported = l.ArrivedUSD, l.MUSD
	}
	if arrived == nil || imported == nil {
		return nil
	}
	base := baseline(arrived, imported, s)
	reach := z90 * e.se(g, lane, s)
	var all []Expected
	for t, a := range arrived {
		if math.IsNaN(a) {
			continue
		}
		x := e.expectation(lane, t, OfImporter, measure)
		x.Amount, x.Low, x.High = a*math.Exp(base), a*math.Exp(base-reach), a*math.Exp(base+reach)
		all = append(all, x)
	}
	return all
}

// usualLevel is the mean month outside the window, as rise has it, with the
// interval of a mean over as many months as the window has. It is the same for
// every month.
func (e *evidence) usualLevel(lane int, s span) []Expected {
	if lane < 0 {
		return nil
	}
	supply := e.supplies[lane]
	known, sum := 0.0, 0.0
	for t := s.start; t <= s.end; t++ {
		if !math.IsNaN(supply[t]) {
			known, sum = known+1, sum+supply[t]
		}
	}
	more, low, high := e.rise(lane, s, 1)
	if known == 0 {
		return nil
	}
	usual, reach := (sum-more)/known, (high-low)/2/known
	var all []Expected
	for t := range supply {
		x := e.expectation(lane, t, OfLarger, mirror.Weight)
		x.Amount, x.Low, x.High = usual, max(usual-reach, 0), usual+reach
		all = append(all, x)
	}
	return all
}

func (e *evidence) expectation(lane, t int, of Side, measure mirror.Measure) Expected {
	l := &e.panel.Lanes[lane]
	return Expected{Goods: l.Goods, Exporter: l.Exporter, Importer: l.Importer, Period: e.panel.Period(t), Of: of, Measure: measure}
}
