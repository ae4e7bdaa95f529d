package robust

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"
)

// lsFit is a least-squares fit to some rows, in units of the sample.
type lsFit struct {
	coef  []float64
	rss   float64
	rows  int
	cross *mat.SymDense // inverse of X'X
}

// leastSquares fits the rows marked in by Householder reflections, which keeps
// the digits that the normal equations of the search may lose.
func (s *sample) leastSquares(in []bool) (lsFit, error) {
	var rows []int
	for i, keep := range in {
		if keep {
			rows = append(rows, i)
		}
	}
	if len(rows) < s.p {
		return lsFit{}, fmt.Errorf("%d rows are left for %d coefficients", len(rows), s.p)
	}
	x, y := mat.NewDense(len(rows), s.p, nil), mat.NewVecDense(len(rows), nil)
	for i, row := range rows {
		y.SetVec(i, s.y[row])
		for j, c := range s.cols {
			x.Set(i, j, c[row])
		}
	}
	return solveLeastSquares(x, y)
}

func solveLeastSquares(x *mat.Dense, y *mat.VecDense) (lsFit, error) {
	n, p := x.Dims()
	var qr mat.QR
	qr.Factorize(x)
	var coef mat.VecDense
	if err := qr.SolveVecTo(&coef, false, y); err != nil {
		return lsFit{}, fmt.Errorf("the rows that are left do not determine the fit: %w", err)
	}
	var fitted mat.VecDense
	fitted.MulVec(x, &coef)
	fit := lsFit{coef: coef.RawVector().Data, rows: n}
	for i := range n {
		r := y.AtVec(i) - fitted.AtVec(i)
		fit.rss += r * r
	}
	// X = QR gives (X'X)^-1 = R^-1 R^-1'.
	r := mat.NewTriDense(p, mat.Upper, nil)
	var full mat.Dense
	qr.RTo(&full)
	for i := range p {
		for j := i; j < p; j++ {
			r.SetTri(i, j, full.At(i, j))
		}
	}
	var inverse mat.TriDense
	if err := inverse.InverseTri(r); err != nil {
		return lsFit{}, fmt.Errorf("the rows that are left do not determine the fit: %w", err)
	}
	fit.cross = mat.NewSymDense(p, nil)
	fit.cross.SymOuterK(1, &inverse)
	return fit, nil
}

func (f lsFit) covariance(scale float64) *mat.SymDense {
	out := mat.NewSymDense(len(f.coef), nil)
	out.ScaleSym(scale*scale, f.cross)
	return out
}

func standardErrors(cov *mat.SymDense) []float64 {
	se := make([]float64, cov.SymmetricDim())
	for i := range se {
		se[i] = math.Sqrt(cov.At(i, i))
	}
	return se
}
