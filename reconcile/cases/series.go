package cases

import (
	"math"
	"runtime"
	"slices"
	"sync"

	"counterflow/data"
	"counterflow/reconcile/panel"
	"counterflow/stats/robust"
)

// A signal is one kind of gap of a lane, month by month, in natural logs; NaN
// where it cannot be known.
type signal int

const (
	weightGap signal = iota // ln of imports over arrivals, in kilograms
	valueGap                // the same in dollars
	priceGap                // ln of the importer's unit value over the exporter's
	bothGap                 // the mean of weightGap and valueGap where both are known, else the one that is
	lumpGap                 // valueGap with months without trade counted as usual
	signals
)

// floorShare is the part of a lane's usual month that is added to both sides
// before the log is taken: it bounds what a month that one side lacks can say.
const floorShare = 0.05

// series gives one signal of every lane of a panel.
func series(p *panel.Panel, s signal) [][]float64 {
	out := make([][]float64, len(p.Lanes))
	for i := range p.Lanes {
		l := &p.Lanes[i]
		switch s {
		case weightGap:
			out[i] = logGap(l.Arrived, l.MKg, false)
		case valueGap:
			out[i] = logGap(l.ArrivedUSD, l.MUSD, false)
		case bothGap:
			out[i] = meanKnown(logGap(l.Arrived, l.MKg, false), logGap(l.ArrivedUSD, l.MUSD, false))
		case lumpGap:
			out[i] = logGap(l.ArrivedUSD, l.MUSD, true)
		case priceGap:
			out[i] = priceSeries(l)
		}
		acrossTurn(out[i], l.Turn)
	}
	return out
}

// acrossTurn measures the months before and after a revision of the classification
// that changed what a code holds from their own medians: they are two goods, and need
// not part alike. A turn of 0 is none.
func acrossTurn(x []float64, turn int) {
	if turn > 0 {
		centre([][]float64{x[:turn], x[turn:]})
	}
}

// logGap is ln((m+c)/(rx+c)), with r the lane's usual ratio of imports to
// arrivals and c a part of the usual month (floorShare): without r, c would pull months of
// little trade towards agreement on a lane whose reports never agree, and growing
// trade would look like a gap. A month in which neither side declared anything
// says nothing of how a lane is recorded, and is left out; as a rest, where rests
// is true, it counts as usual.
func logGap(x, m []float64, rests bool) []float64 {
	out := make([]float64, len(x))
	ratio := usualRatio(x, m)
	c := floorShare * usualMonth(x, m)
	for t := range out {
		out[t] = math.NaN()
		switch {
		case x[t]+m[t] > 0 && c > 0:
			out[t] = math.Log((m[t] + c) / (ratio*x[t] + c))
		case rests && x[t]+m[t] == 0 && c > 0:
			out[t] = 0
		}
	}
	return out
}

// meanKnown is the mean of two series where both are known, else the one that is.
func meanKnown(a, b []float64) []float64 {
	out := make([]float64, len(a))
	for t := range out {
		switch {
		case math.IsNaN(a[t]):
			out[t] = b[t]
		case math.IsNaN(b[t]):
			out[t] = a[t]
		default:
			out[t] = (a[t] + b[t]) / 2
		}
	}
	return out
}

// usualRatio is the median of imports over arrivals in months in which both are
// declared, 1 where there are none.
func usualRatio(x, m []float64) float64 {
	if r := medianQuotient(m, x); !math.IsNaN(r) {
		return r
	}
	return 1
}

// medianQuotient is the median of one series over another in months in which both
// are positive, the upper one of two; NaN where there are none.
func medianQuotient(over, under []float64) float64 {
	var quotients []float64
	for t := range over {
		if over[t] > 0 && under[t] > 0 {
			quotients = append(quotients, over[t]/under[t])
		}
	}
	if len(quotients) == 0 {
		return math.NaN()
	}
	slices.Sort(quotients)
	return quotients[len(quotients)/2]
}

// usualMonth is the median of the larger side over months with trade.
func usualMonth(x, m []float64) float64 {
	var v []float64
	for t := range x {
		if larger := max(x[t], m[t]); larger > 0 {
			v = append(v, larger)
		}
	}
	if len(v) == 0 {
		return 0
	}
	slices.Sort(v)
	return v[len(v)/2]
}

