package robust

import "math"

// rowSorted is a matrix of numbers, given by a rule, that grow (or stay)
// along each row and down each column. It is never written out.
type rowSorted struct {
	rows, cols int
	at         func(i, j int) float64
}

// smallest is the entry of rank k (from 0) among the rows*cols entries, found
// in O((rows+cols) log cols) looks (Johnson and Mizoguchi 1978, SIAM J.
// Comput. 7, 147-153): cut at the weighted median of the middle entries of
// what is left in each row, and drop what lies on the wrong side.
func (m rowSorted) smallest(k int) float64 {
	from, to := make([]int, m.rows), make([]int, m.rows) // entries left in row i
	below, upTo := make([]int, m.rows), make([]int, m.rows)
	middles, sizes := make([]float64, 0, m.rows), make([]float64, 0, m.rows)
	left, dropped := m.rows*m.cols, 0 // dropped counts those too small
	for i := range to {
		to[i] = m.cols
	}
	for left > m.rows {
		middles, sizes = middles[:0], sizes[:0]
		for i := range m.rows {
			if to[i] > from[i] {
				middles = append(middles, m.at(i, (from[i]+to[i]-1)/2))
				sizes = append(sizes, float64(to[i]-from[i]))
			}
		}
		cut := lowWeightedMedianInPlace(middles, sizes)
		smaller, notLarger := m.countAbout(cut, below, upTo)
		switch {
		case k < smaller:
			left, dropped = keepWithin(from, to, from, below)
		case k >= notLarger:
			left, dropped = keepWithin(from, to, upTo, to)
		default:
			return cut
		}
	}
	rest := make([]float64, 0, left)
	for i := range m.rows {
		for j := from[i]; j < to[i]; j++ {
			rest = append(rest, m.at(i, j))
		}
	}
	return SelectInPlace(rest, k-dropped)
}

// countAbout counts entries below cut, and not above it, by row and in all,
// walking down the two staircases that part them.
func (m rowSorted) countAbout(cut float64, below, upTo []int) (smaller, notLarger int) {
	b, u := m.cols, m.cols
	for i := range m.rows {
		for b > 0 && !(m.at(i, b-1) < cut) {
			b--
		}
		for u > 0 && m.at(i, u-1) > cut {
			u--
		}
		below[i], upTo[i] = b, u
		smaller += b
		notLarger += u
	}
	return smaller, notLarger
}

// keepWithin narrows [from, to) to [newFrom, newTo) and counts what is left
// and what lies before it.
func keepWithin(from, to, newFrom, newTo []int) (left, before int) {
	for i := range from {
		from[i] = max(from[i], newFrom[i])
		to[i] = max(from[i], min(to[i], newTo[i]))
		left += to[i] - from[i]
		before += from[i]
	}
	return left, before
}

// lowWeightedMedianInPlace is the smallest value at which the weight of it
// and of what is below reaches half. Both slices are reordered.
func lowWeightedMedianInPlace(values, weights []float64) float64 {
	total := 0.0
	for _, w := range weights {
		total += w
	}
	return weightedQuantileInPlace(values, weights, total/2)
}

// weightedQuantileInPlace is the smallest value at which the weight of it and
// of what is below reaches target. It takes linear time on average: each round
// halves about a value and goes on with the side that holds the target.
func weightedQuantileInPlace(values, weights []float64, target float64) float64 {
	largest := math.Inf(-1)
	for len(values) > 0 {
		pivot := medianOfThree(values[0], values[len(values)/2], values[len(values)-1])
		less, equal := 0, 0
		weightLess, weightEqual := 0.0, 0.0
		for i, v := range values { // [less | equal | greater]
			w := weights[i]
			switch {
			case v < pivot:
				rotate(values, less, equal, i)
				rotate(weights, less, equal, i)
				less++
				weightLess += w
			case v == pivot:
				swap(values, less+equal, i)
				swap(weights, less+equal, i)
				equal++
				weightEqual += w
			}
		}
		switch {
		case weightLess >= target && less > 0:
			values, weights = values[:less], weights[:less]
		case weightLess+weightEqual >= target:
			return pivot
		default:
			target -= weightLess + weightEqual
			largest = max(largest, pivot)
			values, weights = values[less+equal:], weights[less+equal:]
		}
	}
	return largest // rounding put the target past the last value
}

// rotate moves a[i] to the end of the first of three runs: [less|equal|..i].
func rotate(a []float64, less, equal, i int) {
	v := a[i]
	a[i] = a[less+equal]
	a[less+equal] = a[less]
	a[less] = v
}

func swap(a []float64, i, j int) { a[i], a[j] = a[j], a[i] }

func medianOfThree(x, y, z float64) float64 {
	if x > y {
		x, y = y, x
	}
	return max(x, min(y, z))
}
