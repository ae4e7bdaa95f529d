package stocks

import (
	"math"

	"counterflow/data"
	"counterflow/data/reference"
	"counterflow/reconcile/mirror"
	"counterflow/stats/robust"
)

// account is a ledger with the series that is tested: how far supply lies above
// use, in natural logs, against the account's own habit. An account that never
// closes says that supply and use are measured on different concepts, not that
// stocks are built; so the habit, a median, is taken out first.
type account struct {
	*ledger
	gaps    [witnesses][]float64 // about the habit; NaN where unknown
	habit   [witnesses]float64   // median of ln(comes / goes); 0 where there are too few periods for a habit
	gap     []float64            // of both witnesses
	learned [witnesses]learned   // what was taken out of gaps as levels of lanes
	weight  float64              // of the importers' figures in it
	broken  int                  // period from which the code holds something else, 0 for none
	revised bool                 // both sides of that period were given a habit of their own
}

// leastPeriods is the number of known periods from which an account has a habit.
const leastPeriods = 15

// accountsFrom works out the tested series of all accounts, which lie in the
// order of economies.
func accountsFrom(ledgers []*ledger, editions *editions, c calendar) []*account {
	all := make([]*account, len(ledgers))
	for i, l := range ledgers {
		a := &account{ledger: l}
		a.broken = editions.breakOf(l.key)
		for w := range witnesses {
			g := l.gap(w)
			if values := known(g); len(values) >= leastPeriods {
				a.habit[w] = robust.Median(values)
				centre(g)
			}
			if l.usesSpread {
				deseason(g, c)
			}
			a.gaps[w] = g
		}
		all[i] = a
	}
	for from := 0; from < len(all); {
		to := from
		for to < len(all) && all[to].economy == all[from].economy {
			to++
		}
		takeCommon(all[from:to], byImporter, c.n)
		from = to
	}
	inParallel(len(all), func(i int) {
		for w := range witnesses {
			all[i].learned[w] = all[i].learn(w)
		}
	})
	for _, a := range all {
		a.gap, a.weight = combine(a.gaps[byImporter], a.gaps[byExporter])
	}
	return all
}

func known(x []float64) []float64 {
	var y []float64
	for _, v := range x {
		if !math.IsNaN(v) {
			y = append(y, v)
		}
	}
	return y
}

// centre takes out the median of the known values.
func centre(g []float64) {
	if y := known(g); len(y) > 0 {
		middle := robust.MedianInPlace(y)
		for t := range g {
			g[t] -= middle
		}
	}
}

// deseason takes out the median of each calendar month, where use was spread
// evenly over a year and the season of imports is left in the gap. It needs
// three years.
func deseason(g []float64, c calendar) {
	for m := range 12 {
		var same []float64
		for t := m; t < len(g); t += 12 {
			if !math.IsNaN(g[t]) {
				same = append(same, g[t])
			}
		}
		if len(same) < 3 {
			continue
		}
		middle := robust.MedianInPlace(same)
		for t := m; t < len(g); t += 12 {
			g[t] -= middle
		}
	}
}

// leastAccounts is the number of accounts of an economy from which what they
// have in common is taken out.
const leastAccounts = 8

// commonPeriods is half the window over which it is smoothed.
const commonPeriods = 3

// takeCommon takes out of one witness's gaps what all accounts of an economy
// show in the same periods, a running median of medians: a change of method in
// its statistics, not stocks of everything at once.
func takeCommon(economy []*account, witness, n int) {
	if len(economy) < leastAccounts {
		return
	}
	raw := make([]float64, n)
	for t := range n {
		var values []float64
		for _, a := range economy {
			if v := a.gaps[witness][t]; !math.IsNaN(v) {
				values = append(values, v)
			}
		}
		raw[t] = 0
		if len(values) >= leastAccounts {
			raw[t] = robust.MedianInPlace(values)
		}
	}
	for t := range n {
		common := robust.Median(raw[max(0, t-commonPeriods):min(n, t+commonPeriods+1)])
		for _, a := range economy {
			a.gaps[witness][t] -= common
		}
	}
}

// combine weighs the two witnesses by what they scatter about use,
//
//	w = v2 / (v1 + v2)
//
// with robust variances v: the weight of the first that makes the variance of the
// mean least where errors are independent (Bates and Granger 1969). Their
// covariance is not estimated: from some dozen periods it is so uncertain that it
// would often leave one of them out. A period that one does not know takes the
// other.
func combine(first, second []float64) (gap []float64, weight float64) {
	a, b := known(first), known(second)
	weight = 0.5
	if len(a) >= leastPeriods && len(b) >= leastPeriods {
		if va, vb := square(robust.MADInPlace(a)), square(robust.MADInPlace(b)); va+vb > 0 {
			weight = vb / (va + vb)
		}
	}
	gap = make([]float64, len(first))
	for t := range gap {
		switch {
		case math.IsNaN(first[t]):
			gap[t] = second[t]
		case math.IsNaN(second[t]):
			gap[t] = first[t]
		default:
			gap[t] = weight*first[t] + (1-weight)*second[t]
		}
	}
	return gap, weight
}

func square(x float64) float64 { return x * x }

// editions knows in which period each economy's imports began to be declared in
// each edition of the Harmonised System.
type editions struct {
	begins map[data.Economy]map[data.Edition]int
}

func editionsOf(coverage []mirror.Coverage, c calendar) *editions {
	e := &editions{begins: map[data.Economy]map[data.Edition]int{}}
	for i := range coverage {
		r := &coverage[i]
		t, ok := c.at(r.Period)
		if !ok || r.Direction != data.Import || r.Edition < data.HS1992 || r.Edition > data.HS2028 {
			continue
		}
		if e.begins[r.Economy] == nil {
			e.begins[r.Economy] = map[data.Edition]int{}
		}
		if begin, ok := e.begins[r.Economy][r.Edition]; !ok || t < begin {
			e.begins[r.Economy][r.Edition] = t
		}
	}
	return e
}

// breakOf is the period in which the economy's code began to hold something
// else, 0 where it did not.
func (e *editions) breakOf(k key) int {
	at := 0
	for edition, begin := range e.begins[k.economy] {
		if _, ok := reference.Revised(k.commodity, edition); ok {
			at = max(at, begin)
		}
	}
	return at
}
