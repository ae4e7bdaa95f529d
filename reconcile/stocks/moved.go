package stocks

import (
	"math"

	"counterflow/data"
	"counterflow/stats/spell"
)

// corridors finds the flows between two economies, whatever the commodity.
type corridors map[[2]data.Economy][]*flow

func corridorsOf(flows []flow) corridors {
	index := corridors{}
	for i := range flows {
		k := [2]data.Economy{flows[i].exporter, flows[i].importer}
		index[k] = append(index[k], &flows[i])
	}
	return index
}

// How far a flow under another code must fall to count as the source of a rise:
// in its own standard errors, and as a share of its usual amount.
const (
	fallErrors = 2.5
	fallShare  = 0.12
)

// movedShare is the part of a spell's excess that appears under this code as it
// disappears under another on the same lane, in the same periods and by the same
// side: goods that changed their name, not their use. For each lane that rises,
// the largest significant fall of one other code counts, up to the rise, if the
// account of that code came up short: a fall with which its use fell as well is
// ordinary trade.
func (f *finding) movedShare(all corridors, accounts map[key]*account) float64 {
	excess, moved := 0.0, 0.0
	for i := range f.in {
		l := &f.in[i]
		rise := l.rise(f.Start, f.End)
		excess += rise
		if rise > 0 {
			moved += min(rise, l.fallElsewhere(f, all, accounts))
		}
	}
	if excess <= 0 {
		return 0
	}
	return moved / excess
}

// rise is how much more arrives in a spell's mean period than in the mean of the
// others, kilograms.
func (l *lane) rise(start, end int) float64 {
	in, out, n, m := 0.0, 0.0, 0, 0
	for t := range l.told[byExporter] {
		if t >= start && t <= end {
			in, n = in+l.amount(t), n+1
		} else {
			out, m = out+l.amount(t), m+1
		}
	}
	if n == 0 || m == 0 {
		return 0
	}
	return in/float64(n) - out/float64(m)
}

// fallElsewhere is the largest fall of another code between the same economies
// that can be the source of a rise.
func (l *lane) fallElsewhere(f *finding, all corridors, accounts map[key]*account) float64 {
	largest, rise := 0.0, l.rise(f.Start, f.End)/l.content
	for _, other := range all[[2]data.Economy{l.flow.exporter, l.flow.importer}] {
		if other == l.flow {
			continue
		}
		for _, series := range [][]float64{other.imported, other.arrived} {
			kg, z := fall(series, f.Start, f.End)
			if kg <= largest {
				continue
			}
			switch accounts[key{other.importer, other.commodity}].shortHere(f.Start, f.End, kg) {
			case short:
				largest = kg
			case undecided:
				if z >= surelyFell || z >= alikeFell && kg >= rise/2 && kg <= 2*rise {
					largest = kg
				}
			}
		}
	}
	return largest * l.content
}

// answer is yes, no or undecided.
type answer uint8

const (
	undecided answer = iota
	short
	notShort
)

// shortHere says whether the account of the other code came up short in the
// spell: its use went on though its imports fell, by at least half of what the
// fall would make. It is undecided where its use is not known, or where the fall
// is too small a part of it to show.
func (a *account) shortHere(start, end int, kg float64) answer {
	if a == nil || len(known(a.gap)) < leastPeriods {
		return undecided
	}
	down := make([]float64, len(a.gap))
	came, n := 0.0, 0
	for t := range down {
		down[t] = -a.gap[t]
		if t < start || t > end {
			if s := a.comes(byExporter, t); s > 0 {
				came, n = came+s, n+1
			}
		}
	}
	m := spell.Measure(down, start, end, scanSettings(firstPhi))
	if n == 0 || !m.Found() {
		return undecided
	}
	expected := -math.Log1p(-math.Min(kg/(came/float64(n)), 0.95))
	switch {
	case m.Shift > expected/2 && m.Z > 2:
		return short
	case expected < 2*m.SE:
		return undecided
	}
	return notShort
}

// From which z a fall speaks for itself, whatever its size, and from which it does
// if it is of about the size of the rise.
const (
	surelyFell = 5.0
	alikeFell  = 3.5
)

// fall is by how much a series lies lower in a spell than outside, kilograms a
// period, and its z in logs; 0 unless the fall is significant.
func fall(series []float64, start, end int) (kg, z float64) {
	// A little is added so that "nothing at all" is a low value and no gap.
	little := 0.05 * usualPeriod(series)
	if little == 0 {
		return 0, 0
	}
	down := make([]float64, len(series))
	for t, v := range series {
		down[t] = -math.Log(v + little) // NaN stays NaN
	}
	m := spell.Measure(down, start, end, scanSettings(0.3))
	if !m.Found() || m.Z < fallErrors || m.Known-m.Seen < leastPeriods/2 || -math.Expm1(-m.Shift) < fallShare {
		return 0, 0
	}
	return math.Exp(-m.Centre) * -math.Expm1(-m.Shift), m.Z
}

// unrecordedExports is the part of a spell's excess that partners declare as imports
// from the economy, over what it declares as exports to them, and over what that
// difference is outside the spell: goods that were passed on and not booked as
// exports are nobody's stock here.
func (f *finding) unrecordedExports() float64 {
	excess, gone := 0.0, 0.0
	for i := range f.in {
		excess += f.in[i].rise(f.Start, f.End)
	}
	for i := range f.out {
		gone += f.out[i].unrecorded(f.Start, f.End)
	}
	if excess <= 0 {
		return 0
	}
	return gone / excess
}

// unrecorded is how much more the importer itself declares than the exporter, at the
// lane's usual ratio of the two, in a spell's mean period, less the same outside it,
// kilograms of the exporter's account. An importer that always declares twice as much
// shows nothing.
func (l *lane) unrecorded(start, end int) float64 {
	ratio := l.usual[byExporter] / l.usual[byImporter]
	if !(ratio > 0) || math.IsInf(ratio, 1) {
		return 0
	}
	var sums [2]float64
	var n [2]int
	for t, x := range l.told[byExporter] {
		m := l.told[byImporter][t]
		if math.IsNaN(m) || math.IsNaN(x) || !l.own[byImporter][t] {
			continue
		}
		at := 0
		if t >= start && t <= end {
			at = 1
		}
		sums[at] += ratio*min(m, mostOfUsual*l.usual[byImporter]) - min(x, mostOfUsual*l.usual[byExporter])
		n[at]++
	}
	if n[0] == 0 || n[1] == 0 {
		return 0
	}
	return sums[1]/float64(n[1]) - sums[0]/float64(n[0])
}
