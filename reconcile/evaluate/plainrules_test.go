package evaluate

import (
	"math"
	"testing"

	"counterflow/data"
)

func month(t *testing.T, text string) data.Period {
	t.Helper()
	p, err := data.ParsePeriod(text)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func near(t *testing.T, what string, got, want float64) {
	t.Helper()
	if math.Abs(got-want) > 1e-9*math.Max(1, math.Abs(want)) { // sums of a few floats
		t.Errorf("%s: %g, want %g", what, got, want)
	}
}

func pairOf(exporter, importer data.Economy, x, m, truth float64) pair {
	return pair{at: cell{exporter: exporter, importer: importer}, x: x, m: m, truth: truth, group: groupDirect}
}

func TestPlainFormulas(t *testing.T) {
	pairs := []pair{pairOf(1, 2, 100, 212, 150)}
	want := []float64{100, 200, 150, math.Sqrt(100 * 200)}
	for i, w := range want {
		near(t, plainRules[i].name, plainRules[i].figures(pairs, true)[0], w)
	}
	// In weight there is no margin.
	near(t, "importer's weight", plainRules[1].figures(pairs, false)[0], 212)
}

func TestAccuracyByHand(t *testing.T) {
	a := Accuracy{}
	a.add(200, 100)
	a.add(50, 100)
	a.settle()
	near(t, "log RMSE", float64(a.LogRMSE), math.Ln2)
	near(t, "log bias", float64(a.LogBias), 0)
	near(t, "WAPE", float64(a.WAPE), 150.0/200)
}

// Additive data without error come back exactly.
func TestTwoWayFitIsExactOnAdditiveData(t *testing.T) {
	a := map[data.Economy]float64{1: -0.1, 2: 0.1, 3: 0}
	b := map[data.Economy]float64{4: 0.2, 5: -0.2}
	var pairs []pair
	var y, w []float64
	for i := range a {
		for j := range b {
			pairs = append(pairs, pairOf(i, j, 1, 1, 1))
			y, w = append(y, 0.5+a[i]+b[j]), append(w, 1+float64(i))
		}
	}
	f := fitTwoWay(pairs, y, w)
	near(t, "mean", f.mean, 0.5)
	for i, v := range a {
		near(t, "exporter effect", f.effects[0][i], v)
	}
	for j, v := range b {
		near(t, "importer effect", f.effects[1][j], v)
	}
	if f.sigma > 1e-6 {
		t.Errorf("sigma %g on exact data", f.sigma)
	}
}

// The exporter that errs more gets less weight, and the figure lies between the
// two reports.
func TestBACIWeightsTrustTheSteadySide(t *testing.T) {
	var pairs []pair
	for i := range 40 {
		swing := 1.0
		if i%2 == 0 {
			swing = 2
		}
		pairs = append(pairs, pairOf(1, data.Economy(10+i%4), 100*swing, 150, 100), pairOf(2, data.Economy(10+i%4), 100*math.Sqrt(swing), 110, 100))
	}
	figures := baciWeights(pairs, false)
	weight := func(i int) float64 { return (figures[i] - pairs[i].m) / (pairs[i].x - pairs[i].m) }
	if !(weight(0) < weight(1)) {
		t.Errorf("weights %g of the unsteady and %g of the steady exporter", weight(0), weight(1))
	}
	for i, f := range figures {
		if f < math.Min(pairs[i].x, pairs[i].m)-1e-9 || f > math.Max(pairs[i].x, pairs[i].m)+1e-9 {
			t.Fatalf("figure %g lies outside %g and %g", f, pairs[i].x, pairs[i].m)
		}
	}
}

func TestHarvardRuleAveragesGoodSides(t *testing.T) {
	// Four exporters and four importers that all agree: every score is one, none
	// lies above the tenth percentile, so the smaller report is taken.
	var pairs []pair
	for i := range 4 {
		for j := range 4 {
			pairs = append(pairs, pairOf(data.Economy(1+i), data.Economy(11+j), 100, 106, 100))
		}
	}
	near(t, "agreement", harvardRule(pairs, true)[5], 100)
	// Exporter 1 disagrees with everybody: its report is dropped, theirs are kept.
	for i := range pairs[:4] {
		pairs[i].x = 300
	}
	figures := harvardRule(pairs, true)
	if f := figures[0]; math.Abs(f-100) > 1e-9 {
		t.Errorf("the poor exporter's report gets through: %g", f)
	}
}

func TestBaselineRuns(t *testing.T) {
	start := month(t, "2024-01")
	run := &Run{}
	add := func(m int, x, kg float64, spoke bool) {
		run.cells = append(run.cells, cell{1 << 10, 3, 5, start.Add(m)})
		run.reports = append(run.reports, report{x, kg, x, kg, spoke})
	}
	add(0, 100, 140, true)         // 29% of the larger
	add(1, 100, 140, true)         //
	add(2, 100, 140, true)         // third in a row
	add(3, 100, 120, true)         // 17%
	add(4, 100, 300, true)         // ratio 3
	add(5, 100, math.NaN(), true)  // declared by one side: a ratio beyond any bound
	add(6, 100, math.NaN(), false) // silent
	add(7, 90, 30, true)           // ratio 3 the other way
	gaps := plainThresholds[0].cases(run)
	if len(gaps) != 1 || gaps[0].Start != start || gaps[0].End != start.Add(2) || gaps[0].Kind != "missing_export" || gaps[0].Kg != 120 {
		t.Errorf("gap rule gives %+v", gaps)
	}
	ratios := plainThresholds[1].cases(run)
	if len(ratios) != 2 || ratios[0].Start != start.Add(4) || ratios[0].End != start.Add(5) || ratios[1].Kind != "missing_import" {
		t.Errorf("ratio rule gives %+v", ratios)
	}
}

func TestPoolSumsAndAverages(t *testing.T) {
	run, truth := handMade(t)
	one := Evaluate(run, truth, DefaultRules())
	run.Cases = run.Cases[:1]
	two := Evaluate(run, truth, DefaultRules())
	p := Pool([]*Score{one, two})
	if p.Total.Overall.All != (Tally{10, 6, 5, 5, 2, 0}) {
		t.Errorf("total %+v", p.Total.Overall.All)
	}
	if f := p.Total.False; f.False != 5 || f.DistinctFound != 6 || math.Abs(float64(f.Share)-5.0/11) > 1e-12 {
		t.Errorf("false %+v", f)
	}
	// Visible found: 3 of 3 and 1 of 3; mean 2/3, s.e. = sd/sqrt(2) = 1/3.
	for _, m := range p.Means {
		if m.Name == "visible found" {
			near(t, "mean", float64(m.Mean), 2.0/3)
			near(t, "standard error", float64(m.SE), 1.0/3)
		}
	}
	if one.Overall.All.Planted != 5 || one.ByKind[0].All.Planted != 1 {
		t.Error("pooling wrote into a score")
	}
	if text := p.Text(); len(text) < 1000 {
		t.Error("text is too short")
	}
}
