package stocks

import (
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/mat"

	"counterflow/stats/robust"
	"counterflow/stats/spell"
)

// mixed is an account of two suppliers that take turns, by one witness who says twice
// what the second ships. From month 30 to 39 half as much again comes in as is used.
func mixed() *account {
	r := rand.New(rand.NewPCG(7, 7))
	const n = 60
	l := &ledger{book: &book{use: make([]float64, n)}, in: make([]lane, 2), guessed: make([]float64, n)}
	for i := range l.in {
		l.in[i] = lane{told: [witnesses][]float64{make([]float64, n), make([]float64, n)}, level: loneLevel}
	}
	for w := range witnesses {
		l.imports[w], l.exports[w] = make([]float64, n), make([]float64, n)
	}
	for t := range n {
		first, second := 100*math.Exp(0.5*r.NormFloat64()), 100*math.Exp(0.5*r.NormFloat64())
		l.use[t] = (first + second) * math.Exp(0.05*r.NormFloat64())
		if t >= 30 && t < 40 {
			first, second = 1.5*first, 1.5*second
		}
		for w := range witnesses {
			l.in[0].told[w][t], l.in[1].told[w][t] = first, 2*second
			l.imports[w][t] = first + 2*second
		}
	}
	a := &account{ledger: l}
	for w := range witnesses {
		a.gaps[w] = l.gap(w)
		centre(a.gaps[w])
	}
	return a
}

// What the mix of suppliers makes goes: the scatter falls from about .12, a doubled
// level times the spread of a half share, to near the survey's .05. The build keeps
// its ln 1.5 within two errors of some .02.
func TestLevelsAreLearnedAndBuildsAreNot(t *testing.T) {
	a := mixed()
	before := spell.Measure(a.gaps[byImporter], 30, 39, scanSettings(firstPhi))
	l := a.learn(byImporter)
	after := spell.Measure(a.gaps[byImporter], 30, 39, scanSettings(firstPhi))
	if before.Scale < 0.08 || after.Scale > 0.07 || after.Scale < 0.03 {
		t.Errorf("scatter %g before and %g after", before.Scale, after.Scale)
	}
	if math.Abs(after.Shift-math.Log(1.5)) > 0.05 {
		t.Errorf("build of %g, want %g", after.Shift, math.Log(1.5))
	}
	// Parts add up to one, so that two levels have one contrast: between .5 and 1.
	if !(l.taken > 0.4 && l.taken < 1) {
		t.Errorf("%g degrees of freedom taken", l.taken)
	}
	if moved := []float64{0.3, -0.3}; !(l.errorOf(moved, []float64{0.5, 0.5}) < 0.5*new(learned).errorOf(moved, []float64{0.5, 0.5})) {
		t.Error("nothing was learned of the levels")
	}
	if c := robust.Median(known(a.gaps[byExporter])); math.Abs(c) > 1e-12 {
		t.Errorf("the other witness was moved: %g", c)
	}
}

// Totals of a balance have no lanes to learn from, and stay as they are.
func TestNothingIsLearnedOfTotals(t *testing.T) {
	a := mixed()
	want := append([]float64(nil), a.gaps[byImporter]...)
	a.total = true
	if l := a.learn(byImporter); l.taken != 0 || l.covariance != nil {
		t.Errorf("learned %+v", l)
	}
	equal(t, "gaps", a.gaps[byImporter], want)
}

// Parts that move by .1, -.1 and .2 at levels .5, .5 and .2: sqrt(.0025 + .0025 +
// .0016). Where the first two are known to .2 with a covariance of .03, as in
// .01 (.04 + .04 - 2 .03) = .0002: sqrt(.0002 + .0016).
func TestErrorOfLevels(t *testing.T) {
	moved, levels := []float64{0.1, -0.1, 0.2}, []float64{0.5, 0.5, 0.2}
	if got, want := new(learned).errorOf(moved, levels), math.Sqrt(0.0066); math.Abs(got-want) > 1e-12 {
		t.Errorf("before %g, want %g", got, want)
	}
	l := learned{lanes: []int{0, 1}, covariance: mat.NewSymDense(2, []float64{0.04, 0.03, 0.03, 0.04})}
	if got, want := l.errorOf(moved, levels), math.Sqrt(0.0018); math.Abs(got-want) > 1e-12 {
		t.Errorf("given %g, want %g", got, want)
	}
}

// Fifteen of 60 degrees of freedom widen errors by sqrt(60/45).
func TestWidened(t *testing.T) {
	a := &account{learned: [witnesses]learned{{taken: 4}, {taken: 15}}}
	s := a.widened(spell.Spell{Seen: 5, Known: 60, Scale: 0.1, SE: 0.05, Z: 4, DF: 40, Compared: 1})
	if f := math.Sqrt(60.0 / 45); math.Abs(s.Scale-0.1*f) > 1e-12 || math.Abs(s.Z-4/f) > 1e-12 || s.DF != 25 || s.LogP != s.At(s.Z) {
		t.Errorf("%+v", s)
	}
}
