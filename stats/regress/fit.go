package regress

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat/distuv"
)

// Intercept is the name of the constant column.
const Intercept = "(intercept)"

// Warning says what to keep in mind about a result and what would cure it.
type Warning string

// Settings configures [Fit]. The zero value fits an intercept unless there are
// effects, which hold it already.
type Settings struct {
	ThroughOrigin  bool    // no intercept
	KeepSingletons bool    // rows that an effect fits alone stay and count
	Robust         bool    // each row has its own spread; clusters imply it
	Tolerance      float64 // of the absorption, relative; 0 means 1e-10
	Sweeps         int     // limit of the absorption; 0 means 10000
	Level          float64 // of the intervals; 0 means 0.95
}

func (s Settings) withDefaults() (Settings, error) {
	if s.Tolerance == 0 {
		s.Tolerance = 1e-10
	}
	if s.Sweeps == 0 {
		s.Sweeps = 10000
	}
	if s.Level == 0 {
		s.Level = 0.95
	}
	switch {
	case !(s.Tolerance > 0 && s.Tolerance < 1):
		return s, fmt.Errorf("tolerance %v: choose it between 0 and 1", s.Tolerance)
	case s.Sweeps < 0:
		return s, fmt.Errorf("%d sweeps: choose a positive number", s.Sweeps)
	case !(s.Level > 0 && s.Level < 1):
		return s, fmt.Errorf("level %v: choose it between 0 and 1", s.Level)
	}
	return s, nil
}

// Estimate is one coefficient.
type Estimate struct {
	Name      string
	Value     float64
	SE        float64
	Low, High float64 // interval by t
	P         float64 // two-sided, that the coefficient is 0
}

// Result is a fit. Lists by row follow the rows of the problem; rows left out
// hold NaN.
type Result struct {
	Coefficients []Estimate
	Dropped      []Dropped
	Cov          *mat.SymDense // of the coefficients; nil when there are none
	Residuals    []float64
	Effects      []float64 // sum of the fixed effects

	Rows       int // fitted
	Weightless int // left out for a weight of 0
	Singletons int // left out because an effect fits them alone
	EffectRank int // coefficients that the effects stand for
	DF         int // rows less all coefficients
	TDF        int // degrees of freedom of the intervals
	Clusters   []int
	Level      float64
	RSS        float64 // weighted, squared response units
	Scale      float64 // standard deviation of the errors at weight 1
	R2         float64 // share of the variation about the mean that is fitted; NaN when there is none
	R2Within   float64 // the same of what the effects leave

	Sweeps    int // of the absorption
	Converged bool
	Warnings  []Warning
}

// Coefficient finds an estimate by name; columns that were dropped have none.
func (r *Result) Coefficient(name string) (Estimate, bool) {
	for _, e := range r.Coefficients {
		if e.Name == name {
			return e, true
		}
	}
	return Estimate{}, false
}

// Fit is weighted least squares of p.Y on p.Columns and the levels of
// p.Effects. Columns that effects or earlier columns determine are dropped and
// listed. Standard errors are classical; with Robust they allow each row its
// own spread; with clusters they allow any dependence within a cluster, and
// intervals take t with one degree less than the levels of the smaller factor.
//
// NaN and infinities, negative weights, ragged or empty input, and fewer rows
// than coefficients are errors.
func Fit(p Problem, settings Settings) (Result, error) {
	r, err := fit(&p, settings)
	if err != nil {
		return Result{}, fmt.Errorf("regression: %w", err)
	}
	return r, nil
}

