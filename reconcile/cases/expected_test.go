package cases_test

import (
	"math"
	"testing"

	"counterflow/data"
	"counterflow/reconcile/cases"
	"counterflow/reconcile/mirror"
	"counterflow/reconcile/panel"
)

// What is recorded beyond the expectation, summed over the window, is the size of
// the case, and the ends of the expectation lie within its interval, which also
// allows for what either side lastingly gets wrong.
func TestExpectationGivesTheSize(t *testing.T) {
	w := newWorld(4)
	imported := map[data.Period]float64{}
	w.lane(1, 3, 7, 0, months-1, func(p *mirror.Pair) { imported[p.Period] = p.MKg.Float() })
	w.lane(1, 3, 7, 20, 29, func(p *mirror.Pair) {
		p.XKg, p.XUSD = scaleKg(p.XKg, 0.3), scaleFOB(p.XUSD, 0.3)
	})
	p, slips := panel.Prepare(panel.Input{Pairs: w.pairs, Coverage: w.coverage()})
	out, err := cases.Detect(cases.Input{Pairs: w.pairs, Panel: p, Slips: slips}, cases.ScreenSettings{ListQ: 0.2, FalseShare: 0.05, MinimumUSD: 100})
	if err != nil || len(out.Cases) == 0 {
		t.Fatalf("%d cases, %v", len(out.Cases), err)
	}
	c := out.Cases[0]
	var size, low, high float64
	rows := 0
	for _, x := range out.Expected {
		if x.CaseID != c.ID {
			continue
		}
		rows++
		if x.Goods != c.Goods || x.Exporter != c.Exporter || x.Importer != c.Importer || x.Of != cases.OfImporter || x.Measure != mirror.Weight {
			t.Fatalf("%+v is no expectation of %s", x, c.Statement)
		}
		if !(x.Low <= x.Amount && x.Amount <= x.High) {
			t.Errorf("%s: %g is not between %g and %g", x.Period, x.Amount, x.Low, x.High)
		}
		if x.Period >= c.Start && x.Period <= c.End {
			m := imported[x.Period]
			size, low, high = size+m-x.Amount, low+m-x.High, high+m-x.Low
		}
	}
	if rows < months-3 {
		t.Errorf("an expectation for %d of %d months", rows, months)
	}
	// What the allocation explains is no part of the case. The table rounds to grams.
	explained := 0.0
	for _, a := range out.Allocations {
		explained += a.Explained.Float()
	}
	if math.Abs(size-explained-c.ExcessKg.Float()) > 0.001 {
		t.Errorf("beyond the expectation lie %g, of which %g are explained, the case has %g", size, explained, c.ExcessKg.Float())
	}
	if low < c.ExcessKgLow.Float() || high > c.ExcessKgHigh.Float() || !(low < size && size < high) {
		t.Errorf("the expectation gives %g to %g, the case %g to %g", low, high, c.ExcessKgLow.Float(), c.ExcessKgHigh.Float())
	}
}
