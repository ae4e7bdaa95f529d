package consignments

import (
	"math"

	"counterflow/stats/tail"
)

// widths of the windows below the threshold in which parcels are counted, as
// shares of it. Whoever divides loads aims just below, but how far is not known.
var widths = [...]float64{0.05, 0.10, 0.15}

// spell is the months in which the most is out of the ordinary.
type spell struct {
	from, to int32   // indices of months, both included
	width    float64 // of the window
	n        int     // parcels in those months
	under    int     // of those, in the window
	expected float64 // of those, expected in the window
	sd       float64 // of the number in the window, were nothing unusual
	logP     float64 // after the search over months and widths
}

// longest is the longest spell looked for, in months.
const longest = 24

// spellOf finds the months of a pair in which its parcels crowd into the window
// more than in its other months.
//
// Of all N parcels of the pair K lie in the window. If their share were the same
// in all months, the number among the n of some months would be hypergeometric,
// whatever that share is (Fisher's exact test); so neither the size of the pair's
// loads nor its habit of round lots matters as long as they last. The p-value is
// that tail, its log divided by the dispersion of the other months where they
// scatter more than chance, times the number of spells and widths compared.
func spellOf(p *pair) spell {
	best := spell{}
	for w := range widths {
		if s := spellIn(p, w); s.logP < best.logP {
			best = s
		}
	}
	best.logP = math.Min(0, best.logP+math.Log(float64(len(widths))))
	return best
}

// month counts the parcels of a pair in one month.
type month struct {
	index    int32
	n, under int
}

func monthsOf(p *pair, width float64) []month {
	var months []month
	for i := range p.parcels {
		q := &p.parcels[i]
		if k := len(months); k == 0 || months[k-1].index != q.month {
			months = append(months, month{index: q.month})
		}
		m := &months[len(months)-1]
		m.n++
		if under(q.mass, width) {
			m.under++
		}
	}
	return months
}

// near is how far the rough log p of a spell may lie above the least so far for
// the exact one to be worked out.
const near = 2.0

// spellIn looks at one width. A spell begins and ends with a month that has a
// parcel in the window, and holds at most half of the pair's months.
func spellIn(p *pair, w int) spell {
	best := spell{width: widths[w]}
	total, all := p.under[w], len(p.parcels)
	if total == 0 {
		return best
	}
	months := monthsOf(p, widths[w])
	first, last := 0, 0
	closest := 0.0
	for from := range months {
		if months[from].under == 0 {
			continue
		}
		n, k := 0, 0
		for to := from; to < len(months) && months[to].index-months[from].index < longest && 2*(to-from+1) <= len(months); to++ {
			n, k = n+months[to].n, k+months[to].under
			if months[to].under == 0 {
				continue
			}
			about := roughLogP(k, n, total, all)
			if about >= closest+near {
				continue
			}
			closest = math.Min(closest, about)
			if logP := hypergeometricLogSF(k, n, total, all); logP < best.logP {
				best = spell{from: months[from].index, to: months[to].index, width: widths[w], n: n, under: k, logP: logP}
				first, last = from, to
			}
		}
	}
	if best.n == 0 {
		return best
	}
	best.logP /= dispersion(months, first, last)
	best.logP = math.Min(0, best.logP+math.Log(comparisons(len(months))))
	best.expect(total, all)
	return best
}

// widest counts the same months in the widest window: that is where the size of a
// case is taken, since loads divided to stay under a threshold need not all lie
// where they crowd most, and what is usual there is taken off.
func (s spell) widest(p *pair) spell {
	w := len(widths) - 1
	s.width, s.under = widths[w], 0
	for _, q := range p.parcels {
		if q.month >= s.from && q.month <= s.to && under(q.mass, s.width) {
			s.under++
		}
	}
	s.expect(p.under[w], len(p.parcels))
	return s
}

