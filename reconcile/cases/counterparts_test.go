package cases

import (
	"math"
	"testing"

	"counterflow/data"
	"counterflow/reconcile/claims"
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
