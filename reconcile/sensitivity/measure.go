package sensitivity

import (
	"math"
	"slices"

	"counterflow/reconcile/cases"
	"counterflow/reconcile/panel"
	"counterflow/reconcile/timing"
)

// shifted is a case under the three lags.
func (l *lanes) shifted(c *cases.Case) [3]Row {
	var rows [3]Row
	for i, level := range Levels {
		rows[i] = unchanged(c, Lag, level)
	}
	key, ok := sizedOn(c)
	s, monthly := l.of(key, c)
	if !ok || !monthly {
		return rows
	}
	usual, _ := l.margin(key, c)
	usually := passage{kernel: s.kernel}
	base := s.look(c, usually, usual, usual)
	for i, p := range [...]passage{{kernel: timing.Immediate}, usually, {kernel: s.kernel, later: laterMonths}} {
		now := s.look(c, p, usual, usual)
		rows[i].Setting = p.kernel.Mean() + float64(p.later)
		usd := over(now.usd, base.usd)
		kg := usd // as weights that were estimated from values go with them
		if base.kg > 0 {
			kg = over(now.kg, base.kg)
		}
		rows[i] = scaled(rows[i], c, kg, usd, over(now.departs, base.departs))
	}
	return rows
}

// freighted is a case under the three margins. In weights freight plays no part: there
// only the value of the case changes. A detour is sized in weights at the lane's unit
// value, which is left alone.
func (l *lanes) freighted(c *cases.Case) [3]Row {
	var rows [3]Row
	for i, level := range Levels {
		rows[i] = unchanged(c, Margin, level)
	}
	key, ok := sizedOn(c)
	usual, borne := l.margin(key, c)
	if !ok || !borne || c.Via != 0 {
		return rows
	}
	s, _ := l.of(key, c)
	base := s.look(c, passage{kernel: s.kernel}, usual, usual)
	for i, margin := range [...]float64{0, usual, highMargin} {
		now := s.look(c, passage{kernel: s.kernel}, usual, margin)
		rows[i].Setting = margin
		departs := 1.0
		if base.inValue {
			departs = over(now.departs, base.departs)
		}
		rows[i] = scaled(rows[i], c, 1, over(now.usd, base.usd), departs)
	}
	return rows
}

// over is one figure over another, not below 0; 1 where there is nothing to compare
// with, so that the case stays as it is.
func over(now, base float64) float64 {
	if !(base > 0) || math.IsNaN(now) {
		return 1
	}
	return max(now/base, 0)
}

// looked is what the lane of a case shows. All are positive in the direction of the
// case; NaN where it cannot be known.
type looked struct {
	kg, usd float64 // excess in the months of the case
	departs float64 // ln of the lane's level inside over that outside
	inValue bool    // departs is taken in value, since weights are missing or agree
}

// look measures the lane of a case with the exporter's departures carried to their
// arrival, and freight and insurance taken off the importer's values: the usual margin,
// and another in the months of the case.
func (s *series) look(c *cases.Case, p passage, usual, margin float64) looked {
	xKg, xUSD := p.arrivals(s.xKg), p.arrivals(s.xUSD)
	mUSD := slices.Clone(s.mUSD)
	for t, inside := range s.inside {
		if inside {
			mUSD[t] /= 1 + margin
		} else {
			mUSD[t] /= 1 + usual
		}
	}
	if c.Via != 0 {
		kg, usd := panel.Larger(xKg, s.mKg), panel.Larger(xUSD, mUSD)
		for t := range kg {
			if xUSD[t] > 0 && math.IsNaN(xKg[t]) || mUSD[t] > 0 && math.IsNaN(s.mKg[t]) {
				kg[t] = math.NaN() // one side's weight is not stated, and may be the larger
			}
		}
		out := looked{kg: s.rise(kg), usd: s.rise(usd), departs: s.apart(kg, nil)}
		if math.IsNaN(out.departs) {
			out.departs = s.apart(usd, nil)
		}
		return out
	}
	byWeight, byValue := s.apart(s.mKg, xKg), s.apart(mUSD, xUSD)
	out := looked{departs: byWeight}
	if out.inValue = c.Kind == cases.ValueGap || math.IsNaN(byWeight); out.inValue {
		out.departs = byValue
	}
	sign := direction(c.Kind, out.departs)
	out.departs *= sign
	out.kg, out.usd = s.excess(xKg, s.mKg, sign), s.excess(xUSD, mUSD, sign)
	return out
}

