package source

import (
	"bytes"
	"errors"
	"fmt"

	"counterflow/data"
)

// comext is Eurostat's bulk files of trade by product, in the two generations of
// headers: DECLARANT, DECLARANT_ISO, ..., STAT_REGIME, VALUE_IN_EUROS,
// QUANTITY_IN_KG until 2023, REPORTER, ..., STAT_PROCEDURE, VALUE_EUR,
// QUANTITY_KG since. Trade within the EU and beyond (TRADE_TYPE I and E) are
// read alike.
//
//   - Products are eight digits of the Combined Nomenclature, the first six of
//     which are the Harmonised System as of that year. Codes with letters
//     (99RRR100, 8504XXXX) hide what was traded and are refused as suppressed.
//   - Statistical procedures (1 normal, 2 inward, 3 outward processing, 9 other)
//     are parts of a total that is not given: they are added up.
//   - Period 202452 is the year 2024.
//   - Values are in euros and need exchange rates by month.
//   - Northern Ireland (XI) and the rest of the United Kingdom (XU), Ceuta (XC)
//     and Melilla (XL), Liechtenstein and Svalbard are partners of their own
//     beside the economy that counts them in: they are added up to it.
//   - A colon is a number that is confidential or not available: missing.
var comext = dialect{
	name: "comext",
	owns: func(has map[string]bool) bool {
		return has["productnc"] && (has["valueeur"] || has["valueineuros"])
	},
	open: openComext,
}

type comextColumns struct {
	reporter, partner, product, flow, procedure, period, value, weight, quantity, unit int

	rates *Rates
	names canonical
}

func openComext(at columnFinder, o Options) (translator, error) {
	var missing []string
	c := &comextColumns{
		reporter: at.need(&missing, "the reporter (REPORTER)", "declarantiso", "reporter", "declarant"),
		partner:  at.need(&missing, "the partner (PARTNER)", "partneriso", "partner"),
		product:  at.need(&missing, "the product (PRODUCT_NC)", "productnc"),
		flow:     at.need(&missing, "the flow (FLOW)", "flow"),
		period:   at.need(&missing, "the period (PERIOD)", "period"),
		value:    at.need(&missing, "the value (VALUE_EUR)", "valueeur", "valueineuros"),
		weight:   at.need(&missing, "the weight (QUANTITY_KG)", "quantitykg", "quantityinkg"),

		procedure: at.first("statprocedure", "statregime"),
		quantity:  at.first("quantitysupplunit"),
		unit:      at.first("supplunit"),
		rates:     o.Rates,
	}
	if err := noColumns(missing); err != nil {
		return nil, err
	}
	if o.Rates == nil {
		return nil, errors.New("values are in euros; name a file of exchange rates with --rates, such as the monthly series EXR.M.USD.EUR.SP00.A of the European Central Bank as CSV")
	}
	old := at.first("valueineuros") >= 0
	c.names = canonical{
		period: []byte("PERIOD"), reporter: []byte("REPORTER"), partner: []byte("PARTNER"), flow: []byte("FLOW"), commodity: []byte("PRODUCT_NC"),
		procedure: []byte("STAT_PROCEDURE"), value: []byte("VALUE_EUR"), weight: []byte("QUANTITY_KG"),
	}
	if old {
		c.names.reporter, c.names.procedure = []byte("DECLARANT"), []byte("STAT_REGIME")
		c.names.value, c.names.weight = []byte("VALUE_IN_EUROS"), []byte("QUANTITY_IN_KG")
	}
	return c, nil
}

func (c *comextColumns) columns() canonical { return c.names }

func (c *comextColumns) divides() bool { return true }

