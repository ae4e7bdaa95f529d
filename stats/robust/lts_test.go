package robust

import (
	"errors"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// nearAll fails when a number of got differs from that of want by more than
// rel, relatively.
func nearAll(t *testing.T, what string, got, want []float64, rel float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s: %d numbers, want %d", what, len(got), len(want))
	}
	for i := range want {
		near(t, what, got[i], want[i], rel)
	}
}

func flagged(outlier []bool) (rows []int) {
	for i, out := range outlier {
		if out {
			rows = append(rows, i+1)
		}
	}
	return rows
}

// R 4.2.2, robustbase: ltsReg(stack.loss ~ ., stackloss, nsamp = "exact"). Its
// crit is the objective in squared MADs of the response.
func TestLTSStackloss(t *testing.T) {
	x, y := columns4(stackloss)
	fit, err := LTS(x, y, LTSSettings{})
	if err != nil {
		t.Fatal(err)
	}
	nearAll(t, "coefficients", fit.Coef, []float64{-37.6524589008, 0.79768556007, 0.57734045739, -0.067060176898}, printed)
	nearAll(t, "raw coefficients", fit.RawCoef, []float64{-37.3233264709, 0.74092106423, 0.39152672278, 0.011134539771}, printed)
	near(t, "scale", fit.Scale, 1.921876925, printed)
	near(t, "raw scale", fit.RawScale, 1.863145862, printed)
	near(t, "objective", fit.Objective/sq(MAD(y)), 0.083378476532, 1e-6) // R standardises by its own rule
	if fit.Coverage != 13 || !slices.Equal(flagged(fit.Outlier), []int{1, 3, 4, 21}) {
		t.Errorf("coverage %d, outliers %v; want 13 and 1 3 4 21", fit.Coverage, flagged(fit.Outlier))
	}
	if fit.Agreeing < 100 {
		t.Errorf("%d of %d starts reached the optimum, want hundreds", fit.Agreeing, fit.Finalists)
	}
	if !fit.Exhaustive || !fit.Converged || fit.Rows != 21 || len(fit.Warnings) != 0 {
		t.Errorf("exhaustive %v, converged %v, rows %d, warnings %v", fit.Exhaustive, fit.Converged, fit.Rows, fit.Warnings)
	}
}

// The objective that the search reports for stackloss is the least of all
// 203,490 subsets of 13 rows. Sums of whole numbers are exact, so rows can be
// put in and taken out without rounding.
func TestLTSStacklossIsTheGlobalOptimum(t *testing.T) {
	if testing.Short() {
		t.Skip("looks at 203,490 fits")
	}
	x, y := columns4(stackloss)
	fit, err := LTS(x, y, LTSSettings{})
	if err != nil {
		t.Fatal(err)
	}
	sums, coef, best := newMoments(5), make([]float64, 4), math.Inf(1)
	var walk func(from, missing int)
	walk = func(from, missing int) {
		if missing == 0 {
			if rss, ok := sums.solve(coef); ok {
				best = min(best, rss)
			}
			return
		}
		for i := from; i <= len(y)-missing; i++ {
			row := []float64{1, x[0][i], x[1][i], x[2][i], y[i]}
			sums.add(row)
			walk(i+1, missing-1)
			sums.remove(row)
		}
	}
	walk(0, 13)
	near(t, "least objective", fit.Objective, best, 1e-7) // normal equations of raw columns
}

// R 4.2.2, robustbase: ltsReg(Y ~ ., hbk). Its raw fit is not the best there
// is (crit 3.7329), but the reweighted one is the same.
func TestLTSHawkinsBraduKass(t *testing.T) {
	x, y := columns4(hbk)
	fit, err := LTS(x, y, LTSSettings{})
	if err != nil {
		t.Fatal(err)
	}
	nearAll(t, "coefficients", fit.Coef, []float64{-0.18046162865, 0.081378710688, 0.039901812523, -0.051665577077}, printed)
	near(t, "scale", fit.Scale, 0.74404116086, printed)
	if crit := fit.Objective / sq(MAD(y)); crit > 3.7328950679 {
		t.Errorf("objective %v is above that of R", crit)
	}
	if !slices.Equal(flagged(fit.Outlier), []int{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}) {
		t.Errorf("outliers %v, want 1 to 10", flagged(fit.Outlier))
	}
}

