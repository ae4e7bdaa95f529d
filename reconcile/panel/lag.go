package panel

import (
	"math"
	"runtime"
	"slices"
	"sync"

	"counterflow/data"
)

// Lag is the time goods travel from one economy to another, in months: 0.4 means
// that 60% of a month's departures arrive in the same month and 40% in the next.
type Lag struct {
	Months float64
	N      int // months of lanes it was estimated from
}

// Corridor is a pair of economies, whatever they trade.
type Corridor struct {
	Exporter data.Exporter
	Importer data.Importer
}

// lagGrid is where lags are looked for.
var lagGrid = []float64{0, 0.2, 0.4, 0.6, 0.8, 1, 1.2, 1.4, 1.6, 1.8, 2, 2.25, 2.5}

// leastForLag is the number of months of lanes from which a corridor has a lag
// of its own; a corridor with fewer takes the median lag of all.
const leastForLag = 24

// Lags estimates the lag of every corridor, pooled over its commodities: the one
// under which ln(M) - ln(arrivals) scatters least about its lane's median (mean
// absolute deviation, cut at 1.5, so that gaps are not taken for travel), and
// shifts the exporters' series of all lanes by it into Arrived.
func Lags(p *Panel) map[Corridor]Lag {
	byCorridor := map[Corridor][]*Lane{}
	var order []Corridor
	for i := range p.Lanes {
		c := Corridor{p.Lanes[i].Exporter, p.Lanes[i].Importer}
		if byCorridor[c] == nil {
			order = append(order, c)
		}
		byCorridor[c] = append(byCorridor[c], &p.Lanes[i])
	}
	lags := make([]Lag, len(order))
	inParallel(len(order), func(i int) { lags[i] = lagOf(byCorridor[order[i]]) })
	usual := usualLag(lags)
	out := make(map[Corridor]Lag, len(order))
	for i, c := range order {
		if lags[i].N < leastForLag {
			lags[i].Months = usual
		}
		out[c] = lags[i]
	}
	inParallel(len(order), func(i int) {
		for _, l := range byCorridor[order[i]] {
			l.Arrived = Arrivals(l.XKg, out[order[i]].Months)
			l.ArrivedUSD = Arrivals(l.XUSD, out[order[i]].Months)
		}
	})
	p.Lags = out
	return out
}

func usualLag(lags []Lag) float64 {
	var months []float64
	for _, l := range lags {
		if l.N >= leastForLag {
			months = append(months, l.Months)
		}
	}
	if len(months) == 0 {
		return 0.5
	}
	slices.Sort(months)
	return months[len(months)/2]
}

func lagOf(lanes []*Lane) Lag {
	best := Lag{}
	least := math.Inf(1)
	for _, months := range lagGrid {
		sum, n := 0.0, 0
		for _, l := range lanes {
			s, k := scatter(l, months)
			sum, n = sum+s, n+k
		}
		if n > 0 && sum/float64(n) < least-1e-12 {
			least, best = sum/float64(n), Lag{months, n}
		}
	}
	return best
}

// scatter is the sum of cut absolute deviations of one lane under a lag. Values
// are compared: every declaration has one, while weights may be missing.
func scatter(l *Lane, months float64) (sum float64, n int) {
	arrived := Arrivals(l.XUSD, months)
	var g []float64
	for t := range arrived {
		if arrived[t] > 0 && l.MUSD[t] > 0 && t >= 3 {
			g = append(g, math.Log(l.MUSD[t]/arrived[t]))
		}
	}
	if len(g) < 4 {
		return 0, 0
	}
	sorted := slices.Clone(g)
	slices.Sort(sorted)
	centre := sorted[len(sorted)/2]
	for _, v := range g {
		sum += min(math.Abs(v-centre), 1.5)
	}
	return sum, len(g)
}

// Arrivals spreads departures over the months of arrival: a lag of 1.4 puts 60%
// one month later and 40% two. NaN where a month that matters is unknown, and in
// the first months, whose departures lie before the panel.
func Arrivals(departed []float64, lag float64) []float64 {
	whole := int(lag)
	late := lag - float64(whole)
	arrived := make([]float64, len(departed))
	for t := range arrived {
		arrived[t] = math.NaN()
		if t-whole < 0 || late > 0 && t-whole-1 < 0 {
			continue
		}
		arrived[t] = (1 - late) * departed[t-whole]
		if late > 0 {
			arrived[t] += late * departed[t-whole-1]
		}
	}
	return arrived
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
