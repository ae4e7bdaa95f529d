package timing

import (
	"math"

	"counterflow/stats/elementary"
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
	usable    []int     // months in which every passage can be compared
	declared  []float64 // ln of the smoothed arrivals of those
	buf       []float64 // room for medians
	residuals [passagesInAll][]float64
}

// weigh compares what each passage makes of the departures with the declared
// arrivals, by ln((M+a)/(E+a)) about its median, where both are scaled to a mean
// of one. Months that some passage cannot be compared in are left out for all.
// ok is false where too few are left, or departures never vary.
func (w *weigher) weigh(x, m []float64) (e evidence, ok bool) {
	if w.comparable(x, m); len(w.usable) < leastCompared {
		return e, false
	}
	meanX, meanM := w.means(x, m)
	if meanX <= 0 || meanM <= 0 {
		return e, false
	}
	w.declared = w.declared[:0]
	for _, t := range w.usable {
		w.declared = append(w.declared, elementary.Log(m[t]/meanM+smoothing))
	}
	for i := range passageKernels {
		w.residuals[i] = w.compare(w.residuals[i], i, x, 1/meanX)
	}
	centers, spread := w.summarise()
	e.fill(&w.residuals, &centers, max(spread, leastSpread))
	return e, true
}

// nearby is how far, in spreads, the median or the spread of a passage is looked
// for from those of the passage before, which has almost the same residuals.
const nearby = 0.2

// summarise gives the median of the residuals of every passage, and the least of
// their spreads.
func (w *weigher) summarise() (centers [passagesInAll]float64, least float64) {
	w.buf = resize(w.buf, 2*len(w.usable))
	least = math.Inf(1)
	center, spread := 0.0, 1.0 // of the passage before
	for i, r := range w.residuals {
		center = robust.MedianNear(r, center, nearby*spread, w.buf)
		centers[i] = center
		if i%spreadEvery == 0 {
			spread = robust.MADNear(r, center, spread, nearby*spread, w.buf)
			least = min(least, spread)
		}
	}
	return centers, least
}

// spreadEvery says at which passages the spread is looked at: neighbouring ones
// hardly differ.
const spreadEvery = 3

// compare gives the residuals of one passage, a mixture of two months, in room
// that is used again.
func (w *weigher) compare(room []float64, passage int, x []float64, scale float64) []float64 {
	whole, part := math.Modf(passages[passage])
	lag := int(whole)
	older := lag
	if part > 0 {
		older++
	}
	now, before := (1-part)*scale, part*scale
	residuals := resize(room, len(w.usable))
	for i, t := range w.usable {
		residuals[i] = now*x[t-lag] + before*x[t-older] + smoothing
	}
	elementary.LogInPlace(residuals)
	for i, declared := range w.declared {
		residuals[i] = declared - residuals[i]
	}
	return residuals
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
				sum += elementary.Log(product)
				product = 1
			}
		}
		e[i] = -tempering * (errorFreedom + 1) / 2 * (sum + elementary.Log(product))
	}
}

// comparable lists the months in which every passage can be compared; none where
// hardly any of them has trade.
func (w *weigher) comparable(x, m []float64) {
	w.usable = w.usable[:0]
	run, left, came := 0, 0, 0 // months known in a row, and those with trade
	for t := range x {
		if math.IsNaN(x[t]) {
			run = 0
			continue
		}
		if run++; run <= MaxLag || math.IsNaN(m[t]) {
			continue
		}
		w.usable = append(w.usable, t)
		left += positive(x[t])
		came += positive(m[t])
	}
	if min(left, came) < leastTrading {
		w.usable = w.usable[:0]
	}
}

func positive(x float64) int {
	if x > 0 {
		return 1
	}
	return 0
}

func (w *weigher) means(x, m []float64) (meanX, meanM float64) {
	for _, t := range w.usable {
		meanX += x[t]
		meanM += m[t]
	}
	n := float64(len(w.usable))
	return meanX / n, meanM / n
}
