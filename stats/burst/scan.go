package burst

import (
	"math"
	"runtime"
	"slices"
	"sync"
)

// Settings decide what counts as a burst.
type Settings struct {
	Shortest int     // fewest values in a stretch
	Longest  int     // longest stretch, in steps
	Seen     float64 // least share of a stretch that must be known
	Clip     float64 // in robust standard deviations
	Least    int     // fewest known values of a series that is tested
	HalfKeep float64 // least share of its mean that each half of a stretch must show
	Scale    float64 // least robust standard deviation that a series is divided by
	Levelled bool    // a series is divided by what it scatters with its best stretch levelled, too
	Apart    []bool  // series that are judged among themselves, by series; nil for none
}

// Defaults are for monthly series of three to ten years.
func Defaults(months int) Settings {
	return Settings{Shortest: 3, Longest: months / 2, Seen: 0.6, Clip: 5, Least: 15, HalfKeep: 0.5, Scale: leastScale}
}

// Window is a stretch of one series, first and last step included.
type Window struct {
	Start, End int
	Seen       int     // known values in it
	Shift      float64 // median of the stretch less the median of the rest, in the units of the series
	SE         float64 // standard error of Shift under the series' own autocorrelation
	Z          float64 // clipped sum over its standard deviation, at least 0
	LogP       float64 // natural log of the one-sided p-value; NaN where the series was not tested
}

// Result is one window up and one window down for each series.
type Result struct {
	Up, Down []Window
	Phi      float64 // median autocorrelation at lag one
	Tested   int     // series with enough known values
	Warnings []string
}

// Field is many series of equal length, ready to be asked about windows.
type Field struct {
	settings Settings
	series   [][]float64
	all      []prepared
	up, down []profile // best windows of each series, none of untested ones
	sd       []float64 // of a sum of so many values under the pooled autocorrelation
	phi      float64   // pooled
	fixed    *fixedNulls
}

// NewField prepares series. NaN is an unknown value; the series are kept, and
// left as they are.
func NewField(series [][]float64, s Settings) *Field {
	f := &Field{settings: s, series: series, all: make([]prepared, len(series)), fixed: newFixedNulls(),
		up: make([]profile, len(series)), down: make([]profile, len(series))}
	inParallel(len(series), func(i int) { f.all[i] = prepare(series[i], s.Clip, s.Scale) })
	f.phi = pooledPhi(f.others())
	f.sd = longRun(f.phi, s.Longest)
	inParallel(len(series), func(i int) {
		if p := &f.all[i]; p.n >= s.Least {
			f.up[i], f.down[i] = p.scan(f.sd, s)
			if s.Levelled && p.level(series[i], highest(f.up[i], f.down[i]), s) {
				f.up[i], f.down[i] = p.scan(f.sd, s)
			}
			p.roughness(highest(f.up[i], f.down[i]))
		}
	})
	return f
}

// Scan finds the best window of every series, up and down. With fewer than 200
// tested series the ranks cannot carry a tail, and all windows keep a LogP of
// NaN, with a warning; so too among the series that stand apart, by their own number.
func (f *Field) Scan() *Result {
	r := &Result{Phi: f.phi}
	up, down := slices.Clone(f.up), slices.Clone(f.down)
	inParallel(len(f.all), func(i int) {
		if p := &f.all[i]; p.n >= f.settings.Least {
			p.temper(&up[i], f.sd)
			p.temper(&down[i], f.sd)
		}
	})
	apart := 0
	for i := range f.all {
		if f.all[i].n >= f.settings.Least {
			r.Tested++
			if f.apart(i) {
				apart++
			}
		}
	}
	strata := f.strata()
	tested := func(i int) bool { return f.all[i].n >= f.settings.Least }
	r.Up, r.Down = judge(up, strata, tested), judge(down, strata, tested)
	inParallel(len(f.all), func(i int) {
		f.all[i].size(f.series[i], &r.Up[i], f.phi)
		f.all[i].size(f.series[i], &r.Down[i], f.phi)
	})
	if r.Tested-apart < leastSeries {
		r.Warnings = append(r.Warnings, "fewer than 200 series have enough values to judge one by the others")
	}
	if apart > 0 && apart < leastSeries {
		r.Warnings = append(r.Warnings, "fewer than 200 of the series apart have enough values to judge one by the others")
	}
	return r
}

