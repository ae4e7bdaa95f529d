package breaks

import (
	"math"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
)

func near(t *testing.T, what string, got, want, relative float64) {
	t.Helper()
	if !(math.Abs(got-want) <= relative*math.Abs(want)) {
		t.Errorf("%s = %.10g, want %.10g within %g", what, got, want, relative)
	}
}

// fromOne turns indices into the positions of the published tables.
func fromOne(v []int) []int {
	out := make([]int, len(v))
	for i := range v {
		out[i] = v[i] + 1
	}
	return out
}

// Reference figures: LTSts of FSDA (commit 59ac4446) run in Octave 7.3 with its
// default number of subsets and conflev .975; for the varying amplitude they
// agree with the printed output of its HTML help to every digit.
var ltsPublished = []struct {
	series       string
	amplitude    int
	position     int // from 1
	shift, se    float64
	scale        float64
	outliers     []int
	objective    float64
	trend        []float64
	trendSE      []float64
	cos, sin     []float64
	gamma, gamSE float64
}{
	{series: "P12119085", amplitude: 1, position: 27, shift: -112.6167205, se: 7.631862261, scale: 13.57113613,
		outliers: []int{1, 9, 15, 21}, objective: 1758.4015,
		trend: []float64{115.266295, 1.592010653}, trendSE: []float64{4.505099732, 0.2746484579},
		cos: []float64{-2.829622502, -9.071049093}, sin: []float64{-12.41925462, -22.6038383},
		gamma: -0.01579589464, gamSE: 0.004244203018},
	{series: "P17049075", amplitude: 1, position: 34, shift: -79.41300308, se: 5.69810547, scale: 12.41898628,
		outliers: []int{4, 5, 9, 14, 17, 18, 22, 28, 29, 32, 33}, objective: 1751.5453,
		trend: []float64{55.14020707, 0.8967233188}, trendSE: []float64{3.854953308, 0.1984757971},
		cos: []float64{15.54489913, -32.49589801}, sin: []float64{3.611868851, -16.05714838},
		gamma: -0.02259358522, gamSE: 0.00185951009},
	{series: "P12119085", position: 27, shift: -80.7912598, se: 8.734059354, scale: 14.60781708,
		outliers: []int{15, 20}, objective: 2075.452776,
		trend: []float64{120.849312, 0.6549172282}, trendSE: []float64{4.700112404, 0.3062927422},
		cos: []float64{5.318470722, -1.878753883}, sin: []float64{-1.522930808, -12.38447819}},
	{series: "P17049075", position: 34, shift: -65.52958189, se: 7.481501832, scale: 16.29396719,
		outliers: []int{1, 4, 6, 7, 17, 28, 32}, objective: 2660.854470,
		trend: []float64{70.74713856, 0.2042180139}, trendSE: []float64{5.409063124, 0.270488579},
		cos: []float64{0.04765690877, -3.340729035}, sin: []float64{7.786243669, -2.659708166}},
}

func TestLTSPublished(t *testing.T) {
	for _, ref := range ltsPublished {
		y := sharedColumn(t, "data/fsda/"+ref.series+".csv", "yQ")
		before := slices.Clone(y)
		fit, err := LTS(y, LTSSettings{Model: Model{Period: 12, Harmonics: 2, Trend: 1}, Amplitude: ref.amplitude, First: 13, Last: 34})
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(y, before) {
			t.Error("the series was changed")
		}
		if fit.Position+1 != ref.position {
			t.Errorf("%s: position %d, want %d", ref.series, fit.Position+1, ref.position)
		}
		if got := fromOne(fit.Outliers); !slices.Equal(got, ref.outliers) {
			t.Errorf("%s: outliers %v, want %v", ref.series, got, ref.outliers)
		}
		// The published fits stop at a relative tolerance of about 1e-6.
		near(t, "shift", fit.Shift, ref.shift, 1e-6)
		near(t, "shift's error", fit.ShiftSE, ref.se, 1e-6)
		near(t, "scale", fit.Scale, ref.scale, 1e-6)
		for a := range ref.trend {
			near(t, "trend", fit.Trend[a], ref.trend[a], 1e-6)
			near(t, "trend's error", fit.SE[a], ref.trendSE[a], 1e-6)
		}
		for b := range ref.cos {
			near(t, "cos", fit.Cos[b], ref.cos[b], 1e-6)
			near(t, "sin", fit.Sin[b], ref.sin[b], 1e-6)
		}
		if ref.amplitude > 0 {
			near(t, "amplitude", fit.Amplitude[0], ref.gamma, 1e-6)
			near(t, "amplitude's error", fit.SE[len(fit.SE)-2], ref.gamSE, 1e-5)
		}
		if fit.Objective > ref.objective*(1+1e-6) {
			t.Errorf("%s: objective %.6f above the published %.6f", ref.series, fit.Objective, ref.objective)
		}
		if !fit.Converged || !(fit.ShiftLogP < math.Log(1e-6)) {
			t.Errorf("%s: converged %v, ln p %.2f", ref.series, fit.Converged, fit.ShiftLogP)
		}
	}
}

