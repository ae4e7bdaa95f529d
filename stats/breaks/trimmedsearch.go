package breaks

import (
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/floats"

	"counterflow/stats/robust"
)

// A trimmedSearch looks for the subset of h units with the least sum of
// squared residuals, for every position of the step.
//
// Each position starts from all units by least squares and from a few random
// elemental subsets, and is brought to a local minimum by concentration steps
// (Rousseeuw and Van Driessen 2006): fit, keep the h smallest residuals, again;
// promising minima are left by exchanging single units (see [swapper]). Then the
// best subsets are handed on from position to position, forwards and
// backwards, until no position gains: good subsets of neighbours differ little,
// and a chain reaches what random starts miss.
type trimmedSearch struct {
	k           kernel
	n, h        int
	first, last int
	effort      effort
	seed        uint64
	bestSoFar   float64
	exact       float64 // an objective that rounding alone leaves

	r2, buf []float64
	x, r    []float64
	swaps   *swapper
	pools   []pool // by position
	steps   int    // concentration steps done
	capped  bool   // a concentration stopped at its limit
}

// effort is how hard a search tries.
type effort struct {
	starts   int     // random subsets at every position
	pool     int     // subsets remembered for every position
	sweeps   int     // at most, each forwards and backwards
	exchange float64 // exchanges are tried below this multiple of the best objective
}

var (
	quick    = effort{starts: 1, pool: 2, sweeps: 2, exchange: 1.01}
	thorough = effort{starts: 100, pool: 5, sweeps: 20, exchange: math.Inf(1)}
)

// A pool holds the best distinct subsets of one position, best first.
type pool struct {
	found []trimmedSubset
	count int
}

type trimmedSubset struct {
	objective float64
	kept      []bool
	state     []float64
}

const concentrationLimit = 60

func newTrimmedSearch(k kernel, n, h, first, last int, e effort, seed uint64) *trimmedSearch {
	s := &trimmedSearch{
		k: k, n: n, h: h, first: first, last: last, effort: e, seed: seed, bestSoFar: math.Inf(1),
		r2: make([]float64, n), buf: make([]float64, n), x: make([]float64, n*(k.size()+1)), r: make([]float64, n),
		swaps: newSwapper(n, k.size()+1), pools: make([]pool, last-first+1),
	}
	for i := range s.pools {
		s.pools[i].found = make([]trimmedSubset, e.pool)
		for j := range s.pools[i].found {
			s.pools[i].found[j] = trimmedSubset{objective: math.Inf(1), kept: make([]bool, n)}
		}
	}
	return s
}

// run fills the pools.
func (s *trimmedSearch) run() {
	kept := make([]bool, s.n)
	for at := s.first; at <= s.last; at++ {
		s.k.move(at)
		for i := range kept {
			kept[i] = true
		}
		s.try(at, kept, nil)
		rng := rand.New(rand.NewPCG(s.seed, uint64(at)))
		for range s.effort.starts {
			s.elemental(rng, at, kept)
			s.try(at, kept, nil)
		}
	}
	for range s.effort.sweeps {
		gained := false
		for at := s.first + 1; at <= s.last; at++ {
			gained = s.handOn(at-1, at, kept) || gained
		}
		for at := s.last - 1; at >= s.first; at-- {
			gained = s.handOn(at+1, at, kept) || gained
		}
		if !gained {
			break
		}
	}
}

// handOn tries the subsets of one position at another.
func (s *trimmedSearch) handOn(from, to int, kept []bool) bool {
	s.k.move(to)
	gained := false
	p := &s.pools[from-s.first]
	for i := range p.count {
		copy(kept, p.found[i].kept)
		gained = s.try(to, kept, p.found[i].state) || gained
	}
	return gained
}

// elemental marks as many random units as there are coefficients, at least
// one on either side of the step, and then more until they determine it: with
// many harmonics few small subsets have every season.
func (s *trimmedSearch) elemental(rng *rand.Rand, at int, kept []bool) {
	clear(kept)
	left := s.k.size()
	mark := func(i int) {
		if !kept[i] {
			kept[i] = true
			left--
		}
	}
	if at < s.n {
		mark(at)
		mark(rng.IntN(at))
	}
	for left > 0 {
		mark(rng.IntN(s.n))
	}
	for left > s.k.size()-s.h && !s.k.fit(kept) {
		for before := left; left == before; {
			mark(rng.IntN(s.n))
		}
	}
}

