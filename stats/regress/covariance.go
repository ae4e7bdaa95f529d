package regress

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"
)

// errorModel is what a covariance assumes of the errors.
type errorModel struct {
	rows       int
	effectRank int
	exactRank  bool
	df         int // rows less all coefficients
	spent      int // coefficients that count against the rows
	clusters   []grouping
	tDegrees   int // degrees of freedom of the t distribution
	smallest   int // levels of the smallest cluster factor
}

// newErrorModel counts what has been spent: the kept columns and the rank of
// the effects. Effects nested within a cluster are not counted against it, as
// their number grows with the clusters, which is what its theory lets grow
// (Cameron and Miller 2015, section III.B); one degree is kept for the mean.
func newErrorModel(f *frame, kept int) errorModel {
	m := errorModel{rows: len(f.rows), clusters: f.clusters}
	m.effectRank, m.exactRank = freedom(f.effects)
	m.spent = kept + m.effectRank
	m.df = m.rows - m.spent
	m.tDegrees = m.df
	if len(f.clusters) == 0 {
		return m
	}
	m.smallest = f.clusters[0].levels
	for _, c := range f.clusters {
		m.smallest = min(m.smallest, c.levels)
	}
	m.tDegrees = m.smallest - 1
	free := 0
	for _, e := range f.effects {
		for _, c := range f.clusters {
			if nested(e, c) {
				free += e.levels - 1
				break
			}
		}
	}
	if len(f.effects) > 0 {
		m.spent = max(kept+1, m.spent-free)
	}
	return m
}

func (m errorModel) check() error {
	if m.df < 1 {
		return fmt.Errorf("%d rows for %d coefficients and effects: more rows are needed", m.rows, m.rows-m.df)
	}
	if len(m.clusters) > 0 && m.smallest < 2 {
		return fmt.Errorf("a cluster factor has %d level: errors by cluster need at least two", m.smallest)
	}
	return nil
}

// covariance picks the estimator; the second result tells that it had to be
// mended.
func (m errorModel) covariance(s solution, weights []float64, robust bool) (cov *mat.SymDense, mended bool) {
	root := make([]float64, len(weights))
	for i, w := range weights {
		root[i] = math.Sqrt(w)
	}
	switch {
	case len(m.clusters) > 0:
		return m.clustered(s, root)
	case robust:
		return m.robust(s, root), false
	}
	return m.classical(s), false
}

// classical is s^2 (X'WX)^-1 with s^2 = sum w e^2/(n-k).
func (m errorModel) classical(s solution) *mat.SymDense {
	out := mat.NewSymDense(len(s.kept), nil)
	out.ScaleSym(s.rss/float64(m.df), s.inverse)
	return out
}

// robust allows every row its own spread (HC1: White 1980 times n/(n-k)).
func (m errorModel) robust(s solution, root []float64) *mat.SymDense {
	return m.sandwich(s, root, grouping{level: rowNumbers(m.rows), levels: m.rows}, 1)
}

// clustered is the sandwich of Liang and Zeger (1986) for one cluster factor,
// and for two the sum over both less that over their crossing (Cameron,
// Gelbach and Miller 2011, equation 2.11), all times G/(G-1) (n-1)/(n-k) with G
// the number of levels of the smaller factor. The difference of two may have
// variances below 0; its negative eigenvalues are set to 0 (their section 2.3),
// which the second result tells.
func (m errorModel) clustered(s solution, root []float64) (cov *mat.SymDense, mended bool) {
	g := float64(m.smallest)
	factor := g / (g - 1) * float64(m.rows-1) / float64(m.rows)
	cov = m.sandwich(s, root, m.clusters[0], factor)
	if len(m.clusters) == 1 {
		return cov, false
	}
	cov.AddSym(cov, m.sandwich(s, root, m.clusters[1], factor))
	both := m.sandwich(s, root, cross(m.clusters[0], m.clusters[1]), factor)
	both.ScaleSym(-1, both)
	cov.AddSym(cov, both)
	return positivePart(cov)
}

// sandwich is factor n/(n-k) (X'WX)^-1 (sum_g u_g u_g') (X'WX)^-1, with u_g the
// sum of w e x over the rows of a group.
func (m errorModel) sandwich(s solution, root []float64, groups grouping, factor float64) *mat.SymDense {
	p := len(s.kept)
	scores := make([]float64, groups.levels*p)
	for k, column := range s.design {
		for i, g := range groups.level {
			scores[int(g)*p+k] += root[i] * s.residual[i] * column[i]
		}
	}
	var half mat.Dense
	half.Mul(mat.NewDense(groups.levels, p, scores), s.inverse)
	out := mat.NewSymDense(p, nil)
	out.SymOuterK(factor*float64(m.rows)/float64(m.rows-m.spent), half.T())
	return out
}

func rowNumbers(n int) []int32 {
	out := make([]int32, n)
	for i := range out {
		out[i] = int32(i)
	}
	return out
}

// cross groups rows that share both levels.
func cross(a, b grouping) grouping {
	pairs := make([][2]int32, len(a.level))
	for i := range pairs {
		pairs[i] = [2]int32{a.level[i], b.level[i]}
	}
	out := grouping{level: make([]int32, len(pairs))}
	for i, code := range Codes(pairs) {
		out.level[i] = int32(code)
		out.levels = max(out.levels, code+1)
	}
	return out
}

// positivePart sets negative eigenvalues to 0.
func positivePart(cov *mat.SymDense) (out *mat.SymDense, mended bool) {
	var eigen mat.EigenSym
	if !eigen.Factorize(cov, true) {
		return cov, false
	}
	values := eigen.Values(nil)
	var vectors mat.Dense
	eigen.VectorsTo(&vectors)
	n := len(values)
	out = mat.NewSymDense(n, nil)
	for k, v := range values {
		if v < 0 {
			mended = true
			continue
		}
		out.SymRankOne(out, v, vectors.ColView(k))
	}
	if !mended {
		return cov, false
	}
	return out, true
}
