package simulate

import (
	"math"

	"counterflow/data"
)

// goodSpec is what is not drawn about a good.
type goodSpec struct {
	code, family string
	unitValue    float64 // USD per kilogram
	producers    int
}

// good is a commodity with its world price and who makes it.
type good struct {
	goodSpec
	id       data.Commodity // in the 2022 edition
	calm     bool
	usd      float64   // world trade in a month, US dollars
	price    []float64 // USD per kilogram at the exporter's border, by month
	capacity []float64 // of each economy, 0 for those that make none
	appetite []float64 // of each economy as a buyer
	phase    float64   // month of the seasonal high
	swing    float64   // seasonal amplitude, natural log
}

// drawGoods takes the first minerals and calm goods of the table.
func (w *World) drawGoods() {
	s := w.Settings
	minerals := len(goodsTable) - calmGoods
	specs := append(append([]goodSpec{}, goodsTable[:s.Minerals]...), goodsTable[minerals:minerals+s.Calm]...)
	// Trade grows with the number of lanes, so that lanes keep their size.
	perLane := 300e3 * float64(s.Lanes) / float64(len(specs))
	for i, spec := range specs {
		g := good{goodSpec: spec, id: data.MustCommodity(spec.code, data.HS2022), calm: i >= s.Minerals}
		r := w.seed.from("good", uint64(g.id))
		g.usd = perLane * r.lognormal(0.8)
		if g.calm {
			g.usd *= 12
		}
		g.phase, g.swing = r.between(0, 12), r.between(0, 0.2)
		g.price = w.priceOf(&g)
		w.drawMakers(&g)
		w.goods = append(w.goods, g)
	}
}

// priceOf is a random walk that is drawn back to the level of the good.
func (w *World) priceOf(g *good) []float64 {
	r := w.seed.from("price", uint64(g.id))
	price := make([]float64, w.horizon)
	log := 0.1 * r.normal()
	for m := range price {
		log = 0.98*log + 0.04*r.normal()
		price[m] = g.unitValue * math.Exp(log)
	}
	return price
}

// drawMakers draws the producers, the larger economies more often, and how much
// each economy buys.
func (w *World) drawMakers(g *good) {
	n := len(w.economies)
	g.capacity, g.appetite = make([]float64, n), make([]float64, n)
	keys := make([]float64, n)
	for i := range w.economies {
		r := w.seed.from("maker", uint64(g.id), uint64(w.economies[i].id))
		keys[i] = 0.6*math.Log(w.economies[i].size) + r.gumbel()
		if w.economies[i].entrepot {
			keys[i] -= 3
		}
		g.appetite[i] = w.economies[i].size * r.lognormal(0.8)
	}
	for _, i := range largest(keys, min(g.producers, n/2)) {
		r := w.seed.from("capacity", uint64(g.id), uint64(w.economies[i].id))
		g.capacity[i] = math.Sqrt(w.economies[i].size) * r.lognormal(0.9)
	}
}

// makes says whether the economy makes the good.
func (g *good) makes(economy int) bool { return g.capacity[economy] > 0 }