// R 4.2.2, robustbase: ltsReg(log(value) ~ log(quantity), alpha = 0.75).
func TestLTSPriceSets(t *testing.T) {
	for _, set := range priceSets {
		t.Run(set, func(t *testing.T) {
			want := readReference(t, set).LTS
			quantity, value := readPrices(t, set)
			y := logs(value)
			fit, err := LTS([][]float64{logs(quantity)}, y, LTSSettings{Alpha: 0.75, Starts: 3000})
			if err != nil {
				t.Fatal(err)
			}
			if fit.Objective/sq(MAD(y)) < want.Crit*(1-1e-6) {
				t.Log("the search found a better optimum than the reference, with other coefficients")
				return
			}
			nearAll(t, "coefficients", fit.Coef, want.Coef, printed)
			nearAll(t, "raw coefficients", fit.RawCoef, want.Raw, printed)
			near(t, "scale", fit.Scale, want.Scale, printed)
			near(t, "objective", fit.Objective/sq(MAD(y)), want.Crit, 1e-6)
			if got := len(flagged(fit.Outlier)); got != want.Outliers {
				t.Errorf("%d outliers, want %d", got, want.Outliers)
			}
		})
	}
}

// Factors at 50% and 87.5% must be those fitted, 1 where all is kept, and the
// location's are those documented for the robust time series of Rousseeuw,
// Perrotta, Riani and Hubert (2019).
func TestLTSFactors(t *testing.T) {
	near(t, "location, half", LTSSmallSample(48, 0, true, 0.5), 1/math.Sqrt(1-math.Exp(.262024211897096)/math.Pow(48, .604756680630497)), 1e-14)
	near(t, "location, most, reweighted", LTSSmallSampleReweighted(48, 0, true, 0.875),
		1/math.Sqrt(1-math.Exp(-.66046776772861)/math.Pow(48, .88939595831888)), 1e-14)
	for _, slopes := range []int{0, 1, 2, 6} {
		for _, intercept := range []bool{true, false} {
			for _, factor := range []func(int, int, bool, float64) float64{LTSSmallSample, LTSSmallSampleReweighted} {
				near(t, "all kept", factor(100, slopes, intercept, 1), 1, 1e-14)
				near(t, "many rows", factor(1e9, slopes, intercept, 0.5), 1, 1e-3)
				if f := factor(60, slopes, intercept, 0.5); !(f > 1 && f < 3) {
					t.Errorf("factor of 60 rows and %d slopes is %v", slopes, f)
				}
			}
		}
	}
	near(t, "all kept", LTSConsistency(1), 1, 0)
	// E[z^2; |z| < q] = 0.5 - 2 q phi(q) with q = 0.6744898, phi(q) = 0.3177766:
	// 0.0713259, so the inner half has mean square 0.1426518.
	near(t, "half kept", LTSConsistency(0.5), 1/math.Sqrt(0.1426518), 1e-6) // digits of the sum above
}

