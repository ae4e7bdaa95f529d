package stocks

import "math"

// lastingError is the standard deviation that unknown levels of the lanes leave
// in the shift: where the mix of suppliers is the same inside the spell and
// outside, levels cancel; where it changed, the change of each share counts at
// the lane's lasting error.
func (f *finding) lastingError() float64 {
	in, out := f.shares(true), f.shares(false)
	variance := 0.0
	for i := range in {
		var level float64
		if i < len(f.in) {
			level = f.in[i].level
		} else {
			level = f.out[i-len(f.in)].level
		}
		variance += square((in[i] - out[i]) * level)
	}
	return math.Sqrt(variance)
}

// shares are the lanes' parts in what comes in, imports first, then in what goes
// out, exports, within the spell or outside.
func (f *finding) shares(inside bool) []float64 {
	parts := make([]float64, len(f.in)+len(f.out))
	ins, outs := parts[:len(f.in)], parts[len(f.in):]
	made, used := 0.0, 0.0
	for t := range f.gap {
		if math.IsNaN(f.gap[t]) || (t >= f.Start && t <= f.End) != inside {
			continue
		}
		for i := range f.in {
			ins[i] += f.in[i].amount(t)
		}
		for i := range f.out {
			outs[i] += f.out[i].amount(t)
		}
		if f.production != nil {
			made += f.production[t]
		}
		used += f.use[t]
	}
	partsOf(ins, made)
	partsOf(outs, used)
	return parts
}

// partsOf divides amounts by their sum with a further one.
func partsOf(amounts []float64, further float64) {
	total := further
	for _, v := range amounts {
		total += v
	}
	if total > 0 {
		for i := range amounts {
			amounts[i] /= total
		}
	}
}

// mostOfUsual is how many times its usual amount a lane's period may count where
// lanes are compared: more is an error of unit, or a ship that makes no habit.
const mostOfUsual = 6

// amount is a lane's period by both witnesses together.
func (l *lane) amount(t int) float64 {
	return min(l.stated(t), mostOfUsual*l.usual[byExporter])
}

func (l *lane) stated(t int) float64 {
	m, x := l.told[byImporter][t], l.told[byExporter][t]
	switch {
	case math.IsNaN(m) || math.IsNaN(x):
		return l.usual[byExporter]
	case m > 0 && x > 0:
		return math.Sqrt(m * x)
	}
	return (m + x) / 2
}
