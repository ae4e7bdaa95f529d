package timing

import (
	"math"

	"counterflow/data"
	"counterflow/reconcile/mirror"
)

// Series is one lane in one measure, month by month or year by year: kilograms
// or US dollars, each side at its own valuation. NaN means nothing is known: the
// side was silent, or declared no such amount. Zero means the side spoke and did
// not declare the lane.
type Series struct {
	First data.Period
	X, M  []float64
	At    []int // by pair of the lane: its place in X and M
}

// Fill lays the pairs of one lane out, from lead periods before the first pair
// to the last, using again what room there is. Years and months are not mixed in
// one lane: pairs of the other kind than the first pair are left out, with At of
// -1.
func (s *Series) Fill(lane []mirror.Pair, measure mirror.Measure, silence *Silence, lead int) {
	s.First = lane[0].Period.Add(-lead)
	last, pairs := s.First, 0
	for i := range lane {
		if lane[i].Period.Monthly() == s.First.Monthly() {
			last = lane[i].Period
			pairs++
		}
	}
	n := last.Index() - s.First.Index() + 1
	s.X, s.M, s.At = resize(s.X, n), resize(s.M, n), s.At[:0]
	var exporter, importer *periods // in which they spoke
	if n > pairs {
		exporter, importer = silence.exporter(lane[0].Exporter), silence.importer(lane[0].Importer)
	}
	next := 0 // the first period that is not filled yet
	for i := range lane {
		p := &lane[i]
		if p.Period.Monthly() != s.First.Monthly() {
			s.At = append(s.At, -1)
			continue
		}
		t := p.Period.Index() - s.First.Index()
		for ; next < t; next++ {
			period := s.First.Add(next)
			s.X[next], s.M[next] = absent(exporter.has(period)), absent(importer.has(period))
		}
		s.At = append(s.At, t)
		s.X[t], s.M[t] = amounts(p, measure)
		next = t + 1
	}
}

// dropCopies makes unknown what is no witness of its own: figures copied from
// the partner, which are compared as they stand, and weights that are estimates.
func (s *Series) dropCopies(lane []mirror.Pair, measure mirror.Measure) {
	copies := Copies(lane)
	for i := range lane {
		p, t := &lane[i], s.At[i]
		if t < 0 {
			continue
		}
		if copies.Holds(p) {
			s.M[t] = math.NaN()
		}
		if measure == mirror.Weight && p.Notes.Has(mirror.ImportWeightEstimated) {
			s.M[t] = math.NaN()
		}
		if measure == mirror.Weight && p.Notes.Has(mirror.ExportWeightEstimated) {
			s.X[t] = math.NaN()
		}
	}
}

func resize(x []float64, n int) []float64 {
	if cap(x) < n {
		return make([]float64, n, n+n/2)
	}
	return x[:n]
}

// absent is what a period without a declaration means.
func absent(spoke bool) float64 {
	if spoke {
		return 0
	}
	return math.NaN()
}

// amounts gives both sides of a pair: an amount where one was stated, zero
// where the side spoke without declaring the lane, else NaN.
func amounts(p *mirror.Pair, measure mirror.Measure) (x, m float64) {
	if measure == mirror.Weight {
		x, m = p.XKg.Float(), p.MKg.Float()
	} else {
		x, m = p.XUSD.Float(), p.MUSD.Float()
	}
	switch p.State {
	case mirror.ExportOnly:
		m = 0
	case mirror.ImportOnly:
		x = 0
	}
	return x, m
}
