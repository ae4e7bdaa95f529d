package reliability

import (
	"cmp"
	"math"
	"slices"

	"counterflow/stats/elementary"
	"counterflow/stats/robust"
)

// monthGap is the log gap of one period, the variance that not knowing the
// passage gives it, and the part of the exporter's variance that is in it.
type monthGap struct{ log, doubt, carried float64 }

// gapFitter fits the gaps of one lane after the other in room of its own.
type gapFitter struct {
	months        []monthGap
	logs, weights []float64
	window        []float64
	around        robust.Window // of the period at hand
	squares       []doubtful
	most          rounds
	unsettled     bool // the last lane's spread still moved at the end
}

// doubtful is a weighed square with the doubt about its period.
type doubtful struct{ doubt, square float64 }

const (
	gapFreedom = 4 // of Student's t for the gaps of one lane
	gapRounds  = 50
	// tInformation is that of ln s^2 in one period, over that of normal errors:
	// nu/(nu+3).
	tInformation = gapFreedom / (gapFreedom + 3.0)
	gapLimit     = 1e-3 // change of the variance over that of the surest period: far below its error
	// around is the number of periods on either side whose median is taken for
	// the level that the spread is measured about, so that a change of method
	// that lasts is not taken for scatter.
	around = 9
	// leastHistory is the number of compared periods from which a lane has a
	// level and a spread of its own; leastSpread is that from which it says
	// something of the spreads of its reporters.
	leastHistory = 6
	leastSpread  = 4
	leastSquare  = 1e-6
)

// TailFactor turns the squared scale of Student's t with 4 degrees of freedom
// into the square of a spread of which 1.645 hold 90% of the deviations: 1.26
// scales where errors are normal, 1.30 where they are such t.
const TailFactor = 1.6

// fit sums up the periods at hand.
func (f *gapFitter) fit() laneGaps {
	f.unsettled = false
	n := len(f.months)
	l := laneGaps{n: int32(n), carried: 1}
	f.logs = f.logs[:0]
	for i := range f.months {
		f.logs = append(f.logs, f.months[i].log)
	}
	if n < leastHistory {
		l.center = robust.MedianInPlace(f.logs)
	} else {
		center, square, freedom := f.locate()
		l.center, l.centerVariance = center, TailFactor*square/freedom
	}
	if n < leastSpread {
		return l
	}
	f.level()
	center, square, freedom := f.locate()
	l.variance, l.freedom = TailFactor*square*freedom/(freedom-1), freedom-1
	l.quarters = f.quarter(center, square)
	l.carried = f.carriedOn()
	return l
}

// quarter sums up a quarter of a lane's periods, those whose timing is in like
// doubt: all that the variances need to know of them.
type quarter struct {
	n      float64
	doubt  float64 // mean
	square float64 // mean squared residual, by the weights of Student's t, in units of its squared scale
}

// quarters is those of one lane, the surest first.
type quarters [4]quarter

// quarter divides the periods at hand by their doubts. Residuals are about the
// center, weighed as of Student's t with variances square + doubt; one degree of
// freedom goes with the center.
func (f *gapFitter) quarter(center, square float64) quarters {
	f.squares = f.squares[:0]
	for i, v := range f.logs {
		d := v - center
		variance := square + f.months[i].doubt
		w := (gapFreedom + 1) / (gapFreedom + d*d/variance)
		f.squares = append(f.squares, doubtful{f.months[i].doubt, w * d * d})
	}
	slices.SortStableFunc(f.squares, func(a, b doubtful) int { return cmp.Compare(a.doubt, b.doubt) })
	var all quarters
	n := len(f.squares)
	lost := float64(n) / float64(n-1)
	for k := range all {
		q := &all[k]
		for _, s := range f.squares[k*n/len(all) : (k+1)*n/len(all)] {
			q.n++
			q.doubt += s.doubt
			q.square += lost * s.square
		}
		q.doubt /= q.n
		q.square /= q.n
	}
	return all
}

// level takes from every period the median of its neighbourhood, itself
// included, and widens what is left for the variance that goes with the median.
func (f *gapFitter) level() {
	n := len(f.months)
	levels := f.weights[:0]
	f.around.Reset()
	for i := range min(around, n) {
		f.around.Add(f.months[i].log)
	}
	for i := range n {
		switch comes, goes := i+around, i-around-1; {
		case comes < n && goes >= 0:
			f.around.Replace(f.months[goes].log, f.months[comes].log)
		case comes < n:
			f.around.Add(f.months[comes].log)
		case goes >= 0:
			f.around.Remove(f.months[goes].log)
		}
		levels = append(levels, f.around.Median())
	}
	f.weights = levels
	for i := range n {
		size := float64(min(i+around+1, n) - max(i-around, 0))
		f.logs[i] = (f.months[i].log - levels[i]) * math.Sqrt(size/(size-1))
	}
}

// locate fits Student's t with 4 degrees of freedom and variances s^2 + doubt to
// f.logs by scoring on ln s^2 (Lange, Little and Taylor 1989, JASA 84, 881, of
// whose information a period has the share s^4/(s^2 + doubt)^2): its center, s^2,
// and the number of periods that the latter rests on, at least 2: those whose
// timing is in doubt count for less. Maximising by expectation took hundreds of
// rounds where the doubts are larger than s^2. f.logs keeps its order.
func (f *gapFitter) locate() (center, square, freedom float64) {
	f.window = append(f.window[:0], f.logs...)
	center = robust.MedianInPlace(f.window)
	spread := robust.MADAboutInPlace(f.window, center)
	square = min(max(spread*spread/2, 100*leastSquare), 4)
	surest := math.Inf(1)
	for i := range f.months {
		surest = min(surest, f.months[i].doubt)
	}
	settled := false
	for range f.most.within(gapRounds) {
		var sum, weights, score float64
		freedom = 0
		for i, v := range f.logs {
			inverse := 1 / (square + f.months[i].doubt)
			d, own := v-center, square*inverse
			far := d * d * inverse
			w := (gapFreedom + 1) / (gapFreedom + far)
			sum += w * inverse * v
			weights += w * inverse
			score += own * (w*far - 1)
			freedom += own * own
		}
		before := square
		step := score / (tInformation * freedom)
		center, square = sum/weights, max(square*elementary.Exp(min(max(step, -longestStep), longestStep)), leastSquare)
		if settled = math.Abs(square-before) <= gapLimit*(square+surest); settled {
			break
		}
	}
	f.unsettled = f.unsettled || !settled
	return center, square, max(freedom, 2)
}

// carriedOn is the mean of what is carried.
func (f *gapFitter) carriedOn() float64 {
	sum := 0.0
	for i := range f.months {
		sum += f.months[i].carried
	}
	return sum / float64(len(f.months))
}
