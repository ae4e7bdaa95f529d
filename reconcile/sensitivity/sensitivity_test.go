package sensitivity

import (
	"math"
	"testing"

	"counterflow/data"
	"counterflow/reconcile/cases"
	"counterflow/reconcile/margin"
	"counterflow/reconcile/mirror"
	"counterflow/reconcile/panel"
	"counterflow/reconcile/timing"
)

const length = 16

func economy(iso string) data.Economy { return data.MustEconomy(iso) }

func goods(code string) data.Commodity { return data.MustCommodity(code, data.EditionUnknown) }

func month(t int) data.Period {
	p, _ := data.Month(2023, 1)
	return p.Add(t)
}

// made is one lane by month; NaN weights are missing.
type made struct {
	key  cases.LaneKey
	x, m func(t int) float64 // thousands
	kg   bool                // weights are stated, at a dollar a kilogram
}

func input(lanes []made, found ...cases.Case) Input {
	in := Input{Cases: found, Panel: &panel.Panel{Start: month(0), Months: length}, FalseShare: 0.05}
	for _, l := range lanes {
		lane := panel.Lane{Goods: l.key.Goods, Exporter: l.key.Exporter, Importer: l.key.Importer, First: len(in.Pairs), Pairs: length, Lag: timing.Lag{Kernel: timing.Immediate}}
		for t := range length {
			p := mirror.Pair{Commodity: l.key.Goods, Exporter: l.key.Exporter, Importer: l.key.Importer, Period: month(t), XKg: data.MissingKg, MKg: data.MissingKg,
				XUSD: data.FOB(data.Dollars(1000 * l.x(t))), MUSD: data.CIF(data.Dollars(1000 * l.m(t)))}
			if l.kg {
				p.XKg, p.MKg = data.Kilograms(1000*l.x(t)), data.Kilograms(1000*l.m(t))
			}
			in.Pairs = append(in.Pairs, p)
			lane.XKg, lane.MKg = append(lane.XKg, p.XKg.Float()), append(lane.MKg, p.MKg.Float())
			lane.XUSD, lane.MUSD = append(lane.XUSD, data.USD(p.XUSD).Float()), append(lane.MUSD, data.USD(p.MUSD).Float())
		}
		in.Panel.Lanes = append(in.Panel.Lanes, lane)
	}
	in.Margins = margin.Fit(nil, margin.Settings{})
	return in
}

func row(t *testing.T, rows []Row, id string, a Assumption, l Level) Row {
	t.Helper()
	for _, r := range rows {
		if r.CaseID == id && r.Assumption == a && r.Level == l {
			return r
		}
	}
	t.Fatalf("no row for %s, %s, %s", id, a, l)
	return Row{}
}

func near(got, want float64) bool { return math.Abs(got/want-1) < 1e-6 }

var (
	first  = cases.LaneKey{Goods: goods("284690"), Exporter: data.Exporter(economy("CHN")), Importer: data.Importer(economy("VNM"))}
	second = cases.LaneKey{Goods: goods("280530"), Exporter: data.Exporter(economy("CHN")), Importer: data.Importer(economy("USA"))}
)

// twoCases are worked out by hand. On the first lane the exporter declares half in
// three months, and the importer what it always did: 150 thousand kg and dollars. On
// the second the importer records three times the value, and nobody weights: 600
// thousand dollars, of which the case counts a fifth.
func twoCases() Input {
	inside := func(t int) bool { return t >= 6 && t <= 8 }
	lanes := []made{
		{first, func(t int) float64 {
			if inside(t) {
				return 50
			}
			return 100
		}, func(int) float64 { return 100 }, true},
		{second, func(int) float64 { return 100 }, func(t int) float64 {
			if inside(t) {
				return 300
			}
			return 100
		}, false},
	}
	a := cases.Case{ID: "C0001", Rank: 1, Kind: cases.MissingExport, Goods: first.Goods, Exporter: first.Exporter, Importer: first.Importer, Start: month(6), End: month(8),
		ExcessKg: data.Kilograms(150_000), ExcessKgLow: data.Kilograms(150_000), ExcessKgHigh: data.Kilograms(150_000), ExcessUSD: data.Dollars(150_000), LogP: -9, Q: 0.001}
	b := cases.Case{ID: "C0002", Rank: 2, Kind: cases.MissingExport, Goods: second.Goods, Exporter: second.Exporter, Importer: second.Importer, Start: month(6), End: month(8),
		ExcessKg: data.MissingKg, ExcessKgLow: data.MissingKg, ExcessKgHigh: data.MissingKg, ExcessUSD: data.Dollars(120_000), LogP: -8, Q: 0.01}
	return input(lanes, a, b)
}

