package evaluate

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// Four cells: two direct, one in part by a hub, one with a hub at an end; a
// fifth is declared by one side, a sixth has no truth.
const (
	accuracyPairs = pairsHeader + `280530,2024-01,AUS,BEL,100,120,1000,1060,both
280530,2024-02,AUS,BEL,100,80,1000,2120,both
280530,2024-01,AUS,JPN,50,100,500,1060,both
280530,2024-01,AUS,NLD,10,10,100,106,both
280530,2024-03,AUS,BEL,100,,1000,,export_only
280530,2024-04,AUS,BEL,100,100,1000,1060,both
`
	accuracyReconciled = `commodity,period,exporter,importer,kg,kg_low,kg_high,usd,usd_low,usd_high,rule,exporter_weight
280530,2024-01,AUS,BEL,110,90,130,1000,900,1100,r,0.5
280530,2024-02,AUS,BEL,90,80,95,2000,1500,1900,r,0.5
280530,2024-01,AUS,JPN,90,80,120,900,800,1200,r,0.5
280530,2024-01,AUS,NLD,10,9,11,100,90,110,r,0.5
280530,2024-03,AUS,BEL,100,50,150,1000,500,1500,r,1
280530,2024-04,AUS,BEL,100,50,150,1000,500,1500,r,1
`
	accuracyTrue = `commodity,period,exporter,importer,via,kg,usd
280530,2024-01,AUS,BEL,,110,1000
280530,2024-02,AUS,BEL,,100,1000
280530,2024-01,AUS,JPN,,60,600
280530,2024-01,AUS,JPN,NLD,40,400
280530,2024-01,AUS,NLD,,10,100
280530,2024-03,AUS,BEL,,100,1000
`
)

func TestAccuracyFromFiles(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "tables/cases.csv", casesHeader)
	write(t, dir, "tables/pairs.csv", accuracyPairs)
	write(t, dir, "tables/reconciled.csv", accuracyReconciled)
	write(t, dir, "true_flows.csv", accuracyTrue)
	write(t, dir, "world.json", `{"hubs": ["NLD"]}`)
	truth, err := ReadTruth(write(t, dir, "truth.csv", truthCSV))
	if err != nil {
		t.Fatal(err)
	}
	run, err := ReadRun(dir)
	if err != nil {
		t.Fatal(err)
	}
	s := Evaluate(run, truth, DefaultRules())
	find := func(measure, group, rule string) Accuracy {
		for _, a := range s.Accuracy {
			if a.Span == spanMonth && a.Measure == measure && a.Group == group && a.Rule == rule {
				return a
			}
		}
		t.Fatalf("no %s, %s, %s", measure, group, rule)
		return Accuracy{}
	}
	// Direct cells in value: exact, and 2000 of 1000: squares 0 and ln(2)^2.
	a := find("usd", groupDirect, "reconciled")
	near(t, "reconciled log RMSE", float64(a.LogRMSE), math.Ln2/math.Sqrt2)
	near(t, "reconciled WAPE", float64(a.WAPE), 0.5)
	if a.N != 2 {
		t.Errorf("%d direct cells, want 2", a.N)
	}
	near(t, "exporter's report", float64(find("usd", groupDirect, "exporter's report").LogRMSE), 0)
	near(t, "importer's / 1.06", float64(find("usd", groupDirect, "importer's / 1.06").LogRMSE), math.Ln2/math.Sqrt2)
	// The cell by the hub: the truth is 600 + 400.
	near(t, "exporter's report by a hub", float64(find("usd", groupRouted, "exporter's report").LogBias), math.Log(0.5))
	near(t, "hub at the end", float64(find("usd", groupHub, "reconciled").LogRMSE), 0)
	// In weight: 110 of 110, and 90 of 100.
	near(t, "reconciled weight WAPE", float64(find("kg", groupDirect, "reconciled").WAPE), 10.0/210)
	// By year all four months of the lane count: 5000 of 3000 reconciled, 4000 of
	// 3000 declared by the exporter, 4240/1.06 by the importer.
	want := map[string]float64{"reconciled": 5.0 / 3, "exporter's report": 4.0 / 3, "importer's / 1.06": 4.0 / 3}
	for _, a := range s.Accuracy {
		if w, ok := want[a.Rule]; ok && a.Span == spanYear && a.Measure == "usd" && a.Group == groupDirect {
			near(t, a.Rule+" by year", float64(a.LogRMSE), math.Log(w))
			delete(want, a.Rule)
		}
	}
	if len(want) > 0 {
		t.Errorf("not measured by year: %v", want)
	}
	held := map[string][2]int{}
	for _, c := range s.Intervals {
		held[c.Name] = [2]int{c.Held, c.N}
	}
	if h := held["reconciled usd, "+groupDirect]; h != [2]int{1, 2} {
		t.Errorf("value intervals hold %v, want 1 of 2", h)
	}
	if h := held["reconciled kg, "+groupDirect]; h != [2]int{1, 2} {
		t.Errorf("weight intervals hold %v, want 1 of 2", h)
	}
}

// Scores do not depend on the order of cases with different q, and one more
// case that matches nothing raises the false share and changes nothing else.
func TestScoreRelations(t *testing.T) {
	run, truth := handMade(t)
	before := Evaluate(run, truth, DefaultRules())
	rapid.Check(t, func(r *rapid.T) {
		order := rapid.Permutation(run.Cases).Draw(r, "order")
		shuffled := Evaluate(&Run{Cases: order}, truth, DefaultRules())
		if shuffled.Overall != before.Overall || shuffled.False != before.False || shuffled.Slips != before.Slips {
			r.Fatalf("order matters: %+v", shuffled.Overall)
		}
		stray := Case{Kind: rapid.SampledFrom(plantedKinds).Draw(r, "kind"), Commodity: 1 << 20, Exporter: 3, Importer: 4,
			Start: month(t, "2024-01"), End: month(t, "2024-06"), Q: rapid.Float64Range(0, 0.05).Draw(r, "q"), Assessable: true}
		more := Evaluate(&Run{Cases: append(order, stray)}, truth, DefaultRules())
		if more.Overall != before.Overall || more.False.False != before.False.False+1 || more.False.Share <= before.False.Share {
			r.Fatalf("a stray case: %+v %+v", more.Overall, more.False)
		}
	})
}