// At 3 and 5 rows per squared slope the factors for several slopes must give
// back the means they were fitted to (Pison et al. 2002, table 3).
func TestLTSFactorsOfSeveralSlopes(t *testing.T) {
	for _, c := range []struct {
		factor        func(int, int, bool, float64) float64
		intercept     bool
		kept          float64
		three3, five5 [2]float64
	}{
		{LTSSmallSample, true, 0.5, [2]float64{0.746945886714663, 0.56264937192689}, [2]float64{0.535478048924724, 0.543323462033445}},
		{LTSSmallSample, true, 0.875, [2]float64{0.458580153984614, 1.12236071104403}, [2]float64{0.267178168108996, 1.1022478781154}},
		{LTSSmallSample, false, 0.5, [2]float64{0.487338281979106, 0.405511279418594}, [2]float64{0.340762058011, 0.37972360544988}},
		{LTSSmallSample, false, 0.875, [2]float64{0.251778730491252, 0.883966931611758}, [2]float64{0.146660023184295, 0.86292940340761}},
		{LTSSmallSampleReweighted, true, 0.5, [2]float64{0.773365715932083, 2.02013996406346}, [2]float64{0.337571678986723, 2.02037467454833}},
		{LTSSmallSampleReweighted, true, 0.875, [2]float64{0.474174840843602, 1.39681715704956}, [2]float64{0.276640353112907, 1.42543242287677}},
		{LTSSmallSampleReweighted, false, 0.5, [2]float64{0.417574780492848, 1.83958876341367}, [2]float64{0.175753709374146, 1.8313809497999}},
		{LTSSmallSampleReweighted, false, 0.875, [2]float64{0.267522855927958, 1.17559984533974}, [2]float64{0.161200683014406, 1.21675019853961}},
	} {
		const slopes = 4
		mean := func(p [2]float64) float64 { return 1 - p[0]/math.Pow(slopes, p[1]) }
		near(t, "3 p^2 rows", c.factor(3*slopes*slopes, slopes, c.intercept, c.kept), 1/mean(c.three3), 1e-12)
		near(t, "5 p^2 rows", c.factor(5*slopes*slopes, slopes, c.intercept, c.kept), 1/mean(c.five5), 1e-12)
	}
	// One slope, by hand: exp(0.630869)/100^0.650789 = 1.879243 x 0.0499370.
	near(t, "one slope", LTSSmallSample(100, 1, true, 0.5), 1/(1-1.879243*0.0499370), 1e-5)
	near(t, "one slope, most", LTSSmallSample(100, 1, true, 0.875), 1/(1-math.Exp(.565065391014791)*math.Pow(100, -1.03044199012509)), 1e-12)
	near(t, "one slope, no intercept", LTSSmallSample(100, 1, false, 0.5), 1/(1-math.Exp(-.0181777452315321)*math.Pow(100, -.697629772271099)), 1e-12)
	near(t, "one slope, reweighted", LTSSmallSampleReweighted(100, 1, true, 0.5), 1/(1-math.Exp(1.58609654199605)*math.Pow(100, -1.46340162526468)), 1e-12)
}

// line draws n rows on y = 1 + 2 x1 - x2 + noise.
func line(seed uint64, n int) (x [][]float64, y []float64) {
	rng := NewSubsets(seed)
	x = [][]float64{normals(rng, n), normals(rng, n)}
	y = normals(rng, n)
	for i := range y {
		y[i] = 1 + 2*x[0][i] - x[1][i] + 0.5*y[i]
	}
	return x, y
}

// A regression is turned with its data: y -> a y + b + X g, x -> c x, and rows
// in any order.
func TestLTSRelations(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x, y := line(rapid.Uint64().Draw(t, "seed"), 16)
		a := rapid.SampledFrom([]float64{-2, 1, 1000}).Draw(t, "a")
		c := rapid.SampledFrom([]float64{-1, 0.001, 3}).Draw(t, "c")
		b := rapid.Float64Range(-10, 10).Draw(t, "b")
		g := rapid.Float64Range(-10, 10).Draw(t, "g")
		plain, err := LTS(x, y, LTSSettings{})
		if err != nil {
			t.Fatal(err)
		}
		turnedX, turnedY := [][]float64{affine(x[0], c, 0), x[1]}, affine(y, a, b)
		for i := range turnedY {
			turnedY[i] += g * x[1][i]
		}
		turned, err := LTS(turnedX, turnedY, LTSSettings{})
		if err != nil {
			t.Fatal(err)
		}
		// All subsets are tried, so both find the optimum: rounding is left.
		const tol = 1e-8
		if math.Abs(turned.Objective-a*a*plain.Objective) > tol*a*a*plain.Objective {
			t.Fatalf("objective %v, want %v", turned.Objective, a*a*plain.Objective)
		}
		want := []float64{a*plain.RawCoef[0] + b, a * plain.RawCoef[1] / c, a*plain.RawCoef[2] + g}
		for j := range want {
			if math.Abs(turned.RawCoef[j]-want[j]) > tol*(1+math.Abs(want[j])) {
				t.Fatalf("raw coefficients %v, want %v", turned.RawCoef, want)
			}
		}
		if !slices.Equal(turned.Outlier, plain.Outlier) {
			t.Fatalf("outliers changed from %v to %v", flagged(plain.Outlier), flagged(turned.Outlier))
		}
	})
}

