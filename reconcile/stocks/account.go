package stocks

import "counterflow/data"

// Account is one period of the account of a commodity in an economy. Production
// and imports are at the ratio at which the account usually closes, so that
// Production + Imports - Exports - Use = Change, exactly. Amounts are missing
// where a term is unknown.
type Account struct {
	Economy   data.Economy
	Commodity data.Commodity
	Period    data.Period

	Production, Imports, Exports, Use data.Kg

	Change, Low, High data.Kg // with a 90% interval
	// Cumulated is the sum of the changes so far, or the stock itself from the
	// first known stock on, with a 90% interval that holds what lasting errors add
	// up to.
	Cumulated, CumulatedLow, CumulatedHigh data.Kg
	MonthsOfCover                          float64 // cumulated over mean monthly use of the last twelve months, NaN where use is unknown
}
