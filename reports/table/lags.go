package table

import (
	"fmt"

	"counterflow/reconcile"
	"counterflow/reconcile/timing"
)

var lagsTable = &declared[timing.Group]{
	facts: Table{
		Name: "lags", Title: "What share of a month's departures arrives how many months later, by distance and worth of the goods",
		Key: []string{"distance", "worth"}, Order: []string{"distance", "worth"}, From: []string{"pairs"},
	},
	columns: append(append([]column[timing.Group]{
		wordColumn("distance", "length of the route", timing.Distances(), func(r *timing.Group) *timing.Distance { return &r.Distance }),
		wordColumn("worth", "class of goods by unit value", timing.Worths(), func(r *timing.Group) *timing.Worth { return &r.Worth }),
	}, lagColumns()...),
		numberColumn("spread", "standard deviation of the lanes' mean lags about their group's, in months", func(r *timing.Group) *float64 { return &r.Spread }),
		countColumn("lanes", "lanes with enough months to say something", func(r *timing.Group) *int { return &r.Lanes }),
		countColumn("iterations", "rounds of the fit", func(r *timing.Group) *int { return &r.Iterations }),
		flagColumn("converged", "the fit had settled", func(r *timing.Group) *bool { return &r.Converged }),
	),
	length: func(r *reconcile.Result) int { return len(r.Lags) },
	row:    func(r *reconcile.Result, i int, row *timing.Group) { *row = r.Lags[i] },
	keep:   func(r *reconcile.Result, rows []timing.Group) { r.Lags = append(r.Lags, rows...) },
}

// lagColumns are the shares of the kernel.
func lagColumns() (columns []column[timing.Group]) {
	for lag := range timing.MaxLag + 1 {
		columns = append(columns, numberColumn(fmt.Sprintf("lag_%d", lag), fmt.Sprintf("share that arrives so many months after the month of departure: %d", lag),
			func(r *timing.Group) *float64 { return &r.Kernel[lag] }).unit(share))
	}
	return columns
}
