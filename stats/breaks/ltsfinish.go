package breaks

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"

	"counterflow/stats/robust"
	"counterflow/stats/tail"
)

// finish turns the best subset into the answer: local refinement of the
// position, raw scale, reweighting, final fit, outliers.
func (p *ltsProblem) finish(search *trimmedSearch, raw int) LTSFit {
	n := len(p.y)
	best := search.pools[raw-p.first].found[0]
	k := p.finalKernel()
	k.move(raw)
	k.restore(best.state)
	k.fit(best.kept)
	resid, x := make([]float64, n), make([]float64, n*k.size())
	k.linearised(x, resid)
	share := float64(p.h) / float64(n)
	out := LTSFit{
		Objective: best.objective, FirstPosition: p.First, Rows: n, Trimmed: p.h, Steps: search.steps,
		RawScale:  math.Sqrt(best.objective/float64(p.h)) * robust.LTSConsistency(share) * robust.LTSSmallSample(n, 0, true, share),
		Converged: !search.capped, Warnings: p.found,
	}
	at := raw
	if raw < n {
		at = p.refine(resid, k.stepSize(), raw, math.Sqrt(best.objective/float64(p.h)))
		for i := p.first; i <= p.last; i++ {
			out.Objectives = append(out.Objectives, search.least(i))
		}
	}
	out.Position, out.RawPosition = p.position(at), p.position(raw)
	if !out.Converged {
		out.Warnings.add(NotConverged)
	}
	if at < n && (at == p.first || at == p.last) {
		out.Warnings.add(AtSearchBound)
	}
	kept := reweight(resid)
	k.move(at)
	if !k.fit(kept) { // the filter took a coefficient's last units
		kept = best.kept
		k.move(raw)
		out.Position = out.RawPosition
		k.fit(kept)
	}
	p.report(&out, k, kept)
	return out
}

func (p *ltsProblem) position(i int) int {
	if i >= len(p.times) {
		return -1
	}
	return p.times[i] - 1
}

// refine moves the position, coefficients fixed, to the least sum of squared
// Huber losses of the residuals over the units of a window about it, and
// changes the residuals accordingly. The window reaches equally far to both
// sides, within the range searched.
//
// A unit farther off than the shift is large, whichever side it is put on, is an
// outlier wherever the shift begins and has no say: squared Huber losses have
// no bound, and a wild value would draw the shift to itself.
func (p *ltsProblem) refine(resid []float64, size float64, raw int, scale float64) int {
	reach := min(p.Window, raw-p.first, p.last-raw)
	from, to := raw-reach, raw+reach
	best, least := raw, math.Inf(1)
	for at := from; at <= to; at++ {
		sum := 0.0
		for i := from; i <= to; i++ {
			if math.Min(math.Abs(moved(resid[i], size, i, raw, i)), math.Abs(moved(resid[i], size, i, raw, i+1))) > math.Abs(size)+outlierCut*scale {
				continue
			}
			rho := huberLoss(moved(resid[i], size, i, raw, at), p.HuberCut*scale)
			sum += rho * rho
		}
		if sum < least {
			best, least = at, sum
		}
	}
	for i := range resid {
		resid[i] = moved(resid[i], size, i, raw, best)
	}
	return best
}

// moved is the residual of unit i when a step moves.
func moved(r, size float64, i, from, to int) float64 {
	if i >= from {
		r += size
	}
	if i >= to {
		r -= size
	}
	return r
}

// huberLoss is u^2/2 up to c and the tangent beyond; of c = 0, the scale of an
// exact fit, |u|.
func huberLoss(u, c float64) float64 {
	u = math.Abs(u)
	if c == 0 {
		return u
	}
	if u <= c {
		return u * u / 2
	}
	return c*u - c*c/2
}

// reweight marks the units to keep by the rule of Gervini and Yohai (2002,
// Ann. Stat. 30, 583-616) at 99%: residuals are centred by their median and
// scaled by their MAD, and as many of the largest squares are dropped as their
// distribution exceeds the chi-squared one by.
func reweight(resid []float64) []bool {
	const level = 0.99
	n := len(resid)
	center, scale := robust.Median(resid), robust.MAD(resid)
	square := make([]float64, n)
	order := make([]int, n)
	for i, r := range resid {
		z := (r - center) / scale
		square[i], order[i] = z*z, i
	}
	kept := make([]bool, n)
	for i := range kept {
		kept[i] = true
	}
	if !(scale > 0) {
		return kept
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case square[a] < square[b]:
			return -1
		case square[a] > square[b]:
			return 1
		}
		return 0
	})
	chi := distuv.ChiSquared{K: 1}
	limit := chi.Quantile(level)
	excess := 0.0
	for i, o := range order {
		if i+1 < n && square[order[i+1]] < limit {
			continue // before the last one below the limit
		}
		excess = math.Max(excess, chi.CDF(square[o])-float64(i)/float64(n))
	}
	for _, o := range order[n-int(math.Round(excess*float64(n))):] {
		kept[o] = false
	}
	return kept
}

