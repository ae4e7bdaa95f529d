package stocks

import "counterflow/data"

// Account is the change of stocks of one commodity in one economy and period,
// with a 90% interval.
type Account struct {
	Economy           data.Economy
	Commodity         data.Commodity
	Period            data.Period
	Change, Low, High data.Kg
	Cumulated         data.Kg
	MonthsOfCover     float64 // cumulated stock over mean monthly use, NaN where use is unknown
}
