package evaluate

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The hand-made world: five planted cases, two look-alikes, two slips.
const truthCSV = `id,kind,commodity,related_commodity,exporter,importer,via,start,end,share,kg,usd,months_seen,seen_kg,seen_usd,z
a,missing_export,280530,,AUS,BEL,,2024-01,2024-12,0.4,1000,5000,12,1000,5000,9
b,missing_import,284690,,AUS,JPN,,2024-01,2024-06,0.2,500,900,6,400,720,3
c,code_switch,811010,282580,CHN,USA,,2024-03,2024-08,0.8,600,1200,6,600,1200,20
d,origin_switch,811010,,CHN,DEU,THA,2023-01,2023-12,0.6,2400,9000,12,2400,9000,7
e,value_gap,250410,,BRA,FRA,,2024-01,2024-04,0.5,8000,300,2,8000,300,8
L1,trader_start,280530,,SGP,KOR,,2023-01,2024-12,0.3,10,10,5,10,10,
L2,method_change,,,,ITA,,2024-01,2024-12,0.2,,,0,,,
`

const slipsCSV = `id,reporter,flow,commodity,exporter,importer,start,end,factor
s1,AUS,X,280530,AUS,GBR,2024-05,2024-05,1000
s2,CHN,X,250410,CHN,GBR,2024-07,2024-08,0.001
`

const casesHeader = "case_id,rank,kind,commodity,related_commodity,exporter,importer,via,start,end,excess_kg,excess_kg_low,excess_kg_high,excess_usd,p_value,q_value,assessable,caveats,statement\n"

// What each line should come out as stands in its statement.
const casesCSV = casesHeader +
	`1,1,missing_export,280530,,AUS,BEL,,2024-02,2024-11,900,800,1100,1,0,0.001,true,,finds a and names and sizes it
2,2,unexplained,280530,,AUS,BEL,,2024-01,2024-12,1000,,,1,0,0.0001,true,,finds a too but calls it by no name
3,3,missing_import,284690,,AUS,JPN,,2024-01,2024-02,800,700,900,1,0,0.01,true,,covers a third of b; twice the 400 seen
4,4,code_switch,282580,811010,CHN,USA,,2024-03,2024-08,700,650,750,1,0,0.02,true,,finds c with its codes the other way round; interval misses 600
5,5,missing_export,811010,,THA,DEU,,2023-01,2023-12,2400,,,1,0,0.03,true,,finds d by its third economy; neither name nor origin
6,6,missing_import,811010,,CHN,DEU,,2023-01,2023-12,2400,,,1,0,0.03,true,,the lane that d leaves: belongs
7,7,missing_import,811010,,CHN,THA,,2023-02,2023-11,2400,,,1,0,0.04,true,,the first leg of d: belongs
8,8,value_gap,250410,,BRA,FRA,,2024-01,2024-04,1,,,330,0,0.05,true,,finds and names e; 330 of 300 USD
9,9,origin_switch,280530,,AUS,KOR,SGP,2024-01,2024-12,5,,,1,0,0.05,true,,false: taken from L1
10,10,missing_export,250410,,CHN,ITA,,2024-02,2024-05,5,,,1,0,0.05,true,,false: taken from L2
11,11,missing_export,250410,,CHN,GBR,,2024-07,2024-07,5,,,1,0,0.05,true,,false: taken from slip s2
12,12,missing_export,250410,,CHN,POL,,2024-07,2024-09,5,,,1,0,0.05,true,,false for no known reason
13,13,missing_export,250410,,CHN,ESP,,2024-07,2024-09,5,,,1,0,0.08,true,,above q
14,14,missing_export,250410,,CHN,ESP,,2024-07,2024-09,5,,,1,0,0.01,false,,not assessable
15,15,unit_slip,280530,,AUS,GBR,,2024-05,2024-05,5,,,1,0,0.5,true,,slip s1
16,16,unit_slip,280530,,AUS,GBR,,2024-06,2024-06,5,,,1,0,0.01,true,,invented
17,17,missing_export,280530,,AUS,BEL,,2020-01,2024-12,900,,,1,0,0.001,true,,60 months: more than 3 x 12 + 6; false
`