// report fills the coefficients, their errors, the scale and the outliers from
// the final fit on the kept units.
func (p *ltsProblem) report(out *LTSFit, k kernel, kept []bool) {
	n, size := len(p.y), k.size()
	x, resid := make([]float64, n*size), make([]float64, n)
	k.linearised(x, resid)
	var rss, w float64
	for i, in := range kept {
		if in {
			rss += resid[i] * resid[i]
			w++
			out.Kept = append(out.Kept, p.times[i]-1)
		}
	}
	share := w / float64(n)
	out.Scale = math.Sqrt(rss/(w-1)) * robust.LTSConsistency(share) * robust.LTSSmallSampleReweighted(n, 0, true, share)
	// The linear case divides by the degrees of freedom of the raw fit, as the
	// published standard errors do.
	df := float64(p.h - size)
	if p.Amplitude > 0 {
		df = w - float64(size)
	}
	se := standardErrors(x, size, kept, math.Sqrt(rss/df))
	p.coefficients(out, k, se)
	if out.Position >= 0 {
		single := tail.StudentLogTwoSided(out.Shift/out.ShiftSE, df)
		out.ShiftLogP = logSearched(single, p.last-p.first+1)
	}
	limit := distuv.UnitNormal.Quantile((1 + p.Confidence) / 2)
	out.Residuals = make([]float64, p.all)
	for i := range out.Residuals {
		out.Residuals[i] = math.NaN()
	}
	for i, r := range resid {
		z := r / out.Scale
		out.Residuals[p.times[i]-1] = z
		if math.Abs(z) > limit {
			out.Outliers = append(out.Outliers, p.times[i]-1)
		}
	}
	if !(rss > 0) {
		out.Warnings.add(Constant)
	}
}

// logSearched is ln(1 - (1-p)^k): the chance that the largest of k independent
// statistics is as large as one with log p-value logp.
func logSearched(logp float64, k int) float64 {
	if logp < -35 {
		return math.Min(0, logp+math.Log(float64(k)))
	}
	return tail.Log1mExp(float64(k) * tail.Log1mExp(logp))
}

// standardErrors are s sqrt(diag (x'x)^-1) over the kept rows.
func standardErrors(x []float64, p int, kept []bool, s float64) []float64 {
	w := newSwapper(len(kept), p)
	se := make([]float64, p)
	if !w.whiten(x, p, kept) {
		for j := range se {
			se[j] = math.NaN()
		}
		return se
	}
	e, sol := make([]float64, p), make([]float64, p)
	for j := range se {
		clear(e)
		e[j] = 1
		forwardPacked(w.factor, e, sol)
		sum := 0.0
		for _, v := range sol {
			sum += v * v
		}
		se[j] = s * math.Sqrt(sum)
	}
	return se
}

// coefficients translates the kernel's estimate to powers of t.
func (p *ltsProblem) coefficients(out *LTSFit, k kernel, se []float64) {
	linear, gamma := k.coefficients()
	length := float64(p.all)
	trend := p.Model.Trend + 1
	for a := range trend {
		f := math.Pow(length, -float64(a))
		out.Trend = append(out.Trend, linear[a]*f)
		out.SE = append(out.SE, se[a]*f)
	}
	out.Known = append(out.Known, linear[trend:len(p.trend)]...)
	j := len(p.trend)
	for h := 1; h <= p.Model.Harmonics; h++ {
		out.Cos = append(out.Cos, linear[j])
		out.SE = append(out.SE, se[j])
		j++
		if 2*h != p.Model.Period {
			out.Sin = append(out.Sin, linear[j])
			out.SE = append(out.SE, se[j])
			j++
		}
	}
	last := j
	for g, v := range gamma {
		f := math.Pow(length, -float64(g+1))
		out.Amplitude = append(out.Amplitude, v*f)
	}
	out.Shift, out.ShiftSE = 0, math.NaN()
	if out.Position >= 0 {
		out.Shift = linear[last]
		last++
	}
	for g := range gamma {
		out.SE = append(out.SE, se[last+g]*math.Pow(length, -float64(g+1)))
	}
	out.SE = append(out.SE, se[trend:len(p.trend)]...)
	if out.Position >= 0 {
		out.SE = append(out.SE, se[j])
		out.ShiftSE = se[j]
	}
	out.Fitted = p.fitted(out)
}

// fitted evaluates the model at every observation, missing ones too.
func (p *ltsProblem) fitted(out *LTSFit) []float64 {
	fit := make([]float64, p.all)
	for i := range fit {
		t := float64(i + 1)
		for a, v := range out.Trend {
			fit[i] += v * math.Pow(t, float64(a))
		}
		season := 0.0
		for h := range out.Cos {
			w := 2 * math.Pi * float64(h+1) / float64(p.Model.Period)
			season += out.Cos[h] * math.Cos(w*t)
			if h < len(out.Sin) {
				season += out.Sin[h] * math.Sin(w*t)
			}
		}
		amplitude := 1.0
		for g, v := range out.Amplitude {
			amplitude += v * math.Pow(t, float64(g+1))
		}
		fit[i] += amplitude * season
		for j, at := range p.Known {
			if i >= at {
				fit[i] += out.Known[j]
			}
		}
		if out.Position >= 0 && i >= out.Position {
			fit[i] += out.Shift
		}
	}
	return fit
}
