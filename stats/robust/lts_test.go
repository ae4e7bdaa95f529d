package robust

import (
	"errors"
	"math"
	"slices"
	"testing"
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
	if !slices.Equal(flagged(fit.Outlier), []int{3, 7}) || fit.Scale != 0 || fit.RawScale != 0 || len(fit.Warnings) != 1 {
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
