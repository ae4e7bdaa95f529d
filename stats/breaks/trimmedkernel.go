package breaks

import (
	"gonum.org/v1/gonum/floats"
)

// A kernel estimates one model, step included, on a subset of the units. The
// search for the best subset knows no more of the model than this.
type kernel interface {
	// move sets the unit at which the step begins; n for no step.
	move(at int)
	// size is the number of coefficients.
	size() int
	// fit estimates on the kept units, starting from the last estimate where
	// that matters; false when they do not determine it.
	fit(kept []bool) bool
	// squares writes the squared residuals of all units.
	squares(r2 []float64)
	// linearised writes the design at the estimate, size columns for each unit,
	// and the residuals.
	linearised(x, r []float64)
	// coefficients returns the linear ones, the step's last, and those of the
	// amplitude; stepSize is 0 without a step.
	coefficients() (linear, amplitude []float64)
	stepSize() float64
	// state and restore save and set what fit starts from.
	state(dst []float64) []float64
	restore(src []float64)
}

// A linearKernel is least squares on orthonormal columns and a step. Cross
// products are kept for the last subset and changed unit by unit, since
// concentration steps soon exchange only a few.
type linearKernel struct {
	n, q   int
	rows   []float64 // n rows of q columns
	y      []float64
	at     int
	sums   []float64 // lower triangle of the cross products, y's row last
	in     []bool    // the subset they stand for
	factor []float64
	beta   []float64
	row    []float64
}

func newLinearKernel(basis [][]float64, y []float64) *linearKernel {
	n, q := len(y), len(basis)
	k := &linearKernel{
		n: n, q: q, rows: make([]float64, n*q), y: y, at: n,
		sums: make([]float64, (q+2)*(q+3)/2), in: make([]bool, n),
		factor: make([]float64, (q+1)*(q+2)/2), beta: make([]float64, q+1), row: make([]float64, q+2),
	}
	for j, b := range basis {
		for i, v := range b {
			k.rows[i*q+j] = v
		}
	}
	return k
}

func (k *linearKernel) size() int {
	if k.at < k.n {
		return k.q + 1
	}
	return k.q
}

func (k *linearKernel) move(at int) {
	k.at = at
	clear(k.in)
	clear(k.sums)
}

func (k *linearKernel) coefficients() (linear, amplitude []float64) {
	return k.beta[:k.size()], nil
}

func (k *linearKernel) stepSize() float64 {
	if k.at == k.n {
		return 0
	}
	return k.beta[k.q]
}

func (k *linearKernel) state(dst []float64) []float64 { return dst[:0] }
func (k *linearKernel) restore([]float64)             {}

// add puts unit i into the sums, or takes it out with sign -1. The columns
// are the basis, the step, y.
func (k *linearKernel) add(i int, sign float64) {
	x := k.row
	copy(x, k.rows[i*k.q:(i+1)*k.q])
	x[k.q] = 0
	if i >= k.at {
		x[k.q] = 1
	}
	x[k.q+1] = k.y[i]
	s := k.sums
	for a, v := range x {
		v *= sign
		for b, u := range x[:a+1] {
			s[b] += v * u
		}
		s = s[a+1:]
	}
}

func (k *linearKernel) fit(kept []bool) bool {
	changes := 0
	for i, in := range kept {
		if in != k.in[i] {
			changes++
		}
	}
	if 2*changes > k.n { // building anew costs no more, and forgets rounding
		clear(k.in)
		clear(k.sums)
	}
	for i, in := range kept {
		if in != k.in[i] {
			sign := 1.0
			if !in {
				sign = -1
			}
			k.add(i, sign)
			k.in[i] = in
		}
	}
	p := k.size()
	y := k.sums[(k.q+1)*(k.q+2)/2:]
	return solvePacked(k.factor, k.sums, y[:p], k.beta[:p])
}

func (k *linearKernel) squares(r2 []float64) {
	beta := k.beta[:k.q]
	step := 0.0
	for i := range r2 {
		if i == k.at {
			step = k.beta[k.q]
		}
		r := k.y[i] - step
		row := k.rows[i*k.q : (i+1)*k.q]
		for j, b := range beta {
			r -= row[j] * b
		}
		r2[i] = r * r
	}
}

func (k *linearKernel) linearised(x, r []float64) {
	p := k.size()
	for i := range r {
		row := x[i*p : (i+1)*p]
		copy(row, k.rows[i*k.q:(i+1)*k.q])
		if p > k.q {
			row[k.q] = 0
			if i >= k.at {
				row[k.q] = 1
			}
		}
		r[i] = k.y[i] - floats.Dot(row, k.beta[:p])
	}
}