func permuted(seed uint64, x [][]float64, y []float64) (px [][]float64, py []float64, order []int) {
	order = make([]int, len(y))
	NewSubsets(seed).Draw(order, len(y))
	px = make([][]float64, len(x))
	for _, row := range order {
		for j := range x {
			px[j] = append(px[j], x[j][row])
		}
		py = append(py, y[row])
	}
	return px, py, order
}

func TestFitsDoNotDependOnTheOrderOfRows(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		seed := rapid.Uint64().Draw(t, "seed")
		x, y := line(seed, rapid.IntRange(30, 60).Draw(t, "n"))
		px, py, order := permuted(seed+1, x, y)
		a, err1 := LTS(x, y, LTSSettings{Starts: 20, Exhaustive: -1})
		b, err2 := LTS(px, py, LTSSettings{Starts: 20, Exhaustive: -1})
		if err1 != nil || err2 != nil || !slices.Equal(a.Coef, b.Coef) || a.Scale != b.Scale {
			t.Fatalf("lts: %v %v became %v %v (%v, %v)", a.Coef, a.Scale, b.Coef, b.Scale, err1, err2)
		}
		for i, row := range order {
			if a.Residuals[row] != b.Residuals[i] || a.Outlier[row] != b.Outlier[i] {
				t.Fatalf("row %d lost its residual or its flag", row)
			}
		}
		c, err1 := MM(x, y, MMSettings{Starts: 20, Exhaustive: -1})
		d, err2 := MM(px, py, MMSettings{Starts: 20, Exhaustive: -1})
		if err1 != nil || err2 != nil || !slices.Equal(c.Coef, d.Coef) || !slices.Equal(c.SE, d.SE) {
			t.Fatalf("mm: %v %v became %v %v (%v, %v)", c.Coef, c.SE, d.Coef, d.SE, err1, err2)
		}
	})
}

// A quarter of the rows moved far away, in the response, among the columns or
// both, leaves the fits where the other rows put them.
func TestFitsBearAQuarterOfWildRows(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x, y := line(rapid.Uint64().Draw(t, "seed"), 60)
		far := rapid.SampledFrom([]float64{1e3, 1e8, -1e15, 1e100}).Draw(t, "far")
		where := rapid.IntRange(1, 3).Draw(t, "where")
		for i := range 15 {
			if where&1 != 0 {
				y[4*i] = far
			}
			if where&2 != 0 {
				x[0][4*i] = far * (1 + float64(i)/15)
			}
		}
		lts, err := LTS(x, y, LTSSettings{})
		if err != nil {
			t.Fatal(err)
		}
		mm, err := MM(x, y, MMSettings{})
		if err != nil {
			t.Fatal(err)
		}
		for j, want := range []float64{1, 2, -1} {
			// 45 good rows with noise 0.5 give standard errors near 0.08, some
			// 0.12 for LTS in the worst samples; 6 of them.
			if !(math.Abs(lts.Coef[j]-want) < 0.7) || !(math.Abs(mm.Coef[j]-want) < 0.5) {
				t.Fatalf("lts %v, mm %v, want near 1 2 -1", lts.Coef, mm.Coef)
			}
		}
		if !(lts.Scale < 2 && mm.Scale < 2) { // twice over what no wild row gives, twice again
			t.Fatalf("scales %v and %v, want near 0.5", lts.Scale, mm.Scale)
		}
	})
}