// TestLTSObjectives compares every position with the least sum of squares that
// six times 60,000 random starts per position ever found.
func TestLTSObjectives(t *testing.T) {
	text, err := os.ReadFile(shared(t, "data/fsda/best_known_objective_A1B2G0.txt"))
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range strings.Split(strings.TrimSpace(string(text)), "\n") {
		name, list, _ := strings.Cut(line, ":")
		y := sharedColumn(t, "data/fsda/"+strings.Fields(name)[0]+".csv", "yQ")
		fit, err := LTS(y, LTSSettings{Model: Model{Period: 12, Harmonics: 2, Trend: 1}, First: 13, Last: 34})
		if err != nil {
			t.Fatal(err)
		}
		for i, word := range strings.Fields(list) {
			best, err := strconv.ParseFloat(word, 64)
			if err != nil {
				t.Fatal(err)
			}
			// The file holds six decimals.
			if got := fit.Objectives[i]; got > best*(1+1e-6) {
				t.Errorf("%s at %d: objective %.6f, best known %.6f", name, i+14, got, best)
			}
		}
	}
}

// The contaminated airline series of the paper's examples 1 to 3 (positions
// from 1), and the bounds on the objective that LTSts reached with a reduced
// number of subsets. The search here reaches lower objectives; that of example
// 2, 4290.84 from 1 to 100 starts per position, comes with a shift of 1307.18 where LTSts, at
// 4722.83, has 1307.72: the intervals below allow half a unit for it, a seventh
// of the standard error.
func TestLTSAirline(t *testing.T) {
	if testing.Short() {
		t.Skip("several seconds")
	}
	add := func(y []float64, from, to int, v float64) {
		for i := from - 1; i < to; i++ {
			y[i] += v
		}
	}
	planted := []int{50, 51, 52, 53, 54, 55, 70, 71, 72, 73, 74, 75, 90}
	for _, c := range []struct {
		name      string
		change    func(y []float64)
		position  int // 0: any
		low, high float64
		outliers  []int
		objective float64
	}{
		{"ex1", func(y []float64) { add(y, 50, 55, -300); add(y, 70, 75, 300); add(y, 90, 90, 300) },
			0, 15, 18, planted, 4426.43},
		{"ex2", func(y []float64) {
			add(y, 68, 144, 1300)
			add(y, 67, 67, -600)
			add(y, 45, 45, -800)
			add(y, 68, 69, 800)
		}, 68, 1307.1, 1308, []int{45, 67, 68, 69}, 4722.83},
		{"ex3", func(y []float64) {
			add(y, 50, 55, -300)
			add(y, 68, 144, -700)
			add(y, 70, 75, 300)
			add(y, 90, 90, 300)
		}, 68, -688.9, -686.6, planted, 4961.64},
	} {
		y := sharedColumn(t, "data/fsda/airline.csv", "y")
		c.change(y)
		fit, err := LTS(y, LTSSettings{
			Model: Model{Period: 12, Harmonics: 4, Trend: 2}, Amplitude: 2, First: 40, Last: 103,
			HuberCut: 1.5, Window: 10, Starts: 1,
		})
		if err != nil {
			t.Fatal(err)
		}
		got := fromOne(fit.Outliers)
		t.Logf("%s: position %d, shift %.4f (%.3f), objective %.3f, outliers %v, %d steps", c.name, fit.Position+1, fit.Shift, fit.ShiftSE, fit.Objective, got, fit.Steps)
		if c.position > 0 && fit.Position+1 != c.position {
			t.Errorf("%s: position %d, want %d", c.name, fit.Position+1, c.position)
		}
		if fit.Shift < c.low || fit.Shift > c.high {
			t.Errorf("%s: shift %.3f outside %g to %g", c.name, fit.Shift, c.low, c.high)
		}
		for _, o := range c.outliers {
			if !slices.Contains(got, o) {
				t.Errorf("%s: planted outlier %d not among %v", c.name, o, got)
			}
		}
		if fit.Objective > c.objective {
			t.Errorf("%s: objective %.2f above %.2f", c.name, fit.Objective, c.objective)
		}
	}
}

