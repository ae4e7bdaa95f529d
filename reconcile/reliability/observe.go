package reliability

import (
	"cmp"
	"math"
	"slices"

	"counterflow/data"
	"counterflow/reconcile/margin"
	"counterflow/reconcile/mirror"
	"counterflow/reconcile/timing"
)

// laneGaps sums up the log gaps of one lane in one measure.
type laneGaps struct {
	exporter, importer, group int32 // numbers
	n                         int32 // periods compared
	center                    float64
	centerVariance            float64 // of the center, as far as the lane itself can tell; 0 for one period
	variance                  float64 // of a gap about its neighbours, 0 for too few
	freedom                   float64 // degrees of freedom of variance
	carried                   float64 // part of the exporter's variance that is in it
}

// gaps is all lanes of one measure, and what their numbers stand for.
type gaps struct {
	measure              mirror.Measure
	exporters, importers []data.Economy
	groups               []string
	lanes                []laneGaps
	sizes                []sizeLane // of lanes, in the same order
	commodities          []data.Commodity
	starts               []int // of commodities in lanes, and their end
}

// observer gathers the gaps of one measure.
type observer struct {
	gaps
	numbers  [2]map[data.Economy]int32
	byGroup  map[string]int32
	grouping func(data.Commodity) string
	margins  *margin.Model
	compare  *timing.Comparer
	route    func(data.Exporter, data.Importer) margin.Route
	fitter   gapFitter
}

// observe sums up every lane of pairs that lie in order.
func observe(pairs []mirror.Pair, measure mirror.Measure, margins *margin.Model, timings *timing.Model, settings Settings) *gaps {
	o := &observer{numbers: [2]map[data.Economy]int32{{}, {}}, byGroup: map[string]int32{}, grouping: settings.Group, route: settings.Route,
		margins: margins, compare: timing.NewComparer(timings)}
	o.measure = measure
	for from := 0; from < len(pairs); {
		to := from + 1
		for to < len(pairs) && pairs[to].SameLane(&pairs[from]) {
			to++
		}
		o.lane(pairs[from:to])
		from = to
	}
	o.starts = append(o.starts, len(o.sizes))
	o.inOrder()
	return &o.gaps
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
	month, size := o.fitter.months[:0], 0.0
	for _, c := range o.compare.Compare(lane, o.measure) {
		if c.Expected > 0 && c.Declared > 0 {
			x, m := math.Log(c.Expected), math.Log(c.Declared)-log
			month = append(month, monthGap{m - x, c.Doubt, c.Carried})
			size += (x + m) / 2
		}
	}
	o.fitter.months = month
	if len(month) == 0 {
		return
	}
	l := o.fitter.fit()
	l.exporter, l.importer = o.number(0, data.Economy(first.Exporter)), o.number(1, data.Economy(first.Importer))
	l.group = o.groupOf(first.Commodity)
	o.lanes = append(o.lanes, l)
	if n := len(o.commodities); n == 0 || o.commodities[n-1] != first.Commodity {
		o.commodities, o.starts = append(o.commodities, first.Commodity), append(o.starts, len(o.sizes))
	}
	o.sizes = append(o.sizes, sizeLane{exporter: data.Economy(first.Exporter), importer: data.Economy(first.Importer),
		size: size / float64(len(month)), distance: distanceOf(o.route(first.Exporter, first.Importer))})
}

// distanceOf is ln(km) over 5,000 km; a route that is not placed counts as one
// of that length.
func distanceOf(r margin.Route) float64 {
	if !r.Known() {
		return 0
	}
	return math.Log(r.Km / 5000)
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
