package spell

import (
	"math"

	"counterflow/stats/robust"
	"counterflow/stats/tail"
)

// Settings decide what counts as a spell. Zero fields take the defaults.
type Settings struct {
	Shortest int     // fewest known values in a spell; 0 means 3
	Longest  int     // longest spell, in steps; 0 means half the series
	Seen     float64 // least share of a spell's steps that must be known; 0 means 0.6
	Clip     float64 // robust standard deviations at which values are cut; 0 means 4
	Least    int     // fewest known values of a series that is tested; 0 means 15
	// Phi is what is known of the autocorrelation at lag one before looking, with
	// the weight of so many values; both 0 for nothing.
	Phi, PhiWeight float64
	// AtEnd looks only at stretches that reach the last known value: at what is
	// still going on.
	AtEnd bool
	// Wide is how many times Clip a value may lie above the centre and still count in
	// full towards z; 0 means 1. More lets a short stretch show how clear it is, but
	// also lets two wild values make one.
	Wide float64
	// LeastScale is the smallest standard deviation that is believed, in the units
	// of the series.
	LeastScale float64
}

func (s Settings) filled(n int) Settings {
	if s.Shortest == 0 {
		s.Shortest = 3
	}
	if s.Longest == 0 {
		s.Longest = n / 2
	}
	if s.Seen == 0 {
		s.Seen = 0.6
	}
	if s.Clip == 0 {
		s.Clip = 4
	}
	if s.Wide == 0 {
		s.Wide = 1
	}
	if s.Least == 0 {
		s.Least = 15
	}
	return s
}

// Spell is the answer of a scan: one stretch, first and last step included.
type Spell struct {
	Start, End int
	Seen       int     // known values in it
	Shift      float64 // mean of the clipped values in it less that of the others, in the units of the series
	SE         float64 // of Shift, for a known stretch
	Z          float64 // Shift / SE
	LogP       float64 // natural log of the one-sided p-value after searching; 0 where untested
	Centre     float64 // median of the other values
	Scale      float64 // robust standard deviation about the two levels
	Phi        float64 // autocorrelation at lag one about the two levels
	DF         float64 // degrees of freedom of the tail
	Known      int     // values used
	Stretches  int     // stretches that were compared
	Compared   float64 // independent comparisons that they amount to, at least 1
	Warnings   []string
}

// Found says whether there is any stretch at all.
func (s Spell) Found() bool { return s.Seen > 0 }

// Scan looks for the stretch in which x lies highest above its other values,
// by
//
//	z = (mean inside - mean outside) / sd,
//	sd^2 = s^2 (V(n)/n^2 + V(N-n)/(N-n)^2),  V(n) = n + 2 sum (n-k) phi^k,
//
// over all stretches of Shortest to Longest steps that hold at most half of the
// known values. Values are cut at Clip robust standard deviations, so that no
// single one makes a spell; centre, scale and phi are those about the two levels
// of the best stretch, found by turns. V(n) is the variance of a sum under AR(1)
// errors of unit variance (Anderson 1971, section 8.3).
//
// The p-value is the tail of Student's t with N (1-phi^2)/(1+phi^2) - 2 degrees
// of freedom (those of a variance estimated from an AR(1): Bartlett 1946), times
// the number of stretches or of independent comparisons that they amount to,
// whichever is less. NaN values are unknown and left out. x is left as it is.
func Scan(x []float64, s Settings) Spell {
	s = s.filled(len(x))
	p := newPrepared(x)
	if p.known < s.Least {
		return Spell{Known: p.known, Centre: math.NaN(), Scale: math.NaN(), SE: math.NaN(), Shift: math.NaN(),
			Warnings: []string{"too few known values to test"}}
	}
	best := Spell{Start: 0, End: -1, Phi: s.Phi}
	for range 3 {
		p.level(x, &best, s)
		next := p.best(s, best.Phi)
		if !next.Found() {
			return best
		}
		same := next.Start == best.Start && next.End == best.End
		next.Phi = best.Phi
		best = next
		if same {
			break
		}
	}
	p.level(x, &best, s)
	p.measure(x, &best, s)
	return best
}

// Measure is Scan for a stretch that was chosen without looking at x: nothing is
// searched, so log p is that of a single z. The stretch is not found where it, or
// the rest, holds no known value.
func Measure(x []float64, start, end int, s Settings) Spell {
	s = s.filled(len(x))
	p := newPrepared(x)
	start, end = max(start, 0), min(end, len(x)-1)
	m := Spell{Start: start, End: end, Phi: s.Phi, Known: p.known}
	if start > end {
		return m
	}
	if seen := p.count[end+1] - p.count[start]; seen > 0 && seen < p.known && p.known > 2 {
		p.stretches, m.Seen = 1, seen
		p.level(x, &m, s)
		p.measure(x, &m, s)
	}
	return m
}