func (c *comextColumns) translate(from *row, to *canonical) *Reject {
	to.commodity = from.field(c.product)
	if !allDigits(to.commodity) && string(bytes.ToUpper(to.commodity)) != "TOTAL" {
		return &Reject{Reason: Suppressed, Column: "PRODUCT_NC", Value: string(to.commodity),
			Hint: "the code hides which goods these are; nothing can mend it"}
	}
	to.period = from.field(c.period)
	if len(to.period) == 6 && string(to.period[4:]) == "52" {
		to.period = to.period[:4]
	}
	if no := c.economies(from, to); no != nil {
		return no
	}
	to.flow, to.procedure, to.weight = from.field(c.flow), from.field(c.procedure), from.field(c.weight)
	to.quantity, to.unit = from.field(c.quantity), from.field(c.unit)
	period, _ := parsePeriod(bytes.Clone(to.period)) // where it is none, the parser says so
	to.edition = []byte(editionIn(period).String())
	if period == 0 {
		to.value = from.field(c.value)
		return nil
	}
	var no *Reject
	to.value, no = inDollars(from.field(c.value), "EUR", period, c.rates)
	return no
}

// economies reads letters as they are, and numbers of Eurostat's geonomenclature
// for the members of the EU, which old files have where they lack letters.
func (c *comextColumns) economies(from *row, to *canonical) *Reject {
	var ok bool
	if to.reporter, ok = geonom(from.field(c.reporter)); !ok {
		return unknownGeonom(string(c.names.reporter), to.reporter)
	}
	if to.partner, ok = geonom(from.field(c.partner)); !ok {
		return unknownGeonom("PARTNER", to.partner)
	}
	switch string(to.partner) {
	case "XI", "XU", "XC", "XL", "LI", "SJ":
		to.via = to.partner
	}
	return nil
}

func unknownGeonom(column string, code []byte) *Reject {
	return &Reject{Reason: UnknownEconomy, Column: column, Value: string(code),
		Hint: "a number of Eurostat's geonomenclature; use files with letters (DECLARANT_ISO, PARTNER_ISO)"}
}

// geonoms are the numbers of the members of the EU, and of the United Kingdom
// (Commission Implementing Regulation (EU) 2020/1470, annex I, and earlier ones).
var geonoms = map[string]string{
	"001": "FR", "003": "NL", "004": "DE", "005": "IT", "006": "GB", "007": "IE", "008": "DK", "009": "GR", "010": "PT", "011": "ES",
	"017": "BE", "018": "LU", "030": "SE", "032": "FI", "038": "AT", "046": "MT", "053": "EE", "054": "LV", "055": "LT", "060": "PL",
	"061": "CZ", "063": "SK", "064": "HU", "066": "RO", "068": "BG", "091": "SI", "092": "HR", "600": "CY",
}

func geonom(code []byte) ([]byte, bool) {
	code = bytes.TrimSpace(code)
	if !allDigits(code) {
		return code, true
	}
	number := code
	if len(number) == 4 && number[0] == '0' {
		number = number[1:]
	}
	iso, ok := geonoms[string(number)]
	if !ok {
		return code, false
	}
	return []byte(iso), true
}

// inDollars converts an amount to US dollars, to the cent. A text that is no
// number is handed on as it is: the parser refuses it.
func inDollars(text []byte, currency string, period data.Period, rates *Rates) ([]byte, *Reject) {
	if missing(text) {
		return nil, nil
	}
	amount, ok := data.ParseFixed(text, 2)
	if !ok {
		return text, nil
	}
	rate, ok := rates.USD(currency, period)
	if !ok {
		return nil, &Reject{Reason: NoRate, Column: "PERIOD", Value: period.String(),
			Hint: fmt.Sprintf("the file of rates has no %s in US dollars for this period; add it", currency)}
	}
	return data.AppendFixed(nil, int64(data.Dollars(float64(amount)/100*rate)), 2), nil
}

// editionIn is the edition of the Harmonised System in force in a period, for
// publishers that bring each in on the first of January of its year.
func editionIn(period data.Period) data.Edition {
	edition := data.EditionUnknown
	for i, year := range [...]int{1988, 1996, 2002, 2007, 2012, 2017, 2022, 2028} {
		if period != 0 && period.Year() >= year {
			edition = data.HS1992 + data.Edition(i)
		}
	}
	return edition
}