// comparisons is the number of independent spells that all spells among so many
// months amount to: all that could have been found, not only those that begin and
// end with a parcel, or three for each month where that is less. Neighbouring
// spells share most of their parcels, and counts are coarse: with three, honest
// pairs of 48 months have p at most .05 in 2.6% and at most .01 in 0.3% of cases
// (1,500 pairs, see the test).
func comparisons(months int) float64 {
	all := 0
	for length := 1; length <= min(months/2, longest); length++ {
		all += months - length + 1
	}
	return float64(max(min(all, 3*months), 1))
}

// expect says how many of the spell's parcels would lie in the window without the
// divided ones, with the standard deviation of that number. Of n parcels k lie in
// the window; if x were added there and the rest keep the share s of the other
// months, k = x + (n-x) s, so x = (k - n s)/(1-s).
func (s *spell) expect(total, all int) {
	// Half a parcel keeps a share of nothing from being certain.
	elsewhere := float64(all-s.n) + 1
	share := (float64(total-s.under) + 0.5) / elsewhere
	k, n := float64(s.under), float64(s.n)
	excess := max((k-n*share)/(1-share), 0)
	s.expected = k - excess
	s.sd = math.Sqrt((n - excess) * share / (1 - share) * (1 + n/elsewhere))
}

// roughLogP is minus the Kullback-Leibler divergence of the shares within and
// outside from the share of all, times the parcels: Chernoff's bound. 0 where the
// window is no fuller than elsewhere.
func roughLogP(k, n, total, all int) float64 {
	if k*all <= n*total {
		return 0
	}
	share := float64(total) / float64(all)
	return -divergence(k, n, share) - divergence(total-k, all-n, share)
}

func divergence(k, n int, share float64) float64 {
	if n == 0 {
		return 0
	}
	sum := 0.0
	if k > 0 {
		sum += float64(k) * math.Log(float64(k)/(float64(n)*share))
	}
	if k < n {
		sum += float64(n-k) * math.Log(float64(n-k)/(float64(n)*(1-share)))
	}
	return sum
}

// leastMonths is the number of other months from which their scatter is known.
const leastMonths = 12

// dispersion is Pearson's chi-squared over its degrees of freedom for the months
// outside a spell, at least one and at most five; one where there are too few
// months, or too few parcels in the window, to tell.
func dispersion(months []month, from, to int) float64 {
	n, k, count := 0, 0, 0
	for i, m := range months {
		if i < from || i > to {
			n, k, count = n+m.n, k+m.under, count+1
		}
	}
	if count < leastMonths || k < leastMonths/2 {
		return 1
	}
	share, sum := float64(k)/float64(n), 0.0
	for i, m := range months {
		if i < from || i > to {
			mean := float64(m.n) * share
			sum += (float64(m.under) - mean) * (float64(m.under) - mean) / (mean * (1 - share))
		}
	}
	return math.Min(math.Max(sum/float64(count-1), 1), 5)
}

// hypergeometricLogSF is ln P(X >= k), X the number of marked ones among n drawn
// from all of which total are marked:
//
//	P(X = i) = C(total, i) C(all-total, n-i) / C(all, n),
//
// summed from k up in logs.
func hypergeometricLogSF(k, n, total, all int) float64 {
	last := min(n, total)
	if k <= max(0, n-(all-total)) {
		return 0
	}
	term := logChoose(total, k) + logChoose(all-total, n-k) - logChoose(all, n)
	terms := []float64{term}
	for i := k; i < last; i++ {
		// Ratio of neighbouring terms.
		term += math.Log(float64(total-i)) + math.Log(float64(n-i)) - math.Log(float64(i+1)) - math.Log(float64(all-total-n+i+1))
		terms = append(terms, term)
		if term < terms[0]-40 { // e^-40 adds nothing
			break
		}
	}
	return math.Min(0, tail.LogSumExp(terms))
}

func logChoose(n, k int) float64 {
	return lgamma(float64(n+1)) - lgamma(float64(k+1)) - lgamma(float64(n-k+1))
}

func lgamma(x float64) float64 {
	v, _ := math.Lgamma(x)
	return v
}
