package stocks

import "math"

// path is the stock of an account over time.
type path struct {
	stock, sd []float64
}

// heldError is the relative standard deviation of a published stock.
const heldError = 0.1

// cumulate adds changes up to a stock, re-based at known stocks. In the state
// (S, b)
//
//	S(t) = S(t-1) + change(t) + b use(t) + e(t),   b ~ N(0, lasting^2),
//	e(t) ~ N(0, passing(t)^2),   held(t) = S(t) + v(t)
//
// b is what stays with the account: a lasting error of any of its figures adds
// up in proportion to use, while passing errors partly cancel. The estimate is
// the mean given all known stocks, before and after (Kalman filter and
// Rauch-Tung-Striebel smoother, Rauch et al. 1965, AIAA Journal 3). Without any
// known stock S starts at zero, exactly; with one it starts unknown.
func cumulate(change, use, passing, held []float64, lasting float64) path {
	n := len(change)
	known := false
	scale := 0.0
	for t := range n {
		known = known || held != nil && !math.IsNaN(held[t])
		scale += use[t]
	}
	state := belief{p: [3]float64{0, 0, lasting * lasting}}
	if known {
		state.p[0] = square(100 * max(scale, 1))
	}
	predicted, filtered := make([]belief, n), make([]belief, n)
	for t := range n {
		state = state.step(change[t], use[t], passing[t])
		predicted[t] = state
		if held != nil && !math.IsNaN(held[t]) {
			state = state.observe(held[t], math.Max(heldError*held[t], 1e-9*scale+1e-9))
		}
		filtered[t] = state
	}
	out := path{stock: make([]float64, n), sd: make([]float64, n)}
	for t := n - 1; t >= 0; t-- {
		if t < n-1 {
			state = filtered[t].smooth(predicted[t+1], state, use[t+1])
		}
		out.stock[t], out.sd[t] = state.s, math.Sqrt(math.Max(state.p[0], 0))
	}
	return out
}

// belief is a normal distribution of (S, b): means, then the variances of S, of
// S with b, of b.
type belief struct {
	s, b float64
	p    [3]float64
}

func (x belief) step(change, use, passing float64) belief {
	p := x.p
	return belief{s: x.s + change + x.b*use, b: x.b, p: [3]float64{
		p[0] + 2*use*p[1] + use*use*p[2] + passing*passing,
		p[1] + use*p[2],
		p[2],
	}}
}

func (x belief) observe(held, sd float64) belief {
	p := x.p
	variance := p[0] + sd*sd
	k0, k1 := p[0]/variance, p[1]/variance
	rest := held - x.s
	return belief{s: x.s + k0*rest, b: x.b + k1*rest, p: [3]float64{p[0] - k0*p[0], p[1] - k0*p[1], p[2] - k1*p[1]}}
}

// smooth corrects a filtered belief by what came after: next is the prediction
// made from it for the period after, later the smoothed belief of that period.
func (x belief) smooth(next, later belief, use float64) belief {
	// Gain G = P F' N^-1 with F = [1 use; 0 1].
	p, n := x.p, next.p
	pf := [2][2]float64{{p[0] + use*p[1], p[1]}, {p[1] + use*p[2], p[2]}}
	det := n[0]*n[2] - n[1]*n[1]
	if det <= 1e-12*n[0]*n[2] {
		// b is known exactly, or the stock moved without error: S alone.
		if n[0] <= 0 {
			return x
		}
		g := pf[0][0] / n[0]
		d := later.s - next.s
		return belief{s: x.s + g*d, b: x.b, p: [3]float64{p[0] + g*g*(later.p[0]-n[0]), p[1], p[2]}}
	}
	var g [2][2]float64
	for i := range g {
		g[i][0] = (pf[i][0]*n[2] - pf[i][1]*n[1]) / det
		g[i][1] = (pf[i][1]*n[0] - pf[i][0]*n[1]) / det
	}
	ds, db := later.s-next.s, later.b-next.b
	d := [3]float64{later.p[0] - n[0], later.p[1] - n[1], later.p[2] - n[2]}
	quad := func(i, j int) float64 {
		return g[i][0]*(d[0]*g[j][0]+d[1]*g[j][1]) + g[i][1]*(d[1]*g[j][0]+d[2]*g[j][1])
	}
	return belief{s: x.s + g[0][0]*ds + g[0][1]*db, b: x.b + g[1][0]*ds + g[1][1]*db,
		p: [3]float64{p[0] + quad(0, 0), p[1] + quad(0, 1), p[2] + quad(1, 1)}}
}
