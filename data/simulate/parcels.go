package simulate

import (
	"math"
	"slices"

	"counterflow/data"
)

// Consignment is one parcel of the consignment records. The records are a
// sample kept under the licence rules of a few goods and do not add up to the
// flows.
type Consignment struct {
	Month              int // of the world
	Day                int // 1 to 28
	Exporter           data.Exporter
	Importer           data.Importer
	Commodity          data.Commodity
	Shipper, Consignee string
	NetWeight          data.Kg
	Value              data.USD
	Case               string // id in the truth, "" for ordinary parcels
}

// Threshold is the mass from which a consignment needs a licence.
type Threshold struct {
	Commodity data.Commodity
	Mass      data.Kg
}

// parcels are the consignment records of a world.
type parcels struct {
	thresholds map[int]float64 // kilograms by good
	records    []Consignment
}

// licensed are the goods under licence: the first six minerals that keep their
// code.
func (w *World) licensed() []int {
	var all []int
	for i := range w.goods {
		if !w.goods[i].calm && editionBreaks[w.goods[i].code] == "" && len(all) < 6 {
			all = append(all, i)
		}
	}
	return all
}

// thresholdOf is a round mass of some ten thousand dollars' worth.
func (w *World) thresholdOf(good int) float64 {
	steps := []float64{10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000}
	for _, s := range steps {
		if s*w.goods[good].unitValue > 8000 {
			return s
		}
	}
	return steps[len(steps)-1]
}

// plantParcels gives a split consignment or honest round lots a lane of a
// licensed good.
func (w *World) plantParcels(p *planned, r *random) bool {
	goods := w.licensed()
	if len(goods) == 0 {
		return false
	}
	good := goods[r.pick(len(goods))]
	l := w.search(r, func(l *lane) bool { return l.good == good && l.active > 0.5 })
	if l == nil {
		return false
	}
	p.take(l)
	l.used = true
	if p.kind == RoundLots {
		p.start, p.end, p.share = lead, w.horizon-1, r.between(0.3, 0.7)
	}
	return true
}

// drawParcels draws the consignments of the licensed goods.
func (w *World) drawParcels() {
	w.parcels.thresholds = map[int]float64{}
	if w.Settings.Planted[SplitConsignment]+w.Settings.LookAlikes[RoundLots] == 0 {
		return
	}
	special := map[*lane]*planned{}
	for _, p := range w.plan {
		if p.kind == SplitConsignment || p.kind == RoundLots {
			special[p.lanes[0]] = p
		}
	}
	for _, good := range w.licensed() {
		w.parcels.thresholds[good] = w.thresholdOf(good)
		for _, l := range w.byGood[good] {
			if special[l] != nil || w.keepsParcels(l) {
				w.drawLaneParcels(l, special[l])
			}
		}
	}
	slices.SortStableFunc(w.parcels.records, func(a, b Consignment) int {
		return (a.Month-b.Month)*31 + a.Day - b.Day
	})
}

func (w *World) keepsParcels(l *lane) bool {
	r := w.seed.from("keeps parcels", w.laneKey(l)...)
	return l.active > 0.5 && r.chance(0.25)
}

// drawLaneParcels draws a lane's parcels month by month, for two to five pairs
// of shipper and consignee, of which a planted case uses the first.
func (w *World) drawLaneParcels(l *lane, p *planned) {
	r := w.seed.from("parcels", w.laneKey(l)...)
	pairs, rate := r.count(2, 5), r.between(4, 14)
	limit := w.parcels.thresholds[l.good]
	typical := limit * r.lognormal(0.6)
	rounds := 0.15
	if p != nil && p.kind == RoundLots {
		rounds = p.share
	}
	for m := lead; m < w.published; m++ {
		if l.kg[m] == 0 {
			continue
		}
		for pair := range pairs {
			n := r.poisson(rate)
			split := 0
			if p != nil && p.kind == SplitConsignment && pair == 0 && m >= p.start && m <= p.end {
				split = int(math.Round(float64(n) * p.share / (1 - p.share)))
				split = min(max(split, 3), 60)
			}
			for range n {
				w.addParcel(l, m, pair, &r, honestMass(&r, typical, limit, rounds), "")
			}
			for range split {
				w.addParcel(l, m, pair, &r, limit*(1-0.12*r.uniform()), p.id)
			}
		}
	}
}

// honestMass is log-normal, heaped on round lots: a tenth, a quarter, a half,
// one, two or five thresholds.
func honestMass(r *random, typical, limit, rounds float64) float64 {
	mass, lot := typical*r.lognormal(0.8), []float64{0.1, 0.25, 0.5, 1, 2, 5}[r.pick(6)]
	if r.chance(rounds) {
		return lot * limit
	}
	return mass
}

func (w *World) addParcel(l *lane, m, pair int, r *random, kg float64, id string) {
	mass := data.Kilograms(math.Max(math.Round(kg*10)/10, 0.1))
	value := mass.Float() * w.goods[l.good].price[m] * l.unit * r.lognormal(0.1)
	key := w.seed.from("shipper", append(w.laneKey(l), uint64(pair))...)
	w.parcels.records = append(w.parcels.records, Consignment{
		Month: m, Day: r.count(1, 28), Exporter: data.Exporter(w.economies[l.from].id), Importer: data.Importer(w.economies[l.to].id),
		Commodity: w.goods[l.good].id, Shipper: opaque('S', key.next()), Consignee: opaque('C', key.next()),
		NetWeight: mass, Value: data.Dollars(value), Case: id,
	})
}

// opaque is an identifier that says nothing.
func opaque(letter byte, key uint64) string {
	const digits = "0123456789abcdef"
	text := []byte{letter, '-', 0, 0, 0, 0, 0, 0, 0, 0}
	for i := 2; i < len(text); i++ {
		text[i] = digits[key&15]
		key >>= 4
	}
	return string(text)
}

// poisson counts by multiplying uniforms (Knuth 1969); for small means.
func (r *random) poisson(mean float64) int {
	limit, product, n := math.Exp(-mean), r.uniform(), 0
	for product > limit {
		product *= r.uniform()
		n++
	}
	return n
}

// weighParcels sums the parcels of one case.
func (w *World) weighParcels(p *planned, t *Truth) {
	t.Kg, t.USD = 0, 0
	for i := range w.parcels.records {
		if c := &w.parcels.records[i]; c.Case == p.id {
			t.Kg, t.USD = t.Kg+c.NetWeight, t.USD+c.Value
		}
	}
	t.SeenKg, t.SeenUSD, t.MonthsSeen = t.Kg, t.USD, w.lastOf(p)-p.start+1
}
