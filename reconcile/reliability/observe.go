package reliability

import (
	"cmp"
	"math"
	"slices"

	"counterflow/data"
	"counterflow/reconcile/margin"
	"counterflow/reconcile/mirror"
	"counterflow/reconcile/timing"
	"counterflow/stats/robust"
)

// laneGaps sums up the log gaps of one lane in one measure.
type laneGaps struct {
	exporter, importer, group int32 // numbers
	n                         int32 // periods compared
	center                    float64
	variance                  float64 // about the center, 0 for one period
}

// gaps is all lanes of one measure, and what their numbers stand for.
type gaps struct {
	measure              mirror.Measure
	exporters, importers []data.Economy
	groups               []string
	lanes                []laneGaps
}

// observer gathers the gaps of one measure.
type observer struct {
	gaps
	numbers  [2]map[data.Economy]int32
	byGroup  map[string]int32
	grouping func(data.Commodity) string
	margins  *margin.Model
	compare  *timing.Comparer
	buf      []float64
}

// observe sums up every lane of pairs that lie in order.
func observe(pairs []mirror.Pair, measure mirror.Measure, margins *margin.Model, timings *timing.Model, grouping func(data.Commodity) string) *gaps {
	o := &observer{numbers: [2]map[data.Economy]int32{{}, {}}, byGroup: map[string]int32{}, grouping: grouping,
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
	o.buf = o.buf[:0]
	for _, c := range o.compare.Compare(lane, o.measure) {
		if c.Expected > 0 && c.Declared > 0 {
			o.buf = append(o.buf, math.Log(c.Declared/c.Expected)-log)
		}
	}
	if len(o.buf) == 0 {
		return
	}
	l := laneGaps{n: int32(len(o.buf)), exporter: o.number(0, data.Economy(first.Exporter)), importer: o.number(1, data.Economy(first.Importer))}
	l.group = o.groupOf(first.Commodity)
	l.center, l.variance = locate(o.buf)
	o.lanes = append(o.lanes, l)
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

const (
	gapFreedom   = 4 // of Student's t for the gaps of one lane
	locateCap    = 60
	locateLimits = 1e-4 // of the spread: far below the error of either
)

// locate fits Student's t with 4 degrees of freedom to the gaps of a lane and
// gives its center and variance, 2 s^2, the latter with n-1 in place of n
// (Lange, Little and Taylor 1989, JASA 84, 881). It reorders r. One gap has no
// variance.
func locate(r []float64) (center, variance float64) {
	n := float64(len(r))
	center = robust.MedianInPlace(r)
	if len(r) == 1 {
		return center, 0
	}
	square := 0.0
	for _, v := range r {
		square += (v - center) * (v - center)
	}
	if square == 0 {
		return center, 0
	}
	square = min(square/n, 9) / 2
	for range locateCap {
		var sum, weights, squares float64
		for _, v := range r {
			d := v - center
			w := (gapFreedom + 1) / (gapFreedom + d*d/square)
			sum += w * v
			weights += w
			squares += w * d * d
		}
		nextCenter, nextSquare := sum/weights, squares/n
		settled := math.Abs(nextCenter-center) <= locateLimits*math.Sqrt(square) && math.Abs(nextSquare-square) <= 10*locateLimits*square
		center, square = nextCenter, max(nextSquare, 1e-12)
		if settled {
			break
		}
	}
	return center, 2 * square * n / (n - 1)
}