// scan gives, for every class of lengths, the best window up and down: the
// largest t of a mean inside against a mean outside, over the inflation that
// autocorrelation brings to a sum of so many values.
func (p *prepared) scan(sd []float64, s Settings) (up, down profile) {
	length := len(p.psi)
	total, n := p.sum[length], float64(p.n)
	squares := p.squares - total*total/n
	df := p.freedom(sd)
	for from := 0; from < length; from++ {
		if !p.known[from] {
			continue
		}
		for to := from + s.Shortest - 1; to < min(length, from+s.Longest); to++ {
			if !p.known[to] {
				continue
			}
			k := p.count[to+1] - p.count[from]
			if k < s.Shortest || 2*k > p.n || float64(k) < s.Seen*float64(to-from+1) {
				continue
			}
			z := normal(contrast(p.sum[to+1]-p.sum[from], k, total, squares, n)/(sd[k]/math.Sqrt(float64(k))), df)
			best := &up
			if z < 0 {
				best, z = &down, -z
			}
			c := classOf(to - from + 1)
			if z > best.z[c] && p.bothHalves(from, to, k, s.HalfKeep) {
				best.z[c], best.start[c], best.end[c] = z, from, to
			}
		}
	}
	return up, down
}

// contrast is the t of k values with a given sum against the rest of n.
func contrast(sum float64, k int, total, squares, n float64) float64 {
	share := float64(k) / n
	c := sum - share*total
	between := c * c / (float64(k) * (1 - share))
	within := max((squares-between+priorValues)/(n-2+priorValues), leastVariance)
	return c / math.Sqrt(float64(k)*(1-share)*within)
}

// freedom is the degrees of freedom of the variance within: as many independent
// values as the autocorrelated ones and the prior are worth, less two means.
func (p *prepared) freedom(sd []float64) float64 {
	last := len(sd) - 1
	inflation := sd[last] * sd[last] / float64(last)
	return max((float64(p.n)+priorValues)/inflation-2, 3)
}

// normal turns a Student t into the standard normal deviate with the same tail
// (Wallace 1959, as improved by a factor; good to a few thousandths).
func normal(t, df float64) float64 {
	z := (8*df + 1) / (8*df + 3) * math.Sqrt(df*math.Log1p(t*t/df))
	return math.Copysign(z, t)
}

// priorValues is how many values' worth of unit variance are added to each series'
// own: the scale that it was divided by says as much, and few values of one series
// leave its variance in doubt.
const priorValues = 20

// leastVariance keeps a series that hardly moves from dividing by nothing.
const leastVariance = 0.05

// bothHalves says whether each half of a stretch shows the burst: what holds in
// one half alone is a shorter burst, and has its own window.
func (p *prepared) bothHalves(from, to, k int, keep float64) bool {
	middle := (from + to + 1) / 2
	outside := (p.sum[len(p.psi)] - p.sum[to+1] + p.sum[from]) / (float64(p.n) - float64(k))
	mean := (p.sum[to+1]-p.sum[from])/float64(k) - outside
	first := p.sum[middle] - p.sum[from] - outside*float64(p.count[middle]-p.count[from])
	second := p.sum[to+1] - p.sum[middle] - outside*float64(p.count[to+1]-p.count[middle])
	if mean < 0 {
		mean, first, second = -mean, -first, -second
	}
	a, b := float64(p.count[middle]-p.count[from]), float64(p.count[to+1]-p.count[middle])
	return (a == 0 || first >= keep*mean*a) && (b == 0 || second >= keep*mean*b)
}

func inParallel(n int, do func(i int)) {
	var group sync.WaitGroup
	workers := runtime.GOMAXPROCS(0)
	for w := range workers {
		group.Go(func() {
			for i := w; i < n; i += workers {
				do(i)
			}
		})
	}
	group.Wait()
}
