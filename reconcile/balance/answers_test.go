package balance

import (
	"math"
	"strings"
	"testing"

	"counterflow/data"
	"counterflow/reconcile/mirror"
)

func near(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance) {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}

func row(from, to int, kg, usd float64) Reconciled {
	return Reconciled{Commodity: goods, Period: month(0), Exporter: data.Exporter(economy(from)), Importer: data.Importer(economy(to)),
		Kg: data.Kilograms(kg), KgLow: data.Kilograms(kg / 1.5), KgHigh: data.Kilograms(kg * 1.5),
		USD: data.FOB(data.Dollars(usd)), USDLow: data.FOB(data.Dollars(usd / 1.5)), USDHigh: data.FOB(data.Dollars(usd * 1.5))}
}

func answer(from, to int, usd float64) Answer {
	return Answer{goods, data.Exporter(economy(from)), data.Importer(economy(to)), data.Dollars(usd)}
}

// Worked by hand: three cells in common at ratios 1, 2 and 1/1.1; one of ours
// that they lack and one of theirs.
func TestCompare(t *testing.T) {
	rows := []Reconciled{row(0, 1, 1, 100), row(0, 2, 1, 200), row(1, 2, 1, 100), row(2, 0, 1, 50)}
	a := Compare(rows, []Answer{answer(0, 1, 100), answer(0, 2, 100), answer(1, 2, 110), answer(1, 0, 40)})
	if a.Cells != 3 || a.OnlyOurs != 1 || a.OnlyTheirs != 1 || a.Products != 1 || a.TopAgrees != 1 {
		t.Errorf("%+v", a)
	}
	near(t, "missed", a.MissedUSD, 40, 1e-9)
	near(t, "total", a.Total, 450.0/350, 1e-12)
	near(t, "median", a.MedianLog, math.Log(1.1), 1e-12)
	near(t, "weighted", a.WeightedLog, (100*math.Ln2+110*math.Log(1.1))/310, 1e-12)
	near(t, "within 25%", a.Within25, 2.0/3, 1e-12)
	// Shares of exporters 0, 1 and 2: ours 300, 100, 50 of 450; theirs 200, 150, 0.
	near(t, "share error", a.ShareError, (math.Abs(300.0/450-200.0/350)+math.Abs(100.0/450-150.0/350))/2, 1e-12)
	top := a.Apart[0]
	near(t, "largest", top.LargestLog, math.Ln2, 1e-12)
	if top.TopOurs != data.Exporter(economy(0)) || top.LargestLane != [2]data.Economy{economy(0), economy(2)} {
		t.Errorf("%+v", top)
	}
}

// The GTAP index by hand: economy 0's exports are accurate for 100 of 300,
// economy 1's imports for 95 of 295: the exporter wins.
func TestGehlhar(t *testing.T) {
	share := learnGehlhar([]cell{{0, 0, 100, 95}, {0, 1, 200, 100}, {1, 0, 100, 200}}, 2, 2, 0).share
	if got := share(&cell{exporter: 0, importer: 0}); got != 1 {
		t.Errorf("share %v of an exporter with index 1/3 against 95/295", got)
	}
	if got := share(&cell{exporter: 1, importer: 0}); got != 0 {
		t.Errorf("share %v of an exporter with index 0", got)
	}
}

// Two-way effects of an additive table are what they were made of.
func TestTwoWay(t *testing.T) {
	a, b := []float64{-1, 0, 1}, []float64{-0.5, 0.5}
	var cells []cell
	var y, w []float64
	for i := range a {
		for j := range b {
			cells = append(cells, cell{int32(i), int32(j), 1, 1})
			y, w = append(y, 2+a[i]+b[j]), append(w, float64(1+i+j))
		}
	}
	f := fitTwoWay(cells, y, w, 3, 2, twoWayCap)
	near(t, "mean", f.mean, 2, 1e-6)
	near(t, "scale", f.scale, 0, 1e-6)
	for i := range a {
		near(t, "exporter", f.effects[0][i], a[i], 1e-6)
	}
	for j := range b {
		near(t, "importer", f.effects[1][j], b[j], 1e-6)
	}
}

