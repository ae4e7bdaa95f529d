package simulate

import "math"

// Every draw is addressed: the generator of a quantity starts from a hash of
// the seed, the name of its stream and the codes of what it belongs to. So no
// draw depends on how many others were made before it: switching one cause off
// leaves the noise of all the others where it was, and the number of threads
// cannot matter.

// random is SplitMix64 (Steele, Lea and Flood 2014, OOPSLA, figure 16).
type random struct {
	state uint64
	spare float64 // second normal of a pair, valid where held
	held  bool
}

// from starts the generator of one stream for one thing.
func (seed seed) from(stream string, keys ...uint64) random {
	h := uint64(seed) ^ 0x9e3779b97f4a7c15
	for i := range len(stream) {
		h = mix(h ^ uint64(stream[i])*0x100000001b3)
	}
	for _, k := range keys {
		h = mix(h ^ k)
	}
	return random{state: h}
}

// seed addresses all draws of one world.
type seed uint64

func mix(z uint64) uint64 {
	z += 0x9e3779b97f4a7c15
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

func (r *random) next() uint64 {
	z := mix(r.state)
	r.state += 0x9e3779b97f4a7c15
	return z
}

// uniform is in the open interval (0, 1), so its logarithm is finite.
func (r *random) uniform() float64 {
	return (float64(r.next()>>11) + 0.5) / (1 << 53)
}

// between is uniform from low to high.
func (r *random) between(low, high float64) float64 {
	return low + (high-low)*r.uniform()
}

// chance is true with probability p.
func (r *random) chance(p float64) bool { return r.uniform() < p }

// pick is one of 0 .. n-1.
func (r *random) pick(n int) int {
	return int(r.uniform() * float64(n))
}

// count is a whole number from low to high, both included.
func (r *random) count(low, high int) int { return low + r.pick(high-low+1) }

// normal has mean 0 and variance 1 (Box and Muller 1958).
func (r *random) normal() float64 {
	if r.held {
		r.held = false
		return r.spare
	}
	radius := math.Sqrt(-2 * math.Log(r.uniform()))
	sin, cos := math.Sincos(2 * math.Pi * r.uniform())
	r.spare, r.held = radius*sin, true
	return radius * cos
}

// heavy is Student's t with 4 degrees of freedom, scaled to variance 1:
// 1.3% of draws lie beyond three standard deviations. A chi-square with 4
// degrees of freedom is -2 ln(u1 u2).
func (r *random) heavy() float64 {
	quarter := -0.5 * math.Log(r.uniform()*r.uniform())
	return r.normal() / math.Sqrt(2*quarter)
}

// gumbel has the standard Gumbel distribution: the largest of ln(w)+gumbel
// picks an item with probability proportional to its weight w.
func (r *random) gumbel() float64 { return -math.Log(-math.Log(r.uniform())) }

// lognormal has median 1 and the given standard deviation of the logarithm.
func (r *random) lognormal(sd float64) float64 { return math.Exp(sd * r.normal()) }

// wander is a first-order autoregression: mean 0, standard deviation sd,
// autocorrelation rho at lag one, started in its stationary state.
func (r *random) wander(n int, rho, sd float64) []float64 {
	path := make([]float64, n)
	level := r.normal()
	for t := range path {
		if t > 0 {
			level = rho*level + math.Sqrt(1-rho*rho)*r.normal()
		}
		path[t] = sd * level
	}
	return path
}
