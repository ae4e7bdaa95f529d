package simulate

import (
	"math"
	"slices"
)

// lane is the trade of one good from one economy to another.
type lane struct {
	good, from, to int
	base           float64   // expected kilograms a month
	active         float64   // probability that a month has any
	unit           float64   // its unit value over the world price
	kg             []float64 // true mass by month of departure
	usd            []float64 // its value at the exporter's border
	margin         float64   // (CIF-FOB)/FOB
	days           float64   // between departure and arrival, as a rule
	passage        []float64 // the same by month of departure
	transport      int       // Comtrade mode of transport
	hub            int       // entrepot that part of it passes, -1 for none
	hubShare       []float64 // of each month
	known          []float64 // part of the hub's share for which the exporter names the destination
	volatility     float64   // spread of the lane's own monthly amounts, natural log
	effects        []effect
	used           bool // by a planted case or a look-alike
	resale         bool // from an economy that makes none of the good
}

// Comtrade modes of transport.
const (
	bySea  = 2100
	byAir  = 1000
	byRoad = 3200
)

// key addresses the draws of a lane.
func (w *World) laneKey(l *lane) []uint64 {
	return []uint64{uint64(w.goods[l.good].id), uint64(w.economies[l.from].id), uint64(w.economies[l.to].id)}
}

// drawLanes picks the lanes of every good: producers by capacity and buyers by
// appetite and nearness, with some lanes from economies that make none.
func (w *World) drawLanes() {
	weights := make([]float64, len(w.goods))
	total := 0.0
	for i := range w.goods {
		r := w.seed.from("lanes", uint64(w.goods[i].id))
		weights[i] = float64(w.goods[i].producers+6) * r.lognormal(0.25)
		total += weights[i]
	}
	for g := range w.goods {
		n := int(math.Round(float64(w.Settings.Lanes) * weights[g] / total))
		w.drawGoodLanes(g, n)
	}
}

// candidate is a possible lane with its weight in the world's trade.
type candidate struct {
	from, to    int
	weight, key float64
}

func (w *World) drawGoodLanes(g, n int) {
	candidates := w.candidates(g)
	slices.SortFunc(candidates, func(a, b candidate) int {
		switch {
		case a.key > b.key:
			return -1
		case a.key < b.key:
			return 1
		}
		return (a.from-b.from)*1000 + a.to - b.to
	})
	candidates = candidates[:min(n, len(candidates))]
	slices.SortFunc(candidates, func(a, b candidate) int { return (a.from-b.from)*1000 + a.to - b.to })
	total := 0.0
	for _, c := range candidates {
		total += c.weight
	}
	for _, c := range candidates {
		w.addLane(g, c.from, c.to, w.goods[g].usd*c.weight/total)
	}
}

// candidates weighs every pair of a good. Economies that make none sell a
// tenth of what a small producer does.
func (w *World) candidates(g int) []candidate {
	gd := &w.goods[g]
	var all []candidate
	for i := range w.economies {
		for j := range w.economies {
			if i == j {
				continue
			}
			r := w.seed.from("candidate", uint64(gd.id), uint64(w.economies[i].id), uint64(w.economies[j].id))
			supply := gd.capacity[i]
			if supply == 0 {
				supply = 0.02 * w.economies[i].size
			}
			weight := supply * gd.appetite[j] * math.Pow(kilometres(&w.economies[i], &w.economies[j])/1000, -0.6) * r.lognormal(0.7)
			all = append(all, candidate{i, j, weight, 0.7*math.Log(weight) + r.gumbel()})
		}
	}
	return all
}

// addLane makes a lane of the expected value a month and draws its habits.
func (w *World) addLane(g, from, to int, usdMonth float64) *lane {
	gd := &w.goods[g]
	l := &lane{good: g, from: from, to: to, hub: -1, resale: !gd.makes(from)}
	r := w.seed.from("lane", w.laneKey(l)...)
	usdMonth = math.Max(usdMonth, 1500)
	l.unit = r.lognormal(0.12)
	l.base = usdMonth / (gd.unitValue * l.unit)
	l.active = 1
	if p := 1 / (1 + math.Pow(40_000/usdMonth, 0.9)); w.strength(Lumps) > 0 {
		l.active = math.Max(math.Pow(p, w.strength(Lumps)), 0.08)
	}
	l.volatility = r.between(0.15, 0.4)
	w.drawCarriage(l, &r)
	w.lanes = append(w.lanes, l)
	w.laneIndex[laneAt{g, from, to}] = l
	return l
}

type laneAt struct{ good, from, to int }

// drawCarriage draws mode, days (with the disorder of single months) and margin. The margin rises with the distance
// and falls with the unit value, as gravity fits of unit-value ratios find.
func (w *World) drawCarriage(l *lane, r *random) {
	km := kilometres(&w.economies[l.from], &w.economies[l.to])
	value := w.goods[l.good].unitValue
	factor := 1.0
	switch {
	case value > 60 && r.chance(0.7):
		l.transport, l.days, factor = byAir, 3, 1.1
	case km < 1800 && r.chance(0.7):
		l.transport, l.days, factor = byRoad, 2+km/600, 0.7
	default:
		l.transport, l.days = bySea, 8+km/600
	}
	l.days *= r.lognormal(0.15) * w.strength(Transit)
	l.passage = r.wander(w.horizon, 0.5, 0.1)
	for m, log := range l.passage {
		l.passage[m] = l.days * math.Exp(log)
	}
	l.margin = 0.028 * factor * math.Pow(km/5000, 0.3) * math.Pow(value/5, -0.08) * r.lognormal(0.3) * w.strength(Margin)
	l.margin = math.Min(l.margin, 0.3)
}

// largest gives the indices of the n largest keys, in ascending order of index.
func largest(keys []float64, n int) []int {
	order := make([]int, len(keys))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case keys[a] > keys[b]:
			return -1
		case keys[a] < keys[b]:
			return 1
		}
		return 0
	})
	order = order[:min(n, len(order))]
	slices.Sort(order)
	return order
}
