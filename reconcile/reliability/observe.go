package reliability

import (
	"cmp"
	"math"
	"slices"

	"counterflow/data"
	"counterflow/reconcile/margin"
	"counterflow/reconcile/mirror"
	"counterflow/reconcile/timing"
	"counterflow/stats/elementary"
)

// laneGaps sums up the log gaps of one lane in one measure.
type laneGaps struct {
	exporter, importer, group int32 // numbers
	n                         int32 // periods compared
	center                    float64
	centerVariance            float64 // of the center, as far as the lane itself can tell; 0 for too few periods
	variance                  float64 // of a gap about its neighbours, 0 for too few
	freedom                   float64 // degrees of freedom of variance
	carried                   float64 // part of the exporter's variance that is in it
	quarters                  quarters
	class                     Class
	distance                  float64 // see distanceOf
	commodity                 data.Commodity
	size                      float64 // see sizeOf, NaN where not known
}

// gaps is all lanes of one measure, and what their numbers stand for.
type gaps struct {
	measure              mirror.Measure
	exporters, importers []data.Economy
	groups               []string
	lanes                []laneGaps
	unsettled            int        // lanes whose own spread still moved at the end
	sizes                []sizeLane // of lanes, in the same order
	commodities          []data.Commodity
	starts               []int // of commodities in lanes, and their end
}

// observer gathers the gaps of one measure.
type observer struct {
	gaps
	keep     float64 // share of lanes whose gaps are looked at
	numbers  [2]map[data.Economy]int32
	byGroup  map[string]int32
	grouping func(data.Commodity) string
	margins  *margin.Model
	compare  *timing.Comparer
	route    func(data.Exporter, data.Importer) margin.Route
	class    func(exporter, importer data.Economy) Class
	fitter   gapFitter
}

// observe sums up every lane of pairs that lie in order, lanes of which there are.
// room is used again for the sizes of lanes.
func (m *Model) observe(pairs []mirror.Pair, lanes int, measure mirror.Measure, margins *margin.Model, timings *timing.Model, room []sizeLane) *gaps {
	o := &observer{numbers: [2]map[data.Economy]int32{{}, {}}, byGroup: map[string]int32{}, grouping: m.grouping, route: m.route, class: m.classOf,
		margins: margins, compare: timing.NewComparer(timings)}
	o.measure, o.fitter.most = measure, m.rounds
	o.keep = mostLanes / float64(max(lanes, 1))
	o.sizes = room[:0]
	for _, lane := range mirror.Lanes(pairs) {
		o.lane(lane)
	}
	o.starts = append(o.starts, len(o.sizes))
	o.inOrder()
	return &o.gaps
}

// mostLanes is the number of lanes whose gaps are looked at: with more, a sample
// by a hash of the lane. It leaves every reporter hundreds of lanes.
const mostLanes = 40_000

// countLanes counts the lanes, and those that both sides declared.
func countLanes(pairs []mirror.Pair) (lanes, both int) {
	counted := false
	for i := range pairs {
		if i == 0 || !pairs[i].SameLane(&pairs[i-1]) {
			lanes++
			counted = false
		}
		if !counted && pairs[i].State == mirror.Both {
			both++
			counted = true
		}
	}
	return lanes, both
}

// lane adds one lane, unless a partner is unstated or no period can be
// compared.
func (o *observer) lane(lane []mirror.Pair) {
	first := &lane[0]
	if first.Notes.Has(mirror.PartnerUnstated) {
		return
	}
	log := 0.0
	if o.measure == mirror.Value {
		log = o.margins.Log(first)
	}
	size, known := sizeOf(lane, o.measure, log)
	if known {
		o.addSize(first, size)
	}
	if o.keep < 1 && hashed(first) >= o.keep {
		return
	}
	month := o.fitter.months[:0]
	for _, c := range o.compare.Compare(lane, o.measure) {
		if c.Expected > 0 && c.Declared > 0 {
			month = append(month, monthGap{elementary.Log(c.Declared/c.Expected) - log, c.Doubt, c.Carried})
		}
	}
	o.fitter.months = month
	if len(month) == 0 {
		return
	}
	l := o.fitter.fit()
	if o.fitter.unsettled {
		o.unsettled++
	}
	l.exporter, l.importer = o.number(0, data.Economy(first.Exporter)), o.number(1, data.Economy(first.Importer))
	l.group = o.groupOf(first.Commodity)
	l.class, l.distance = o.class(data.Economy(first.Exporter), data.Economy(first.Importer)), distanceOf(o.route(first.Exporter, first.Importer))
	l.commodity, l.size = first.Commodity, size
	o.lanes = append(o.lanes, l)
}

