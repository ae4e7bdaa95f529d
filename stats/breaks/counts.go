package breaks

import (
	"errors"
	"fmt"
	"math"
)

// CountSettings of [Counts].
type CountSettings struct {
	// Margin is the fewest observations on either side of a change; 0 stands for
	// a tenth of the series, at least 6.
	Margin int
	// Poisson fixes the dispersion at 0, that of independent events.
	Poisson bool
}

// A CountShift is the best single change of the mean of a series of counts.
type CountShift struct {
	// Position is the first observation at the new mean.
	Position int
	// Before and After are the means per observation. LogRatio is ln(After /
	// Before), infinite when one of them is 0, and SE its standard error.
	Before, After, LogRatio, SE float64
	// Dispersion is alpha in variance = mean + alpha mean^2; 0 is Poisson.
	Dispersion float64
	// LR is twice the log likelihood ratio at Position.
	LR float64
	// LogP is ln of the chance of a larger LR at any position, given the total
	// and the dispersion; 0 when there is nothing to test.
	LogP float64
	// Exact tells that LogP was summed up over all paths, rather than bounded.
	Exact    bool
	Rows     int
	Zeros    float64 // share of zeros
	Warnings Warnings
}

// exactTotal is the largest total for which paths are summed up.
const exactTotal = 1000

// Counts scans a series of counts for one change of its mean by the likelihood
// ratio of negative binomial counts with a common dispersion, the test for
// series with so many zeros that logs mean nothing (as a rule of thumb, more
// than 30%). Given the total, the distribution under no change is free of the
// mean, and the chance that the path of partial sums leaves the region of small
// ratios is summed up exactly, first exits one by one, so that it has no floor;
// for totals above 1000 it is bounded by Rice's formula for a Brownian bridge.
//
// Missing counts are left out. Negative or broken ones are errors. Counts are
// taken as independent; a season or autocorrelation raises the dispersion and so
// costs power, not validity, as far as it stays within a few months.
func Counts(y []float64, s CountSettings) (CountShift, error) {
	f, err := newCountFit(y, s)
	if err != nil {
		return CountShift{}, fmt.Errorf("count scan: %w", err)
	}
	n, total := len(f.y), f.partial[len(f.y)]
	if total == 0 {
		f.out.Position = -1
		f.out.Warnings.add(Constant)
		return f.out, nil
	}
	at, lr := f.best()
	if !s.Poisson {
		for range dispersionRounds {
			before := f.alpha
			f.alpha = f.dispersion(at)
			at, lr = f.best()
			if math.Abs(f.alpha-before) <= 1e-8*(1+before) {
				break
			}
		}
	}
	out := f.out
	left, right := float64(at), float64(n-at)
	out.Position, out.LR, out.Dispersion = f.times[at], lr, f.alpha
	out.Before, out.After = float64(f.partial[at])/left, float64(total-f.partial[at])/right
	out.LogRatio = math.Log(out.After / out.Before)
	out.SE = math.Sqrt((1/out.Before+f.alpha)/left + (1/out.After+f.alpha)/right)
	if total <= exactTotal {
		out.LogP, out.Exact = f.exactLogP(lr), true
	} else {
		out.LogP = f.bridgeLogP(lr)
	}
	if at == f.margin || at == n-f.margin {
		out.Warnings.add(AtSearchBound)
	}
	return out, nil
}

const dispersionRounds = 20

// A countFit is the observed counts and their partial sums.
type countFit struct {
	y       []float64
	times   []int
	partial []int // of the first i counts
	margin  int
	alpha   float64
	out     CountShift
}

func newCountFit(y []float64, s CountSettings) (*countFit, error) {
	f := &countFit{partial: []int{0}}
	zeros := 0
	for i, v := range y {
		switch {
		case math.IsNaN(v):
			f.out.Warnings.add(HasMissing)
			continue
		case v < 0 || v != math.Trunc(v) || v > 1e9:
			return nil, fmt.Errorf("observation %d is %g: give counts", i, v)
		case v == 0:
			zeros++
		}
		f.y, f.times = append(f.y, v), append(f.times, i)
		f.partial = append(f.partial, f.partial[len(f.partial)-1]+int(v))
	}
	n := len(f.y)
	f.margin = Model{Length: n, Margin: s.Margin}.margin()
	if n < 2*f.margin+1 {
		return nil, errors.New("too few observations for the margins: give a longer series")
	}
	f.out.Rows, f.out.Zeros = n, float64(zeros)/float64(n)
	return f, nil
}

// logLik is the log likelihood of n counts adding up to sum at their mean, less
// what does not depend on the mean.
func (f *countFit) logLik(sum, n float64) float64 {
	if sum == 0 {
		return 0
	}
	mean := sum / n
	if f.alpha == 0 {
		return sum*math.Log(mean) - sum
	}
	return sum*math.Log(mean) - (sum+n/f.alpha)*math.Log1p(f.alpha*mean)
}

