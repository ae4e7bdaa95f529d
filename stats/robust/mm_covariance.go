package robust

import "gonum.org/v1/gonum/mat"

// covariance estimates the covariance of the coefficients, in original units,
// by Croux, Dhaene and Hoorelbeke (2003), from the estimating equations of
// coefficients and scale together. Write psi, psi' for the bisquare of the
// last stage at u = r/s, rho and rho' for that of the S-stage at v = r_S/s and
// E for the mean over rows. Then
//
//	A = s (E psi' x x')^-1,  a = A E[psi' u x] / E[rho' v],
//	n Cov = A E[psi^2 x x'] A' - a E[rho psi x]' A' - A E[rho psi x] a' + (E rho^2 - 1/4) a a'.
//
// It is nil when the scale is 0 or the sums leave no positive variances.
func (f *sSearch) covariance(start, final sOptimum) *mat.SymDense {
	if final.scale <= exactFit {
		return nil
	}
	e := f.scoreMeans(start, final)
	var bread mat.Dense
	if err := bread.Inverse(e.slope); err != nil {
		return nil
	}
	bread.Scale(final.scale, &bread)
	var a, c mat.VecDense
	a.MulVec(&bread, e.slopeU)
	a.ScaleVec(1/e.rhoSlopeV, &a)
	c.MulVec(&bread, e.rhoScore)

	var half, cov, outer mat.Dense
	half.Mul(&bread, e.score2)
	cov.Mul(&half, bread.T())
	outer.Outer(1, &a, &c)
	cov.Sub(&cov, &outer)
	cov.Sub(&cov, outer.T())
	outer.Outer(e.rho2-sHalf*sHalf, &a, &a)
	cov.Add(&cov, &outer)
	cov.Scale(1/float64(f.sample.n), &cov)
	standard := symmetric(&cov)
	for j := range f.sample.p {
		if !(standard.At(j, j) > 0) {
			return nil
		}
	}
	return f.sample.covariance(standard)
}

// scoreMeans are the means over rows that the covariance is made of.
type scoreMeans struct {
	slope     *mat.SymDense // psi' x x'
	score2    *mat.SymDense // psi^2 x x'
	slopeU    *mat.VecDense // psi' u x
	rhoScore  *mat.VecDense // rho psi x
	rhoSlopeV float64       // rho' v
	rho2      float64       // rho^2
}

func (f *sSearch) scoreMeans(start, final sOptimum) scoreMeans {
	s := f.sample
	e := scoreMeans{
		slope: mat.NewSymDense(s.p, nil), score2: mat.NewSymDense(s.p, nil),
		slopeU: mat.NewVecDense(s.p, nil), rhoScore: mat.NewVecDense(s.p, nil),
	}
	resid, first := make([]float64, s.n), make([]float64, s.n)
	s.residuals(resid, final.coef)
	s.residuals(first, start.coef)
	x, share := make([]float64, s.p), 1/float64(s.n)
	for i := range resid {
		for j, c := range s.cols {
			x[j] = c[i]
		}
		row := mat.NewVecDense(s.p, x)
		u, v := resid[i]/final.scale, first[i]/(start.scale*BreakdownTuning)
		psi, slope := u*bisquareWeight(u/final.tuning), bisquareSlope(u/final.tuning)
		rho := bisquareRho(v)
		e.slope.SymRankOne(e.slope, share*slope, row)
		e.score2.SymRankOne(e.score2, share*psi*psi, row)
		e.slopeU.AddScaledVec(e.slopeU, share*slope*u, row)
		e.rhoScore.AddScaledVec(e.rhoScore, share*rho*psi, row)
		e.rhoSlopeV += share * 6 * v * v * bisquareWeight(v) // v d/dv of rho
		e.rho2 += share * rho * rho
	}
	return e
}
