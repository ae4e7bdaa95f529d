package robust

import (
	"math/bits"
	"slices"
)

// Below this length insertion sort beats another round of partitioning.
const insertionLength = 12

// SelectInPlace reorders a so that a[k] is its k-th smallest value (from 0),
// nothing before it is larger and nothing behind it is smaller, and returns
// a[k]. It takes linear time on average and O(n log n) at worst (quickselect,
// Hoare 1961, with a sort once the partitions stay lopsided). a must hold no
// NaN; it panics if k is outside a.
func SelectInPlace(a []float64, k int) float64 {
	_ = a[k]
	lo, hi := 0, len(a)-1
	for depth := 2 * bits.Len(uint(len(a))); hi-lo >= insertionLength; depth-- {
		if depth == 0 {
			slices.Sort(a[lo : hi+1])
			return a[k]
		}
		i, j := partition(a, lo, hi)
		switch {
		case k <= j:
			hi = j
		case k >= i:
			lo = i
		default:
			return a[k] // between the two halves everything equals the pivot
		}
	}
	insertionSort(a[lo : hi+1])
	return a[k]
}

// partition splits a[lo..hi] about the median of three of its values and
// returns i > j with a[lo..j] <= pivot, a[i..hi] >= pivot and, when i = j+2,
// a[j+1] = pivot.
func partition(a []float64, lo, hi int) (i, j int) {
	pivot := medianOfThree(a[lo], a[lo+(hi-lo)/2], a[hi])
	i, j = lo, hi
	for i <= j {
		for a[i] < pivot {
			i++
		}
		for a[j] > pivot {
			j--
		}
		if i <= j {
			a[i], a[j] = a[j], a[i]
			i++
			j--
		}
	}
	return i, j
}

func medianOfThree(x, y, z float64) float64 {
	if x > y {
		x, y = y, x
	}
	return max(x, min(y, z))
}

func insertionSort(a []float64) {
	for i := 1; i < len(a); i++ {
		v, j := a[i], i
		for ; j > 0 && a[j-1] > v; j-- {
			a[j] = a[j-1]
		}
		a[j] = v
	}
}
