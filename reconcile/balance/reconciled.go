package balance

import "counterflow/data"

// Reconciled is the best single figure for one corridor and period, by period
// of departure, with a 90% interval and the rule that made it.
type Reconciled struct {
	Commodity            data.Commodity
	Period               data.Period
	Exporter             data.Exporter
	Importer             data.Importer
	Rule                 Ruling // which rule chose, and which side it kept
	Kg, KgLow, KgHigh    data.Kg
	USD, USDLow, USDHigh data.FOB
	ExporterWeight       float64 // 0 to 1: the share of the exporter's report in the figure
}
