package robust

import (
	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
)

// coef takes coefficients from standardised to original units.
func (s *sample) coef(standard []float64) []float64 {
	out := make([]float64, s.p)
	yScale, yCenter := s.scale[s.p], s.center[s.p]
	shift := yCenter
	for j, b := range standard {
		out[j] = b * yScale / s.scale[j]
		shift -= out[j] * s.center[j]
	}
	if s.intercept {
		out[0] += shift
	}
	return out
}

// covariance takes the covariance of coefficients from standardised to
// original units.
func (s *sample) covariance(standard *mat.SymDense) *mat.SymDense {
	t := mat.NewDense(s.p, s.p, nil)
	for j := range s.p {
		t.Set(j, j, s.scale[s.p]/s.scale[j])
		if s.intercept && j > 0 {
			t.Set(0, j, -s.center[j]*s.scale[s.p]/s.scale[j])
		}
	}
	var half, full mat.Dense
	half.Mul(t, standard)
	full.Mul(&half, t.T())
	return symmetric(&full)
}

func symmetric(m *mat.Dense) *mat.SymDense {
	n, _ := m.Dims()
	out := mat.NewSymDense(n, nil)
	for i := range n {
		for j := i; j < n; j++ {
			out.SetSym(i, j, (m.At(i, j)+m.At(j, i))/2)
		}
	}
	return out
}

// residuals are y - X coef in standardised units.
func (s *sample) residuals(dst, coef []float64) {
	copy(dst, s.y)
	for j, b := range coef {
		floats.AddScaled(dst, -b, s.cols[j])
	}
}

// callerRows puts values of the sample back in the caller's order, times
// factor.
func (s *sample) callerRows(values []float64, factor float64) []float64 {
	out := make([]float64, s.n)
	for i, row := range s.order {
		out[row] = factor * values[i]
	}
	return out
}
