package reliability

import "math"

// biases are what reporters add to the truth, natural log, by role.
type biases struct {
	exporters, importers   []float64
	exporterSE, importerSE []float64
	between                float64 // variance of the biases themselves
	most                   rounds
	iterations             int
	converged              bool
}

const (
	biasCap       = 300
	biasTolerance = 1e-5 // in logs: a thousandth of a percent
)

// center is one lane's gap, less what its likely causes explain, with the
// precision that they leave it.
type center struct {
	exporter, importer int32
	gap, precision     float64
}

// fitBiases finds b_j - b_i that explains the gaps, by turns (Gauss-Seidel on
// weighted least squares), each bias shrunk to zero as a draw from a normal
// distribution whose variance is estimated along the way (empirical Bayes, Efron
// and Morris 1973). At the end the biases of all reporters sum to zero (ten Cate
// 2014), which moves every reporter alike: added to exporters and importers at
// once it cancels from every gap.
func fitBiases(b *biases, centers []center) {
	b.iterations, b.converged = 0, len(centers) == 0
	for !b.converged && b.iterations < b.most.within(biasCap) {
		moved := max(b.turn(centers, true), b.turn(centers, false))
		b.spread()
		b.converged = moved < biasTolerance
		b.iterations++
	}
	b.sumToZero()
}

func newBiases(exporters, importers int) *biases {
	return &biases{exporters: make([]float64, exporters), importers: make([]float64, importers),
		exporterSE: make([]float64, exporters), importerSE: make([]float64, importers), between: 0.01}
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
		at := c.importer
		if exporters {
			at = c.exporter
		}
		rest := c.gap - b.importers[c.importer] + b.exporters[c.exporter]
		moments[at] += c.precision * (rest + sign*list[at])
		weights[at] += c.precision
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
	b.between = max(sum/n, 1e-6)
}

func (b *biases) sumToZero() {
	mean := 0.0
	for _, v := range b.exporters {
		mean += v
	}
	for _, v := range b.importers {
		mean += v
	}
	mean /= float64(max(len(b.exporters)+len(b.importers), 1))
	for i := range b.exporters {
		b.exporters[i] -= mean
	}
	for i := range b.importers {
		b.importers[i] -= mean
	}
}
