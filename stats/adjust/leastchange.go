package adjust

import (
	"fmt"
	"math"
	"slices"
)

// LeastChangeOptions are the choices of LeastChange; zero fields take defaults.
type LeastChangeOptions struct {
	Tolerance     float64 // largest violation over the size of a row's terms; 0 means 1e-9
	MaxIterations int     // 0 means 5000; see Solution.Iterations
}

// Solution is the answer of LeastChange.
type Solution struct {
	X          []float64
	Change     float64   // sum Weight (X - Start)^2 over the numbers that may move
	Multiplier []float64 // of each constraint: half the fall in Change per unit of Bound; zero if it does not bind
	Binding    []int     // constraints that hold with equality, by index

	Status     Status
	Converged  bool
	Iterations int     // sweeps over the constraints, and changes to the set of binding ones
	Precision  float64 // violation of the worst constraint over the size of its terms
	Worst      int     // the constraint broken most, -1 if none is broken at all
	Violation  float64 // by how much, in its own units
	Blame      []int   // where infeasible: constraints that contradict each other
	Warnings   []string

	rows rows
}

// LeastChange solves a Problem: the weighted least change of Start under linear
// constraints, the generalised least-squares adjustment of Stone, Champernowne
// and Meade (1942). For equalities alone,
//
//	x = start - V A' (A V A')^-1 (A start - b),  V = 1/Weight,
//
// found by conjugate gradients on the multipliers, so that redundant constraints
// do no harm. With inequalities, sweeps of Hildreth's dual coordinate method
// (Hildreth 1957, Naval Research Logistics Quarterly 4) guess which of them bind,
// and the guess is tried as equalities; where ten guesses fail, the dual active
// set method of Goldfarb and Idnani (1983, Mathematical Programming 27) finishes
// exactly, or proves by Farkas' lemma that constraints contradict each other.
//
// A constraint on fixed numbers alone either holds or makes the problem
// infeasible. A problem without constraints returns Start. The answer is the
// same for the same input, whatever the machine's threads.
func LeastChange(p Problem, options LeastChangeOptions) (Solution, error) {
	if err := p.check(); err != nil {
		return Solution{}, err
	}
	if options.Tolerance == 0 {
		options.Tolerance = 1e-9
	}
	if options.MaxIterations == 0 {
		options.MaxIterations = 5000
	}
	if !(options.Tolerance > 0) || options.MaxIterations < 1 {
		return Solution{}, fmt.Errorf("tolerance %g, %d iterations: give positive numbers",
			options.Tolerance, options.MaxIterations)
	}
	s := solver{rows: newRows(p), start: p.Start, tolerance: options.Tolerance}
	s.x = slices.Clone(p.Start)
	s.multiplier = make([]float64, len(p.Constraints))
	if !s.contradictsFixed() {
		s.run(options.MaxIterations)
	}
	return s.solution(p), nil
}

// solver carries the state of one solution: x is always start - V A' multiplier.
type solver struct {
	rows
	start      []float64
	x          []float64
	multiplier []float64
	tolerance  float64
	settled    []int // rows that x is the best point for, as equalities
	iterations int
	status     Status
	blame      []int
}

// contradictsFixed looks for a broken row that nothing can mend.
func (s *solver) contradictsFixed() bool {
	for r := range s.bound {
		if s.diagonal[r] == 0 && s.violation(r, s.x) > s.tolerance*s.scale[r] {
			s.status, s.blame = Infeasible, append(s.blame, r)
		}
	}
	return len(s.blame) > 0
}

// guesses is how often the sweeps guess the binding rows, and sweepsPerGuess how
// long they run for each.
const guesses, sweepsPerGuess = 10, 10

func (s *solver) run(limit int) {
	s.status = IterationLimit
	if s.settle(s.binding()) || s.iterations >= limit {
		return
	}
	for range guesses {
		for range sweepsPerGuess {
			s.sweep()
			if s.iterations++; s.iterations >= limit {
				return
			}
		}
		if s.settle(s.binding()) {
			return
		}
	}
	s.activeSet(limit)
}

