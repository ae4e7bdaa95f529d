package simulate

import (
	"math"

	"counterflow/data"
)

// component is one source of noise in a monthly series, natural log.
type component struct{ sigma, rho float64 }

// zScore is how many standard errors the mean of a case's window lies from the
// mean of the lane's other months, for an oracle that knows the lane, the lag
// and the window but not the lane's level: the contrast of the two means over
// its standard deviation under the declared noise, autocorrelation included.
//
//   - missing_export, missing_import: ln(M/X), with the wandering of a hub's
//     share as noise of its own;
//   - code_switch: the same, joined with the rise under the other code, which
//     counts at most as much;
//   - value_gap: the log ratio of unit values;
//   - origin_switch, reroute: the weaker of the fall of direct imports and the
//     rise of imports from the third economy against their own past;
//   - stock_build: imports against surveyed use.
//
// It is NaN for split consignments, which are no series, and 0 where no month
// of the window was seen.
func (w *World) zScore(p *planned) float64 {
	if p.kind == SplitConsignment {
		return math.NaN()
	}
	l := p.lanes[0]
	exports, imports := lineKey{l.good, data.Export, l.from, l.to}, lineKey{l.good, data.Import, l.to, l.from}
	x, m := w.noiseOf(exports), w.noiseOf(imports)
	drop := -math.Log1p(-p.share)
	switch p.kind {
	case MissingExport, MissingImport:
		return w.contrast(p, constant(drop), x, m, w.hubNoise(l))
	case CodeSwitch:
		fall := w.contrast(p, constant(drop), x, m, w.hubNoise(l))
		other := w.laneIndex[laneAt{p.other, l.from, l.to}]
		if other == nil {
			return fall * math.Sqrt2
		}
		rise := w.contrast(p, w.riseOf(p, other), w.noiseOf(lineKey{p.other, data.Export, l.from, l.to}), w.noiseOf(lineKey{p.other, data.Import, l.to, l.from}))
		return math.Hypot(fall, math.Min(fall, rise))
	case ValueGap:
		own := math.Sqrt(weightVariance + valueVariance)
		return w.contrast(p, constant(drop), component{x.sigma * own, x.rho}, component{m.sigma * own, m.rho})
	case OriginSwitch, Reroute:
		fall := w.contrast(p, constant(drop), m, component{l.volatility, 0.3})
		leg := w.laneIndex[laneAt{l.good, p.via, l.to}]
		if leg == nil {
			return fall
		}
		rise := w.contrast(p, w.riseOf(p, leg), w.noiseOf(lineKey{l.good, data.Import, l.to, p.via}), component{leg.volatility, 0.3})
		return math.Min(fall, rise)
	case StockBuild:
		return w.contrast(p, constant(math.Log1p(p.share)), w.pooledNoise(p), component{surveySpread, 0})
	}
	return math.NaN()
}

func constant(v float64) func(int) float64 { return func(int) float64 { return v } }

// riseOf is the log change that a case's tonnage makes on another lane, at most
// a factor of 50 where that lane was all but empty.
func (w *World) riseOf(p *planned, other *lane) func(int) float64 {
	return func(m int) float64 {
		added, _ := w.amount(p, m)
		if other.kg[m] <= added/49 {
			return math.Log(50)
		}
		return math.Log1p(added / other.kg[m])
	}
}

func (w *World) noiseOf(k lineKey) component {
	h := w.habit(k)
	return component{h.sigma, h.rho}
}

// hubNoise is the wandering of what the exporter books directly.
func (w *World) hubNoise(l *lane) component {
	if l.hub < 0 {
		return component{}
	}
	var n, sum, squares float64
	for m := range l.hubShare {
		v := math.Log1p(-l.hubShare[m] * (1 - l.known[m]))
		n, sum, squares = n+1, sum+v, squares+v*v
	}
	mean := sum / n
	return component{math.Sqrt(math.Max(squares/n-mean*mean, 0)), 0.8}
}

// pooledNoise is the noise of the sum of an importer's lanes, weighted by size.
func (w *World) pooledNoise(p *planned) component {
	var total, variance, rho float64
	for _, l := range p.lanes {
		c := w.noiseOf(lineKey{l.good, data.Import, l.to, l.from})
		total += l.base
		variance += l.base * l.base * c.sigma * c.sigma
		rho += l.base * c.rho
	}
	return component{math.Sqrt(variance) / total, rho / total}
}

// contrast is the mean signal in the seen months of the window over the
// standard deviation of window mean minus mean of the other seen months.
func (w *World) contrast(p *planned, signal func(int) float64, noise ...component) float64 {
	var months []int
	inside, mean := 0, 0.0
	for m := lead; m < w.published; m++ {
		if kg := p.lanes[0].kg[m]; kg == 0 || !w.seen(p, m) {
			continue
		}
		months = append(months, m)
		if m >= p.start && m <= p.end {
			inside++
			mean += signal(m)
		}
	}
	outside := len(months) - inside
	if inside == 0 || outside == 0 {
		return 0
	}
	variance := 0.0
	for _, c := range noise {
		if c.sigma > 0 {
			variance += c.sigma * c.sigma * quadratic(months, p.start, p.end, float64(inside), float64(outside), c.rho)
		}
	}
	return mean / float64(inside) / math.Sqrt(variance)
}

// quadratic is a'Ra with the contrast a and R the correlation rho^|s-t|.
func quadratic(months []int, start, end int, inside, outside, rho float64) float64 {
	weight := func(m int) float64 {
		if m >= start && m <= end {
			return 1 / inside
		}
		return -1 / outside
	}
	sum := 0.0
	for _, s := range months {
		for _, t := range months {
			sum += weight(s) * weight(t) * math.Pow(rho, math.Abs(float64(s-t)))
		}
	}
	return sum
}
