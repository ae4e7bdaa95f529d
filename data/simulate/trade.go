package simulate

import "math"

// drawTrade draws what really moves, month by month, and by which way.
func (w *World) drawTrade() {
	for _, l := range w.lanes {
		w.drawAmounts(l)
	}
	w.supplyTraders()
	for _, l := range w.lanes {
		w.drawHub(l)
	}
}

// drawAmounts is the base times demand of the buyer, supply of the seller,
// season, trend and the lane's own movement, in months that have trade at all.
func (w *World) drawAmounts(l *lane) {
	g := &w.goods[l.good]
	demand := w.shared("demand", l.good, l.to, 0.8, 0.15)
	supply := w.shared("supply", l.good, l.from, 0.8, 0.08)
	r := w.seed.from("amounts", w.laneKey(l)...)
	trend := 0.08 * r.normal()
	own := r.wander(w.horizon, 0.3, l.volatility)
	unit := r.wander(w.horizon, 0.5, 0.05)
	l.kg, l.usd = make([]float64, w.horizon), make([]float64, w.horizon)
	for m := range l.kg {
		if !r.chance(l.active) {
			continue
		}
		season := g.swing * math.Cos(2*math.Pi*(float64(w.calendar(m))-g.phase)/12)
		log := demand[m] + supply[m] + own[m] + season + trend*float64(m-w.horizon/2)/12
		l.kg[m] = l.base / l.active * math.Exp(log)
		l.usd[m] = l.kg[m] * g.price[m] * l.unit * math.Exp(unit[m])
	}
}

// shared is a path that all lanes of one good and economy have in common.
func (w *World) shared(stream string, g, economy int, rho, sd float64) []float64 {
	r := w.seed.from(stream, uint64(w.goods[g].id), uint64(w.economies[economy].id))
	return r.wander(w.horizon, rho, sd)
}

// supplyTraders adds what an economy that makes none of a good sells to what
// its suppliers send it before, so that its books close.
func (w *World) supplyTraders() {
	resold := map[[2]int][]*lane{}
	var order [][2]int
	for _, l := range w.lanes {
		if l.resale {
			key := [2]int{l.good, l.from}
			if resold[key] == nil {
				order = append(order, key)
			}
			resold[key] = append(resold[key], l)
		}
	}
	for _, key := range order {
		total := make([]float64, w.horizon)
		for _, l := range resold[key] {
			for m, kg := range l.kg {
				total[m] += kg
			}
		}
		w.supply(key[0], key[1], total)
	}
}

// supply makes the suppliers of an economy send what it passes on, early enough
// to arrive before, in proportion to what they send anyway.
func (w *World) supply(g, economy int, sold []float64) {
	suppliers, base := w.suppliers(g, economy)
	for _, l := range suppliers {
		for m, kg := range sold {
			if kg == 0 {
				continue
			}
			ahead := 1 + int(l.days/30)
			w.move(l, max(m-ahead, 0), kg*l.base/base)
		}
	}
}

// move adds mass to one month of a lane at the lane's own price.
func (w *World) move(l *lane, m int, kg float64) {
	price := w.goods[l.good].price[m] * l.unit
	if l.kg[m] > 0 {
		price = l.usd[m] / l.kg[m]
	}
	l.kg[m] += kg
	l.usd[m] += kg * price
}

// suppliers are the lanes by which producers send a good to an economy. Where
// there is none, the largest producer gets one.
func (w *World) suppliers(g, economy int) ([]*lane, float64) {
	var found []*lane
	base := 0.0
	biggest := -1
	for i := range w.economies {
		if i == economy || !w.goods[g].makes(i) {
			continue
		}
		if biggest < 0 || w.goods[g].capacity[i] > w.goods[g].capacity[biggest] {
			biggest = i
		}
		if l := w.laneIndex[laneAt{g, i, economy}]; l != nil {
			found = append(found, l)
			base += l.base
		}
	}
	if len(found) == 0 {
		l := w.addLane(g, biggest, economy, 2000)
		w.drawAmounts(l)
		found, base = []*lane{l}, l.base
	}
	return found, base
}

// drawHub decides whether part of a lane passes an entrepot, and how that part
// and the destinations known to the exporter wander.
func (w *World) drawHub(l *lane) {
	r := w.seed.from("hub", w.laneKey(l)...)
	if !r.chance(math.Min(0.25*w.strength(Entrepot), 0.9)) || w.economies[l.from].entrepot || w.economies[l.to].entrepot {
		return
	}
	best, bestKey := -1, math.Inf(-1)
	for h := range w.economies {
		if !w.economies[h].entrepot {
			continue
		}
		detour := kilometres(&w.economies[l.from], &w.economies[h]) + kilometres(&w.economies[h], &w.economies[l.to])
		if key := -detour/3000 + r.gumbel(); key > bestKey {
			best, bestKey = h, key
		}
	}
	if best < 0 {
		return
	}
	l.hub = best
	l.hubShare, l.known = make([]float64, w.horizon), make([]float64, w.horizon)
	level, knows := 1.2*r.normal()-0.6, 1.2*r.normal()
	wanderShare, wanderKnown := r.wander(w.horizon, 0.8, 0.3), r.wander(w.horizon, 0.8, 0.3)
	for m := range l.hubShare {
		l.hubShare[m] = logistic(level + wanderShare[m])
		l.known[m] = logistic(knows + wanderKnown[m])
	}
}

func logistic(x float64) float64 { return 1 / (1 + math.Exp(-x)) }
