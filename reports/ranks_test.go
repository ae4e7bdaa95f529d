package reports

import (
	"math"
	"testing"

	"counterflow/reconcile"
	"counterflow/reconcile/cases"
	"counterflow/reconcile/sensitivity"
)

func TestRanksOfACase(t *testing.T) {
	c := cases.Case{ID: "C0002", Rank: 2}
	r := &reconcile.Result{Cases: []cases.Case{{ID: "C0001", Rank: 1}, c}}
	for id, ranks := range map[string][3]int{"C0001": {1, 1, 1}, "C0002": {2, 2, 5}} {
		for i, level := range sensitivity.Levels {
			r.Sensitivity = append(r.Sensitivity,
				sensitivity.Row{CaseID: id, Assumption: sensitivity.Lag, Level: level, Setting: 0.5 * float64(i), Rank: ranks[i]})
		}
		r.Sensitivity = append(r.Sensitivity, sensitivity.Row{CaseID: id, Assumption: sensitivity.Content, Level: sensitivity.Low, Setting: math.NaN(), Rank: ranks[0]})
	}
	v := newView(r, Options{}.filled())
	if cell := v.rankCell(c, sensitivity.Lag); cell.Text != "2 · 2 · 5" || cell.Under != "0 · 0.5 · 1 months" {
		t.Errorf("lags give %+v", cell)
	}
	if cell := v.rankCell(c, sensitivity.Content); cell.Text != "2" || cell.Under != "does not touch it" {
		t.Errorf("contents give %+v", cell)
	}
	if got := v.rankRange(c); got != ", 2–5 under other assumptions" {
		t.Errorf("range %q", got)
	}
	if got := v.rankRange(r.Cases[0]); got != ", under all assumptions" {
		t.Errorf("range of the first %q", got)
	}
	if got := v.rankRange(cases.Case{ID: "C0009"}); got != "" {
		t.Errorf("range of a case that is none %q", got)
	}
}
