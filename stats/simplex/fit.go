package simplex

import (
	"errors"
	"fmt"
	"math"
	"slices"
)

// Problem is min ‖Y − X·B‖² over matrices B whose rows are non-negative and sum
// to one (squared Frobenius norm). Row t of X and Y is one observation; X has a
// column for each row of B.
type Problem struct {
	X, Y [][]float64
	// Allowed lists, for each row of B, the columns that may be above zero, each
	// once. A row with one allowed column is fixed at 1.
	Allowed [][]int
}

// Options decide when the iterations stop.
type Options struct {
	Tolerance  float64 // of the gap, as a share of ‖Y‖²; 0 for 1e-8
	Iterations int     // most steps; 0 for 20,000
}

// Fit is the answer.
type Fit struct {
	// Weights has, for each row of B, the weights of its allowed columns in their
	// order.
	Weights   [][]float64
	Objective float64 // ‖Y − X·B‖²
	// Gap bounds how far the objective is above its minimum: the Frank-Wolfe gap,
	// the sum over rows of ⟨gradient, weights⟩ less the smallest gradient (Jaggi,
	// ICML 2013, equation 2).
	Gap        float64
	Iterations int
	Converged  bool
	// Unseen lists the rows of B whose column of X is zero throughout: nothing is
	// known of them and their weights are equal.
	Unseen []int
}

// Check reports every mistake of shape at once.
func (p *Problem) Check() error {
	var wrong []error
	if len(p.X) != len(p.Y) {
		wrong = append(wrong, fmt.Errorf("%d observations of X and %d of Y", len(p.X), len(p.Y)))
	}
	for t := range p.X {
		if len(p.X[t]) != len(p.Allowed) {
			wrong = append(wrong, fmt.Errorf("observation %d of X has %d columns, allowed has %d rows", t, len(p.X[t]), len(p.Allowed)))
		}
	}
	for t := range p.Y {
		if len(p.Y[t]) != len(p.Y[0]) {
			wrong = append(wrong, fmt.Errorf("observation %d of Y has %d columns, the first %d", t, len(p.Y[t]), len(p.Y[0])))
		}
	}
	for i, columns := range p.Allowed {
		if len(columns) == 0 {
			wrong = append(wrong, fmt.Errorf("row %d has no allowed column", i))
		}
		for _, j := range columns {
			if j < 0 || len(p.Y) > 0 && j >= len(p.Y[0]) {
				wrong = append(wrong, fmt.Errorf("row %d allows column %d, which Y lacks", i, j))
			}
		}
	}
	return errors.Join(wrong...)
}

// LeastSquares solves the problem by accelerated projected gradients, restarted
// whenever the objective rises (Beck and Teboulle, SIAM J. Imaging Sciences 2,
// 2009; O'Donoghue and Candès, Found. Comput. Math. 15, 2015). It starts from
// equal weights, so that what the data do not determine stays as even as the
// path allows; without observations all weights are equal. Nothing of the
// problem is written to.
func LeastSquares(p Problem, o Options) (*Fit, error) {
	if err := p.Check(); err != nil {
		return nil, err
	}
	if o.Tolerance == 0 {
		o.Tolerance = 1e-8
	}
	if o.Iterations == 0 {
		o.Iterations = 20_000
	}
	s := newSolver(&p)
	fit := s.run(o)
	for i := range p.Allowed {
		if s.gram[i][i] == 0 {
			fit.Unseen = append(fit.Unseen, i)
		}
	}
	return fit, nil
}

// solver keeps X'X and X'Y: the observations are not looked at again.
type solver struct {
	allowed [][]int
	gram    [][]float64 // X'X
	cross   [][]float64 // X'Y at the allowed columns
	square  float64     // ‖Y‖²
	columns int
	image   []float64 // X'X times one column of B
	scratch []float64
}

