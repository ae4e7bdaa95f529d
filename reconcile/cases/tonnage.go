package cases

import (
	"math"
	"slices"

	"counterflow/reconcile/panel"
)

// tonnage is the excess of a gap with its interval, and says in a caveat where
// weights were estimated; all three are NaN where the lane's weights cannot be had.
func (e *evidence) tonnage(f *finding) (kg, low, high float64) {
	x, m, estimated := weights(&e.panel.Lanes[f.span.lane])
	if x == nil || m == nil {
		return math.NaN(), math.NaN(), math.NaN()
	}
	if estimated {
		f.caveats = append(f.caveats, "estimated_weight")
	}
	return excessKg(x, m, f.span, f.sign, e.se(weightGap, f.span.lane, f.span))
}

// weighedSide looks at a code switch from the other lane where only that one has
// weights on both sides: what goes under another name is not worth the unit value of
// that name.
func (e *evidence) weighedSide(f finding) finding {
	if f.kind != CodeSwitch {
		return f
	}
	_, _, estimated := weights(&e.panel.Lanes[f.span.lane])
	x, m, other := weights(&e.panel.Lanes[f.second])
	if estimated && !other && x != nil && m != nil {
		f.span.lane, f.second, f.sign = f.second, f.span.lane, -f.sign
	}
	return f
}

// widen makes the interval of a tonnage hold what the lane's history cannot tell:
// which of two sides that lastingly differ is nearer the truth. The ends are taken
// in the weights of either side, and moved apart by z90 times the lasting spread of
// one side's reports.
func (e *evidence) widen(f *finding) {
	if !(f.kg > 0) {
		return
	}
	low, high := f.kgLow, f.kgHigh
	if f.sign != 0 {
		x, m, _ := weights(&e.panel.Lanes[f.span.lane])
		other := math.Exp(-float64(f.sign) * baseline(x, m, f.span))
		low, high = min(low, low*other), max(high, high*other)
	}
	apart := math.Exp(z90 * e.lasting)
	f.kgLow, f.kgHigh = max(low/apart, 0), high*apart
}

// lastingSpread is how far one side's reports of a lane lastingly lie from the truth,
// natural log: the median absolute log ratio of the two sides over lanes, as a
// standard deviation, over root two for one of them. 0 where no lane has a ratio.
func lastingSpread(p *panel.Panel) float64 {
	var logs []float64
	for i := range p.Lanes {
		if r := usualRatio(p.Lanes[i].ArrivedUSD, p.Lanes[i].MUSD); r != 1 {
			logs = append(logs, math.Abs(math.Log(r)))
		}
	}
	if len(logs) == 0 {
		return 0
	}
	slices.Sort(logs)
	return 1.4826 * logs[len(logs)/2] / math.Sqrt2
}

// weights are a lane's arrivals and imports in kg. Where a side leaves weights out,
// they are taken from its values at that side's usual unit value, or the other's;
// nil where no unit value is known.
func weights(l *panel.Lane) (x, m []float64, estimated bool) {
	x, ofX := weighed(l.Arrived, l.ArrivedUSD, l.MKg, l.MUSD)
	m, ofM := weighed(l.MKg, l.MUSD, l.Arrived, l.ArrivedUSD)
	return x, m, ofX || ofM
}

// weighed fills in weights that are missing beside a known value; nil where there
// is no unit value to fill them at.
func weighed(kg, usd, otherKg, otherUSD []float64) (filled []float64, estimated bool) {
	price := medianQuotient(usd, kg) // dollars per kg
	if math.IsNaN(price) {
		price = medianQuotient(otherUSD, otherKg)
	}
	filled = slices.Clone(kg)
	for t := range filled {
		if !math.IsNaN(filled[t]) || math.IsNaN(usd[t]) {
			continue
		}
		if math.IsNaN(price) {
			return nil, false
		}
		filled[t], estimated = usd[t]/price, true
	}
	return filled, estimated
}
