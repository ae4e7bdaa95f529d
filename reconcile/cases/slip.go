package cases

import (
	"math"

	"counterflow/data"
	"counterflow/reconcile/mirror"
	"counterflow/stats/robust"
)

// slipFactors are the ratios that a wrong unit of weight leaves behind: tonnes
// or grams for kilograms, pounds, short and long tons, and ten or hundred by a
// slip of the decimal point.
var slipFactors = [...]float64{1000, 1e6, 100, 10, 2.2046226, 907.18474, 1016.0469}

// slipTolerance is how far, in natural logs, a ratio may lie from a factor.
// Three spreads of a lane are wider than the distance between neighbours such as
// 907 and 1016, which no one needs to tell apart.
const slipTolerance = 0.35

// unitValues is the median of ln(US dollars per kg) over all declarations of a
// commodity.
type unitValues map[data.Commodity]float64

func usualUnitValues(pairs []mirror.Pair) unitValues {
	logs := map[data.Commodity][]float64{}
	for i := range pairs {
		x, m := pairs[i].UnitValues()
		for _, v := range [...]float64{x, m} {
			if v > 0 {
				logs[pairs[i].Commodity] = append(logs[pairs[i].Commodity], math.Log(v))
			}
		}
	}
	usual := unitValues{}
	for c, v := range logs {
		usual[c] = robust.Median(v)
	}
	return usual
}

// slip says by which factor one side's weight is off, if the values of both
// sides agree and the weights differ by a factor of slipFactors. Positive
// factors are the exporter's, negative ones the importer's: the side whose unit
// value lies farther from what is usual.
func slip(p *mirror.Pair, d *Departure, usual unitValues) (factor float64, ok bool) {
	if d.Measure != mirror.Weight {
		return 0, false
	}
	value := p.LogRatio(mirror.Value)
	if math.IsNaN(value) || math.Abs(value) > math.Ln2 {
		return 0, false
	}
	g := p.LogRatio(mirror.Weight) - d.Expected
	for _, f := range slipFactors {
		if math.Abs(math.Abs(g)-math.Log(f)) > min(slipTolerance, 3*d.SD) || f < 5 && d.SD > 0.15 {
			continue
		}
		x, m := p.UnitValues()
		if math.Abs(math.Log(x)-usual[p.Commodity]) > math.Abs(math.Log(m)-usual[p.Commodity]) {
			return f, true
		}
		return -f, true
	}
	return 0, false
}
