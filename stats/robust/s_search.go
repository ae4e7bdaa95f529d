package robust

import (
	"math"
	"slices"
)

const (
	sHalf           = 0.5 // right-hand side of the scale equation
	sRefinements    = 2   // reweightings before a start is judged
	sFinalists      = 5   // starts followed to the end (Salibian-Barrera and Yohai 2006)
	scaleTolerance  = 1e-12
	scaleCap        = 200
	refineTolerance = 1e-10 // change of coefficients, in scales per standardised unit
	refineCap       = 500
	judgeRows       = 2000 // larger samples are judged on this many random rows
)

// reweighting does weighted least-squares steps on a sample, as corrections of
// the coefficients: the correction vanishes where X'W r does, so rounding in
// the normal equations slows the way to the fit but does not move it.
type reweighting struct {
	sample *sample
	rows   []float64 // row after row, the last place for the residual
	resid  []float64
	sums   moments
	delta  []float64
}

func newReweighting(s *sample) *reweighting {
	r := &reweighting{sample: s, rows: make([]float64, s.n*(s.p+1)), resid: make([]float64, s.n), sums: newMoments(s.p + 1), delta: make([]float64, s.p)}
	for j, c := range s.cols {
		for i, v := range c {
			r.rows[i*(s.p+1)+j] = v
		}
	}
	return r
}

// step moves coef by one weighted least-squares step with weights of the
// residuals in units of scale, and returns the largest change.
func (r *reweighting) step(coef []float64, scale, tuning float64) (change float64, ok bool) {
	r.sums.clear()
	stride, unit := r.sample.p+1, 1/(scale*tuning)
	for i, e := range r.resid {
		if w := bisquareWeight(e * unit); w > 0 {
			row := r.rows[i*stride : (i+1)*stride]
			row[r.sample.p] = e
			r.sums.addWeighted(row, w)
		}
	}
	if _, ok := r.sums.solve(r.delta); !ok {
		return 0, false
	}
	for j, d := range r.delta {
		coef[j] += d
		change = max(change, math.Abs(d))
	}
	r.sample.residuals(r.resid, coef)
	return change, !math.IsNaN(change)
}

// mScale solves (1/(n-p)) sum rho(r/s) = 1/2 for s from a start, by
// s^2 <- s^2 mean/(1/2) (Maronna, Martin and Yohai 2006, section 9.4). It is 0
// when fewer than (n-p)/2 residuals differ from 0.
func mScale(resid []float64, p int, start float64) float64 {
	s := start
	for range scaleCap {
		mean := meanRho(resid, p, s)
		if s *= math.Sqrt(mean / sHalf); s <= exactFit*1e-4 {
			return 0
		}
		if math.Abs(mean/sHalf-1) <= scaleTolerance {
			break
		}
	}
	return s
}

func meanRho(resid []float64, p int, scale float64) float64 {
	sum, unit := 0.0, 1/(scale*BreakdownTuning)
	for _, e := range resid {
		sum += bisquareRho(e * unit)
	}
	return sum / float64(len(resid)-p)
}

// sSearch looks for the coefficients whose residuals have the least scale.
type sSearch struct {
	*reweighting
	starts     int
	exhaustive bool
	subsets    *Subsets
	tried      int
}

// sOptimum is a fit in units of the sample.
type sOptimum struct {
	coef       []float64
	scale      float64
	tuning     float64 // of the bisquare that gave coef
	iterations int
	converged  bool
}

// run judges the starts and follows the best to the end.
func (f *sSearch) run() sOptimum {
	best := NewCandidates(sFinalists, f.sample.p)
	switch {
	case f.exhaustive:
		for rows := firstRows(f.sample.p); ; {
			f.judge(rows, best)
			if !nextCombination(rows, f.sample.n) {
				break
			}
		}
	case f.sample.n > judgeRows:
		f.onPart(best)
	default:
		f.random(best)
	}
	return f.follow(best)
}

func (f *sSearch) random(best *Candidates) {
	rows := make([]int, f.sample.p)
	for range f.starts {
		for range redrawBudget {
			f.subsets.Draw(rows, f.sample.n)
			if f.judge(rows, best) {
				break
			}
		}
	}
}

// onPart judges the starts on a random part of a large sample.
func (f *sSearch) onPart(best *Candidates) {
	rows := make([]int, judgeRows)
	f.subsets.Draw(rows, f.sample.n)
	slices.Sort(rows)
	part := sSearch{reweighting: newReweighting(f.sample.part(rows)), starts: f.starts, subsets: f.subsets}
	part.random(best)
	f.tried = part.tried
}

// judge refines the fit to rows and offers it. It says false when rows do not
// determine one.
func (f *sSearch) judge(rows []int, best *Candidates) bool {
	coef := make([]float64, f.sample.p)
	if !f.through(rows, coef) {
		return false
	}
	f.tried++
	f.sample.residuals(f.resid, coef)
	scale := f.medianScale()
	for range sRefinements {
		if scale <= exactFit {
			break
		}
		scale *= math.Sqrt(meanRho(f.resid, f.sample.p, scale) / sHalf)
		if _, ok := f.step(coef, scale, BreakdownTuning); !ok {
			return true // it determined a fit that leads nowhere
		}
	}
	// A scale below the worst candidate's leaves less than half of rho there
	// (Yohai and Zamar): one sum spares most starts the scale equation.
	if worst := best.Worst(); math.IsInf(worst, 1) || meanRho(f.resid, f.sample.p, worst) < sHalf {
		best.Offer(mScale(f.resid, f.sample.p, max(scale, exactFit)), coef)
	}
	return true
}

// through fits rows by least squares.
func (f *sSearch) through(rows []int, coef []float64) bool {
	f.sums.clear()
	stride := f.sample.p + 1
	for _, i := range rows {
		row := f.rows[i*stride : (i+1)*stride]
		row[f.sample.p] = f.sample.y[i]
		f.sums.add(row)
	}
	_, ok := f.sums.solve(coef)
	return ok
}

func (f *sSearch) medianScale() float64 {
	return MADAboutInPlace(slices.Clone(f.resid), 0)
}

// follow takes each candidate to its fixed point and keeps the least scale.
func (f *sSearch) follow(best *Candidates) sOptimum {
	optimum := sOptimum{scale: math.Inf(1), tuning: BreakdownTuning}
	for c := range best.Len() {
		o := sOptimum{coef: slices.Clone(best.Coef(c)), tuning: BreakdownTuning}
		f.sample.residuals(f.resid, o.coef)
		o.scale = mScale(f.resid, f.sample.p, max(best.Objective(c), exactFit))
		for !o.converged && o.iterations < refineCap && o.scale > exactFit {
			change, ok := f.step(o.coef, o.scale, o.tuning)
			if !ok {
				break
			}
			o.iterations++
			o.converged = change <= refineTolerance*o.scale
			o.scale = mScale(f.resid, f.sample.p, o.scale)
		}
		o.converged = o.converged || o.scale <= exactFit
		if o.scale < optimum.scale {
			optimum = o
		}
	}
	return optimum
}

// mStep reweights from the S-estimate with its scale held.
func (f *sSearch) mStep(start sOptimum) sOptimum {
	o := sOptimum{coef: slices.Clone(start.coef), scale: start.scale, tuning: TukeyTuning}
	f.sample.residuals(f.resid, o.coef)
	for !o.converged && o.iterations < refineCap {
		change, ok := f.step(o.coef, o.scale, o.tuning)
		if !ok {
			break
		}
		o.iterations++
		o.converged = change <= refineTolerance*o.scale
	}
	return o
}