// Wild rows in two columns at once look collinear beside the rounding they
// bring, but are not.
func TestWildRowsDoNotHideTheRank(t *testing.T) {
	x, y := line(1, 60)
	for i := range 15 {
		x[0][4*i], x[1][4*i] = 1e15, 1e15
	}
	fit, err := LTS(x, y, LTSSettings{})
	if err != nil || math.Abs(fit.Coef[1]-2) > 0.7 {
		t.Errorf("%v, %v; want a slope near 2", fit.Coef, err)
	}
}

func TestLTSEdges(t *testing.T) {
	nan := math.NaN()
	seq := []float64{1, 2, 3, 4, 5, 6, 7, 8}
	for name, c := range map[string]struct {
		x [][]float64
		y []float64
		s LTSSettings
	}{
		"empty":            {nil, nil, LTSSettings{}},
		"one row":          {nil, []float64{3}, LTSSettings{}},
		"rows = coef":      {[][]float64{{1, 2}}, []float64{3, 4}, LTSSettings{}},
		"ragged":           {[][]float64{{1, 2}}, seq, LTSSettings{}},
		"NaN response":     {nil, []float64{1, 2, nan}, LTSSettings{}},
		"NaN column":       {[][]float64{{1, nan, 3, 4}}, []float64{1, 2, 3, 4}, LTSSettings{}},
		"constant column":  {[][]float64{constant(8, 4)}, seq, LTSSettings{}},
		"collinear":        {[][]float64{seq, affine(seq, 2, 1)}, []float64{1, 3, 2, 5, 4, 7, 6, 8}, LTSSettings{}},
		"nothing to fit":   {nil, seq, LTSSettings{ThroughOrigin: true}},
		"alpha too small":  {nil, seq, LTSSettings{Alpha: 0.3}},
		"negative starts":  {nil, seq, LTSSettings{Starts: -1}},
		"infinite in row0": {nil, []float64{math.Inf(1), 1, 2}, LTSSettings{}},
	} {
		if fit, err := LTS(c.x, c.y, c.s); err == nil {
			t.Errorf("%s: want an error, got %+v", name, fit)
		}
	}
	if _, err := LTS(nil, []float64{1, 2, nan}, LTSSettings{}); !errors.Is(err, ErrNotFinite) {
		t.Errorf("NaN: %v, want ErrNotFinite", err)
	}
}

func TestLTSExactFit(t *testing.T) {
	x := []float64{1, 2, 3, 4, 5, 6, 7, 8}
	y := affine(x, 3, 2)
	y[2], y[6] = 100, -40
	fit, err := LTS([][]float64{x}, y, LTSSettings{})
	if err != nil {
		t.Fatal(err)
	}
	nearAll(t, "coefficients", fit.Coef, []float64{2, 3}, 1e-12) // rounding
	if !slices.Equal(flagged(fit.Outlier), []int{3, 7}) || fit.Scale > 1e-9 || len(fit.Warnings) != 1 {
		t.Errorf("outliers %v, scale %v, warnings %v", flagged(fit.Outlier), fit.Scale, fit.Warnings)
	}
	equal, err := LTS(nil, constant(6, 7), LTSSettings{})
	if err != nil || equal.Coef[0] != 7 || equal.Scale != 0 || len(flagged(equal.Outlier)) != 0 {
		t.Errorf("all equal: %+v, %v", equal, err)
	}
}

// For a location, h neighbouring values of the sorted sample have the least
// sum of squares: by hand, 2 3 4 of 0 2 3 4 9.
func TestLTSLocationByHand(t *testing.T) {
	fit, err := LTS(nil, []float64{9, 0, 4, 2, 3}, LTSSettings{})
	if err != nil || fit.Coverage != 3 || math.Abs(fit.RawCoef[0]-3) > 1e-12 || math.Abs(fit.Objective-2) > 1e-12 {
		t.Errorf("%+v, %v; want the mean 3 of 2 3 4 with sum of squares 2", fit, err)
	}
}

