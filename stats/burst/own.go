package burst

import (
	"math"
	"math/rand/v2"
)

// Draws says how a series is judged by series drawn in its likeness.
type Draws struct {
	Most   int    // series drawn at most
	Enough int    // drawn series with as large a Z after which no more are drawn
	Seed   uint64 // of the draws
}

// OwnDraws are enough to tell p-values down to 0.0002, and stop
// early where there is nothing to tell.
func OwnDraws(seed uint64) Draws { return Draws{Most: 4999, Enough: 20, Seed: seed} }

// Own is the stretch of one series that stands highest, judged by the series
// itself.
type Own struct {
	Window
	Phi      float64 // autocorrelation at lag one with the stretch levelled, corrected for its bias, in [0, 0.9]
	Drawn    int     // series drawn
	AsLarge  int     // of them, those with a Z at least as large
	Warnings []string
}

// ByItself finds the stretch of a series that stands highest above the rest, and
// says how likely one as high is by chance, where there are too few other series to
// judge it by. Z is the t of the mean inside against the mean outside over the
// inflation that an AR(1) with the series' own Phi brings to a sum; its p-value is
// (1+AsLarge)/(1+Drawn) over series drawn from an AR(1) with a Phi a standard error
// larger and Student innovations of four degrees of freedom, which are searched in the same way,
// their own Phi included (a parametric bootstrap; drawing ends early after Besag and
// Clifford 1991, Biometrika 78, 301-304).
//
// Of the settings, Clip and Scale are not used. NaN is an unknown value; drawn series
// lack the same ones. Fewer known values than Least, or values that are all alike,
// give a LogP of NaN and a warning.
func ByItself(x []float64, s Settings, d Draws) Own {
	return judgeByItself(x, d, s.Least, func(h *history) Window { return h.highest(s) })
}

// ByItselfAt is ByItself for a stretch that was found elsewhere, so that nothing is
// paid for a search.
func ByItselfAt(x []float64, from, to, least int, d Draws) Own {
	return judgeByItself(x, d, least, func(h *history) Window { return h.at(from, to) })
}

func judgeByItself(x []float64, d Draws, least int, look func(*history) Window) Own {
	h := newHistory(x)
	if h.n < least || !(h.squares > 0) {
		return Own{Window: Window{LogP: math.NaN()}, Warnings: []string{"too few known values, or none that differ, to judge a series by itself"}}
	}
	o := Own{Window: look(h), Phi: h.phi}
	o.LogP = 0
	if !(o.Z > 0) {
		return o
	}
	h.measure(&o.Window)
	draws := rand.New(rand.NewPCG(d.Seed, uint64(h.n)))
	phi := doubted(o.Phi, h.n)
	drawn := make([]float64, len(x))
	for o.Drawn < d.Most && o.AsLarge < d.Enough {
		draw(drawn, x, phi, draws)
		o.Drawn++
		if look(newHistory(drawn)).Z >= o.Z {
			o.AsLarge++
		}
	}
	if o.AsLarge == d.Enough { // drawing that stopped at the last one as large
		o.LogP = math.Log(float64(o.AsLarge) / float64(o.Drawn))
	} else {
		o.LogP = math.Log(float64(o.AsLarge+1) / float64(o.Drawn+1))
	}
	return o
}

// doubted is the autocorrelation that series are drawn with: a standard error above
// the estimate. Estimates from a few dozen values scatter, and one that is too low
// makes a p-value many times too small, while one that is too high makes it a little
// too large.
func doubted(phi float64, n int) float64 {
	return min(phi+1/math.Sqrt(float64(n)), 0.9)
}

// draw fills in an AR(1) with unit innovations, and takes out what x lacks.
func draw(to, x []float64, phi float64, r *rand.Rand) {
	v := student4(r) / math.Sqrt(1-phi*phi)
	for t := range to {
		if t > 0 {
			v = phi*v + student4(r)
		}
		to[t] = v
		if math.IsNaN(x[t]) {
			to[t] = math.NaN()
		}
	}
}

// student4 is a Student deviate of four degrees of freedom: a normal one over the
// root of a chi-square of four, over four, which is twice a sum of two exponentials.
func student4(r *rand.Rand) float64 {
	return r.NormFloat64() / math.Sqrt((r.ExpFloat64()+r.ExpFloat64())/2)
}

// history is one series with its partial sums.
type history struct {
	x       []float64
	sum     []float64 // of known values before each step
	count   []int     // of known values before each step
	n       int
	squares float64 // about the mean
	phi     float64 // with the stretch looked at levelled
}