// ratio is twice the log likelihood ratio of a change at i when the first i
// counts add up to left.
func (f *countFit) ratio(i, left int) float64 {
	n, total := float64(len(f.y)), float64(f.partial[len(f.y)])
	a, k := float64(left), float64(i)
	return math.Max(0, 2*(f.logLik(a, k)+f.logLik(total-a, n-k)-f.logLik(total, n)))
}

func (f *countFit) best() (at int, lr float64) {
	lr = -1
	for i := f.margin; i <= len(f.y)-f.margin; i++ {
		if v := f.ratio(i, f.partial[i]); v > lr {
			at, lr = i, v
		}
	}
	return at, lr
}

// searchFreedom is how many degrees of freedom two means and the search for the
// change between them are taken to cost. With two the test was too bold, 7.9% at
// a nominal 5% (60 counts, alpha 1); with seven it has 5.9%, at 120 counts 5.1%.
const searchFreedom = 7

// dispersion is the method of moments about the two means of a change at i,
// sum (y-m)^2 n/(n-7) = sum (m + alpha m^2).
func (f *countFit) dispersion(at int) float64 {
	var excess, square float64
	all := float64(len(f.y))
	for _, part := range [][2]int{{0, at}, {at, len(f.y)}} {
		n := float64(part[1] - part[0])
		m := float64(f.partial[part[1]]-f.partial[part[0]]) / n
		for _, v := range f.y[part[0]:part[1]] {
			excess += (v-m)*(v-m)*all/math.Max(1, all-searchFreedom) - m
		}
		square += n * m * m
	}
	if square == 0 {
		return 0
	}
	return math.Max(0, excess/square)
}

// bridgeLogP bounds the tail by Rice's formula: standardised, the partial sums
// less their share are a Brownian bridge, correlated sqrt(s(1-t)/(t(1-s))).
func (f *countFit) bridgeLogP(lr float64) float64 {
	n := float64(len(f.y))
	cor := []float64{0}
	for i := f.margin + 1; i <= len(f.y)-f.margin; i++ {
		s, t := float64(i-1)/n, float64(i)/n
		cor = append(cor, math.Sqrt(s*(1-t)/(t*(1-s))))
	}
	z := math.Sqrt(lr)
	return math.Min(0, riceShape(z, cor)-z*z/2)
}

// logChance is ln of the probability that n counts of the common mean add up to
// sum. Given the total the mean cancels; it only keeps the numbers in range.
func (f *countFit) logChance(sum, n int) float64 {
	if n == 0 {
		if sum == 0 {
			return 0
		}
		return math.Inf(-1)
	}
	s, k := float64(sum), float64(n)
	mean := float64(f.partial[len(f.y)]) / float64(len(f.y))
	lg, _ := math.Lgamma(s + 1)
	if f.alpha == 0 {
		return s*math.Log(k*mean) - k*mean - lg
	}
	size := k / f.alpha
	a, _ := math.Lgamma(s + size)
	b, _ := math.Lgamma(size)
	odds := f.alpha * mean
	return a - b - lg + s*math.Log(odds/(1+odds)) - size*math.Log1p(odds)
}

// exactLogP sums over all first exits the chance of the paths inside until
// then, times that of any continuation to the total, over that of the total.
// Falls back on the bound where the sum is too small for a float64.
func (f *countFit) exactLogP(lr float64) float64 {
	n, total := len(f.y), f.partial[len(f.y)]
	var one []float64
	for c := range total + 1 {
		one = append(one, math.Exp(f.logChance(c, 1)))
	}
	all := f.logChance(total, n)
	inside, low := []float64{1}, 0 // chances of the sums from low on
	var exits float64
	limit := lr * (1 - 1e-9)
	for i := 1; i <= n-f.margin; i++ {
		inside = convolve(inside, one, total-low)
		if i < f.margin {
			continue
		}
		first, last := -1, -1
		for j, w := range inside {
			if f.ratio(i, low+j) >= limit {
				exits += w * math.Exp(f.logChance(total-low-j, n-i)-all)
				continue
			}
			if first < 0 {
				first = j
			}
			last = j
		}
		if first < 0 {
			break
		}
		// The ratio is convex in the sum, so that what stays is one run.
		inside, low = inside[first:last+1], low+first
	}
	if exits < 1e-290 {
		return f.bridgeLogP(lr)
	}
	return math.Min(0, math.Log(exits))
}

// convolve adds one count to the sums, none beyond most.
func convolve(inside, one []float64, most int) []float64 {
	next := make([]float64, min(most, len(inside)+len(one)-2)+1)
	for k, w := range inside {
		if w == 0 {
			continue
		}
		for c, p := range one[:min(len(one), len(next)-k)] {
			next[k+c] += w * p
		}
	}
	return next
}