// prepared is a series with its sums.
type prepared struct {
	psi       []float64 // clipped deviations in units of the scale, 0 where unknown
	is        []bool
	sum       []float64
	count     []int
	known     int
	centre    float64
	scale     float64
	spread    float64 // standard deviation of psi about the two levels
	phi       float64
	stretches int
	rest      []float64 // deviations about the two levels, in units of the scale
	buffer    []float64
}

func newPrepared(x []float64) *prepared {
	p := &prepared{psi: make([]float64, len(x)), rest: make([]float64, len(x)), is: make([]bool, len(x)), sum: make([]float64, len(x)+1), count: make([]int, len(x)+1)}
	for t, v := range x {
		p.count[t+1] = p.count[t]
		if !math.IsNaN(v) {
			p.is[t] = true
			p.known++
			p.count[t+1]++
		}
	}
	return p
}

// level finds centre, scale, spread and phi about the two levels of a stretch.
func (p *prepared) level(x []float64, s *Spell, set Settings) {
	var inside, outside []float64
	for t, v := range x {
		switch {
		case !p.is[t]:
		case t >= s.Start && t <= s.End:
			inside = append(inside, v)
		default:
			outside = append(outside, v)
		}
	}
	p.centre = robust.Median(outside)
	upper := p.centre
	if len(inside) > 0 {
		upper = robust.Median(inside)
	}
	residual := p.buffer[:0]
	for t, v := range x {
		if p.is[t] {
			if t >= s.Start && t <= s.End {
				residual = append(residual, v-upper)
			} else {
				residual = append(residual, v-p.centre)
			}
		}
	}
	p.buffer = residual
	// Two medians take two degrees of freedom.
	p.scale = max(robust.MADAboutInPlace(append([]float64(nil), residual...), 0)*math.Sqrt(float64(p.known)/float64(p.known-2)), set.LeastScale, 1e-9)
	p.clip(x, set.Clip)
	p.autocorrelation(x, s, upper, set)
	s.Centre, s.Scale, s.Phi = p.centre, p.scale*p.spread, p.phi
}

func (p *prepared) clip(x []float64, clip float64) {
	for t, v := range x {
		p.psi[t] = 0
		if p.is[t] {
			p.psi[t] = min(max((v-p.centre)/p.scale, -clip), clip)
		}
		p.sum[t+1] = p.sum[t] + p.psi[t]
	}
}

// autocorrelation works on the deviations about the two levels, each cut at
// clip scales; its bias is corrected by (1 + 3 phi)/n (Marriott and Pope 1954),
// and it is drawn towards what was known before.
func (p *prepared) autocorrelation(x []float64, s *Spell, upper float64, set Settings) {
	rest := p.rest
	for t, v := range x {
		level := p.centre
		if t >= s.Start && t <= s.End {
			level = upper
		}
		rest[t] = min(max((v-level)/p.scale, -set.Clip), set.Clip)
	}
	squares, product, pairs := 0.0, 0.0, 0
	for t := range rest {
		if !p.is[t] {
			continue
		}
		squares += rest[t] * rest[t]
		if t > 0 && p.is[t-1] {
			product += rest[t] * rest[t-1]
			pairs++
		}
	}
	p.spread = math.Sqrt(squares / float64(p.known-2))
	p.phi = set.Phi
	if squares > 0 && pairs >= 8 {
		phi := product / float64(pairs) / (squares / float64(p.known))
		phi += (1 + 3*phi) / float64(pairs)
		n := float64(pairs)
		p.phi = (n*phi + set.PhiWeight*set.Phi) / (n + set.PhiWeight)
	}
	p.phi = min(max(p.phi, 0), 0.9)
}

// best is the stretch with the largest z at the levels at hand.
func (p *prepared) best(s Settings, phi float64) Spell {
	n := len(p.psi)
	variance := longRun(phi, p.known)
	total := p.sum[n]
	best := Spell{Z: math.Inf(-1)}
	p.stretches = 0
	last := n - 1
	for last > 0 && !p.is[last] {
		last--
	}
	for from := 0; from < n; from++ {
		if !p.is[from] {
			continue
		}
		first := from + s.Shortest - 1
		if s.AtEnd {
			first = max(first, last)
		}
		for to := first; to < min(n, from+s.Longest); to++ {
			inside := p.count[to+1] - p.count[from]
			if !p.is[to] || inside < s.Shortest || 2*inside > p.known || float64(inside) < s.Seen*float64(to-from+1) {
				continue
			}
			p.stretches++
			sum, a, b := p.sum[to+1]-p.sum[from], float64(inside), float64(p.known-inside)
			shift := sum/a - (total-sum)/b
			z := shift / math.Sqrt(variance[inside]/(a*a)+variance[p.known-inside]/(b*b))
			if z > best.Z {
				best = Spell{Start: from, End: to, Seen: inside, Z: z, Shift: shift}
			}
		}
	}
	return best
}

