package burst

import (
	"math"
	"slices"

	"counterflow/stats/robust"
)

// prepared is a series ready to be scanned.
type prepared struct {
	psi     []float64 // centred, scaled and clipped; 0 where unknown
	known   []bool
	sum     []float64 // of psi before each step
	count   []int     // of known values before each step
	n       int       // known values
	centre  float64
	scale   float64
	squares float64 // sum of squares of psi
	phi     float64 // autocorrelation at lag one, corrected for its bias
	rough   float64 // mean square of psi with the best window levelled out: about 1 for normal values
}

// leastScale keeps a series that hardly ever moves from turning a rounding error
// into a burst.
const leastScale = 0.02

func prepare(x []float64, clip, least float64) prepared {
	p := prepared{psi: make([]float64, len(x)), known: make([]bool, len(x)),
		sum: make([]float64, len(x)+1), count: make([]int, len(x)+1)}
	var values []float64
	for _, v := range x {
		if !math.IsNaN(v) {
			values = append(values, v)
		}
	}
	p.n = len(values)
	if p.n == 0 {
		return p
	}
	for t, v := range x {
		p.count[t+1] = p.count[t]
		if p.known[t] = !math.IsNaN(v); p.known[t] {
			p.count[t+1]++
		}
	}
	p.scaleBy(x, robust.Median(values), max(robust.MAD(values), least), clip)
	p.phi = p.lagOne()
	return p
}

// temper takes the z of each class down where the series, with that window
// levelled out, has more memory than all series have together. It never takes it
// up: levelling takes some memory with it.
func (p *prepared) temper(best *profile, sd []float64) {
	for c := range best.z {
		from, to := best.start[c], best.end[c]
		k := p.count[to+1] - p.count[from]
		if best.z[c] == 0 || k == 0 || k == p.n {
			continue
		}
		phi := p.levelled(from, to)
		if own := longRunSD(phi, k); own > sd[k] {
			best.z[c] *= sd[k] / own
		}
	}
}

// levelled is the autocorrelation at lag one with a window brought to the level
// of the rest.
func (p *prepared) levelled(from, to int) float64 {
	k := p.count[to+1] - p.count[from]
	inside := (p.sum[to+1] - p.sum[from]) / float64(k)
	outside := (p.sum[len(p.psi)] - p.sum[to+1] + p.sum[from]) / float64(p.n-k)
	level := func(t int) float64 {
		if t >= from && t <= to {
			return p.psi[t] - inside
		}
		return p.psi[t] - outside
	}
	product, squares, pairs := 0.0, 0.0, 0
	for t := range p.psi {
		if !p.known[t] {
			continue
		}
		squares += level(t) * level(t)
		if t > 0 && p.known[t-1] {
			product += level(t) * level(t-1)
			pairs++
		}
	}
	if pairs < 8 || squares == 0 {
		return 0
	}
	phi := product / float64(pairs) / (squares / float64(p.n))
	return min(phi+(1+4*phi)/float64(pairs), 0.9)
}

// roughness is the mean square of psi after the best window was brought to the level
// of the rest.
func (p *prepared) roughness(best stretch) {
	p.rough = p.squares / float64(p.n)
	from, to := best.from, best.to
	k := p.count[to+1] - p.count[from]
	if best.z == 0 || k == 0 || k == p.n {
		return
	}
	inside := (p.sum[to+1] - p.sum[from]) / float64(k)
	outside := (p.sum[len(p.psi)] - p.sum[to+1] + p.sum[from]) / float64(p.n-k)
	squares := 0.0
	for t, v := range p.psi {
		switch {
		case !p.known[t]:
		case t >= from && t <= to:
			squares += (v - inside) * (v - inside)
		default:
			squares += (v - outside) * (v - outside)
		}
	}
	p.rough = squares / float64(p.n)
}

// lagOne is the autocorrelation of neighbours that are both known, corrected by
// (1 + 3 phi) / n (Marriott and Pope 1954); NaN where there are too few.
func (p *prepared) lagOne() float64 {
	product, pairs := 0.0, 0
	for t := 1; t < len(p.psi); t++ {
		if p.known[t] && p.known[t-1] {
			product += p.psi[t] * p.psi[t-1]
			pairs++
		}
	}
	if pairs < 8 || p.squares == 0 {
		return math.NaN()
	}
	phi := product / float64(pairs) / (p.squares / float64(p.n))
	return phi + (1+3*phi)/float64(pairs)
}

func pooledPhi(all []prepared) float64 {
	var phi []float64
	for i := range all {
		if all[i].n > 0 && !math.IsNaN(all[i].phi) {
			phi = append(phi, all[i].phi)
		}
	}
	if len(phi) == 0 {
		return 0
	}
	slices.Sort(phi)
	return phi[len(phi)/2]
}

// longRun is the standard deviation of a sum of n values of an AR(1) with unit
// variance, by n. A coefficient of each series' own would be taken from as few
// values as the burst is looked for in: a burst raises it, and hides; chance
// excursions lower it once they are levelled out, and stand forth. Judged by the
// same coefficient, series of more memory make larger sums, which the nulls know.
func longRun(phi float64, longest int) []float64 {
	sd := make([]float64, longest+1)
	for n := 1; n <= longest; n++ {
		sd[n] = longRunSD(phi, n)
	}
	return sd
}

// longRunSD is one of them; a negative coefficient counts as none.
func longRunSD(phi float64, n int) float64 {
	phi = max(phi, 0)
	v, power := float64(n), 1.0
	for k := 1; k < n; k++ {
		power *= phi
		v += 2 * float64(n-k) * power
	}
	return math.Sqrt(v)
}

// size fills in the shift of a window and its standard error.
func (p *prepared) size(x []float64, w *Window, pooled float64) {
	if w.Seen == 0 && w.Z == 0 {
		return
	}
	inside, outside := split(x, w.Start, w.End)
	w.Seen = len(inside)
	if len(inside) == 0 || len(outside) == 0 {
		return
	}
	w.Shift = robust.Median(inside) - robust.Median(outside)
	phi := max(pooled, 0)
	// sqrt(pi/2) is the price of a median over a mean under normal errors.
	w.SE = math.Sqrt(math.Pi/2*(1+phi)/(1-phi)*(1/float64(len(inside))+1/float64(len(outside)))) * p.scale
}
