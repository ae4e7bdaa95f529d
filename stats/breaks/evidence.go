package breaks

import (
	"math"

	"gonum.org/v1/gonum/floats"

	"counterflow/stats/robust"
)

// evidence is what the Student likelihood says of one candidate.
type evidence struct {
	at        int
	lr        float64 // ln of the likelihood ratio, phi averaged out
	phi       float64 // posterior mean given the step
	phiSE     float64 // posterior standard deviation
	size, se  float64
	scale     float64
	ratio     float64 // mean slope of the scores over their mean square
	converged bool
}

// likWindow: values of phi whose likelihood is e^-8 of the best are left out.
const likWindow = 8

// refine compares, by the likelihood of Student-5 innovations with phi
// averaged out over its grid, the best of a few candidate steps with no step.
// Student innovations matter twice: a wild innovation of a strongly
// autocorrelated series looks like a step to least squares, and on heavy tails
// the likelihood is worth a quarter more observations.
func (s *Scanner) refine(i1 int) (best evidence, phiNull float64) {
	start := s.startScale(i1)
	null, i0 := s.nullLikelihood(start)
	for i := 0; i < len(phiGrid); i += s.d.stride() {
		phiNull += math.Exp(s.lik[i]-null) * phiGrid[i]
	}
	candidates := [4]int{s.prof[i1].at, s.prof[0].at, s.scoreBest(i0), s.scoreBest(0)}
	var lik [4]float64
	top := math.Inf(-1)
	for c, at := range candidates {
		lik[c] = math.Inf(-1)
		if !seen(candidates[:c], at) {
			lik[c], _, _, _ = s.withStep(i1, at)
			top = math.Max(top, lik[c])
		}
	}
	best.lr = math.Inf(-1)
	for c, at := range candidates {
		if lik[c] > top-contest {
			if e := s.weigh(at, null); e.lr > best.lr {
				best = e
			}
		}
	}
	return best, phiNull
}

// contest: candidates less likely than e^-2 of the best at one phi are left.
const contest = 2

func seen(list []int, v int) bool {
	for _, x := range list {
		if x == v {
			return true
		}
	}
	return false
}

// startScale is a robust scale of the innovations without a step.
func (s *Scanner) startScale(i int) float64 {
	buf := s.buf[:len(s.e[i])]
	copy(buf, s.e[i])
	if scale := robust.MADAboutInPlace(buf, 0); scale > 0 {
		return scale
	}
	return math.Sqrt(s.prof[i].rss / float64(len(buf)))
}

// nullLikelihood fits the model without a step at every phi worth it, and
// returns the log of the sum of the likelihoods and the best phi's index.
func (s *Scanner) nullLikelihood(start float64) (logSum float64, best int) {
	top0, top1 := math.Inf(-1), math.Inf(-1)
	for i := 0; i < len(s.prof); i += s.d.stride() {
		p := &s.prof[i]
		top0, top1 = math.Max(top0, p.null), math.Max(top1, p.null+p.step)
	}
	top := math.Inf(-1)
	for i := 0; i < len(s.d.ar); i += s.d.stride() {
		s.lik[i] = math.Inf(-1)
		p := &s.prof[i]
		if i != 0 && p.null < top0-likWindow && p.null+p.step < top1-likWindow {
			continue
		}
		w := &s.d.ar[i]
		copy(s.h0[i], s.e[i])
		lik, scale, _ := studentFit(w, s.h0[i], nil, s.buf, start)
		s.s0[i], start = scale, scale
		s.lik[i] = lik + w.logScale - w.logdet/2 + s.pen[i]
		if s.lik[i] > top {
			top, best = s.lik[i], i
		}
	}
	sum := 0.0
	for i := 0; i < len(s.d.ar); i += s.d.stride() {
		sum += math.Exp(s.lik[i] - top)
	}
	return top + math.Log(sum), best
}

// scoreBest is the step that best fits the Student scores of the fit without
// a step: the residuals, wild ones pulled in.
func (s *Scanner) scoreBest(i int) int {
	const nu = studentDF
	q := s.buf[:len(s.h0[i])]
	inv := 1 / (s.s0[i] * s.s0[i])
	for j, v := range s.h0[i] {
		q[j] = v / (nu + v*v*inv)
	}
	w := &s.d.ar[i]
	w.project(q)
	at, _ := w.best(q, s.d.first, s.d.last)
	return at
}

// withStep fits the Student likelihood with a step at one position for the phi
// of index i; the residuals stay in s.resid. size is the step's coefficient.
func (s *Scanner) withStep(i, at int) (lik, size, scale float64, ok bool) {
	w := &s.d.ar[i]
	r, step := s.resid[:len(s.e[i])], s.step[:len(s.e[i])]
	norm := math.Sqrt(w.inv[at-s.d.first])
	w.cleared(step, at)
	floats.Scale(norm, step)
	copy(r, s.e[i])
	ls := floats.Dot(step, r)
	floats.AddScaled(r, -ls, step)
	lik, scale, ok = studentFit(w, r, step, s.buf, s.s0[i])
	size = (ls - floats.Dot(step, r)) * norm
	return lik + w.logScale - w.logdet/2 + s.pen[i], size, scale, ok
}

// weigh averages the Student likelihood with a step at one position over phi,
// relative to null, the log of its sum without a step. Sums are kept relative to
// the largest likelihood so far, since a plain shift can overflow a float64.
func (s *Scanner) weigh(at int, null float64) evidence {
	out := evidence{at: at, converged: true}
	var sum, square, squarePhi float64
	top := math.Inf(-1)
	for i := 0; i < len(s.d.ar); i += s.d.stride() {
		if math.IsInf(s.lik[i], -1) {
			continue
		}
		lik, size, scale, ok := s.withStep(i, at)
		if lik < top-negligible {
			continue
		}
		v := 1.0
		if lik > top {
			f := math.Exp(top - lik)
			top = lik
			for _, p := range []*float64{&sum, &square, &squarePhi, &out.phi, &out.size, &out.scale, &out.ratio} {
				*p *= f
			}
		} else {
			v = math.Exp(lik - top)
		}
		w, r := &s.d.ar[i], s.resid[:len(s.e[i])]
		free := float64(len(r)) / float64(len(r)-len(w.basis)-1)
		sum += v
		out.phi += v * w.phi
		squarePhi += v * w.phi * w.phi
		out.size += v * size
		square += v * (size*size + studentVariance*free*scale*scale*w.inv[at-s.d.first])
		out.scale += v * scale
		out.ratio += v * studentRatio(r, scale)
		out.converged = out.converged && ok
	}
	out.phi, out.size, out.scale, out.ratio = out.phi/sum, out.size/sum, out.scale/sum, out.ratio/sum
	out.phiSE = math.Sqrt(math.Max(0, squarePhi/sum-out.phi*out.phi))
	out.se = math.Sqrt(math.Max(0, square/sum-out.size*out.size))
	out.lr = (top - null + math.Log(sum)) * (1 + 3*out.ratio) / 4
	return out
}

// negligible: a likelihood a ten-thousandth of the best adds nothing worth its
// score.
const negligible = 4 * math.Ln10

// studentVariance is the variance of a location estimate from Student-5 data,
// times their number, in units of the squared scale: (nu+3)/(nu+1).
const studentVariance = (studentDF + 3.0) / (studentDF + 1.0)
