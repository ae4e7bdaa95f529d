package reliability

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"
	"pgregory.net/rapid"

	"counterflow/data"
)

// Squares without error are explained exactly, up to what the restriction adds:
// here both roles have the same variances, so that it adds nothing.
func TestSpreadsOfExactSquares(t *testing.T) {
	variance := []float64{0.01, 0.02, 0.04, 0.08, 0.16}
	s := &spreads{exporters: 5, importers: 5, center: -3, between: 1, betweenGroups: 0.5, own: 0.3, log: make([]float64, 11+traits)}
	for i := range s.log[:10] {
		s.log[i] = -3
	}
	for x := range variance {
		for m := range variance {
			for range 40 { // priors must not matter
				l := laneGaps{n: 1e6, exporter: int32(x), importer: int32(m), variance: variance[x] + variance[m], freedom: 1e6 - 1, carried: 1}
				l.quarters[0] = quarter{n: 1e9, square: l.variance / TailFactor}
				s.terms = append(s.terms, newSpreadTerm(&l))
			}
		}
	}
	centerTraits(s.terms)
	fitSpreads(s)
	if !s.converged {
		t.Fatalf("not converged after %d rounds", s.iterations)
	}
	for i := range variance {
		for side := range 2 {
			if got := s.variance(side, i, 0); math.Abs(got/variance[i]-1) > 0.05 {
				t.Errorf("side %d, reporter %d: %.4f, want %.4f", side, i, got, variance[i])
			}
		}
	}
}

// Half of the exporter's variance left in the gaps is not half the variance.
func TestCarriedVariance(t *testing.T) {
	s := &spreads{exporters: 3, importers: 3, center: -3, between: 1, betweenGroups: 0.5, own: 0.3, log: make([]float64, 7+traits)}
	for i := range s.log[:6] {
		s.log[i] = -3
	}
	for x := range 3 {
		for m := range 3 {
			for k := range 80 {
				carried := 0.5 + 0.5*float64(k%2)
				l := laneGaps{n: 1e6, exporter: int32(x), importer: int32(m), variance: 0.04*carried + 0.04, freedom: 1e6 - 1, carried: carried}
				l.quarters[0] = quarter{n: 1e9, square: l.variance / TailFactor}
				s.terms = append(s.terms, newSpreadTerm(&l))
			}
		}
	}
	centerTraits(s.terms)
	fitSpreads(s)
	if x, m := s.variance(0, 0, 0), s.variance(1, 0, 0); math.Abs(x/0.04-1) > 0.05 || math.Abs(m/0.04-1) > 0.05 {
		t.Errorf("exporter %.4f, importer %.4f; want 0.04 for both", x, m)
	}
}

// The spread of a lane is about its neighbours: a change of level is none.
func TestLaneGaps(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	fit := func(shift float64) laneGaps {
		var f gapFitter
		for i := range 60 {
			g := 0.2*r.NormFloat64() + 0.1
			if i >= 30 {
				g += shift
			}
			f.months = append(f.months, monthGap{log: g, carried: 1})
		}
		return f.fit()
	}
	var calm, shifted []float64
	for range 200 {
		calm = append(calm, fit(0).variance)
		shifted = append(shifted, fit(0.5).variance)
	}
	// The factor is a little too large for normal errors, and so is the allowance
	// for the medians of the neighbourhood.
	if got := average(calm); math.Abs(got/0.04-1) > 0.12 {
		t.Errorf("variance %.4f, want about 0.04", got)
	}
	if got := average(shifted) / average(calm); got > 1.2 {
		t.Errorf("a change of level adds %.0f%% to the variance", 100*(got-1))
	}
	var f gapFitter
	f.months = []monthGap{{log: 0.3}, {log: 0.1}, {log: 0.2}}
	if l := f.fit(); l.center != 0.2 || l.freedom != 0 || l.n != 3 {
		t.Errorf("three periods give %+v", l)
	}
	f.months = slices.Repeat([]monthGap{{log: 0.3, carried: 1}}, 20)
	if l := f.fit(); l.center != 0.3 || l.variance > 1e-4 {
		t.Errorf("equal gaps give %+v", l)
	}
}

// Gaps whose timing is in doubt widen nothing.
func TestDoubtfulMonths(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 2))
	var variances []float64
	for range 200 {
		var f gapFitter
		for i := range 60 {
			g := monthGap{log: 0.2 * r.NormFloat64(), carried: 1}
			if i%2 == 0 {
				g.doubt = 1
				g.log += r.NormFloat64()
			}
			f.months = append(f.months, g)
		}
		variances = append(variances, f.fit().variance)
	}
	if got := average(variances); got < 0.03 || got > 0.06 {
		t.Errorf("variance %.3f, want about 0.04, that of the months without doubt", got)
	}
}

