package balance

// band is a symmetric positive definite matrix whose entries lie within width
// places of the diagonal, held by its lower half: the last entry of a row is the
// diagonal, the one before it the entry left of it. Three empty rows before the
// first save every loop from asking where it is. The matrix is solved in place
// by L D L' (Golub and Van Loan 2013, section 4.3), written out for its width:
// loops over columns took twice as long.
type band struct {
	rows []bandRow
}

const width = 3

type bandRow [width + 1]float64

// reset makes an empty matrix of n rows.
func (b *band) reset(n int) {
	if cap(b.rows) < n+width {
		b.rows = make([]bandRow, n+width, 2*n+width)
	}
	b.rows = b.rows[:n+width]
	clear(b.rows)
}

// row gives row i.
func (b *band) row(i int) *bandRow { return &b.rows[i+width] }

// factorize replaces the matrix by its factors: the unit lower triangle off the
// diagonal, 1/D on it.
func (b *band) factorize() {
	rows := b.rows
	for i := width; i < len(rows); i++ {
		r, p1, p2, p3 := &rows[i], &rows[i-1], &rows[i-2], &rows[i-3]
		c3 := r[0] // L(i,i-3) D(i-3), and so on
		c2 := r[1] - float64(c3*p2[2])
		c1 := r[2] - float64(c3*p1[1]) - float64(c2*p1[2])
		l3, l2, l1 := c3*p3[3], c2*p2[3], c1*p1[3]
		r[3] = 1 / (r[3] - float64(c3*l3) - float64(c2*l2) - float64(c1*l1))
		r[0], r[1], r[2] = l3, l2, l1
	}
}

// solve replaces v by the solution for the right side v.
func (b *band) solve(v []float64) {
	var v1, v2, v3 float64 // the values before
	for i := range v {
		r := b.row(i)
		v[i] -= float64(r[2]*v1) + float64(r[1]*v2) + float64(r[0]*v3)
		v1, v2, v3 = v[i], v1, v2
	}
	// Going back, each value is taken off the three before it in turn.
	for i := len(v) - 1; i >= 0; i-- {
		v[i] *= b.row(i)[3]
	}
	for i := len(v) - 1; i >= 0; i-- {
		r := b.row(i)
		for k := 1; k <= min(width, i); k++ {
			v[i-k] -= float64(r[width-k] * v[i])
		}
	}
}

// diagonal sets v to the diagonal of the inverse (Takahashi, Fagan and Chen
// 1973): the inverse within the band follows from its own later rows.
func (b *band) diagonal(v []float64) {
	n := len(v)
	var z [width + 1][width + 1]float64 // z[p][q]: inverse at (i+p, i+q) for the i at hand
	for i := n - 1; i >= 0; i-- {
		for p := width; p > 0; p-- {
			for q := width; q > 0; q-- {
				z[p][q] = z[p-1][q-1]
			}
		}
		var below bandRow // L(i+k, i)
		for k := 1; k <= min(width, n-1-i); k++ {
			below[k] = b.row(i + k)[width-k]
		}
		sum := b.row(i)[3]
		for q := 1; q <= width; q++ {
			z[0][q] = -float64(below[1]*z[1][q]) - float64(below[2]*z[2][q]) - float64(below[3]*z[3][q])
			z[q][0] = z[0][q]
			sum -= float64(below[q] * z[0][q])
		}
		z[0][0] = sum
		v[i] = sum
	}
}