func write(t *testing.T, dir, name, text string) string {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

const pairsHeader = "commodity,period,exporter,importer,x_kg,m_kg,x_usd,m_usd,state\n"

func handMade(t *testing.T) (*Run, *Truth) {
	t.Helper()
	dir := t.TempDir()
	write(t, dir, "tables/cases.csv", casesCSV)
	write(t, dir, "tables/pairs.csv", pairsHeader)
	write(t, dir, "slips.csv", slipsCSV)
	truth, err := ReadTruth(write(t, dir, "truth.csv", truthCSV))
	if err != nil {
		t.Fatal(err)
	}
	run, err := ReadRun(dir)
	if err != nil {
		t.Fatal(err)
	}
	return run, truth
}

func TestScoreByHand(t *testing.T) {
	s := Evaluate(handMade2(handMade(t)))
	// Visible are a, c and d: b has z 3, e was seen in 2 months. All but b (800 of
	// 400 kg) are sized, all but d are named.
	if want := (Stratum{"all", Tally{5, 5, 4, 4, 1, 0}, Tally{3, 3, 2, 3, 1, 0}}); s.Overall != want {
		t.Errorf("overall %+v, want %+v", s.Overall, want)
	}
	// False are lines 9 to 12 and 17; 6 and 7 belong; 5 planted cases are found.
	if f := s.False; f.Flagged != 13 || f.False != 5 || f.Belonging != 2 || f.DistinctFound != 5 || f.Share != 0.5 {
		t.Errorf("false %+v", f)
	}
	want := map[string]Falses{
		"missing_export": {Flagged: 6, False: 4, DistinctFound: 2, Share: Ratio(4.0 / 6)},
		"missing_import": {Flagged: 3, Belonging: 2, DistinctFound: 1},
		"origin_switch":  {Flagged: 1, False: 1, Share: 1},
	}
	for _, f := range s.FalseByKind {
		w, ok := want[f.Name]
		if w.Name = f.Name; ok && f != w {
			t.Errorf("false by kind %+v, want %+v", f, w)
		}
		delete(want, f.Name)
	}
	if len(want) > 0 {
		t.Errorf("kinds missing: %v", want)
	}
	if s.Unattributed != 2 {
		t.Errorf("%d unattributed, want 2", s.Unattributed)
	}
	taken := []Taken{{"trader_start", 1, 1, 1}, {"method_change", 1, 1, 1}, {"unit_slip", 2, 1, 1}}
	for i, w := range taken {
		if s.LookAlikes[i] != w {
			t.Errorf("look-alike %+v, want %+v", s.LookAlikes[i], w)
		}
	}
	if w := (SlipScore{Present: 2, Found: 1, Listed: 2, Invented: 1}); s.Slips != w {
		t.Errorf("slips %+v, want %+v", s.Slips, w)
	}
	// Named with an interval and a mass: a (800..1100 holds 1000), b (700..900
	// misses 400), c (650..750 misses 600).
	if c := s.Intervals[0]; c.N != 3 || c.Held != 1 {
		t.Errorf("intervals %+v, want 1 of 3", c)
	}
	// At q <= 0.01: lines 1, 2, 3 and 17; false is 17, found are a and b.
	if c := s.Calibration[0]; c.Flagged != 4 || c.False != 1 || c.Found != 2 || math.Abs(float64(c.Share)-1.0/3) > 1e-12 {
		t.Errorf("calibration %+v", c)
	}
	// At q <= 0.10 line 13 is false as well.
	if c := s.Calibration[2]; c.False != 6 || c.Found != 5 {
		t.Errorf("calibration %+v", c)
	}
}

// handMade2 adds the rules, so that Evaluate can take the result.
func handMade2(run *Run, truth *Truth) (*Run, *Truth, Rules) { return run, truth, DefaultRules() }

func TestStrata(t *testing.T) {
	s := Evaluate(handMade2(handMade(t)))
	find := func(all []Stratum, name string) Stratum {
		for _, st := range all {
			if st.Name == name {
				return st
			}
		}
		t.Fatalf("no stratum %q", name)
		return Stratum{}
	}
	if st := find(s.ByShare, "0.5 to 0.7"); st.All.Planted != 2 || st.Visible.Planted != 1 {
		t.Errorf("share 0.5 to 0.7: %+v, want d and e, of which d is visible", st)
	}
	if st := find(s.ByLength, "3 to 5 months"); st.All != (Tally{1, 1, 1, 1, 0, 0}) {
		t.Errorf("3 to 5 months: %+v, want e alone", st)
	}
	if st := find(s.ByZ, "3 to 5"); st.All.Planted != 1 || st.All.Sized != 0 {
		t.Errorf("z 3 to 5: %+v, want b alone, not sized", st)
	}
	for _, r := range s.Recall {
		if r.Kind == "code_switch" && r.ShareLow == 0.7 && (r.Planted != 1 || r.Found != 1 || r.MeanShare != 0.8) {
			t.Errorf("recall %+v", r)
		}
	}
}

func TestTracedAndNamedDiversion(t *testing.T) {
	run, truth := handMade(t)
	run.Cases = append(run.Cases, Case{Kind: "origin_switch", Commodity: truth.Planted[3].Commodity, Exporter: truth.Planted[3].Exporter,
		Importer: truth.Planted[3].Importer, Via: truth.Planted[3].Via, Start: truth.Planted[3].Start, End: truth.Planted[3].End,
		Kg: 2400, Q: 0.001, Assessable: true})
	s := Evaluate(run, truth, DefaultRules())
	if v := s.Overall.Visible; v.Named != 3 || v.Traced != 1 {
		t.Errorf("visible %+v, want 3 named and 1 traced", v)
	}
}

func TestWindowsMeet(t *testing.T) {
	rules, p := DefaultRules(), Planted{Start: month(t, "2024-01"), End: month(t, "2024-06")}
	for _, c := range []struct {
		start, end string
		want       bool
	}{
		{"2024-01", "2024-06", true},
		{"2024-05", "2024-08", true},  // 2 of 6 months
		{"2024-06", "2024-08", false}, // 1 of 6
		{"2023-01", "2024-12", true},  // 24 = 3 x 6 + 6
		{"2023-01", "2025-01", false}, // 25
		{"2024-07", "2024-09", false},
	} {
		if got := rules.meets(window{month(t, c.start), month(t, c.end)}, p.window()); got != c.want {
			t.Errorf("%s to %s: %v, want %v", c.start, c.end, got, c.want)
		}
	}
}

func TestStockBuildsAndParcelsKeepToThemselves(t *testing.T) {
	stock := Planted{Kind: stockBuild, Commodity: 1 << 10, Importer: 5}
	lane := Case{Kind: "missing_export", Commodity: 1 << 10, Exporter: 3, Importer: 5}
	if finds(&lane, &stock) || touches(&lane, &stock) {
		t.Error("a lane case matches a stock build")
	}
	own := Case{Kind: stockBuild, Commodity: 1 << 10, Importer: 5}
	if !finds(&own, &stock) {
		t.Error("a stock build does not match its own kind")
	}
	parcels := Planted{Kind: splitConsignment, Commodity: 1 << 10, Exporter: 3, Importer: 5}
	if finds(&lane, &parcels) {
		t.Error("a lane case matches split consignments")
	}
}

func TestHubLegBelongs(t *testing.T) {
	p := Planted{Kind: valueGap, Commodity: 1 << 10, Exporter: 3, Importer: 5, Via: 9}
	leg := Case{Kind: valueGap, Commodity: 1 << 10, Exporter: 3, Importer: 9}
	if finds(&leg, &p) || !touches(&leg, &p) {
		t.Error("the hub's leg should belong to the case and not find it")
	}
	other := Case{Kind: valueGap, Commodity: 1 << 10, Exporter: 4, Importer: 9}
	if touches(&other, &p) {
		t.Error("another exporter's lane to the hub belongs to the case")
	}
}

func TestJSONHasNoNaN(t *testing.T) {
	run, truth := handMade(t)
	run.Cases = nil
	s := Evaluate(run, truth, DefaultRules())
	text, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(text), `"share":null`) {
		t.Error("an undefined share should be null")
	}
	if !strings.Contains(s.Text(), "by oracle z") {
		t.Error("the text lacks a table")
	}
}

func TestReadersNameWhatIsWrong(t *testing.T) {
	dir := t.TempDir()
	if _, err := ReadTruth(write(t, dir, "truth.csv", strings.Replace(truthCSV, "2024-03", "spring", 1))); err == nil ||
		!strings.Contains(err.Error(), "truth.csv: line 4") || !strings.Contains(err.Error(), "column start") {
		t.Errorf("error %v does not name file, line and column", err)
	}
	if _, err := ReadTruth(write(t, dir, "truth.csv", "id,kind\n")); err == nil || !strings.Contains(err.Error(), "column commodity is missing") {
		t.Errorf("error %v does not name the missing column", err)
	}
	if _, err := ReadRun(dir); err == nil {
		t.Error("a folder without tables is no run")
	}
}
