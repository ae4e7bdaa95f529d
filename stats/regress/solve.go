package regress

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
)

// Dropped is a column that the fit had to leave out.
type Dropped struct {
	Name   string
	Reason string
}

const (
	// determined is the share of its length about its mean below which what is
	// left of a column, once effects and the columns before it are taken out,
	// counts as nothing. It is above what the tolerance of the absorption leaves
	// of a column made of level means.
	determined = 1e-6
	// rounded is the same for its length about 0, where only rounding counts.
	rounded = 1e-12
)

// solution is a least-squares fit in the order of the kept columns.
type solution struct {
	kept     []int // columns
	dropped  []Dropped
	coef     []float64
	design   [][]float64 // kept columns times the roots of the weights
	inverse  *mat.SymDense
	residual []float64 // of the absorbed response, not weighted
	rss      float64   // weighted
}

// solve orthogonalises the columns one after the other, dropping those with
// nothing left, so that earlier columns win.
func (a absorbed) solve(names []string, weights []float64) solution {
	var s solution
	root := make([]float64, len(weights))
	for i, w := range weights {
		root[i] = math.Sqrt(w)
	}
	target := slices.Clone(a.y)
	floats.Mul(target, root)
	var basis [][]float64
	var triangle [][]float64 // column j of R, and its diagonal last
	for j, c := range a.cols {
		weighted := slices.Clone(c)
		floats.Mul(weighted, root)
		rest := slices.Clone(weighted)
		before := floats.Norm(rest, 2)
		r := orthogonalise(rest, basis)
		left := floats.Norm(rest, 2)
		size := a.before[j]
		rounding := rounded * size.raw
		switch {
		case !(before > max(determined*size.centered, rounding)):
			s.dropped = append(s.dropped, Dropped{names[j], "the fixed effects determine it"})
			continue
		case !(left > max(determined*min(before, size.centered), rounding)):
			s.dropped = append(s.dropped, Dropped{names[j], "the columns before it determine it"})
			continue
		}
		floats.Scale(1/left, rest)
		basis = append(basis, rest)
		triangle = append(triangle, append(r, left))
		s.kept = append(s.kept, j)
		s.design = append(s.design, weighted)
	}
	s.backSubstitute(basis, triangle, target)
	s.residual = slices.Clone(a.y)
	for k, j := range s.kept {
		floats.AddScaled(s.residual, -s.coef[k], a.cols[j])
	}
	for i, e := range s.residual {
		s.rss += weights[i] * e * e
	}
	return s
}

// orthogonalise takes the basis out of v, twice for the sake of rounding, and
// returns what it took.
func orthogonalise(v []float64, basis [][]float64) []float64 {
	taken := make([]float64, len(basis), len(basis)+1)
	for range 2 {
		for k, b := range basis {
			d := floats.Dot(b, v)
			floats.AddScaled(v, -d, b)
			taken[k] += d
		}
	}
	return taken
}

// backSubstitute solves R coef = Q' target and forms (R'R)^-1.
func (s *solution) backSubstitute(basis, triangle [][]float64, target []float64) {
	p := len(s.kept)
	s.coef = make([]float64, p)
	if p == 0 {
		return
	}
	r := mat.NewTriDense(p, mat.Upper, nil)
	for j, column := range triangle {
		for i, v := range column {
			r.SetTri(i, j, v)
		}
	}
	rest := slices.Clone(target)
	for k, b := range basis { // one after the other, as the columns were
		d := floats.Dot(b, rest)
		floats.AddScaled(rest, -d, b)
		s.coef[k] = d
	}
	for j := p - 1; j >= 0; j-- {
		s.coef[j] /= triangle[j][j]
		for i := range j {
			s.coef[i] -= triangle[j][i] * s.coef[j]
		}
	}
	var inverse mat.TriDense
	// R has a diagonal that the choice of columns kept away from 0, so only
	// its condition can be complained of, and that is what standard errors show.
	_ = inverse.InverseTri(r)
	s.inverse = mat.NewSymDense(p, nil)
	s.inverse.SymOuterK(1, &inverse)
}