// direction is 1 where the importer records more, -1 where the exporter does.
func direction(k cases.Kind, departs float64) float64 {
	switch {
	case k == cases.MissingExport:
		return 1
	case k == cases.MissingImport || departs < 0:
		return -1
	}
	return 1
}

// passage is how long goods are on the way: as the kernel has it, and whole months
// on top of it.
type passage struct {
	kernel timing.Kernel
	later  int
}

// arrivals carries departures to the months in which they arrive; NaN in the first
// months, whose departures are not known.
func (p passage) arrivals(x []float64) []float64 {
	arrived := make([]float64, len(x))
	p.kernel.Arrivals(x, arrived)
	unknown := slices.Repeat([]float64{math.NaN()}, p.later)
	return append(unknown, arrived...)[:len(x)]
}

// floorShare is the part of a lane's usual month that is added to both sides before a
// log is taken, so that a month that one side lacks does not count for ever.
const floorShare = 0.05

// apart is the mean of ln((m+c)/(x+c)) over the months of the case less its median over
// the others; without x, of ln(m+c). Without other months, it is the former alone. NaN
// where no month of the case is known.
func (s *series) apart(m, x []float64) float64 {
	c := floorShare * usualOf(m, x)
	var sum, n float64
	var others []float64
	for t := range m {
		g := math.Log(m[t] + c)
		if x != nil {
			g -= math.Log(x[t] + c)
		}
		switch {
		case math.IsNaN(g) || c == 0 || x != nil && m[t]+x[t] == 0:
		case s.inside[t]:
			sum, n = sum+g, n+1
		default:
			others = append(others, g)
		}
	}
	if n == 0 {
		return math.NaN()
	}
	return sum/n - median(others)
}

// excess is what one side records beyond the other at the lane's usual ratio, over the
// months of the case in which both are known: M - rX where the importer records more,
// X - M/r where the exporter does. r is the median of M/X over the other months, 1
// without any.
func (s *series) excess(x, m []float64, sign float64) float64 {
	var logs []float64
	for t := range x {
		if !s.inside[t] && x[t] > 0 && m[t] > 0 {
			logs = append(logs, math.Log(m[t]/x[t]))
		}
	}
	ratio := math.Exp(median(logs))
	sum, known := 0.0, false
	for t := range x {
		if !s.inside[t] || math.IsNaN(x[t]+m[t]) {
			continue
		}
		known = true
		if sign > 0 {
			sum += m[t] - ratio*x[t]
		} else {
			sum += x[t] - m[t]/ratio
		}
	}
	if !known {
		return math.NaN()
	}
	return sum
}

// rise is what a series holds in the months of the case beyond as many times the median
// of the others.
func (s *series) rise(x []float64) float64 {
	var others []float64
	sum, n := 0.0, 0.0
	for t, v := range x {
		switch {
		case math.IsNaN(v):
		case s.inside[t]:
			sum, n = sum+v, n+1
		default:
			others = append(others, v)
		}
	}
	if n == 0 {
		return math.NaN()
	}
	return sum - n*median(others)
}

// usualOf is the median of the larger of two series over months with trade; 0 without.
func usualOf(m, x []float64) float64 {
	var traded []float64
	for t, v := range m {
		if x != nil && x[t] > v {
			v = x[t]
		}
		if v > 0 {
			traded = append(traded, v)
		}
	}
	return median(traded)
}

// median is 0 for no values.
func median(x []float64) float64 {
	if len(x) == 0 {
		return 0
	}
	sorted := slices.Clone(x)
	slices.Sort(sorted)
	return (sorted[(len(sorted)-1)/2] + sorted[len(sorted)/2]) / 2
}
