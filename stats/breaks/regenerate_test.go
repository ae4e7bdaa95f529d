package breaks

import (
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
)

var (
	nullCount   = flag.Int("nulls", 0, "series per noise and length for the null table; 0 leaves it alone")
	nullLengths = flag.String("lengths", "36,48,72,120,240", "lengths of the null table")
	nullOut     = flag.String("nullsout", "nulls.csv", "file to write the null table to")
)

var (
	screenLevels  = []float64{.95, .9, .8, .7, .6, .5, .4, .35}
	refinedLevels = []float64{.3, .2, .14, .1, .07, .05, .03, .02, .01}
)

// A null is what a scan says of one series without a shift.
type null struct{ screenBound, screenPhi, bound, phi float64 }

// TestRegenerate writes the table of null distributions. See calibrate.go.
func TestRegenerate(t *testing.T) {
	if *nullCount == 0 {
		t.Skip("writes the null table only with -args -nulls N")
	}
	var b strings.Builder
	fmt.Fprintf(&b, "# go test ./stats/breaks -run Regenerate -timeout 0 -args -nulls %d\nstage,prior,length,phi,level,bound,slope\n", *nullCount)
	for _, text := range strings.Split(*nullLengths, ",") {
		var length int
		if _, err := fmt.Sscan(text, &length); err != nil {
			t.Fatal(err)
		}
		d, err := NewDesign(Monthly(length))
		if err != nil {
			t.Fatal(err)
		}
		writeNulls(&b, d, false)
		writeNulls(&b, d, true)
	}
	if err := os.WriteFile(*nullOut, []byte(b.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}

func writeNulls(b *strings.Builder, d *Design, group bool) {
	length := len(d.times)
	count := *nullCount
	if length > 120 {
		count = count * 120 / length
	}
	var drawn [2][]null
	for k, noise := range []func(*rand.Rand) float64{normalNoise, studentNoise} {
		seed := uint64(10*length + 2*k)
		if group {
			seed++
		}
		drawn[k] = drawNulls(d, count, seed, world{noise: noise, outlying: .3}, group)
	}
	prior := map[bool]string{false: "none", true: "group"}[group]
	screen := make([]calibration, phiClasses)
	for class := range screen {
		of := func(n null) (float64, float64) { return n.screenPhi, n.screenBound }
		screen[class] = calibrated(drawn[:], class, screenLevels, of)
		for j, level := range screenLevels {
			fmt.Fprintf(b, "screen,%s,%d,%.1f,%g,%.4f,1\n", prior, length, float64(class)*phiClassWidth, level, screen[class].bound[j])
		}
	}
	key := statistic{screened, group}
	t := &nullTable{lengths: []int{length}, classes: map[statistic][][]calibration{key: {screen}}}
	// Only nulls that the screening hands on count, as in the scan.
	of := func(n null) (float64, float64) {
		if t.logP(key, length, n.screenPhi, n.screenBound) > math.Log(screenLevel) {
			return n.phi, math.Inf(1)
		}
		return n.phi, n.bound
	}
	table := make([]calibration, phiClasses)
	for class := range table {
		table[class] = calibrated(drawn[:], class, refinedLevels, of)
	}
	beyond := excesses(drawn[:], of)
	slope := farSlope(beyond)
	for class := range table {
		table[class].extend(neighbours(beyond, class))
		for j, level := range table[class].level {
			fmt.Fprintf(b, "refined,%s,%d,%.1f,%.4g,%.4f,%.4f\n", prior, length, float64(class)*phiClassWidth, math.Exp(level), table[class].bound[j], slope)
		}
	}
}

// excesses are, by class, how far nulls of both noises lie beyond their own
// bound at the last level, in falling order.
func excesses(drawn [][]null, of func(null) (phi, bound float64)) [][]float64 {
	out := make([][]float64, phiClasses)
	for class := range out {
		for _, ns := range drawn {
			end := quantiles(ns, class, refinedLevels[len(refinedLevels)-1:], of)[0]
			for _, n := range ns {
				if phi, bound := of(n); phiClass(phi) == class && bound < end {
					out[class] = append(out[class], end-bound)
				}
			}
		}
	}
	return out
}

// neighbours joins the excesses of a class and its neighbours.
func neighbours(beyond [][]float64, class int) []float64 {
	var all []float64
	for c := max(0, class-1); c <= min(class+1, len(beyond)-1); c++ {
		all = append(all, beyond[c]...)
	}
	slices.Sort(all)
	return all
}

// farLevels are reached by way of the excesses, as shares of the last level.
var farLevels = []float64{.3, .1}

// extend adds the far levels.
func (c *calibration) extend(excess []float64) {
	last := len(c.level) - 1
	for _, share := range farLevels {
		at := excess[len(excess)-1-int(share*float64(len(excess)))]
		c.level = append(c.level, c.level[last]+math.Log(share))
		c.bound = append(c.bound, c.bound[last]-at)
	}
}

// farSlope is Hill's estimate beyond the last far level, over all classes.
func farSlope(beyond [][]float64) float64 {
	var sum, count float64
	for class := range beyond {
		all := slices.Sorted(slices.Values(beyond[class]))
		k := int(farLevels[len(farLevels)-1] * float64(len(all)))
		if k == 0 {
			continue
		}
		top := all[len(all)-k:]
		for _, v := range top {
			sum += v - all[len(all)-k-1]
			count++
		}
	}
	return count / sum
}

func calibrated(drawn [][]null, class int, levels []float64, of func(null) (phi, bound float64)) calibration {
	c := calibration{bound: combined(quantiles(drawn[0], class, levels, of), quantiles(drawn[1], class, levels, of))}
	for _, level := range levels {
		c.level = append(c.level, math.Log(level))
	}
	return c
}

// drawNulls spreads phi evenly over [0, .8]. The series of a group have phi
// with the narrowest spread about a mean that the scan knows.
func drawNulls(d *Design, n int, seed uint64, w world, group bool) []null {
	out := make([]null, n)
	spread(d, n, seed, func(i int, s *Scanner, r *rand.Rand, y []float64) {
		phi, prior := .8*(float64(i)+.5)/float64(n), PhiPrior{}
		if group {
			prior = PhiPrior{Mean: phi, SD: narrowest}
			phi = math.Max(0, math.Min(.9, phi+narrowest*r.NormFloat64()))
		}
		w.draw(r, y, phi, d.first, d.last)
		s.prepare(y, prior)
		z, null0, with := s.screening()
		o := &out[i]
		o.screenBound, o.screenPhi, o.bound = d.boundAt(z, null0), null0, math.Inf(1)
		if z < 1.2 { // far from any level of the screening
			o.phi = s.leastSquares(with).phi
			return
		}
		e, _ := s.refine(with)
		o.bound, o.phi = d.boundAt(math.Sqrt(math.Max(0, 2*e.lr)), e.phi), e.phi
	})
	return out
}

// quantiles returns where the share of the class's nulls below is each level;
// of returns a null's phi and its bound, +Inf when it was not refined.
func quantiles(ns []null, class int, levels []float64, of func(null) (phi, bound float64)) []float64 {
	var b []float64
	for _, n := range ns {
		if phi, bound := of(n); phiClass(phi) == class {
			b = append(b, bound)
		}
	}
	slices.Sort(b)
	q := make([]float64, len(levels))
	for i, level := range levels {
		q[i] = b[int(level*float64(len(b)))]
	}
	// A level that the screening never lets be reached follows the next one.
	for i := len(q) - 2; i >= 0; i-- {
		if math.IsInf(q[i], 1) {
			q[i] = q[i+1] + math.Log(levels[i]/levels[i+1])
		}
	}
	return q
}

func phiClass(phi float64) int {
	return min(int(math.Round(phi/phiClassWidth)), phiClasses-1)
}

// combined is the critical bound of Student noise, or midway to that of normal
// noise where normal noise reaches further: Student noise then never exceeds a
// level, and normal noise by a tenth at most.
func combined(normal, student []float64) []float64 {
	out := slices.Clone(student)
	for i := range out {
		out[i] = math.Min(out[i], (normal[i]+student[i])/2)
	}
	return out
}
