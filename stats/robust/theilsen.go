package robust

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"
)

// TheilSenFit is a line through medians: y = Intercept + Slope x.
type TheilSenFit struct {
	Slope     float64 // response units per column unit
	Low, High float64 // interval of the slope
	Level     float64 // asked for; the interval covers at least about that
	Intercept float64 // median of y - Slope x
	Scale     float64 // MAD of the residuals
	Pairs     int     // pairs with different x
	Rows      int
	Warnings  []Warning
}

// theilSenLevel is that of the interval.
const theilSenLevel = 0.95

// everyPair is the number of rows up to which all slopes are written out;
// beyond it they are only counted.
const everyPair = 1500

// TheilSen is the median of the slopes of all pairs of rows with different x
// (Theil 1950; Sen 1968, JASA 63, 1379-1389), with the interval of Sen's
// section 5: the slopes of ranks (N -+ z sd)/2, where sd is the standard
// deviation of Kendall's statistic with ties in x and y. 29% of the rows can
// be wild.
//
// Up to 1500 rows all slopes are formed; beyond that the ranks are counted,
// O(n log n) at a time, and the answer is exact to rounding. Two rows give
// their slope. Fewer than two different x, unequal lengths, NaN and infinities
// are errors; below 10 rows the interval rests on a rough approximation, with
// a warning.
func TheilSen(x, y []float64) (TheilSenFit, error) {
	if err := checkRows([][]float64{x}, y, nil); err != nil {
		return TheilSenFit{}, fmt.Errorf("theil-sen: %w", err)
	}
	p := newPairSlopes(x, y)
	if p.count == 0 {
		return TheilSenFit{}, fmt.Errorf("theil-sen: %d rows at one x: a slope needs two different ones", len(x))
	}
	slope := p.smallest(p.count / 2)
	if p.count%2 == 0 {
		slope = slope/2 + p.smallest(p.count/2-1)/2
	}
	fit := TheilSenFit{Slope: slope, Level: theilSenLevel, Pairs: p.count, Rows: len(x)}
	resid := make([]float64, len(y))
	for i, v := range y {
		resid[i] = v - slope*x[i]
	}
	fit.Intercept = Median(resid)
	fit.Scale = MADAboutInPlace(resid, fit.Intercept)
	z := distuv.UnitNormal.Quantile((1 + fit.Level) / 2)
	reach := z * math.Sqrt(kendallVariance(x, y))
	fit.Low = p.smallest(max(0, int(math.Floor((float64(p.count)-reach)/2))-1))
	fit.High = p.smallest(min(p.count-1, int(math.Ceil((float64(p.count)+reach)/2))))
	if len(x) < 10 {
		fit.Warnings = append(fit.Warnings, "fewer than 10 rows: the interval is rough")
	}
	return fit, nil
}

// kendallVariance is the variance of Kendall's S under no association, with
// ties (Kendall 1970, equation 4.4).
func kendallVariance(x, y []float64) float64 {
	n := float64(len(x))
	tx, ty := tieSums(x), tieSums(y)
	v := (n*(n-1)*(2*n+5) - tx[0] - ty[0]) / 18
	if n > 2 {
		v += tx[1] * ty[1] / (9 * n * (n - 1) * (n - 2))
	}
	return max(0, v+tx[2]*ty[2]/(2*n*(n-1))) // 0 but for rounding when all y are equal
}

// tieSums are the sums over groups of t equal values of t(t-1)(2t+5),
// t(t-1)(t-2) and t(t-1).
func tieSums(x []float64) (sums [3]float64) {
	sorted := slices.Sorted(slices.Values(x))
	for from := 0; from < len(sorted); {
		to := from
		for to < len(sorted) && sorted[to] == sorted[from] {
			to++
		}
		t := float64(to - from)
		sums[0] += t * (t - 1) * (2*t + 5)
		sums[1] += t * (t - 1) * (t - 2)
		sums[2] += t * (t - 1)
		from = to
	}
	return sums
}

// pairSlopes gives slopes by rank, from a list or by counting.
type pairSlopes struct {
	count  int       // pairs with different x
	slopes []float64 // nil when there are too many

	x, y  []float64 // by rising x, then falling y; x about its middle
	sameX int       // pairs with equal x
	steep float64   // no slope is steeper
	merge []float64
}

func newPairSlopes(x, y []float64) *pairSlopes {
	n := len(x)
	p := &pairSlopes{sameX: int(tieSums(x)[2]) / 2}
	p.count = n*(n-1)/2 - p.sameX
	if n > everyPair {
		p.prepareCounting(x, y)
		return p
	}
	for i := range n {
		for j := range i {
			if x[i] != x[j] {
				p.slopes = append(p.slopes, (y[i]-y[j])/(x[i]-x[j]))
			}
		}
	}
	return p
}

func (p *pairSlopes) prepareCounting(x, y []float64) {
	n := len(x)
	p.x, p.y, p.merge = make([]float64, n), make([]float64, n), make([]float64, 2*n)
	order := firstRows(n)
	slices.SortFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(x[a], x[b]), cmp.Compare(y[b], y[a]))
	})
	middle := x[order[n/2]]
	for i, row := range order {
		p.x[i], p.y[i] = x[row]-middle, y[row]
	}
	nearest := math.Inf(1)
	for i := 1; i < n; i++ {
		if gap := p.x[i] - p.x[i-1]; gap > 0 {
			nearest = min(nearest, gap)
		}
	}
	p.steep = (slices.Max(p.y) - slices.Min(p.y)) / nearest
}

// smallest is the slope of rank k, from 0.
func (p *pairSlopes) smallest(k int) float64 {
	if p.slopes != nil {
		return SelectInPlace(p.slopes, k)
	}
	// Halve the list of floating-point numbers: at most 64 rounds leave one.
	low, high := orderedBits(-p.steep), orderedBits(p.steep)
	for low < high {
		middle := low + (high-low)/2
		if p.notAbove(fromOrderedBits(middle)) > k {
			high = middle
		} else {
			low = middle + 1
		}
	}
	return fromOrderedBits(low)
}

// notAbove counts pairs with slope at most theta: those that y - theta x puts
// in falling or equal order though x rises. Pairs with equal x are in falling
// order whatever theta, so their number is known.
func (p *pairSlopes) notAbove(theta float64) int {
	v, buffer := p.merge[:len(p.x)], p.merge[len(p.x):]
	for i := range v {
		v[i] = p.y[i] - theta*p.x[i]
	}
	return countNotRising(v, buffer) - p.sameX
}

// countNotRising counts i < j with v_i >= v_j by merge sort, which leaves v
// sorted.
func countNotRising(v, buffer []float64) int {
	if len(v) < 2 {
		return 0
	}
	half := len(v) / 2
	count := countNotRising(v[:half], buffer[:half]) + countNotRising(v[half:], buffer[half:])
	copy(buffer, v)
	left, right := buffer[:half], buffer[half:]
	i, j := 0, 0
	for k := range v {
		if j == len(right) || i < len(left) && left[i] < right[j] {
			v[k] = left[i]
			i++
			continue
		}
		v[k] = right[j]
		count += len(left) - i
		j++
	}
	return count
}

// orderedBits maps numbers to whole numbers in the same order.
func orderedBits(v float64) uint64 {
	b := math.Float64bits(v)
	if b>>63 == 1 {
		return ^b
	}
	return b | 1<<63
}

func fromOrderedBits(b uint64) float64 {
	if b>>63 == 1 {
		return math.Float64frombits(b &^ (1 << 63))
	}
	return math.Float64frombits(^b)
}
