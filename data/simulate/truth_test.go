package simulate

import (
	"math"
	"testing"

	"counterflow/data"
)

// planting is an exact world with cases of one kind, and the same world without
// them.
func planting(t *testing.T, kind Kind, n int) (with *World, planted, honest []declared) {
	t.Helper()
	s := exact(t)
	honest = flowsOf(t, s)
	s.Planted = map[Kind]int{kind: n}
	w, _, files := written(t, s)
	if len(w.Truth) != n {
		t.Fatalf("%d of %d cases of kind %s found a place", len(w.Truth), n, kind)
	}
	return w, rowsOf(t, files["flows.csv"]), honest
}

// change is what a line says in the planted world less what it says in the
// honest one, over the window of a case.
func change(planted, honest []declared, c *Truth, flow string, code data.Commodity, exporter, importer data.Economy) (kg, usd float64) {
	for sign, rows := range map[float64][]declared{1: planted, -1: honest} {
		for i := range rows {
			d := &rows[i]
			reporter, partner := exporter, importer
			if flow == "M" {
				reporter, partner = importer, exporter
			}
			if d.flow != flow || !summed(d) || d.code != code.Code() || d.reporter != isoOf(reporter) || d.partner != isoOf(partner) {
				continue
			}
			p, err := data.ParsePeriod(d.period)
			if err == nil && p >= c.Start && p <= c.End {
				kg, usd = kg+sign*d.kg, usd+sign*d.usd
			}
		}
	}
	return kg, usd
}

// summed takes totals and parts whose reporter gives no total.
func summed(d *declared) bool {
	return d.total() || len(d.code) == 6 && d.partner != "W00" && noTotals[d.reporter] && d.mode != "0"
}

// noTotals are the reporters of seed 1 that give parts only.
var noTotals = func() map[string]bool {
	s := small()
	w, err := Make(s)
	if err != nil {
		panic(err)
	}
	all := map[string]bool{}
	for i := range w.economies {
		if w.economies[i].noTotal {
			all[isoOf(w.economies[i].id)] = true
		}
	}
	return all
}()

func isoOf(e data.Economy) string {
	if e == data.MustEconomy("TWN") {
		return "S19"
	}
	return e.String()
}

// sum compares with a tolerance for the rounding of cells to grams and cents.
func sum(t *testing.T, c *Truth, what string, got, want float64) {
	t.Helper()
	if math.Abs(got-want) > 1 {
		t.Errorf("%s: %s is %.3f, planted %.3f", c.ID, what, got, want)
	}
}

func TestPlantedMassIsWhatIsMissing(t *testing.T) {
	type line struct {
		flow    string
		related bool
		sign    float64
	}
	for kind, lines := range map[Kind][]line{
		MissingExport: {{"X", false, -1}, {"M", false, 0}},
		MissingImport: {{"X", false, 0}, {"M", false, -1}},
	} {
		w, planted, honest := planting(t, kind, 3)
		for i := range w.Truth {
			c := &w.Truth[i]
			for _, l := range lines {
				kg, usd := change(planted, honest, c, l.flow, c.Commodity, data.Economy(c.Exporter), data.Economy(c.Importer))
				sum(t, c, l.flow+" kg", kg, l.sign*c.Kg.Float())
				sum(t, c, l.flow+" usd", usd, l.sign*c.USD.Float())
			}
			if c.Kg <= 0 || c.SeenKg != c.Kg {
				t.Errorf("%s: %s kg planted, %s seen in a world in which all speak", c.ID, c.Kg.Text(), c.SeenKg.Text())
			}
		}
	}
}

// One side books a share under another code; the sum over both codes stays.
func TestCodeSwitchKeepsTheSum(t *testing.T) {
	w, planted, honest := planting(t, CodeSwitch, 4)
	for i := range w.Truth {
		c := &w.Truth[i]
		from, to := data.Economy(c.Exporter), data.Economy(c.Importer)
		xOwn, _ := change(planted, honest, c, "X", c.Commodity, from, to)
		xOther, _ := change(planted, honest, c, "X", c.Related, from, to)
		mOwn, _ := change(planted, honest, c, "M", c.Commodity, from, to)
		mOther, _ := change(planted, honest, c, "M", c.Related, from, to)
		sum(t, c, "sum over codes of the exporter", xOwn+xOther, 0)
		sum(t, c, "sum over codes of the importer", mOwn+mOther, 0)
		sum(t, c, "what moved, on one side", -xOwn-mOwn, c.Kg.Float())
		if math.Min(math.Abs(xOwn), math.Abs(mOwn)) > 1 {
			t.Errorf("%s: both sides moved", c.ID)
		}
	}
}

