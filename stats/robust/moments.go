package robust

import "math"

// moments are the sums of products of rows (x_1..x_p, y), kept as the lower
// triangle, row after row.
type moments struct {
	size   int
	sums   []float64
	factor []float64
}

func newMoments(size int) moments {
	cells := size * (size + 1) / 2
	return moments{size: size, sums: make([]float64, cells), factor: make([]float64, cells)}
}

func (m *moments) clear() { clear(m.sums) }

func (m *moments) add(row []float64) {
	k := 0
	for a, va := range row {
		sums := m.sums[k : k+a+1]
		upTo := row[:len(sums)]
		for b := range sums {
			sums[b] += va * upTo[b]
		}
		k += a + 1
	}
}

func (m *moments) addWeighted(row []float64, weight float64) {
	k := 0
	for a, va := range row {
		sums := m.sums[k : k+a+1]
		upTo := row[:len(sums)]
		va *= weight
		for b := range sums {
			sums[b] += va * upTo[b]
		}
		k += a + 1
	}
}

// lostDigits is the share of a sum that must be left after a removal for the
// sum to be trusted: rounding grows by its inverse, leaving ten digits.
const lostDigits = 1e-6

func (m *moments) remove(row []float64) bool {
	k, trusted := 0, true
	for a, va := range row {
		sums := m.sums[k : k+a+1]
		upTo := row[:len(sums)]
		for b := range sums {
			sums[b] -= va * upTo[b]
		}
		k += a + 1
		if !(sums[a] > lostDigits*va*va) {
			trusted = false
		}
	}
	return trusted
}

// singular is the share of a column's sum of squares that must be left after
// fitting the columns before it; below it the column counts as their sum.
const singular = 1e-11

// solve factors the moments as L D L', puts the least-squares coefficients in
// coef and returns the residual sum of squares, which is the last entry of D.
func (m *moments) solve(coef []float64) (rss float64, ok bool) {
	k, f := 0, m.factor
	for a := range m.size {
		rowA := f[k : k+a+1]
		copy(rowA, m.sums[k:k+a+1])
		j := 0
		for b := range a { // rowA[b] holds L_ab D_b until divided below
			rowB := f[j : j+b+1]
			s := rowA[b]
			for c := range b {
				s -= rowA[c] * rowB[c]
			}
			rowA[b] = s
			j += b + 1
		}
		d, j := rowA[a], 0
		for b := range a {
			j += b + 1
			scaled := rowA[b] / f[j-1]
			d -= scaled * rowA[b]
			rowA[b] = scaled
		}
		if a < m.size-1 && !(d > singular*m.sums[k+a]) {
			return math.NaN(), false
		}
		rowA[a] = d
		k += a + 1
	}
	m.backSubstitute(coef, f[k-m.size:k-1])
	return max(0, f[k-1]), true
}

// backSubstitute solves L' coef = last, the row of L that the response has.
func (m *moments) backSubstitute(coef, last []float64) {
	p := m.size - 1
	copy(coef, last)
	for a := p - 1; a >= 0; a-- {
		row := m.factor[a*(a+1)/2:]
		for b := range a {
			coef[b] -= row[b] * coef[a]
		}
	}
}
