package reliability

import (
	"math"

	"counterflow/data"
	"counterflow/reconcile/mirror"
	"counterflow/stats/elementary"
)

// Lookup finds what is known of lanes. It remembers the commodity that it was
// last asked for, so that lanes in the order of commodities are cheap. It is for
// one goroutine.
type Lookup struct {
	model     *Model
	commodity data.Commodity
	places    [3]place // by measure
	causes    Causes   // room for those of one lane after the other
}

// place is where a commodity is found in one measure.
type place struct {
	group   int
	block   *sizeBlock
	effects [2][]uint16 // 1 + place in the block, by role and number of a reporter
}

// Lookup makes one.
func (m *Model) Lookup() *Lookup {
	return &Lookup{model: m}
}

// Lane is what is known beforehand of the two sides of a lane, natural logs.
type Lane struct {
	X, M    Side
	History bool // passing and lasting deviations are told apart
	fit     *measureFit
	term    levelTerm
	block   *sizeBlock
	effects [2]*sizeEffect // of both ends in the block, nil where not known
	ends    [2]data.Economy
	lookup  *Lookup
}

// Side is what is known of one side of a lane.
type Side struct {
	Bias     float64
	BiasSE   float64
	Variance float64 // of a period about the lane's level, 0 without history
}

// Lane gives what is known of the two sides of the lane of a pair. A reporter
// that was never compared counts as the mean of all.
func (k *Lookup) Lane(p *mirror.Pair, measure mirror.Measure) Lane {
	if k.commodity != p.Commodity {
		k.turnTo(p.Commodity)
	}
	f := k.model.measures[measure]
	x, m := data.Economy(p.Exporter), data.Economy(p.Importer)
	at := &k.places[measure]
	l := Lane{History: f.history, fit: f, block: at.block, ends: [2]data.Economy{x, m}, lookup: k}
	l.term = levelTerm{exporter: f.places[0][x] - 1, importer: f.places[1][m] - 1, group: int32(at.group), class: k.model.classOf(x, m)}
	if at.block != nil {
		l.effects = [2]*sizeEffect{at.effect(0, l.term.exporter, x), at.effect(1, l.term.importer, m)}
	}
	l.X, l.M = f.side(0, int(l.term.exporter), at.group), f.side(1, int(l.term.importer), at.group)
	return l
}

func (k *Lookup) turnTo(c data.Commodity) {
	k.commodity = c
	group := k.model.grouping(c)
	for measure, f := range k.model.measures {
		if f == nil {
			continue
		}
		at := &k.places[measure]
		at.group, at.block = -1, nil
		if g, ok := f.groups[group]; ok {
			at.group = g
		}
		if f.sizes != nil {
			at.turnTo(f, f.sizes.blocks[c])
		}
	}
}

// turnTo notes where the reporters are in a block, nil for none: a search for both
// ends of every lane takes longer.
func (p *place) turnTo(f *measureFit, b *sizeBlock) {
	if p.block = b; b == nil {
		return
	}
	for side, effects := range [...][]sizeEffect{b.exporters, b.importers} {
		if p.effects[side] == nil {
			p.effects[side] = make([]uint16, len(f.names[side]))
		}
		clear(p.effects[side])
		for i := range effects {
			if number := f.places[side][effects[i].economy]; number > 0 {
				p.effects[side][number-1] = uint16(i + 1)
			}
		}
	}
}

// effect is what a reporter, by its number or where that is negative by its name,
// has in the block; nil where it has none.
func (p *place) effect(side int, number int32, e data.Economy) *sizeEffect {
	effects := p.block.exporters
	if side == 1 {
		effects = p.block.importers
	}
	if number < 0 {
		return find(effects, e)
	}
	if at := p.effects[side][number]; at > 0 {
		return &effects[at-1]
	}
	return nil
}

// stretchRounds and stretchTolerance end Newton's steps towards a lane's own
// spread.
const (
	stretchRounds    = 8
	stretchTolerance = 0.02
)

