package reliability

import "math"

// biases are what reporters add to the truth, natural log, by role.
type biases struct {
	exporters, importers   []float64
	exporterSE, importerSE []float64
	between                float64 // variance of the biases themselves
	iterations             int
	converged              bool
}

const (
	biasCap       = 500
	biasTolerance = 1e-7 // in logs
)

// center is one lane's gap with its variance.
type center struct {
	exporter, importer int32
	gap, variance      float64
}

// fitBiases finds b_j - b_i that explains the gaps, by turns (Gauss-Seidel on
// weighted least squares), each bias shrunk to zero as a draw from a normal
// distribution whose variance is estimated along the way (empirical Bayes, Efron
// and Morris 1973). Gaps far from the fit count less (Student's t with 4 degrees
// of freedom). At the end the biases of all reporters sum to zero (ten Cate
// 2014), which moves every reporter alike: added to exporters and importers at
// once it cancels from every gap.
func fitBiases(centers []center, exporters, importers int) *biases {
	b := &biases{exporters: make([]float64, exporters), importers: make([]float64, importers),
		exporterSE: make([]float64, exporters), importerSE: make([]float64, importers), between: 0.01}
	if len(centers) == 0 {
		b.converged = true
		return b
	}
	for !b.converged && b.iterations < biasCap {
		moved := max(b.turn(centers, true), b.turn(centers, false))
		b.spread()
		b.converged = moved < biasTolerance
		b.iterations++
	}
	b.sumToZero()
	return b
}

// turn renews the biases of one role.
func (b *biases) turn(centers []center, exporters bool) (moved float64) {
	list, se, sign := b.importers, b.importerSE, 1.0
	if exporters {
		list, se, sign = b.exporters, b.exporterSE, -1
	}
	moments, weights := make([]float64, len(list)), make([]float64, len(list))
	for i := range centers {
		c := &centers[i]
		rest := c.gap - b.importers[c.importer] + b.exporters[c.exporter]
		w := (gapFreedom + 1) / (gapFreedom + rest*rest/c.variance) / c.variance
		at := c.importer
		if exporters {
			at = c.exporter
		}
		moments[at] += w * (rest + sign*list[at])
		weights[at] += w
	}
	for i := range list {
		precision := weights[i] + 1/b.between
		next := sign * moments[i] / precision
		moved = max(moved, math.Abs(next-list[i]))
		list[i], se[i] = next, math.Sqrt(1/precision)
	}
	return moved
}

// spread renews the variance of the biases: the mean of their squares and of
// what is not known of them.
func (b *biases) spread() {
	sum, n := 0.0, 0.0
	for _, side := range [][2][]float64{{b.exporters, b.exporterSE}, {b.importers, b.importerSE}} {
		for i := range side[0] {
			sum += side[0][i]*side[0][i] + side[1][i]*side[1][i]
			n++
		}
	}
	b.between = max(sum/n, 1e-8)
}

func (b *biases) sumToZero() {
	mean := 0.0
	for _, v := range b.exporters {
		mean += v
	}
	for _, v := range b.importers {
		mean += v
	}
	mean /= float64(len(b.exporters) + len(b.importers))
	for i := range b.exporters {
		b.exporters[i] -= mean
	}
	for i := range b.importers {
		b.importers[i] -= mean
	}
}
