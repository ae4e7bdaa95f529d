package burst

import (
	"math"
	"sync"
)

// A window that was found elsewhere needs no price for the search: its null is
// the same window in all series.

// mostAsked is the number of series from which the null of a window is taken, evenly
// spaced: enough that 3,000 lie in the part of its tail that is fitted, whose rate is
// then known to 2%. Asking all of them about every window would cost the square of
// their number.
const mostAsked = 20_000

// keptRanks is the number of ranks of a null that are kept. It matters below the tail
// alone, where it rounds p by a thousandth.
const keptRanks = 1001

// asked is a window, among the series that stand apart or among the others.
type asked struct {
	from, to int
	apart    bool
}

// fixedNulls keeps the nulls of windows that were asked about.
type fixedNulls struct {
	lock sync.Mutex
	up   map[asked]*null
	down map[asked]*null
}

func newFixedNulls() *fixedNulls {
	return &fixedNulls{up: map[asked]*null{}, down: map[asked]*null{}}
}

// At gives the z of one series in a given window; ok is false where too little
// of the series or of the window is known.
func (f *Field) At(i, from, to int) (z float64, ok bool) {
	p := &f.all[i]
	from, to = max(from, 0), min(to, len(p.psi)-1)
	if p.n < f.settings.Least || to < from {
		return 0, false
	}
	k := p.count[to+1] - p.count[from]
	if k < 2 || k > p.n-4 || float64(k) < f.settings.Seen*float64(to-from+1)/2 {
		return 0, false
	}
	total, n := p.sum[len(p.psi)], float64(p.n)
	t := contrast(p.sum[to+1]-p.sum[from], k, total, p.squares-total*total/n, n)
	return normal(t/(f.sd[min(k, len(f.sd)-1)]/math.Sqrt(float64(k))), p.freedom(f.sd)), true
}

// LogP is the log of the share of series that depart in this window at least as far
// as z, in its direction, among those that stand apart if series i does, and among the
// others if not.
func (f *Field) LogP(i, from, to int, z float64) float64 {
	f.fixed.lock.Lock()
	defer f.fixed.lock.Unlock()
	nulls, key := f.fixed.up, asked{from, to, f.apart(i)}
	if z < 0 {
		nulls = f.fixed.down
	}
	if nulls[key] == nil {
		var up, down []float64
		for k := 0; k < len(f.all); k += 1 + (len(f.all)-1)/mostAsked {
			if v, ok := f.At(k, from, to); ok && f.apart(k) == key.apart {
				// The other half counts as no departure at all.
				up = append(up, squareOf(max(v, 0)))
				down = append(down, squareOf(max(-v, 0)))
			}
		}
		u, d := newNull(up).thinned(), newNull(down).thinned()
		f.fixed.up[key], f.fixed.down[key] = &u, &d
	}
	return nulls[key].logP(z * z)
}

func squareOf(v float64) float64 { return v * v }

// Shift gives the difference of medians inside and outside a window and its
// standard error, in the units of the series; NaN where it cannot be had.
func (f *Field) Shift(i, from, to int) (shift, se float64) {
	w := Window{Start: from, End: to, Z: 1, Shift: math.NaN(), SE: math.NaN()}
	f.all[i].size(f.series[i], &w, f.phi)
	return w.Shift, w.SE
}