func fit(p *Problem, settings Settings) (Result, error) {
	settings, err := settings.withDefaults()
	if err != nil {
		return Result{}, err
	}
	if err := p.check(); err != nil {
		return Result{}, err
	}
	f := newFrame(p, settings.KeepSingletons)
	if len(f.rows) == 0 {
		return Result{}, fmt.Errorf("no rows are left: %d have weight 0, %d are alone in a level of an effect", f.weightless, f.singletons)
	}
	constantIn := len(f.effects) > 0 || !settings.ThroughOrigin
	var names []string
	if constantIn && len(f.effects) == 0 {
		names = append(names, Intercept)
		f.cols = append([][]float64{constant(len(f.rows), 1)}, f.cols...)
	}
	for _, c := range p.Columns {
		names = append(names, c.Name)
	}
	a := f.absorb(settings.Tolerance, settings.Sweeps)
	if !constantIn {
		a.measureFromZero()
	}
	s := a.solve(names, f.weights)
	m := newErrorModel(f, len(s.kept))
	if err := m.check(); err != nil {
		return Result{}, err
	}
	return newResult(f, a, s, m, names, settings, constantIn), nil
}

// measureFromZero is for models without a constant.
func (a *absorbed) measureFromZero() {
	for j := range a.before {
		a.before[j].centered = a.before[j].raw
	}
}

// newResult is where every result is made.
func newResult(f *frame, a absorbed, s solution, m errorModel, names []string, settings Settings, constantIn bool) Result {
	r := Result{
		Dropped: s.dropped, Rows: m.rows, Weightless: f.weightless, Singletons: f.singletons,
		EffectRank: m.effectRank, DF: m.df, TDF: m.tDegrees, Level: settings.Level,
		RSS: s.rss, Scale: math.Sqrt(s.rss / float64(m.df)),
		R2: 1 - s.rss/f.squares(f.y, constantIn), R2Within: 1 - s.rss/f.squares(a.y, constantIn),
		Sweeps: a.sweeps, Converged: a.converged,
	}
	for _, c := range f.clusters {
		r.Clusters = append(r.Clusters, c.levels)
	}
	total := len(f.rows) + f.weightless + f.singletons
	r.Residuals, r.Effects = constant(total, math.NaN()), constant(total, math.NaN())
	for i, row := range f.rows {
		r.Residuals[row] = s.residual[i]
		fitted := 0.0
		for k, j := range s.kept {
			fitted += s.coef[k] * f.cols[j][i]
		}
		r.Effects[row] = f.y[i] - fitted - s.residual[i]
	}
	mended := false
	if len(s.kept) > 0 {
		r.Cov, mended = m.covariance(s, f.weights, settings.Robust)
		r.addEstimates(s, names)
	}
	r.warn(m.exactRank, mended)
	return r
}

func (r *Result) addEstimates(s solution, names []string) {
	t := distuv.StudentsT{Sigma: 1, Nu: float64(r.TDF)}
	reach := t.Quantile((1 + r.Level) / 2)
	for k, j := range s.kept {
		e := Estimate{Name: names[j], Value: s.coef[k], SE: math.Sqrt(r.Cov.At(k, k))}
		e.Low, e.High = e.Value-reach*e.SE, e.Value+reach*e.SE
		e.P = 2 * t.CDF(-math.Abs(e.Value)/e.SE)
		r.Coefficients = append(r.Coefficients, e)
	}
}

// fewClusters is below which errors by cluster are known to be too small
// (Cameron and Miller 2015, section VI: between 20 and 50).
const fewClusters = 30

func (r *Result) warn(exactRank, mended bool) {
	if mended {
		r.Warnings = append(r.Warnings, "two-way clustering gave a negative variance, set to 0: compare with one-way errors")
	}
	if !r.Converged {
		r.Warnings = append(r.Warnings, "the absorption of effects did not converge: raise the number of sweeps")
	}
	if !exactRank {
		r.Warnings = append(r.Warnings, "with more than two effects the degrees of freedom are a lower bound: standard errors may be too large")
	}
	for _, g := range r.Clusters {
		if g < fewClusters {
			r.Warnings = append(r.Warnings, Warning(fmt.Sprintf("%d clusters: intervals are too narrow below %d or so", g, fewClusters)))
		}
	}
}
