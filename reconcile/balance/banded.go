package balance

// band is a symmetric positive definite matrix whose entries lie within width
// places of the diagonal, held by its lower half: the last entry of a row is the
// diagonal, the one before it the entry left of it. Three empty rows before the
// first and behind the last save every loop from asking where it is. The matrix is solved in place
// by L D L' (Golub and Van Loan 2013, section 4.3), written out for its width:
// loops over columns took twice as long.
type band struct {
	rows []bandRow
}

const width = 3

type bandRow [width + 1]float64

// reset makes an empty matrix of n rows.
func (b *band) reset(n int) {
	if cap(b.rows) < n+2*width {
		b.rows = make([]bandRow, n+2*width, 2*(n+width))
	}
	b.rows = b.rows[:n+2*width]
	clear(b.rows)
}

// row gives row i.
func (b *band) row(i int) *bandRow { return &b.rows[i+width] }

// factorize replaces the matrix by its factors: the unit lower triangle off the
// diagonal, 1/D on it.
func (b *band) factorize() {
	var p1, p2, p3 bandRow // the rows before
	rows := b.rows[width : len(b.rows)-width]
	for i := range rows {
		r := rows[i]
		c3 := r[0] // L(i,i-3) D(i-3), and so on
		c2 := r[1] - float64(c3*p2[2])
		c1 := r[2] - float64(c3*p1[1]) - float64(c2*p1[2])
		l3, l2, l1 := c3*p3[3], c2*p2[3], c1*p1[3]
		p3, p2 = p2, p1
		p1 = bandRow{l3, l2, l1, 1 / (r[3] - float64(c3*l3) - float64(c2*l2) - float64(c1*l1))}
		rows[i] = p1
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
	v1, v2, v3 = 0, 0, 0 // the values behind, going back
	for i := len(v) - 1; i >= 0; i-- {
		next := b.rows[i+width : i+2*width+1]
		v[i] = v[i]*next[0][3] - float64(next[3][0]*v3) - float64(next[2][1]*v2) - float64(next[1][2]*v1)
		v1, v2, v3 = v[i], v1, v2
	}
}

// diagonal sets v to the diagonal of the inverse (Takahashi, Fagan and Chen
// 1973): the inverse within the band follows from its own later rows.
func (b *band) diagonal(v []float64) {
	var z00, z01, z02, z11, z12, z22 float64 // the inverse at (i+1+p, i+1+q) for the i at hand
	for i := len(v) - 1; i >= 0; i-- {
		next := b.rows[i+width : i+2*width+1]
		l1, l2, l3 := next[1][2], next[2][1], next[3][0] // L(i+k, i)
		z1 := -float64(l1*z00) - float64(l2*z01) - float64(l3*z02)
		z2 := -float64(l1*z01) - float64(l2*z11) - float64(l3*z12)
		z3 := -float64(l1*z02) - float64(l2*z12) - float64(l3*z22)
		v[i] = next[0][3] - float64(l1*z1) - float64(l2*z2) - float64(l3*z3)
		z22, z12, z11 = z11, z01, z00
		z02, z01, z00 = z2, z1, v[i]
	}
}