// try concentrates from the units in kept, which it overwrites, and remembers
// the outcome; true when it beats the best of the position.
func (s *trimmedSearch) try(at int, kept []bool, state []float64) bool {
	s.k.restore(state)
	objective, ok := s.concentrate(kept)
	if !ok {
		return false
	}
	p := &s.pools[at-s.first]
	top, rank := false, p.put(objective, kept, s.k)
	for rank >= 0 {
		top = top || rank == 0
		s.bestSoFar = math.Min(s.bestSoFar, objective)
		if objective > s.effort.exchange*s.bestSoFar || !s.exchange(kept) {
			break
		}
		if objective, ok = s.concentrate(kept); !ok {
			break
		}
		rank = p.put(objective, kept, s.k)
	}
	return top
}

// exchange makes the best swap of two units, if one helps.
func (s *trimmedSearch) exchange(kept []bool) bool {
	if s.h == s.n {
		return false
	}
	p := s.k.size()
	s.k.linearised(s.x, s.r)
	out, in, gain := s.swaps.best(s.x[:s.n*p], p, s.r, kept)
	if gain <= 1e-9*floats.Dot(s.r, s.r) {
		return false
	}
	kept[out], kept[in] = false, true
	return true
}

// concentrate alternates fit and choice until the choice stays.
func (s *trimmedSearch) concentrate(kept []bool) (objective float64, ok bool) {
	for range concentrationLimit {
		if !s.k.fit(kept) {
			return 0, false
		}
		s.steps++
		s.k.squares(s.r2)
		same := false
		if objective, same = s.choose(kept); same {
			return objective, true
		}
	}
	s.capped = true
	return objective, true
}

// choose marks the h units with the smallest squared residuals, the earlier
// of equal ones, and returns their sum.
func (s *trimmedSearch) choose(kept []bool) (sum float64, same bool) {
	copy(s.buf, s.r2)
	limit := robust.SelectInPlace(s.buf, s.h-1)
	ties := s.h
	for _, v := range s.r2 {
		if v < limit {
			ties--
		}
	}
	same = true
	for i, v := range s.r2 {
		in := v < limit
		if v == limit && ties > 0 {
			in = true
			ties--
		}
		if in {
			sum += v
		}
		if in != kept[i] {
			same, kept[i] = false, in
		}
	}
	return sum, same
}

// put inserts a subset and returns its rank, -1 when it is too bad or its
// objective is there already.
func (p *pool) put(objective float64, kept []bool, k kernel) (rank int) {
	i := 0
	for ; i < p.count; i++ {
		if math.Abs(objective-p.found[i].objective) <= 1e-10*objective {
			return -1
		}
		if objective < p.found[i].objective {
			break
		}
	}
	if i == len(p.found) {
		return -1
	}
	spare := p.found[len(p.found)-1]
	copy(p.found[i+1:], p.found[i:len(p.found)-1])
	spare.objective = objective
	copy(spare.kept, kept)
	spare.state = k.state(spare.state)
	p.found[i] = spare
	p.count = min(p.count+1, len(p.found))
	return i
}

// best is the position with the least objective, -1 when none could be fitted.
// Neighbours often tie, all units between them being trimmed; of those the one
// whose fit has the least sum of absolute residuals is taken.
func (s *trimmedSearch) best() int {
	least := math.Inf(1)
	for _, p := range s.pools {
		if p.count > 0 {
			least = math.Min(least, p.found[0].objective)
		}
	}
	at, lowest := -1, math.Inf(1)
	for i, p := range s.pools {
		if p.count == 0 || p.found[0].objective > least*(1+1e-9)+s.exact {
			continue
		}
		s.k.move(i + s.first)
		s.k.restore(p.found[0].state)
		if !s.k.fit(p.found[0].kept) {
			continue
		}
		s.k.squares(s.r2)
		sum := 0.0
		for _, v := range s.r2 {
			sum += math.Sqrt(v)
		}
		if sum < lowest*(1-1e-9) {
			at, lowest = i+s.first, sum
		}
	}
	return at
}

// least is the objective at one position, NaN when it could not be fitted.
func (s *trimmedSearch) least(at int) float64 {
	if p := &s.pools[at-s.first]; p.count > 0 {
		return p.found[0].objective
	}
	return math.NaN()
}
