package reliability

import (
	"math"

	"counterflow/data"
	"counterflow/reconcile/mirror"
)

// ninety is the normal quantile of a 90% interval.
const ninety = 1.6448536269514722

// Scores lists every reporter, by measure, role and economy.
func (m *Model) Scores() []Score {
	var scores []Score
	for _, measure := range []mirror.Measure{mirror.Weight, mirror.Value} {
		scores = append(scores, m.measures[measure].scores()...)
	}
	return scores
}

func (f *measureFit) scores() []Score {
	var scores []Score
	for side, names := range f.names {
		for i, e := range names {
			all := f.score(side, i, e)
			scores = append(scores, all)
			if f.spreads == nil {
				continue
			}
			for _, g := range groupsOf(f.spreads.cells, side, int32(i)) {
				scores = append(scores, f.inGroup(all, side, i, int(g)))
			}
		}
	}
	return scores
}

// score is that of a reporter over all groups.
func (f *measureFit) score(side, i int, e data.Economy) Score {
	s := Score{Economy: e, Role: AsExporter, Measure: f.measure, Group: AllGroups, N: f.periods[side][i]}
	if side == 1 {
		s.Role = AsImporter
	}
	s.Bias, s.BiasSE = f.biases.of(side, i)
	lasting := math.Sqrt(f.levels.variance(side, i))
	if f.spreads == nil {
		s.Sigma, s.Lasting = lasting, math.NaN()
		s.SigmaLow, s.SigmaHigh = math.NaN(), math.NaN()
		return s
	}
	at := side*f.spreads.exporters + i
	s.Sigma, s.SigmaLow, s.SigmaHigh = spread(f.spreads.log[at], f.spreads.inverse.At(at, at))
	s.Lasting = lasting
	return s
}

// inGroup is the score of a reporter in one commodity group. Biases are not
// divided, nor are lasting spreads: a reporter has too few lanes of one group.
func (f *measureFit) inGroup(all Score, side, i, group int) Score {
	at, g := side*f.spreads.exporters+i, f.spreads.exporters+f.spreads.importers+group
	c := f.spreads.cells[cellKey{side, int32(i), int32(group)}]
	inverse := f.spreads.inverse
	variance := inverse.At(at, at) + inverse.At(g, g) + 2*inverse.At(at, g) + c.variance
	s := all
	s.Group, s.N = f.groupNames[group], c.lanes
	s.Sigma, s.SigmaLow, s.SigmaHigh = spread(f.spreads.log[at]+f.spreads.log[g]+c.log, variance)
	return s
}

// variance is that of the lasting deviation of a reporter about its bias, all
// components but broken ones together, in a typical group.
func (l *levels) variance(side, at int) float64 {
	wide := average(l.wideShare)
	spread := wide * (l.wide.variance + l.wide.mean*l.wide.mean)
	if side == 1 {
		return (1-wide)*l.importers[at] + spread
	}
	d := l.misnamed[Ordinary]
	return (1-wide-d.share)*l.exporters[at] + spread + d.share*(d.variance+l.exporters[at]) + d.share*(1-d.share)*d.mean*d.mean
}
