package margin

import (
	"math"

	"counterflow/data"
	"counterflow/data/source"
	"counterflow/reconcile/mirror"
	"counterflow/stats/elementary"
	"counterflow/stats/robust"
)

// observation is what one lane says of its margin: the median over its periods
// of ln(UVm/UVx) where both sides weighed the goods, else of ln(M/X) in value.
// Errors that weight and value share cancel in the first and not in the second.
// One lane is one observation, because what is peculiar to it stays from period
// to period.
type observation struct {
	commodity data.Commodity
	way       way
	log       float32 // single precision, since there may be ten million lanes
	likeness  float32 // mean of min(Q)/max(Q), 0 to 1: BACI's weight
	spread    float32 // MAD over the periods, NaN below minSpreadPeriods
	unitValue float32 // ln of the exporter's USD per kg, NaN where not known
	periods   uint16
	weighed   bool // log is a ratio of unit values
	mode      source.Mode
}

const minSpreadPeriods = 8

var nan32 = float32(math.NaN())

// Lane is what one lane says of its margin, for charts: the median over its
// periods of ln(UVm/UVx) where both sides weighed the goods, else of ln(M/X).
type Lane struct {
	Commodity data.Commodity
	Exporter  data.Exporter
	Importer  data.Importer
	Route     Route
	Log       float64
	Periods   int
}

// Lanes lists the lanes that inform the fit, in the order of pairs, which lie in
// order; those whose route cannot be placed are left out.
func Lanes(pairs []mirror.Pair, route func(data.Exporter, data.Importer) Route) []Lane {
	if route == nil {
		route = ReferenceRoute
	}
	var lanes []Lane
	for _, o := range observe(pairs) {
		if r := route(o.way.exporter, o.way.importer); r.Known() {
			lanes = append(lanes, Lane{o.commodity, o.way.exporter, o.way.importer, r, float64(o.log), int(o.periods)})
		}
	}
	return lanes
}

// observer walks pairs in order and gathers one observation a lane.
type observer struct {
	all                           []observation
	byWeight, byValue, unitValues []float64
	alike                         [2]float64 // sums of min/max of weights, of values
}

// observe gives one observation for every lane with usable pairs.
func observe(pairs []mirror.Pair) []observation {
	var o observer
	o.all = make([]observation, 0, usableLanes(pairs))
	for _, lane := range mirror.Lanes(pairs) {
		o.lane(lane)
	}
	return o.all
}

// usableLanes counts the lanes with usable pairs: a list that grows to ten
// million takes twice its room, and one of all lanes more than it needs.
func usableLanes(pairs []mirror.Pair) int {
	lanes, counted := 0, false
	for i := range pairs {
		counted = counted && i > 0 && pairs[i].SameLane(&pairs[i-1])
		if !counted && Usable(&pairs[i]) {
			lanes++
			counted = true
		}
	}
	return lanes
}

func (o *observer) lane(lane []mirror.Pair) {
	o.byWeight, o.byValue, o.unitValues = o.byWeight[:0], o.byValue[:0], o.unitValues[:0]
	o.alike = [2]float64{}
	for i := range lane {
		if p := &lane[i]; Usable(p) {
			o.period(p)
		}
	}
	if len(o.byValue) == 0 {
		return
	}
	ob := observation{commodity: lane[0].Commodity, way: way{lane[0].Exporter, lane[0].Importer}, spread: nan32, unitValue: nan32, mode: lane[0].Mode}
	values, alike := o.byValue, o.alike[1]
	if len(o.byWeight) > 0 {
		ob.weighed, values, alike = true, o.byWeight, o.alike[0]
		ob.unitValue = float32(robust.MedianInPlace(o.unitValues))
	}
	ob.periods = uint16(min(len(values), math.MaxUint16))
	ob.likeness = float32(alike / float64(len(values)))
	median := robust.MedianInPlace(values)
	ob.log = float32(median)
	if len(values) >= minSpreadPeriods {
		ob.spread = float32(robust.MADAboutInPlace(values, median))
	}
	o.all = append(o.all, ob)
}

func (o *observer) period(p *mirror.Pair) {
	value := float64(p.MUSD) / float64(p.XUSD)
	o.byValue = append(o.byValue, elementary.Log(value))
	o.alike[1] += min(value, 1/value)
	if p.XKg <= 0 || p.MKg <= 0 || p.Notes&(mirror.ExportWeightEstimated|mirror.ImportWeightEstimated) != 0 {
		return
	}
	weight := float64(p.MKg) / float64(p.XKg)
	o.byWeight = append(o.byWeight, elementary.Log(value/weight))
	o.unitValues = append(o.unitValues, elementary.Log(p.XUSD.Float()/p.XKg.Float()))
	o.alike[0] += min(weight, 1/weight)
}

// Usable says whether a pair can inform a margin.
func Usable(p *mirror.Pair) bool {
	return p.State == mirror.Both && p.XUSD > 0 && p.MUSD > 0 &&
		p.Notes&(mirror.ImputedMirror|mirror.ImportFOB|mirror.PartnerUnstated) == 0
}

// worthOf is the world unit value of each commodity, ln USD per kg: the median
// over its lanes.
func worthOf(all []observation) map[data.Commodity]float64 {
	worth := map[data.Commodity]float64{}
	var buf []float64
	for from := 0; from < len(all); {
		to := from
		for buf = buf[:0]; to < len(all) && all[to].commodity == all[from].commodity; to++ {
			if v := float64(all[to].unitValue); !math.IsNaN(v) {
				buf = append(buf, v)
			}
		}
		if len(buf) > 0 {
			worth[all[from].commodity] = robust.MedianInPlace(buf)
		}
		from = to
	}
	return worth
}
