package density

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"
)

// localFit is a local polynomial fit to the distribution function on one side
// of a cutoff, with u = x/h in [-1, 1] and the triangular kernel 1 - |u|.
type localFit struct {
	h        float64
	beta     []float64 // coefficients of 1, u, u^2, ...
	cov      *mat.SymDense
	used     int // observations with |u| <= 1
	distinct int
}

// derivative returns the s-th derivative of the distribution function at the
// cutoff; s = 1 is the density.
func (f localFit) derivative(s int) float64 {
	return f.beta[s] * factorial(s) / math.Pow(f.h, float64(s))
}

// densityVariance is the variance of derivative(1).
func (f localFit) densityVariance() float64 { return f.cov.At(1, 1) / (f.h * f.h) }

// fitDistribution regresses F~(x_i), the share of the other n-1 observations at
// or below x_i, on a polynomial of the given order (Cattaneo, Jansson and Ma
// 2020, JASA 115, eq. 1, with the leave-one-out distribution function). x and
// cdf hold one side, x rising from the cutoff at zero on the right and to it on
// the left; n counts both sides.
//
// The covariance is A^-1 (sum L_i L_i' / n^2) A^-1 with A = sum r_j K_j r_j'/n and
// L_i = sum over j != i of r_j K_j 1(x_i <= x_j) / (n-1), the jackknife estimate
// of the projection of the U-statistic (same paper, section 3). Observations
// outside the window move the intercept alone and are left out.
func fitDistribution(x, cdf []float64, n int, h float64, order int) (localFit, error) {
	from, to := window(x, h)
	rk := make([][]float64, 0, to-from) // r_j K_j
	size := order + 1
	a := mat.NewSymDense(size, nil)
	b := mat.NewVecDense(size, nil)
	distinct := 0
	for j := from; j < to; j++ {
		u := x[j] / h
		weight := 1 - math.Abs(u)
		r := powers(u, size)
		for s := range size {
			for q := s; q < size; q++ {
				a.SetSym(s, q, a.At(s, q)+r[s]*r[q]*weight/float64(n))
			}
			b.SetVec(s, b.AtVec(s)+r[s]*weight*cdf[j]/float64(n))
		}
		for s := range r {
			r[s] *= weight
		}
		rk = append(rk, r)
		if j == from || x[j] != x[j-1] {
			distinct++
		}
	}
	var chol mat.Cholesky
	if distinct <= order || !chol.Factorize(a) {
		return localFit{}, fmt.Errorf(
			"only %d distinct values within %.4g of the cutoff on one side: too few for order %d", distinct, h, order)
	}
	var beta mat.VecDense
	if err := chol.SolveVecTo(&beta, b); err != nil {
		return localFit{}, fmt.Errorf("local fit within %.4g of the cutoff is degenerate: widen the bandwidth", h)
	}
	return localFit{
		h: h, beta: beta.RawVector().Data, cov: sandwich(&chol, projection(x[from:to], rk, n), n),
		used: to - from, distinct: distinct,
	}, nil
}

// window is the range of the sorted x with |x| <= h.
func window(x []float64, h float64) (from, to int) {
	for from < len(x) && x[from] < -h {
		from++
	}
	to = from
	for to < len(x) && x[to] <= h {
		to++
	}
	return from, to
}

// projection returns sum L_i L_i' over the window. Ties lie at or below each
// other, so that each sees all the others of its block.
func projection(x []float64, rk [][]float64, n int) *mat.SymDense {
	size := len(rk[0])
	sum := mat.NewSymDense(size, nil)
	above := make([]float64, size) // sum of rk at or above the present value
	own := mat.NewVecDense(size, nil)
	for last := len(x); last > 0; {
		first := last - 1
		for first > 0 && x[first-1] == x[last-1] {
			first--
		}
		for j := first; j < last; j++ {
			for s := range above {
				above[s] += rk[j][s]
			}
		}
		for j := first; j < last; j++ {
			for s := range above {
				own.SetVec(s, (above[s]-rk[j][s])/float64(n-1))
			}
			sum.SymRankOne(sum, 1, own)
		}
		last = first
	}
	return sum
}

