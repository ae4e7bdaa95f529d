package cases

import (
	"math"

	"counterflow/reconcile/margin"
	"counterflow/reconcile/mirror"
	"counterflow/stats/robust"
	"counterflow/stats/tail"
)

// Departure is how far one pair lies from what its lane and its reporters let
// expect: z = (g - Expected) / SD, with g = ln(M/X).
type Departure struct {
	Measure  mirror.Measure // what g is taken in; NoMeasure where untested
	Expected float64        // natural log
	SD       float64        // robust, natural log
	Z        float64        // NaN where untested
	LogP     float64        // natural log of the two-sided p-value, NaN where untested
}

var untested = Departure{Expected: math.NaN(), SD: math.NaN(), Z: math.NaN(), LogP: math.NaN()}

// tailDF is the degrees of freedom of the Student t by which departures are
// judged. Reporting errors have heavy tails: normal ones would make a case of
// every tenth honest lane.
const tailDF = 4

// Depart judges every pair that both sides declared. Weight is compared where
// both sides state one, else value after the margin. A lane with history or more
// such periods is judged by its own centre and a spread shrunk towards its
// commodity's; a shorter one by its commodity and size. Imputed mirrors are not
// two witnesses and unallocated partners no corridor: both stay untested, as do
// one-sided pairs.
func Depart(pairs []mirror.Pair, m *margin.Model, history int) []Departure {
	residual := func(i int) (float64, mirror.Measure) {
		p := &pairs[i]
		measure := p.Measure()
		g := p.LogRatio(measure)
		if math.IsNaN(g) || p.Notes.Has(mirror.PartnerUnstated) {
			return 0, mirror.NoMeasure
		}
		if measure == mirror.Value {
			g -= m.Log(p)
		}
		return g, measure
	}
	s := newSpreads(pairs, residual)
	out := make([]Departure, len(pairs))
	var own []float64
	for l := range lanes(pairs) {
		own = own[:0]
		for i := range l.pairs {
			if g, measure := residual(l.first + i); measure != mirror.NoMeasure {
				own = append(own, g)
			}
		}
		centre, sd := math.NaN(), math.NaN()
		if len(own) >= history {
			centre, sd = robust.Median(own), robust.MAD(own)
		}
		for i := range l.pairs {
			g, measure := residual(l.first + i)
			out[l.first+i] = judge(&l.pairs[i], g, measure, s, centre, sd, len(own), m)
		}
	}
	return out
}

// priorPairs is the weight, in pairs, of the commodity's spread against the
// lane's own.
const priorPairs = 12

func judge(p *mirror.Pair, g float64, measure mirror.Measure, s *spreads, centre, sd float64, n int, m *margin.Model) Departure {
	if measure == mirror.NoMeasure || p.Notes.Has(mirror.ImputedMirror) {
		return untested
	}
	general := s.of(p, measure)
	d := Departure{Measure: measure, Expected: general.centre, SD: general.sd}
	if !math.IsNaN(centre) {
		d.Expected = centre
		d.SD = math.Sqrt((float64(n)*sd*sd + priorPairs*general.sd*general.sd) / float64(n+priorPairs))
	}
	d.SD = max(d.SD, leastSD)
	d.Z = (g - d.Expected) / d.SD
	d.LogP = tail.StudentLogTwoSided(math.Abs(d.Z), tailDF)
	if measure == mirror.Value {
		d.Expected += m.Log(p)
	}
	return d
}
