package simulate

import (
	"math"

	"counterflow/data"
)

// lineHabit is how one declared line errs: around which lasting level, how far,
// and with how much memory from month to month.
type lineHabit struct {
	level float64 // lasting, natural log: the reporter's bias and the line's own habit
	sigma float64 // marginal spread of a month, natural log
	rho   float64 // autocorrelation at lag one
}

// Of the variance of a line's error this much is common to weight and value,
// and the rest is the weight's or the value's own.
const (
	commonVariance = 0.8
	weightVariance = 0.2
	valueVariance  = 0.1
)

// Reports of calm goods scatter this much of what reports of minerals do.
const calmScatter = 0.45

func (w *World) lineStream(stream string, k lineKey) random {
	partner := uint64(0)
	if k.partner >= 0 {
		partner = uint64(w.economies[k.partner].id)
	}
	return w.seed.from(stream, uint64(w.goods[k.good].id), uint64(k.direction), uint64(w.economies[k.reporter].id), partner)
}

// habit draws the habits of a line. Some lines say half or double for years, in
// minerals more often: no news, and no case.
func (w *World) habit(k lineKey) lineHabit {
	r := w.lineStream("habit", k)
	e, side := &w.economies[k.reporter], roleOf(k.direction)
	scatter, often, usual := 1.0, 0.19, 0.1
	if w.goods[k.good].calm {
		scatter, often, usual = calmScatter, 0.055, 0.05
	}
	h := lineHabit{level: e.bias[side] * scatter}
	h.sigma = e.sigma[side] * scatter * r.lognormal(0.3) * w.Settings.NoiseScale * w.strength(Noise)
	h.rho = r.uniform() * w.Settings.Autocorrelation
	small, big, odd, sign := r.normal(), r.between(math.Log(1.7), math.Log(3.2)), r.uniform(), r.uniform()
	strength := w.strength(Habits)
	switch {
	case odd < often*strength && sign < 0.5:
		h.level += big
	case odd < often*strength:
		h.level -= big
	default:
		h.level += usual * small * strength
	}
	return h
}

// errors are a line's deviations from the truth in natural logs, for weight and
// value, in every month of the world.
func (w *World) errors(k lineKey, h lineHabit) (weight, value []float64) {
	weight, value = make([]float64, w.horizon), make([]float64, w.horizon)
	if h.sigma == 0 {
		for m := range weight {
			weight[m], value[m] = h.level, h.level
		}
		return weight, value
	}
	r := w.lineStream("errors", k)
	scale := [3]float64{math.Sqrt(commonVariance), math.Sqrt(weightVariance), math.Sqrt(valueVariance)}
	var state [3]float64
	fresh := math.Sqrt(1 - h.rho*h.rho)
	for m := range weight {
		for i := range state {
			if z := r.heavy(); m == 0 {
				state[i] = z
			} else {
				state[i] = h.rho*state[i] + fresh*z
			}
		}
		weight[m] = h.level + h.sigma*(scale[0]*state[0]+scale[1]*state[1])
		value[m] = h.level + h.sigma*(scale[0]*state[0]+scale[2]*state[2])
	}
	return weight, value
}

// shift is a lasting change of method: all lanes of one reporter and flow, or
// those of one family, move by the same factor from one month on.
type shift struct {
	reporter  int
	direction data.Direction
	family    string // "" for all
	start     int
	log       float64
}

// spell is a time in which a reporter books a good without partner.
type spell struct {
	reporter, good int
	direction      data.Direction
	start, end     int
}

// methodAt is the sum of the changes of method that reach a line by a month.
func (w *World) methodAt(k lineKey, m int) float64 {
	sum := 0.0
	for _, s := range w.shifts {
		if s.reporter == k.reporter && s.direction == k.direction && m >= s.start &&
			(s.family == "" || s.family == w.goods[k.good].family) {
			sum += s.log
		}
	}
	return sum
}

// unknownAt says whether a line is booked without partner in a month.
func (w *World) unknownAt(k lineKey, m int) bool {
	for _, s := range w.spells {
		if s.reporter == k.reporter && s.direction == k.direction && s.good == k.good && m >= s.start && m <= s.end {
			return true
		}
	}
	return false
}
