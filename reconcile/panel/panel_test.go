package panel

import (
	"cmp"
	"math"
	"slices"
	"testing"

	"counterflow/data"
	"counterflow/reconcile/mirror"
	"counterflow/reconcile/timing"
)

var (
	aaa, bbb = data.MustEconomy("AAA"), data.MustEconomy("BBB")
	goods    = data.MustCommodity("284690", data.EditionUnknown)
	nan      = math.NaN()
)

func month(t int) data.Period {
	p, _ := data.Month(2023, 1)
	return p.Add(t)
}

// pair is one month of a lane from AAA to BBB; kilograms, and dollars at 10 a kg.
// Negative amounts are missing.
func pair(t int, x, m float64, state mirror.State) mirror.Pair {
	p := mirror.Pair{Commodity: goods, Exporter: data.Exporter(aaa), Importer: data.Importer(bbb), Period: month(t), State: state,
		XKg: data.MissingKg, MKg: data.MissingKg, XUSD: data.FOB(data.MissingUSD), MUSD: data.CIF(data.MissingUSD)}
	if x >= 0 {
		p.XKg, p.XUSD = data.Kilograms(x), data.FOB(data.Dollars(10*x))
	}
	if m >= 0 {
		p.MKg, p.MUSD = data.Kilograms(m), data.CIF(data.Dollars(10*m))
	}
	return p
}

// spoke says that both economies published both directions in months 0 to n-1,
// but for the importer in the months listed.
func spoke(n int, silent ...int) []mirror.Coverage {
	var rows []mirror.Coverage
	for _, e := range []data.Economy{aaa, bbb} {
		for _, d := range []data.Direction{data.Export, data.Import} {
			for t := range n {
				row := mirror.Coverage{Economy: e, Direction: d, Period: month(t), Presence: mirror.Reported}
				for _, s := range silent {
					if s == t && e == bbb && d == data.Import {
						row.Presence = mirror.Silent
					}
				}
				rows = append(rows, row)
			}
		}
	}
	return rows
}

func same(t *testing.T, name string, got, want []float64) {
	t.Helper()
	for i := range want {
		if math.IsNaN(want[i]) != math.IsNaN(got[i]) || math.Abs(got[i]-want[i]) > 1e-9 {
			t.Errorf("%s: %v, want %v", name, got, want)
			return
		}
	}
}

func TestNothingDeclaredIsZeroAndSilenceIsUnknown(t *testing.T) {
	p := Build(Input{Coverage: spoke(4, 2), Pairs: []mirror.Pair{
		pair(0, 5, 6, mirror.Both),
		pair(1, -1, 7, mirror.ImportOnly),
		pair(2, 8, -1, mirror.ImporterSilent),
	}})
	if len(p.Lanes) != 1 || p.Months != 4 || p.Start != month(0) {
		t.Fatalf("panel of %d lanes, %d months from %s", len(p.Lanes), p.Months, p.Start)
	}
	same(t, "exporter", p.Lanes[0].XKg, []float64{5, 0, 8, 0})
	same(t, "importer", p.Lanes[0].MKg, []float64{6, 7, nan, 0})
}

func TestEstimatedWeightsAndCopiesAreNoWitness(t *testing.T) {
	estimated := pair(0, 5, 6, mirror.Both)
	estimated.Notes = mirror.ExportWeightEstimated
	copied := pair(1, 5, 5, mirror.Both)
	copied.Notes = mirror.ImputedMirror
	p := Build(Input{Coverage: spoke(2), Pairs: []mirror.Pair{estimated, copied}})
	same(t, "exporter", p.Lanes[0].XKg, []float64{nan, 5})
	same(t, "exporter's value", p.Lanes[0].XUSD, []float64{50, 50})
	same(t, "importer", p.Lanes[0].MKg, []float64{6, nan})
}

func TestMonthsWithPartnerUnstatedAreUnknown(t *testing.T) {
	var pairs []mirror.Pair
	for t := range 10 {
		pairs = append(pairs, pair(t, 100, 100, mirror.Both))
	}
	for t := range 10 {
		held := 4.0
		if t == 6 {
			held = 80 // far more than usual, and enough to hide the lane
		}
		bucket := pair(t, held, -1, mirror.ImporterSilent)
		bucket.Importer, bucket.Notes = data.Importer(data.Unallocated), mirror.PartnerUnstated
		pairs = append(pairs, bucket)
	}
	p := Build(Input{Coverage: spoke(10), Pairs: pairs})
	same(t, "exporter", p.Lanes[0].XKg, []float64{100, 100, 100, 100, 100, 100, nan, 100, 100, 100})
}