// TestLTSFinalFit takes the units that LTSts kept in example 2: on those the
// fit must be its fit.
func TestLTSFinalFit(t *testing.T) {
	y := sharedColumn(t, "data/fsda/airline.csv", "y")
	for i := 67; i < 144; i++ {
		y[i] += 1300
	}
	y[66] -= 600
	y[44] -= 800
	y[67] += 800
	y[68] += 800
	settings, err := LTSSettings{Model: Model{Period: 12, Harmonics: 4, Trend: 2}, Amplitude: 2}.withDefaults(len(y))
	if err != nil {
		t.Fatal(err)
	}
	p, err := newLTSProblem(y, settings)
	if err != nil {
		t.Fatal(err)
	}
	kept := make([]bool, len(y))
	for i := range kept {
		kept[i] = !slices.Contains([]int{45, 51, 67, 68, 69, 102, 112, 117, 124, 129, 141}, i+1)
	}
	k := p.finalKernel()
	k.move(67)
	if !k.fit(kept) {
		t.Fatal("singular")
	}
	out := LTSFit{Position: 67}
	p.report(&out, k, kept)
	near(t, "shift", out.Shift, 1307.716883, 1e-6)
	near(t, "shift's error", out.ShiftSE, 3.735558999, 1e-5)
	near(t, "scale", out.Scale, 12.06553253, 1e-6)
	near(t, "amplitude", out.Amplitude[1], 0.0001646725728, 1e-3) // flat direction: LTSts stops at 1e-8 of the sum of squares
	if got, want := fromOne(out.Outliers), []int{45, 51, 67, 68, 69, 112, 117, 124, 129, 141}; !slices.Equal(got, want) {
		t.Errorf("outliers %v, want %v", got, want)
	}
}

// No shift, and one planted in the raw airline series (LTSts in Octave).
func TestLTSAirlineLinear(t *testing.T) {
	y := sharedColumn(t, "data/fsda/airline.csv", "y")
	fit, err := LTS(y, LTSSettings{Model: Model{Period: 12, Harmonics: 1, Trend: 1}, NoShift: true})
	if err != nil {
		t.Fatal(err)
	}
	near(t, "intercept", fit.Trend[0], 96.64298108, 1e-6)
	near(t, "slope", fit.Trend[1], 2.427343802, 1e-6)
	near(t, "scale", fit.Scale, 26.77593261, 1e-6)
	if fit.Position != -1 || fit.Shift != 0 {
		t.Errorf("a shift of %g at %d where none was asked for", fit.Shift, fit.Position)
	}
	fit, err = LTS(y, LTSSettings{Model: Model{Period: 12, Harmonics: 6, Trend: 1}, NoShift: true})
	if err != nil {
		t.Fatal(err)
	}
	near(t, "intercept", fit.Trend[0], 98.05213674, 1e-6)
	near(t, "last cosine", fit.Cos[5], 0.424818332, 1e-6)
	near(t, "scale", fit.Scale, 18.63324219, 1e-6)
	for i := 54; i < len(y); i++ {
		y[i] += 130
	}
	fit, err = LTS(y, LTSSettings{Model: Model{Period: 12, Harmonics: 1, Trend: 1}, First: 13, Last: 130, Starts: 10})
	if err != nil {
		t.Fatal(err)
	}
	if fit.Position != 54 {
		t.Errorf("position %d, want 55", fit.Position+1)
	}
	// The search finds 21903.76 at 55, where LTSts stopped at 22147.93 and at a
	// shift of 114.23.
	if fit.Objective > 22147.934 || math.Abs(fit.Shift-114.2331745) > 1 {
		t.Errorf("objective %.3f, shift %.4f", fit.Objective, fit.Shift)
	}
}

// Longer real series (LTSts in Octave): sugar from Ukraine, and the log of the
// weekly exports of vehicle parts to Kazakhstan, which jump in July 2022.
func TestLTSRealSeries(t *testing.T) {
	sugar := sharedColumn(t, "data/fsda/sugar.csv", "yQ")
	fit, err := LTS(sugar, LTSSettings{Model: Model{Period: 12, Harmonics: 2, Trend: 1}, First: 13, Last: 107, Starts: 5})
	if err != nil {
		t.Fatal(err)
	}
	if got := fromOne(fit.Outliers); fit.Position+1 != 41 || !slices.Equal(got, []int{103, 107, 118, 120}) {
		t.Errorf("sugar: position %d, outliers %v", fit.Position+1, got)
	}
	t.Logf("sugar: objective %.3f, shift %.4f", fit.Objective, fit.Shift)
	// The objective found is lower than LTSts's, and so the units kept differ: the
	// shift must agree within half its error only.
	if fit.Objective > 20419.149 || math.Abs(fit.Shift+103.0913021) > 9.17/2 {
		t.Errorf("sugar: objective %.3f, shift %.4f", fit.Objective, fit.Shift)
	}
	parts := sharedColumn(t, "data/fsda/accessories.csv", "KZ")
	for i, v := range parts {
		parts[i] = math.Log(v)
	}
	fit, err = LTS(parts, LTSSettings{Model: Model{Trend: 1}, First: 13, Last: 127, Starts: 5})
	if err != nil {
		t.Fatal(err)
	}
	if got := fromOne(fit.Outliers); fit.Position+1 != 80 || !slices.Equal(got, []int{74}) {
		t.Errorf("parts: position %d, outliers %v", fit.Position+1, got)
	}
	near(t, "parts' shift", fit.Shift, 1.229763916, 1e-6)
	near(t, "parts' error", fit.ShiftSE, 0.1868446495, 1e-6)
	near(t, "parts' scale", fit.Scale, 0.4824395771, 1e-6)
}
