package cases

import (
	"math"

	"counterflow/data"
	"counterflow/reconcile/mirror"
	"counterflow/stats/robust"
)

// spreads is how widely honest pairs scatter: centre and robust standard
// deviation of ln(M/X) after the margin, by commodity and size. Large flows are
// recorded with more care than small ones, so a departure is judged among flows
// of its own size.
type spreads struct {
	byClass     map[class]spread
	byCommodity map[data.Commodity]spread
	all         spread
}

// class is a commodity, a measure and the decade of the value traded.
type class struct {
	commodity data.Commodity
	measure   mirror.Measure
	decade    int
}

type spread struct {
	centre, sd float64
	n          int
}

const (
	// classFrom is the number of pairs from which a class has a spread of its
	// own: a MAD of fewer says little.
	classFrom = 30
	// leastSD keeps lanes on which both sides always agree from making a case of
	// a rounding error.
	leastSD = 0.05
)

func newSpreads(pairs []mirror.Pair, residual func(int) (float64, mirror.Measure)) *spreads {
	byClass := map[class][]float64{}
	byCommodity := map[data.Commodity][]float64{}
	var all []float64
	for i := range pairs {
		g, measure := residual(i)
		if measure == mirror.NoMeasure || pairs[i].Notes.Has(mirror.ImputedMirror) {
			continue
		}
		c := classOf(&pairs[i], measure)
		byClass[c] = append(byClass[c], g)
		byCommodity[c.commodity] = append(byCommodity[c.commodity], g)
		all = append(all, g)
	}
	s := &spreads{byClass: map[class]spread{}, byCommodity: map[data.Commodity]spread{}, all: spreadOf(all)}
	for c, g := range byClass {
		if len(g) >= classFrom {
			s.byClass[c] = spreadOf(g)
		}
	}
	for c, g := range byCommodity {
		if len(g) >= classFrom {
			s.byCommodity[c] = spreadOf(g)
		}
	}
	return s
}

func spreadOf(g []float64) spread {
	if len(g) == 0 {
		return spread{sd: math.NaN()}
	}
	return spread{centre: robust.Median(g), sd: max(robust.MAD(g), leastSD), n: len(g)}
}

func classOf(p *mirror.Pair, measure mirror.Measure) class {
	value := max(p.XUSD.Float(), p.MUSD.Float())
	decade := 0
	if value > 1 {
		decade = int(math.Log10(value))
	}
	return class{p.Commodity, measure, decade}
}

// of gives the spread that a pair is judged by: its class, else its commodity,
// else all pairs.
func (s *spreads) of(p *mirror.Pair, measure mirror.Measure) spread {
	if found, ok := s.byClass[classOf(p, measure)]; ok {
		return found
	}
	if found, ok := s.byCommodity[p.Commodity]; ok {
		return found
	}
	return s.all
}
