package breaks

import (
	"math"

	"gonum.org/v1/gonum/floats"
)

// A profile is what least squares says of the cleaned series at one phi.
type profile struct {
	rss  float64 // without a step
	at   int     // best step
	gain float64 // by which it lowers rss
	null float64 // restricted log likelihood without a step, plus log prior
	step float64 // log of the likelihood that the best step adds
}

// stride is the step through phiGrid. The likelihood of phi has a standard
// deviation near sqrt((1-phi^2)/n), and a sum over a grid as wide as that is
// its integral to a fraction of a percent.
func (d *Design) stride() int {
	if len(d.times) <= 260 {
		return 2
	}
	return 1
}

// profileAll works out the restricted likelihood (Patterson and Thompson 1971)
// for the phi of the grid, which corrects phi for the bias that fitting trend
// and season brings.
func (s *Scanner) profileAll() {
	d := s.d
	s.clearedOfModel()
	for i := 0; i < len(d.ar); i += d.stride() {
		w, p := &d.ar[i], &s.prof[i]
		p.rss = floats.Dot(s.e[i], s.e[i])
		p.at, p.gain = w.best(s.e[i], d.first, d.last)
		df := float64(len(s.e[i]) - len(w.basis))
		p.null = -df/2*math.Log(p.rss) + w.logScale - w.logdet/2 + s.pen[i]
		p.step = -df / 2 * math.Log(math.Max(1e-15, 1-p.gain/p.rss))
	}
}

// clearedOfModel fills s.e. For a series without gaps the transforms are
// y_t - phi y_(t-1) and share one basis, so that two projections serve all.
func (s *Scanner) clearedOfModel() {
	d := s.d
	if !d.regular() {
		for i := 0; i < len(d.ar); i += d.stride() {
			d.ar[i].apply(s.e[i], s.cleaned)
			d.ar[i].project(s.e[i])
		}
		return
	}
	n := len(s.cleaned) - 1
	now, before := s.e[0], s.resid[:n]
	copy(now, s.cleaned[1:])
	copy(before, s.cleaned[:n])
	d.ar[0].project(now)
	d.ar[0].project(before)
	for i := d.stride(); i < len(d.ar); i += d.stride() {
		floats.AddScaledTo(s.e[i], now, -phiGrid[i], before)
	}
}

// screening is the first statistic: sqrt(2 ln) of the likelihood ratio by
// least squares, phi averaged out. With it come the mean of phi without a step
// and the index of the best phi with one.
func (s *Scanner) screening() (z, null float64, with int) {
	top0, top1 := math.Inf(-1), math.Inf(-1)
	for i := 0; i < len(s.prof); i += s.d.stride() {
		p := &s.prof[i]
		top0 = math.Max(top0, p.null)
		if v := p.null + p.step; v > top1 {
			top1, with = v, i
		}
	}
	var sum0, sum1, mean float64
	for i := 0; i < len(s.prof); i += s.d.stride() {
		p := &s.prof[i]
		v := math.Exp(p.null - top0)
		sum0 += v
		mean += v * phiGrid[i]
		sum1 += math.Exp(p.null + p.step - top1)
	}
	lr := top1 - top0 + math.Log(sum1/sum0)
	return math.Sqrt(math.Max(0, 2*lr)), mean / sum0, with
}

// leastSquares is the answer of the screening alone, for the phi of index i.
func (s *Scanner) leastSquares(i int) evidence {
	w, p := &s.d.ar[i], &s.prof[i]
	r, step := s.e[i], s.step[:len(s.e[i])]
	w.cleared(step, p.at)
	inv := w.inv[p.at-s.d.first]
	scale := math.Sqrt(math.Max(0, p.rss-p.gain) / float64(len(r)-len(w.basis)-1))
	return evidence{
		at: p.at, phi: w.phi, phiSE: math.Sqrt((1 - w.phi*w.phi) / float64(len(r))), scale: scale, converged: true,
		size: floats.Dot(step, r) * inv, se: scale * math.Sqrt(inv),
	}
}