func TestValueGapLeavesWeightsAlone(t *testing.T) {
	w, planted, honest := planting(t, ValueGap, 4)
	for i := range w.Truth {
		c := &w.Truth[i]
		from, to := data.Economy(c.Exporter), data.Economy(c.Importer)
		xKg, xUSD := change(planted, honest, c, "X", c.Commodity, from, to)
		mKg, mUSD := change(planted, honest, c, "M", c.Commodity, from, to)
		sum(t, c, "weight", math.Abs(xKg)+math.Abs(mKg), 0)
		sum(t, c, "value", -xUSD-mUSD, c.USD.Float())
	}
}

// What no longer goes directly arrives from the third economy; a reroute is
// declared on all four half legs, an origin switch leaves at least one out.
func TestDiversionsPassTheThirdEconomy(t *testing.T) {
	for _, kind := range []Kind{Reroute, OriginSwitch} {
		w, planted, honest := planting(t, kind, 4)
		for i := range w.Truth {
			c, p := &w.Truth[i], w.plan[i]
			from, via, to := data.Economy(c.Exporter), c.Via, data.Economy(c.Importer)
			direct, _ := change(planted, honest, c, "M", c.Commodity, from, to)
			sum(t, c, "direct imports", direct, -c.Kg.Float())
			legs := p.lanes[0].effectOf(p.id).legs
			declared := 0
			for _, leg := range []struct {
				flow string
				a, b data.Economy
				made bool
			}{{"X", from, via, legs.firstExport}, {"M", from, via, legs.firstImport}, {"X", via, to, legs.secondExport}, {"M", via, to, true}} {
				kg, _ := change(planted, honest, c, leg.flow, c.Commodity, leg.a, leg.b)
				kg -= w.ownTrade(p, leg.a, leg.b)
				if !leg.made {
					sum(t, c, "undeclared leg", kg, 0)
					continue
				}
				declared++
				sum(t, c, "declared leg", kg, c.Kg.Float())
			}
			if kind == Reroute && declared != 4 || kind == OriginSwitch && declared == 4 {
				t.Errorf("%s: %d half legs declared", c.ID, declared)
			}
		}
	}
}

// ownTrade is the mass of a lane that was made for a case, so that the third
// economy was in that trade before.
func (w *World) ownTrade(p *planned, a, b data.Economy) float64 {
	for _, l := range w.lanes {
		if l.good != p.good || w.economies[l.from].id != a || w.economies[l.to].id != b {
			continue
		}
		for _, old := range w.ranked {
			if old == l {
				return 0
			}
		}
		kg := 0.0
		for m := p.start; m <= p.end; m++ {
			kg += l.kg[m]
		}
		return kg
	}
	return 0
}

func TestStockBuildIsSupplyAboveUse(t *testing.T) {
	w, _, _ := planting(t, StockBuild, 3)
	for i, p := range w.plan {
		books := w.accounts(p.good, lanesOf(w, p.good))
		b, built := &books[p.to], 0.0
		for m := p.start; m <= p.end; m++ {
			built += b.arrived[m] - b.sold[m] - b.used[m]
		}
		sum(t, &w.Truth[i], "arrivals less use and sales", built, w.Truth[i].Kg.Float())
	}
}

func lanesOf(w *World, good int) []*lane {
	var all []*lane
	for _, l := range w.lanes {
		if l.good == good {
			all = append(all, l)
		}
	}
	return all
}

func TestBalancesClose(t *testing.T) {
	w, err := Make(preset(t, "small"))
	if err != nil {
		t.Fatal(err)
	}
	for g := range w.goods {
		for i, b := range w.accounts(g, lanesOf(w, g)) {
			// What a reseller has sold before it arrived is settled within months,
			// so the books are compared over the whole world.
			in, out := 0.0, 0.0
			for m := range b.used {
				in += b.arrived[m] + b.made[m]
				out += b.used[m] + b.sold[m] + b.extra[m]
			}
			if in == 0 && out == 0 {
				continue
			}
			if r := out / in; r < 0.999 || r > 1.15 {
				t.Errorf("%s %s: uses of %g kg, sources of %g kg", w.goods[g].code, w.economies[i].iso, out, in)
			}
		}
	}
}

func TestSplitParcelsLieUnderTheThreshold(t *testing.T) {
	w, err := Make(preset(t, "small"))
	if err != nil {
		t.Fatal(err)
	}
	limits := map[data.Commodity]float64{}
	for g, limit := range w.parcels.thresholds {
		limits[w.goods[g].id] = limit
	}
	planted := 0
	for i := range w.parcels.records {
		c := &w.parcels.records[i]
		if c.Case == "" {
			continue
		}
		planted++
		if kg, limit := c.NetWeight.Float(), limits[c.Commodity]; kg > limit || kg < 0.87*limit {
			t.Errorf("a split parcel of %g kg under a threshold of %g", kg, limit)
		}
	}
	if planted == 0 || planted*2 > len(w.parcels.records) {
		t.Errorf("%d of %d parcels are split", planted, len(w.parcels.records))
	}
}
