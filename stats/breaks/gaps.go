package breaks

import (
	"math"
	"slices"
)

// A gapScanner scans the observed part of series that share one pattern of
// missing values, with a design for just those times.
type gapScanner struct {
	pattern []bool // observed
	times   []int
	values  []float64
	scanner *Scanner // nil when too few observations are left
	found   Warnings
}

// gapsIn returns nil for a complete series, otherwise a scanner for its
// pattern. The last pattern is kept, since lanes often miss the same months.
func (s *Scanner) gapsIn(y []float64) *gapScanner {
	if len(y) != len(s.d.times) {
		panic("breaks: series and design differ in length")
	}
	complete, infinite := true, false
	for _, v := range y {
		if v-v != 0 { // NaN or infinite
			complete = false
			infinite = infinite || math.IsInf(v, 0)
		}
	}
	if complete {
		return nil
	}
	if s.gaps == nil || !s.gaps.fits(y) {
		s.gaps = newGapScanner(s.d.model, y)
	}
	s.gaps.found = Warnings(HasMissing)
	if infinite {
		s.gaps.found.add(Infinite)
	}
	return s.gaps
}

func (g *gapScanner) fits(y []float64) bool {
	for i, v := range y {
		if g.pattern[i] != (v-v == 0) {
			return false
		}
	}
	return true
}

func newGapScanner(m Model, y []float64) *gapScanner {
	g := &gapScanner{pattern: make([]bool, len(y))}
	for i, v := range y {
		if v-v == 0 {
			g.pattern[i] = true
			g.times = append(g.times, i)
		}
	}
	g.values = make([]float64, len(g.times))
	if len(g.times) >= m.fewest() {
		g.scanner = designAt(m, g.times).NewScanner()
	}
	return g
}

// mapped runs scan on the observed values and translates indices back.
func (g *gapScanner) mapped(y []float64, scan func(*Scanner, []float64) Shift) Shift {
	if g.scanner == nil {
		out := untested(len(g.times))
		out.Warnings = g.found | Warnings(TooShort)
		return out
	}
	for i, t := range g.times {
		g.values[i] = y[t]
	}
	out := scan(g.scanner, g.values)
	out.Warnings |= g.found
	if out.Position >= 0 {
		out.Position = g.times[out.Position]
	}
	out.Outliers = slices.Clone(out.Outliers)
	for i, o := range out.Outliers {
		out.Outliers[i] = g.times[o]
	}
	return out
}
