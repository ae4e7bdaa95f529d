package robust_test

import (
	"fmt"

	"counterflow/stats/robust"
)

// Two of nine rows are wild: least trimmed squares says which, and where the
// others lie.
func ExampleLTS() {
	x := []float64{1, 2, 3, 4, 5, 6, 7, 8, 9}
	y := []float64{2.9, 5.1, 7.0, 90, 11.1, 12.9, 15.0, -40, 19.1}
	fit, err := robust.LTS([][]float64{x}, y, robust.LTSSettings{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("y = %.2f + %.2f x, scale %.2f\n", fit.Coef[0], fit.Coef[1], fit.Scale)
	fmt.Println(fit.Outlier)
	// Output:
	// y = 0.97 + 2.01 x, scale 0.17
	// [false false false true false false false true false]
}

func ExampleMM() {
	x := []float64{1, 2, 3, 4, 5, 6, 7, 8, 9}
	y := []float64{2.9, 5.1, 7.0, 90, 11.1, 12.9, 15.0, -40, 19.1}
	fit, err := robust.MM([][]float64{x}, y, robust.MMSettings{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("slope %.2f, from %.2f to %.2f\n", fit.Coef[1], fit.Low[1], fit.High[1])
	// Output:
	// slope 2.01, from 1.98 to 2.03
}
