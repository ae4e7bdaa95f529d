package reliability

import (
	"cmp"
	"slices"

	"counterflow/data"
)

// sizes is what a lane's trade is like from what its exporter sells and its
// importer buys elsewhere: ln(amount of a period) = commodity + exporter +
// importer + slope ln(km) + error, with effects of exporters and importers in
// each commodity drawn from normal distributions about what the economy sells or
// buys in general, which is drawn from another: large economies trade more of all
// goods. The error is wide, a factor of
// three and more, so that a size says little of a lane whose sides agree; where
// they part by a factor of two for years it tells which of them is the likelier.
type sizes struct {
	blocks    map[data.Commodity]*sizeBlock
	slope     float64
	variance  float64 // of the error
	exporters float64 // variance of effects within a commodity about the general ones
	importers float64
	general   [2]general // by role
	lanes     int
}

// sizeBlock is one commodity.
type sizeBlock struct {
	mean                 float64
	exporters, importers []sizeEffect // by economy
}

type sizeEffect struct {
	economy data.Economy
	effect  float64
	n       float64 // lanes
}

// general is what economies trade of any commodity in one role, over the mean of
// all.
type general struct {
	effects  [1 << data.EconomyBits]float64
	blocks   [1 << data.EconomyBits]float64 // commodities of the economy
	variance float64
}

// sizeLane is a lane as the fit takes it.
type sizeLane struct {
	exporter, importer data.Economy
	size               float32 // mean ln of both sides' amounts; single precision, since there may be ten million lanes
	distance           float32 // ln(km) over 5,000 km, 0 where not known
	x, m               uint16  // places in the block
}

const (
	sizeRounds    = 6
	leastForSizes = 200 // lanes: with fewer nothing is said of sizes
	mostLeverage  = 0.8
)

// fitSizes learns the sizes from all lanes, which lie in the order of
// commodities. It is nil where there are too few.
func fitSizes(lanes []sizeLane, starts []int, commodities []data.Commodity) *sizes {
	if len(lanes) < leastForSizes {
		return nil
	}
	s := &sizes{blocks: make(map[data.Commodity]*sizeBlock, len(commodities)), variance: 2, exporters: 1, importers: 1, lanes: len(lanes)}
	s.general[0].variance, s.general[1].variance = 1, 1
	blocks, numbers := make([]*sizeBlock, len(commodities)), new(numbering)
	for i, c := range commodities {
		blocks[i] = newSizeBlock(lanes[starts[i]:starts[i+1]], numbers)
		s.blocks[c] = blocks[i]
	}
	fitter := sizeFitter{sizes: s}
	for range sizeRounds {
		for i, b := range blocks {
			fitter.backfit(b, lanes[starts[i]:starts[i+1]])
		}
		fitter.hyper(blocks, lanes, starts)
	}
	return s
}

func newSizeBlock(lanes []sizeLane, numbers *numbering) *sizeBlock {
	b := &sizeBlock{}
	for i := range lanes {
		b.mean += float64(lanes[i].size) / float64(len(lanes))
	}
	b.exporters = numbers.effectsOf(lanes, func(l *sizeLane) (data.Economy, *uint16) { return l.exporter, &l.x })
	b.importers = numbers.effectsOf(lanes, func(l *sizeLane) (data.Economy, *uint16) { return l.importer, &l.m })
	return b
}

// numbering gives the economies of one commodity after the other their places:
// 1 + place by economy, 0 for those that are not there.
type numbering struct {
	places [1 << data.EconomyBits]uint16
	met    []data.Economy
}

// effectsOf lists the economies of one role and tells every lane its place.
func (n *numbering) effectsOf(lanes []sizeLane, role func(*sizeLane) (data.Economy, *uint16)) []sizeEffect {
	n.met = n.met[:0]
	for i := range lanes {
		if e, _ := role(&lanes[i]); n.places[e] == 0 {
			n.places[e] = 1
			n.met = append(n.met, e)
		}
	}
	slices.Sort(n.met)
	effects := make([]sizeEffect, len(n.met))
	for i, e := range n.met {
		effects[i].economy = e
		n.places[e] = uint16(i + 1)
	}
	for i := range lanes {
		e, place := role(&lanes[i])
		*place = n.places[e] - 1
		effects[*place].n++
	}
	for _, e := range n.met {
		n.places[e] = 0
	}
	return effects
}

// leverage is the weight that a lane has in its own fitted size.
func (s *sizes) leverage(exporters, importers float64) float64 {
	return min(pull(exporters, s.variance/s.exporters)+pull(importers, s.variance/s.importers), mostLeverage)
}

// pull is the weight that one lane has in the effect of an economy with so many,
// which counts as so many more with its general effect.
func pull(lanes, prior float64) float64 { return 1 / (lanes + prior) }

// sizeHint is the size that a lane should have, with the variance about it; ok
// is false where nothing is known of either side in the commodity.
type sizeHint struct {
	size, variance float64
	report         float64 // mean of ln X less bias, of which a cause takes its deviation off
	ok             bool
}

// unhinted says nothing of the size of a lane.
var unhinted sizeHint

// hint gives the size of a lane by what its sides, nil where not known, trade
// elsewhere. own is the lane's own size, which is taken out of the fit.
func (s *sizes) hint(b *sizeBlock, x, m *sizeEffect, distance, own float64) sizeHint {
	if x == nil || m == nil {
		return sizeHint{}
	}
	leverage := s.leverage(x.n, m.n)
	fitted := b.mean + x.effect + m.effect + s.slope*distance
	return sizeHint{size: own - (own-fitted)/(1-leverage), variance: s.variance / (1 - leverage), ok: true}
}

// find looks one economy up, nil where it is not there.
func find(effects []sizeEffect, e data.Economy) *sizeEffect {
	at, found := slices.BinarySearchFunc(effects, e, func(s sizeEffect, e data.Economy) int { return cmp.Compare(s.economy, e) })
	if !found {
		return nil
	}
	return &effects[at]
}
