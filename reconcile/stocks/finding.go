package stocks

import (
	"math"
	"slices"

	"counterflow/data/reference"
	"counterflow/stats/robust"
	"counterflow/stats/spell"
)

// finding is the best spell of one account, with what the tests of other
// explanations say of it.
type finding struct {
	*account
	spell.Spell
	looked  float64 // log of what the look at single sides costs; 0 where both together show it best
	z, logP float64 // after all errors and the search
	lasting float64 // standard deviation of Shift from what the levels of lanes leave open
	sides   [witnesses]side
	useFell float64 // part of the shift that a fall of use makes
	moved   float64 // part of the excess that disappears under another code on the same lanes
	doubts  []string
	other   string // an explanation that holds, "" for none
}

// side is what one witness alone says of a spell.
type side struct {
	shift, se float64
	heard     bool // it spoke in enough periods, and clearly enough
}

// leastScatter is the robust scatter below which a series is not believed,
// natural log: surveys and customs are never better than some per cent.
const leastScatter = 0.06

// clip is where single values are cut, in robust standard deviations.
const clip = 5

func scanSettings(phi float64) spell.Settings {
	return spell.Settings{Phi: phi, PhiWeight: 45, LeastScale: leastScatter, Least: leastPeriods, Clip: clip}
}

// scan finds the spells of all accounts. The autocorrelation of each is drawn
// towards the median of all.
func scan(accounts []*account, c calendar) []*finding {
	all := make([]*finding, len(accounts))
	phi := 0.2
	for range 2 {
		inParallel(len(accounts), func(i int) {
			all[i] = bestSpell(accounts[i], phi)
		})
		var phis []float64
		for _, f := range all {
			if f.Found() {
				phis = append(phis, f.Phi)
			}
		}
		if len(phis) > 0 {
			phi = robust.Median(phis)
		}
	}
	inParallel(len(all), func(i int) {
		all[i].pastRevision(phi)
		all[i].judge(phi)
	})
	return all
}

// bestSpell is the most unlikely spell of both sides together or of one alone,
// which has to be twice as unlikely: what the look at one side more costs.
func bestSpell(a *account, phi float64) *finding {
	best := &finding{account: a, Spell: spell.Scan(a.gap, scanSettings(phi))}
	for w := range witnesses {
		s := spell.Scan(a.gaps[w], scanSettings(phi))
		if s.Found() && s.LogP+math.Ln2 < best.LogP+best.looked {
			best = &finding{account: a, Spell: s, looked: math.Ln2}
		}
	}
	return best
}

// nearBreak is how many periods from a change of the code the edge of a spell
// may lie to be taken for that change.
const nearBreak = 2

// pastRevision looks again where the edge of a spell is the period in which the
// code began to hold something else, with a habit for each side of it.
func (f *finding) pastRevision(phi float64) {
	edge := func(at int) bool { return at-f.broken <= nearBreak && f.broken-at <= nearBreak }
	if f.broken == 0 || !f.Found() || !edge(f.Start) && !edge(f.End+1) {
		return
	}
	g := slices.Clone(f.gap)
	centre(g[:f.broken])
	centre(g[f.broken:])
	f.gap, f.revised = g, true
	for w := range f.gaps {
		own := slices.Clone(f.gaps[w])
		centre(own[:f.broken])
		centre(own[f.broken:])
		f.gaps[w] = own
	}
	f.Spell, f.looked = spell.Scan(g, scanSettings(phi)), 0
	if f.Found() && (edge(f.Start) || edge(f.End+1)) {
		f.other = "hs_revision"
	}
}

// judge adds to the error of a spell what its scatter cannot show, and tries
// what does not need other accounts.
func (f *finding) judge(phi float64) {
	f.logP = math.NaN()
	if !f.Found() {
		return
	}
	for w := range f.sides {
		f.sides[w] = f.hear(w, phi)
	}
	f.lasting = f.lastingError()
	f.z, _ = f.Beside(f.lasting)
	if weaker, apart := f.weakerSide(); apart {
		f.z = min(f.z, weaker)
	}
	f.logP = math.Min(0, heavier*f.At(f.z)+f.looked)
	f.useFell = f.fallOfUse()
	f.doubts = f.notAssessable()
	m, x := f.sides[byImporter], f.sides[byExporter]
	if m.heard && x.heard && (contradicts(m, x) || contradicts(x, m)) && f.other == "" {
		f.other = "one_side_only"
	}
}

// heavier shortens log p, since the tails of real accounts are heavier than
// Student's: on ten simulated worlds nulls with a log p below -7, -9 and -11 that
// passed as builds were 1.2, 1.6 and 12 times as many as all nulls should be.
const heavier = 0.85

// hear measures the spell in one witness's own figures. It is not heard where it
// spoke in fewer than three periods of the spell, or scatters so much that it
// could not tell.
func (f *finding) hear(w int, phi float64) side {
	own := slices.Clone(f.gaps[w])
	for t := range own {
		if f.told[w][t] < 0.5 {
			own[t] = math.NaN()
		}
	}
	m := spell.Measure(own, f.Start, f.End, scanSettings(phi))
	heard := m.Seen >= leastSpoken && m.Known-m.Seen >= leastPeriods/2 && m.SE > 0 && 2*m.SE <= f.Shift
	return side{m.Shift, m.SE, heard}
}