// measure fills in size, error and p-value of the stretch found. Here values are
// cut about their own level, so that a stretch far above the rest keeps its size.
func (p *prepared) measure(x []float64, s *Spell, set Settings) {
	variance := longRun(p.cautiousPhi(set), p.known)
	inside, outside := p.tamed(x, s, true, set.Clip), p.tamed(x, s, false, set.Clip)
	a, b := float64(s.Seen), float64(p.known-s.Seen)
	s.Shift = inside - outside
	s.SE = math.Sqrt(variance[s.Seen]/(a*a)+variance[p.known-s.Seen]/(b*b)) * p.spread * p.scale
	s.Z = min(p.cutShift(x, s, set.Wide*set.Clip), s.Shift) / s.SE
	s.Known, s.Stretches, s.Compared = p.known, p.stretches, comparisons(p.stretches, p.known, p.phi)
	if set.AtEnd {
		s.Compared = comparisonsAtEnd(p.stretches)
	}
	if p.spread == 0 {
		s.Z, s.LogP = 0, 0
		s.Warnings = append(s.Warnings, "no variation about the levels: nothing to judge by")
		return
	}
	s.DF = max(float64(p.known)*(1-p.phi*p.phi)/(1+p.phi*p.phi)-2, 2)
	s.LogP = s.At(s.Z)
}

// cutShift is the mean inside less that outside, values cut at clip scales about
// the centre.
func (p *prepared) cutShift(x []float64, s *Spell, clip float64) float64 {
	in, out := 0.0, 0.0
	for t, v := range x {
		switch cut := min(max((v-p.centre)/p.scale, -clip), clip); {
		case !p.is[t]:
		case t >= s.Start && t <= s.End:
			in += cut
		default:
			out += cut
		}
	}
	return (in/float64(s.Seen) - out/float64(p.known-s.Seen)) * p.scale
}

// cautiousPhi is one standard error above the estimate: an autocorrelation that
// is taken too low makes spells of nothing.
func (p *prepared) cautiousPhi(set Settings) float64 {
	return min(p.phi+math.Sqrt((1-p.phi*p.phi)/(float64(p.known)+set.PhiWeight)), 0.95)
}

// Beside gives z and log p of a spell whose shift has an error of its own beside
// SE, such as a lasting one that the series cannot show.
func (s Spell) Beside(sd float64) (z, logP float64) {
	if !s.Found() {
		return 0, 0
	}
	z = min(s.Z, s.Shift/math.Hypot(s.SE, sd))
	return z, s.At(z)
}

// At is the natural log of the p-value that the spell would have with another z,
// the search paid for.
func (s Spell) At(z float64) float64 {
	return min(0, math.Log(max(s.Compared, 1))+tail.StudentLogSF(z, s.DF))
}

// comparisons is the number of independent comparisons that all stretches of a
// series amount to, fitted to simulated normal noise (400,000 series or more
// each): the chance that any z exceeds 5 is 105, 201, 349 and 843 times that of
// one z for 24, 36, 60 and 120 values without autocorrelation, about half of that
// at phi = 0.3. The number of stretches is 175, 424, 1246 and 5191.
func comparisons(stretches, known int, phi float64) float64 {
	n := float64(known)
	return math.Max(math.Min(float64(stretches), 1.5*n*math.Log(n)*(1-phi)/(1+phi)), 1)
}

// comparisonsAtEnd is the same for stretches that all reach the last value: the
// chance that any z exceeds 5 is 7.6, 10.6, 13.0, 14.9 and 21.7 times that of one
// for the 10, 16, 22, 28 and 58 stretches of 24, 36, 48, 60 and 120 values of
// normal noise (200,000 series each, weighed by importance), at phi = 0.3 a fifth
// less.
func comparisonsAtEnd(stretches int) float64 {
	return math.Max(2*math.Pow(float64(stretches), 0.6), 1)
}

// tamed is the mean of the values inside or outside a stretch, each cut at clip
// scales from their median.
func (p *prepared) tamed(x []float64, s *Spell, inside bool, clip float64) float64 {
	values := p.buffer[:0]
	for t, v := range x {
		if p.is[t] && (t >= s.Start && t <= s.End) == inside {
			values = append(values, v)
		}
	}
	middle := robust.Median(values)
	sum := 0.0
	for _, v := range values {
		sum += min(max(v-middle, -clip*p.scale), clip*p.scale)
	}
	return middle + sum/float64(len(values))
}

// longRun gives the variance of a sum of 0 to n values of an AR(1) of unit
// variance.
func longRun(phi float64, n int) []float64 {
	v := make([]float64, n+1)
	cover, power := 0.0, 1.0
	for k := 1; k <= n; k++ {
		// Adding a value adds its variance and twice its covariance with all before.
		v[k] = v[k-1] + 1 + 2*cover
		power *= phi
		cover += power
	}
	return v
}
