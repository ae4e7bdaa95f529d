package reliability

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"counterflow/data"
	"counterflow/reconcile/margin"
	"counterflow/reconcile/mirror"
	"counterflow/reconcile/timing"
	"counterflow/stats/robust"
)

// trial is a world in which everything about the reporters is known: economies
// trade every commodity with each other, goods arrive at once, errors are normal
// in logs.
type trial struct {
	economies, commodities, periods int
	monthly                         bool
	sigma, bias                     func(role, economy int) float64
	lasting                         func(r *rand.Rand, role, economy int) float64 // of a lane's side
	size                            func(r *rand.Rand) float64                    // ln of a lane's amounts
	seed                            uint64
}

func economy(i int) data.Economy {
	return data.MustEconomy(string([]byte{'B', 'A' + byte(i/26), 'A' + byte(i%26)}))
}

func steady(v float64) func(int, int) float64 { return func(int, int) float64 { return v } }

func newTrial(seed uint64) trial {
	return trial{economies: 16, commodities: 6, periods: 36, monthly: true, sigma: steady(0.2), bias: steady(0), seed: seed,
		lasting: func(*rand.Rand, int, int) float64 { return 0 }, size: func(r *rand.Rand) float64 { return 14 + r.NormFloat64() }}
}

func (w *trial) period(t int) data.Period {
	if w.monthly {
		p, _ := data.Month(2020, 1)
		return p.Add(t)
	}
	p, _ := data.Year(2015 + t)
	return p
}

// pairs makes the declarations; weights are half of the values.
func (w *trial) pairs() []mirror.Pair {
	r := rand.New(rand.NewPCG(w.seed, 7))
	var pairs []mirror.Pair
	for c := range w.commodities {
		good := data.MustCommodity(fmt.Sprintf("%02d0000", 10+c), data.EditionUnknown)
		for i := range w.economies {
			for j := range w.economies {
				if i == j {
					continue
				}
				x, m := w.bias(0, i)+w.lasting(r, 0, i), w.bias(1, j)+w.lasting(r, 1, j)
				size := w.size(r)
				for t := range w.periods {
					sent := size + 0.3*r.NormFloat64()
					usdX := math.Exp(sent + x + w.sigma(0, i)*r.NormFloat64())
					usdM := math.Exp(sent + m + w.sigma(1, j)*r.NormFloat64())
					pairs = append(pairs, mirror.Pair{Commodity: good, Exporter: data.Exporter(economy(i)), Importer: data.Importer(economy(j)),
						Period: w.period(t), State: mirror.Both, XKg: data.Kilograms(usdX / 2), MKg: data.Kilograms(usdM / 2),
						XUSD: data.FOB(data.Dollars(usdX)), MUSD: data.CIF(data.Dollars(usdM)), Notes: mirror.ImportFOB})
				}
			}
		}
	}
	return pairs
}

// fit runs the models with goods that arrive at once; every economy spoke in
// every period.
func fit(pairs []mirror.Pair) *Model {
	far := func(data.Exporter, data.Importer) margin.Route { return margin.Route{Km: 5000} }
	timings := timing.Fit(nil, nil, timing.Settings{Route: far})
	return Fit(pairs, margin.Fit(pairs, margin.Settings{Route: far}), timings, Settings{})
}

// spearman is the rank correlation; there are no ties.
func spearman(a, b []float64) float64 {
	ra, rb := ranks(a), ranks(b)
	n, sum := float64(len(a)), 0.0
	for i := range ra {
		sum += (ra[i] - rb[i]) * (ra[i] - rb[i])
	}
	return 1 - 6*sum/(n*(n*n-1))
}

func ranks(x []float64) []float64 {
	order := make([]int, len(x))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(i, j int) int { return cmp.Compare(x[i], x[j]) })
	r := make([]float64, len(x))
	for rank, i := range order {
		r[i] = float64(rank)
	}
	return r
}

