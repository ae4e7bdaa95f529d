package consignments

import (
	"math"
	"slices"

	"counterflow/stats/tail"
)

// repeats is what one pair's days with several parcels say.
type repeats struct {
	days         int     // days with two parcels or more, each below the threshold
	expectedDays float64 // by a Poisson rate of parcels in each month
	sums         int     // of those days, with a sum just above the threshold
	expectedSums float64 // if the day's parcels were drawn from all of the pair's below it
	logPDays     float64
	logPSums     float64
}

// justAbove is how far above the threshold a sum may lie to be just above it.
const justAbove = 0.15

// leastParcels is the number of parcels below the threshold from which a pair's
// days are looked at.
const leastParcels = 10

// daysOfMonth is the number of days over which a month's parcels are taken to
// spread; working days are fewer, which makes repeats likelier, so the rate is
// that of the days on which the pair ships at all where these are fewer.
const daysOfMonth = 20

// repeatsOf counts days on which a pair shipped twice or more below the
// threshold, against Poisson arrivals at each month's rate, and how many of these
// days add up to just above it, against parcels drawn at random from the pair's
// own. Numbers of days are judged by the Poisson and sums by the binomial tail.
func repeatsOf(p *pair) repeats {
	var below []parcel
	for _, q := range p.parcels {
		if q.mass < 1 {
			below = append(below, q)
		}
	}
	var r repeats
	if len(below) < leastParcels {
		return r
	}
	var pairDays int
	for from := 0; from < len(below); {
		to := from + 1
		sum := below[from].mass
		for to < len(below) && below[to].day == below[from].day {
			sum += below[to].mass
			to++
		}
		if to-from >= 2 {
			r.days++
			if to-from == 2 {
				pairDays++
				if sum >= 1 && sum < 1+justAbove {
					r.sums++
				}
			}
		}
		from = to
	}
	r.expectedDays = expectedDays(below)
	r.logPDays = tail.PoissonLogSF(float64(r.days-1), r.expectedDays)
	if share := shareOfSums(below); pairDays > 0 && share > 0 {
		r.expectedSums = share * float64(pairDays)
		r.logPSums = tail.BinomialLogSF(float64(r.sums-1), float64(pairDays), share)
	}
	return r
}

// expectedDays adds up, over the months, the days on which a Poisson process of
// the month's rate brings two parcels or more.
func expectedDays(below []parcel) float64 {
	sum := 0.0
	for from := 0; from < len(below); {
		to := from + 1
		for to < len(below) && below[to].month == below[from].month {
			to++
		}
		rate := float64(to-from) / daysOfMonth
		sum += daysOfMonth * (1 - math.Exp(-rate)*(1+rate))
		from = to
	}
	return sum
}

// shareOfSums is the share of all pairs of parcels whose sum lies just above the
// threshold, counted by two pointers over the sorted masses.
func shareOfSums(below []parcel) float64 {
	masses := make([]float64, len(below))
	for i := range below {
		masses[i] = below[i].mass
	}
	slices.Sort(masses)
	n := len(masses)
	atLeast := func(limit float64) (pairs int) {
		j := n
		for i := range masses {
			for j > 0 && masses[i]+masses[j-1] >= limit {
				j--
			}
			pairs += n - max(j, i+1)
		}
		return pairs
	}
	return float64(atLeast(1)-atLeast(1+justAbove)) / (float64(n) * float64(n-1) / 2)
}
