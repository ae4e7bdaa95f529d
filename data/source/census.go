package source

import (
	"bytes"

	"counterflow/data/reference"
)

// census is the monthly trade of the US Census Bureau by commodity and country
// (api.census.gov/data/timeseries/intltrade, imports/hs and exports/hs), as CSV
// or as the arrays of the API.
//
//   - The reporter is the United States; imports have I_COMMODITY, exports
//     E_COMMODITY, of ten digits or fewer.
//   - Imports are general imports: CIF where GEN_CIF_MO is there, else the customs
//     value GEN_VAL_MO, which excludes freight and counts as FOB.
//   - Exports are ALL_VAL_MO, domestic and foreign goods together, valued at the
//     port of export. A column DF tells parts: 1 domestic, 2 foreign.
//   - Quantities are weights only where their unit is KG or T; content kilograms
//     (CKG) and shipping weights are neither and are left out.
//   - Partners are read by CTY_NAME, since CTY_CODE is a list of its own; code "-"
//     is the world, groups of countries (SUMMARY_LVL CGP, codes 0001 to 0999 and
//     such as 1XXX) are refused.
var census = dialect{
	name: "us-census",
	owns: func(has map[string]bool) bool {
		return (has["icommodity"] || has["ecommodity"]) && has["ctycode"]
	},
	open: openCensus,
}

type censusColumns struct {
	flow                                                                              []byte
	partner, name, product, period, year, month, value, quantity, unit, level, origin int
	valuation                                                                         []byte
	names                                                                             canonical
}

func openCensus(at columnFinder, _ Options) (translator, error) {
	var missing []string
	c := &censusColumns{
		partner: at["ctycode"],
		name:    at.need(&missing, "the country's name (CTY_NAME)", "ctyname"),
		product: at.first("icommodity", "ecommodity"),
		period:  at.first("time"), year: at.first("year"), month: at.first("month"),
		level: at.first("summarylvl"), origin: at.first("df"),
		unit: at.first("unitqy1"), valuation: []byte("FOB"),
	}
	if at.first("icommodity") >= 0 {
		c.flow, c.quantity = []byte("M"), at.first("genqy1mo")
		c.value = at.need(&missing, "the value (GEN_CIF_MO or GEN_VAL_MO)", "gencifmo", "genvalmo")
		if at.first("gencifmo") >= 0 {
			c.valuation = []byte("CIF")
		}
	} else {
		c.flow, c.quantity = []byte("X"), at.first("qty1mo")
		c.value = at.need(&missing, "the value (ALL_VAL_MO)", "allvalmo")
	}
	if c.period < 0 && (c.year < 0 || c.month < 0) {
		missing = append(missing, "the month (time, or YEAR and MONTH)")
	}
	c.names = canonical{period: []byte("time"), partner: []byte("CTY_NAME"), value: []byte("value"), quantity: []byte("quantity"), unit: []byte("UNIT_QY1")}
	c.names.commodity = map[byte][]byte{'M': []byte("I_COMMODITY"), 'X': []byte("E_COMMODITY")}[c.flow[0]]
	return c, noColumns(missing)
}

func (c *censusColumns) columns() canonical { return c.names }

func (c *censusColumns) divides() bool { return true }

func (c *censusColumns) translate(from *row, to *canonical) *Reject {
	code := bytes.TrimSpace(from.field(c.partner))
	switch {
	case string(code) == "-" || len(code) == 0:
		to.partner = []byte("World")
	case string(from.field(c.level)) == "CGP" || code[0] == '0' || bytes.IndexByte(code, 'X') >= 0:
		return &Reject{Reason: GroupPartner, Column: "CTY_CODE", Value: string(code)}
	default:
		to.partner = censusPartner(from.field(c.name))
	}
	to.period = from.field(c.period)
	if len(to.period) == 0 {
		to.period = append(append(bytes.Clone(from.field(c.year)), '-'), from.field(c.month)...)
	}
	to.commodity = from.field(c.product)
	if string(to.commodity) == "-" {
		to.commodity = []byte("TOTAL")
	}
	to.reporter, to.flow, to.valuation, to.value = []byte("USA"), c.flow, c.valuation, from.field(c.value)
	to.quantity, to.unit = from.field(c.quantity), bytes.TrimSpace(from.field(c.unit))
	if df := from.field(c.origin); string(df) == "1" || string(df) == "2" {
		to.procedure = df
	}
	return nil
}

// censusPartner turns names that stand the wrong way round, such as KOREA,
// SOUTH, where the list of economies does not know them as they are.
func censusPartner(name []byte) []byte {
	if _, known := reference.ByBytes(name); known {
		return name
	}
	before, after, found := bytes.Cut(name, []byte(", "))
	if !found {
		return name
	}
	turned := append(append(bytes.Clone(after), ' '), before...)
	if _, known := reference.ByBytes(turned); known {
		return turned
	}
	return name
}
