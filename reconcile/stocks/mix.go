package stocks

import "math"

// lastingErrors are the standard deviations that unknown levels of the lanes leave
// in the shift: where the mix of suppliers is the same inside the spell and outside,
// levels cancel; where it changed, the change of each share counts at the lane's
// lasting error. The first is what is left given what the account says of the levels,
// the second as they stood before: what is learned takes the parts of lanes for exact,
// and intervals that believed it held too little.
func (f *finding) lastingErrors() (given, before float64) {
	in, out := f.shares(true), f.shares(false)
	moved, levels := make([]float64, len(in)), make([]float64, len(in))
	for i := range in {
		if i < len(f.in) {
			moved[i], levels[i] = in[i]-out[i], f.in[i].level
		} else {
			moved[i], levels[i] = out[i]-in[i], f.out[i-len(f.in)].level
		}
	}
	given = f.weight*f.learned[byImporter].errorOf(moved, levels) + (1-f.weight)*f.learned[byExporter].errorOf(moved, levels)
	return given, new(learned).errorOf(moved, levels)
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
