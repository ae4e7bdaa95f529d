package breaks

import (
	"flag"
	"math"
	"math/rand/v2"
	"testing"

	"counterflow/stats/multiple"
)

// The calibration experiment. Each batch is a collection of 70 groups (say,
// products) of 143 monthly series of ten years: AR(1) noise with Student-5
// innovations, phi one of 0, .1 ... .6 for a whole group, three additive
// outliers of 6 standard deviations in 30% of the series, a step at a random
// position in 2%. Every series is scanned alone and, again, with the prior of
// its group; discoveries are made at q = 5% by Benjamini and Hochberg's rule,
// over all series alone, and within classes of the groups' estimated phi.
//
//	go test ./stats/breaks -run TestCalibration -v -args -series 200000
//
// prints the share of false discoveries overall and by true phi, power, how
// often the position is within two months, and the null size by level, with
// Monte Carlo standard errors. Seeds: -calibration; those of the null table
// (regenerate_test.go) are others.
var (
	calibrationSeries = flag.Int("series", 0, "series of the calibration experiment, in batches of 10010; 0 for one small batch")
	calibrationSeed   = flag.Uint64("calibration", 1, "seed of the calibration experiment")
)

const (
	groups       = 70
	groupSize    = 143
	strata       = 7 // phi 0, .1 ... .6
	shiftedShare = 0.02
	falseShare   = 0.05
)

// A collection is one batch.
type collection struct {
	d       *Design
	seed    uint64
	step    float64
	truth   []int // true position, -1 for none
	alone   []Shift
	grouped []Shift
	prior   []PhiPrior // by group
}

func stratum(group int) int { return group % strata }

// series draws series i. Those without a step do not depend on its size.
func (c *collection) series(i int, r *rand.Rand, y []float64) int {
	w := world{noise: studentNoise, outlying: .3}
	if r.Float64() < shiftedShare {
		w.step = c.step
	}
	return w.draw(r, y, float64(stratum(i/groupSize))/10, c.d.first, c.d.last)
}

// scan scans all series, with the priors of their groups once those are known.
func (c *collection) scan() []Shift {
	out := make([]Shift, groups*groupSize)
	c.truth = make([]int, len(out))
	spread(c.d, len(out), c.seed, func(i int, s *Scanner, r *rand.Rand, y []float64) {
		c.truth[i] = c.series(i, r, y)
		var p PhiPrior
		if c.prior != nil {
			p = c.prior[i/groupSize]
		}
		out[i] = s.Robust(y, p).Clone()
	})
	return out
}

func newCollection(d *Design, seed uint64, step float64) *collection {
	c := &collection{d: d, seed: seed, step: step}
	c.alone = c.scan()
	for g := range groups {
		c.prior = append(c.prior, GroupPrior(c.alone[g*groupSize:(g+1)*groupSize]))
	}
	c.grouped = c.scan()
	return c
}

// phiStratum is the class of the group's estimated phi, by tenths.
func (c *collection) phiStratum(i int) int { return int(math.Round(c.prior[i/groupSize].Mean * 10)) }

// discover applies the rule within classes.
func discover(t *testing.T, shifts []Shift, class func(i int) int) []int {
	members := map[int][]int{}
	for i := range shifts {
		members[class(i)] = append(members[class(i)], i)
	}
	var found []int
	for k := range 20 {
		logp := make([]float64, len(members[k]))
		for j, i := range members[k] {
			logp[j] = shifts[i].LogP
		}
		if len(logp) == 0 {
			continue
		}
		adjusted, err := multiple.BenjaminiHochberg(logp)
		if err != nil {
			t.Fatal(err)
		}
		for _, j := range adjusted.Rejected(falseShare) {
			found = append(found, members[k][j])
		}
	}
	return found
}

// A tally sums one procedure over batches.
type tally struct {
	share            mean
	byStratum        [strata]mean
	shifted, located [strata]mean
}

// add counts one batch's discoveries.
func (m *tally) add(c *collection, shifts []Shift, found []int) {
	var wrong, all [strata + 1]float64
	hit := map[int]bool{}
	for _, i := range found {
		s := stratum(i / groupSize)
		hit[i] = true
		all[s]++
		all[strata]++
		if c.truth[i] < 0 {
			wrong[s]++
			wrong[strata]++
			continue
		}
		off := shifts[i].Position - c.truth[i]
		m.located[s].add(indicator(off >= -2 && off <= 2))
	}
	for i, at := range c.truth {
		if at >= 0 {
			m.shifted[stratum(i/groupSize)].add(indicator(hit[i]))
		}
	}
	for s := range strata {
		m.byStratum[s].add(wrong[s] / math.Max(1, all[s]))
	}
	m.share.add(wrong[strata] / math.Max(1, all[strata]))
}

func (m *tally) power() mean    { return merged(m.shifted[:]) }
func (m *tally) location() mean { return merged(m.located[:]) }

// A mean is a running mean with its standard error.
type mean struct{ n, sum, square float64 }