// Iterations that are stopped too early say so.
func TestStoppedTooEarly(t *testing.T) {
	c := newCrowd(10, 30, 0.4, 0.3, 3, nil)
	models := learn(c.pairs, c.coverage)
	table, err := Reconcile(c.pairs, models, Options{Rounds: 1})
	if err != nil {
		t.Fatal(err)
	}
	if table.Lanes != 2*90 || table.Unsettled < table.Lanes/2 || len(table.Warnings) != 1 || !strings.Contains(table.Warnings[0], "still moved after 1 rounds") {
		t.Errorf("%d of %d lanes unsettled, warnings %v", table.Unsettled, table.Lanes, table.Warnings)
	}
	if whole, err := Reconcile(c.pairs, models, Options{}); err != nil || whole.Unsettled > whole.Lanes/10 || len(whole.Warnings) > 0 {
		t.Errorf("with all rounds: %d of %d unsettled, warnings %v, %v", whole.Unsettled, whole.Lanes, whole.Warnings, err)
	}
	for rule, warnings := range map[string]int{BACI: 2, Harvard: 2, Gehlhar: 0} {
		stopped, _ := Reconcile(c.pairs, models, Options{Rule: rule, Rounds: 1})
		whole, _ := Reconcile(c.pairs, models, Options{Rule: rule})
		if len(stopped.Warnings) != warnings || len(whole.Warnings) != 0 {
			t.Errorf("%s: warnings %v, with all rounds %v", rule, stopped.Warnings, whole.Warnings)
		}
	}
}

// Equal reporters have equal weights under BACI's and the Growth Lab's rules.
func TestEqualReporters(t *testing.T) {
	cells := []cell{{0, 0, 100, 110}, {0, 1, 100, 110}, {1, 0, 110, 100}, {1, 1, 110, 100}}
	for name, learn := range map[string]func([]cell, int, int, int) learned{BACI: learnBACI, Harvard: learnHarvard} {
		share := learn(cells, 2, 2, twoWayCap).share
		if name == Harvard { // nobody lies above the tenth percentile of equals: the smaller report is taken
			near(t, name, share(&cells[0]), 1, 0)
			near(t, name, share(&cells[2]), 0, 0)
			continue
		}
		near(t, name, share(&cells[0]), 0.5, 1e-9)
	}
}

// Two flows of 100 each, known equally well, and a published total of 220 that is
// known to 2%: the flows take nearly all of the difference, in equal parts.
func TestToTotals(t *testing.T) {
	rows := []Reconciled{row(0, 1, 100, 200), row(0, 2, 100, 200), row(1, 2, 70, 140)}
	total := data.Flow{Commodity: goods, Period: month(0), Exporter: data.Exporter(economy(0)), Importer: data.Importer(data.World),
		Direction: data.Export, Value: data.Dollars(440), NetWeight: data.Kilograms(220)}
	models := learn(nil, nil)
	for i := range rows {
		rows[i].Rule = rulingOf(Ours)
	}
	adjusted, fit, err := ToTotals(rows, []data.Flow{total}, models)
	if err != nil {
		t.Fatal(err)
	}
	if fit.Problems != 2 || fit.Infeasible+fit.Unsettled > 0 || fit.Moved != 4 {
		t.Errorf("%+v", fit)
	}
	near(t, "first", adjusted[0].Kg.Float(), adjusted[1].Kg.Float(), 1e-3)
	// The flows' errors: ln 1.5/1.645 of 100 each, so a variance of 2 x 608; the
	// total's: 220 x hypot(0.02, 0.1), the bias of a reporter of whom nothing is
	// known, so 503. Of 20 the flows take 20 x 1215/(1215+503).
	s := math.Log(1.5) / ninety
	flows, published := 2*1e4*s*s, 220*220*(0.02*0.02+0.01)
	near(t, "sum", adjusted[0].Kg.Float()+adjusted[1].Kg.Float(), 200+20*flows/(flows+published), 1e-2)
	if adjusted[2] != rows[2] {
		t.Errorf("a flow without a total moved: %+v", adjusted[2])
	}
	if !strings.HasSuffix(adjusted[0].Rule.String(), "adjusted to totals") || rows[0].Kg != data.Kilograms(100) {
		t.Errorf("rule %q, and the rows given hold %v", adjusted[0].Rule, rows[0].Kg)
	}
	near(t, "interval", math.Log(adjusted[0].KgHigh.Float()/adjusted[0].KgLow.Float()), 2*math.Log(1.5), 1e-4)
	if fit.MedianGapAfter >= fit.MedianGap {
		t.Errorf("the gap grew from %v to %v", fit.MedianGap, fit.MedianGapAfter)
	}
	same, fit, err := ToTotals(rows, nil, models)
	if err != nil || len(fit.Warnings) != 1 || same[0] != rows[0] {
		t.Errorf("without totals: %+v, %v", fit, err)
	}
}

