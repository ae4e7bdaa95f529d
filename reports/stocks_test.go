package reports

import (
	"math"
	"slices"
	"strings"
	"testing"

	"counterflow/data"
	"counterflow/reconcile"
	"counterflow/reconcile/cases"
	"counterflow/reconcile/stocks"
)

// built is a run with one account of three months, a build in the last two of
// them, and one study of an event.
func built() *reconcile.Result {
	first, err := data.Month(2024, 1)
	if err != nil {
		panic(err)
	}
	goods := data.MustCommodity("284690", data.EditionUnknown)
	india := data.MustEconomy("IND")
	r := &reconcile.Result{Settings: reconcile.Defaults()}
	sum := data.Kg(0)
	for i, change := range []float64{0, 1000, 2000} {
		sum += data.Kilograms(change)
		r.Stocks = append(r.Stocks, stocks.Account{Economy: india, Commodity: goods, Period: first.Add(i),
			Production: data.Kilograms(500), Imports: data.Kilograms(8500 + change), Exports: data.Kilograms(1000), Use: data.Kilograms(8000),
			Change: data.Kilograms(change), Low: data.Kilograms(change - 100), High: data.Kilograms(change + 100),
			Cumulated: sum, CumulatedLow: sum - 100_000, CumulatedHigh: sum + 100_000, MonthsOfCover: sum.Float() / 8000})
	}
	r.Cases = []cases.Case{{ID: "C0001", Rank: 1, Kind: cases.StockBuild, Goods: goods, Importer: data.Importer(india), Start: first.Add(1), End: first.Add(2),
		ExcessKg: data.Kilograms(3000), ExcessKgLow: data.Kilograms(2000), ExcessKgHigh: data.Kilograms(4000), ExcessUSD: data.Dollars(30000), Q: 0.01, Assessable: true}}
	r.Studies = []stocks.Study{{Event: "E1", At: first.Add(1), Lanes: 2, Before: stocks.Ratio{Value: 1.5, SE: 0.2}, After: stocks.Ratio{Value: 0.5, SE: 0.1},
		Contrast: stocks.Contrast{Value: 1.1, SE: 0.2}, Partners: stocks.Contrast{Value: math.NaN(), SE: math.NaN()}, Goods: stocks.Contrast{Value: 1, SE: 0.3}, Swing: 1.4}}
	for i, v := range []float64{1, 1.5, 0.5} {
		r.StudyMonths = append(r.StudyMonths, stocks.StudyMonth{Event: "E1", Period: first.Add(i), Kg: data.Kilograms(v), Index: v, Partners: math.NaN(), Goods: 1})
	}
	return r
}

// Of the two months of the case: imports 9.5 t and 10.5 t, production 0.5 t each,
// exports 1 t each, use 8 t each, so 3 t were added to stocks.
func TestAccountOfACase(t *testing.T) {
	v := newView(built(), Options{}.filled())
	d := v.accountChart(v.Cases[0])
	var steps []string
	level := 0.0
	for _, s := range d.Steps {
		steps = append(steps, s.Label)
		switch {
		case s.Label == "added to stocks" && math.Abs(level-s.Kg) > 1e-6:
			t.Errorf("the parts lead to %g, and %g were added", level, s.Kg)
		case s.Whole:
			level = s.Kg
		default:
			level -= s.Kg
		}
	}
	if !slices.Equal(steps, []string{"imports", "production", "exports", "use", "added to stocks"}) || d.Steps[0].Kg != 20000 || level != 3000 {
		t.Errorf("steps %v, level %g", d.Steps, level)
	}
	if n := v.periods(v.Cases[0]); n != 2 {
		t.Errorf("the case rests on %d periods, want 2", n)
	}
	s := v.stockChart(v.Cases[0])
	if len(s.Points) != 3 || s.MonthlyUse != 8000 || len(s.Bench) == 0 || s.Points[2].Kg != 3000 {
		t.Errorf("%+v", s)
	}
	if v.Cases[0].Goods = data.MustCommodity("280530", 0); v.stockChart(v.Cases[0]).Chart().Absent == "" || v.periods(v.Cases[0]) != 2 {
		t.Error("a case without an account has a chart, or rests on nothing")
	}
}

func TestStocksAndStudiesAreSet(t *testing.T) {
	text := textOf(t, pdf(t, built(), Options{Pages: []string{"stocks", "studies"}}))
	for _, want := range []string{"Cumulated stock", "added to stocks", "1.5 ± 0.2", "E1", "front-loaded"} {
		if !strings.Contains(text, want) {
			t.Errorf("the report does not say %q", want)
		}
	}
	none := textOf(t, pdf(t, &reconcile.Result{Settings: reconcile.Defaults()}, Options{Pages: []string{"stocks", "studies"}}))
	if !strings.Contains(none, "--balances") {
		t.Error("a run without balances does not say how to give them")
	}
}
