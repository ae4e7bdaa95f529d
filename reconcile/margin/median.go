package margin

import (
	"math"
	"slices"

	"counterflow/data"
	"counterflow/reconcile/mirror"
	"counterflow/stats/robust"
)

// ByProduct is the robust margin of every commodity: the median of ln(M/X) in
// value over its pairs.
//
// Pairs enter where both sides declared, stated a value, and are two witnesses:
// imputed mirrors, importers that state FOB values and unallocated partners stay
// out. The sign of a gap plays no part. A commodity with fewer than MinPairs
// pairs takes the median over all commodities.
type ByProduct struct {
	log     map[data.Commodity]float64 // ln(1+margin)
	overall float64
	terms   []Term
}

// MinPairs is the number of pairs from which a commodity has a margin of its
// own.
const MinPairs = 20

// Medians estimates the margins. With no usable pair at all every margin is
// zero, and the table of terms is empty.
func Medians(pairs []mirror.Pair) *ByProduct {
	m := &ByProduct{log: map[data.Commodity]float64{}}
	byProduct := map[data.Commodity][]float64{}
	var all []float64
	for i := range pairs {
		p := &pairs[i]
		if !Usable(p) {
			continue
		}
		g := p.LogRatio(mirror.Value)
		byProduct[p.Commodity] = append(byProduct[p.Commodity], g)
		all = append(all, g)
	}
	if len(all) == 0 {
		return m
	}
	overall := medianTerm("all", all)
	m.overall = math.Log1p(overall.Estimate)
	codes := make([]data.Commodity, 0, len(byProduct))
	for c, g := range byProduct {
		if len(g) >= MinPairs {
			codes = append(codes, c)
		}
	}
	slices.Sort(codes)
	for _, c := range codes {
		term := medianTerm(c.Code(), byProduct[c])
		m.log[c] = math.Log1p(term.Estimate)
		m.terms = append(m.terms, term)
	}
	m.terms = append(m.terms, overall)
	return m
}

// medianTerm gives exp(median) - 1 and its standard error: sqrt(pi/2) times the
// robust spread over sqrt(n), as for a median of normal errors.
func medianTerm(name string, logs []float64) Term {
	values := slices.Clone(logs)
	median := robust.Median(values)
	estimate := math.Expm1(median)
	se := math.Sqrt(math.Pi/2/float64(len(values))) * robust.MAD(values) * (1 + estimate)
	return Term{Model: "median_by_product", Name: name, Estimate: estimate, SE: se, N: len(values)}
}

// Log is ln(1+margin) of a pair: what ln(M/X) in value would be if both sides
// recorded the same shipment. Importers that state FOB values have none.
func (m *ByProduct) Log(p *mirror.Pair) float64 {
	if p.Notes.Has(mirror.ImportFOB) {
		return 0
	}
	if log, ok := m.log[p.Commodity]; ok {
		return log
	}
	return m.overall
}

// Terms lists the estimates by commodity, then the overall one.
func (m *ByProduct) Terms() []Term { return m.terms }