// byRole collects what the scores say and what is true, by role.
func byRole(m *Model, measure mirror.Measure, value func(*Score) float64, truth func(role, economy int) float64) (got, want [2][]float64) {
	scores := m.Scores()
	for i := range scores {
		s := &scores[i]
		if s.Group != AllGroups || s.Measure != measure {
			continue
		}
		role := 0
		if s.Role == AsImporter {
			role = 1
		}
		e := int(s.Economy.String()[1]-'A')*26 + int(s.Economy.String()[2]-'A')
		got[role] = append(got[role], value(s))
		want[role] = append(want[role], truth(role, e))
	}
	return got, want
}

// Iterations that are stopped too early say so, each of them.
func TestStoppedTooEarly(t *testing.T) {
	w := newTrial(1)
	w.lasting = func(r *rand.Rand, _, _ int) float64 { // low ones alone, which the share of low ones must find
		if r.Float64() < 0.2 {
			return -0.8
		}
		return 0
	}
	pairs := w.pairs()
	timings, margins := timing.Fit(pairs, nil, timing.Settings{}), margin.Fit(pairs, margin.Settings{})
	m := Fit(pairs, margins, timings, Settings{Rounds: 1})
	if m.Converged {
		t.Error("one round is said to be enough")
	}
	all := strings.Join(m.Warnings, "\n")
	for _, want := range []string{"in weight the spreads of", "in value the variances still moved after 1 rounds", "levels or biases still moved", "lie below the truth still moved"} {
		if !strings.Contains(all, want) {
			t.Errorf("no warning that %s: %s", want, all)
		}
	}
}

// Reporters whose spreads are drawn from a log-normal distribution are ranked as
// they are, in each role (ten Cate 2014; 0.99 in a trial with normal errors).
func TestSpreadsAreRanked(t *testing.T) {
	w := newTrial(1)
	r := rand.New(rand.NewPCG(5, 5))
	var sigma [2][]float64
	for role := range sigma {
		for range w.economies {
			sigma[role] = append(sigma[role], 0.2*math.Exp(0.45*r.NormFloat64()))
		}
	}
	w.sigma = func(role, e int) float64 { return sigma[role][e] }
	m := fit(w.pairs())
	if !m.Converged || len(m.Warnings) > 0 {
		t.Errorf("converged %v, warnings %v", m.Converged, m.Warnings)
	}
	for _, measure := range []mirror.Measure{mirror.Weight, mirror.Value} {
		got, want := byRole(m, measure, func(s *Score) float64 { return s.Sigma }, w.sigma)
		low, _ := byRole(m, measure, func(s *Score) float64 { return s.SigmaLow }, w.sigma)
		high, _ := byRole(m, measure, func(s *Score) float64 { return s.SigmaHigh }, w.sigma)
		for role := range got {
			if rho := spearman(got[role], want[role]); rho < 0.97 {
				t.Errorf("%s, role %d: rank correlation %.3f, want 0.97", measure, role, rho)
			}
			// Normal errors are told a few percent too large, see TailFactor: all alike.
			ratios := make([]float64, len(got[role]))
			for i, v := range want[role] {
				ratios[i] = got[role][i] / v
			}
			common := robust.Median(ratios)
			if math.Abs(common-1) > 0.1 {
				t.Errorf("%s, role %d: spreads are %.3f times the truth", measure, role, common)
			}
			held := 0
			for i, v := range want[role] {
				v *= common
				if low[role][i] <= v && v <= high[role][i] {
					held++
				}
			}
			// 16 intervals at 90%: fewer than 11 happens once in 600 times.
			if held < 11 {
				t.Errorf("%s, role %d: %d of %d intervals hold the truth", measure, role, held, len(want[role]))
			}
		}
	}
}

