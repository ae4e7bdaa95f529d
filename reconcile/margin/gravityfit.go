package margin

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat/distuv"

	"counterflow/stats/robust"
)

const (
	huberTuning      = 1.345 // 95% efficiency at the normal (Huber 1964)
	gravityCap       = 50
	gravityTolerance = 1e-7 // in ln(1+margin): a hundredth of a hundredth of a percent
	// leastLanes and leastRoutes are what the fit needs before its standard
	// errors, which count routes, mean anything.
	leastLanes  = 100
	leastRoutes = 30
	// doubt is the p-value above which slopes are called not identified.
	doubt = 0.001
)

// sample is the observations of one fit.
type sample struct {
	x       []regressor
	y       []float64
	weight  []float64 // inverse variance
	cluster []int     // number of the route
	routes  int
}

// fitGravity fits by Huber's M-estimator with weights, iterated to a tolerance.
// With too few lanes or routes only the overall median is there, and Identified
// is false.
func fitGravity(s *sample, worth float64) Gravity {
	g := Gravity{Coefficients: make([]float64, regressors), SE: slices.Repeat([]float64{math.NaN()}, regressors),
		Lanes: len(s.y), R2: math.NaN(), Spread: math.NaN(), PValue: math.NaN(), worth: worth}
	if len(s.y) == 0 {
		return g
	}
	g.Overall = robust.WeightedMedian(s.y, s.weight)
	g.Coefficients[0] = g.Overall
	kept := s.varying()
	if len(s.y) < leastLanes || s.routes < leastRoutes || len(kept) < 2 {
		g.Converged = true
		return g
	}
	at := make([]float64, regressors)
	copy(at, g.Coefficients)
	var scale float64
	for !g.Converged && g.Iterations < gravityCap {
		scale = s.scale(at)
		next, ok := s.step(kept, at, scale)
		if !ok {
			return g
		}
		g.Converged = apart(next, at) < gravityTolerance
		at = next
		g.Iterations++
	}
	s.describe(&g, kept, at, scale)
	return g
}

// varying lists the regressors that are not constant, the intercept first.
func (s *sample) varying() []int {
	kept := []int{0}
	for j := 1; j < regressors; j++ {
		for i := range s.x {
			if s.x[i][j] != s.x[0][j] {
				kept = append(kept, j)
				break
			}
		}
	}
	return kept
}

func (s *sample) residual(i int, at []float64) float64 {
	r := s.y[i]
	for j, b := range at {
		r -= float64(b * s.x[i][j])
	}
	return r
}

// scale is the MAD of the residuals in units of their stated spread.
func (s *sample) scale(at []float64) float64 {
	r := make([]float64, len(s.y))
	for i := range r {
		r[i] = s.residual(i, at) * math.Sqrt(s.weight[i])
	}
	return max(robust.MADAboutInPlace(r, 0), 1e-12)
}

// huber gives the weight of a residual in units of its spread.
func huber(r, scale float64) float64 {
	if a := math.Abs(r); a > huberTuning*scale {
		return huberTuning * scale / a
	}
	return 1
}

// step solves the weighted normal equations once; ok is false where they are
// singular.
func (s *sample) step(kept []int, at []float64, scale float64) (next []float64, ok bool) {
	n := len(kept)
	a, b := mat.NewSymDense(n, nil), mat.NewVecDense(n, nil)
	sums := make([]float64, n*n)
	right := make([]float64, n)
	for i := range s.y {
		w := s.weight[i] * huber(s.residual(i, at)*math.Sqrt(s.weight[i]), scale)
		for p, j := range kept {
			wx := w * s.x[i][j]
			right[p] += wx * s.y[i]
			for q := p; q < n; q++ {
				sums[p*n+q] += wx * s.x[i][kept[q]]
			}
		}
	}
	for p := range n {
		b.SetVec(p, right[p])
		for q := p; q < n; q++ {
			a.SetSym(p, q, sums[p*n+q])
		}
	}
	var factor mat.Cholesky
	if !factor.Factorize(a) || factor.Cond() > 1e12 {
		return nil, false
	}
	var solution mat.VecDense
	if err := factor.SolveVecTo(&solution, b); err != nil {
		return nil, false
	}
	next = make([]float64, regressors)
	for p, j := range kept {
		next[j] = solution.AtVec(p)
	}
	return next, true
}

