package timing

import (
	"math"

	"counterflow/stats/robust"
)

// evidence is what one lane says of each length of passage: the logarithm of
// its likelihood, up to a constant.
type evidence [passagesInAll]float64

const (
	// leastCompared is the number of comparable months below which a lane says
	// nothing of its own.
	leastCompared = 8
	// leastTrading is the number of those in which each side must have declared
	// something.
	leastTrading = 3
	// smoothing, a share of the lane's mean month, is added to both sides, so
	// that a month without declaration is a large error and not an infinite one.
	smoothing = 0.02
	// tempering divides the evidence: errors of one lane are like those of the
	// month before, so its months count for about half as many.
	tempering = 0.5
	// errorFreedom is that of Student's t for the errors, natural log.
	errorFreedom = 4
	// leastSpread keeps a lane whose sides agree almost exactly from deciding
	// everything.
	leastSpread = 0.05
)

// weigher works out the evidence of lanes, one after the other.
type weigher struct {
	expected, residuals, sorted []float64
	all                         [passagesInAll][]float64
}

// weigh compares what each passage makes of the departures with the declared
// arrivals, by ln((M+a)/(E+a)) about its median, where both are scaled to a mean
// of one. Months that some passage cannot be compared in are left out for all.
// ok is false where too few are left, or departures never vary.
func (w *weigher) weigh(x, m []float64) (e evidence, ok bool) {
	n := w.comparable(x, m)
	if n < leastCompared {
		return e, false
	}
	meanX, meanM := w.means(x, m)
	if meanX <= 0 || meanM <= 0 {
		return e, false
	}
	spread := math.Inf(1)
	var centers [passagesInAll]float64
	for i := range passageKernels {
		r := w.all[i][:0]
		for t := MaxLag; t < len(x); t++ {
			if !w.usable(t) {
				continue
			}
			sum := 0.0
			for lag, share := range passageKernels[i] {
				if share > 0 {
					sum += float64(share * x[t-lag])
				}
			}
			r = append(r, math.Log((m[t]/meanM+smoothing)/(sum/meanX+smoothing)))
		}
		w.all[i] = r
		w.sorted = append(w.sorted[:0], r...)
		centers[i] = robust.MedianInPlace(w.sorted)
		spread = min(spread, robust.MADAboutInPlace(w.sorted, centers[i]))
	}
	e.fill(&w.all, &centers, max(spread, leastSpread))
	return e, true
}

// fill takes Student's t of a common spread for every passage.
func (e *evidence) fill(residuals *[passagesInAll][]float64, centers *[passagesInAll]float64, spread float64) {
	scale := 1 / (errorFreedom * spread * spread)
	for i, r := range residuals {
		product, sum := 1.0, 0.0
		for _, v := range r {
			d := v - centers[i]
			product *= 1 + d*d*scale
			if product > 1e200 {
				sum += math.Log(product)
				product = 1
			}
		}
		e[i] = -tempering * (errorFreedom + 1) / 2 * (sum + math.Log(product))
	}
}

// comparable marks the months in which every passage can be compared, and
// counts them; 0 where hardly any of them has trade.
func (w *weigher) comparable(x, m []float64) int {
	w.expected = resize(w.expected, len(x))
	n, left, came := 0, 0, 0
	for t := range x {
		known := t >= MaxLag && !math.IsNaN(m[t])
		for lag := 0; known && lag <= MaxLag; lag++ {
			known = !math.IsNaN(x[t-lag])
		}
		w.expected[t] = 0
		if known {
			w.expected[t] = 1
			n++
			left += positive(x[t])
			came += positive(m[t])
		}
	}
	if min(left, came) < leastTrading {
		return 0
	}
	return n
}

func positive(x float64) int {
	if x > 0 {
		return 1
	}
	return 0
}

func (w *weigher) usable(t int) bool { return w.expected[t] > 0 }

func (w *weigher) means(x, m []float64) (meanX, meanM float64) {
	n := 0.0
	for t := range x {
		if w.usable(t) {
			n++
			meanX += x[t]
			meanM += m[t]
		}
	}
	return meanX / n, meanM / n
}
