package breaks

import "fmt"

// A Design holds everything about a scan that does not depend on the series:
// orthonormal regressors, the step regressors' sums of squares and their
// correlations, under white noise and under AR(1) errors for every phi of a
// grid. It is immutable and may be shared by any number of scanners.
type Design struct {
	model       Model
	times       []int // when the observations were made, 0-based
	first, last int   // candidate positions, as indices into times, inclusive
	level       whitening
	ar          []whitening // by index of phiGrid
}

// phiGrid are the AR(1) parameters at which a design is worked out: 0(.05).90.
// Negative ones are left out: trade series have none to speak of, and taking
// them in would only raise the statistic of white noise.
var phiGrid = [...]float64{0, .05, .1, .15, .2, .25, .3, .35, .4, .45, .5, .55, .6, .65, .7, .75, .8, .85, .9}

// NewDesign works out the scan for complete series of one model. It fails
// when the model is contradictory or the length too small for it.
func NewDesign(m Model) (*Design, error) {
	if err := m.check(); err != nil {
		return nil, fmt.Errorf("level-shift design: %w", err)
	}
	times := make([]int, m.Length)
	for i := range times {
		times[i] = i
	}
	return designAt(m, times), nil
}

// Model returns the model of the design.
func (d *Design) Model() Model { return d.model }

// Positions is the number of candidate positions.
func (d *Design) Positions() int { return d.last - d.first + 1 }

// designAt is the design for observations at the given times, increasing.
func designAt(m Model, times []int) *Design {
	d := &Design{model: m, times: times, first: m.margin(), last: len(times) - 1 - m.margin()}
	x := m.regressors(times)
	d.level = levelWhitening(x, d.first, d.last)
	d.ar = make([]whitening, len(phiGrid))
	for i, phi := range phiGrid {
		var shared [][]float64
		if i > 0 && d.regular() {
			// The span of polynomials and harmonics is closed under the lag
			// operator, so that one basis serves every phi.
			shared = d.ar[0].basis
		}
		d.ar[i] = arWhitening(x, times, phi, d.first, d.last, shared)
	}
	return d
}

// regular tells that no observation is missing between the first and last.
func (d *Design) regular() bool {
	return d.times[len(d.times)-1]-d.times[0] == len(d.times)-1
}
