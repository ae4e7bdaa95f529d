package simulate

import (
	"math"
	"slices"
)

// doublePrice lets the world price of a good double within a quarter; it falls
// back slowly.
func (w *World) doublePrice(p *planned, r *random) bool {
	p.good = r.pick(len(w.goods))
	p.share, p.end = 1, w.horizon-1
	factor := make([]float64, w.horizon)
	for m := range factor {
		up := math.Max(0, math.Min(1, float64(m-p.start+1)/3))
		factor[m] = math.Pow(2, up*math.Pow(0.97, math.Max(0, float64(m-p.start-3))))
		w.goods[p.good].price[m] *= factor[m]
	}
	for _, l := range w.lanes {
		if l.good == p.good {
			for m := range l.usd {
				l.usd[m] *= factor[m]
			}
		}
	}
	return true
}

// startTrader opens a lane from an economy that makes none of a good. Its
// supply comes from the producers; direct trade does not fall.
func (w *World) startTrader(p *planned, r *random) bool {
	l := w.search(r, func(l *lane) bool { return w.ordinaryLane(l) && !l.resale && !w.economies[l.to].entrepot })
	if l == nil {
		return false
	}
	trader := w.thirdEconomy(l, false, r)
	if trader < 0 || w.laneIndex[laneAt{l.good, trader, l.to}] != nil {
		return false
	}
	p.share = r.between(0.1, 0.4)
	if p.kind == TraderExtra {
		p.share = r.between(0.6, 1.5)
	} else {
		p.end = w.horizon - 1
	}
	usual := l.base * w.goods[l.good].unitValue
	fresh := w.addLane(l.good, trader, l.to, usual*p.share)
	w.drawAmounts(fresh)
	for m := range fresh.kg {
		if m < p.start || m > p.end {
			fresh.kg[m], fresh.usd[m] = 0, 0
		}
	}
	fresh.used = true
	p.take(fresh)
	w.supply(l.good, trader, fresh.kg)
	return true
}

// endTrader closes a lane of a reseller.
func (w *World) endTrader(p *planned, r *random) bool {
	l := w.search(r, func(l *lane) bool { return l.resale && l.active > 0.5 })
	if l == nil {
		return false
	}
	p.take(l)
	p.end, p.share = w.horizon-1, 1
	for m := p.start; m < w.horizon; m++ {
		l.kg[m], l.usd[m] = 0, 0
	}
	l.used = true
	return true
}

// openMine makes an economy a producer that takes a share of several buyers
// from those who served them.
func (w *World) openMine(p *planned, r *random) bool {
	l := w.search(r, func(l *lane) bool { return w.ordinaryLane(l) && !l.resale && !w.goods[l.good].calm })
	if l == nil {
		return false
	}
	maker := w.thirdEconomy(l, false, r)
	if maker < 0 {
		return false
	}
	p.good, p.from, p.end = l.good, maker, w.horizon-1
	p.share = r.between(0.15, 0.4)
	w.opened = append(w.opened, opening{good: l.good, economy: maker, month: p.start})
	for _, old := range w.byGood[l.good] {
		if old.used || old.to == maker || old.resale || !w.ordinaryLane(old) || !r.chance(0.5) {
			continue
		}
		fresh := w.laneIndex[laneAt{l.good, maker, old.to}]
		if fresh == nil {
			fresh = w.addLane(l.good, maker, old.to, 2000)
			fresh.kg, fresh.usd = make([]float64, w.horizon), make([]float64, w.horizon)
		}
		fresh.used, old.used = true, true
		w.shiftTrade(old, fresh, p.start, w.horizon-1, p.share)
		p.lanes = append(p.lanes, fresh)
	}
	return len(p.lanes) > 0
}

// shiftTrade moves a share of one lane to another between two months.
func (w *World) shiftTrade(from, to *lane, start, end int, share float64) {
	for m := start; m <= end; m++ {
		kg, usd := from.kg[m]*share, from.usd[m]*share
		from.kg[m], from.usd[m] = from.kg[m]-kg, from.usd[m]-usd
		w.move(to, m, kg)
	}
}

// changeSupplier lets an importer turn from one old producer to another.
func (w *World) changeSupplier(p *planned, r *random) bool {
	var to *lane
	l := w.search(r, func(l *lane) bool {
		if !w.ordinaryLane(l) || l.resale {
			return false
		}
		rivals := w.byBuyer[[2]int{l.good, l.to}]
		i := slices.IndexFunc(rivals, func(other *lane) bool { return other != l && !other.used && !other.resale })
		if i < 0 {
			return false
		}
		to = rivals[i]
		return true
	})
	if l == nil {
		return false
	}
	p.take(l)
	p.via, p.end = to.from, w.horizon-1
	w.shiftTrade(l, to, p.start, p.end, p.share)
	l.used, to.used = true, true
	return true
}

// lumpYears lets a small lane ship each year's trade in December, so that it
// arrives in the next year.
func (w *World) lumpYears(p *planned, r *random) bool {
	l := w.search(r, func(l *lane) bool { return l.active > 0.3 && l.transport == bySea && !w.sellsOn(l.good, l.to) })
	if l == nil {
		return false
	}
	p.take(l)
	p.start, p.end, p.share = lead, w.horizon-1, 1
	kg, usd := 0.0, 0.0
	for m := range l.kg {
		kg, usd = kg+l.kg[m], usd+l.usd[m]
		l.kg[m], l.usd[m] = 0, 0
		if w.calendar(m) == 12 {
			l.kg[m], l.usd[m] = kg, usd
			kg, usd = 0, 0
		}
	}
	l.active, l.used = 1.0/12, true
	return true
}

// sellsOn says whether an economy sells a good that it buys: what it is waiting
// for cannot come once a year.
func (w *World) sellsOn(good, economy int) bool {
	return slices.ContainsFunc(w.lanes, func(l *lane) bool { return l.good == good && l.from == economy && l.resale })
}
