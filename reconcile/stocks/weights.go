package stocks

import (
	"math"

	"counterflow/reconcile/panel"
	"counterflow/stats/robust"
)

// leastUnitValues is the number of unit values in a month from which a commodity
// has a price.
const leastUnitValues = 5

// prices is the median unit value of each month over the lanes of one commodity
// and both sides, US dollars a kilogram; NaN in months with too few.
func prices(lanes []panel.Lane, n int) []float64 {
	price := unknown(n)
	var values []float64
	for t := range n {
		values = values[:0]
		for i := range lanes {
			l := &lanes[i]
			if v := l.MUSD[t] / l.MKg[t]; v > 0 && !math.IsInf(v, 0) {
				values = append(values, v)
			}
			if v := l.XUSD[t] / l.XKg[t]; v > 0 && !math.IsInf(v, 0) {
				values = append(values, v)
			}
		}
		if len(values) >= leastUnitValues {
			price[t] = robust.MedianInPlace(values)
		}
	}
	return price
}

// weighed gives the weights of a side, and where only a value was stated the
// value at the commodity's price of that month: an estimate, with an error of
// level that is the lane's own and stays out of the tests.
func weighed(kg, usd, price []float64) []float64 {
	filled := append([]float64(nil), kg...)
	for t := range filled {
		if math.IsNaN(filled[t]) && usd[t] > 0 {
			filled[t] = usd[t] / price[t]
		}
	}
	return filled
}
