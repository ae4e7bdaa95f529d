package balance

import (
	"fmt"
	"math"
	"slices"

	"counterflow/data"
	"counterflow/reconcile/margin"
	"counterflow/reconcile/mirror"
)

// peer is a publisher's rule that weighs reporters: it learns from all pairs, in
// weight and in value apart, and then gives the exporter's share in a cell that
// both declared.
type peer struct {
	name   string
	margin func(*margin.Model, *mirror.Pair) float64 // ln of what importers' values are divided by
	learn  func(cells []cell, exporters, importers, rounds int) learned
}

// learned is the exporter's share in a cell that both declared; settled says
// whether the iterations behind it came to an end.
type learned struct {
	share   func(c *cell) float64
	settled bool
}

// cell is one doubly declared pair in one measure; x and m are positive.
type cell struct {
	exporter, importer int32 // numbers
	x, m               float64
}

func flatMargin(rate float64) func(*margin.Model, *mirror.Pair) float64 {
	return func(*margin.Model, *mirror.Pair) float64 { return math.Log1p(rate) }
}

var peers = []peer{
	{name: BACI, margin: func(m *margin.Model, p *mirror.Pair) float64 { return m.Log(p) }, learn: learnBACI},
	{name: Harvard, margin: flatMargin(0.06), learn: learnHarvard},
	{name: Gehlhar, margin: flatMargin(0.12), learn: learnGehlhar},
}

// apply makes one row of every pair, by period as declared and without
// intervals.
func (r *peer) apply(pairs []mirror.Pair, margins *margin.Model, rounds int) *Table {
	rows := make([]Reconciled, len(pairs))
	var figures [2][]figure
	table := &Table{Rows: rows}
	for i, measure := range measures {
		var settled bool
		if figures[i], settled = r.figures(pairs, margins, measure, rounds); !settled {
			table.Warnings = append(table.Warnings, fmt.Sprintf("balance: in %s the effects of reporters under the rule %s still moved after %d rounds", measure, r.name, rounds))
		}
	}
	for i := range pairs {
		p := &pairs[i]
		rows[i] = Reconciled{Commodity: p.Commodity, Period: p.Period, Exporter: p.Exporter, Importer: p.Importer}
		rows[i].set(figures[0][i], figures[1][i])
	}
	return table
}

func (r *peer) figures(pairs []mirror.Pair, margins *margin.Model, measure mirror.Measure, rounds int) (figures []figure, settled bool) {
	cells, exporters, importers := r.cells(pairs, margins, measure)
	var both []cell
	for i := range cells {
		if pairs[i].State == mirror.Both && cells[i].x > 0 && cells[i].m > 0 {
			both = append(both, cells[i])
		}
	}
	known := learned{share: func(*cell) float64 { return 0.5 }, settled: true}
	if len(both) > 0 {
		known = r.learn(both, exporters, importers, rounds)
	}
	rule := plainRule{ruling: rulingOf(r.name)}
	figures = make([]figure, len(pairs))
	for i := range cells {
		c := &cells[i]
		w := 0.5
		if c.x > 0 && c.m > 0 {
			w = known.share(c)
		}
		rule.combine = func(x, m float64) float64 { return w*x + (1-w)*m }
		figures[i] = rule.figure(c.x, c.m)
		if c.x > 0 && c.m > 0 {
			figures[i].share = w
		}
	}
	return figures, known.settled
}