func apart(a, b []float64) float64 {
	most := 0.0
	for i := range a {
		most = max(most, math.Abs(a[i]-b[i]))
	}
	return most
}

// describe fills in what is known of a fit: sandwich standard errors clustered
// by route (Liang and Zeger 1986), since the lanes of one route share its
// geography; R2; and whether the slopes are identified.
func (s *sample) describe(g *Gravity, kept []int, at []float64, scale float64) {
	n := len(kept)
	bread := mat.NewSymDense(n, nil)
	scores := make([]float64, s.routes*n)
	var total, rest, mean, sum float64
	weights := make([]float64, len(s.y))
	for i := range s.y {
		r := s.residual(i, at)
		h := huber(r*math.Sqrt(s.weight[i]), scale)
		weights[i] = s.weight[i] * h
		sum += weights[i]
		mean += weights[i] * s.y[i]
		rest += weights[i] * r * r
		inside := indicator(h == 1)
		for p, j := range kept {
			scores[s.cluster[i]*n+p] += weights[i] * r * s.x[i][j]
			for q := p; q < n; q++ {
				bread.SetSym(p, q, bread.At(p, q)+s.weight[i]*inside*s.x[i][j]*s.x[i][kept[q]])
			}
		}
	}
	mean /= sum
	for i := range s.y {
		total += weights[i] * (s.y[i] - mean) * (s.y[i] - mean)
	}
	copy(g.Coefficients, at)
	g.R2 = max(1-rest/total, 0)
	g.Spread = scale * math.Sqrt(float64(len(s.y))/floats(s.weight))
	covariance, ok := sandwich(bread, scores, n, s.routes)
	if !ok {
		return
	}
	for p, j := range kept {
		g.SE[j] = math.Sqrt(covariance.At(p, p))
	}
	g.PValue = wald(covariance, kept, at)
	g.Identified = g.Converged && g.PValue < doubt && s.plausible(at)
}

func floats(x []float64) float64 {
	sum := 0.0
	for _, v := range x {
		sum += v
	}
	return sum
}

// sandwich is B^-1 (sum of s s') B^-1 with the small-sample factor c/(c-1) for c
// clusters.
func sandwich(bread *mat.SymDense, scores []float64, n, clusters int) (*mat.SymDense, bool) {
	meat := mat.NewSymDense(n, nil)
	for c := range clusters {
		meat.SymRankOne(meat, 1, mat.NewVecDense(n, scores[c*n:(c+1)*n]))
	}
	meat.ScaleSym(float64(clusters)/float64(clusters-1), meat)
	var factor mat.Cholesky
	if !factor.Factorize(bread) {
		return nil, false
	}
	var inverse mat.SymDense
	if err := factor.InverseTo(&inverse); err != nil {
		return nil, false
	}
	var left, all mat.Dense
	left.Mul(&inverse, meat)
	all.Mul(&left, &inverse)
	covariance := mat.NewSymDense(n, nil)
	for p := range n {
		for q := p; q < n; q++ {
			covariance.SetSym(p, q, all.At(p, q))
		}
	}
	return covariance, true
}

// wald is the p-value that all slopes are zero.
func wald(covariance *mat.SymDense, kept []int, at []float64) float64 {
	n := len(kept) - 1
	slopes, block := mat.NewVecDense(n, nil), mat.NewSymDense(n, nil)
	for p := range n {
		slopes.SetVec(p, at[kept[p+1]])
		for q := p; q < n; q++ {
			block.SetSym(p, q, covariance.At(p+1, q+1))
		}
	}
	var factor mat.Cholesky
	if !factor.Factorize(block) {
		return math.NaN()
	}
	var solved mat.VecDense
	if err := factor.SolveVecTo(&solved, slopes); err != nil {
		return math.NaN()
	}
	return distuv.ChiSquared{K: float64(n)}.Survival(mat.Dot(slopes, &solved))
}

// plausible refuses a fit that predicts, for more than one lane in twenty,
// margins that no carrier charges: below -5% or above 50%.
func (s *sample) plausible(at []float64) bool {
	odd := 0
	for i := range s.y {
		if fitted := s.y[i] - s.residual(i, at); fitted < -0.05 || fitted > math.Log(1.5) {
			odd++
		}
	}
	return odd*20 <= len(s.y)
}
