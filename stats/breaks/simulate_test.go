package breaks

import (
	"math"
	"math/rand/v2"
	"runtime"
	"sync"
)

// A world draws series as in the calibration design: AR(1) noise of unit
// marginal standard deviation, three additive outliers of 6 in a share of the
// series, and a step of a given size at a random candidate position.
type world struct {
	noise    func(*rand.Rand) float64 // unit variance innovations
	outlying float64                  // share of series with outliers
	step     float64                  // 0 for none
}

func normalNoise(r *rand.Rand) float64 { return r.NormFloat64() }

// studentNoise has 5 degrees of freedom and unit variance.
func studentNoise(r *rand.Rand) float64 {
	w := r.NormFloat64()
	chi2 := w*w - 2*math.Log((1-r.Float64())*(1-r.Float64()))
	return r.NormFloat64() / math.Sqrt(chi2/3)
}

// draw fills y and returns the position of the step, -1 for none.
func (w world) draw(r *rand.Rand, y []float64, phi float64, first, last int) int {
	sd := math.Sqrt(1 - phi*phi)
	u := r.NormFloat64()
	for range 30 {
		u = phi*u + sd*w.noise(r)
	}
	for i := range y {
		u = phi*u + sd*w.noise(r)
		y[i] = u
	}
	at := -1
	if w.step != 0 {
		at = first + r.IntN(last-first+1)
		size := w.step
		if r.IntN(2) == 0 {
			size = -size
		}
		for i := at; i < len(y); i++ {
			y[i] += size
		}
	}
	if r.Float64() < w.outlying {
		for range 3 {
			y[r.IntN(len(y))] += 12*float64(r.IntN(2)) - 6
		}
	}
	return at
}

// spread runs f for every i below n on all processors; f gets a scanner and a
// series of its own, and random numbers that depend on seed and i alone.
func spread(d *Design, n int, seed uint64, f func(i int, s *Scanner, r *rand.Rand, y []float64)) {
	var wg sync.WaitGroup
	workers := runtime.GOMAXPROCS(0)
	for c := range workers {
		wg.Go(func() {
			s, y := d.NewScanner(), make([]float64, len(d.times))
			for i := c; i < n; i += workers {
				f(i, s, rand.New(rand.NewPCG(seed, uint64(i))), y)
			}
		})
	}
	wg.Wait()
}
