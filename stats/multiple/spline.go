package multiple

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// smoothingSpline returns the values at x of the natural cubic spline g that
// minimises sum (y-g)^2 + alpha integral g”^2, with alpha set so that the
// smoother has the given degrees of freedom (trace). x must rise; len(x) >= 4
// and 2 < df < len(x).
//
// The smoother is (I + alpha K)^-1, K = Q R^-1 Q' (Green and Silverman 1994,
// section 2.1.2); its trace is sum 1/(1 + alpha d) over the eigenvalues d of K, two
// of which are zero (straight lines).
func smoothingSpline(x, y []float64, df float64) []float64 {
	n := len(x)
	var eigen mat.EigenSym
	eigen.Factorize(roughness(x), true)
	d := eigen.Values(nil)
	for i := range d {
		d[i] = math.Max(d[i], 0)
	}
	d[0], d[1] = 0, 0
	alpha := alphaForTrace(d, df)

	var basis mat.Dense
	eigen.VectorsTo(&basis)
	var coef, fit mat.VecDense
	coef.MulVec(basis.T(), mat.NewVecDense(n, append([]float64(nil), y...)))
	for i := range n {
		coef.SetVec(i, coef.AtVec(i)/(1+alpha*d[i]))
	}
	fit.MulVec(&basis, &coef)
	return fit.RawVector().Data
}

// alphaForTrace solves sum 1/(1 + alpha d) = df by bisection on ln alpha; the
// trace falls steadily in alpha, so that halving the bracket settles it.
func alphaForTrace(d []float64, df float64) float64 {
	top := d[len(d)-1]
	lo, hi := math.Log(1e-12/top), math.Log(1e16/top)
	for range 200 {
		mid := (lo + hi) / 2
		trace := 0.0
		for _, v := range d {
			trace += 1 / (1 + math.Exp(mid)*v)
		}
		if trace > df {
			lo = mid
		} else {
			hi = mid
		}
	}
	return math.Exp((lo + hi) / 2)
}

// roughness is K = Q R^-1 Q' of Green and Silverman, section 2.1.2, for knots x.
func roughness(x []float64) *mat.SymDense {
	n := len(x)
	q := mat.NewDense(n, n-2, nil)
	r := mat.NewSymDense(n-2, nil)
	for j := 1; j < n-1; j++ {
		before, after := x[j]-x[j-1], x[j+1]-x[j]
		q.Set(j-1, j-1, 1/before)
		q.Set(j, j-1, -1/before-1/after)
		q.Set(j+1, j-1, 1/after)
		r.SetSym(j-1, j-1, (before+after)/3)
		if j < n-2 {
			r.SetSym(j-1, j, after/6)
		}
	}
	var chol mat.Cholesky
	chol.Factorize(r) // R is strictly diagonally dominant, hence positive definite
	var inner, k mat.Dense
	// SolveTo fails only where R is near singular, which rising knots exclude.
	_ = chol.SolveTo(&inner, q.T())
	k.Mul(q, &inner)
	sym := mat.NewSymDense(n, nil)
	for i := range n {
		for j := i; j < n; j++ {
			sym.SetSym(i, j, (k.At(i, j)+k.At(j, i))/2)
		}
	}
	return sym
}
