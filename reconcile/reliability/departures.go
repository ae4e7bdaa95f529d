package reliability

import (
	"cmp"
	"math"
	"slices"
)

// cellKey is one reporter in one role and commodity group.
type cellKey struct {
	side      int
	at, group int32
}

// departure is how far a reporter's log variance in one group lies from what
// reporter and group lead to expect, shrunk, with its variance.
type departure struct {
	log, variance float64
	lanes         int
}

// depart learns what the reporter and the group together do not explain. Every
// cell's departure is one step of scoring from the fit, shrunk towards zero as a
// draw from a normal distribution, whose variance is what the squared steps have
// over their own (method of moments).
func (s *spreads) depart() map[cellKey]departure {
	scores, information := map[cellKey]float64{}, map[cellKey]float64{}
	cells := map[cellKey]departure{}
	s.exponentiate()
	for i := range s.terms {
		t := &s.terms[i]
		_, _, _, p, expected := s.parts(t)
		l := t.locate(expected, s.own*ofOwn(p))
		r, w := l.residual, l.precision*l.huber
		for side, at := range [...]int32{t.exporter, t.importer} {
			share := p
			if side == 1 {
				share = 1 - p
			}
			key := cellKey{side, at, t.group}
			scores[key] += w * r * share
			information[key] += w * share * share
			c := cells[key]
			c.lanes++
			cells[key] = c
		}
	}
	keys := make([]cellKey, 0, len(cells))
	for key := range cells {
		keys = append(keys, key)
	}
	slices.SortFunc(keys, func(a, b cellKey) int {
		return cmp.Or(cmp.Compare(a.side, b.side), cmp.Compare(a.at, b.at), cmp.Compare(a.group, b.group))
	})
	var excess, weight float64
	for _, key := range keys {
		if h := information[key]; h > 0 {
			g := scores[key]
			excess += g*g - h // E g^2 = h + h^2 between
			weight += h * h
		}
	}
	between := max(excess/max(weight, 1e-12), 0)
	for _, key := range keys {
		c := cells[key]
		if h := information[key]; between > 0 && h > 0 {
			c.variance = 1 / (h + 1/between)
			c.log = scores[key] * c.variance
		}
		cells[key] = c
	}
	return cells
}

// groupsOf lists the groups in which a reporter has lanes.
func groupsOf(cells map[cellKey]departure, side int, at int32) []int32 {
	var groups []int32
	for key := range cells {
		if key.side == side && key.at == at {
			groups = append(groups, key.group)
		}
	}
	slices.Sort(groups)
	return groups
}

// spread is the interval of a spread from its log variance.
func spread(log, variance float64) (sigma, low, high float64) {
	se := math.Sqrt(variance) / 2
	return math.Exp(log / 2), math.Exp(log/2 - ninety*se), math.Exp(log/2 + ninety*se)
}
