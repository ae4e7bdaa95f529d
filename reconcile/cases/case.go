package cases

import "counterflow/data"

// Kind is what the data of a case show. A kind describes records, never
// conduct.
type Kind string

// The kinds, as in the table of cases.
const (
	MissingExport    Kind = "missing_export"    // the importer records more than the exporter declares
	MissingImport    Kind = "missing_import"    // the exporter records more than the importer declares
	CodeSwitch       Kind = "code_switch"       // a shortfall under one code meets an excess under another
	OriginSwitch     Kind = "origin_switch"     // imports "from" an economy that does not produce the good
	Reroute          Kind = "reroute"           // direct trade moves to a third economy, both legs declared
	ValueGap         Kind = "value_gap"         // weights agree, unit values part
	SplitConsignment Kind = "split_consignment" // too many consignments just under a threshold
	StockBuild       Kind = "stock_build"       // supply above use, cumulated
	UnitSlip         Kind = "unit_slip"         // a factor of 1000, 2.2046 ... in one report
	Unexplained      Kind = "unexplained"       // significant, and none of the above
)

// Case is a statistical discrepancy that the tested explanations do not
// account for: one lane (or several that belong together) over one window.
type Case struct {
	ID       string
	Rank     int // 1 is the first to look at
	Kind     Kind
	Goods    data.Commodity
	Related  data.Commodity // the second code of a code switch, else none
	Exporter data.Exporter  // none for a stock build
	Importer data.Importer
	Via      data.Economy // third economy, else none
	Start    data.Period  // months; January and December on annual data
	End      data.Period

	// ExcessKg is the whole tonnage of the case over its window, with a 90%
	// interval; missing where no weights were given.
	ExcessKg, ExcessKgLow, ExcessKgHigh data.Kg
	ExcessUSD                           data.USD

	LogP       float64 // natural log of the p-value
	Q          float64 // smallest false discovery rate at which the case stands
	Assessable bool
	Caveats    []string // caveat codes: cif_fob, timing, entrepot, ...
	Statement  string   // one sentence in words
}

// LaneKey names one lane.
type LaneKey struct {
	Goods    data.Commodity
	Exporter data.Exporter
	Importer data.Importer
}

// Lanes lists the lanes that a case concerns: its own, that of the second code,
// and for a detour the lane that trade left and both legs. A case of one economy
// alone, such as a stock build, has none.
func (c *Case) Lanes() []LaneKey {
	if c.Exporter == 0 || c.Importer == 0 {
		return nil
	}
	lanes := []LaneKey{{c.Goods, c.Exporter, c.Importer}}
	if c.Related != 0 {
		lanes = append(lanes, LaneKey{c.Related, c.Exporter, c.Importer})
	}
	if c.Via != 0 {
		lanes = append(lanes,
			LaneKey{c.Goods, c.Exporter, data.Importer(c.Via)}, LaneKey{c.Goods, data.Exporter(c.Via), c.Importer})
	}
	return lanes
}
