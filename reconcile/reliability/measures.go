package reliability

import (
	"math"

	"gonum.org/v1/gonum/mat"

	"counterflow/data"
	"counterflow/stats/elementary"
)

// A line errs in weight and in value for the same reasons: goods left out, booked
// under another name or in another month. So one measure, that in which more
// lanes can be compared, tells the spreads of reporters, and the other adds by
// how much its own depart. They are learned from the lanes that are compared in
// both, by the ratio of the two variances of each: what is a lane's own falls out
// of it, while a fit to the second measure alone would meet it again on fewer
// lanes, and call the same reporters better or worse by what is chance.

// paired is a lane that tells of the spreads in both measures.
type paired struct {
	exporter, importer, group int32 // numbers in the other measure
	share                     float64
	log                       float64 // of the variance in the other measure over that in the first
	noise                     float64 // variance of log, but for a factor that is learned
}

// leastPaired is the share of the other measure's lanes that must tell of
// spreads in the first as well; below it each measure is fitted for itself.
const leastPaired = 0.9

// varyBoth fits the variances in both measures: in that in which more lanes tell
// of them, values where they are as many, and beside it in the other; each for
// itself where the first fit does not settle.
func (m *Model) varyBoth(all [2]*gaps, fits [2]*measureFit) {
	first := 0
	if all[1].telling() >= all[0].telling() {
		first = 1
	}
	if fits[first].history {
		fits[first].spreads = m.vary(all[first])
	}
	other := fits[1-first]
	if other.history && fits[first].history && fits[first].spreads.converged {
		other.spreads = m.beside(all[first], fits[first].spreads, all[1-first])
	}
	if other.history && other.spreads == nil {
		other.spreads = m.vary(all[1-first])
	}
}

// laneName is a lane whatever the numbering.
type laneName struct {
	commodity          data.Commodity
	exporter, importer data.Economy
}

func (g *gaps) name(l *laneGaps) laneName {
	return laneName{l.commodity, g.exporters[l.exporter], g.importers[l.importer]}
}

// telling counts the lanes that tell of spreads.
func (g *gaps) telling() int {
	n := 0
	for i := range g.lanes {
		if g.lanes[i].tells() {
			n++
		}
	}
	return n
}

// pairUp lists the lanes that tell of spreads in both measures.
func pairUp(first *gaps, s *spreads, other *gaps) []paired {
	at := make(map[laneName]int32, len(first.lanes))
	for i := range first.lanes {
		if l := &first.lanes[i]; l.tells() {
			at[first.name(l)] = int32(i)
		}
	}
	var all []paired
	for i := range other.lanes {
		l := &other.lanes[i]
		k, ok := at[other.name(l)]
		if !ok || !l.tells() {
			continue
		}
		same := &first.lanes[k]
		vx, vm := same.carried*s.value[same.exporter], s.value[s.exporters+int(same.importer)]
		all = append(all, paired{exporter: l.exporter, importer: l.importer, group: l.group, share: vx / (vx + vm),
			log:   elementary.Log(max(l.variance, leastSquare) / max(same.variance, leastSquare)),
			noise: (1/l.freedom + 1/same.freedom) / 2})
	}
	return all
}

// beside gives the variances in another measure by what is known in the first; nil
// where too few of its lanes tell of both.
func (m *Model) beside(first *gaps, s *spreads, other *gaps) *spreads {
	pairs := pairUp(first, s, other)
	if float64(len(pairs)) < leastPaired*float64(other.telling()) {
		return nil
	}
	d := fitDepartures(pairs, len(other.exporters), len(other.importers), len(other.groups), m.rounds)
	if d.inverse == nil {
		return nil
	}
	o := s.besides(d, first, other, m.rounds)
	o.terms, _ = other.spreadTerms()
	takeOff(o.terms, s.usual)
	o.ownOnly()
	if !o.converged {
		m.Converged = false
		m.warn("departures of spreads in %s from those in %s still moved after %d rounds", other.measure, first.measure, d.iterations)
	}
	o.cells = o.depart()
	return o
}

// ownOnly learns the variance of lines about their reporters with all else as it
// stands.
func (s *spreads) ownOnly() {
	s.value, s.looks, s.shares = make([]float64, len(s.log)), make([]look, len(s.terms)), make([]float64, len(s.terms))
	s.exponentiate()
	settled := false
	for rounds := 0; !settled && rounds < s.most.within(spreadCap); rounds++ {
		for i := range s.terms {
			t := &s.terms[i]
			_, _, _, p, expected := s.parts(t)
			s.looks[i], s.shares[i] = t.locate(expected, s.own*ofOwn(p)), p
		}
		before := s.own
		s.own = s.ownVariance()
		settled = math.Abs(s.own-before) < spreadTolerance
	}
	s.converged = s.converged && settled
}

// besides lays the departures on the variances.
func (s *spreads) besides(d *departures, first, other *gaps, most rounds) *spreads {
	n := len(d.log) - 1 + traits
	constant := d.log[len(d.log)-1]
	o := &spreads{exporters: d.exporters, importers: d.importers, most: most, log: make([]float64, n), inverse: mat.NewSymDense(n, nil),
		usual: s.usual, center: s.center + constant, between: s.between + d.between, betweenGroups: s.betweenGroups + d.betweenGroups, own: s.own,
		iterations: s.iterations, converged: s.converged && d.converged}
	from := places(other.exporters, first.exporters, 0)
	from = append(from, places(other.importers, first.importers, s.exporters)...)
	from = append(from, places(other.groups, first.groups, s.exporters+s.importers)...)
	for k := range traits {
		from = append(from, len(s.log)-traits+k)
	}
	for i := range n {
		own, shift := 0.0, 0.0
		if i < n-traits {
			own, shift = d.inverse.At(i, i), d.log[i]
		}
		if i < d.exporters+d.importers {
			shift += constant
		}
		if from[i] < 0 { // met in this measure alone
			center, between := 0.0, s.betweenGroups
			if i < d.exporters+d.importers {
				center, between = s.center, s.between
			}
			o.log[i] = center + shift
			o.inverse.SetSym(i, i, between+own)
			continue
		}
		o.log[i] = s.log[from[i]] + shift
		for j := i; j < n; j++ {
			if from[j] >= 0 {
				o.inverse.SetSym(i, j, s.inverse.At(from[i], from[j]))
			}
		}
		o.inverse.SetSym(i, i, o.inverse.At(i, i)+own)
	}
	return o
}

// places finds each item of one sorted list in another, counted from base; -1
// where it is not there.
func places[T comparable](of, in []T, base int) []int {
	at := make(map[T]int, len(in))
	for i, v := range in {
		at[v] = base + i
	}
	found := make([]int, len(of))
	for i, v := range of {
		found[i] = -1
		if k, ok := at[v]; ok {
			found[i] = k
		}
	}
	return found
}
