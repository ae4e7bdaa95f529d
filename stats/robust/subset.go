package robust

import (
	"math/bits"
	"math/rand/v2"
	"slices"
)

// Subsets draws random subsets of rows. The same seed gives the same subsets
// on every machine.
type Subsets struct {
	pcg rand.PCG
}

// NewSubsets starts the sequence of subsets that belongs to seed.
func NewSubsets(seed uint64) *Subsets {
	s := new(Subsets)
	s.Reseed(seed)
	return s
}

// Reseed starts the sequence of seed again, without allocation.
func (s *Subsets) Reseed(seed uint64) {
	s.pcg.Seed(seed, 0x9e3779b97f4a7c15) // any fixed second word will do
}

// IntN is a draw from 0..n-1. Its bias, below n/2^64, is out of reach of any
// sample (Lemire 2019, ACM TOMACS 29(1), without the rejection step).
func (s *Subsets) IntN(n int) int {
	hi, _ := bits.Mul64(s.pcg.Uint64(), uint64(n))
	return int(hi)
}

// Draw fills rows with len(rows) different numbers from 0..n-1, every subset
// being equally likely (Floyd, CACM 30, 1987, p. 754). It panics if n is
// smaller than len(rows).
func (s *Subsets) Draw(rows []int, n int) {
	first := n - len(rows)
	if first < 0 {
		panic("robust: subset larger than the sample")
	}
	for i := range rows {
		candidate := s.IntN(first + i + 1)
		if slices.Contains(rows[:i], candidate) {
			candidate = first + i
		}
		rows[i] = candidate
	}
}

// nextCombination turns rows, increasing numbers from 0..n-1, into the next
// subset in lexicographic order and says whether there was one.
func nextCombination(rows []int, n int) bool {
	p := len(rows)
	for i := p - 1; i >= 0; i-- {
		if rows[i] < n-p+i {
			rows[i]++
			for j := i + 1; j < p; j++ {
				rows[j] = rows[j-1] + 1
			}
			return true
		}
	}
	return false
}

// combinationsUpTo is the number of p-subsets of n rows, or limit+1 when
// there are more than limit of them.
func combinationsUpTo(n, p, limit int) int {
	count := 1
	for i := 1; i <= p; i++ {
		// Exact at each step: count is always a binomial coefficient.
		hi, lo := bits.Mul64(uint64(count), uint64(n-p+i))
		if hi != 0 {
			return limit + 1
		}
		if count = int(lo / uint64(i)); count > limit {
			return limit + 1
		}
	}
	return count
}