// A month later, the exporter's low months arrive in 7 to 9: the excess is 100 of 150,
// and ln(105/55) holds in two months of three, so that p is its power of 4/9.
func TestLaterByHand(t *testing.T) {
	rows := Of(twoCases())
	if len(rows) != 18 {
		t.Fatalf("%d rows of two cases", len(rows))
	}
	for _, level := range []Level{Low, Default} {
		if r := row(t, rows, "C0001", Lag, level); r.Kg.Float() != 150_000 || r.Q != 0.001 || r.Rank != 1 || r.Setting != 0 {
			t.Errorf("the %s lag: %+v", level, r)
		}
	}
	later := row(t, rows, "C0001", Lag, High)
	if !near(later.Kg.Float(), 100_000) || !near(later.USD.Float(), 100_000) || !near(later.Q, 0.001*math.Exp(5)) || later.Setting != 1 {
		t.Errorf("a month later: %+v", later)
	}
	if other := row(t, rows, "C0002", Lag, High); later.Rank != 2 || other.Rank != 1 || other.USD.Float() != 120_000 || other.Q != 0.01 {
		t.Errorf("a month later the first has rank %d; the second is %+v", later.Rank, other)
	}
}

// Freight of a fifth leaves 250 of 300, so 150 of 200 a month are too much; ln of
// (m+5)/(x+5) falls from 305/105 to 255/105. Weights are not touched.
func TestMarginByHand(t *testing.T) {
	rows := Of(twoCases())
	dear := row(t, rows, "C0002", Margin, High)
	f := math.Log(255./105) / math.Log(305./105)
	if !near(dear.USD.Float(), 90_000) || !near(dear.Q, 0.01*math.Exp((f*f-1)*-8)) || dear.Setting != 0.2 || dear.Rank != 2 {
		t.Errorf("freight of a fifth: %+v", dear)
	}
	// The importer's 100 are worth 83.3 to the exporter, whose 50 they exceed by 33.3.
	weighed := row(t, rows, "C0001", Margin, High)
	if weighed.Kg.Float() != 150_000 || weighed.Q != 0.001 || !near(weighed.USD.Float(), 100_000) {
		t.Errorf("freight on a lane with weights: %+v", weighed)
	}
}

// Contents of the table of goods: 0.37, 0.8 and 1 for compounds, none weighed for metals.
func TestContentByHand(t *testing.T) {
	in := twoCases()
	in.Cases[1].ExcessKg, in.Cases[1].ExcessKgLow, in.Cases[1].ExcessKgHigh = data.Kilograms(80_000), data.Kilograms(60_000), data.Kilograms(90_000)
	rows := Of(in)
	for level, want := range map[Level]struct {
		kg   float64
		rank int
	}{Low: {55_500, 2}, Default: {120_000, 1}, High: {150_000, 1}} {
		if r := row(t, rows, "C0001", Content, level); !near(r.Kg.Float(), want.kg) || r.Rank != want.rank || r.USD != in.Cases[0].ExcessUSD {
			t.Errorf("%s content: %+v, want %+v", level, r, want)
		}
	}
}