// hashed is a number in [0, 1) that depends on nothing but the lane.
func hashed(p *mirror.Pair) float64 {
	h := uint64(0x9e3779b97f4a7c15)
	for _, k := range [...]uint64{uint64(p.Commodity), uint64(p.Exporter)<<16 | uint64(p.Importer)} {
		h ^= k
		h = (h ^ h>>30) * 0xbf58476d1ce4e5b9
		h = (h ^ h>>27) * 0x94d049bb133111eb
		h ^= h >> 31
	}
	return float64(h>>11) / (1 << 53)
}

// sizeOf is the mean of the logarithms of both sides' amounts, over the periods
// that both declared. Four products of two amounts fit into a number, which
// saves logarithms.
func sizeOf(lane []mirror.Pair, measure mirror.Measure, logMargin float64) (size float64, ok bool) {
	product, n := 1.0, 0
	for i := range lane {
		p := &lane[i]
		x, m := float64(p.XUSD), float64(p.MUSD)
		if measure == mirror.Weight {
			x, m = float64(p.XKg), float64(p.MKg)
		}
		if p.State != mirror.Both || x <= 0 || m <= 0 || p.Notes.Has(mirror.ImputedMirror) {
			continue
		}
		product *= x * m
		if n++; n%4 == 0 {
			size += elementary.Log(product)
			product = 1
		}
	}
	if n == 0 {
		return math.NaN(), false
	}
	size += elementary.Log(product)
	unit := 3 * math.Ln10 // grams in a kilogram
	if measure == mirror.Value {
		unit = 2 * math.Ln10
	}
	return size/float64(2*n) - unit - logMargin/2, true
}

func (o *observer) addSize(p *mirror.Pair, size float64) {
	if n := len(o.commodities); n == 0 || o.commodities[n-1] != p.Commodity {
		o.commodities, o.starts = append(o.commodities, p.Commodity), append(o.starts, len(o.sizes))
	}
	o.sizes = append(o.sizes, sizeLane{exporter: data.Economy(p.Exporter), importer: data.Economy(p.Importer),
		size: float32(size), distance: float32(distanceOf(o.route(p.Exporter, p.Importer)))})
}

// distanceOf is ln(km) over 5,000 km; a route that is not placed counts as one
// of that length.
func distanceOf(r margin.Route) float64 {
	if !r.Known() {
		return 0
	}
	return elementary.Log(r.Km / 5000)
}

func (o *observer) number(side int, e data.Economy) int32 {
	n, ok := o.numbers[side][e]
	if !ok {
		list := &o.exporters
		if side == 1 {
			list = &o.importers
		}
		n = int32(len(*list))
		o.numbers[side][e] = n
		*list = append(*list, e)
	}
	return n
}

func (o *observer) groupOf(c data.Commodity) int32 {
	name := o.grouping(c)
	n, ok := o.byGroup[name]
	if !ok {
		n = int32(len(o.groups))
		o.byGroup[name] = n
		o.groups = append(o.groups, name)
	}
	return n
}

// inOrder numbers economies by code and groups by name, so that which lane came
// first does not matter to any sum.
func (o *observer) inOrder() {
	exporter, importer := renumber(o.exporters), renumber(o.importers)
	group := renumber(o.groups)
	for i := range o.lanes {
		l := &o.lanes[i]
		l.exporter, l.importer, l.group = exporter[l.exporter], importer[l.importer], group[l.group]
	}
}

// renumber sorts a list and says where each of its items went.
func renumber[T cmp.Ordered](list []T) []int32 {
	order := make([]int, len(list))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(list[a], list[b]) })
	sorted, place := make([]T, len(list)), make([]int32, len(list))
	for to, from := range order {
		sorted[to], place[from] = list[from], int32(to)
	}
	copy(list, sorted)
	return place
}
