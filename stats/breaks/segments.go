package breaks

import (
	"errors"
	"fmt"
	"math"
	"slices"
)

// A Segmentation splits a series into stretches with a mean of their own.
type Segmentation struct {
	// Starts are the first observations of all segments but the first,
	// increasing.
	Starts []int
	// Means are the segments' means in the units of the series, one more than
	// Starts.
	Means []float64
	// Cost is the sum of squared residuals over Variance, Penalty what each
	// change was charged.
	Cost, Penalty float64
	// Variance of the observations about their means that costs are measured in.
	Variance float64
	// Rows is the number of observations used; missing ones are left out.
	Rows     int
	Warnings Warnings
}

// A Penalty is the charge for one change of mean.
type Penalty int

// The penalties.
const (
	// MBIC charges 3 ln n per change and ln of its length per segment (Zhang and
	// Siegmund 2007, Biometrics 63, 22-32).
	MBIC Penalty = iota
	// BIC charges 2 ln n: a position and a mean.
	BIC
	// Manual charges SegmentSettings.Charge.
	Manual
)

// SegmentSettings say how changes are charged.
type SegmentSettings struct {
	Penalty Penalty
	Charge  float64 // for Manual
	// Variance of the noise; 0 stands for that of the whole series about its
	// mean (divisor n-1), as if the series were standardised first.
	Variance float64
	// Shortest is the fewest observations of a segment; 0 stands for 1.
	Shortest int
	// Most is the largest number of changes binary segmentation looks for; 0
	// stands for 5.
	Most int
}

// A meanCost rates segments by least squares on prefix sums: twice the
// negative normal log likelihood for a known variance.
type meanCost struct {
	sum, square []float64 // of the first i standardised observations
	length      bool      // charge ln of the length too
	charge      float64
}

// of is the cost of the observations from i on and before j.
func (c *meanCost) of(i, j int) float64 {
	n, s := float64(j-i), c.sum[j]-c.sum[i]
	cost := c.square[j] - c.square[i] - s*s/n
	if c.length {
		cost += math.Log(n)
	}
	return cost
}

// A segmenter is a series made ready: observed values, their cost.
type segmenter struct {
	SegmentSettings
	values []float64
	times  []int
	meanCost
	out Segmentation
}

func newSegmenter(y []float64, s SegmentSettings) (*segmenter, error) {
	if s.Shortest == 0 {
		s.Shortest = 1
	}
	if s.Most == 0 {
		s.Most = 5
	}
	if s.Shortest < 1 || s.Most < 0 || s.Variance < 0 || s.Charge < 0 {
		return nil, fmt.Errorf("segments: shortest %d, most %d, variance %g, charge %g: give none below zero", s.Shortest, s.Most, s.Variance, s.Charge)
	}
	g := &segmenter{SegmentSettings: s}
	for i, v := range y {
		switch {
		case math.IsNaN(v):
			g.out.Warnings.add(HasMissing)
		case math.IsInf(v, 0):
			g.out.Warnings.add(Infinite)
		default:
			g.values, g.times = append(g.values, v), append(g.times, i)
		}
	}
	n := len(g.values)
	if n < 2 {
		return nil, errors.New("segments: fewer than two observations: give a longer series")
	}
	g.prefix()
	switch s.Penalty {
	case MBIC:
		g.charge, g.length = 3*math.Log(float64(n)), true
	case BIC:
		g.charge = 2 * math.Log(float64(n))
	case Manual:
		g.charge = s.Charge
	default:
		return nil, fmt.Errorf("segments: unknown penalty %d", s.Penalty)
	}
	return g, nil
}

// prefix sums the observations less their mean, over their standard deviation.
func (g *segmenter) prefix() {
	n := len(g.values)
	mean, square := 0.0, 0.0
	for _, v := range g.values {
		mean += v / float64(n)
	}
	for _, v := range g.values {
		square += (v - mean) * (v - mean)
	}
	if g.Variance == 0 {
		g.Variance = square / float64(n-1)
	}
	if !(square > flat(mean*mean*float64(n))) {
		g.out.Warnings.add(Constant)
		g.Variance = 1
	}
	sd := math.Sqrt(g.Variance)
	g.sum, g.square = make([]float64, n+1), make([]float64, n+1)
	for i, v := range g.values {
		z := (v - mean) / sd
		g.sum[i+1] = g.sum[i] + z
		g.square[i+1] = g.square[i] + z*z
	}
}

