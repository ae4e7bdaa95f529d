package reliability

import (
	"math"

	"gonum.org/v1/gonum/mat"

	"counterflow/stats/elementary"
	"counterflow/stats/robust"
)

const (
	departRounds      = 50
	departTolerance   = 1e-3
	leastBetween      = 1e-4 // variance of departures: 0.5% of a spread
	leastScale        = 1e-3 // where both measures are the same figures but for a price
	squareNoiseOfPair = 2 * squareNoise
)

// departures is by how much log variances in another measure lie above those in
// the first: exporters, importers, groups, and a constant last.
type departures struct {
	exporters, importers   int
	log                    []float64
	between, betweenGroups float64
	scale                  float64 // variance of a pair's log over its noise
	inverse                *mat.SymDense
	iterations             int
	converged              bool
}

// fitDepartures solves log = constant + group + ln(share e^exporter + (1-share)
// e^importer) + error by Gauss and Newton with Huber's weights; departures are draws from normal
// distributions about zero, of reporters and of groups, whose variances are
// estimated along the way, as is that of the errors (empirical Bayes).
func fitDepartures(pairs []paired, exporters, importers, groups int, most rounds) *departures {
	n := exporters + importers + groups + 1
	d := &departures{exporters: exporters, importers: importers, log: make([]float64, n), between: 0.1, betweenGroups: 0.1, scale: squareNoiseOfPair}
	d.log[n-1] = usualLog(pairs)
	for !d.converged && d.iterations < most.within(departRounds) {
		information, score := d.sum(pairs)
		var factor mat.Cholesky
		inverse, log := mat.NewSymDense(n, nil), mat.NewVecDense(n, nil)
		if !factor.Factorize(information) || factor.SolveVecTo(log, score) != nil || factor.InverseTo(inverse) != nil {
			return d
		}
		moved := furthest(d.log, log.RawVector().Data)
		copy(d.log, log.RawVector().Data)
		d.inverse = inverse
		d.converged = max(moved, d.hyper(pairs)) < departTolerance
		d.iterations++
	}
	return d
}

// usualLog is the median of the pairs, where the constant starts: Huber's weights
// would let it come only slowly from afar.
func usualLog(pairs []paired) float64 {
	logs := make([]float64, len(pairs))
	for i := range pairs {
		logs[i] = pairs[i].log
	}
	return robust.MedianInPlace(logs)
}

// sum adds up the normal equations at the present weights.
func (d *departures) sum(pairs []paired) (*mat.SymDense, *mat.VecDense) {
	n := len(d.log)
	information, score := mat.NewSymDense(n, nil), mat.NewVecDense(n, nil)
	for i := range pairs {
		places, factors, expected := d.expect(&pairs[i])
		r, w := d.weigh(&pairs[i], expected)
		for k, p := range places {
			r += float64(factors[k] * d.log[p])
		}
		for a, p := range places {
			score.SetVec(p, score.AtVec(p)+w*factors[a]*r)
			for b := a; b < len(places); b++ {
				information.SetSym(p, places[b], information.At(p, places[b])+w*factors[a]*factors[b])
			}
		}
	}
	for i := range n - 1 {
		between := d.between
		if i >= d.exporters+d.importers {
			between = d.betweenGroups
		}
		information.SetSym(i, i, information.At(i, i)+1/between)
	}
	return information, score
}

// expect gives the parameters of a pair, the derivatives of its expectation by
// them, and the expectation.
func (d *departures) expect(p *paired) (places [4]int, factors [4]float64, expected float64) {
	x, m, g, c := int(p.exporter), d.exporters+int(p.importer), d.exporters+d.importers+int(p.group), len(d.log)-1
	ofX, ofM := p.share*elementary.Exp(d.log[x]), (1-p.share)*elementary.Exp(d.log[m])
	share := ofX / (ofX + ofM)
	return [4]int{x, m, g, c}, [4]float64{share, 1 - share, 1, 1}, elementary.Log(ofX+ofM) + d.log[g] + d.log[c]
}

// weigh is what the expectation leaves of a pair, and its weight: Huber's over the
// variance.
func (d *departures) weigh(p *paired, expected float64) (residual, weight float64) {
	residual = p.log - expected
	variance := d.scale * p.noise
	weight = 1 / variance
	if z := math.Abs(residual) / math.Sqrt(variance); z > mildOutlier {
		weight *= mildOutlier / z
	}
	return residual, weight
}

// hyper renews the variances and returns how far they moved.
func (d *departures) hyper(pairs []paired) float64 {
	reporters := d.exporters + d.importers
	between, groups, scale := 0.0, 0.0, 0.0
	for i, v := range d.log[:len(d.log)-1] {
		if square := v*v + d.inverse.At(i, i); i < reporters {
			between += square / float64(reporters)
		} else {
			groups += square / float64(len(d.log)-1-reporters)
		}
	}
	for i := range pairs {
		_, _, expected := d.expect(&pairs[i])
		z, _ := d.weigh(&pairs[i], expected)
		scale += min(z*z/pairs[i].noise, mildOutlier*mildOutlier*d.scale) / huberShare / float64(len(pairs))
	}
	between, groups, scale = max(between, leastBetween), max(groups, leastBetween), max(scale, leastScale)
	moved := math.Abs(between-d.between) + math.Abs(groups-d.betweenGroups) + math.Abs(scale/d.scale-1)
	d.between, d.betweenGroups, d.scale = between, groups, scale
	return moved
}
