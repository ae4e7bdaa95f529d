package breaks

import "math"

// screenLevel is the p-value below which the Student likelihood is consulted.
const screenLevel = 0.35

// shortest is the fewest observations on which a p-value below 1 is given.
const shortest = 36

// longest is how far the null table is trusted: a tenth beyond its last length.
const longest = 264

// Robust scans y for the step that AR(1) innovations with heavy tails explain
// worst, after cleaning additive outliers.
func (s *Scanner) Robust(y []float64, prior PhiPrior) Shift {
	if g := s.gapsIn(y); g != nil {
		return g.mapped(y, func(sub *Scanner, y []float64) Shift { return sub.Robust(y, prior) })
	}
	out := untested(len(y))
	if !s.prepare(y, prior) {
		return s.OLS(y) // nothing to be robust against
	}
	z, null, with := s.screening()
	out.Z, out.PhiNull = z, null
	out.LogP = s.d.logP(screened, prior, z, null)
	var e evidence
	if out.LogP > math.Log(screenLevel) {
		e = s.leastSquares(with)
	} else {
		e, out.PhiNull = s.refine(with)
		out.Refined = true
		out.Z = math.Sqrt(math.Max(0, 2*e.lr))
		out.LogP = math.Min(math.Log(screenLevel), s.d.logP(refined, prior, out.Z, e.phi))
	}
	out.Position, out.Size, out.SE, out.Scale, out.Phi, out.PhiSE = e.at, e.size, e.se, e.scale, e.phi, e.phiSE
	out.Outliers = s.outliers
	if !e.converged {
		out.Warnings.add(NotConverged)
	}
	if len(s.outliers) == cap(s.outliers) {
		out.Warnings.add(ManyOutliers)
	}
	if out.Phi > .85 {
		out.Warnings.add(NearUnitRoot)
	}
	out.Warnings |= s.d.warnings(e.at)
	if len(y) < shortest {
		out.LogP = 0
	}
	return out
}

// prepare loads, cleans and profiles a complete series; false when it is flat.
func (s *Scanner) prepare(y []float64, prior PhiPrior) bool {
	for i, phi := range phiGrid {
		s.pen[i] = prior.logDensity(phi)
	}
	s.load(y)
	if !s.clean() {
		return false
	}
	s.profileAll()
	return true
}

// warnings are those that depend on the design and the position found.
func (d *Design) warnings(at int) Warnings {
	var ws Warnings
	if at == d.first || at == d.last {
		ws.add(AtSearchBound)
	}
	if len(d.times) < shortest {
		ws.add(TooShort)
	}
	if len(d.times) > longest || d.model.Trend > 2 {
		ws.add(OffTable)
	}
	return ws
}
