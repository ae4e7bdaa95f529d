package reliability

import (
	"math"

	"counterflow/stats/elementary"
)

// ways are the pairs of components, exporter's and importer's, in which a gap
// can come about. Two broken sides are left out, and so is a broken side with a
// wide one: they are too rare to be told from one.
var ways = [...][2]uint8{
	{small, small}, {small, wideLow}, {small, wideHigh}, {small, brokenLow}, {small, brokenHigh},
	{wideLow, small}, {wideHigh, small}, {brokenLow, small}, {brokenHigh, small}, {misnaming, small},
	{wideLow, wideLow}, {wideLow, wideHigh}, {wideHigh, wideLow}, {wideHigh, wideHigh}, {misnaming, wideLow}, {misnaming, wideHigh},
}

const waysInAll = len(ways)

// Pairs of components whose variances ways have, exporter's and importer's: those
// of deviations below and above the truth are the same, so that sixteen ways take
// no more divisions and roots than eight pairs.
const (
	smallSmall = iota
	smallWide
	smallBroken
	wideSmall
	brokenSmall
	misnamingSmall
	wideWide
	misnamingWide
	pairsInAll
)

// pairOfWay is the pair of each way.
var pairOfWay = [waysInAll]uint8{smallSmall, smallWide, smallWide, smallBroken, smallBroken, wideSmall, wideSmall, brokenSmall, brokenSmall, misnamingSmall,
	wideWide, wideWide, wideWide, wideWide, misnamingWide, misnamingWide}

// cause is one way in which both sides may have come to a gap.
type cause struct {
	probability float64 // given the gap
	x, m        float64 // expected deviations
	xVariance   float64 // variances given the cause
	mVariance   float64
}

// wayTable is what ways are like before any gap is seen, in one group and class.
type wayTable [waysInAll]struct{ share, x, m, apart float64 } // x and m are means, apart is m - x

// wayTable makes that of the group and class of a term.
func (l *levels) wayTable(group int32, class Class) (table wayTable) {
	exporter, importer := l.sides(&levelTerm{exporter: -1, importer: -1, group: group, class: class})
	for i, way := range ways {
		x, m := &exporter[way[0]], &importer[way[1]]
		table[i].share, table[i].x, table[i].m, table[i].apart = x.share*m.share, x.mean, m.mean, m.mean-x.mean
	}
	return table
}

// wayTables lists those of all groups from -1, which stands for any that is not
// known, by class.
func (l *levels) wayTables() [][classes]wayTable {
	tables := make([][classes]wayTable, 1+len(l.groups))
	for g := range tables {
		for class := range classes {
			tables[g][class] = l.wayTable(int32(g-1), class)
		}
	}
	return tables
}

// variancePair is what the variances of two components come to for one lane.
type variancePair struct {
	inverse              float64 // of the variance of the gap
	x, m                 float64 // shares of what a gap leaves that are the exporter's and the importer's
	xVariance, mVariance float64 // given what was seen
	precision            float64 // product of the inverse variances of what was seen
	ofSize, drawn        float64 // inverse variance of the size, and the share of what it leaves that is the exporter's
}

type variancePairs [pairsInAll]variancePair

// see takes in a gap with the variances of both sides about their means and that
// of the gap itself.
func (p *variancePair) see(x, m, gap float64) {
	p.inverse = 1 / (x + m + gap)
	p.x, p.m = x*p.inverse, m*p.inverse
	p.xVariance, p.mVariance = x*(1-p.x), m*(1-p.m)
	p.precision = p.inverse
}

// causes weighs the ways, given a lane's gap and the size that it should have.
func (l *levels) causes(t *levelTerm, hint *sizeHint) (all [waysInAll]cause) {
	table := l.wayTable(t.group, t.class)
	l.weigh(&all, &table, t, hint)
	return all
}

