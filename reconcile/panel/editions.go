package panel

import (
	"math"

	"counterflow/data"
)

// Revisions finds commodities whose content changed from one edition of the
// Harmonised System to the next, and takes out the months in which the two sides
// of a lane use different editions: what differs then is the code, not the
// trade. A commodity is taken to have changed where, over its lanes, the gap in
// such months lies apart from the gap in other months by more than a tenth and
// more than three standard errors. It returns those commodities.
//
// So are all codes of a heading in which some code is not declared in every
// edition that the reporters use: what a new code holds came from its neighbours.
func Revisions(p *Panel, editions map[data.Commodity]data.Editions) []data.Commodity {
	reshaped := reshapedHeadings(editions)
	effects := map[data.Commodity][2][]float64{} // by direction of the mismatch
	for i := range p.Lanes {
		l := &p.Lanes[i]
		apart, together := logGaps(l)
		if len(apart) >= 3 && len(together) >= 6 {
			e := effects[l.Goods]
			side := 0
			if l.ImporterNewer {
				side = 1
			}
			e[side] = append(e[side], mean(apart)-mean(together))
			effects[l.Goods] = e
		}
	}
	var changed []data.Commodity
	seen := map[data.Commodity]bool{}
	for i := range p.Lanes {
		l := &p.Lanes[i]
		if !seen[l.Goods] {
			seen[l.Goods] = true
			e := effects[l.Goods]
			if differs(e[0]) || differs(e[1]) || reshaped[l.Goods.Truncate(4)] {
				changed = append(changed, l.Goods)
			}
		}
	}
	marked := map[data.Commodity]bool{}
	for _, c := range changed {
		marked[c] = true
	}
	for i := range p.Lanes {
		l := &p.Lanes[i]
		if !marked[l.Goods] {
			l.Turn = 0
			continue
		}
		for t, parted := range l.Parted {
			if parted {
				l.MKg[t], l.MUSD[t] = math.NaN(), math.NaN()
			}
		}
	}
	return changed
}

// reshapedHeadings lists the headings of which some code is missing in an edition
// of the Harmonised System that is in use.
func reshapedHeadings(editions map[data.Commodity]data.Editions) map[data.Commodity]bool {
	var used data.Editions
	for _, e := range editions {
		used |= e
	}
	reshaped := map[data.Commodity]bool{}
	for c, e := range editions {
		for edition := data.HS1992; edition <= data.HS2028; edition++ {
			if used.Has(edition) && !e.Has(edition) && !e.Has(data.EditionUnknown) {
				reshaped[c.Truncate(4)] = true
			}
		}
	}
	return reshaped
}

// logGaps gives ln(M/X) in value, in months of different and of equal editions.
func logGaps(l *Lane) (apart, together []float64) {
	for t := range l.XUSD {
		if l.XUSD[t] > 0 && l.MUSD[t] > 0 {
			g := min(max(math.Log(l.MUSD[t]/l.XUSD[t]), -3), 3)
			if l.Parted[t] {
				apart = append(apart, g)
			} else {
				together = append(together, g)
			}
		}
	}
	return apart, together
}

func mean(x []float64) float64 {
	sum := 0.0
	for _, v := range x {
		sum += v
	}
	return sum / float64(len(x))
}

func differs(effects []float64) bool {
	n := float64(len(effects))
	if n < 4 {
		return false
	}
	m := mean(effects)
	squares := 0.0
	for _, v := range effects {
		squares += (v - m) * (v - m)
	}
	se := math.Sqrt(squares / (n - 1) / n)
	return math.Abs(m) > 0.1 && math.Abs(m) > 3*se
}