// cells lays out the amounts of one measure, importers' values less the margin;
// economies are numbered by role.
func (r *peer) cells(pairs []mirror.Pair, margins *margin.Model, measure mirror.Measure) (cells []cell, exporters, importers int) {
	var numbers [2]map[data.Economy]int32
	numbers[0], numbers[1] = map[data.Economy]int32{}, map[data.Economy]int32{}
	number := func(role int, e data.Economy) int32 {
		n, ok := numbers[role][e]
		if !ok {
			n = int32(len(numbers[role]))
			numbers[role][e] = n
		}
		return n
	}
	cells = make([]cell, len(pairs))
	for i := range pairs {
		p := &pairs[i]
		c := cell{number(0, data.Economy(p.Exporter)), number(1, data.Economy(p.Importer)), p.XKg.Float(), p.MKg.Float()}
		if measure == mirror.Value {
			c.x, c.m = p.XUSD.Float(), p.MUSD.Float()*math.Exp(-r.margin(margins, p))
		}
		cells[i] = c
	}
	return cells, len(numbers[0]), len(numbers[1])
}

// twoWay is an additive fit y = mean + a[exporter] + b[importer], weighted, with
// effects that sum to zero on each side.
type twoWay struct {
	mean, scale float64 // scale: residual standard deviation at weight one
	effects     [2][]float64
	weights     [2][]float64 // sums by reporter
	settled     bool
}

const (
	twoWayCap       = 500
	twoWayTolerance = 1e-9
)

// fitTwoWay solves the normal equations by turns, in so many rounds at most.
func fitTwoWay(cells []cell, y, weight []float64, exporters, importers, rounds int) *twoWay {
	f := &twoWay{effects: [2][]float64{make([]float64, exporters), make([]float64, importers)},
		weights: [2][]float64{make([]float64, exporters), make([]float64, importers)}}
	total := 0.0
	for i := range cells {
		w := weight[i]
		f.weights[0][cells[i].exporter] += w
		f.weights[1][cells[i].importer] += w
		f.mean += w * y[i]
		total += w
	}
	f.mean /= total
	for left := rounds; left > 0 && !f.settled; left-- {
		f.settled = max(f.turn(0, cells, y, weight), f.turn(1, cells, y, weight)) < twoWayTolerance
	}
	squares := 0.0
	for i := range cells {
		r := y[i] - f.mean - f.effects[0][cells[i].exporter] - f.effects[1][cells[i].importer]
		squares += weight[i] * r * r
	}
	f.scale = math.Sqrt(squares / float64(max(len(cells)-exporters-importers+1, 1)))
	for side := range f.effects {
		shift := f.center(side)
		f.mean += shift
	}
	return f
}

func (f *twoWay) turn(side int, cells []cell, y, weight []float64) float64 {
	sums := make([]float64, len(f.effects[side]))
	for i := range cells {
		c := &cells[i]
		at, other := c.exporter, f.effects[1][c.importer]
		if side == 1 {
			at, other = c.importer, f.effects[0][c.exporter]
		}
		sums[at] += weight[i] * (y[i] - f.mean - other)
	}
	moved := 0.0
	for i, w := range f.weights[side] {
		if w == 0 {
			continue
		}
		next := sums[i] / w
		moved = max(moved, math.Abs(next-f.effects[side][i]))
		f.effects[side][i] = next
	}
	return moved
}

// center makes the effects of the reporters that have cells sum to zero.
func (f *twoWay) center(side int) float64 {
	sum, n := 0.0, 0.0
	for i, v := range f.effects[side] {
		if f.weights[side][i] > 0 {
			sum += v
			n++
		}
	}
	for i := range f.effects[side] {
		f.effects[side][i] -= sum / n
	}
	return sum / n
}

// learnBACI weighs reporters as CEPII BACI does (Gaulier and Zignago 2010, WP
// 2010-23, section 4), product effects left out: |ln(x/m)| on exporter and
// importer, each cell weighted by ln(x+m); s = pi/2 (effect - least effect + 2
// se), so that no spread is negative; the exporter's share is f(s_m)/(f(s_x) +
// f(s_m)) with f(s) = e^(s^2) (e^(s^2) - 1). The mean is taken in levels.
func learnBACI(cells []cell, exporters, importers, rounds int) learned {
	distance, weight := make([]float64, len(cells)), make([]float64, len(cells))
	for i := range cells {
		c := &cells[i]
		distance[i], weight[i] = math.Abs(math.Log(c.x/c.m)), math.Log(max(c.x+c.m, math.E))
	}
	f := fitTwoWay(cells, distance, weight, exporters, importers, rounds)
	variances := [2][]float64{f.lognormal(0), f.lognormal(1)}
	share := func(c *cell) float64 {
		x, m := variances[0][c.exporter], variances[1][c.importer]
		if x+m == 0 {
			return 0.5
		}
		return m / (x + m)
	}
	return learned{share, f.settled}
}