func priceSeries(l *panel.Lane) []float64 {
	out := make([]float64, len(l.XKg))
	for t := range out {
		out[t] = math.NaN()
		if l.Arrived[t] > 0 && l.ArrivedUSD[t] > 0 && l.MKg[t] > 0 && l.MUSD[t] > 0 {
			out[t] = math.Log(l.MUSD[t] / l.MKg[t] * l.Arrived[t] / l.ArrivedUSD[t])
		}
	}
	return out
}

// common takes out of every lane what its reporters, or its commodity, show on
// all lanes together: a change of method, a revision of the classification, a
// price, months booked under no partner. For each exporter, importer, commodity,
// and for exporters and importers by chapter and by commodity, the median over
// lanes is taken month by month, smoothed over five months, shrunk towards zero
// where lanes are few, and subtracted. A gap on one lane does not move a median
// over many. The series are changed in place.
func common(p *panel.Panel, x [][]float64) {
	centre(x)
	for _, by := range commonGroups {
		members := map[commonGroup][]int{}
		var order []commonGroup
		for i := range p.Lanes {
			g := by.key(&p.Lanes[i])
			if members[g] == nil {
				order = append(order, g)
			}
			members[g] = append(members[g], i)
		}
		inParallel(len(order), func(i int) { subtractMedian(x, members[order[i]], p.Months, by.shrink) })
	}
	centre(x)
}

type commonGroup struct {
	reporter data.Economy
	goods    data.Commodity
}

// commonGroups are the groups in the order in which they are taken out, with the
// number of lanes that counts half.
var commonGroups = []struct {
	key    func(l *panel.Lane) commonGroup
	shrink float64
}{
	{func(l *panel.Lane) commonGroup { return commonGroup{0, l.Goods} }, 4},
	{func(l *panel.Lane) commonGroup { return commonGroup{data.Economy(l.Exporter), 0} }, 4},
	{func(l *panel.Lane) commonGroup { return commonGroup{data.Economy(l.Importer), 0} }, 4},
	{func(l *panel.Lane) commonGroup { return commonGroup{data.Economy(l.Exporter), l.Goods.Truncate(2)} }, 4},
	{func(l *panel.Lane) commonGroup { return commonGroup{data.Economy(l.Importer), l.Goods.Truncate(2)} }, 4},
	{func(l *panel.Lane) commonGroup { return commonGroup{data.Economy(l.Exporter), l.Goods} }, 2},
	{func(l *panel.Lane) commonGroup { return commonGroup{data.Economy(l.Importer), l.Goods} }, 2},
}

func centre(x [][]float64) {
	for i := range x {
		m := medianKnown(x[i])
		for t := range x[i] {
			x[i][t] -= m
		}
	}
}

func medianKnown(x []float64) float64 {
	var v []float64
	for _, y := range x {
		if !math.IsNaN(y) {
			v = append(v, y)
		}
	}
	if len(v) == 0 {
		return 0
	}
	return robust.MedianInPlace(v)
}

// commonSpan is how many months on each side are smoothed over.
const commonSpan = 2

func subtractMedian(x [][]float64, lanes []int, months int, shrink float64) {
	if len(lanes) < 4 {
		return
	}
	median := make([]float64, months)
	var v []float64
	for t := range median {
		v = v[:0]
		for _, i := range lanes {
			for s := max(0, t-commonSpan); s <= min(months-1, t+commonSpan); s++ {
				if !math.IsNaN(x[i][s]) {
					v = append(v, x[i][s])
				}
			}
		}
		if len(v) == 0 {
			continue
		}
		n := float64(len(v)) / (2*commonSpan + 1)
		median[t] = robust.MedianInPlace(v) * n / (n + shrink)
	}
	for _, i := range lanes {
		for t := range x[i] {
			x[i][t] -= median[t]
		}
	}
}

// inParallel calls do for 0 to n-1 on all processors. Each call writes what is
// its own, so the order does not matter.
func inParallel(n int, do func(i int)) {
	var group sync.WaitGroup
	workers := runtime.GOMAXPROCS(0)
	for w := range workers {
		group.Go(func() {
			for i := w; i < n; i += workers {
				do(i)
			}
		})
	}
	group.Wait()
}

// trimmedMean is the mean without the largest and the smallest tenth, 0 for no
// values.
func trimmedMean(x []float64) float64 {
	if len(x) == 0 {
		return 0
	}
	sorted := slices.Clone(x)
	slices.Sort(sorted)
	cut := len(sorted) / 10
	sorted = sorted[cut : len(sorted)-cut]
	sum := 0.0
	for _, v := range sorted {
		sum += v
	}
	return sum / float64(len(sorted))
}