// Stretch is by how much the variances of both sides on this lane differ from
// what its reporters have elsewhere: 1 where they are alike, or nothing is known
// of the reporters' spreads. residuals are the gaps about the lane's center, with
// the variance doubts that not knowing the passage gives each. The logarithm is
// drawn from a normal distribution, so that few periods say little; see
// [spreadTerm.locate].
func (l *Lane) Stretch(residuals, doubts []float64) float64 {
	if l.fit.spreads == nil || len(residuals) < leastHistory {
		return 1
	}
	scale := (l.X.Variance + l.M.Variance) / TailFactor
	own := l.fit.spreads.own * ofOwn(l.X.Variance/(l.X.Variance+l.M.Variance))
	u := 0.0
	for range stretchRounds {
		score, information := 0.0, 0.0
		for i, r := range residuals {
			v := scale + doubts[i]
			h, square := scale/v, r*r/v
			square *= (gapFreedom + 1) / (gapFreedom + square)
			score += h * (square - 1)
			information += h * h
		}
		step := (score/squareNoise - u/own) / (information/squareNoise + 1/own)
		step = min(max(step, -1), 1)
		u += step
		scale *= elementary.Exp(step)
		if math.Abs(step) < stretchTolerance {
			break
		}
	}
	return elementary.Exp(u)
}

// hint is the size that the lane should have, own being its own.
func (l *Lane) hint(own float64) sizeHint {
	if l.block == nil || math.IsNaN(own) {
		return sizeHint{}
	}
	distance := distanceOf(l.lookup.model.route(data.Exporter(l.ends[0]), data.Importer(l.ends[1])))
	return l.fit.sizes.hint(l.block, l.effects[0], l.effects[1], distance, own)
}

// unknownVariance is that of a period of a reporter when nothing at all could be
// compared: errors of half.
const unknownVariance = 0.25

// side looks one side up; negative places stand for the mean of all.
func (f *measureFit) side(side, at, group int) Side {
	s := Side{BiasSE: math.Sqrt(f.biases.between)}
	if at >= 0 {
		s.Bias, s.BiasSE = f.biases.of(side, at)
	}
	if f.spreads != nil {
		s.Variance = f.variances[side][(at+1)*(len(f.groups)+1)+group+1]
	}
	return s
}

func (b *biases) of(side, at int) (bias, se float64) {
	if side == 0 {
		return b.exporters[at], b.exporterSE[at]
	}
	return b.importers[at], b.importerSE[at]
}

// tabulate works out the variances of all reporters in all groups, what the odd
// components of levels add to the doubt about a side, and what ways are like.
func (f *measureFit) tabulate() {
	groups := len(f.groups) + 1
	for side := range f.names {
		f.places[side] = new([1 << data.EconomyBits]int32)
		for i, e := range f.names[side] {
			f.places[side][e] = int32(i + 1)
		}
		if f.spreads == nil {
			continue
		}
		f.variances[side] = make([]float64, (len(f.names[side])+1)*groups)
		for at := -1; at < len(f.names[side]); at++ {
			for group := -1; group < len(f.groups); group++ {
				f.variances[side][(at+1)*groups+group+1] = f.spreads.variance(side, at, group)
			}
		}
	}
	f.ways = f.levels.wayTables()
	f.odd = make([][classes][2]Deviation, groups)
	for group := -1; group < len(f.groups); group++ {
		for c := range classes {
			exporter, importer := f.levels.sides(&levelTerm{exporter: -1, importer: -1, group: int32(group), class: c})
			f.odd[group+1][c] = [2]Deviation{oddDoubt(exporter[:]), oddDoubt(importer[:])}
		}
	}
}

// variance of a reporter in a group; negative places stand for the mean.
func (s *spreads) variance(side, at, group int) float64 {
	log := s.center
	if at >= 0 {
		log = s.log[side*s.exporters+at]
	}
	if group >= 0 {
		log += s.log[s.exporters+s.importers+group]
	}
	if at >= 0 && group >= 0 {
		log += s.cells[cellKey{side, int32(at), int32(group)}].log
	}
	return elementary.Exp(log)
}
