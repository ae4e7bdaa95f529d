package robust

import (
	"errors"
	"fmt"
	"math"
)

// Warning says what to keep in mind about a result and what would cure it.
type Warning string

// LTSSettings configures [LTS]. The zero value is a fit with an intercept at
// the largest breakdown.
type LTSSettings struct {
	ThroughOrigin bool    // no intercept
	Alpha         float64 // 0.5 (also for 0) to 1: see [LTSCoverage]
	Starts        int     // random starts; 0 means 1000
	Exhaustive    int     // all subsets are tried up to this number; 0 means 10000, negative never
	Seed          uint64  // of the random starts
}

func (s LTSSettings) withDefaults() (LTSSettings, error) {
	if s.Alpha == 0 {
		s.Alpha = 0.5
	}
	if s.Starts == 0 {
		s.Starts = 1000
	}
	if s.Exhaustive == 0 {
		s.Exhaustive = 10000
	}
	if !(s.Alpha >= 0.5 && s.Alpha <= 1) {
		return s, fmt.Errorf("lts: alpha %v: choose it from 0.5 to 1", s.Alpha)
	}
	if s.Starts < 0 {
		return s, fmt.Errorf("lts: %d starts: choose a positive number", s.Starts)
	}
	return s, nil
}

// LTSFit is a least trimmed squares regression with one reweighting step.
// Coefficients have the intercept first, unless the fit goes through the
// origin.
type LTSFit struct {
	Coef      []float64 // least squares on the rows that are no outliers of the raw fit
	SE        []float64 // standard errors, the outliers taken as known: too small by a little
	Scale     float64   // standard deviation of the errors, response units
	Residuals []float64 // y - X Coef, in the caller's order of rows
	Outlier   []bool    // |residual| > 2.24 Scale, the 98.75% point of the normal

	RawCoef   []float64 // minimises the sum of the Coverage smallest squared residuals
	RawScale  float64
	Objective float64 // that sum, squared response units
	Coverage  int     // h

	Rows       int
	Starts     int  // starts that determined a fit
	Exhaustive bool // every subset of p rows was one of them
	Finalists  int  // fits followed to a fixed point
	Agreeing   int  // of these, how many reached Objective
	Converged  bool // the raw fit is a fixed point
	Warnings   []Warning
}

// ltsCut is Phi^-1(0.9875), beyond which a residual counts as an outlier.
const ltsCut = 2.2414027276

// LTS fits y on columns by least trimmed squares (Rousseeuw 1984; algorithm of
// Rousseeuw and Van Driessen 2006), then by least squares on the rows within
// 2.24 scales, with the consistency factor and the small-sample factors of
// Pison, Van Aelst and Willems (2002). Up to n-h wild rows cannot carry the
// fit away, neither by their response nor by their place among the columns.
//
// Columns exclude the intercept; with none the fit is a location. When at
// least h rows lie on a plane the scale is 0, and a warning says so. NaN and
// infinities, columns that others determine, and no more rows than
// coefficients are errors.
func LTS(columns [][]float64, y []float64, settings LTSSettings) (LTSFit, error) {
	settings, err := settings.withDefaults()
	if err != nil {
		return LTSFit{}, err
	}
	s, err := newSample(columns, y, nil, !settings.ThroughOrigin)
	if err != nil {
		return LTSFit{}, fmt.Errorf("lts: %w", err)
	}
	search := ltsSearch{
		sample: s, h: LTSCoverage(s.n, s.p, settings.Alpha),
		starts: settings.Starts, subsets: NewSubsets(settings.Seed),
	}
	exhaustive := combinationsUpTo(s.n, s.p, settings.Exhaustive) <= settings.Exhaustive
	var best ltsOptimum
	if exhaustive {
		best = search.exhaustive()
	} else {
		best = search.random()
	}
	if math.IsInf(best.objective, 1) {
		return LTSFit{}, errors.New("lts: no subset of rows determines a fit: leave out columns that are nearly always 0")
	}
	return newLTSFit(s, best, search.h, settings.Alpha, exhaustive)
}

func newLTSFit(s *sample, best ltsOptimum, h int, alpha float64, exhaustive bool) (LTSFit, error) {
	slopes := s.slopes()
	raw, err := s.leastSquares(best.kept)
	if err != nil {
		return LTSFit{}, fmt.Errorf("lts: %w", err)
	}
	rawScale := math.Sqrt(raw.rss/float64(h)) * LTSConsistency(float64(h)/float64(s.n)) *
		LTSSmallSample(s.n, slopes, s.intercept, alpha)
	exact := rawScale <= exactFit
	if exact {
		rawScale = 0
	}
	resid := make([]float64, s.n)
	s.residuals(resid, raw.coef)
	final, err := s.leastSquares(within(resid, ltsCut*rawScale))
	if err != nil {
		return LTSFit{}, fmt.Errorf("lts: reweighting: %w", err)
	}
	s.residuals(resid, final.coef)
	scale := 0.0
	if !exact {
		scale = reweightedScale(s, final, alpha)
	}
	unit := s.scale[s.p]
	fit := LTSFit{
		Coef: s.coef(final.coef), SE: standardErrors(s.covariance(final.covariance(scale))),
		Scale: unit * scale, Residuals: s.callerRows(resid, unit),
		Outlier: make([]bool, s.n),
		RawCoef: s.coef(raw.coef), RawScale: unit * rawScale,
		Objective: raw.rss * unit * unit, Coverage: h,
		Rows: s.n, Starts: best.tried, Exhaustive: exhaustive,
		Finalists: best.finalists, Agreeing: best.agreeing, Converged: best.converged,
	}
	for i, in := range within(resid, ltsCut*scale) {
		fit.Outlier[s.order[i]] = !in
	}
	fit.Warnings = ltsWarnings(&fit, exact)
	return fit, nil
}

// exactFit is the size of standardised residuals that are rounding alone.
const exactFit = 1e-10

// within says which rows have residuals up to limit, or up to rounding.
func within(resid []float64, limit float64) []bool {
	limit = max(limit, exactFit)
	in := make([]bool, len(resid))
	for i, r := range resid {
		in[i] = math.Abs(r) <= limit
	}
	return in
}

func reweightedScale(s *sample, fit lsFit, alpha float64) float64 {
	used := float64(fit.rows)
	scale := math.Sqrt(fit.rss / (used - 1))
	if fit.rows == s.n {
		return scale
	}
	return scale * LTSConsistency(used/float64(s.n)) * LTSSmallSampleReweighted(s.n, s.slopes(), s.intercept, alpha)
}

func ltsWarnings(fit *LTSFit, exact bool) []Warning {
	var w []Warning
	if exact {
		w = append(w, "at least half of the rows fit exactly: the scale is 0 and every other row is flagged")
	}
	if !fit.Converged {
		w = append(w, "concentration steps did not reach a fixed point: objective may be improved by another seed")
	}
	if !fit.Exhaustive && fit.Agreeing == 1 && fit.Finalists > 1 {
		w = append(w, "only one start reached the best objective: raise the number of starts")
	}
	return w
}

func (s *sample) slopes() int {
	if s.intercept {
		return s.p - 1
	}
	return s.p
}
