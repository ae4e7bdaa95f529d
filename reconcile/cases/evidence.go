package cases

import (
	"math"
	"slices"

	"counterflow/data"
	"counterflow/reconcile/mirror"
	"counterflow/reconcile/panel"
	"counterflow/stats/burst"
)

// evidence is a panel with everything that the detectors ask of it.
type evidence struct {
	panel             *panel.Panel
	pairs             []mirror.Pair
	fields            [signals]*burst.Field
	scans             [signals]*burst.Result
	supplies, imports [][]float64 // by lane, in kg, see supplied and imported

	supply *burst.Field // level of what either side declares, for trade that moves
	moved  *burst.Result
	bought *burst.Field // level of what the importer declares
	turned *burst.Result
	hub    []bool // by lane: an entrepot at either end
	makers makers

	lasting float64 // spread of one side's lasting level, natural log

	byCorridor map[panel.Corridor][]int // lanes
	byImporter map[market][]int
	byExporter map[source][]int
	lane       map[laneKey]int
}

type market struct {
	goods    data.Commodity
	importer data.Importer
}

type source struct {
	goods    data.Commodity
	exporter data.Exporter
}

type laneKey struct {
	goods    data.Commodity
	exporter data.Exporter
	importer data.Importer
}

// gather prepares the signals of a panel.
func gather(p *panel.Panel) *evidence {
	e := &evidence{panel: p, hub: make([]bool, len(p.Lanes)),
		byCorridor: map[panel.Corridor][]int{}, byImporter: map[market][]int{}, byExporter: map[source][]int{}, lane: map[laneKey]int{}}
	for i := range p.Lanes {
		l := &p.Lanes[i]
		e.hub[i] = slices.Contains(passage, data.Economy(l.Exporter)) || slices.Contains(passage, data.Economy(l.Importer))
		c := panel.Corridor{Exporter: l.Exporter, Importer: l.Importer}
		e.byCorridor[c] = append(e.byCorridor[c], i)
		m := market{l.Goods, l.Importer}
		e.byImporter[m] = append(e.byImporter[m], i)
		o := source{l.Goods, l.Exporter}
		e.byExporter[o] = append(e.byExporter[o], i)
		e.lane[laneKey{l.Goods, l.Exporter, l.Importer}] = i
	}
	e.lasting = lastingSpread(p)
	settings := burst.Defaults(p.Months)
	settings.Longest = min(settings.Longest, longestCase)
	settings.Scale = leastScatter
	// Beside an entrepot exporters name the hub and importers the origin, and how much
	// goes by the hub wanders and steps: gaps there say nothing of other lanes.
	gaps := settings
	gaps.Levelled, gaps.Apart = true, e.hub
	for s := range signals {
		x := series(p, s)
		common(p, x)
		e.fields[s] = burst.NewField(x, gaps)
		e.scans[s] = e.fields[s].Scan()
	}
	e.supplies, e.imports = make([][]float64, len(p.Lanes)), make([][]float64, len(p.Lanes))
	inParallel(len(p.Lanes), func(i int) { e.supplies[i], e.imports[i] = supplied(&p.Lanes[i]), imported(&p.Lanes[i]) })
	x := levels(p, e.supplies)
	common(p, x)
	e.supply = burst.NewField(x, settings)
	e.moved = e.supply.Scan()
	x = levels(p, e.imports)
	common(p, x)
	e.bought = burst.NewField(x, settings)
	e.turned = e.bought.Scan()
	return e
}

// leastScatter is the least spread, in natural logs, that a lane is judged by: two
// reports of one lane never agree better for long, and a lane that mostly rests
// would otherwise be judged by its rest.
const leastScatter = 0.1

// longestCase bounds a window, in months: what lasts longer is how a lane is
// recorded, not an episode of it.
const longestCase = 24

// levels is ln(s+c), with s a lane's months of arrival in kg and c a part of the
// usual one; see acrossTurn.
func levels(p *panel.Panel, lanes [][]float64) [][]float64 {
	out := make([][]float64, len(p.Lanes))
	for i, s := range lanes {
		out[i] = logs(s)
		rest(out[i], s)
		acrossTurn(out[i], p.Lanes[i].Turn)
	}
	return out
}

// rest takes months without trade out of a level, as far as the lane rests as often
// by itself: a shipment that came a month later says nothing of a level. A stretch of
// such months too long to be chance says that trade stopped, and stays. On a lane that
// rests more than mostRest of its months rest is the level.
func rest(level, s []float64) {
	known, resting := 0.0, 0.0
	for _, v := range s {
		if !math.IsNaN(v) {
			known++
			if v == 0 {
				resting++
			}
		}
	}
	if resting > mostRest*known {
		return
	}
	longest := 0
	for chance := known; chance > restChance && longest < len(s); longest++ {
		chance *= resting / known
	}
	for from := 0; from < len(s); {
		to := from
		for to < len(s) && s[to] == 0 {
			to++
		}
		if to-from < longest {
			for t := from; t < to; t++ {
				level[t] = math.NaN()
			}
		}
		from = max(to, from+1)
	}
}

// restChance is the number of stretches without trade in a series that counts as
// chance.
const (
	restChance = 0.25
	mostRest   = 0.3
)

// supplied is the larger declaration of each month, in kg: a leg that one side
// leaves out shows all the same. NaN where neither side is known.
func supplied(l *panel.Lane) []float64 { return panel.Larger(l.MKg, l.Arrived) }

// imported is what the importer declares, in kg, weights that are missing taken
// from values.
func imported(l *panel.Lane) []float64 {
	if s, _ := weighed(l.MKg, l.MUSD, l.Arrived, l.ArrivedUSD); s != nil {
		return s
	}
	return l.MKg
}

// span is a window of one lane and its evidence.
type span struct {
	lane       int
	start, end int
	logP       float64
}

func (a span) overlap(b span) int {
	return max(min(a.end, b.end)-max(a.start, b.start)+1, 0)
}

func (a span) months() int { return a.end - a.start + 1 }

// excess is the tonnage on one side of a lane beyond what its months outside the
// window let expect, over the known months of the window: imports over arrivals
// where sign is positive, arrivals over imports where it is negative. se is the
// standard error of the expectation, in natural logs.
func excessKg(x, m []float64, s span, sign int, se float64) (kg, low, high float64) {
	base := baseline(x, m, s)
	for t := s.start; t <= s.end; t++ {
		if math.IsNaN(x[t]) || math.IsNaN(m[t]) {
			continue
		}
		kg += beyond(x[t], m[t], base, sign)
		low += beyond(x[t], m[t], base+float64(sign)*z90*se, sign)
		high += beyond(x[t], m[t], base-float64(sign)*z90*se, sign)
	}
	return kg, low, high
}

func beyond(x, m, base float64, sign int) float64 {
	if sign > 0 {
		return m - x*math.Exp(base)
	}
	return x - m*math.Exp(-base)
}

// baseline is the log ratio of all imports to all arrivals outside the window.
func baseline(x, m []float64, s span) float64 {
	var logs []float64
	for t := range x {
		if (t < s.start || t > s.end) && x[t] > 0 && m[t] > 0 {
			logs = append(logs, math.Log(m[t]/x[t]))
		}
	}
	if len(logs) == 0 {
		return 0
	}
	slices.Sort(logs)
	return logs[len(logs)/2]
}
