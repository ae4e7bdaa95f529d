package margin

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat/distuv"

	"counterflow/stats/regress"
	"counterflow/stats/robust"
)

const (
	huberTuning      = 1.345 // 95% efficiency at the normal (Huber 1964)
	gravityCap       = 50
	gravityTolerance = 1e-6 // in ln(1+margin): a ten-thousandth of a percent
	// leastLanes and leastRoutes are what the fit needs before its standard
	// errors, which count routes, mean anything.
	leastLanes  = 100
	leastRoutes = 30
	// doubt is the p-value above which slopes are called not identified.
	doubt = 0.001
)

// sample is the observations of one fit.
type sample struct {
	columns [regressors - 1][]float64 // without the intercept
	y       []float64
	weight  []float64 // inverse variance
	cluster []int     // number of the route
	routes  int
}

// newSample makes room for so many observations.
func newSample(n int) *sample {
	s := &sample{y: make([]float64, 0, n), weight: make([]float64, 0, n), cluster: make([]int, 0, n)}
	for j := range s.columns {
		s.columns[j] = make([]float64, 0, n)
	}
	return s
}

func (s *sample) add(row regressor, y, weight float64, cluster int) {
	for j := range s.columns {
		s.columns[j] = append(s.columns[j], row[j+1])
	}
	s.y, s.weight, s.cluster = append(s.y, y), append(s.weight, weight), append(s.cluster, cluster)
	s.routes = max(s.routes, cluster+1)
}

// fitGravity fits by Huber's M-estimator with weights, iterated to a tolerance or
// for so many rounds.
// With too few lanes or routes only the overall median is there, and Identified
// is false.
func fitGravity(s *sample, worth float64, rounds int) Gravity {
	g := Gravity{Coefficients: make([]float64, regressors), SE: slices.Repeat([]float64{math.NaN()}, regressors),
		Lanes: len(s.y), R2: math.NaN(), Spread: math.NaN(), PValue: math.NaN(), worth: worth}
	if len(s.y) == 0 {
		g.Converged = true
		return g
	}
	g.Overall = robust.WeightedMedian(s.y, s.weight)
	g.Coefficients[0] = g.Overall
	g.overallVariance = medianVariance(s)
	if len(s.y) < leastLanes || s.routes < leastRoutes {
		g.Converged = true
		return g
	}
	problem := regress.Problem{Y: s.y, Weights: slices.Clone(s.weight)}
	for j, values := range s.columns {
		problem.Columns = append(problem.Columns, regress.Column{Name: regressorNames[j+1], Values: values})
	}
	residuals := make([]float64, len(s.y))
	for i, y := range s.y {
		residuals[i] = y - g.Overall
	}
	for !g.Converged && g.Iterations < rounds {
		g.Spread = s.reweigh(problem.Weights, residuals)
		fit, err := regress.Fit(problem, regress.Settings{})
		if err != nil {
			return g
		}
		residuals = fit.Residuals
		g.Converged = g.take(&fit) < gravityTolerance
		g.Iterations++
	}
	problem.Clusters = []regress.Factor{{Name: "route", Levels: s.cluster}}
	if fit, err := regress.Fit(problem, regress.Settings{}); err == nil {
		g.describe(&fit, s)
	}
	return g
}

// medianVariance is pi/2 times the variance of a mean with the stated weights,
// by normal theory; equal weights give the variance of a median.
func medianVariance(s *sample) float64 {
	sum := 0.0
	for _, w := range s.weight {
		sum += w
	}
	return math.Pi / 2 / sum
}

// reweigh sets weights to the stated ones times Huber's for the residuals, and
// returns the spread of a lane of average weight: the MAD of the residuals in
// units of what is stated.
func (s *sample) reweigh(weights, residuals []float64) float64 {
	scaled := make([]float64, len(residuals))
	sum := 0.0
	for i, r := range residuals {
		scaled[i] = r * math.Sqrt(s.weight[i])
		sum += s.weight[i]
	}
	scale := max(robust.MADAboutInPlace(scaled, 0), 1e-12)
	for i, r := range residuals {
		weights[i] = s.weight[i]
		if z := math.Abs(r) * math.Sqrt(s.weight[i]) / scale; z > huberTuning {
			weights[i] *= huberTuning / z
		}
	}
	return scale / math.Sqrt(sum/float64(len(weights)))
}

// take copies the coefficients and returns the largest change.
func (g *Gravity) take(fit *regress.Result) float64 {
	moved := 0.0
	for j, name := range regressorNames {
		if j == 0 {
			name = regress.Intercept
		}
		e, ok := fit.Coefficient(name)
		if !ok {
			continue // constant here, or determined by the others
		}
		moved = max(moved, math.Abs(e.Value-g.Coefficients[j]))
		g.Coefficients[j] = e.Value
	}
	return moved
}

// describe fills in what is known of the last fit. Standard errors are
// clustered by route, since the lanes of one route share its geography.
func (g *Gravity) describe(fit *regress.Result, s *sample) {
	g.R2 = fit.R2
	g.covariance, g.kept = fit.Cov, g.kept[:0]
	for _, e := range fit.Coefficients {
		j := max(slices.Index(regressorNames[:], e.Name), 0) // the intercept has a name of its own
		g.SE[j] = e.SE
		g.kept = append(g.kept, j)
	}
	g.PValue = g.wald()
	g.Identified = g.Converged && g.PValue < doubt && g.plausible(s)
}

// wald is the p-value that all slopes are zero, by their joint covariance.
func (g *Gravity) wald() float64 {
	var slopes []int // places in the covariance
	for at, j := range g.kept {
		if j > 0 {
			slopes = append(slopes, at)
		}
	}
	n := len(slopes)
	if n == 0 {
		return math.NaN()
	}
	values, block := mat.NewVecDense(n, nil), mat.NewSymDense(n, nil)
	for p, a := range slopes {
		values.SetVec(p, g.Coefficients[g.kept[a]])
		for q := p; q < n; q++ {
			block.SetSym(p, q, g.covariance.At(a, slopes[q]))
		}
	}
	var factor mat.Cholesky
	var solved mat.VecDense
	if !factor.Factorize(block) || factor.SolveVecTo(&solved, values) != nil {
		return math.NaN()
	}
	return distuv.ChiSquared{K: float64(n)}.Survival(mat.Dot(values, &solved))
}

// plausible refuses a fit that predicts, for more than one lane in twenty,
// margins that no carrier charges: below -5% or above 50%.
func (g *Gravity) plausible(s *sample) bool {
	odd := 0
	for i := range s.y {
		fitted := g.Coefficients[0]
		for j := range s.columns {
			fitted += float64(g.Coefficients[j+1] * s.columns[j][i])
		}
		if fitted < math.Log(0.95) || fitted > math.Log(1.5) {
			odd++
		}
	}
	return odd*20 <= len(s.y)
}

// variance is that of the fitted logarithm at a row.
func (g *Gravity) variance(row regressor) float64 {
	if g.covariance == nil {
		return math.NaN()
	}
	sum := 0.0
	for p, a := range g.kept {
		for q, b := range g.kept {
			sum += row[a] * row[b] * g.covariance.At(p, q)
		}
	}
	return sum
}
