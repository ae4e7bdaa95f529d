package timing

import "math"

// MaxLag is the longest lag in months.
const MaxLag = 3

// Kernel is the share of a month's departures that is recorded as arriving 0,
// 1, 2 and 3 months later. No share is negative and they sum to one: what is
// lost on the way, or never declared, shows in the level of a lane and not in
// its timing.
type Kernel [MaxLag + 1]float64

// Immediate is the kernel of goods that arrive in the month in which they left.
var Immediate = Kernel{1}

// Passage is the kernel of a passage of so many months, 0 to 3, for departures
// spread evenly over their month: of a passage of 0.4 months 60% arrives in the
// same month and the rest in the next.
func Passage(months float64) Kernel {
	var k Kernel
	whole, part := math.Modf(min(max(months, 0), MaxLag))
	k[int(whole)] += 1 - part
	if part > 0 {
		k[int(whole)+1] += part
	}
	return k
}

// Mean is the mean lag in months.
func (k Kernel) Mean() float64 {
	sum := 0.0
	for lag, share := range k {
		sum += float64(lag) * share
	}
	return sum
}

// Arrivals carries departures forward: arrivals[t] is the sum of
// k[lag] departures[t-lag]. A month is NaN where a departure that matters is not
// known, those before the series included.
func (k Kernel) Arrivals(departures, arrivals []float64) {
	var lags [MaxLag + 1]int
	n := 0
	for lag, share := range k {
		if share > 0 {
			lags[n] = lag
			n++
		}
	}
	if n == 0 {
		clear(arrivals)
		return
	}
	start := min(lags[n-1], len(arrivals)) // before it departures are not known
	for t := range start {
		arrivals[t] = math.NaN()
	}
	near, share := lags[0], k[lags[0]]
	for t := start; t < len(arrivals); t++ {
		arrivals[t] = float64(share * departures[t-near])
	}
	for _, lag := range lags[1:n] {
		share := k[lag]
		for t := start; t < len(arrivals); t++ {
			arrivals[t] += float64(share * departures[t-lag])
		}
	}
}

// At is the arrivals of one month of which all departures that matter are known,
// as [Kernel.Arrivals] gives them.
func (k *Kernel) At(departures []float64, t int) float64 {
	sum := 0.0
	for lag, share := range k {
		if share > 0 {
			sum += float64(share * departures[t-lag])
		}
	}
	return sum
}

// negligible is a share that a lane's kernel leaves out, so that its departures
// need not be known.
const negligible = 0.02

// without drops negligible shares.
func (k Kernel) without() Kernel {
	sum := 0.0
	for lag, share := range k {
		if share <= negligible {
			k[lag] = 0
		}
		sum += k[lag]
	}
	for lag := range k {
		k[lag] /= sum
	}
	return k
}

// passages are the lengths, in months, among which the fit tells lanes apart:
// closer together where one month's arrivals change most.
var passages = [...]float64{0, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.15, 1.3, 1.5, 1.75, 2, 2.4, 3}

const passagesInAll = len(passages)

var passageKernels = func() (all [passagesInAll]Kernel) {
	for i, months := range passages {
		all[i] = Passage(months)
	}
	return all
}()

// mix is the kernel of passages in the given shares.
func mix(shares *[passagesInAll]float64) Kernel {
	var k Kernel
	for i, share := range shares {
		for lag := range k {
			k[lag] += float64(share * passageKernels[i][lag])
		}
	}
	return k
}
