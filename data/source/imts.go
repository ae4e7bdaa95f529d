package source

import (
	"bytes"
)

// imts is the IMF's totals of merchandise trade by partner (International Trade in
// Goods by Partner Country, before that Direction of Trade Statistics), one row for
// each country, indicator, counterpart and period:
//
//		Country Name, Indicator Code, Counterpart Country Name, Time Period, Value
//		COUNTRY, INDICATOR, COUNTERPART_COUNTRY, TIME_PERIOD, OBS_VALUE
//		ctyname, indcode, pctyname, year, value
//
//	  - Exports are TXG_FOB_USD or XG_FOB_USD, imports TMG_CIF_USD, MG_CIF_USD, or the
//	    same with FOB; balances and indicators in other units are refused.
//	  - Countries are read by their names where there are names, since the IMF's
//	    numbers are not those of the United Nations. G001 is the World.
//	  - Every row is the total over all goods, in US dollars, times ten to UNIT_MULT
//	    where there is one.
//
// Where a country gives imports both CIF and FOB, the larger is taken, as of any
// repeated key.
var imts = dialect{
	name: "imf-imts",
	owns: func(has map[string]bool) bool {
		return (has["indicator"] || has["indicatorcode"] || has["indcode"]) &&
			(has["counterpartcountryname"] || has["counterpartcountry"] || has["pctyname"] || has["counterpartarea"]) &&
			!has["commodity"] && !has["product"]
	},
	open: openIMTS,
}

type imtsColumns struct {
	reporter, partner, indicator, period, value, scale int
}

func openIMTS(at columnFinder, _ Options) (translator, error) {
	var missing []string
	c := &imtsColumns{
		reporter:  at.need(&missing, "the country (Country Name)", "countryname", "ctyname", "country", "refarea"),
		partner:   at.need(&missing, "the counterpart (Counterpart Country Name)", "counterpartcountryname", "pctyname", "counterpartcountry", "counterpartarea"),
		indicator: at.need(&missing, "the indicator (Indicator Code)", "indicatorcode", "indcode", "indicator"),
		period:    at.need(&missing, "the period (Time Period)", "timeperiod", "year", "period"),
		value:     at.need(&missing, "the value (Value)", "obsvalue", "value"),
		scale:     at.first("unitmult"),
	}
	return c, noColumns(missing)
}

func (c *imtsColumns) columns() canonical {
	return canonical{period: []byte("TIME_PERIOD"), reporter: []byte("COUNTRY"), partner: []byte("COUNTERPART_COUNTRY"), flow: []byte("INDICATOR"), value: []byte("OBS_VALUE")}
}

func (c *imtsColumns) divides() bool { return false }

func (c *imtsColumns) translate(from *row, to *canonical) *Reject {
	indicator := bytes.ToUpper(code(from.field(c.indicator)))
	switch {
	case !bytes.HasSuffix(indicator, []byte("_USD")):
		indicator = nil
	case bytes.Contains(indicator, []byte("XG_")):
		to.flow = []byte("X")
	case bytes.Contains(indicator, []byte("MG_")):
		to.flow = []byte("M")
	default:
		indicator = nil
	}
	if indicator == nil {
		return &Reject{Reason: NotAnObservation, Column: "INDICATOR", Value: string(from.field(c.indicator)),
			Hint: "neither exports (TXG_FOB_USD) nor imports (TMG_CIF_USD) in US dollars"}
	}
	for _, border := range []string{"FOB", "CIF"} {
		if bytes.Contains(indicator, []byte(border)) {
			to.valuation = []byte(border)
		}
	}
	to.reporter, to.partner = imtsEconomy(from.field(c.reporter)), imtsEconomy(from.field(c.partner))
	to.commodity = []byte("TOTAL")
	to.period = code(from.field(c.period))
	if len(to.period) == 8 && to.period[4] == '-' && to.period[5] == 'M' { // 2024-M07
		to.period = append(bytes.Clone(to.period[:5]), to.period[6:]...)
	}
	scaled := &sdmxColumns{value: c.value, scale: c.scale, unit: -1}
	return scaled.observe(from, to)
}

// imtsEconomy reads names as they are, and the codes of groups.
func imtsEconomy(field []byte) []byte {
	field = bytes.TrimSpace(field)
	if string(field) == "G001" || string(field) == "W00" {
		return []byte("World")
	}
	return field
}
