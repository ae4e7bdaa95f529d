package reference

import (
	_ "embed"

	"counterflow/data"
)

// Hub is an economy through which much trade passes that neither begins nor
// ends there, so that exporter and importer often name different partners.
type Hub struct {
	Economy data.Economy
	Role    string // re-exports, port of entry, free zones, commodity trading
	Source  string
}

// FOBImporter is an economy that states its imports FOB, so that no margin is
// to be taken off. A file that states the valuation of each row decides before
// this list.
type FOBImporter struct {
	Economy  data.Economy
	What     string
	From, To int // first and last year, 0 where not limited
	Source   string
}

//go:embed hubs.csv
var hubsCSV string

//go:embed fob_importers.csv
var fobImportersCSV string

var (
	hubs         = parseHubs(hubsCSV)
	fobImporters = parseFOBImporters(fobImportersCSV)
)

// Hubs lists the entrepots.
func Hubs() []Hub { return append([]Hub(nil), hubs...) }

// IsHub says whether an economy is in the list of entrepots.
func IsHub(e data.Economy) bool {
	for i := range hubs {
		if hubs[i].Economy == e {
			return true
		}
	}
	return false
}

// FOBImporters lists the importers that state values FOB, by code.
func FOBImporters() []FOBImporter { return append([]FOBImporter(nil), fobImporters...) }

// ImportsFOB says whether an economy's imports of a year are stated FOB, as far
// as the list knows.
func ImportsFOB(e data.Economy, year int) bool {
	for i := range fobImporters {
		f := &fobImporters[i]
		if f.Economy == e && year >= f.From && (f.To == 0 || year <= f.To) {
			return true
		}
	}
	return false
}

func parseHubs(text string) []Hub {
	var list []Hub
	for _, row := range rowsOf("hubs.csv", text, "iso3", "role", "source") {
		list = append(list, Hub{Economy: data.MustEconomy(row[0]), Role: row[1], Source: row[2]})
	}
	return list
}

func parseFOBImporters(text string) []FOBImporter {
	var list []FOBImporter
	for _, row := range rowsOf("fob_importers.csv", text, "iso3", "what", "from", "to", "source") {
		list = append(list, FOBImporter{Economy: data.MustEconomy(row[0]), What: row[1],
			From: number(row[2], 0), To: number(row[3], 0), Source: row[4]})
	}
	return list
}
