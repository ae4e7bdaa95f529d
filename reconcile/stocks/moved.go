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
	fallErrors = 3.0
	fallShare  = 0.12
)

// movedShare is the part of a spell's excess that appears under this code as it
// disappears under another on the same lane, in the same periods and by the same
// side: goods that changed their name, not their use. For each lane that rises,
// the largest significant fall of one other code counts, up to the rise; a fall
// with which the use of that other code fell as well is ordinary trade.
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

// fallElsewhere is the largest fall of another code between the same economies.
func (l *lane) fallElsewhere(f *finding, all corridors, accounts map[key]*account) float64 {
	largest := 0.0
	for _, other := range all[[2]data.Economy{l.flow.exporter, l.flow.importer}] {
		if other == l.flow {
			continue
		}
		for _, series := range [][]float64{other.imported, other.arrived} {
			kg := fall(series, f.Start, f.End)
			if kg > largest && !accounts[key{other.importer, other.commodity}].usedLess(f.Start, f.End, kg) {
				largest = kg
			}
		}
	}
	return largest * l.content
}

// usedLess says whether an account used less in a spell, by at least half of a
// fall of its imports: then the goods were not there, under whatever name.
func (a *account) usedLess(start, end int, kg float64) bool {
	if a == nil || a.use == nil {
		return false
	}
	in, out, n, m := 0.0, 0.0, 0, 0
	for t := max(0, start-aroundUse); t < min(len(a.use), end+1+aroundUse); t++ {
		switch {
		case math.IsNaN(a.use[t]):
		case t >= start && t <= end:
			in, n = in+a.use[t], n+1
		default:
			out, m = out+a.use[t], m+1
		}
	}
	return n > 0 && m > 0 && out/float64(m)-in/float64(n) > kg/2
}

// fall is by how much a series lies lower in a spell than outside, kilograms a
// period; 0 unless the fall is significant in logs.
func fall(series []float64, start, end int) float64 {
	// A little is added so that "nothing at all" is a low value and no gap.
	little := 0.05 * usualPeriod(series)
	if little == 0 {
		return 0
	}
	down := make([]float64, len(series))
	for t, v := range series {
		down[t] = -math.Log(v + little) // NaN stays NaN
	}
	m := spell.Measure(down, start, end, scanSettings(0.3))
	if !m.Found() || m.Z < fallErrors || m.Known-m.Seen < leastPeriods/2 || -math.Expm1(-m.Shift) < fallShare {
		return 0
	}
	usual := math.Exp(-m.Centre)
	return usual * -math.Expm1(-m.Shift)
}