func newSolver(p *Problem) *solver {
	n := len(p.Allowed)
	s := &solver{allowed: p.Allowed, gram: make([][]float64, n), cross: make([][]float64, n), image: make([]float64, n)}
	longest := 0
	for i, columns := range p.Allowed {
		s.gram[i] = make([]float64, n)
		s.cross[i] = make([]float64, len(columns))
		longest = max(longest, len(columns))
		for _, j := range columns {
			s.columns = max(s.columns, j+1)
		}
	}
	s.scratch = make([]float64, longest)
	for t, x := range p.X {
		for i, a := range x {
			if a == 0 {
				continue
			}
			for k, b := range x {
				s.gram[i][k] += a * b
			}
			for c, j := range p.Allowed[i] {
				s.cross[i][c] += a * p.Y[t][j]
			}
		}
		for _, y := range p.Y[t] {
			s.square += y * y
		}
	}
	return s
}

func (s *solver) equal() [][]float64 {
	w := make([][]float64, len(s.allowed))
	for i, columns := range s.allowed {
		w[i] = make([]float64, len(columns))
		for c := range w[i] {
			w[i][c] = 1 / float64(len(columns))
		}
	}
	return w
}

// gradient writes half the gradient, X'X·B − X'Y, and gives the objective and
// the gap at B.
func (s *solver) gradient(w, g [][]float64) (objective, gap float64) {
	dense := make([]float64, len(s.allowed)*s.columns)
	for i, columns := range s.allowed {
		for c, j := range columns {
			dense[i*s.columns+j] = w[i][c]
		}
	}
	objective = s.square
	for i, columns := range s.allowed {
		least, at := math.Inf(1), 0.0
		for c, j := range columns {
			sum := 0.0
			for k, q := range s.gram[i] {
				sum += q * dense[k*s.columns+j]
			}
			g[i][c] = sum - s.cross[i][c]
			objective += w[i][c] * (sum - 2*s.cross[i][c])
			least = min(least, g[i][c])
			at += w[i][c] * g[i][c]
		}
		gap += 2 * (at - least)
	}
	return objective, gap
}

// curvature gives each row of B its own step: X'X is at most the diagonal of its
// row sums, since what is left is diagonally dominant. One step for all would
// crawl along codes that are traded little beside others of their group.
func (s *solver) curvature() []float64 {
	sums := make([]float64, len(s.gram))
	for i, row := range s.gram {
		for _, q := range row {
			sums[i] += math.Abs(q)
		}
	}
	return sums
}

func (s *solver) run(o Options) *Fit {
	w, ahead, g := s.equal(), s.equal(), s.equal()
	fit := &Fit{}
	fit.Objective, fit.Gap = s.gradient(w, g)
	curvature := s.curvature()
	momentum := 1.0
	for fit.Gap > o.Tolerance*s.square && fit.Iterations < o.Iterations {
		fit.Iterations++
		s.gradient(ahead, g)
		next := s.step(ahead, g, curvature)
		objective, gap := s.gradient(next, g)
		if objective > fit.Objective && momentum > 1 { // restart from the last good point
			momentum = 1
			copyRows(ahead, w)
			continue
		}
		faster := (1 + math.Sqrt(1+4*momentum*momentum)) / 2
		for i := range w {
			for c := range w[i] {
				ahead[i][c] = next[i][c] + (momentum-1)/faster*(next[i][c]-w[i][c])
			}
		}
		w, momentum = next, faster
		fit.Objective, fit.Gap = objective, gap
	}
	fit.Weights, fit.Converged = w, fit.Gap <= o.Tolerance*s.square
	fit.Objective, fit.Gap = max(fit.Objective, 0), max(fit.Gap, 0) // rounding
	return fit
}

func (s *solver) step(from, g [][]float64, curvature []float64) [][]float64 {
	next := make([][]float64, len(from))
	for i := range from {
		next[i] = slices.Clone(from[i])
		if curvature[i] > 0 { // nothing is known of the row otherwise
			for c := range next[i] {
				next[i][c] -= g[i][c] / curvature[i]
			}
		}
		Project(next[i], s.scratch)
	}
	return next
}

func copyRows(to, from [][]float64) {
	for i := range from {
		copy(to[i], from[i])
	}
}