// Causes are probabilities, and each explains the gap up to the variance left.
func TestCauses(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := newLevels(0, 2, 2, 1)
		term := levelTerm{gap: rapid.Float64Range(-30, 30).Draw(t, "gap"), variance: rapid.Float64Range(0, 0.1).Draw(t, "variance"),
			class: Class(rapid.IntRange(0, int(classes)-1).Draw(t, "class"))}
		sum := 0.0
		for _, c := range l.causes(&term, &unhinted) {
			if c.probability < 0 || c.xVariance < -1e-12 || c.mVariance < -1e-12 {
				t.Fatalf("cause %+v", c)
			}
			sum += c.probability
			if term.variance == 0 && math.Abs(c.m-c.x-term.gap) > 1e-9 {
				t.Fatalf("cause %+v leaves %g of a gap of %g", c, term.gap-(c.m-c.x), term.gap)
			}
		}
		if math.Abs(sum-1) > 1e-9 {
			t.Fatalf("probabilities sum to %v", sum)
		}
	})
}

// Ways share the variances of their pair.
func TestWaysHaveTheVariancesOfTheirPair(t *testing.T) {
	l := newLevels(0, 2, 2, 1)
	l.exporters[0], l.importers[0], l.misnamed[Ordinary].variance = 0.02, 0.03, 0.4
	exporter, importer := l.sides(&levelTerm{})
	term := levelTerm{gap: 0.1, variance: 0.01}
	for i, c := range l.causes(&term, &unhinted) {
		x, m := exporter[ways[i][0]].variance, importer[ways[i][1]].variance
		whole := x + m + term.variance
		if math.Abs(c.xVariance-x*(1-x/whole)) > 1e-12 || math.Abs(c.mVariance-m*(1-m/whole)) > 1e-12 { // rounding
			t.Errorf("way %d leaves variances of %g and %g, want %g and %g", i, c.xVariance, c.mVariance, x*(1-x/whole), m*(1-m/whole))
		}
	}
}

// The size that a lane should have weighs causes by the density of what each
// leaves of it.
func TestHintWeighsCauses(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := newLevels(0, 2, 2, 1)
		term := levelTerm{gap: rapid.Float64Range(-2, 2).Draw(t, "gap")}
		hint := sizeHint{size: 10, variance: rapid.Float64Range(0.5, 4).Draw(t, "variance"), report: 10 + rapid.Float64Range(-3, 3).Draw(t, "above"), ok: true}
		plain, judged := l.causes(&term, &unhinted), l.causes(&term, &hint)
		want, sum := [waysInAll]float64{}, 0.0
		for i, c := range plain {
			want[i] = c.probability * distuv.Normal{Mu: hint.size, Sigma: math.Sqrt(hint.variance + c.xVariance)}.Prob(hint.report-c.x)
			sum += want[i]
		}
		for i, c := range judged {
			if math.Abs(c.probability-want[i]/sum) > 1e-9 { // rounding
				t.Fatalf("cause %d has %g, want %g", i, c.probability, want[i]/sum)
			}
			if math.Abs(c.m-c.x-term.gap) > 1e-9 {
				t.Fatalf("cause %+v leaves the gap", c)
			}
		}
	})
}

// Odds and bounds are kept whatever the extrapolation asks for.
func TestVectorRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := newLevels(0, 3, 2, 2)
		v := l.vector()
		for i := range v {
			v[i] += rapid.Float64Range(-20, 20).Draw(t, "step")
		}
		l.set(v)
		once := l.vector()
		l.set(once)
		if furthest(once, l.vector()) > 1e-9 {
			t.Fatalf("bounds are not stable: %v, then %v", once, l.vector())
		}
		if l.brokenShare < leastShare || l.brokenShare > mostShare || l.wide.mean < wideBounds[0] || l.broken.mean < brokenBounds[0] {
			t.Fatalf("out of bounds: %+v", l)
		}
	})
}

// Sizes: two exporters of which one sells ten times as much, to all importers
// alike, and lanes that scatter by half a log.
func TestSizes(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	var lanes []sizeLane
	for i := range 20 {
		for j := range 20 {
			lanes = append(lanes, sizeLane{exporter: economy(i), importer: economy(20 + j), distance: float32(math.Log(float64(1+(i+j)%7)) - 1),
				size: float32(10 + math.Ln10*float64(i%2) + 0.5*r.NormFloat64() - 0.8*(math.Log(float64(1+(i+j)%7))-1))})
		}
	}
	good := commodityOf("284690")
	s := fitSizes(lanes, []int{0, len(lanes)}, good)
	if math.Abs(s.slope+0.8) > 0.1 || math.Abs(math.Sqrt(s.variance)-0.5) > 0.05 {
		t.Errorf("slope %.2f, spread %.2f; want -0.8, 0.5", s.slope, math.Sqrt(s.variance))
	}
	small, large := find(s.blocks[good[0]].exporters, economy(0)), find(s.blocks[good[0]].exporters, economy(1))
	if d := large.effect - small.effect; math.Abs(d-math.Ln10) > 0.4 {
		t.Errorf("the large exporter sells e^%.2f times as much, want 10", d)
	}
	if fitSizes(lanes[:100], []int{0, 100}, good) != nil {
		t.Error("a hundred lanes are taken to tell sizes")
	}
}

