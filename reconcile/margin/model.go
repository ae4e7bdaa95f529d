package margin

import (
	"fmt"
	"math"
	"slices"

	"counterflow/data"
	"counterflow/reconcile/mirror"
	"counterflow/stats/robust"
)

// Settings configures [Fit]. The zero value is the ordinary one.
type Settings struct {
	Route  func(data.Exporter, data.Importer) Route // nil for [ReferenceRoute]
	Sample int                                      // lanes the gravity fit uses at most, 0 for 200,000
	Seed   uint64                                   // of that sample
	Rounds int                                      // of the gravity fit at most, 0 for 50
}

// Model is the margin of every commodity and route: a gravity fit, plus how far
// each commodity, and each commodity on each distance band, departs from it,
// shrunk towards it by how well that is known.
type Model struct {
	Gravity  Gravity
	Warnings []string
	terms    []Term
	routes   *routes
	worth    map[data.Commodity]float64
	cells    map[data.Commodity]*departures
}

// departures are what a commodity adds to the gravity fit, natural log.
type departures struct {
	band [BandsInAll]float64
}

// Fit estimates the margins from pairs that lie in order (commodity, exporter,
// importer, period). Imputed mirrors, importers that state FOB values and
// unallocated partners stay out; the sign of a gap plays no part. With no usable
// pair every margin is zero and a warning says so.
func Fit(pairs []mirror.Pair, settings Settings) *Model {
	if settings.Route == nil {
		settings.Route = ReferenceRoute
	}
	if settings.Sample <= 0 {
		settings.Sample = 200_000
	}
	if settings.Rounds <= 0 {
		settings.Rounds = gravityCap
	}
	m := &Model{routes: newRoutes(pairs, settings.Route), cells: map[data.Commodity]*departures{}}
	all := observe(pairs)
	m.worth = worthOf(all)
	if len(all) == 0 {
		m.Gravity = fitGravity(&sample{}, 0, 0)
		m.warn("no pair can inform a margin: every margin is taken as zero")
		return m
	}
	precision := precisionsOf(all)
	m.Gravity = m.gravity(all, precision, settings)
	m.terms = append(m.terms, m.Gravity.terms()...)
	if !m.Gravity.Converged {
		m.warn("the gravity fit had not settled after %d rounds", m.Gravity.Iterations)
	}
	if !m.Gravity.Identified {
		m.warn("the gravity fit is not identified (R2 %.3f, %d lanes): the overall median margin of %.1f%% stands in its place",
			m.Gravity.R2, m.Gravity.Lanes, 100*math.Expm1(m.Gravity.Overall))
	}
	m.depart(all, precision)
	return m
}

func (m *Model) warn(format string, args ...any) {
	m.Warnings = append(m.Warnings, fmt.Sprintf(format, args...))
}

// Terms lists the estimates: the gravity fit, then medians by commodity and
// distance band and what became of them by shrinkage.
func (m *Model) Terms() []Term { return m.terms }

// Log is ln(1+margin) of a pair: what ln(M/X) in value would be if both sides
// recorded the same shipment. Importers that state FOB values have none.
func (m *Model) Log(p *mirror.Pair) float64 {
	if p.Notes.Has(mirror.ImportFOB) {
		return 0
	}
	route := m.routes.of(way{p.Exporter, p.Importer})
	log := m.Gravity.Log(route, m.worthOf(p.Commodity), p.Mode)
	if d := m.cells[p.Commodity]; d != nil {
		log += d.band[route.Band()]
	}
	return log
}

// Of is the margin of a pair.
func (m *Model) Of(p *mirror.Pair) Margin { return Margin(math.Expm1(m.Log(p))) }

// Route is the route between two economies, as the model sees it.
func (m *Model) Route(exporter data.Exporter, importer data.Importer) Route {
	return m.routes.of(way{exporter, importer})
}

func (m *Model) worthOf(c data.Commodity) float64 {
	if v, ok := m.worth[c]; ok {
		return v
	}
	return math.NaN()
}

// gravity fits a sample of the lanes, taken by a hash of their keys.
func (m *Model) gravity(all []observation, precision []float32, settings Settings) Gravity {
	worth := m.meanWorth()
	s := newSample(min(len(all), settings.Sample+settings.Sample/50)) // a hash may keep a few more
	numbers := map[way]int{}
	keep := float64(settings.Sample) / float64(len(all))
	for i := range all {
		o := &all[i]
		route := m.routes.of(o.way)
		if !route.Known() || keep < 1 && hashed(o, settings.Seed) >= keep {
			continue
		}
		number, ok := numbers[o.way]
		if !ok {
			number = len(numbers)
			numbers[o.way] = number
		}
		known := m.worthOf(o.commodity) - worth
		if math.IsNaN(known) {
			known = 0
		}
		s.add(rowOf(route, known, o.mode), float64(o.log), float64(precision[i]), number)
	}
	s.dropRareModes()
	return fitGravity(s, worth, settings.Rounds)
}

func (m *Model) meanWorth() float64 {
	codes := make([]data.Commodity, 0, len(m.worth))
	for c := range m.worth {
		codes = append(codes, c)
	}
	slices.Sort(codes) // a sum in the order of a map would differ from run to run
	sum := 0.0
	for _, c := range codes {
		sum += m.worth[c]
	}
	return sum / max(float64(len(codes)), 1)
}

// hashed is a number in [0, 1) that depends on nothing but the lane and the
// seed.
func hashed(o *observation, seed uint64) float64 {
	h := seed
	for _, k := range [...]uint64{uint64(o.commodity), uint64(o.way.exporter)<<16 | uint64(o.way.importer)} {
		h ^= k + 0x9e3779b97f4a7c15
		h = (h ^ h>>30) * 0xbf58476d1ce4e5b9
		h = (h ^ h>>27) * 0x94d049bb133111eb
		h ^= h >> 31
	}
	return float64(h>>11) / (1 << 53)
}