// By hand: 0 makes 100 and sends 60 to 1, which makes 20, keeps 50 and sends 30
// to 2. What 1 has is three quarters from 0: 2 gets 22.5 from 0 and 7.5 from 1.
func TestTrace(t *testing.T) {
	rows := []Reconciled{row(0, 1, 60, 1), row(1, 2, 30, 1)}
	tracing, err := Trace(rows, map[data.Economy]float64{economy(0): 100, economy(1): 20, economy(2): 0})
	if err != nil || len(tracing.Warnings) > 0 || len(tracing.Assumed) > 0 {
		t.Fatal(tracing, err)
	}
	want := map[[2]data.Economy]float64{
		{economy(0), economy(0)}: 40, {economy(0), economy(1)}: 37.5, {economy(1), economy(1)}: 12.5,
		{economy(0), economy(2)}: 22.5, {economy(1), economy(2)}: 7.5,
	}
	if len(tracing.Origins) != len(want) {
		t.Errorf("%d origins: %+v", len(tracing.Origins), tracing.Origins)
	}
	for _, o := range tracing.Origins {
		near(t, o.Maker.String()+" to "+o.User.String(), o.Kg, want[[2]data.Economy{o.Maker, o.User}], 1e-9)
	}
	// Outputs that are not known are net exports: then 1 is a mere passage.
	tracing, err = Trace([]Reconciled{row(0, 1, 60, 1), row(1, 2, 60, 1)}, nil)
	if err != nil || len(tracing.Assumed) != 3 || len(tracing.Origins) != 1 || tracing.Origins[0].Maker != economy(0) || tracing.Origins[0].User != economy(2) {
		t.Errorf("%+v, %v", tracing, err)
	}
	if _, err = Trace([]Reconciled{row(0, 1, 60, 1), row(1, 0, 60, 1)}, nil); err == nil {
		t.Error("a ring that makes nothing was traced")
	}
	if tracing, err = Trace(nil, nil); err != nil || len(tracing.Warnings) != 1 {
		t.Errorf("no flows: %+v, %v", tracing, err)
	}
}

// The steps of a bridge add up, whatever the lane.
func TestBridge(t *testing.T) {
	c := newCrowd(8, 36, 0.5, 0.2, 12, func(x, m int, left, arrived []float64) {
		if x == 0 {
			for t := range left {
				left[t] *= 0.7
			}
			left[5] = nan
		}
	})
	for i := range c.pairs { // every eighth is a copy
		if p := &c.pairs[i]; i%8 == 0 && p.State == mirror.Both {
			p.MKg, p.MUSD, p.Notes = p.XKg, data.CIF(p.XUSD), p.Notes|mirror.ImputedMirror
		}
	}
	models := learn(c.pairs, c.coverage)
	rows, bridges := reconcile(t, c.pairs, models, Ours), NewBridges(c.pairs, models)
	for from := 0; from < len(c.pairs); {
		to := from + 1
		for to < len(c.pairs) && c.pairs[to].SameLane(&c.pairs[from]) {
			to++
		}
		lane := c.pairs[from:to]
		for _, measure := range measures {
			b := bridges.Of(lane, measure)
			sum := 0.0
			for i := range rows {
				if r := &rows[i]; r.Exporter == lane[0].Exporter && r.Importer == lane[0].Importer {
					if v, _, _ := (&settlement{measure: measure}).amount(r); v > 0 {
						sum += v
					}
				}
			}
			// Rows are rounded to grams and cents.
			near(t, "reconciled", b.Reconciled/sum, 1, 1e-6)
			for name, l := range map[string]Ladder{"exporter": b.Exporter, "importer": b.Importer} {
				at := l.Declared
				for _, s := range l.Steps {
					at += s.Added
				}
				near(t, name, at, b.Reconciled, 1e-6*b.Reconciled)
			}
		}
		from = to
	}
	b := bridges.Of(lay(0, 1, []float64{100}, []float64{nan}), mirror.Weight)
	if !math.IsNaN(b.Importer.Declared) || b.Exporter.Declared != 100 {
		t.Errorf("a lane of one side: %+v", b)
	}
}