// sandwich is A^-1 (m / n^2) A^-1.
func sandwich(chol *mat.Cholesky, m *mat.SymDense, n int) *mat.SymDense {
	size := m.SymmetricDim()
	var inverse mat.SymDense
	if err := chol.InverseTo(&inverse); err != nil {
		return mat.NewSymDense(size, nil)
	}
	var half, full mat.Dense
	half.Mul(&inverse, m)
	full.Mul(&half, &inverse)
	cov := mat.NewSymDense(size, nil)
	for s := range size {
		for q := s; q < size; q++ {
			cov.SetSym(s, q, (full.At(s, q)+full.At(q, s))/2/float64(n)/float64(n))
		}
	}
	return cov
}

// kernelConstants are the leading bias and variance of a derivative at a
// boundary: for order p and derivative s,
// bias h^(p+1-s) F^(p+1) bias, variance f variance / (n h^(2s-1)).
type kernelConstants struct{ bias, variance float64 }

// triangularMoment and uniformMoment are the k-th moments of 1-u and of 1 on
// (0, 1).
func triangularMoment(k int) float64 { return 1 / float64((k+1)*(k+2)) }
func uniformMoment(k int) float64    { return 1 / float64(k+1) }

// boundaryBias is s!/(p+1)! e_s' S^-1 c with S the moments of r_p r_p' and c
// those of u^(p+1) r_p (Cattaneo, Jansson and Ma 2020, theorem 1).
func boundaryBias(moment func(int) float64, p, s int) float64 {
	chol := momentMatrix(moment, p)
	c := mat.NewVecDense(p+1, nil)
	for k := range p + 1 {
		c.SetVec(k, moment(p+1+k))
	}
	var solved mat.VecDense
	_ = chol.SolveVecTo(&solved, c) // moments of a density on an interval: never singular
	return solved.AtVec(s) * factorial(s) / factorial(p+1)
}

// uniformBoundary gives both constants for the uniform kernel, for which the
// variance has the closed form Gamma_ab = [1 - 1/(a+2) - 1/(b+2) + 1/(a+b+3)] /
// ((a+1)(b+1)), the double integral of min(u,v) u^a v^b.
func uniformBoundary(p, s int) kernelConstants {
	gamma := mat.NewSymDense(p+1, nil)
	for a := range p + 1 {
		for b := a; b <= p; b++ {
			x, y := float64(a), float64(b)
			gamma.SetSym(a, b, (1-1/(x+2)-1/(y+2)+1/(x+y+3))/((x+1)*(y+1)))
		}
	}
	cov := sandwich(momentMatrix(uniformMoment, p), gamma, 1)
	return kernelConstants{
		bias:     boundaryBias(uniformMoment, p, s),
		variance: cov.At(s, s) * factorial(s) * factorial(s),
	}
}

func momentMatrix(moment func(int) float64, p int) *mat.Cholesky {
	s := mat.NewSymDense(p+1, nil)
	for a := range p + 1 {
		for b := a; b <= p; b++ {
			s.SetSym(a, b, moment(a+b))
		}
	}
	var chol mat.Cholesky
	chol.Factorize(s)
	return &chol
}

func powers(u float64, n int) []float64 {
	r := make([]float64, n)
	r[0] = 1
	for k := 1; k < n; k++ {
		r[k] = r[k-1] * u
	}
	return r
}

func factorial(n int) float64 { return math.Gamma(float64(n + 1)) }

// hermite is the probabilists' Hermite polynomial He_n(z):
// the n-th derivative of the normal density is (-1)^n He_n(z) times the density.
func hermite(n int, z float64) float64 {
	before, now := 0.0, 1.0
	for k := range n {
		before, now = now, z*now-float64(k)*before
	}
	return now
}
