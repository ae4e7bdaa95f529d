package robust

import (
	"math"
	"slices"
)

// Candidates keeps the few best of many fits: those with the smallest
// objectives, in increasing order, each objective once. It allocates only
// when made.
type Candidates struct {
	p          int
	coefs      []float64
	objectives []float64
}

// NewCandidates keeps up to size fits of p coefficients each.
func NewCandidates(size, p int) *Candidates {
	return &Candidates{p: p, coefs: make([]float64, size*p), objectives: make([]float64, 0, size)}
}

// Reset forgets all candidates.
func (c *Candidates) Reset() { c.objectives = c.objectives[:0] }

// Len is the number of candidates kept.
func (c *Candidates) Len() int { return len(c.objectives) }

// Coef is the i-th best fit, a view that the next offer may overwrite.
func (c *Candidates) Coef(i int) []float64 { return c.coefs[i*c.p : (i+1)*c.p] }

// Objective is that of the i-th best fit.
func (c *Candidates) Objective(i int) float64 { return c.objectives[i] }

// Worst is the objective that a new candidate has to beat, +Inf while there
// is room.
func (c *Candidates) Worst() float64 {
	if len(c.objectives) < cap(c.objectives) {
		return math.Inf(1)
	}
	return c.objectives[len(c.objectives)-1]
}

// sameObjective is the relative difference below which two objectives are one
// optimum reached twice: far above rounding, far below what parts two optima.
const sameObjective = 1e-10

// Offer takes the fit in if its objective is among the best and new.
func (c *Candidates) Offer(objective float64, coef []float64) {
	if !(objective < c.Worst()) {
		return
	}
	i, _ := slices.BinarySearch(c.objectives, objective)
	near := sameObjective * objective
	if i > 0 && objective-c.objectives[i-1] <= near || i < len(c.objectives) && c.objectives[i]-objective <= near {
		return
	}
	if len(c.objectives) < cap(c.objectives) {
		c.objectives = append(c.objectives, 0)
	}
	copy(c.objectives[i+1:], c.objectives[i:])
	copy(c.coefs[(i+1)*c.p:], c.coefs[i*c.p:(len(c.objectives)-1)*c.p])
	c.objectives[i] = objective
	copy(c.Coef(i), coef)
}
