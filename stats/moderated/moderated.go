// Package moderated draws variances that were each estimated from few values towards
// what those of the same row and column of a table lead one to expect.
package moderated

import (
	"math"

	"gonum.org/v1/gonum/mathext"

	"counterflow/stats/robust"
)

// Sample is one variance, with the degrees of freedom of its estimate, and the row
// and column that it belongs to; both are names and no more.
type Sample struct {
	Variance, DF float64
	Row, Column  int
}

// Fit is the answer: what each variance is expected to be, in the order of the
// samples, and how much that expectation is worth.
type Fit struct {
	Expected  []float64 // s0^2; NaN for samples that were left out
	DF        float64   // d0, at most 1000; 0 where nothing was fitted
	Used      int       // samples with a positive variance and degrees of freedom
	Rounds    int
	Converged bool
	Warnings  []string
}

const (
	// fewest is the number of samples from which anything is fitted.
	fewest = 30
	// drawn is how many samples the mean effect of 0 of all rows, or columns, weighs.
	drawn     = 3
	mostDF    = 1000
	rounds    = 500
	tolerance = 1e-6
)

// Of fits the distribution of the variances by moments of their logs,
//
//	e = ln s^2 - digamma(d/2) + ln(d/2),
//	e = centre + row + column + rest,  var(rest) = mean trigamma(d/2) + trigamma(d0/2),
//	ln s0^2 = e - rest + digamma(d0/2) - ln(d0/2)
//
// (Smyth 2004, Statistical Applications in Genetics and Molecular Biology 3(1) art. 3,
// section 6.2, with means of rows and columns in place of one). The centre is the
// median; the effects of rows and columns are means of what the other leaves, drawn to
// 0 as if by three samples more, found by turns. Where the logs scatter no more than
// their degrees of freedom let expect, d0 is 1000. Fewer than 30 samples give none.
func Of(samples []Sample) *Fit {
	f := &Fit{Expected: make([]float64, len(samples))}
	var used []int
	var logs []float64
	sampling := 0.0
	for i, s := range samples {
		f.Expected[i] = math.NaN()
		if !(s.Variance > 0) || !(s.DF > 0) || math.IsInf(s.Variance, 1) {
			continue
		}
		half := s.DF / 2
		used, logs = append(used, i), append(logs, math.Log(s.Variance)-mathext.Digamma(half)+math.Log(half))
		sampling += trigamma(half)
	}
	if f.Used = len(used); f.Used < fewest {
		f.Warnings = append(f.Warnings, "too few variances to learn from one another")
		return f
	}
	fitted := f.effects(samples, used, logs)
	scatter := 0.0
	for k := range logs {
		scatter += (logs[k] - fitted[k]) * (logs[k] - fitted[k])
	}
	f.DF = 2 * inverseTrigamma((scatter-sampling)/float64(f.Used))
	for k, i := range used {
		f.Expected[i] = math.Exp(fitted[k] + mathext.Digamma(f.DF/2) - math.Log(f.DF/2))
	}
	return f
}

// effects fits centre, rows and columns.
func (f *Fit) effects(samples []Sample, used []int, logs []float64) []float64 {
	centre := robust.Median(logs)
	row := func(k int) int { return samples[used[k]].Row }
	column := func(k int) int { return samples[used[k]].Column }
	rows, columns := map[int]float64{}, map[int]float64{}
	for f.Rounds < rounds && !f.Converged {
		f.Rounds++
		moved := update(rows, row, logs, func(k int) float64 { return logs[k] - centre - columns[column(k)] })
		moved = max(moved, update(columns, column, logs, func(k int) float64 { return logs[k] - centre - rows[row(k)] }))
		f.Converged = moved < tolerance
	}
	if !f.Converged {
		f.Warnings = append(f.Warnings, "the effects of rows and columns had not settled")
	}
	fitted := make([]float64, len(logs))
	for k := range fitted {
		fitted[k] = centre + rows[row(k)] + columns[column(k)]
	}
	return fitted
}

// update takes the mean of what is left in each group, and gives the largest change.
func update(effects map[int]float64, group func(int) int, logs []float64, left func(int) float64) float64 {
	sums, counts := map[int]float64{}, map[int]float64{}
	for k := range logs {
		sums[group(k)] += left(k)
		counts[group(k)]++
	}
	moved := 0.0
	for g, sum := range sums {
		effect := sum / (counts[g] + drawn)
		moved = max(moved, math.Abs(effect-effects[g]))
		effects[g] = effect
	}
	return moved
}

// Variance gives the moderated variance of a sample and its degrees of freedom,
//
//	(d0 s0^2 + d s^2) / (d0 + d),  d0 + d;
//
// those of the sample itself where nothing is expected of it.
func (f *Fit) Variance(i int, s Sample) (variance, df float64) {
	if math.IsNaN(f.Expected[i]) {
		return s.Variance, s.DF
	}
	return (f.DF*f.Expected[i] + s.DF*s.Variance) / (f.DF + s.DF), f.DF + s.DF
}

// trigamma is the Hurwitz zeta function at 2 (Abramowitz and Stegun 6.4.10).
func trigamma(x float64) float64 { return mathext.Zeta(2, x) }

// inverseTrigamma gives x with trigamma(x) = y, by halving; at most half of mostDF,
// and that for y of 0 or less.
func inverseTrigamma(y float64) float64 {
	low, high := 1e-3, mostDF/2.0
	if y <= trigamma(high) {
		return high
	}
	for range 60 {
		if middle := math.Sqrt(low * high); trigamma(middle) > y {
			low = middle
		} else {
			high = middle
		}
	}
	return low
}
