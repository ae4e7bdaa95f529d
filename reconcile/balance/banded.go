package balance

// band is a symmetric positive definite matrix whose entries lie within width
// places of the diagonal, held by its lower half: the last entry of row i is the
// diagonal, the one before it the entry left of it. It is solved in place by
// L D L' (Golub and Van Loan 2013, section 4.3).
type band struct {
	rows [][width + 1]float64
}

const width = 3

func (b *band) reset(n int) {
	if cap(b.rows) < n {
		b.rows = make([][width + 1]float64, n, n+n/2)
	}
	b.rows = b.rows[:n]
	clear(b.rows)
}

// at gives the place of the entry at row i and column j, with j <= i.
func (b *band) at(i, j int) *float64 { return &b.rows[i][width-(i-j)] }

// factorize replaces the matrix by its factors: the unit lower triangle off the
// diagonal, D on it.
func (b *band) factorize() {
	for i := range b.rows {
		first := max(i-width, 0)
		for j := first; j < i; j++ { // L(i,j) D(j)
			for k := first; k < j; k++ {
				*b.at(i, j) -= float64(*b.at(i, k) * *b.at(j, k))
			}
		}
		for j := first; j < i; j++ {
			scaled := *b.at(i, j)
			*b.at(i, j) = scaled / *b.at(j, j)
			*b.at(i, i) -= float64(scaled * *b.at(i, j))
		}
	}
}

// solve replaces v by the solution for the right side v.
func (b *band) solve(v []float64) {
	for i := range v {
		for j := max(i-width, 0); j < i; j++ {
			v[i] -= float64(*b.at(i, j) * v[j])
		}
	}
	for i := len(v) - 1; i >= 0; i-- {
		v[i] /= *b.at(i, i)
		for j := i + 1; j <= min(i+width, len(v)-1); j++ {
			v[i] -= float64(*b.at(j, i) * v[j])
		}
	}
}

// diagonal sets v to the diagonal of the inverse (Takahashi, Fagan and Chen
// 1973): the inverse within the band follows from its own later rows.
func (b *band) diagonal(v []float64) {
	n := len(b.rows)
	var later [width + 1][width + 1]float64 // later[p][q]: inverse at (i+p, i+q) for the i at hand
	for i := n - 1; i >= 0; i-- {
		var next [width + 1][width + 1]float64
		for p := range width {
			for q := range width {
				next[p+1][q+1] = later[p][q]
			}
		}
		reach := min(width, n-1-i)
		for q := 1; q <= reach; q++ {
			sum := 0.0
			for k := 1; k <= reach; k++ {
				sum -= float64(*b.at(i+k, i) * next[k][q])
			}
			next[0][q], next[q][0] = sum, sum
		}
		sum := 1 / *b.at(i, i)
		for k := 1; k <= reach; k++ {
			sum -= float64(*b.at(i+k, i) * next[k][0])
		}
		next[0][0] = sum
		v[i] = sum
		later = next
	}
}