// precisionsOf weighs the observations: likeness of the two weights (BACI's
// min(Q)/max(Q)) over the variance of a lane's median, which is what is peculiar
// to the lane plus pi/2 times the variance of a period over their number. Both
// variances are estimated for lanes with unit values and for the others apart.
func precisionsOf(all []observation) []float32 {
	var own, period [2]float64
	room := make([]float64, 0, len(all))
	for class := range 2 {
		own[class], period[class] = variances(all, class == 1, room)
	}
	precision := make([]float32, len(all))
	for i := range all {
		class := int(indicator(all[i].weighed))
		variance := own[class] + math.Pi/2*period[class]/float64(all[i].periods)
		precision[i] = max(all[i].likeness, 0.01) / float32(max(variance, 1e-8))
	}
	return precision
}

// variances gives the variance between lanes and that of one period within a
// lane, by their MADs. Where no lane has a history all is taken as between.
func variances(all []observation, weighed bool, room []float64) (own, period float64) {
	list := func(value func(*observation) float64) []float64 {
		list := room[:0]
		for i := range all {
			if all[i].weighed != weighed {
				continue
			}
			if v := value(&all[i]); !math.IsNaN(v) {
				list = append(list, v)
			}
		}
		return list
	}
	logs := list(func(o *observation) float64 { return float64(o.log) })
	if len(logs) == 0 {
		return 1, 0
	}
	total := robust.MADInPlace(logs)
	if spreads := list(func(o *observation) float64 { return float64(o.spread) }); len(spreads) > 0 {
		within := robust.MedianInPlace(spreads)
		period = within * within
	}
	counts := list(func(o *observation) float64 { return 1 / float64(o.periods) })
	own = total*total - math.Pi/2*period*robust.MedianInPlace(counts)
	return max(own, total*total/100), period
}

// depart works out what commodities, and then their distance bands, add to the
// gravity fit: weighted medians of the residuals, shrunk by how far such medians
// scatter beyond their standard errors.
func (m *Model) depart(all []observation, precision []float32) {
	var products, bands []cell
	var residuals, weights []float64
	eachCommodity(all, func(from, to int) {
		residuals, weights = m.residuals(all[from:to], precision[from:to], residuals[:0], weights[:0])
		m.cells[all[from].commodity] = &departures{}
		products = append(products, cellOf(all[from].commodity, Unplaced, residuals, weights))
	})
	shrink(products)
	next := 0
	var divided byBand
	eachCommodity(all, func(from, to int) {
		p := &products[next]
		next++
		for b := range m.cells[p.commodity].band {
			m.cells[p.commodity].band[b] = p.shrunk
		}
		residuals, weights = m.residuals(all[from:to], precision[from:to], residuals[:0], weights[:0])
		divided.divide(m.routes, p, all[from:to], residuals, weights)
		bands = divided.cells(p.commodity, bands)
	})
	shrink(bands)
	for i := range bands {
		c := &bands[i]
		m.cells[c.commodity].band[c.band] += c.shrunk
	}
	m.tell(products, bands)
}

// eachCommodity calls do for the lanes of every commodity.
func eachCommodity(all []observation, do func(from, to int)) {
	for from := 0; from < len(all); {
		to := from
		for to < len(all) && all[to].commodity == all[from].commodity {
			to++
		}
		do(from, to)
		from = to
	}
}

// residuals appends what lanes have over the gravity fit, and their weights.
func (m *Model) residuals(all []observation, precision []float32, residuals, weights []float64) (r, w []float64) {
	for i := range all {
		o := &all[i]
		residuals = append(residuals, float64(o.log)-m.Gravity.Log(m.routes.of(o.way), m.worthOf(o.commodity), o.mode))
		weights = append(weights, float64(precision[i]))
	}
	return residuals, weights
}

// byBand is the lanes of one commodity by distance band, in room that is used
// again.
type byBand [BandsInAll]struct{ residuals, weights []float64 }

// divide sorts residuals into bands, about the commodity's own departure.
func (d *byBand) divide(routes *routes, product *cell, all []observation, residuals, weights []float64) {
	for b := range d {
		d[b].residuals, d[b].weights = d[b].residuals[:0], d[b].weights[:0]
	}
	for i := range all {
		band := &d[routes.of(all[i].way).Band()]
		band.residuals = append(band.residuals, residuals[i]-product.shrunk)
		band.weights = append(band.weights, weights[i])
	}
}

// cells appends the cells of bands with lanes.
func (d *byBand) cells(c data.Commodity, cells []cell) []cell {
	for b := range d {
		if band := &d[b]; len(band.residuals) > 0 && Band(b) != Unplaced {
			cells = append(cells, cellOf(c, Band(b), band.residuals, band.weights))
		}
	}
	return cells
}

// tell writes the table of terms: of every commodity, and of every band of it.
func (m *Model) tell(products, bands []cell) {
	at := 0
	for i := range products {
		p := &products[i]
		log, variance := m.Gravity.at(5000, m.worthOf(p.commodity))
		m.terms = append(m.terms, p.term("product_at_5000_km", p.commodity.Code(), log+p.shrunk, variance))
		for ; at < len(bands) && bands[at].commodity == p.commodity; at++ {
			b := &bands[at]
			log, variance := m.Gravity.at(b.band.middle(), m.worthOf(p.commodity))
			m.terms = append(m.terms, b.term("product_by_distance", p.commodity.Code()+" "+b.band.String(),
				log+p.shrunk+b.shrunk, variance+p.after))
		}
	}
}