// answer fills the means for the starts, indices into the observed values.
func (g *segmenter) answer(starts []int) Segmentation {
	out := g.out
	out.Rows, out.Penalty, out.Variance = len(g.values), g.charge, g.Variance
	slices.Sort(starts)
	from := 0
	for _, to := range append(slices.Clone(starts), len(g.values)) {
		mean := 0.0
		for _, v := range g.values[from:to] {
			mean += v / float64(to-from)
		}
		out.Means = append(out.Means, mean)
		plain := meanCost{sum: g.sum, square: g.square}
		out.Cost += plain.of(from, to)
		if from > 0 {
			out.Starts = append(out.Starts, g.times[from])
		}
		from = to
	}
	return out
}

// PELT finds the segmentation with the least cost plus penalties, exactly:
// optimal partitioning with pruning of starts that can never win again
// (Killick, Fearnhead and Eckley 2012, JASA 107, 1590-1598). Linear time when
// changes are many, at worst quadratic. It fails on fewer than two observations.
// With MBIC the lengths are left out of account in pruning, as in R's
// changepoint, whose published results this reproduces; the answer can then
// miss the least cost by up to ln n.
func PELT(y []float64, s SegmentSettings) (Segmentation, error) {
	g, err := newSegmenter(y, s)
	if err != nil {
		return Segmentation{}, err
	}
	if len(g.values) < g.Shortest {
		return g.answer(nil), nil
	}
	return g.answer(partition(len(g.values), g.Shortest, g.charge, 0, g.of)), nil
}

// partition is PELT for any cost of a segment [i, j). slack is how much two
// neighbouring segments can cost more than the one they make up, 0 for sums of
// squares: a start i is given up for good once cost up to j exceeds the best by
// it, and only from j + shortest on, when a change at j has become possible.
func partition(n, shortest int, charge, slack float64, cost func(i, j int) float64) []int {
	best := make([]float64, n+1) // of the first j observations, charges included
	last := make([]int, n+1)
	lost := make([]int, n+1) // when a start was first beaten, 0 for never
	best[0] = -charge
	open := []int{0}
	for j := shortest; j <= n; j++ {
		best[j] = math.Inf(1)
		for _, i := range open {
			if j-i < shortest {
				break // open is increasing
			}
			c := best[i] + cost(i, j)
			if c+charge < best[j] {
				best[j], last[j] = c+charge, i
			}
		}
		open = slices.DeleteFunc(open, func(i int) bool {
			if lost[i] == 0 && j-i >= shortest && best[i]+cost(i, j) > best[j]+slack {
				lost[i] = j
			}
			return lost[i] > 0 && j >= lost[i]+shortest-1
		})
		open = append(open, j)
	}
	var starts []int
	for j := last[n]; j > 0; j = last[j] {
		starts = append(starts, j)
	}
	slices.Reverse(starts)
	return starts
}

// AMOC finds at most one change: the split that lowers the sum of squares most,
// when it does by at least the penalty. As in R's changepoint, MBIC does not
// move the split; it charges the lengths of the two parts without crediting
// that of the whole.
func AMOC(y []float64, s SegmentSettings) (Segmentation, error) {
	g, err := newSegmenter(y, s)
	if err != nil {
		return Segmentation{}, err
	}
	lengths := g.length
	g.length = false
	n := len(g.values)
	at, gain := g.bestSplit([]int{0, n})
	if lengths && at > 0 {
		gain -= math.Log(float64(at)) + math.Log(float64(n-at))
	}
	if at < 0 || gain < g.charge {
		return g.answer(nil), nil
	}
	return g.answer([]int{at}), nil
}

// BinarySegmentation splits the series where that lowers the cost most, then
// the segment where another split does, up to Most times, and keeps the splits
// up to the last one that is worth its penalty (Scott and Knott 1974,
// Biometrics 30, 507-512; Eckley, Fearnhead and Killick 2011). Not exact, unlike
// [PELT].
func BinarySegmentation(y []float64, s SegmentSettings) (Segmentation, error) {
	g, err := newSegmenter(y, s)
	if err != nil {
		return Segmentation{}, err
	}
	n := len(g.values)
	bounds := []int{0, n}
	var splits []int
	worth := 0
	for range g.Most {
		at, gain := g.bestSplit(bounds)
		if at < 0 {
			break
		}
		splits = append(splits, at)
		if gain >= g.charge {
			worth = len(splits)
		}
		i, _ := slices.BinarySearch(bounds, at)
		bounds = slices.Insert(bounds, i, at)
	}
	return g.answer(splits[:worth]), nil
}

// bestSplit is the split of any segment that lowers the cost most, -1 if none.
func (g *segmenter) bestSplit(bounds []int) (at int, gain float64) {
	at, gain = -1, math.Inf(-1)
	for b := range len(bounds) - 1 {
		from, to := bounds[b], bounds[b+1]
		whole := g.of(from, to)
		for i := from + g.Shortest; i <= to-g.Shortest; i++ {
			if v := whole - g.of(from, i) - g.of(i, to); v > gain {
				at, gain = i, v
			}
		}
	}
	return at, gain
}