// lognormal turns the effects of one side into e^(s^2) (e^(s^2) - 1).
func (f *twoWay) lognormal(side int) []float64 {
	least, at := math.Inf(1), 0
	for i, v := range f.effects[side] {
		if f.weights[side][i] > 0 && v < least {
			least, at = v, i
		}
	}
	variances := make([]float64, len(f.effects[side]))
	for i, v := range f.effects[side] {
		s := math.Pi / 2 * (v - least + 2*f.scale/math.Sqrt(f.weights[side][at]))
		variances[i] = math.Exp(s*s) * math.Expm1(s*s)
	}
	return variances
}

// learnHarvard weighs reporters as the Harvard Growth Lab describes its rule
// (Bustos and others 2026, Scientific Data 13, 170): D = |x-m|/(x+m) on exporter
// and importer, the score being one minus the effect; e^s_x/(e^s_x + e^s_m)
// where both scores are above the tenth percentile of their side, else the side
// that is, else the smaller report. The published program departs from this
// description.
func learnHarvard(cells []cell, exporters, importers, rounds int) learned {
	distance, weight := make([]float64, len(cells)), make([]float64, len(cells))
	for i := range cells {
		c := &cells[i]
		distance[i], weight[i] = math.Abs(c.x-c.m)/(c.x+c.m), 1
	}
	f := fitTwoWay(cells, distance, weight, exporters, importers, rounds)
	limits := [2]float64{f.tenth(0), f.tenth(1)}
	share := func(c *cell) float64 {
		x, m := 1-f.effects[0][c.exporter], 1-f.effects[1][c.importer]
		switch goodX, goodM := x > limits[0], m > limits[1]; {
		case goodX && goodM:
			return 1 / (1 + math.Exp(m-x))
		case goodX:
			return 1
		case goodM:
			return 0
		}
		if c.x <= c.m {
			return 1
		}
		return 0
	}
	return learned{share, f.settled}
}

// tenth is the tenth percentile of the scores of one side, a score that occurs.
func (f *twoWay) tenth(side int) float64 {
	var scores []float64
	for i, v := range f.effects[side] {
		if f.weights[side][i] > 0 {
			scores = append(scores, 1-v)
		}
	}
	slices.Sort(scores)
	return scores[(len(scores)-1)/10]
}

// gehlharAccuracy is the relative difference up to which a report counts as
// accurate.
const gehlharAccuracy = 0.20

// learnGehlhar takes the report of the more reliable side alone (Gehlhar 1996,
// GTAP technical paper 10): a reporter's index is the share of what it declares
// in cells where |m-x|/m is at most 0.20.
func learnGehlhar(cells []cell, exporters, importers, _ int) learned {
	accurate, all := [2][]float64{make([]float64, exporters), make([]float64, importers)}, [2][]float64{make([]float64, exporters), make([]float64, importers)}
	for i := range cells {
		c := &cells[i]
		all[0][c.exporter] += c.x
		all[1][c.importer] += c.m
		if math.Abs(c.m-c.x) <= gehlharAccuracy*c.m {
			accurate[0][c.exporter] += c.x
			accurate[1][c.importer] += c.m
		}
	}
	share := func(c *cell) float64 {
		if accurate[0][c.exporter]/all[0][c.exporter] >= accurate[1][c.importer]/all[1][c.importer] {
			return 1
		}
		return 0
	}
	return learned{share, true}
}
