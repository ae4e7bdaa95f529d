package wording

import (
	"strings"

	"counterflow/reconcile/cases"
)

// Parties are the names that a sentence about a case needs.
type Parties struct{ Exporter, Importer, Via, Goods, Related string }

// Lane writes the direction of trade: "France → Italy", "→ Italy" where no
// exporter applies, with the third economy where there is one.
func (p Parties) Lane() string {
	lane := p.Exporter + " → " + p.Importer
	if p.Exporter == "" {
		lane = p.Importer
	}
	if p.Via != "" {
		lane += " via " + p.Via
	}
	return strings.TrimSpace(lane)
}

// KindName is the kind as a label: "missing export".
func KindName(k cases.Kind) string { return strings.ReplaceAll(string(k), "_", " ") }

// ShownBy is Shown for one case: a reroute in which the importer books goods under
// their origins is told from one in which direct trade falls.
func ShownBy(c cases.Case, p Parties) string {
	if c.BookedByOrigin() {
		return p.Via + " declares more to " + p.Importer + " than " + p.Importer + " records from it, while " + p.Importer +
			" records more from economies that declare none of it, first " + p.Exporter
	}
	return Shown(c.Kind, p)
}

// Shown says what the data of a case show, without a subject's motive: the
// table of kinds in words. Both reporters are named alike.
func Shown(k cases.Kind, p Parties) string {
	switch k {
	case cases.MissingExport:
		return p.Importer + " records more as imported than " + p.Exporter + " records as exported"
	case cases.MissingImport:
		return p.Exporter + " records more as exported than " + p.Importer + " records as imported"
	case cases.CodeSwitch:
		return "a shortfall under " + p.Goods + " meets an excess under " + p.Related + " on the same lane"
	case cases.OriginSwitch:
		return "imports recorded as from " + p.Via + " rise while direct trade with " + p.Exporter + " falls"
	case cases.Reroute:
		return "trade moves from the direct lane to one through " + p.Via
	case cases.ValueGap:
		return "the weights of both reports agree, their unit values part"
	case cases.SplitConsignment:
		return "more consignments lie just under a threshold than chance lets expect"
	case cases.StockBuild:
		return "the supply of " + p.Importer + " exceeds its use"
	case cases.UnitSlip:
		return "the two reports differ by a constant factor, as a unit of measure would make it"
	}
	return "the two reports differ by more than the lane lets expect"
}

// Explanation is the table of kinds for the reader of a report, in the order in
// which the kinds are declared.
func Explanation() [][2]string {
	kinds := []cases.Kind{
		cases.MissingExport, cases.MissingImport, cases.CodeSwitch, cases.OriginSwitch, cases.Reroute,
		cases.ValueGap, cases.SplitConsignment, cases.StockBuild, cases.UnitSlip, cases.Unexplained,
	}
	generic := Parties{
		Exporter: "the exporter", Importer: "the importer", Via: "a third economy",
		Goods: "one code", Related: "another",
	}
	rows := make([][2]string, len(kinds))
	for i, k := range kinds {
		rows[i] = [2]string{KindName(k), Shown(k, generic)}
	}
	return rows
}