// A lane sells 100 a month and 20 in months 4 to 7. Hidden codes of the same corridor
// that always hold 60 of other goods do not hide what it lacks; hidden codes that hold
// 80 more in those months do.
func TestOnlyHiddenCodesThatRiseHideALane(t *testing.T) {
	hidden := data.MustCommodity("999999", data.EditionUnknown)
	for more, want := range map[float64]float64{0: 20, 80: nan} {
		var pairs []mirror.Pair
		for m := range 12 {
			sold, held := 100.0, 60.0+float64(m%3)
			if m >= 4 && m <= 7 {
				sold, held = 20, held+more
			}
			bucket := pair(m, held, 0, mirror.Both)
			bucket.Commodity = hidden
			pairs = append(pairs, pair(m, sold, 100, mirror.Both), bucket)
		}
		slices.SortStableFunc(pairs, func(a, b mirror.Pair) int { return cmp.Compare(a.Commodity, b.Commodity) })
		p := Build(Input{Coverage: spoke(12), Pairs: pairs})
		same(t, "exporter", p.Lanes[0].XKg, []float64{100, 100, 100, 100, want, want, want, want, 100, 100, 100, 100})
	}
}

// Lanes of one corridor have lags of their own: on one goods take 1.4 months, on the
// other they arrive at once, and Arrived is what the importer declares on both.
func TestEveryLaneHasItsLag(t *testing.T) {
	var pairs []mirror.Pair
	for good, months := range map[string]float64{"261100": 1.4, "261210": 0} {
		left, arrived := make([]float64, 40), make([]float64, 40)
		for m := range left {
			left[m] = math.Round(100 + 80*math.Sin(float64(m*m))) // no pattern that a shift could mimic
		}
		timing.Passage(months).Arrivals(left, arrived)
		for m := range left {
			p := pair(m, left[m], arrived[m], mirror.Both)
			p.Commodity = data.MustCommodity(good, data.EditionUnknown)
			pairs = append(pairs, p)
		}
	}
	slices.SortStableFunc(pairs, func(a, b mirror.Pair) int { return cmp.Compare(a.Commodity, b.Commodity) })
	p, _ := Prepare(Input{Coverage: spoke(40), Pairs: pairs})
	for i, months := range []float64{1.4, 0} {
		l := &p.Lanes[i]
		if got := l.Lag.Kernel.Mean(); math.Abs(got-months) > 0.1 {
			t.Errorf("lane %d: a lag of %g months, planted %g", i, got, months)
		}
		for m := 4; m < 40; m++ {
			if a := l.ArrivedUSD[m]; math.Abs(a/l.MUSD[m]-1) > 0.25 {
				t.Errorf("lane %d, month %d: %g arrive, %g are declared", i, m, a, l.MUSD[m])
			}
		}
	}
}

func TestSlipIsRepaired(t *testing.T) {
	p := &Panel{Start: month(0), Months: 24}
	l := Lane{Goods: goods, Exporter: data.Exporter(aaa), Importer: data.Importer(bbb)}
	for m := range 24 {
		price := 10 * math.Exp(0.05*math.Sin(float64(3*m)))
		kg := 100 + float64(m%5)
		l.XKg, l.XUSD = append(l.XKg, kg), append(l.XUSD, kg*price)
		l.MKg, l.MUSD = append(l.MKg, kg), append(l.MUSD, kg*price)
	}
	l.MKg[7] *= 1000
	l.MKg[8] *= 1000
	l.XUSD[15], l.MUSD[15] = 3*l.XUSD[15], 3*l.MUSD[15] // a price move on both sides is no slip
	p.Lanes = []Lane{l}
	slips := Repair(p)
	if len(slips) != 1 || slips[0] != (Slip{Lane: 0, Export: false, Start: 7, End: 8, Factor: 1000}) {
		t.Fatalf("slips %+v", slips)
	}
	if got := p.Lanes[0].MKg[7]; math.Abs(got-102) > 1e-9 {
		t.Errorf("repaired weight %g, want 102", got)
	}
}

func TestFlatUnitValueIsNoWeight(t *testing.T) {
	kg, usd := []float64{1, 2, 3, 4, 5, 6}, []float64{10, 20, 30, 40, 50, 61}
	if !isFlat(kg, usd) {
		t.Error("five equal unit values of six pass for weighed")
	}
	if isFlat(kg, []float64{10, 21, 29, 42, 49, 61}) {
		t.Error("unit values that move pass for a standard")
	}
}

func TestAnnualDataGiveAnEmptyPanel(t *testing.T) {
	year, _ := data.Year(2022)
	p := Build(Input{Coverage: []mirror.Coverage{{Economy: aaa, Period: year, Presence: mirror.Reported}}})
	if len(p.Lanes) != 0 || p.Months != 0 {
		t.Errorf("panel of %d lanes and %d months", len(p.Lanes), p.Months)
	}
}