// binding lists the equalities and the inequalities with a multiplier.
func (s *solver) binding() []int {
	var list []int
	for r := range s.bound {
		if s.diagonal[r] > 0 && (s.equal[r] || s.multiplier[r] > 0) {
			list = append(list, r)
		}
	}
	return list
}

// sweep projects onto each constraint in turn (Hildreth 1957): a step along V a'
// that would meet it, cut so that an inequality's multiplier stays at or above
// zero.
func (s *solver) sweep() {
	for r := range s.bound {
		if s.diagonal[r] == 0 {
			continue
		}
		step := (s.dot(r, s.x) - s.bound[r]) / s.diagonal[r]
		if !s.equal[r] {
			step = math.Max(step, -s.multiplier[r])
		}
		if step != 0 {
			s.multiplier[r] += step
			s.push(r, step, s.x)
		}
	}
}

// settle solves with the given rows as equalities and says whether that solves
// the whole problem. Where only other rows are broken the solution is kept: it is
// the best point for these rows, and the sweeps go on from there.
func (s *solver) settle(binding []int) bool {
	m, x := s.solveAsEqualities(binding)
	for k, r := range binding {
		if s.violation(r, x) > s.tolerance*s.scale[r] {
			return false // these rows cannot all hold
		}
		// A multiplier of an inequality may not be negative; a hair below zero
		// is a row that just touches.
		if !s.equal[r] && m[k]*s.diagonal[r] < -s.tolerance*s.scale[r] {
			return false
		}
	}
	clear(s.multiplier)
	for k, r := range binding {
		s.multiplier[r] = m[k]
		if !s.equal[r] {
			s.multiplier[r] = math.Max(0, m[k])
		}
	}
	s.x, s.settled = x, binding
	if _, broken := s.worst(x); broken > s.tolerance {
		return false
	}
	s.status = Solved
	return true
}

// solveAsEqualities returns the multipliers of the rows listed, and x, if they
// were the whole problem and all equalities.
func (s *solver) solveAsEqualities(list []int) (m, x []float64) {
	m = make([]float64, len(list))
	rhs, stop := make([]float64, len(list)), make([]float64, len(list))
	for k, r := range list {
		m[k] = s.multiplier[r]
		rhs[k] = s.dot(r, s.start) - s.bound[r]
		stop[k] = 0.01 * s.tolerance * s.scale[r] // room for rounding when x is formed afresh
	}
	s.solveRows(list, rhs, m, stop)
	x = slices.Clone(s.start)
	for k, r := range list {
		s.push(r, m[k], x)
	}
	return m, x
}

func (s *solver) solution(p Problem) Solution {
	out := Solution{
		X: s.x, Multiplier: make([]float64, len(s.multiplier)), Status: s.status,
		Converged: s.status == Solved, Iterations: s.iterations, Blame: s.blame, rows: s.rows,
	}
	for i, v := range s.variance {
		if d := s.x[i] - s.start[i]; v > 0 {
			out.Change += d * d / v
		}
	}
	for r, m := range s.multiplier {
		if p.Constraints[r].Relation == AtLeast {
			m = -m // back from "at most" on minus the row
		}
		out.Multiplier[r] = m
		if s.equal[r] || m != 0 {
			out.Binding = append(out.Binding, r)
		}
	}
	out.Worst, out.Precision = s.worst(s.x)
	if out.Worst >= 0 {
		out.Violation = s.violation(out.Worst, s.x)
	}
	switch s.status {
	case Infeasible:
		out.Warnings = append(out.Warnings, fmt.Sprintf("constraints %v contradict each other: the numbers shown meet only part of them", s.blame))
	case IterationLimit:
		out.Warnings = append(out.Warnings, fmt.Sprintf(
			"stopped after %d iterations with constraint %d broken by %.3g: raise MaxIterations or Tolerance",
			s.iterations, out.Worst, out.Violation))
	}
	return out
}