// weigh is causes where they lie, by the table of the lane's group and class.
func (l *levels) weigh(all *[waysInAll]cause, table *wayTable, t *levelTerm, hint *sizeHint) {
	x, m := l.own(t)
	wide, broken, misnamed := l.wide.variance, l.broken.variance, l.misnamed[t.class].variance+x
	var pairs variancePairs
	for k, v := range [pairsInAll][2]float64{
		smallSmall: {x, m}, smallWide: {x, wide}, smallBroken: {x, broken}, wideSmall: {wide, m}, brokenSmall: {broken, m},
		misnamingSmall: {misnamed, m}, wideWide: {wide, wide}, misnamingWide: {misnamed, wide},
	} {
		pairs[k].see(v[0], v[1], t.variance)
	}
	var squares [waysInAll]float64 // of what a cause leaves of what was seen, in units of their variances
	likely := false
	for i := range all {
		c, way, p := &all[i], &table[i], &pairs[pairOfWay[i]%pairsInAll]
		rest := t.gap - way.apart
		squares[i] = rest * rest * p.inverse
		likely = likely || squares[i] <= farthest
		c.probability, c.x, c.m = way.share, way.x-p.x*rest, way.m+p.m*rest
	}
	if !likely {
		lookBeyond(all, &squares, &pairs)
	}
	if hint.ok {
		hint.judge(all, &squares, &pairs)
	}
	settleCauses(all, &squares, &pairs)
}

// farthest is the square beyond which a cause is not weighed at all: its
// probability is below 1e-17 of its peak.
const farthest = 80

// lookBeyond is for a gap beyond anything seen: either side may be broken, or
// whatever else it is that moves one side alone.
func lookBeyond(all *[waysInAll]cause, squares *[waysInAll]float64, pairs *variancePairs) {
	for i, way := range ways {
		squares[i], all[i].probability = 0, 0
		if (way[0] != small) != (way[1] != small) {
			all[i].probability = 1
		}
	}
	for k := range pairs {
		pairs[k].precision = 1
	}
}

// judge adds to the squares how likely the causes of a gap make the lane's size.
// Deviations are drawn towards the expected size as well, for as much as it is
// known.
func (h *sizeHint) judge(all *[waysInAll]cause, squares *[waysInAll]float64, pairs *variancePairs) {
	for k := range pairs {
		p := &pairs[k]
		p.ofSize = 1 / (h.variance + p.xVariance)
		p.precision *= p.ofSize
		p.drawn = p.xVariance * p.ofSize
		shrink := p.xVariance * p.drawn
		p.xVariance -= shrink
		if p.mVariance -= shrink; p.mVariance < 0 {
			p.mVariance = 0
		}
	}
	for i := range all {
		c, p := &all[i], &pairs[pairOfWay[i]%pairsInAll]
		rest := h.report - c.x - h.size
		squares[i] += rest * rest * p.ofSize
		c.x += rest * p.drawn
		c.m += rest * p.drawn
	}
}

// settleCauses makes probabilities of shares and squares.
func settleCauses(all *[waysInAll]cause, squares *[waysInAll]float64, pairs *variancePairs) {
	nearest := math.Inf(1)
	for i := range all {
		if all[i].probability > 0 && squares[i] < nearest {
			nearest = squares[i]
		}
	}
	var logs [waysInAll]float64
	for i, square := range squares {
		logs[i] = -(square - nearest) / 2
	}
	elementary.ExpInPlace(logs[:])
	var roots [pairsInAll]float64
	for k := range pairs {
		roots[k] = math.Sqrt(pairs[k].precision)
	}
	sum := 0.0
	for i := range all {
		c, k := &all[i], pairOfWay[i]%pairsInAll
		c.xVariance, c.mVariance = pairs[k].xVariance, pairs[k].mVariance
		if squares[i]-nearest > farthest {
			c.probability = 0
			continue
		}
		c.probability *= logs[i] * roots[k]
		sum += c.probability
	}
	inverse := 1 / sum
	for i := range all {
		all[i].probability *= inverse
	}
}
