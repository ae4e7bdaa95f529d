package panel

import (
	"math"
	"slices"

	"counterflow/data"
	"counterflow/reconcile/mirror"
	"counterflow/stats/robust"
)

// hidden is what two economies declared to each other under codes that name no
// goods (99 and longer), by corridor and month, in dollars. From one month on an
// office may book a lane there.
type hidden struct {
	exports, imports map[Corridor][]float64
}

func hiddenOf(pairs []mirror.Pair, p *Panel) *hidden {
	h := &hidden{exports: map[Corridor][]float64{}, imports: map[Corridor][]float64{}}
	for i := range pairs {
		q := &pairs[i]
		if !q.Period.Monthly() || !confidential(q.Commodity) {
			continue
		}
		c := Corridor{q.Exporter, q.Importer}
		t := q.Period.Index() - p.Start.Index()
		if q.XUSD > 0 {
			h.add(h.exports, c, t, q.XUSD.Float(), p.Months)
		}
		if q.MUSD > 0 {
			h.add(h.imports, c, t, q.MUSD.Float(), p.Months)
		}
	}
	return h
}

func (h *hidden) add(to map[Corridor][]float64, c Corridor, t int, usd float64, months int) {
	if to[c] == nil {
		to[c] = make([]float64, months)
	}
	to[c][t] += usd
}

// hiddenShare is the part of what a lane lacks that the hidden codes must hold
// for a month to be unknown.
const hiddenShare = 0.3

// blank takes out months in which a side declares less than usual on a lane while
// its hidden codes on the same corridor hold enough to make up for it: where it
// declares nothing at all, as a good that is hidden would have it, any content of that
// size will do; where it declares a part, they must hold more than other goods usually
// do.
func (h *hidden) blank(l *Lane) {
	c := Corridor{l.Exporter, l.Importer}
	blankHidden(h.exports[c], l.XUSD, l.XKg, l.MUSD)
	blankHidden(h.imports[c], l.MUSD, l.MKg, l.XUSD)
}

func blankHidden(bucket, usd, kg, other []float64) {
	if bucket == nil {
		return
	}
	usual := usualOf(usd, other)
	if math.IsNaN(usual) {
		return
	}
	others := usualBesides(bucket, usd, usual)
	var unknown []int
	for t, held := range bucket {
		gone := usd[t] == 0 && held >= hiddenShare*usual
		if held > 0 && usd[t] < shortOf*usual && (gone || moved(bucket, usd, t, usual, others)) {
			unknown = append(unknown, t)
		}
	}
	for _, t := range unknown {
		usd[t], kg[t] = math.NaN(), math.NaN()
	}
}

// moved says whether the hidden codes hold enough more than other goods, over a month
// and those near it in which a side lacks something, to make up for what it lacks: in
// a single month other goods alone may hold as much more.
func moved(bucket, usd []float64, t int, usual, others float64) bool {
	more, lack := 0.0, 0.0
	for s := max(t-hiddenNear, 0); s <= min(t+hiddenNear, len(usd)-1); s++ {
		if usd[s] < shortOf*usual {
			more += bucket[s] - others
			lack += usual - usd[s]
		}
	}
	return more >= hiddenShare*lack
}

// hiddenNear is how many months on either side are looked at together.
const hiddenNear = 2

// shortOf is the part of a side's usual month below which it lacks something.
const shortOf = 0.7

// usualBesides is what the hidden codes hold in the median month in which a side
// declares its usual on the lane: other goods. It is 0 where there are too few such
// months.
func usualBesides(bucket, usd []float64, usual float64) float64 {
	var held []float64
	for t, v := range bucket {
		if usd[t] >= shortOf*usual {
			held = append(held, v)
		}
	}
	if len(held) < 6 {
		return 0
	}
	return robust.MedianInPlace(held)
}

// usualOf is the median month of a side where it declares the lane often enough
// to have one, else of the other side: a side that hides a lane most of the time
// has no usual month of its own.
func usualOf(own, other []float64) float64 {
	n := 0
	for _, v := range own {
		if v > 0 {
			n++
		}
	}
	if n >= 6 {
		return medianPositive(own)
	}
	return medianPositive(other)
}

// flatStep is the difference of ln unit values, month to month, below which they
// are the same figure: real prices move more.
const flatStep = 0.003

// Flat takes out the weights of a side whose unit value on a lane hardly ever
// moves: they were derived from the values at a standard unit value, by the
// office or the publisher, and are no second witness. It returns the number of
// sides of lanes.
func Flat(p *Panel) int {
	sides := 0
	for i := range p.Lanes {
		l := &p.Lanes[i]
		for _, side := range [][2][]float64{{l.XKg, l.XUSD}, {l.MKg, l.MUSD}} {
			if isFlat(side[0], side[1]) {
				sides++
				for t := range side[0] {
					if side[0][t] > 0 {
						side[0][t] = math.NaN()
					}
				}
			}
		}
	}
	return sides
}

func isFlat(kg, usd []float64) bool {
	last, same, n := math.NaN(), 0, 0
	for t := range kg {
		if kg[t] > 0 && usd[t] > 0 {
			v := math.Log(usd[t] / kg[t])
			if !math.IsNaN(last) {
				n++
				if math.Abs(v-last) < flatStep {
					same++
				}
			}
			last = v
		}
	}
	return n >= 4 && 2*same > n
}

// Hubs says, for tests and callers, whether a lane has one of the given
// economies at either end.
func (l *Lane) Touches(hubs []data.Economy) bool {
	return slices.Contains(hubs, data.Economy(l.Exporter)) || slices.Contains(hubs, data.Economy(l.Importer))
}
