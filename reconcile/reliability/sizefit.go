package reliability

import (
	"math"
	"slices"
)

const (
	backfitRounds = 4
	sizeOutlier   = 3.0 // standard deviations at which residuals are cut
)

// sizeFitter fits one commodity after the other in room of its own. With ten
// million lanes its loops run hundreds of millions of times, so that they look at
// nothing but the places of lanes; sums of their sizes are taken beforehand.
type sizeFitter struct {
	*sizes
	x, m           []float64 // effects of exporters and importers at present
	sumX, sumM     []float64 // of ln amounts less what distances add, by exporter and importer
	partners       []float64 // sums of the effects of their partners
	pullX, pullM   []float64 // see pull
	cross, squares float64   // of residuals with distances, and squared distances
	rest, free     float64   // squared residuals, and their degrees of freedom
}

// backfit renews the mean and the effects of a commodity by turns, each effect
// shrunk towards the general one of its economy.
func (f *sizeFitter) backfit(b *sizeBlock, lanes []sizeLane) {
	f.x, f.m = effectsIn(f.x, b.exporters), effectsIn(f.m, b.importers)
	all := f.sum(lanes)
	for range backfitRounds {
		b.mean = (all - explained(f.x, b.exporters) - explained(f.m, b.importers)) / float64(len(lanes))
		f.sumImporters(lanes)
		f.renew(f.x, b.exporters, f.sumX, b.mean, f.variance/f.exporters, &f.general[0])
		f.sumExporters(lanes)
		f.renew(f.m, b.importers, f.sumM, b.mean, f.variance/f.importers, &f.general[1])
	}
	for i := range b.exporters {
		b.exporters[i].effect = f.x[i]
	}
	for i := range b.importers {
		b.importers[i].effect = f.m[i]
	}
}

func effectsIn(room []float64, effects []sizeEffect) []float64 {
	room = room[:0]
	for i := range effects {
		room = append(room, effects[i].effect)
	}
	return room
}

// explained is the sum over lanes of the effects of one side.
func explained(effects []float64, of []sizeEffect) (sum float64) {
	for i, e := range effects {
		sum += float64(of[i].n * e)
	}
	return sum
}

// sum sums sizes up, less what distances add to them.
func (f *sizeFitter) sum(lanes []sizeLane) (all float64) {
	f.sumX, f.sumM = zeros(f.sumX, len(f.x)), zeros(f.sumM, len(f.m))
	for i := range lanes {
		l := &lanes[i]
		v := float64(l.size) - float64(f.slope*float64(l.distance))
		all += v
		f.sumX[l.x] += v
		f.sumM[l.m] += v
	}
	return all
}

func zeros(room []float64, n int) []float64 {
	room = slices.Grow(room[:0], n)[:n]
	clear(room)
	return room
}

// sumImporters sums up the effects of the importers that every exporter has lanes
// to. Lanes of one exporter lie in a row.
func (f *sizeFitter) sumImporters(lanes []sizeLane) {
	f.partners = zeros(f.partners, len(f.x))
	for i := 0; i < len(lanes); {
		x, sum := lanes[i].x, 0.0
		for ; i < len(lanes) && lanes[i].x == x; i++ {
			sum += f.m[lanes[i].m]
		}
		f.partners[x] += sum
	}
}

// sumExporters is the same for importers.
func (f *sizeFitter) sumExporters(lanes []sizeLane) {
	f.partners = zeros(f.partners, len(f.m))
	for i := range lanes {
		f.partners[lanes[i].m] += f.x[lanes[i].x]
	}
}

// renew sets effects to the mean of what the rest leaves, shrunk as if so many
// more lanes had the general effect.
func (f *sizeFitter) renew(effects []float64, of []sizeEffect, sums []float64, mean, prior float64, usual *general) {
	for i := range effects {
		n := of[i].n
		effects[i] = (sums[i] - float64(n*mean) - f.partners[i] + float64(prior*usual.effects[of[i].economy])) / (n + prior)
	}
}

// hyper renews slope and variances; residuals are cut at three standard
// deviations.
func (f *sizeFitter) hyper(blocks []*sizeBlock, lanes []sizeLane, starts []int) {
	f.cross, f.squares, f.rest, f.free = 0, 0, 0, 0
	for i, b := range blocks {
		f.addResiduals(b, lanes[starts[i]:starts[i+1]])
	}
	f.slope += f.cross / max(f.squares, 1)
	f.variance = max(f.rest/max(f.free, 1), 0.01)
	exporters, importers := func(b *sizeBlock) []sizeEffect { return b.exporters }, func(b *sizeBlock) []sizeEffect { return b.importers }
	f.general[0].renew(blocks, f.exporters, exporters)
	f.general[1].renew(blocks, f.importers, importers)
	f.exporters = f.effectVariance(blocks, f.exporters, &f.general[0], exporters)
	f.importers = f.effectVariance(blocks, f.importers, &f.general[1], importers)
}

// renew sets general effects to the mean over commodities, shrunk towards zero,
// and their variance.
func (g *general) renew(blocks []*sizeBlock, within float64, role func(*sizeBlock) []sizeEffect) {
	clear(g.effects[:])
	clear(g.blocks[:])
	for _, b := range blocks {
		for _, e := range role(b) {
			g.effects[e.economy] += e.effect
			g.blocks[e.economy]++
		}
	}
	squares, economies := 0.0, 0.0
	for e, n := range g.blocks {
		if n > 0 {
			g.effects[e] /= n + within/g.variance
			squares += float64(g.effects[e]*g.effects[e]) + within/(n+within/g.variance)
			economies++
		}
	}
	g.variance = max(squares/max(economies, 1), 0.01)
}

func (f *sizeFitter) addResiduals(b *sizeBlock, lanes []sizeLane) {
	f.x, f.m = effectsIn(f.x, b.exporters), effectsIn(f.m, b.importers)
	f.pullX, f.pullM = pullsOf(f.pullX, b.exporters, f.variance/f.exporters), pullsOf(f.pullM, b.importers, f.variance/f.importers)
	limit := sizeOutlier * math.Sqrt(f.variance)
	cross, squares, rest, free := f.cross, f.squares, f.rest, f.free
	for i := range lanes {
		l := &lanes[i]
		distance := float64(l.distance)
		r := float64(l.size) - (b.mean + f.x[l.x] + f.m[l.m] + f.slope*distance)
		if r > limit {
			r = limit
		} else if r < -limit {
			r = -limit
		}
		cross += r * distance
		squares += distance * distance
		rest += r * r
		leverage := f.pullX[l.x] + f.pullM[l.m]
		if leverage > mostLeverage {
			leverage = mostLeverage
		}
		free += 1 - leverage
	}
	f.cross, f.squares, f.rest, f.free = cross, squares, rest, free
}

func pullsOf(room []float64, effects []sizeEffect, prior float64) []float64 {
	room = room[:0]
	for i := range effects {
		room = append(room, pull(effects[i].n, prior))
	}
	return room
}

func (s *sizes) effectVariance(blocks []*sizeBlock, before float64, usual *general, role func(*sizeBlock) []sizeEffect) float64 {
	sum, n := 0.0, 0.0
	for _, b := range blocks {
		for _, e := range role(b) {
			own := e.effect - usual.effects[e.economy]
			sum += float64(own*own) + s.variance/(e.n+s.variance/before)
			n++
		}
	}
	return max(sum/n, 0.01)
}
