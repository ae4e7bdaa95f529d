package cases

import (
	"math"
	"testing"

	"counterflow/data"
	"counterflow/reconcile/claims"
	"counterflow/reconcile/panel"
	"counterflow/reconcile/timing"
)

// Of a passage of 0.4 months 60% arrive in the month and 40% in the next: two
// consignments of one month arrive in one month with .6*.6+.4*.4 = .52 and one month
// apart, a given one later, with .6*.4 = .24. All that takes exactly a month arrives
// together.
func TestHowFarApartGoodsOfOneMonthArrive(t *testing.T) {
	for _, c := range []struct {
		passage float64
		months  int
		want    float64
	}{{0.4, 0, 0.52}, {0.4, 1, 0.24}, {0.4, 2, 0}, {1, 1, 0}} {
		if got := apart(timing.Passage(c.passage), c.months); math.Abs(got-c.want) > 1e-12 {
			t.Errorf("passage %g, %d months: %g, want %g", c.passage, c.months, got, c.want)
		}
	}
}

// A lane whose sides usually agree to a factor of 1.25 has 100 kg sent and 50
// received: 50 kg short as they stand, 100 - 50*1.25 = 37.5 beyond one standard
// deviation, 100 - 50*1.25^1.645 = 27.826 beyond 1.645. In the other direction it has
// nothing, and neither has a month that is not known.
func TestWhatALaneBearsBeyondItsScatter(t *testing.T) {
	a := account{arrived: []float64{100, math.NaN()}, imported: []float64{50, 10}, scatter: math.Log(1.25)}
	got, ok := a.bears(0, true)
	if want := (claims.Range{Low: 27_825, Kg: 37_500, High: 50_000}); !ok || got.Kg != want.Kg || got.High != want.High || math.Abs(float64(got.Low-want.Low)) > 5 {
		t.Errorf("%+v, want %+v to 5 g", got, want)
	}
	for _, c := range []struct {
		month int
		short bool
	}{{0, false}, {1, true}, {1, false}} {
		if got, ok := a.bears(c.month, c.short); ok || got.High > 0 {
			t.Errorf("month %d, short %t: %+v", c.month, c.short, got)
		}
	}
}

// 100 kg of 60 to 140, less 30 of 0 to 60: 70 with reaches of the root of
// 40^2 + 30^2 = 50 on either side; worth 7 of 10 dollars.
func TestTakingAwayFromAFinding(t *testing.T) {
	f := finding{kg: 100, kgLow: 60, kgHigh: 140, usd: 10}
	f.less(claims.Range{Low: 0, Kg: data.Kilograms(30), High: data.Kilograms(60)})
	if f.kg != 70 || math.Abs(f.kgLow-20) > 1e-9 || math.Abs(f.kgHigh-120) > 1e-9 || math.Abs(f.usd-7) > 1e-12 {
		t.Errorf("%+v", f)
	}
	f.less(claims.Exactly(data.Kilograms(200)))
	if f.kg != 0 || f.kgLow != 0 || f.usd != 0 {
		t.Errorf("more than all taken leaves %+v", f)
	}
}

// quiet is a lane on which both sides record 100 kg a month for two years, and goods
// take 0.4 months.
func quiet() (*evidence, *panel.Lane) {
	l := panel.Lane{Goods: data.MustCommodity("280530", data.EditionUnknown), Exporter: data.Exporter(data.MustEconomy("CHL")), Importer: data.Importer(data.MustEconomy("JPN"))}
	for range 24 {
		l.Arrived, l.MKg = append(l.Arrived, 100), append(l.MKg, 100)
		l.ArrivedUSD, l.MUSD = append(l.ArrivedUSD, 100), append(l.MUSD, 100)
	}
	start, _ := data.Month(2023, 1)
	corridor := panel.Corridor{Exporter: l.Exporter, Importer: l.Importer}
	l.Lag.Kernel = timing.Passage(0.4)
	p := &panel.Panel{Start: start, Months: 24, Lanes: []panel.Lane{l}}
	return &evidence{panel: p, byCorridor: map[panel.Corridor][]int{corridor: {0}}}, &p.Lanes[0]
}

func gapOf(start, end int, q float64) finding {
	return finding{kind: MissingExport, span: span{start: start, end: end}, sign: 1, second: -1, direct: -1, logQ: math.Log(q), kg: 1000}
}

// Two months have 50 kg too many each, and the month after lacks 30 of 80. Of its 80
// kg .6*.4 may have come a month early: 19.2, which is less than the 80 - 50 exp(0.1) =
// 24.7 that it lacks beyond its scatter. The month before the two lacks nothing.
func TestTimeOnTheWayBearsWhatTheKernelAllows(t *testing.T) {
	e, l := quiet()
	l.MKg[10], l.MKg[11] = 150, 150
	l.Arrived[12], l.MKg[12] = 80, 50
	a, err := e.allocate([]finding{gapOf(10, 11, 0.01)}, 0.05)
	if err != nil {
		t.Fatal(err)
	}
	parts := a.settled.Of(0)
	if len(parts) != 1 || parts[0].Explanation != claims.Timing || parts[0].Rest != claims.Exactly(data.Kilograms(19.2)) {
		t.Errorf("parts %+v, want 19.2 kg by timing", parts)
	}
}

// January and February go together: all of the 100 - 60 exp(0.1) = 33.690 kg that
// February lacks beyond its scatter, of 24 by timing and the rest by the calendar.
func TestJanuaryAndFebruaryGoTogether(t *testing.T) {
	e, l := quiet()
	l.MKg[11], l.MKg[12], l.MKg[13] = 150, 150, 60 // December, January, February
	a, err := e.allocate([]finding{gapOf(11, 12, 0.01)}, 0.05)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]float64{}
	for _, p := range a.settled.Of(0) {
		got[p.Explanation] = p.Rest.Kg.Float()
	}
	if len(got) != 2 || got[claims.Timing] != 24 || math.Abs(got[claims.Calendar]-9.690) > 0.001 {
		t.Errorf("%v, want 24 by timing and 9.690 by the calendar", got)
	}
}

// Four months have 100 kg too many each. A candidate listed first wants the last two
// of them and two more; the case found holds all four, so that the candidate is told
// that 200 kg are another's.
func TestTwoCasesDoNotHaveTheSameTonnes(t *testing.T) {
	e, l := quiet()
	for month := 10; month <= 13; month++ {
		l.MKg[month] = 200
	}
	a, err := e.allocate([]finding{gapOf(12, 15, 0.1), gapOf(10, 13, 0.01)}, 0.05)
	if err != nil {
		t.Fatal(err)
	}
	if one, other := a.of(0).another, a.of(1).another; one.Kg != data.Kilograms(200) || other.Kg != 0 {
		t.Errorf("%+v and %+v, want 200 kg and nothing", one, other)
	}
	f, given := a.found[0], a.of(0)
	f.usd = 1000
	if worth := given.takeFrom(&f); worth != 1000 || f.kg != 800 || f.usd != 800 {
		t.Errorf("listed by %g, of %g kg and %g dollars; want 1000, 800 and 800", worth, f.kg, f.usd)
	}
}
