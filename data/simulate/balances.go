package simulate

import (
	"math"

	"counterflow/data"
)

// Balance is one figure of a national balance.
type Balance struct {
	Economy   data.Economy
	Commodity data.Commodity
	Period    data.Period
	Item      string // production, consumption or stock
	Kg        data.Kg
	Basis     string // "survey", or how else it came about
}

// surveySpread is the error of a month's surveyed figure, natural log.
const surveySpread = 0.06

// Bases of balance figures.
const (
	basisSurvey   = "survey"
	basisCircular = "estimated from partner imports"
)

// Balances are the surveys of production, use and stocks of minerals, by the
// economies that make some.
func (w *World) Balances() []Balance {
	var all []Balance
	byGood := make([][]*lane, len(w.goods))
	for _, l := range w.lanes {
		byGood[l.good] = append(byGood[l.good], l)
	}
	for g := range w.goods {
		if !w.goods[g].calm {
			books := w.accounts(g, byGood[g])
			for i := range books {
				all = w.survey(all, g, i, &books[i])
			}
		}
	}
	return all
}

// account is what one economy makes, uses and holds of one good by month.
type account struct {
	made, used, extra []float64
	arrived, sold     []float64
	touched           bool
}

// accounts works out the books of all economies in one good.
func (w *World) accounts(g int, lanes []*lane) []account {
	books := make([]account, len(w.economies))
	for i := range books {
		b := &books[i]
		for _, series := range []*[]float64{&b.made, &b.used, &b.extra, &b.arrived, &b.sold} {
			*series = make([]float64, w.horizon)
		}
	}
	for _, l := range lanes {
		books[l.from].touched, books[l.to].touched = true, true
		for m, kg := range l.kg {
			if kg == 0 {
				continue
			}
			books[l.from].sold[m] += kg
			for _, a := range w.arrivals(m, l.meanPassage(m, w)) {
				if a.month < w.horizon {
					books[l.to].arrived[a.month] += kg * a.share
				}
			}
		}
	}
	for _, p := range w.plan {
		if p.kind == StockBuild && p.good == g {
			w.bookExtra(p, &books[p.to])
		}
	}
	for i := range books {
		w.close(g, i, &books[i])
	}
	return books
}

// meanPassage is the mean time that a month's departures take, detours included.
func (l *lane) meanPassage(m int, w *World) float64 {
	days, rest := l.passage[m], 1.0
	total := 0.0
	for i := range l.effects {
		if share := l.effects[i].diverted(m); share > 0 {
			total += share * (days*0.8 + 6*w.strength(Transit))
			rest -= share
		}
	}
	return total + rest*days
}

// bookExtra puts what goes into stocks apart, by month of arrival.
func (w *World) bookExtra(p *planned, b *account) {
	for i, l := range p.lanes {
		for m := p.start; m <= p.end; m++ {
			for _, a := range w.arrivals(m, l.meanPassage(m, w)) {
				if a.month < w.horizon {
					b.extra[a.month] += p.added[i][m] * a.share
				}
			}
		}
	}
}

// close makes the books close: a producer makes what it sells and uses at home;
// everybody else uses at once what arrives and is neither sold on nor stored.
func (w *World) close(g, economy int, b *account) {
	r := w.seed.from("home", uint64(w.goods[g].id), uint64(w.economies[economy].id))
	home, opens := r.between(0.1, 0.6), 0
	makes := w.goods[g].makes(economy)
	for _, o := range w.opened {
		if o.good == g && o.economy == economy {
			makes, opens = true, o.month
		}
	}
	carried := 0.0
	for m := range b.used {
		if makes && m >= opens {
			own := home * mean(b.sold)
			b.made[m] = b.sold[m] + own
			b.used[m] = b.arrived[m] - b.extra[m] + own
			continue
		}
		carried += b.arrived[m] - b.extra[m] - b.sold[m]
		b.used[m] = math.Max(carried, 0)
		carried -= b.used[m]
	}
}

func mean(values []float64) float64 {
	sum := 0.0
	for _, v := range values {
		sum += v
	}
	return sum / float64(len(values))
}

// mustPublish says whether balances alone tell a stock build from a boom, or a
// new mine from a diversion.
func (w *World) mustPublish(g, economy int) bool {
	for _, p := range w.plan {
		switch p.kind {
		case StockBuild, DemandBoom:
			if p.good == g && p.to == economy {
				return true
			}
		case NewProducer:
			if p.good == g && p.from == economy {
				return true
			}
		}
	}
	return false
}

// survey adds the figures that an economy publishes.
func (w *World) survey(all []Balance, g, economy int, b *account) []Balance {
	e, gd := &w.economies[economy], &w.goods[g]
	r := w.seed.from("survey", uint64(gd.id), uint64(e.id))
	publishes, stocks, circular := r.chance(0.85), r.chance(0.35), r.chance(0.15)
	if w.mustPublish(g, economy) {
		publishes, circular = true, false
	}
	if !b.touched || !publishes {
		return all
	}
	add := func(m int, item string, kg float64, basis string) {
		if rounded := data.Kg(math.Round(kg) * 1000); rounded > 0 {
			all = append(all, Balance{e.id, gd.id, w.period(m), item, rounded, basis})
		}
	}
	basis := basisSurvey
	if circular {
		basis = basisCircular
	}
	level, held := r.lognormal(0.02), 1.5*mean(b.used)
	for m := range b.used {
		held += b.extra[m]
		made, used, stock := r.lognormal(surveySpread), r.lognormal(surveySpread), r.lognormal(surveySpread)
		if m < lead || m >= w.published {
			continue
		}
		add(m, "production", b.made[m]*made, basis)
		add(m, "consumption", b.used[m]*used*level, basisSurvey)
		if stocks && w.calendar(m) == 12 {
			add(m, "stock", held*stock, basisSurvey)
		}
	}
	return all
}
