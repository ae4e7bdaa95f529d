package multiple

import (
	"fmt"
	"math"
	"sort"
)

// Hierarchy is the answer of a selection in two layers.
type Hierarchy struct {
	LogQ      []float64 // ln q per hypothesis, NaN where untested
	GroupLogP []float64 // Simes log p-value per group, NaN where nothing was tested
	GroupLogQ []float64 // ln q per group
	Groups    int       // groups with at least one test
	Tested    int
}

// Selected lists the hypotheses with q-value at most q, by index.
func (h Hierarchy) Selected(q float64) []int {
	limit := math.Log(q) + levelSlack
	var picked []int
	for i, lq := range h.LogQ {
		if lq <= limit {
			picked = append(picked, i)
		}
	}
	return picked
}

// Hierarchical tests groups first and hypotheses inside the groups found:
// Simes per group, Benjamini-Hochberg over the G groups at q, and within each
// of the R groups selected Benjamini-Hochberg at q R/G (Benjamini and Bogomolov
// 2014, JRSS B 76). It controls the mean over selected groups of the
// false discovery share inside them.
//
// group[i] is the group of hypothesis i, from 0 to n-1 for a caller's own n;
// group numbers without hypotheses count for nothing. The q-value of a
// hypothesis is the smallest q at which the whole procedure selects it. With w
// its Benjamini-Hochberg q-value within the group, Q_(r) the r-th smallest
// group q-value and s the rank of its own group:
//
//	q = min over r >= s of max(Q_(r), w G/r)
//
// since R = r exactly for q in [Q_(r), Q_(r+1)) and the second term falls in r.
func Hierarchical(logp []float64, group []int) (Hierarchy, error) {
	members, err := groupMembers(logp, group)
	if err != nil {
		return Hierarchy{}, err
	}
	within := make([]float64, len(logp))
	for i := range within {
		within[i] = math.NaN()
	}
	groupLogP := make([]float64, len(members))
	tested := 0
	for g, order := range members {
		groupLogP[g] = simesOf(logp, order)
		adjusted := stepUp("", logp, order, math.Log(float64(len(order))))
		for _, i := range order {
			within[i] = adjusted.LogQ[i]
		}
		tested += len(order)
	}
	outer, err := BenjaminiHochberg(groupLogP)
	if err != nil {
		return Hierarchy{}, err
	}
	h := Hierarchy{
		LogQ: within, GroupLogP: groupLogP, GroupLogQ: outer.LogQ,
		Groups: outer.Tested, Tested: tested,
	}
	h.widen(members, outer)
	return h, nil
}

// widen turns q-values within a group into those of the whole procedure.
func (h *Hierarchy) widen(members [][]int, outer Adjusted) {
	ranks := len(outer.order)
	logG := math.Log(float64(ranks))
	groupQ := func(r int) float64 { return outer.LogQ[outer.order[r-1]] }
	for s, g := range outer.order {
		for _, i := range members[g] {
			w := h.LogQ[i] + logG
			scaled := func(r int) float64 { return w - math.Log(float64(r)) }
			// groupQ rises in r and scaled falls: the least maximum is at
			// the first crossing or just before it.
			first := s + 1
			r := first + sort.Search(ranks-first, func(k int) bool {
				return groupQ(first+k) >= scaled(first+k)
			})
			q := math.Max(groupQ(r), scaled(r))
			if r > first {
				q = math.Min(q, math.Max(groupQ(r-1), scaled(r-1)))
			}
			h.LogQ[i] = math.Min(0, q)
		}
	}
}

// groupMembers lists the tested hypotheses of each group by (log p, index).
func groupMembers(logp []float64, group []int) ([][]int, error) {
	if len(group) != len(logp) {
		return nil, fmt.Errorf("%d group numbers for %d p-values", len(group), len(logp))
	}
	order, err := ranked(logp)
	if err != nil {
		return nil, err
	}
	n := 0
	for i, g := range group {
		if g < 0 {
			return nil, fmt.Errorf("group of hypothesis %d is %d: number groups from 0", i, g)
		}
		n = max(n, g+1)
	}
	members := make([][]int, n)
	for _, i := range order {
		members[group[i]] = append(members[group[i]], i)
	}
	return members, nil
}
