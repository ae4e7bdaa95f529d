package adjust

import "math"

// solveRows finds m with A V A' m = rhs over the rows listed, by conjugate
// gradients preconditioned with the diagonal and started at m, which it
// changes. It ends when each |residual| is at most its entry of stop, when no
// number can move along the direction left (inconsistent rows), or after a few
// passes over the rows; what it reached is for the caller to judge. A V A' is
// never formed.
//
// A consistent system with redundant rows has many solutions m, but one A' m.
func (r rows) solveRows(list []int, rhs, m, stop []float64) {
	residual := make([]float64, len(list))
	direction := make([]float64, len(list))
	image := make([]float64, len(list))
	pull := make([]float64, len(r.variance))
	r.apply(list, m, image, pull)
	for k := range list {
		residual[k] = rhs[k] - image[k]
	}
	before := math.Inf(1)
	for range 4*len(list) + 50 {
		if small(residual, stop) {
			return
		}
		now := 0.0
		for k, row := range list {
			now += residual[k] * residual[k] / r.diagonal[row]
		}
		alone := 0.0 // the curvature if rows did not share numbers
		for k, row := range list {
			direction[k] = direction[k]*(now/before) + residual[k]/r.diagonal[row]
			alone += direction[k] * direction[k] * r.diagonal[row]
		}
		before = now
		r.apply(list, direction, image, pull)
		curvature := 0.0
		for k := range list {
			curvature += direction[k] * image[k]
		}
		if !(curvature > 1e-14*alone) {
			return
		}
		for k := range list {
			m[k] += now / curvature * direction[k]
			residual[k] -= now / curvature * image[k]
		}
	}
}

// apply sets image to A V A' m over the rows listed; pull is room for V A' m.
func (r rows) apply(list []int, m, image, pull []float64) {
	clear(pull)
	for k, row := range list {
		r.push(row, -m[k], pull)
	}
	for k, row := range list {
		image[k] = r.dot(row, pull)
	}
}

func small(residual, stop []float64) bool {
	for k, v := range residual {
		if math.Abs(v) > stop[k] {
			return false
		}
	}
	return true
}
