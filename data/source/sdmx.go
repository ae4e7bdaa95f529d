package source

import (
	"bytes"
	"strconv"

	"counterflow/data"
)

// NotAnObservation is a row of SDMX-CSV that states no trade value.
const NotAnObservation Reason = "not_an_observation"

// sdmx is SDMX-CSV, version 1 (first column DATAFLOW) and 2 (STRUCTURE,
// STRUCTURE_ID, ACTION), of merchandise trade statistics: REF_AREA, TRADE_FLOW,
// COMMODITY, COUNTERPART_AREA, TIME_PERIOD, OBS_VALUE, in any order.
//
//   - OBS_VALUE is the trade value, in the currency of UNIT_MEASURE (US dollars
//     where there is none; others need exchange rates) times ten to UNIT_MULT.
//   - The net weight in kg stands in a column of its own (NET_WEIGHT, NET_KG or
//     NETWGT). Rows whose UNIT_MEASURE is no currency are refused: taken for
//     themselves they would be second records of the same flow.
//   - Labels behind codes (DE: Germany) are cut off, in the header too.
//   - A commodity may carry its edition (H6_284690); _T is the total.
//   - A second partner (COUNTERPART_AREA_2), the mode of transport, the customs
//     procedure and the mode of supply divide, where there are such columns.
//   - Rows of version 2 that delete (ACTION D) are refused.
var sdmx = dialect{
	name: "sdmx-csv",
	owns: func(has map[string]bool) bool {
		return has["obsvalue"] && has["refarea"] && (has["dataflow"] || has["structure"])
	},
	open: openSDMX,
}

type sdmxColumns struct {
	action, reporter, partner, flow, product, period, value, unit, scale, weight int

	via, mode, procedure, supply            int // -1 where there is no such column, as of those below
	valuation, estimated, quantity, counted int

	rates *Rates
}

func openSDMX(at columnFinder, o Options) (translator, error) {
	var missing []string
	s := &sdmxColumns{
		reporter: at.need(&missing, "the reporter (REF_AREA)", "refarea"),
		partner:  at.need(&missing, "the partner (COUNTERPART_AREA)", "counterpartarea"),
		flow:     at.need(&missing, "the flow (TRADE_FLOW)", "tradeflow", "flow"),
		product:  at.need(&missing, "the commodity (COMMODITY)", "commodity", "product"),
		period:   at.need(&missing, "the period (TIME_PERIOD)", "timeperiod"),
		value:    at.need(&missing, "the value (OBS_VALUE)", "obsvalue"),
		action:   at.first("action"), unit: at.first("unitmeasure", "currency"), scale: at.first("unitmult"),
		weight: at.first("netweight", "netkg", "netwgt"),

		via: at.first("counterpartarea2"), mode: at.first("transportmode", "transportmodeborder", "motcode"),
		procedure: at.first("customproc", "customsproc"), supply: at.first("supplymode", "moscode"),
		valuation: at.first("valuation"), estimated: at.first("weightestimated"), quantity: at.first("supplquantity", "quantity"), counted: at.first("supplunit"),
		rates: o.Rates,
	}
	return s, noColumns(missing)
}

func (s *sdmxColumns) columns() canonical {
	return canonical{
		period: []byte("TIME_PERIOD"), reporter: []byte("REF_AREA"), partner: []byte("COUNTERPART_AREA"),
		flow: []byte("TRADE_FLOW"), commodity: []byte("COMMODITY"), value: []byte("OBS_VALUE"), weight: []byte("NET_WEIGHT"),
	}
}

func (s *sdmxColumns) divides() bool {
	return s.via >= 0 || s.mode >= 0 || s.procedure >= 0 || s.supply >= 0
}

func (s *sdmxColumns) translate(from *row, to *canonical) *Reject {
	if action := from.field(s.action); len(action) == 1 && action[0] == 'D' {
		return &Reject{Reason: NotAnObservation, Column: "ACTION", Value: "D", Hint: "the row deletes an observation; fetch the whole table"}
	}
	to.reporter, to.partner, to.flow = code(from.field(s.reporter)), code(from.field(s.partner)), code(from.field(s.flow))
	switch string(to.partner) {
	case "W0", "W1", "1W", "_T":
		to.partner = []byte("World")
	}
	to.commodity = code(from.field(s.product))
	if before, after, found := bytes.Cut(to.commodity, []byte("_")); found && len(before) > 0 {
		to.edition, to.commodity = before, after
	} else if string(to.commodity) == "_T" {
		to.commodity = []byte("TOTAL")
	}
	to.period = code(from.field(s.period))
	if len(to.period) == 8 && to.period[4] == '-' && to.period[5] == 'M' { // 2024-M07
		to.period = append(bytes.Clone(to.period[:5]), to.period[6:]...)
	}
	for _, part := range []struct {
		to     *[]byte
		column int
	}{{&to.via, s.via}, {&to.mode, s.mode}, {&to.procedure, s.procedure}, {&to.supply, s.supply}} {
		if text := code(from.field(part.column)); !total(text) && string(text) != "_T" {
			*part.to = text
		}
	}
	to.weight, to.estimated, to.valuation = from.field(s.weight), code(from.field(s.estimated)), code(from.field(s.valuation))
	to.quantity, to.unit = from.field(s.quantity), code(from.field(s.counted))
	return s.observe(from, to)
}

// observe reads the value in its currency and scale.
func (s *sdmxColumns) observe(from *row, to *canonical) *Reject {
	to.value = from.field(s.value)
	if scale := code(from.field(s.scale)); !missing(scale) && !missing(to.value) {
		zeros, err := strconv.Atoi(string(scale))
		if err != nil || zeros < 0 || zeros > 12 {
			return &Reject{Reason: BadAmount, Column: "UNIT_MULT", Value: string(scale), Hint: "write the power of ten, 0 to 12"}
		}
		to.value = shift(to.value, zeros)
	}
	currency := bytes.ToUpper(code(from.field(s.unit)))
	if len(currency) == 0 || string(currency) == "USD" {
		return nil
	}
	period, _ := parsePeriod(bytes.Clone(to.period))
	if len(currency) != 3 || !s.rates.has(string(currency)) {
		return &Reject{Reason: NotAnObservation, Column: "UNIT_MEASURE", Value: string(currency),
			Hint: "neither US dollars nor a currency of the file of rates (--rates); weights belong in a column NET_WEIGHT"}
	}
	if period == 0 {
		return nil // the parser says so
	}
	var no *Reject
	to.value, no = inDollars(to.value, string(currency), period, s.rates)
	if no != nil {
		no.Column = "TIME_PERIOD"
	}
	return no
}

// shift moves the decimal point to the right. A text that is no plain number is
// left as it is: the parser refuses it.
func shift(number []byte, zeros int) []byte {
	n, ok := data.ParseFixed(number, 2)
	if !ok || n < 0 {
		return number
	}
	for range zeros {
		if n > int64(largestValue) {
			break // refused as absurd, whatever more zeros it had
		}
		n *= 10
	}
	return data.AppendFixed(nil, n, 2)
}

// code cuts off the label behind a code, as in DE: Germany.
func code(field []byte) []byte {
	before, _, _ := bytes.Cut(field, []byte(":"))
	return bytes.TrimSpace(before)
}