// What a level does not touch keeps its rank; slips of units stay last.
func TestCasesThatAreNotTouched(t *testing.T) {
	in := twoCases()
	slip := in.Cases[0]
	slip.ID, slip.Rank, slip.Kind, slip.Q, slip.LogP = "C0003", 3, cases.UnitSlip, 0, math.Inf(-1)
	stock := cases.Case{ID: "C0004", Rank: 4, Kind: cases.StockBuild, Goods: goods("010121"), Importer: first.Importer, Start: month(6), End: month(8),
		ExcessKg: data.MissingKg, ExcessKgLow: data.MissingKg, ExcessKgHigh: data.MissingKg, ExcessUSD: data.MissingUSD, LogP: -3, Q: 0.2}
	in.Cases = append(in.Cases, slip, stock)
	rows := Of(in)
	for _, a := range Assumptions {
		for _, l := range Levels {
			if r := row(t, rows, "C0003", a, l); r.Rank != 4 || a != Content && (r.Kg != slip.ExcessKg || !math.IsNaN(r.Setting)) || r.Q != 0 {
				t.Errorf("a slip under %s %s: %+v", l, a, r)
			}
			if r := row(t, rows, "C0004", a, l); r.Rank != 3 || !math.IsNaN(r.Setting) || r.Q != 0.2 || r.Kg.Known() {
				t.Errorf("a stock build under %s %s: %+v", l, a, r)
			}
		}
	}
}

// Annual data have no months to move.
func TestAnnual(t *testing.T) {
	in := twoCases()
	in.Panel = nil
	if r := row(t, Of(in), "C0001", Lag, High); !math.IsNaN(r.Setting) || r.Rank != 1 || r.Kg != in.Cases[0].ExcessKg {
		t.Errorf("a lag without months: %+v", r)
	}
	if r := row(t, Of(in), "C0002", Margin, High); !near(r.USD.Float(), 90_000) {
		t.Errorf("a margin without a panel: %+v", r)
	}
}

// A departure that turns round under a level is no case there.
func TestTurnedRound(t *testing.T) {
	in := twoCases()
	in.Cases[1].Kind = cases.MissingImport // which the lane does not show
	if r := row(t, Of(in), "C0002", Margin, High); r.USD != in.Cases[1].ExcessUSD || r.Q != in.Cases[1].Q {
		t.Errorf("a case that the lane does not show: %+v", r)
	}
	c := cases.Case{ID: "C0005", LogP: -9, Q: 0.001, ExcessKg: data.Kilograms(5), ExcessUSD: data.Dollars(5)}
	if r := scaled(Row{}, &c, 0, 0, 0); r.Q != 1 || r.Kg != 0 {
		t.Errorf("turned round: %+v", r)
	}
}

// The second leg of a detour, which the exporter alone declares, carries 100 thousand
// more in three months; a month later one of them has passed out of the window.
func TestDetourLater(t *testing.T) {
	leg := cases.LaneKey{Goods: first.Goods, Exporter: data.Exporter(economy("GEO")), Importer: first.Importer}
	c := cases.Case{ID: "C0001", Rank: 1, Kind: cases.Reroute, Goods: first.Goods, Exporter: first.Exporter, Importer: first.Importer, Via: economy("GEO"), Start: month(6), End: month(8),
		ExcessKg: data.Kilograms(300_000), ExcessKgLow: data.Kilograms(200_000), ExcessKgHigh: data.Kilograms(400_000), ExcessUSD: data.Dollars(300_000), LogP: -9, Q: 0.001}
	in := input([]made{{leg, func(t int) float64 {
		if t >= 6 && t <= 8 {
			return 200
		}
		return 100
	}, func(int) float64 { return 0 }, true}}, c)
	if r := row(t, Of(in), "C0001", Lag, High); !near(r.Kg.Float(), 200_000) || !(r.Q > 0.001) {
		t.Errorf("a month later: %+v", r)
	}
	if r := row(t, Of(in), "C0001", Margin, High); r.USD != c.ExcessUSD || !math.IsNaN(r.Setting) {
		t.Errorf("freight on a detour: %+v", r)
	}
}