// In one period lasting and passing errors are one, and the ranking must do with
// single gaps.
func TestOnePeriod(t *testing.T) {
	w := newTrial(2)
	w.monthly, w.periods, w.commodities = false, 1, 40
	w.sigma = func(role, e int) float64 { return 0.08 + 0.03*float64((e*7+role*5)%16) }
	m := fit(w.pairs())
	if len(m.Warnings) != 2 || !strings.Contains(m.Warnings[0], "too short") {
		t.Errorf("warnings: %v", m.Warnings)
	}
	got, want := byRole(m, mirror.Value, func(s *Score) float64 { return s.Sigma }, w.sigma)
	for role := range got {
		if rho := spearman(got[role], want[role]); rho < 0.95 {
			t.Errorf("role %d: rank correlation %.3f", role, rho)
		}
	}
	if s := m.Scores()[0]; !math.IsNaN(s.Lasting) || !math.IsNaN(s.SigmaLow) {
		t.Errorf("a score of one period claims to tell more: %+v", s)
	}
}

// Biases are found up to what all have in common, and sum to zero.
func TestBiases(t *testing.T) {
	w := newTrial(3)
	w.bias = func(role, e int) float64 { return 0.2 * math.Sin(float64(3*e+role)) }
	m := fit(w.pairs())
	got, want := byRole(m, mirror.Value, func(s *Score) float64 { return s.Bias }, w.bias)
	all := append(slices.Clone(got[0]), got[1]...)
	truth := append(slices.Clone(want[0]), want[1]...)
	if mean := average(all); math.Abs(mean) > 1e-12 {
		t.Errorf("biases average %g", mean)
	}
	errors, _ := byRole(m, mirror.Value, func(s *Score) float64 { return s.BiasSE }, w.bias)
	said := append(slices.Clone(errors[0]), errors[1]...)
	shift, squares := average(truth), 0.0
	for i := range all {
		off := all[i] - (truth[i] - shift)
		// 90 lanes of 36 months at a spread of 0.28 leave 0.005.
		if math.Abs(off) > 0.03 {
			t.Errorf("bias %d: %.3f, want %.3f", i, all[i], truth[i]-shift)
		}
		squares += off * off / (said[i] * said[i]) / float64(len(all))
	}
	// Of 32 errors the root of the mean square has a standard error of an eighth.
	if z := math.Sqrt(squares); z < 0.6 || z > 1.4 {
		t.Errorf("errors are %.2f times their standard errors", z)
	}
}

// A third of the lanes have a side that says half or double for good. The model
// must find how many they are and how far off, and give a gap of a factor of two
// to both sides alike.
func TestLastingGaps(t *testing.T) {
	w := newTrial(4)
	w.commodities = 12
	w.lasting = func(r *rand.Rand, _, _ int) float64 {
		d := 0.05 * r.NormFloat64()
		if r.Float64() < 0.18 {
			d = 0.7 + 0.05*r.NormFloat64()
			if r.Float64() < 0.5 {
				d = -d
			}
		}
		return d
	}
	m := fit(w.pairs())
	l := m.measures[mirror.Value].levels
	if got := average(l.wideShare); math.Abs(got-0.18) > 0.02 {
		t.Errorf("%.3f of the sides are off, want 0.18", got)
	}
	if math.Abs(l.wide.mean-0.7) > 0.03 {
		t.Errorf("they are off by %.3f, want 0.7", l.wide.mean)
	}
	if got := math.Sqrt(average(l.exporters)); math.Abs(got-0.05) > 0.02 {
		t.Errorf("the others scatter by %.3f, want 0.05", got)
	}
	lane := m.Lookup().Lane(&mirror.Pair{Exporter: data.Exporter(economy(0)), Importer: data.Importer(economy(1)), Commodity: data.MustCommodity("100000", data.EditionUnknown)}, mirror.Value)
	level := lane.Given(0.7, 0.001, math.NaN())
	if math.Abs(level.X.Estimate+0.35) > 0.05 || math.Abs(level.M.Estimate-0.35) > 0.05 {
		t.Errorf("a gap of 0.7 is shared out as %.2f and %.2f", level.X.Estimate, level.M.Estimate)
	}
	// Either side may be the wrong one, so the doubt reaches to both.
	if sd := math.Sqrt(level.X.Below); sd < 0.3 || sd > 0.6 {
		t.Errorf("with a doubt of %.2f", sd)
	}
	// Agreement leaves little doubt.
	if level := lane.Given(0, 0.001, math.NaN()); math.Abs(level.X.Estimate) > 0.02 || math.Sqrt(level.X.Above) > 0.1 {
		t.Errorf("no gap: %+v", level.X)
	}
}

