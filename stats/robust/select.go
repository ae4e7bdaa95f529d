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
	lo, hi := 0, len(a) // a[k] is within a[lo:hi]
	for depth := 2 * bits.Len(uint(len(a))); hi-lo > insertionLength; depth-- {
		if depth == 0 {
			slices.Sort(a[lo:hi])
			return a[k]
		}
		pivot := pivotNear(a[lo:hi], k-lo)
		smaller := lo + moveBelow(a[lo:hi], pivot)
		if k < smaller {
			hi = smaller
			continue
		}
		// All of a[smaller:hi] is at least pivot; ties must not stall.
		lo = smaller + moveEqual(a[smaller:hi], pivot)
		if k < lo {
			return pivot
		}
	}
	insertionSort(a[lo:hi])
	return a[k]
}

// pivotNear is one of three values of a, the smallest, middle or largest as k
// lies in the first, second or last third.
func pivotNear(a []float64, k int) float64 {
	x, y, z := a[0], a[len(a)/2], a[len(a)-1]
	if x > y {
		x, y = y, x
	}
	if y > z {
		y, z = z, y
	}
	if x > y {
		x, y = y, x
	}
	switch {
	case 3*k < len(a):
		return x
	case 3*k < 2*len(a):
		return y
	}
	return z
}

// moveBelow moves the values below pivot to the front and counts them. Each
// value is exchanged whether it belongs there or not: a branch here would be
// mispredicted half of the time, and took twice as long.
func moveBelow(a []float64, pivot float64) int {
	front := 0
	for i, v := range a {
		a[i] = a[front]
		a[front] = v
		below := 0
		if v < pivot {
			below = 1
		}
		front += below
	}
	return front
}

func moveEqual(a []float64, pivot float64) int {
	front := 0
	for i, v := range a {
		if v == pivot {
			a[i], a[front] = a[front], v
			front++
		}
	}
	return front
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
