package burst

import (
	"math"
	"slices"
)

// Classes of lengths, by their longest.
var classEnds = [...]int{3, 4, 6, 8, 11, 15, 20, 27, math.MaxInt}

const classes = len(classEnds)

func classOf(length int) int {
	for c, end := range classEnds {
		if length <= end {
			return c
		}
	}
	return classes - 1
}

// profile is the best window of each class of one series; z is 0 where there is
// none.
type profile struct {
	z          [classes]float64
	start, end [classes]int
}

// leastSeries is the number of series from which ranks can be trusted to the
// tail quantiles below.
const leastSeries = 200

// The tail is fitted between these quantiles of all series: above the first the
// maximum of noise is in its tail, beyond the second bursts may be.
const (
	tailFrom = 0.80
	tailTo   = 0.97
)

// strata divides the tested series into groups of equal size by their roughness:
// a series with many wild values makes large sums by chance more often than a
// smooth one, and is judged among its like. Series that stand apart have groups of
// their own. Untested series are in a group of whatever number.
func (f *Field) strata() []int {
	of := make([]int, len(f.all))
	for g, apart := range [...]bool{false, true} {
		var rough []float64
		for i := range f.all {
			if f.all[i].n >= f.settings.Least && f.apart(i) == apart {
				rough = append(rough, f.all[i].rough)
			}
		}
		slices.Sort(rough)
		groups := min(max(len(rough)/seriesInGroup, 1), mostGroups)
		for i := range f.all {
			if f.all[i].n >= f.settings.Least && f.apart(i) == apart {
				at, _ := slices.BinarySearch(rough, f.all[i].rough)
				of[i] = g*mostGroups + min(at*groups/len(rough), groups-1)
			}
		}
	}
	return of
}

func (f *Field) apart(i int) bool { return f.settings.Apart != nil && f.settings.Apart[i] }

// others are the series that do not stand apart.
func (f *Field) others() []prepared {
	if f.settings.Apart == nil {
		return f.all
	}
	var others []prepared
	for i := range f.all {
		if !f.apart(i) {
			others = append(others, f.all[i])
		}
	}
	return others
}

// seriesInGroup is the least number of series in a group: enough that the tail
// between the quantiles below rests on a few hundred.
const (
	seriesInGroup = 1000
	mostGroups    = 6
)

// judge turns profiles into windows with p-values, group by group.
func judge(profiles []profile, group []int, tested func(int) bool) []Window {
	best := make([]Window, len(profiles))
	groups := 0
	for i := range best {
		best[i].LogP = math.NaN()
		groups = max(groups, group[i]+1)
	}
	for g := range groups {
		var members []int
		for i := range profiles {
			if tested(i) && group[i] == g {
				members = append(members, i)
			}
		}
		if len(members) >= leastSeries {
			judgeGroup(profiles, members, best)
		}
	}
	return best
}

// judgeGroup ranks each class of lengths, and then the best of them.
func judgeGroup(profiles []profile, members []int, best []Window) {
	scores := make([]float64, len(members))
	for c := range classes {
		z := make([]float64, len(members))
		for k, i := range members {
			z[k] = profiles[i].z[c] * profiles[i].z[c]
		}
		n := newNull(z) // of squares: their tail is exponential where z is normal
		for k, i := range members {
			p := &profiles[i]
			if p.z[c] == 0 {
				continue
			}
			if s := -n.logP(z[k]); s > scores[k] {
				scores[k] = s
				best[i] = Window{Start: p.start[c], End: p.end[c], Z: p.z[c]}
			}
		}
	}
	overall := newNull(scores)
	for k, i := range members {
		best[i].LogP = overall.logP(scores[k])
	}
}

// null is the distribution of a statistic over series, most of which have no
// burst.
type null struct {
	sorted []float64
	share  float64 // of values beyond from
	from   float64 // quantile where the tail begins
	rate   float64 // of the exponential tail
}

func newNull(x []float64) null { return newNullBetween(x, tailFrom, tailTo) }

// newNullBetween fits the tail between two other quantiles.
func newNullBetween(x []float64, from, to float64) null {
	n := null{sorted: slices.Clone(x), share: 1 - from}
	slices.Sort(n.sorted)
	if len(n.sorted) < 2 {
		return n
	}
	n.from = n.quantile(from)
	n.rate = n.fit(n.quantile(to))
	return n
}

func (n *null) quantile(q float64) float64 {
	return n.sorted[min(int(q*float64(len(n.sorted))), len(n.sorted)-1)]
}

// fit is the maximum likelihood rate of an exponential tail whose values beyond
// to are only known to lie there (right-censored): the number of uncensored
// values over the sum of all excesses.
func (n *null) fit(to float64) float64 {
	exact, total := 0.0, 0.0
	for i := len(n.sorted) - 1; i >= 0 && n.sorted[i] > n.from; i-- {
		total += min(n.sorted[i], to) - n.from
		if n.sorted[i] <= to {
			exact++
		}
	}
	if total == 0 {
		return math.Inf(1)
	}
	return exact / total
}

// logP is the log of the share of series with a value at least x: by rank below
// the tail, by the fitted tail beyond.
func (n *null) logP(x float64) float64 {
	if len(n.sorted) < 2 {
		return 0
	}
	if x > n.from {
		return math.Log(n.share) - n.rate*(x-n.from)
	}
	at, _ := slices.BinarySearch(n.sorted, x)
	return math.Log(float64(len(n.sorted)-at+1) / float64(len(n.sorted)+1))
}

// thinned keeps evenly spaced ranks of a null alone, so that many nulls take little
// room; its tail is as it was.
func (n null) thinned() null {
	if len(n.sorted) <= keptRanks {
		return n
	}
	kept := make([]float64, keptRanks)
	for i := range kept {
		kept[i] = n.sorted[i*(len(n.sorted)-1)/(keptRanks-1)]
	}
	n.sorted = kept
	return n
}