func newHistory(x []float64) *history {
	h := &history{x: x, sum: make([]float64, len(x)+1), count: make([]int, len(x)+1)}
	for t, v := range x {
		h.sum[t+1], h.count[t+1] = h.sum[t], h.count[t]
		if !math.IsNaN(v) {
			h.sum[t+1] += v
			h.count[t+1]++
		}
	}
	h.n = h.count[len(x)]
	mean := h.sum[len(x)] / float64(h.n)
	for _, v := range x {
		if !math.IsNaN(v) {
			h.squares += (v - mean) * (v - mean)
		}
	}
	return h
}

// highest searches twice: as if values were independent, to learn Phi with the best
// stretch levelled, and then with that Phi.
func (h *history) highest(s Settings) Window {
	w := h.search(s, longRun(0, s.Longest))
	if w.Z == 0 {
		return w
	}
	h.phi = h.levelled(w.Start, w.End, 3)
	return h.search(s, longRun(h.phi, s.Longest))
}

func (h *history) search(s Settings, sd []float64) Window {
	var best Window
	for from := range h.x {
		if math.IsNaN(h.x[from]) {
			continue
		}
		for to := from + s.Shortest - 1; to < min(len(h.x), from+s.Longest); to++ {
			k := h.count[to+1] - h.count[from]
			if math.IsNaN(h.x[to]) || k < s.Shortest || 2*k > h.n || float64(k) < s.Seen*float64(to-from+1) {
				continue
			}
			z := h.t(from, to) * math.Sqrt(float64(k)) / sd[k]
			if z > best.Z && h.bothHalves(from, to, s.HalfKeep) {
				best = Window{Start: from, End: to, Z: z}
			}
		}
	}
	return best
}

// at looks at one stretch; a Z of 0 where it holds nothing, or all but two values.
func (h *history) at(from, to int) Window {
	w := Window{Start: from, End: to}
	k := h.count[to+1] - h.count[from]
	if k == 0 || k > h.n-3 {
		return w
	}
	h.phi = h.levelled(from, to, 2)
	w.Z = max(h.t(from, to)*math.Sqrt(float64(k))/longRunSD(h.phi, k), 0)
	return w
}

// means are those inside and outside a stretch.
func (h *history) means(from, to int) (inside, outside float64) {
	k := float64(h.count[to+1] - h.count[from])
	sum := h.sum[to+1] - h.sum[from]
	return sum / k, (h.sum[len(h.x)] - sum) / (float64(h.n) - k)
}

// t is Student's of two means with one variance; infinite where values do not
// scatter about them.
func (h *history) t(from, to int) float64 {
	k, n := float64(h.count[to+1]-h.count[from]), float64(h.n)
	inside, outside := h.means(from, to)
	apart := inside - outside
	within := h.squares - apart*apart*k*(n-k)/n
	if within <= 1e-12*h.squares {
		return math.Copysign(math.Inf(1), apart)
	}
	return apart / math.Sqrt(within/(n-2)*(1/k+1/(n-k)))
}

// bothHalves says whether each half of a stretch shows at least a part of what the
// whole shows.
func (h *history) bothHalves(from, to int, keep float64) bool {
	inside, outside := h.means(from, to)
	middle := (from + to + 1) / 2
	for _, half := range [...][2]int{{from, middle}, {middle, to + 1}} {
		k := float64(h.count[half[1]] - h.count[half[0]])
		if k > 0 && (h.sum[half[1]]-h.sum[half[0]])/k-outside < keep*(inside-outside) {
			return false
		}
	}
	return true
}

// levelled is the autocorrelation at lag one with a stretch brought to the level of
// the rest. What fitting takes away is given back: (1+4 phi)/n for a mean (Marriott and
// Pope 1954, Biometrika 41, 390-402), so twice for two, and once more for a search.
func (h *history) levelled(from, to int, fitted float64) float64 {
	inside, outside := h.means(from, to)
	product, squares, pairs := 0.0, 0.0, 0
	last := math.NaN()
	for t, v := range h.x {
		if t >= from && t <= to {
			v -= inside
		} else {
			v -= outside
		}
		if !math.IsNaN(v) {
			squares += v * v
		}
		if !math.IsNaN(v) && !math.IsNaN(last) {
			product += v * last
			pairs++
		}
		last = v
	}
	if pairs < 8 || squares == 0 {
		return 0
	}
	phi := product / float64(pairs) / (squares / float64(h.n))
	return min(max(phi+fitted*(1+4*phi)/float64(pairs), 0), 0.9)
}

// measure fills in how far a stretch stands above the rest, as means, with the
// standard error under Phi.
func (h *history) measure(w *Window) {
	w.Seen = h.count[w.End+1] - h.count[w.Start]
	inside, outside := h.means(w.Start, w.End)
	w.Shift = inside - outside
	w.SE = w.Shift / w.Z
}
