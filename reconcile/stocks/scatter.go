package stocks

import (
	"math"

	"counterflow/stats/moderated"
)

// moderate draws the scatter of each account towards that of the same economy's and
// the same good's accounts: a year or two of months tell it badly, and where it comes
// out too small by chance, a spell is made of nothing. What is learnt counts as
// further degrees of freedom, so that short histories show what is clear.
// unsettled is true where the fit stopped before it settled.
func moderate(all []*finding) (unsettled bool) {
	samples := make([]moderated.Sample, len(all))
	for i, f := range all {
		if f.Found() {
			samples[i] = moderated.Sample{Variance: square(f.Scale), DF: f.DF, Row: int(f.economy), Column: int(f.commodity)}
		}
	}
	fit := moderated.Of(samples)
	for i, f := range all {
		if !f.Found() || math.IsNaN(fit.Expected[i]) {
			continue
		}
		variance, df := fit.Variance(i, samples[i])
		larger := math.Sqrt(variance) / f.Scale
		f.Scale, f.SE, f.Z, f.DF = f.Scale*larger, f.SE*larger, f.Z/larger, df
		f.LogP = f.At(f.Z)
	}
	return fit.Used > 0 && fit.DF > 0 && !fit.Converged
}