func commodityOf(code string) []data.Commodity {
	return []data.Commodity{data.MustCommodity(code, data.EditionUnknown)}
}

// A lane's own deviation, by hand: with all timing sure, squares of e times what is
// expected, and very many periods, it is one; with hardly any it is nothing; in
// between information n/2.5 and prior 1/own share it out.
func TestLocate(t *testing.T) {
	square := math.Exp(-3) / TailFactor * math.E
	term := func(n float64) *spreadTerm { return &spreadTerm{quarters: quarters{{n: n, square: square}}} }
	if l := term(1e9).locate(-3, 0.5); math.Abs(l.residual-1) > 1e-3 || math.Abs(l.precision-2) > 1e-3 {
		t.Errorf("sure of it: %+v", l)
	}
	if l := term(1e-3).locate(-3, 0.5); l.precision > 1e-3 {
		t.Errorf("hardly a period: %+v", l)
	}
	// The score n (e^(1-u) - 1)/2.5 = u/own has its root at u = 0.5 for n = 2.5 x
	// 0.5/own/(e^0.5 - 1); the residual is u/own over the precision.
	n := 2.5 / (math.Exp(0.5) - 1)
	if l := term(n).locate(-3, 0.5); math.Abs(l.residual-(0.5+2.5/n)) > 2e-3 { // locateTolerance
		t.Errorf("in between: %+v, want a residual of %.4f", l, 0.5+2.5/n)
	}
	// Where doubts are all that is seen, nothing is learned.
	doubtful := &spreadTerm{quarters: quarters{{n: 100, doubt: 10, square: 10}}}
	if l := doubtful.locate(-3, 0.5); math.Abs(l.residual*l.precision) > 0.01 || l.precision > 0.01 {
		t.Errorf("doubts alone: %+v", l)
	}
}

// Periods in doubt must not make a reporter seem worse: half of the months are
// sure, and the spread comes out as it was planted.
func TestSpreadsUnderDoubt(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 4))
	s := &spreads{exporters: 3, importers: 3, center: -3, between: 1, betweenGroups: 0.5, own: 0.3, log: make([]float64, 7+traits)}
	for i := range s.log[:6] {
		s.log[i] = -3
	}
	var f gapFitter
	for x := range 3 {
		for m := range 3 {
			for range 120 {
				f.months = f.months[:0]
				for i := range 24 {
					doubt := 0.1 * float64(i%3)
					f.months = append(f.months, monthGap{r.NormFloat64() * math.Sqrt(0.03+doubt), doubt, 1})
				}
				l := f.fit()
				l.exporter, l.importer = int32(x), int32(m)
				s.terms = append(s.terms, newSpreadTerm(&l))
			}
		}
	}
	centerTraits(s.terms)
	fitSpreads(s)
	// Normal errors are told a tenth too large, see TailFactor; 1,080 lanes leave 3%.
	if got := (s.variance(0, 0, 0) + s.variance(1, 0, 0)) / 0.03; got < 0.95 || got > 1.2 {
		t.Errorf("the variances of both sides sum to %.2f of the truth", got)
	}
}

// Stretch: gaps of twice the spread on a long lane speak for nearly twice, on a
// lane too short for nothing.
func TestStretch(t *testing.T) {
	l := &Lane{X: Side{Variance: 0.02}, M: Side{Variance: 0.02}, fit: &measureFit{spreads: &spreads{own: 0.4}}}
	r := rand.New(rand.NewPCG(6, 6))
	residuals, doubts := make([]float64, 400), make([]float64, 400)
	for i := range residuals {
		residuals[i] = 2 * 0.2 * r.NormFloat64()
	}
	if got := l.Stretch(residuals, doubts); got < 3 || got > 4.2 {
		t.Errorf("variances four times as large stretch by %.2f", got)
	}
	if got := l.Stretch(residuals[:5], doubts[:5]); got != 1 {
		t.Errorf("five periods stretch by %.2f", got)
	}
	if got := l.Stretch(residuals[:12], slices.Repeat([]float64{10}, 12)); math.Abs(got-1) > 0.1 {
		t.Errorf("gaps within their doubts stretch by %.2f", got)
	}
}

// One exporter and one importer, tied by a precision of 4, with a prior variance
// of 1/2: half of the difference of the biases is what is known of either, and
// the difference has a variance of 2/(2 x 4 + 2).
func TestBiasErrorsByHand(t *testing.T) {
	b := newBiases(1, 1)
	b.between = 0.5
	b.errors([]center{{precision: 1}, {precision: 3}})
	want := math.Sqrt(2.0/10) / 2
	if math.Abs(b.exporterSE[0]-want) > 1e-12 || math.Abs(b.importerSE[0]-want) > 1e-12 {
		t.Errorf("%g and %g, want %g", b.exporterSE[0], b.importerSE[0], want)
	}
}
