package data

// Direction is what a declaration records: goods out, goods in, or the parts
// of them that are re-exports and re-imports.
type Direction uint8

// Directions in the order in which the two sides of a corridor are merged.
const (
	Export Direction = iota
	Import
	ReExport // part of Export where a statistical office tells it apart
	ReImport // part of Import
)

var directionCodes = [...]string{"X", "M", "RX", "RM"}

// String gives X, M, RX or RM, as UN Comtrade writes them.
func (d Direction) String() string { return directionCodes[d] }

// MarshalText writes X, M, RX or RM.
func (d Direction) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// Outward says whether the reporter is the exporter of the corridor.
func (d Direction) Outward() bool { return d == Export || d == ReExport }

// Valuation says at which border a value was stated.
type Valuation uint8

// The valuations. Exports are stated FOB as a rule and imports CIF; some
// importers state FOB.
const (
	ValuationUnknown Valuation = iota
	ValuationFOB
	ValuationCIF
)

func (v Valuation) String() string { return [...]string{"", "FOB", "CIF"}[v] }

// Flow is one declaration: what a reporter says of one commodity, period,
// partner and direction. Exporter and Importer follow from reporter and
// direction, so that the two declarations of one corridor lie side by side.
type Flow struct {
	Commodity Commodity
	Period    Period
	Exporter  Exporter
	Importer  Importer
	Direction Direction
	Value     USD // at the valuation stated; missing where only a mass was given
	Valuation Valuation
	NetWeight Kg   // missing where none was given
	Estimated bool // the weight was estimated, by the office or by the publisher
}

// Reporter is the economy that made the declaration.
func (f Flow) Reporter() Economy {
	if f.Direction.Outward() {
		return Economy(f.Exporter)
	}
	return Economy(f.Importer)
}

// Partner is the economy that the declaration names.
func (f Flow) Partner() Economy {
	if f.Direction.Outward() {
		return Economy(f.Importer)
	}
	return Economy(f.Exporter)
}