// weakerSide is the z of the side that shows less, and whether the two are so far
// apart that only the weaker can be relied on. A side that is alone is held
// against what both show with its silent months filled in.
func (f *finding) weakerSide() (z float64, apart bool) {
	m, x := f.sides[byImporter], f.sides[byExporter]
	switch {
	case m.heard && !x.heard:
		return m.shift / m.se, f.Shift-m.shift > sidesApart*m.se
	case !m.heard && x.heard:
		return x.shift / x.se, f.Shift-x.shift > sidesApart*x.se
	case !m.heard:
		return 0, false
	}
	return min(m.shift/m.se, x.shift/x.se), math.Abs(m.shift-x.shift) > sidesApart*math.Hypot(m.se, x.se)
}

// sidesApart is how many standard errors of their difference two sides may be
// apart before the weaker alone counts. With 2.5 nine of 771 accounts without a
// build passed below a log p of -8 on 20 simulated worlds, with 2 four.
const sidesApart = 2

// leastSpoken is the number of periods of a spell in which a side must speak.
const leastSpoken = 3

// contradicts says whether the first witness does not show what the second
// does: its own figures are no significant rise and much less of one.
func contradicts(first, second side) bool {
	return first.shift < 1.645*first.se && first.shift < 0.6*second.shift
}

// notAssessable says why a spell cannot be judged; nothing where it can.
func (f *finding) notAssessable() []string {
	var doubts []string
	importer, exporter := f.sides[byImporter], f.sides[byExporter]
	if f.silent() {
		doubts = append(doubts, "own_silence") // what it sells on cannot be seen
	}
	if reference.IsHub(f.economy) && f.passesOn() > mostPassedOn {
		doubts = append(doubts, "entrepot") // its account is a difference of passages
	}
	if len(known(f.gap[:f.Start])) < leastBefore {
		doubts = append(doubts, "start_unseen")
	}
	if float64(f.Known-f.Seen) < mostlyUsual*float64(f.Seen) {
		doubts = append(doubts, "short_history")
	}
	if importer.heard && !exporter.heard && (f.Seen < longAlone || f.Shift < largeAlone) && !f.corroborated() {
		doubts = append(doubts, "single_witness")
	}
	if f.Shift > math.Log(1+mostPlausible) {
		doubts = append(doubts, "implausible_size")
	}
	if f.Seen < longAlone && f.useFell > 2.0/3 && f.supplyRose() < 0.4 {
		doubts = append(doubts, "use_fell")
	}
	return doubts
}

const (
	// mostPassedOn is the share of its imports that a hub may export for its account
	// to be assessed.
	mostPassedOn = 0.25
	// leastBefore is the number of known periods before a spell from which a level
	// before it can be told.
	leastBefore = 4
	// mostlyUsual is how many times as long as the spell the rest of the account
	// must be known for its level to be the usual one.
	mostlyUsual = 1.5
	// A spell that one side alone declares counts if it lasts so long and is so
	// large: errors of reporting come in shorter runs, changes of method are
	// smaller, up to a third. One that a fall of use makes counts if it lasts.
	longAlone  = 6
	largeAlone = 0.4
	// mostPlausible is the excess, as a share of use, beyond which the figures are
	// not on one footing: a unit, or a use that leaves most users out.
	mostPlausible = 5
)

// passesOn is what the economy usually exports over what it imports.
func (f *finding) passesOn() float64 {
	in, out := 0.0, 0.0
	for i := range f.in {
		in += f.in[i].usual[byExporter]
	}
	for i := range f.out {
		out += f.out[i].usual[byExporter]
	}
	return out / in
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

// aroundUse is how many periods on each side of a spell its use is held against.
const aroundUse = 12

// fallOfUse is the part of the shift that a fall of use makes: the median log use
// of the periods around the spell less that inside, over the shift. For a few
// months a survey that is out of line looks the same as stocks that grow because
// use fell.
func (f *finding) fallOfUse() float64 { return -f.moveOf(f.use) / f.Shift }

// supplyRose is the part that a rise of supply makes.
func (f *finding) supplyRose() float64 {
	supply := make([]float64, len(f.use))
	for t := range supply {
		supply[t] = math.Exp(f.gap[t]) * f.use[t]
	}
	return f.moveOf(supply) / f.Shift
}

// moveOf is the median log of a series in the spell less that of the periods
// around it.
func (f *finding) moveOf(x []float64) float64 {
	var inside, around []float64
	for t := max(0, f.Start-aroundUse); t < min(len(x), f.End+1+aroundUse); t++ {
		switch {
		case !(x[t] > 0):
		case t >= f.Start && t <= f.End:
			inside = append(inside, math.Log(x[t]))
		default:
			around = append(around, math.Log(x[t]))
		}
	}
	if len(inside) == 0 || len(around) == 0 {
		return 0
	}
	return robust.Median(inside) - robust.Median(around)
}

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

// shares are the lanes' parts in supply, imports first, then exports, within the
// spell or outside.
func (f *finding) shares(inside bool) []float64 {
	parts := make([]float64, len(f.in)+len(f.out))
	total := 0.0
	for t := range f.gap {
		if math.IsNaN(f.gap[t]) || (t >= f.Start && t <= f.End) != inside {
			continue
		}
		for i := range f.in {
			parts[i] += f.in[i].amount(t)
		}
		for i := range f.out {
			parts[len(f.in)+i] -= f.out[i].amount(t)
		}
		if f.production != nil {
			total += f.production[t]
		}
	}
	for _, p := range parts {
		total += p
	}
	if total > 0 {
		for i := range parts {
			parts[i] /= total
		}
	}
	return parts
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
