package breaks

import (
	"math"

	"gonum.org/v1/gonum/floats"
)

const (
	studentDF    = 5 // heavier than normal, the usual choice where tails are not estimated
	studentLimit = 30
	studentTol   = 3e-4 // relative change of the scale; the likelihood changes by its square
)

// studentFit maximises the likelihood of Student-5 errors with a free scale
// over the model of w and, where step is not nil, that unit vector too. It
// starts from r, the residuals of another fit of the same space, and leaves its
// own there. Constants are left out of the log likelihood.
//
// Each round weighs residuals by (nu+1)/(nu+r^2/s^2), sets s^2 to the weighted
// mean square (Kent, Tyler and Vardi 1994) and moves the fit by the projection
// of the weighted residuals over the mean weight: the fixed design then serves
// in place of a weighted regression, as in Huber's modified residuals.
func studentFit(w *whitening, r, step, q []float64, scale float64) (lik, s float64, converged bool) {
	q = q[:len(r)]
	n := float64(len(r))
	s = scale
	for range studentLimit {
		sw, swr := studentWeigh(q, r, 1/(s*s))
		rate := n / sw
		for _, b := range w.basis {
			floats.AddScaled(r, -floats.Dot(b, q)*rate, b)
		}
		if step != nil {
			floats.AddScaled(r, -floats.Dot(step, q)*rate, step)
		}
		before := s
		s = math.Sqrt(swr / sw)
		if converged = math.Abs(s-before) <= studentTol*s; converged {
			break
		}
	}
	return studentLik(r, s), s, converged
}

// studentWeigh fills q with r times the weights (nu+1)/(nu+r^2 inv) and returns
// the sum of the weights and of the weighted squares. Two elements share one
// division, the slowest step of all.
func studentWeigh(q, r []float64, inv float64) (sw, swr float64) {
	const nu = studentDF
	var sw2, swr2 float64
	q = q[:len(r)]
	i := 0
	for ; i+1 < len(r); i += 2 {
		a, b := r[i], r[i+1]
		da, db := nu+a*a*inv, nu+b*b*inv
		both := (nu + 1) / (da * db)
		wa, wb := both*db, both*da
		q[i], q[i+1] = wa*a, wb*b
		sw += wa
		sw2 += wb
		swr += wa * a * a
		swr2 += wb * b * b
	}
	if i < len(r) {
		w := (nu + 1) / (nu + r[i]*r[i]*inv)
		q[i] = w * r[i]
		sw += w
		swr += w * r[i] * r[i]
	}
	return sw + sw2, swr + swr2
}

// studentRatio is E psi' / E psi^2 of the residuals, 1 where they are Student-5
// at scale s: the factor that makes the likelihood ratio chi-squared whatever
// the noise.
func studentRatio(r []float64, s float64) float64 {
	const nu = studentDF
	inv := 1 / (s * s)
	var slope, square float64
	for _, v := range r {
		x := v * v * inv
		wt := (nu + 1) / (nu + x)
		square += wt * wt * x
		slope += wt * (nu - x) / (nu + x)
	}
	return slope / square
}

// studentLik is the log likelihood of residuals r at scale s, less constants.
// Logs are taken of products of sixteen terms, which cannot overflow.
func studentLik(r []float64, s float64) float64 {
	const nu = studentDF
	inv := 1 / (nu * s * s)
	sum, prod := 0.0, 1.0
	for i, v := range r {
		prod *= 1 + v*v*inv
		if i%16 == 15 {
			sum += math.Log(prod)
			prod = 1
		}
	}
	sum += math.Log(prod)
	return -(nu+1)/2*sum - float64(len(r))*math.Log(s)
}
