package reliability

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// errors sets the standard errors of the biases: with A the information of all
// gaps and of the prior, and P = I - 11'/n what makes the biases sum to zero, the
// roots of the diagonal of P A^-1 P. A bias is a difference from the others, so
// that a reporter whose partners are little known is little known itself; its own
// gaps alone would not tell. The causes that gaps are likely to have are taken
// as found. Where A cannot be inverted the errors stay those of single biases,
// given all others.
func (b *biases) errors(centers []center) {
	nx, nm := len(b.exporters), len(b.importers)
	n := nx + nm
	if n == 0 {
		return
	}
	information := mat.NewSymDense(n, nil)
	add := func(i, j int, v float64) { information.SetSym(i, j, information.At(i, j)+v) }
	for i := range n {
		add(i, i, 1/b.between)
	}
	for i := range centers {
		c := &centers[i]
		x, m := int(c.exporter), nx+int(c.importer)
		add(x, x, c.precision)
		add(m, m, c.precision)
		add(x, m, -c.precision)
	}
	var factor mat.Cholesky
	covariance := mat.NewSymDense(n, nil)
	if !factor.Factorize(information) || factor.InverseTo(covariance) != nil {
		return
	}
	means, all := make([]float64, n), 0.0 // of rows, and of the whole
	for i := range n {
		for j := range n {
			means[i] += covariance.At(i, j) / float64(n)
		}
		all += means[i] / float64(n)
	}
	for i := range n {
		se := math.Sqrt(max(covariance.At(i, i)-2*means[i]+all, 0))
		if i < nx {
			b.exporterSE[i] = se
		} else {
			b.importerSE[i-nx] = se
		}
	}
}
