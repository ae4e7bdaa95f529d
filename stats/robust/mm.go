package robust

import (
	"errors"
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat/distuv"
)

// MMSettings configures [MM] and [S]. The zero value is a fit with an
// intercept, breakdown 1/2 and 95% efficiency at the normal.
type MMSettings struct {
	ThroughOrigin bool      // no intercept
	Weights       []float64 // precision of each row, up to a factor; positive; nil means equal
	Starts        int       // random starts; 0 means 500
	Exhaustive    int       // all subsets are tried up to this number; 0 means 10000, negative never
	Seed          uint64    // of the random starts
	Level         float64   // of the intervals; 0 means 0.95
}

func (s MMSettings) withDefaults() (MMSettings, error) {
	if s.Starts == 0 {
		s.Starts = 500
	}
	if s.Exhaustive == 0 {
		s.Exhaustive = 10000
	}
	if s.Level == 0 {
		s.Level = 0.95
	}
	if s.Starts < 0 {
		return s, fmt.Errorf("%d starts: choose a positive number", s.Starts)
	}
	if !(s.Level > 0 && s.Level < 1) {
		return s, fmt.Errorf("level %v: choose it between 0 and 1", s.Level)
	}
	return s, nil
}

// MMFit is an S- or MM-regression. Coefficients have the intercept first,
// unless the fit goes through the origin.
type MMFit struct {
	Coef      []float64
	SE        []float64 // NaN where the scale is 0
	Low, High []float64 // intervals at Level, t with Rows - coefficients degrees of freedom
	Level     float64
	Cov       *mat.SymDense
	Scale     float64   // S-estimate of the standard deviation of the errors, response units
	Residuals []float64 // y - X Coef, in the caller's order of rows
	Weights   []float64 // weight that the fit gives each row, 0 to 1

	SCoef      []float64 // the S-estimate that the fit started from
	Rows       int
	Starts     int  // starts that determined a fit
	Exhaustive bool // every subset of rows was one of them
	Iterations int  // of the last stage
	Converged  bool // both stages
	Warnings   []Warning
}

// MM fits y on columns by an MM-estimator (Yohai 1987, Annals of Statistics
// 15, 642-656): an S-estimate gives the scale and the start, and reweighting
// from there reaches the nearest zero of the bisquare score at 95% efficiency
// (c = 4.685061) with that scale held. Nearly half of the rows can be wild, by
// their response or by their place among the columns.
//
// Standard errors follow Croux, Dhaene and Hoorelbeke (2003, KU Leuven DPS
// 03.16): they hold when the spread of the errors changes with the columns and
// when the errors are skew.
//
// Columns exclude the intercept. When about half of the rows lie on a plane
// the scale is 0 and the fit is that plane, with a warning. NaN and
// infinities, weights that are not positive, columns that others determine,
// and no more rows than coefficients are errors.
func MM(columns [][]float64, y []float64, settings MMSettings) (MMFit, error) {
	return fitMM(columns, y, settings, true)
}

// S is the S-estimate alone (Rousseeuw and Yohai 1984; algorithm of
// Salibian-Barrera and Yohai 2006): the fit whose residuals have the smallest
// scale s, with (1/(n-p)) sum rho(r/s) = 1/2 for the bisquare rho (limit 1,
// c = 1.547645). It bears as many wild rows as [MM], at 29% efficiency.
func S(columns [][]float64, y []float64, settings MMSettings) (MMFit, error) {
	return fitMM(columns, y, settings, false)
}

func fitMM(columns [][]float64, y []float64, settings MMSettings, efficient bool) (MMFit, error) {
	name := pick(efficient, "mm regression", "s regression")
	settings, err := settings.withDefaults()
	if err != nil {
		return MMFit{}, fmt.Errorf("%s: %w", name, err)
	}
	s, err := newSample(columns, y, settings.Weights, !settings.ThroughOrigin)
	if err != nil {
		return MMFit{}, fmt.Errorf("%s: %w", name, err)
	}
	search := sSearch{reweighting: newReweighting(s), starts: settings.Starts, subsets: NewSubsets(settings.Seed)}
	search.exhaustive = combinationsUpTo(s.n, s.p, settings.Exhaustive) <= settings.Exhaustive
	start := search.run()
	if math.IsInf(start.scale, 1) {
		return MMFit{}, errors.New(name + ": no subset of rows determines a fit: leave out columns that are nearly always 0")
	}
	final := start
	if efficient && start.scale > exactFit {
		final = search.mStep(start)
	}
	return newMMFit(search, start, final, settings.Level), nil
}

// newMMFit is where every S and MM result is made.
func newMMFit(search sSearch, start, final sOptimum, level float64) MMFit {
	s, unit := search.sample, search.sample.scale[search.sample.p]
	fit := MMFit{
		Coef: s.coef(final.coef), SCoef: s.coef(start.coef), Scale: unit * s.unitWeight * final.scale, Level: level,
		Rows: s.n, Starts: search.tried, Exhaustive: search.exhaustive,
		Iterations: final.iterations, Converged: start.converged && final.converged,
	}
	resid := make([]float64, s.n)
	s.residuals(resid, final.coef)
	fit.Weights = s.callerRows(search.weights(resid, final), 1)
	fit.Cov = search.covariance(start, final)
	if fit.Cov == nil {
		fit.Warnings = append(fit.Warnings, "no standard errors: the fit is exact or rests on too few rows")
		fit.Cov = allNaN(s.p)
	}
	if final.scale <= exactFit {
		fit.Scale = 0
		fit.Warnings = append(fit.Warnings, "about half of the rows fit exactly: the scale is 0")
	}
	if !fit.Converged {
		fit.Warnings = append(fit.Warnings, "reweighting did not settle: do not use the last digits")
	}
	fit.SE = standardErrors(fit.Cov)
	t := distuv.StudentsT{Sigma: 1, Nu: float64(s.n - s.p)}.Quantile((1 + level) / 2)
	for j, b := range fit.Coef {
		fit.Low = append(fit.Low, b-t*fit.SE[j])
		fit.High = append(fit.High, b+t*fit.SE[j])
	}
	s.unweight(resid)
	fit.Residuals = s.callerRows(resid, unit)
	return fit
}

func allNaN(p int) *mat.SymDense {
	m := mat.NewSymDense(p, nil)
	for i := range p {
		for j := i; j < p; j++ {
			m.SetSym(i, j, math.NaN())
		}
	}
	return m
}

// weights are those of the last reweighting.
func (f *sSearch) weights(resid []float64, o sOptimum) []float64 {
	w := make([]float64, len(resid))
	for i, r := range resid {
		if o.scale <= exactFit {
			if math.Abs(r) <= exactFit {
				w[i] = 1
			}
			continue
		}
		w[i] = bisquareWeight(r / (o.scale * o.tuning))
	}
	return w
}
