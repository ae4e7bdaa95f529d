package cases

import (
	"math"
	"testing"

	"counterflow/reconcile/panel"
)

// Nothing is known of the first month, and two or three months after it before a
// departure: three show how the lane was recorded, two do not.
func TestADepartureIsSeenToBegin(t *testing.T) {
	nan := math.NaN()
	e := &evidence{panel: &panel.Panel{Months: 6, Lanes: []panel.Lane{{
		MUSD:       []float64{nan, nan, 1, 1, 1, 1},
		ArrivedUSD: []float64{nan, 1, 1, 1, 1, 1},
	}}}}
	family := []finding{
		{span: span{start: 3, end: 4}, logP: -9},
		{span: span{start: 4, end: 5}, logP: -9},
		{span: span{start: 0, end: 5}, logP: nan},
	}
	e.begun(family)
	if family[0].logP != 0 || family[1].logP != -9 || !math.IsNaN(family[2].logP) {
		t.Errorf("log p %g, %g and %g, want 0, -9 and NaN", family[0].logP, family[1].logP, family[2].logP)
	}
}
