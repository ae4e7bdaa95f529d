package panel

import (
	"runtime"
	"sync"

	"counterflow/data"
	"counterflow/reconcile/mirror"
	"counterflow/reconcile/timing"
)

// Corridor is a pair of economies, whatever they trade.
type Corridor struct {
	Exporter data.Exporter
	Importer data.Importer
}

// Carry gives every lane its lag and carries what left by it into Arrived and
// ArrivedUSD. Lags are those of single lanes, not of corridors: of two goods on one
// way one flies and the other sails, and on a lane with a consignment every few months
// a lag that is off by a week makes a wide gap of each. Pairs are those that the lanes
// were built from. Arrivals are NaN where a departure that matters is unknown, and in
// the first months, whose departures lie before the panel.
func Carry(p *Panel, pairs []mirror.Pair, m *timing.Model) {
	inParallel(len(p.Lanes), func(i int) {
		l := &p.Lanes[i]
		l.Lag = m.Lag(pairs[l.First : l.First+l.Pairs])
		l.Arrived, l.ArrivedUSD = make([]float64, p.Months), make([]float64, p.Months)
		l.Lag.Kernel.Arrivals(l.XKg, l.Arrived)
		l.Lag.Kernel.Arrivals(l.XUSD, l.ArrivedUSD)
	})
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
