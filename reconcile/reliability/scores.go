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
			scores = append(scores, f.score(side, i, e))
		}
	}
	return scores
}

func (f *measureFit) score(side, i int, e data.Economy) Score {
	s := Score{Economy: e, Role: AsExporter, Measure: f.measure, Group: AllGroups, N: f.periods[side][i]}
	if side == 1 {
		s.Role = AsImporter
	}
	s.Bias, _ = f.biases.of(side, i)
	lasting := math.Sqrt(f.levels.variance(side, i))
	if f.spreads == nil {
		s.Sigma, s.Lasting = lasting, math.NaN()
		s.SigmaLow, s.SigmaHigh = math.NaN(), math.NaN()
		return s
	}
	at := side*f.spreads.exporters + i
	log, se := f.spreads.log[at]/2, math.Sqrt(f.spreads.inverse.At(at, at))/2
	s.Sigma, s.SigmaLow, s.SigmaHigh = math.Exp(log), math.Exp(log-ninety*se), math.Exp(log+ninety*se)
	s.Lasting = lasting
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