// Where the sides of a lane part for good, sizes tell which is right: here odd
// reports are always too low, and lanes differ little in size.
func TestSizesTellLowFromHigh(t *testing.T) {
	w := newTrial(5)
	w.commodities = 12
	w.size = func(r *rand.Rand) float64 { return 14 + 0.3*r.NormFloat64() }
	w.lasting = func(r *rand.Rand, _, _ int) float64 {
		if r.Float64() < 0.15 {
			return -0.8
		}
		return 0.05 * r.NormFloat64()
	}
	m := fit(w.pairs())
	l := m.measures[mirror.Value].levels
	if l.low < 0.9 {
		t.Errorf("%.2f of the odd reports are low, want 1", l.low)
	}
	lane := m.Lookup().Lane(&mirror.Pair{Exporter: data.Exporter(economy(0)), Importer: data.Importer(economy(1)), Commodity: data.MustCommodity("100000", data.EditionUnknown)}, mirror.Value)
	if level := lane.Given(0.8, 0.001, 13.5); level.X.Estimate > -0.6 {
		t.Errorf("the low exporter keeps its word: %.2f", level.X.Estimate)
	}
	if level := lane.Given(-0.8, 0.001, 13.5); level.X.Estimate < -0.2 {
		t.Errorf("the high exporter loses its word: %.2f", level.X.Estimate)
	}
}

// Reports worlds apart are no reason for a figure that neither side declared.
func TestBrokenSideIsDropped(t *testing.T) {
	d := summary(&[waysInAll]cause{{probability: 0.7, xVariance: 0.01}, {probability: 0.3, x: -6, xVariance: 0.01}})
	if d.Estimate < -0.6 {
		t.Errorf("the estimate lies at %.2f, far from the likelier explanation at 0", d.Estimate)
	}
	// The other explanation, with a chance of 0.3, lies within 90%.
	if ninety*math.Sqrt(d.Below) < 5 {
		t.Errorf("the doubt below is %.2f only", ninety*math.Sqrt(d.Below))
	}
	if ninety*math.Sqrt(d.Above) > 1.5 {
		t.Errorf("the doubt above is %.2f", ninety*math.Sqrt(d.Above))
	}
	// Worked by hand: two halves at 0 and -0.8 lie in the middle, at twice the mean
	// square of half the cases, 0.5 x 2 x 0.4^2, plus the variance.
	even := summary(&[waysInAll]cause{{probability: 0.5, xVariance: 0.01}, {probability: 0.5, x: -0.8, xVariance: 0.01}})
	if math.Abs(even.Estimate+0.4) > 1e-9 || math.Abs(even.Below-(0.16+0.01)) > 1e-9 || math.Abs(even.Above-even.Below) > 1e-9 {
		t.Errorf("even halves: %+v", even)
	}
}

