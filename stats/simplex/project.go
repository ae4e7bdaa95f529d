package simplex

import "slices"

// Project writes to each x[i] the nearest point, in Euclidean distance, of the
// set of non-negative numbers that sum to one, by the sort of Held, Wolfe and
// Crowder (Mathematical Programming 6, 1974). The result is in x; scratch is of
// the same length. A row of one number becomes 1, an empty one stays empty.
func Project(x, scratch []float64) {
	if len(x) == 0 {
		return
	}
	sorted := scratch[:len(x)]
	copy(sorted, x)
	slices.SortFunc(sorted, func(a, b float64) int {
		switch {
		case a > b:
			return -1
		case a < b:
			return 1
		}
		return 0
	})
	sum, level := 0.0, 0.0
	for i, v := range sorted {
		sum += v
		if next := (sum - 1) / float64(i+1); v > next {
			level = next
		}
	}
	for i, v := range x {
		x[i] = max(v-level, 0)
	}
}
