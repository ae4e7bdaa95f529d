package cases

import "counterflow/reconcile/mirror"

// Departure is how far one pair lies from what its lane and its reporters let
// expect: z = (g - Expected) / SD, with g = ln(M/X).
type Departure struct {
	Measure  mirror.Measure // what g is taken in; NoMeasure where untested
	Expected float64        // natural log
	SD       float64        // robust, natural log
	Z        float64        // NaN where untested
	LogP     float64        // natural log of the two-sided p-value, NaN where untested
}
