package adjust

import (
	"math"
	"slices"
)

// activeSet is the dual method of Goldfarb and Idnani (1983, section 3): from
// the best point for a set of rows, add the row broken most and raise its
// multiplier until it holds, dropping rows whose multiplier would turn negative
// on the way. Each step raises the least change, so that no set comes back.
func (s *solver) activeSet(limit int) {
	set := s.restart()
	for s.iterations < limit {
		p, broken := s.worst(s.x)
		if broken <= s.tolerance {
			s.status = Solved
			return
		}
		if slices.Contains(set, p) {
			return // held as well as float64 allows, which is not well enough
		}
		if set = s.addRow(set, p, limit); s.status == Infeasible {
			return
		}
		// Forming x afresh stops rounding from piling up over many rows.
		s.refresh(set)
	}
}

// restart goes back to the last set of rows whose best point is known, or to
// the start with no rows.
func (s *solver) restart() []int {
	set := slices.Clone(s.settled)
	clear(s.multiplier)
	m, x := s.solveAsEqualities(set)
	s.x = x
	for k, r := range set {
		s.multiplier[r] = m[k]
	}
	return set
}

// addRow raises the multiplier of row p until it holds. With n the row, turned
// so that it is broken upwards, and r solving A V A' r = A V n over the set, a
// step t moves x by -t z, z = V n - V A' r, and the multipliers of the set by -t r.
func (s *solver) addRow(set []int, p, limit int) []int {
	sign := 1.0
	if s.dot(p, s.x) < s.bound[p] {
		sign = -1 // only an equality can be broken downwards
	}
	for s.iterations < limit {
		s.iterations++
		r, z := s.direction(set, p, sign)
		reach := sign * s.dot(p, z)
		full := math.Inf(1)
		if reach > 1e-12*s.diagonal[p] {
			full = sign * (s.dot(p, s.x) - s.bound[p]) / reach
		}
		partial, blocking := s.blocking(set, r, p)
		t := math.Min(full, partial)
		if math.IsInf(t, 1) {
			s.status, s.blame = Infeasible, s.farkas(set, r, p)
			return set
		}
		for k, row := range set {
			s.multiplier[row] -= t * r[k]
		}
		s.multiplier[p] += t * sign
		if !math.IsInf(full, 1) {
			for i := range s.x {
				s.x[i] -= t * z[i]
			}
		}
		if full <= partial {
			return append(set, p)
		}
		s.multiplier[set[blocking]] = 0
		set = slices.Delete(set, blocking, blocking+1)
	}
	return set
}

// direction returns r and z of addRow.
func (s *solver) direction(set []int, p int, sign float64) (r, z []float64) {
	z = make([]float64, len(s.x))
	s.push(p, -sign, z)
	r = make([]float64, len(set))
	rhs, stop := make([]float64, len(set)), make([]float64, len(set))
	for k, row := range set {
		rhs[k] = s.dot(row, z)
		stop[k] = 1e-13 * math.Sqrt(s.diagonal[row]*s.diagonal[p])
	}
	s.solveRows(set, rhs, r, stop)
	for k, row := range set {
		s.push(row, r[k], z)
	}
	return r, z
}

// blocking is the inequality of the set whose multiplier first falls to zero,
// and the step at which it does.
func (s *solver) blocking(set []int, r []float64, p int) (step float64, at int) {
	step, at = math.Inf(1), -1
	for k, row := range set {
		if !s.equal[row] && s.takesPart(row, r[k], p) && r[k] > 0 {
			if t := s.multiplier[row] / r[k]; t < step {
				step, at = t, k
			}
		}
	}
	return step, at
}

// farkas lists the rows of the contradiction n = A' r: p and the rows of the set
// that it is a sum of.
func (s *solver) farkas(set []int, r []float64, p int) []int {
	blame := []int{p}
	for k, row := range set {
		if s.takesPart(row, r[k], p) {
			blame = append(blame, row)
		}
	}
	slices.Sort(blame)
	return blame
}

// takesPart says that a row's share in the direction of p is more than rounding.
func (s *solver) takesPart(row int, r float64, p int) bool {
	return math.Abs(r)*math.Sqrt(s.diagonal[row]) > 1e-9*math.Sqrt(s.diagonal[p])
}

// refresh forms x from the multipliers, after mending the set's rows.
func (s *solver) refresh(set []int) {
	m, x := s.solveAsEqualities(set)
	for k, r := range set {
		if !s.equal[r] && m[k] < 0 {
			return // rounding at a row that just touches: keep the point as it is
		}
	}
	s.x = x
	for k, r := range set {
		s.multiplier[r] = m[k]
	}
}
