package canonical

import (
	"strconv"

	"counterflow/data"
	"counterflow/data/source"
)

// flow is one record with the texts of its file.
type flow struct {
	source.Record
	source.Texts
	format string
}

// column is one column of the canonical layout. A cell is text, and "" is missing.
type column struct {
	name    string
	sdmx    string // its name in SDMX-CSV, "" where that has none
	divides bool   // tells totals from their parts
	number  bool
	cell    func(*flow) string
}

var columns = []column{
	{name: "period", sdmx: "TIME_PERIOD", cell: func(f *flow) string { return f.Period.String() }},
	{name: "reporter", sdmx: "REF_AREA", cell: func(f *flow) string { return f.Reporter().String() }},
	{name: "partner", sdmx: "COUNTERPART_AREA", cell: partner},
	{name: "via", sdmx: "COUNTERPART_AREA_2", divides: true, cell: func(f *flow) string { return f.Via }},
	{name: "flow", sdmx: "TRADE_FLOW", cell: func(f *flow) string { return f.Direction.String() }},
	{name: "commodity", sdmx: "COMMODITY", cell: func(f *flow) string { return f.Commodity.Code() }},
	{name: "classification", cell: func(f *flow) string { return f.Commodity.Edition().String() }},
	{name: "mode", sdmx: "TRANSPORT_MODE", divides: true, cell: func(f *flow) string { return f.Mode }},
	{name: "customs_code", sdmx: "CUSTOMS_PROC", divides: true, cell: func(f *flow) string { return f.Procedure }},
	{name: "mos_code", sdmx: "SUPPLY_MODE", divides: true, cell: func(f *flow) string { return f.Supply }},
	{name: "value_usd", sdmx: "OBS_VALUE", number: true, cell: func(f *flow) string { return f.Value.Text() }},
	{name: "valuation", sdmx: "VALUATION", cell: func(f *flow) string { return f.Valuation.String() }},
	{name: "net_kg", sdmx: "NET_WEIGHT", number: true, cell: func(f *flow) string { return f.NetWeight.Text() }},
	{name: "qty", sdmx: "SUPPL_QUANTITY", number: true, cell: quantity},
	{name: "qty_unit", sdmx: "SUPPL_UNIT", cell: func(f *flow) string { return f.Unit.String() }},
	{name: "weight_estimated", sdmx: "WEIGHT_ESTIMATED", cell: func(f *flow) string { return strconv.FormatBool(f.Estimated) }},
	{name: "source", cell: func(f *flow) string { return f.format }},
}

// partner keeps the file's own code for what is no single economy, since several
// of them may stand side by side.
func partner(f *flow) string {
	if f.Texts.Partner != "" {
		return f.Texts.Partner
	}
	return f.Record.Partner().String()
}

func quantity(f *flow) string {
	if f.Unit == source.NoUnit {
		return ""
	}
	return string(data.AppendFixed(nil, f.Quantity, 3))
}

// chosen are the columns of a file: those that divide only where the input has
// such columns, since their absence is what tells a reader that it does not.
func chosen(divided bool) []column {
	var list []column
	for _, c := range columns {
		if divided || !c.divides {
			list = append(list, c)
		}
	}
	return list
}
