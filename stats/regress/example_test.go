package regress_test

import (
	"fmt"

	"counterflow/stats/regress"
)

// Two exporters, each with its own level; the slope is what moves within them.
func ExampleFit() {
	exporters := []string{"A", "A", "A", "B", "B", "B"}
	r, err := regress.Fit(regress.Problem{
		Y:       []float64{1, 3.1, 5, 11, 12.9, 15},
		Columns: []regress.Column{{Name: "distance", Values: []float64{1, 2, 3, 1, 2, 3}}},
		Effects: []regress.Factor{{Name: "exporter", Levels: regress.Codes(exporters)}},
	}, regress.Settings{})
	if err != nil {
		fmt.Println(err)
		return
	}
	e, _ := r.Coefficient("distance")
	fmt.Printf("%.2f +- %.3f from %d rows, %d effects\n", e.Value, e.SE, r.Rows, r.EffectRank)
	// Output:
	// 2.00 +- 0.033 from 6 rows, 2 effects
}