func (m *mean) add(v float64) { m.n++; m.sum += v; m.square += v * v }

func (m mean) value() float64 { return m.sum / math.Max(1, m.n) }

func (m mean) error() float64 {
	v := m.value()
	return math.Sqrt(math.Max(0, m.square/math.Max(1, m.n)-v*v) / math.Max(1, m.n-1))
}

func merged(list []mean) mean {
	var all mean
	for _, m := range list {
		all.n, all.sum, all.square = all.n+m.n, all.sum+m.sum, all.square+m.square
	}
	return all
}

func indicator(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

func TestCalibration(t *testing.T) {
	d, err := NewDesign(Monthly(120))
	if err != nil {
		t.Fatal(err)
	}
	steps, batches := []float64{2, 2.5, 3, 4}, max(1, *calibrationSeries/(groups*groupSize))
	if *calibrationSeries == 0 {
		if testing.Short() {
			t.Skip("some seconds")
		}
		steps = []float64{3}
	}
	least := map[float64]float64{2: .35, 2.5: .62, 3: .80, 4: .96}
	var size nullSizes
	for _, step := range steps {
		var alone, grouped tally
		for b := range batches {
			c := newCollection(d, *calibrationSeed<<32+uint64(b), step)
			alone.add(c, c.alone, discover(t, c.alone, func(int) int { return 0 }))
			grouped.add(c, c.grouped, discover(t, c.grouped, c.phiStratum))
			if step == steps[0] {
				size.add(c)
			}
		}
		report(t, "alone", step, &alone)
		report(t, "grouped", step, &grouped)
		check(t, "alone", step, least[step], &alone, false)
		check(t, "grouped", step, least[step], &grouped, true)
	}
	size.report(t)
}

func report(t *testing.T, name string, step float64, m *tally) {
	power, location := m.power(), m.location()
	t.Logf("step %.1f sd, %-7s false share %.4f (%.4f)  power %.3f (%.3f)  within 2 months %.3f (%.3f)", step, name,
		m.share.value(), m.share.error(), power.value(), power.error(), location.value(), location.error())
	for s := range strata {
		t.Logf("    phi %.1f: false share %.4f (%.4f)  power %.3f (%.3f)", float64(s)/10,
			m.byStratum[s].value(), m.byStratum[s].error(), m.shifted[s].value(), m.shifted[s].error())
	}
}

// check compares with the goals, allowing four Monte Carlo standard errors: a
// correct program then fails about once in ten thousand comparisons.
func check(t *testing.T, name string, step, least float64, m *tally, strata bool) {
	const errors = 4
	over := func(what string, v mean) {
		// One batch has no spread: its share counts as a proportion of the
		// discoveries' expected number.
		se := v.error()
		if v.n < 5 {
			se = 0.05
		}
		if v.value() > falseShare+errors*se {
			t.Errorf("step %.1f, %s: %s false share %.4f (%.4f)", step, name, what, v.value(), se)
		}
	}
	over("overall", m.share)
	if strata {
		for s := range m.byStratum {
			over("stratum", m.byStratum[s])
		}
	}
	if p := m.power(); p.value() < least-errors*p.error() {
		t.Errorf("step %.1f, %s: power %.3f (%.3f), want %.2f", step, name, p.value(), p.error(), least)
	}
	if l := m.location(); l.value() < .9-errors*l.error() {
		t.Errorf("step %.1f, %s: %.3f (%.3f) within two months, want .90", step, name, l.value(), l.error())
	}
}

// nullSizes counts how often series without a step reach a level.
type nullSizes struct {
	alone, grouped [len(sizeLevels)][strata]mean
}

var sizeLevels = [...]float64{.1, .05, .01, .001, .0002}

func (z *nullSizes) add(c *collection) {
	for i, at := range c.truth {
		if at >= 0 {
			continue
		}
		for l, level := range sizeLevels {
			s := stratum(i / groupSize)
			z.alone[l][s].add(indicator(c.alone[i].P() <= level))
			z.grouped[l][s].add(indicator(c.grouped[i].P() <= level))
		}
	}
}

// report prints sizes over nominal and holds the overall ones to [.5, 1.1].
func (z *nullSizes) report(t *testing.T) {
	for l, level := range sizeLevels {
		for name, m := range map[string]*[strata]mean{"alone": &z.alone[l], "grouped": &z.grouped[l]} {
			all := merged(m[:])
			by := make([]float64, strata)
			for s := range m {
				by[s] = math.Round(100*m[s].value()/level) / 100
			}
			t.Logf("null size at %.4f, %-7s %.3f (%.3f) of nominal; by phi %v", level, name, all.value()/level, all.error()/level, by)
			slack := 4 * math.Max(all.error(), math.Sqrt(level/all.n)) / level
			if r := all.value() / level; r < .5-slack || r > 1.1+slack {
				t.Errorf("null size at %g, %s: %.3f of nominal, want .5 to 1.1", level, name, r)
			}
		}
	}
}
