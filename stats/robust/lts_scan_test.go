package robust

import (
	"math"
	"testing"
)

// shiftScan shows how the workspace serves a scan over change positions: the
// trimmed fit of a constant, a trend, two harmonics of the year and a step at
// each position in turn. Each position starts from the least-squares fit, from
// a few random subsets and from the best fits one position earlier; a second
// sweep, backwards, carries good fits the other way.
type shiftScan struct {
	w       *Workspace
	best    []*Candidates // by position
	subsets *Subsets
	rows    []int
	all     []int
	step    []float64
	random  int
	steps   int
}

func newShiftScan(n, random, keep int) *shiftScan {
	design := shiftDesign(n)
	p := len(design) + 1
	s := &shiftScan{
		w: NewWorkspace(n, p, n*3/4), subsets: NewSubsets(1), rows: make([]int, p),
		all: firstRows(n), step: make([]float64, n), random: random,
	}
	for range n {
		s.best = append(s.best, NewCandidates(keep, p))
	}
	for j, c := range design {
		s.w.SetColumn(j, c)
	}
	return s
}

func shiftDesign(n int) [][]float64 {
	cols := make([][]float64, 6)
	for t := range n {
		u, year := 2*float64(t)/float64(n)-1, 2*math.Pi*float64(t)/12
		for j, v := range []float64{1, u, math.Cos(year), math.Sin(year), math.Cos(2 * year), math.Sin(2 * year)} {
			cols[j] = append(cols[j], v)
		}
	}
	return cols
}

func (s *shiftScan) run(y []float64, from, to int) {
	s.w.SetResponse(y)
	s.subsets.Reseed(7)
	for k := from; k < to; k++ {
		s.at(k)
		s.best[k].Reset()
		if s.w.StartFromRows(s.all) {
			s.offer(k)
		}
		random := s.random
		if k == from {
			random *= 6
		} else {
			s.carry(k-1, k)
		}
		for range random {
			s.subsets.Draw(s.rows, len(y))
			s.rows[0] = k // without it the step is often undetermined
			if s.w.StartFromRows(s.rows) {
				s.offer(k)
			}
		}
		s.polish(k)
	}
	for k := to - 2; k >= from; k-- {
		s.at(k)
		s.carry(k+1, k)
		s.polish(k)
	}
}

func (s *shiftScan) at(k int) {
	for t := range s.step {
		s.step[t] = 0
		if t >= k {
			s.step[t] = 1
		}
	}
	s.w.SetColumn(s.w.p-1, s.step)
}

func (s *shiftScan) carry(from, to int) {
	for i := range s.best[from].Len() {
		s.w.StartFromCoef(s.best[from].Coef(i))
		s.offer(to)
	}
}

func (s *shiftScan) offer(k int) {
	for range firstSteps {
		s.steps++
		if _, ok := s.w.Step(); !ok {
			return
		}
	}
	s.best[k].Offer(s.w.Objective(), s.w.Coef())
}

// polish follows the best fit to its end; its neighbours stay as they are.
func (s *shiftScan) polish(k int) {
	if s.best[k].Len() == 0 {
		return
	}
	s.w.StartFromCoef(s.best[k].Coef(0))
	steps, _ := s.w.Converge(convergeCap)
	s.steps += steps
	s.best[k].Offer(s.w.Objective(), s.w.Coef())
}

// shiftedSeries is a season with correlated noise, a shift of 2 at month 70
// and six wild months.
func shiftedSeries(seed uint64, n int) []float64 {
	rng := NewSubsets(seed)
	y := normals(rng, n)
	for t := range y {
		if t > 0 {
			y[t] += 0.3 * y[t-1]
		}
	}
	for t := range y {
		y[t] += math.Cos(2 * math.Pi * float64(t) / 12)
		if t >= 70 {
			y[t] += 2
		}
	}
	for range 6 {
		y[rng.IntN(n)] += 8
	}
	return y
}

// A light scan must come close to what a search with 20 times the starts
// finds, at nearly every position.
func TestScanComesCloseToALongSearch(t *testing.T) {
	const first, last, scans = 12, 108, 2
	light, long := newShiftScan(120, 6, 3), newShiftScan(120, 120, 20)
	far := 0
	for seed := range uint64(scans) {
		y := shiftedSeries(seed, 120)
		light.run(y, first, last)
		long.run(y, first, last)
		for k := first; k < last; k++ {
			if light.best[k].Objective(0) > 1.02*long.best[k].Objective(0) {
				far++
			}
		}
	}
	// 2% is what the reference scan for these models is allowed; it was missed
	// at 3% of positions when this was written.
	t.Logf("%d of %d positions more than 2%% above", far, scans*(last-first))
	if far > scans*(last-first)*5/100 {
		t.Errorf("at %d of %d positions the light scan is more than 2%% above", far, scans*(last-first))
	}
}

func BenchmarkLTSScan(b *testing.B) {
	y := shiftedSeries(1, 120)
	s := newShiftScan(120, 6, 3)
	b.ReportAllocs()
	for b.Loop() {
		s.run(y, 12, 108)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "series/s")
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(s.steps), "ns/step")
}