// Large samples are searched in groups; what comes out must be as good as what
// the plain search finds.
func TestLTSNested(t *testing.T) {
	x, y := line(4, 4000)
	for i := range 1500 {
		y[i] += 20
	}
	fit, err := LTS(x, y, LTSSettings{})
	if err != nil {
		t.Fatal(err)
	}
	again, err := LTS(x, y, LTSSettings{Seed: 99, Starts: 3000})
	if err != nil {
		t.Fatal(err)
	}
	near(t, "objective", fit.Objective, again.Objective, 1e-4) // two local optima side by side at most
	for j, want := range []float64{1, 2, -1} {
		if math.Abs(fit.Coef[j]-want) > 0.06 { // 6 standard errors of 0.01
			t.Errorf("coefficients %v, want near 1 2 -1", fit.Coef)
		}
	}
}

func TestWorkspaceDoesNotAllocate(t *testing.T) {
	y := shiftedSeries(1, 120)
	s := newShiftScan(120, 4, 3)
	if n := testing.AllocsPerRun(3, func() { s.run(y, 12, 40) }); n != 0 {
		t.Errorf("%v allocations in a scan, want none", n)
	}
}

// Sums over a kept set with a wild row lose the small residuals to rounding;
// the objective must be right all the same.
func TestObjectiveSurvivesWildRows(t *testing.T) {
	x, y := line(2, 40)
	x[0][5], y[5] = 1e8, 1e8
	w := NewWorkspace(40, 3, 30)
	w.SetColumn(0, constant(40, 1))
	w.SetColumn(1, x[0])
	w.SetColumn(2, x[1])
	w.SetResponse(y)
	if !w.StartFromRows([]int{5, 8, 30}) {
		t.Fatal("the start determines no fit")
	}
	for range 3 {
		if _, ok := w.Step(); !ok {
			t.Fatal("a step failed")
		}
		sum := 0.0
		for i, in := range w.Kept() {
			if in {
				sum += sq(y[i] - w.Coef()[0] - w.Coef()[1]*x[0][i] - w.Coef()[2]*x[1][i])
			}
		}
		near(t, "objective", w.Objective(), sum, 1e-6)
	}
}

// Of rows with equal residuals only as many are kept as there is room for.
func TestTiesAtTheBorder(t *testing.T) {
	y := []float64{0, 0, 1, 1, 1, 1, -1, -1}
	w := NewWorkspace(8, 1, 5)
	w.SetColumn(0, constant(8, 1))
	w.SetResponse(y)
	w.StartFromCoef([]float64{0})
	if moved, ok := w.Step(); !ok || moved != 5 {
		t.Errorf("%d rows moved, %v; want 5", moved, ok)
	}
	if want := []bool{true, true, true, true, true, false, false, false}; !slices.Equal(w.Kept(), want) {
		t.Errorf("kept %v, want the first of the tied rows", w.Kept())
	}
}

func TestCStepsNeverRaiseTheObjective(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x, y := line(rapid.Uint64().Draw(t, "seed"), 50)
		w := NewWorkspace(50, 3, 30)
		w.SetColumn(0, constant(50, 1))
		w.SetColumn(1, x[0])
		w.SetColumn(2, x[1])
		w.SetResponse(y)
		if !w.StartFromRows([]int{1, 7, 30}) {
			t.Skip("undetermined")
		}
		last := math.Inf(1)
		for range 100 {
			moved, ok := w.Step()
			if !ok {
				t.Fatal("a step failed")
			}
			if w.Objective() > last*(1+1e-12) { // rounding
				t.Fatalf("objective rose from %v to %v", last, w.Objective())
			}
			if moved == 0 {
				kept := 0
				for _, in := range w.Kept() {
					if in {
						kept++
					}
				}
				if kept != 30 {
					t.Fatalf("%d rows kept, want 30", kept)
				}
				return
			}
			last = w.Objective()
		}
		t.Fatal("no fixed point in 100 steps")
	})
}

func BenchmarkLTSStackloss(b *testing.B) {
	x, y := columns4(stackloss)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := LTS(x, y, LTSSettings{}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkLTS120(b *testing.B) {
	x, y := line(1, 120)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := LTS(x, y, LTSSettings{}); err != nil {
			b.Fatal(err)
		}
	}
}
