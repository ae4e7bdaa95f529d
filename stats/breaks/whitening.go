package breaks

import (
	"math"
	"sync"

	"gonum.org/v1/gonum/floats"
)

// A whitening is the regression of a series on the model and one step, after
// the AR(1) transformation for one phi:
//
//	z_i = c_i (y_i - phi^g_i y_(i-1)),  c_i = sqrt((1-phi^2)/(1-phi^(2 g_i)))
//
// with g_i the time between the observations (1 and so c_i = 1 where none is
// missing). The first observation only starts the recursion. The step at i
// becomes 0 before i, onset_i at i and rest_j at every j > i.
type whitening struct {
	phi      float64
	decay    []float64   // phi^g_i
	weight   []float64   // c_i
	rest     []float64   // c_i (1 - phi^g_i): the step after its onset
	basis    [][]float64 // orthonormal columns, n long
	inv      []float64   // by candidate: 1 / |a_i|^2, a the step cleared of the basis
	cor      []float64   // by candidate: correlation with the one before; first is 0
	logdet   float64     // ln det of the transformed regressors' cross-product
	logScale float64     // sum of ln c_i, the transformation's Jacobian
	skip     int         // observations used up by the recursion: 0 or 1
	tail     *riceTable  // filled on first use
	once     *sync.Once
}

func levelWhitening(x [][]float64, first, last int) whitening {
	n := len(x[0])
	w := whitening{decay: make([]float64, n), weight: make([]float64, n), rest: make([]float64, n)}
	for i := range w.weight {
		w.weight[i], w.rest[i] = 1, 1
	}
	w.basis, w.logdet = orthonormal(x)
	w.steps(first, last)
	return w
}

func arWhitening(x [][]float64, times []int, phi float64, first, last int, shared [][]float64) whitening {
	n := len(times) - 1
	w := whitening{phi: phi, skip: 1, decay: make([]float64, n), weight: make([]float64, n), rest: make([]float64, n)}
	for i := range n {
		g := float64(times[i+1] - times[i])
		w.decay[i] = math.Pow(phi, g)
		w.weight[i] = math.Sqrt((1 - phi*phi) / (1 - w.decay[i]*w.decay[i]))
		w.rest[i] = w.weight[i] * (1 - w.decay[i])
		w.logScale += math.Log(w.weight[i])
	}
	z := make([][]float64, len(x))
	for j := range x {
		z[j] = make([]float64, n)
		w.apply(z[j], x[j])
	}
	w.basis, w.logdet = orthonormal(z)
	if shared != nil {
		w.basis = shared
	}
	w.steps(first, last)
	return w
}

// apply writes the transform of y (level: a copy) into z.
func (w *whitening) apply(z, y []float64) {
	if w.skip == 0 {
		copy(z, y)
		return
	}
	for i := range z {
		z[i] = w.weight[i] * (y[i+1] - w.decay[i]*y[i])
	}
}

// project removes the model from z, in place.
func (w *whitening) project(z []float64) {
	for _, q := range w.basis {
		floats.AddScaled(z, -floats.Dot(q, z), q)
	}
}

// cleared writes the step at candidate i (an index into the observations),
// cleared of the model, into a.
func (w *whitening) cleared(a []float64, i int) {
	j := i - w.skip
	clear(a[:j])
	a[j] = w.weight[j]
	copy(a[j+1:], w.rest[j+1:])
	w.project(a)
}

// rice is the search's tail, worked out on first use.
func (w *whitening) rice() *riceTable {
	w.once.Do(func() { *w.tail = newRiceTable(w.cor) })
	return w.tail
}

// steps fills the candidates' sums of squares and lag-one correlations.
func (w *whitening) steps(first, last int) {
	n := len(w.weight)
	w.tail, w.once = new(riceTable), new(sync.Once)
	w.inv = make([]float64, last-first+1)
	w.cor = make([]float64, last-first+1)
	a, before := make([]float64, n), make([]float64, n)
	for i := first; i <= last; i++ {
		w.cleared(a, i)
		w.inv[i-first] = 1 / floats.Dot(a, a)
		if i > first {
			w.cor[i-first] = floats.Dot(a, before) * math.Sqrt(w.inv[i-first]*w.inv[i-first-1])
		}
		a, before = before, a
	}
}

// best finds the candidate whose step removes most from the residuals r, which
// must be clear of the model: gain = (a'r)^2 / a'a.
func (w *whitening) best(r []float64, first, last int) (at int, gain float64) {
	var sum float64
	j := len(r) - 1
	for ; j > last-w.skip; j-- {
		sum += w.rest[j] * r[j]
	}
	gain = -1
	for i := last; i >= first; i-- {
		j = i - w.skip
		num := sum + w.weight[j]*r[j]
		if g := num * num * w.inv[i-first]; g >= gain {
			at, gain = i, g
		}
		sum += w.rest[j] * r[j]
	}
	return at, gain
}

// orthonormal returns an orthonormal basis of the columns of x and the log
// determinant of x'x (modified Gram-Schmidt, done twice: to full precision by
// Giraud, Langou and Rozloznik 2005).
func orthonormal(x [][]float64) (basis [][]float64, logdet float64) {
	for _, col := range x {
		q := append([]float64(nil), col...)
		for range 2 {
			for _, b := range basis {
				floats.AddScaled(q, -floats.Dot(b, q), b)
			}
		}
		norm := floats.Norm(q, 2)
		logdet += 2 * math.Log(norm)
		floats.Scale(1/norm, q)
		basis = append(basis, q)
	}
	return basis, logdet
}