func TestNothingToLearnFrom(t *testing.T) {
	w := newTrial(6)
	w.economies, w.commodities, w.periods = 2, 1, 1
	single := w.pairs()[:1]
	weightless := slices.Clone(single)
	weightless[0].XKg, weightless[0].MKg = data.MissingKg, data.MissingKg
	oneSided := slices.Clone(single)
	oneSided[0].State, oneSided[0].MUSD, oneSided[0].MKg = mirror.ImporterSilent, data.CIF(data.MissingUSD), data.MissingKg
	unknown := data.MustEconomy("ZZZ")
	for name, c := range map[string]struct {
		pairs []mirror.Pair
		warn  []string // one for each measure; first those of histories
	}{
		"no pairs":        {nil, []string{"no lane", "no lane"}},
		"a single pair":   {single, []string{"too short", "too short"}},
		"without weights": {weightless, []string{"in value lanes are too short", "in weight no lane"}},
		"one reporter":    {oneSided, []string{"no lane", "no lane"}},
	} {
		m := fit(c.pairs)
		if len(m.Warnings) != len(c.warn) {
			t.Errorf("%s: warnings %v", name, m.Warnings)
			continue
		}
		for i, want := range c.warn {
			if !strings.Contains(m.Warnings[i], want) {
				t.Errorf("%s: warning %q, want %q", name, m.Warnings[i], want)
			}
		}
		lane := m.Lookup().Lane(&mirror.Pair{Exporter: data.Exporter(unknown), Importer: data.Importer(unknown), Commodity: data.MustCommodity("999999", data.EditionUnknown)}, mirror.Value)
		before := lane.Before()
		if before.X.Estimate != 0 || before.M.Estimate != 0 || !(before.X.Below > 0.05) || !(before.M.Above > 0.05) {
			t.Errorf("%s: an unknown lane has %+v", name, before)
		}
		if level := lane.Given(0.2, 0.01, math.NaN()); math.IsNaN(level.X.Estimate) || !(level.M.Above > 0) {
			t.Errorf("%s: a gap gives %+v", name, level)
		}
		for _, s := range m.Scores() {
			if math.IsNaN(s.Sigma) || s.N < 1 {
				t.Errorf("%s: score %+v", name, s)
			}
		}
	}
}

// Scores by group differ where reporters differ by group.
func TestGroups(t *testing.T) {
	w := newTrial(8)
	calm := w.pairs()
	for i := range calm {
		if calm[i].Commodity.Code()[:2] == "12" { // the gaps of one chapter are halved
			x, m := float64(calm[i].XUSD), float64(calm[i].MUSD)
			calm[i].MUSD = data.CIF(math.Round(x * math.Sqrt(m/x)))
		}
	}
	m := fit(calm)
	var in12, in13 []float64
	for _, s := range m.Scores() {
		switch {
		case s.Measure != mirror.Value:
		case s.Group == "12":
			in12 = append(in12, s.Sigma)
		case s.Group == "13":
			in13 = append(in13, s.Sigma)
		}
	}
	if len(in12) != 32 || len(in13) != 32 {
		t.Fatalf("%d and %d scores, want one for each reporter", len(in12), len(in13))
	}
	if got, want := average(in12), average(in13)/2; math.Abs(got/want-1) > 0.05 {
		t.Errorf("the calm chapter scatters by %.3f, want half of %.3f", got, average(in13))
	}
}

// Equal inputs give equal scores, and a currency changes nothing.
func TestSameScores(t *testing.T) {
	w := newTrial(9)
	w.economies, w.commodities = 8, 4
	pairs := w.pairs()
	a, b := fit(pairs).Scores(), fit(slices.Clone(pairs)).Scores()
	if !slices.Equal(a, b) {
		t.Error("two fits of the same pairs differ")
	}
	for i := range pairs {
		pairs[i].XUSD *= 100
		pairs[i].MUSD *= 100
	}
	for i, s := range fit(pairs).Scores() {
		// Cents are whole numbers, amounts above a hundred dollars.
		if math.Abs(s.Sigma/a[i].Sigma-1) > 1e-3 || math.Abs(s.Bias-a[i].Bias) > 1e-3 {
			t.Fatalf("in another currency %+v became %+v", a[i], s)
		}
	}
}
