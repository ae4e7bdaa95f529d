package stocks

import (
	"math"
	"slices"

	"counterflow/stats/spell"
)

// side is what one witness alone says of a spell.
type side struct {
	shift, se float64
	spoke     bool // in enough periods to say anything
	heard     bool // and clearly enough that its silence on a rise would tell
}

// hear measures the spell in one witness's own figures. It did not speak where it
// is known in fewer than three periods of the spell, and is not heard where it
// scatters so much that it could not tell.
func (f *finding) hear(w int, phi float64) side {
	own := slices.Clone(f.gaps[w])
	for t := range own {
		if f.told[w][t] < 0.5 {
			own[t] = math.NaN()
		}
	}
	m := spell.Measure(own, f.Start, f.End, scanSettings(phi))
	spoke := m.Seen >= leastSpoken && m.Known-m.Seen >= leastPeriods/2 && m.SE > 0
	return side{m.Shift, m.SE, spoke, spoke && 2*m.SE <= f.Shift}
}

// apart is how many standard errors the two sides of a spell are apart, beyond
// the one that chance gives them: 0 where they agree or nothing can be said. A
// side that is alone is held against what both show with its silent months
// filled in. It comes off z, so that what one side says much louder than the
// other has to be all the clearer.
func (f *finding) apart() float64 {
	m, x := f.sides[byImporter], f.sides[byExporter]
	errors := 0.0
	switch {
	case m.spoke && x.spoke:
		errors = math.Abs(m.shift-x.shift) / math.Hypot(m.se, x.se)
	case m.spoke:
		errors = (f.Shift - m.shift) / m.se
	case x.spoke:
		errors = (f.Shift - x.shift) / x.se
	}
	return max(errors-1, 0)
}

// aloneLevel is the standard deviation, natural log, of the change of level that a
// side may go through for reasons of its own, which nobody beside it rules out.
const aloneLevel = 0.05

// leastSpoken is the number of periods of a spell in which a side must speak.
const leastSpoken = 3

// contradicts says whether the first witness does not show what the second
// does: its own figures are no significant rise, and significantly less of one.
func contradicts(first, second side) bool {
	return first.shift < ninety*first.se && second.shift-first.shift > ninety*math.Hypot(first.se, second.se)
}

// silent says whether the economy itself published too little to be heard.
func (f *finding) silent() bool { return !f.sides[byImporter].heard && !f.total }

// corroborated says whether a spell that one side alone declares shows in more
// than one lane: without the lane that rises most, the rest must have risen at
// least half as much, in proportion.
func (f *finding) corroborated() bool {
	top, most, rest, usual := -1, 0.0, 0.0, 0.0
	for i := range f.in {
		if r := f.in[i].rise(f.Start, f.End); top < 0 || r > most {
			top, most = i, r
		}
	}
	for i := range f.in {
		if i != top {
			rest += f.in[i].rise(f.Start, f.End)
			usual += f.in[i].usual[byImporter]
		}
	}
	return usual > 0 && usual >= 0.1*(usual+f.in[top].usual[byImporter]) && rest/usual >= 0.5*math.Expm1(f.Shift)
}
