package breaks

import (
	"math"

	"gonum.org/v1/gonum/floats"
)

// A Kind is the shape of an effect on a series.
type Kind int

// The kinds. Temporary changes fade by a factor of 0.7 a month (Chen and Liu
// 1993, JASA 88, 284-297); ramps rise evenly over some months and stay.
const (
	NoEffect Kind = iota
	Outlier
	Temporary
	LevelShift
	Ramp
)

var kindNames = [...]string{"none", "outlier", "temporary change", "level shift", "ramp"}

func (k Kind) String() string { return kindNames[k] }

// temporaryDecay is the monthly factor of a temporary change.
const temporaryDecay = 0.7

// rampLengths are the numbers of observations over which a ramp may rise.
var rampLengths = [...]int{2, 3, 4, 6, 9, 12, 18, 24}

// An Effect is the best fit of one kind.
type Effect struct {
	Kind     Kind
	Position int // first observation affected, -1 for none
	Length   int // observations until a ramp's full height, 0 for other kinds
	// Size is the full height in the units of the series and SE its standard
	// error for a known position; NaN for none.
	Size, SE float64
	Phi      float64 // AR(1) parameter of the fit
	// BIC is -2 ln likelihood + ln n for each of: position, size, length.
	BIC float64
}

// A Classification compares what kind of change fits best.
type Classification struct {
	Best Effect
	// Weight is the share of Best in exp(-BIC/2) over the kinds, from about 1/5
	// to 1: how clear the choice is.
	Weight float64
	// Kinds has the best fit of every kind, in the order of the constants.
	Kinds    []Effect
	Rows     int
	Warnings Warnings
}

// Classify says what kind of change happened near an observation: none, an
// outlier, a temporary change, a level shift or a ramp, by the BIC of the
// Student likelihood with AR(1) errors. All positions within reach of at are
// tried; additive outliers farther away are cleaned first, those within reach
// are what is to be explained.
func (s *Scanner) Classify(y []float64, at, reach int) Classification {
	if g := s.gapsIn(y); g != nil {
		return g.classify(y, at, reach)
	}
	out := Classification{Rows: len(y), Best: Effect{Position: -1, Size: math.NaN(), SE: math.NaN()}, Weight: 1}
	at = max(0, min(at, len(y)-1))
	from, to := max(0, at-max(0, reach)), min(len(y)-1, at+max(0, reach))
	if !s.prepareAround(y, from, to) {
		out.Warnings.add(Constant)
		return out
	}
	c := classifier{s: s, from: from, to: to}
	out.Kinds = c.all()
	for _, e := range out.Kinds {
		if e.BIC < out.Best.BIC || e.Kind == NoEffect {
			out.Best = e
		}
	}
	sum := 0.0
	for _, e := range out.Kinds {
		sum += math.Exp((out.Best.BIC - e.BIC) / 2)
	}
	out.Weight = 1 / sum
	return out
}

// prepareAround is prepare with the raw observations kept from one index to
// another and a little beyond, where a temporary change is still large.
func (s *Scanner) prepareAround(y []float64, from, to int) bool {
	const beyond = 3
	s.load(y)
	if !s.clean() {
		return false
	}
	for i := max(0, from-1); i <= min(len(y)-1, to+beyond); i++ {
		s.cleaned[i] = s.series[i]
	}
	s.profileAll()
	return true
}

// classify runs on the observed values. at and reach count observations of the
// full series; the nearest observed one stands for at.
func (g *gapScanner) classify(y []float64, at, reach int) Classification {
	if g.scanner == nil {
		return Classification{Rows: len(g.times), Weight: 1, Warnings: g.found | Warnings(TooShort),
			Best: Effect{Position: -1, Size: math.NaN(), SE: math.NaN()}}
	}
	near := 0
	for i, t := range g.times {
		g.values[i] = y[t]
		if abs(t-at) < abs(g.times[near]-at) {
			near = i
		}
	}
	out := g.scanner.Classify(g.values, near, reach)
	out.Warnings |= g.found
	place := func(e *Effect) {
		if e.Position >= 0 {
			e.Position = g.times[e.Position]
		}
	}
	place(&out.Best)
	for i := range out.Kinds {
		place(&out.Kinds[i])
	}
	return out
}

// A classifier fits effects one after the other for every phi of the grid.
type classifier struct {
	s        *Scanner
	from, to int
}

func (c *classifier) all() []Effect {
	s := c.s
	n := len(s.series)
	effect := make([]float64, n)
	kinds := []Effect{c.fit(nil, Effect{Kind: NoEffect, Position: -1})}
	for _, kind := range []Kind{Outlier, Temporary, LevelShift, Ramp} {
		best := Effect{Kind: kind, Position: -1, BIC: math.Inf(1), Size: math.NaN(), SE: math.NaN()}
		lengths := []int{0}
		if kind == Ramp {
			lengths = rampLengths[:]
		}
		for _, length := range lengths {
			for at := c.from; at <= c.to; at++ {
				if kind > Temporary && (at < s.d.first || at+length-1 > s.d.last) {
					continue
				}
				shape(effect, kind, at, length, s.d.times)
				if e := c.fit(effect, Effect{Kind: kind, Position: at, Length: length}); e.BIC < best.BIC {
					best = e
				}
			}
		}
		kinds = append(kinds, best)
	}
	return kinds
}

// shape writes the unit effect.
func shape(x []float64, kind Kind, at, length int, times []int) {
	for i := range x {
		x[i] = 0
		since := float64(times[i] - times[at])
		switch {
		case i < at:
		case kind == Outlier:
			if i == at {
				x[i] = 1
			}
		case kind == Temporary:
			x[i] = math.Pow(temporaryDecay, since)
		case kind == LevelShift:
			x[i] = 1
		case kind == Ramp:
			x[i] = math.Min(1, (since+1)/float64(length))
		}
	}
}

// fit maximises the likelihood over phi with the effect, or with none.
func (c *classifier) fit(effect []float64, e Effect) Effect {
	s := c.s
	e.BIC, e.Size, e.SE = math.Inf(1), math.NaN(), math.NaN()
	n := len(s.e[0])
	unit, r := s.step[:n], s.resid[:n]
	for i := 0; i < len(s.d.ar); i += s.d.stride() {
		w := &s.d.ar[i]
		copy(r, s.e[i])
		var basis []float64
		norm, along := 0.0, 0.0
		if effect != nil {
			w.apply(unit, effect)
			w.project(unit)
			if norm = floats.Norm(unit, 2); norm < 1e-9 {
				continue // the model itself can do this
			}
			floats.Scale(1/norm, unit)
			along = floats.Dot(unit, r)
			floats.AddScaled(r, -along, unit)
			basis = unit
		}
		lik, scale, _ := studentFit(w, r, basis, s.buf, s.startScale(i))
		if v := -2 * (lik + w.logScale); v < e.BIC {
			e.BIC, e.Phi = v, w.phi
			if effect != nil {
				free := float64(n) / float64(n-len(w.basis)-1)
				e.Size = (along - floats.Dot(unit, r)) / norm
				e.SE = scale * math.Sqrt(studentVariance*free) / norm
			}
		}
	}
	parameters := 0.0
	switch {
	case e.Kind == Ramp:
		parameters = 3
	case effect != nil:
		parameters = 2
	}
	e.BIC += parameters * math.Log(float64(n))
	return e
}
