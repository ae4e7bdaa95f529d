package multiple

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// Adjusted holds the q-values of one adjustment.
type Adjusted struct {
	Method   string
	LogQ     []float64 // ln q per hypothesis as given; NaN where untested
	Tested   int       // m, the hypotheses with a p-value
	Pi0      float64   // share of true nulls that the method assumed, 1 if none
	Warnings []string

	order []int // tested hypotheses by (log p, index)
}

// levelSlack is the relative rounding allowed when a q-value meets a level
// exactly, as p = 0.01 of m = 5 does at 0.05: logs cannot hold such a tie.
const levelSlack = 1e-12

// Rejected lists the hypotheses with q-value at most q, by (log p, index).
func (a Adjusted) Rejected(q float64) []int {
	limit := math.Log(q) + levelSlack
	n := 0
	for n < len(a.order) && a.LogQ[a.order[n]] <= limit {
		n++
	}
	return slices.Clone(a.order[:n])
}

// Count is the number of hypotheses with q-value at most q.
func (a Adjusted) Count(q float64) int { return len(a.Rejected(q)) }

// ranked checks log p-values and returns the tested ones in the package's
// order.
func ranked(logp []float64) ([]int, error) {
	order := make([]int, 0, len(logp))
	for i, lp := range logp {
		if lp > 1e-9 {
			return nil, fmt.Errorf("log p-value %d is %g, above zero: pass logs of p-values", i, lp)
		}
		if !math.IsNaN(lp) {
			order = append(order, i)
		}
	}
	sortByValue(order, logp)
	return order, nil
}

// sortByValue orders indices by (v, index).
func sortByValue(order []int, v []float64) {
	slices.SortFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(v[a], v[b]), a-b)
	})
}

// stepUp returns Adjusted for the step-up rule with thresholds
// ln q + ln k - logFactor at rank k: q_(i) = min over k >= i of
// p_(k) factor / k, at most 1.
func stepUp(method string, logp []float64, order []int, logFactor float64) Adjusted {
	logq := make([]float64, len(logp))
	for i := range logq {
		logq[i] = math.NaN()
	}
	least := 0.0
	for k := len(order); k >= 1; k-- {
		i := order[k-1]
		least = math.Min(least, logp[i]+(logFactor-math.Log(float64(k))))
		logq[i] = least
	}
	return Adjusted{Method: method, LogQ: logq, Tested: len(order), Pi0: 1, order: order}
}

// BenjaminiHochberg controls the false discovery rate under independence or
// positive dependence: q_(i) = min over k >= i of m p_(k)/k, at most 1
// (Benjamini and Hochberg 1995, JRSS B 57, eq. 1). Takes and returns logs.
func BenjaminiHochberg(logp []float64) (Adjusted, error) {
	order, err := ranked(logp)
	if err != nil {
		return Adjusted{}, err
	}
	return stepUp("Benjamini-Hochberg", logp, order, math.Log(float64(len(order)))), nil
}

// BenjaminiYekutieli holds under any dependence, at the price of the factor
// c(m) = 1 + 1/2 + ... + 1/m (Benjamini and Yekutieli 2001, Annals of
// Statistics 29, theorem 1.3). c(10^6) is 14.393.
func BenjaminiYekutieli(logp []float64) (Adjusted, error) {
	order, err := ranked(logp)
	if err != nil {
		return Adjusted{}, err
	}
	m := float64(len(order))
	harmonic := 0.0
	for k := m; k >= 1; k-- {
		harmonic += 1 / k
	}
	return stepUp("Benjamini-Yekutieli", logp, order, math.Log(m)+math.Log(harmonic)), nil
}

// WeightedBenjaminiHochberg applies Benjamini-Hochberg to p/w, with the weights
// scaled to mean one over the tested hypotheses (Genovese, Roeder and
// Wasserman 2006, Biometrika 93). The weights must have been fixed without
// sight of the p-values. A weight of zero gives q = 1.
func WeightedBenjaminiHochberg(logp, weight []float64) (Adjusted, error) {
	if len(weight) != len(logp) {
		return Adjusted{}, fmt.Errorf("%d weights for %d p-values", len(weight), len(logp))
	}
	order, err := ranked(logp)
	if err != nil {
		return Adjusted{}, err
	}
	total := 0.0
	for _, i := range order {
		if !(weight[i] >= 0) || math.IsInf(weight[i], 1) {
			return Adjusted{}, fmt.Errorf("weight %d is %g: give finite weights of zero or more", i, weight[i])
		}
		total += weight[i]
	}
	if total == 0 && len(order) > 0 {
		return Adjusted{}, fmt.Errorf("all weights are zero: give at least one positive weight")
	}
	m := float64(len(order))
	scaled := slices.Clone(logp)
	for _, i := range order {
		scaled[i] -= math.Log(weight[i] / total * m)
	}
	sortByValue(order, scaled)
	return stepUp("weighted Benjamini-Hochberg", scaled, order, math.Log(m)), nil
}
