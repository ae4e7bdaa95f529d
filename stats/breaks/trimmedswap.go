package breaks

import (
	"math"

	"gonum.org/v1/gonum/floats"
)

// A swapper finds the exchange of one kept unit for one left out that lowers
// the trimmed sum of squares most. A subset that concentration cannot improve
// often falls to such an exchange (Hawkins 1994, CSDA 17, 185-197); all of them
// are rated by the closed form for adding and deleting one row (Agullo 2001,
// CSDA 36, 425-439).
type swapper struct {
	n, p    int
	sums    []float64
	factor  []float64
	white   []float64 // n rows of L^-1 x_i, so that leverages are inner products
	lever   []float64
	in, out []int
}

func newSwapper(n, p int) *swapper {
	return &swapper{
		n: n, p: p, sums: make([]float64, p*(p+1)/2), factor: make([]float64, p*(p+1)/2),
		white: make([]float64, n*p), lever: make([]float64, n),
		in: make([]int, 0, n), out: make([]int, 0, n),
	}
}

// best rates all exchanges for the rows x (n of p) and residuals r of the fit
// on the kept units; gain is 0 when none helps.
func (w *swapper) best(x []float64, p int, r []float64, kept []bool) (out, in int, gain float64) {
	if !w.whiten(x, p, kept) {
		return 0, 0, 0
	}
	for _, j := range w.out {
		wj := w.white[j*p : (j+1)*p]
		f := 1 / (1 + w.lever[j])
		cost := r[j] * r[j] * f
		for _, i := range w.in {
			cross := floats.Dot(w.white[i*p:(i+1)*p], wj)
			e := r[i] - cross*r[j]*f
			left := 1 - w.lever[i] + cross*cross*f
			if left < 1e-9 {
				continue // the unit alone determines a coefficient
			}
			if g := e*e/left - cost; g > gain {
				out, in, gain = i, j, g
			}
		}
	}
	return out, in, gain
}

func (w *swapper) whiten(x []float64, p int, kept []bool) bool {
	sums := w.sums[:p*(p+1)/2]
	clear(sums)
	w.in, w.out = w.in[:0], w.out[:0]
	for i, k := range kept {
		if !k {
			w.out = append(w.out, i)
			continue
		}
		w.in = append(w.in, i)
		row, s := x[i*p:(i+1)*p], sums
		for a, v := range row {
			for b, u := range row[:a+1] {
				s[b] += v * u
			}
			s = s[a+1:]
		}
	}
	if !factorPacked(w.factor, sums, p) {
		return false
	}
	for i := range kept {
		dst := w.white[i*p : (i+1)*p]
		forwardPacked(w.factor, x[i*p:(i+1)*p], dst)
		w.lever[i] = floats.Dot(dst, dst)
	}
	return true
}

// factorPacked is the Cholesky factor of A, both packed by rows of the lower
// triangle; false when A is singular to working precision.
func factorPacked(factor, a []float64, n int) bool {
	for i := range n {
		ri, ai := factor[i*(i+1)/2:], a[i*(i+1)/2:]
		for j := range i + 1 {
			rj := factor[j*(j+1)/2:]
			s := ai[j]
			for c := range j {
				s -= ri[c] * rj[c]
			}
			if j < i {
				ri[j] = s / rj[j]
				continue
			}
			if !(s > 1e-11*ai[i]) {
				return false
			}
			ri[i] = math.Sqrt(s)
		}
	}
	return true
}

// forwardPacked solves L x = b.
func forwardPacked(factor, b, x []float64) {
	for i := range b {
		ri := factor[i*(i+1)/2:]
		s := b[i]
		for j := range i {
			s -= ri[j] * x[j]
		}
		x[i] = s / ri[i]
	}
}

// solvePacked solves A x = b by Cholesky; false when A is singular.
func solvePacked(factor, a, b, x []float64) bool {
	n := len(b)
	if !factorPacked(factor, a, n) {
		return false
	}
	forwardPacked(factor, b, x)
	for i := n - 1; i >= 0; i-- {
		s := x[i]
		for j := i + 1; j < n; j++ {
			s -= factor[j*(j+1)/2+i] * x[j]
		}
		x[i] = s / factor[i*(i+1)/2+i]
	}
	return true
}
