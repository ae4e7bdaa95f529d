package reference

import (
	_ "embed"
	"slices"
	"strings"

	"counterflow/data"
)

// Minerals lists the minerals that have a balance of their own, in the order of
// the alphabet. They are those of the table of goods whose name is a single
// mineral.
func Minerals() []string { return slices.Clone(minerals) }

var (
	minerals        = singleMinerals(goods)
	mineralByName   = indexMinerals(minerals)
	mineralByPacked = invert(mineralByName)
)

func singleMinerals(list []Good) []string {
	var names []string
	for i := range list {
		m := list[i].Mineral
		if list[i].Purity != Adjacent && !strings.ContainsAny(m, ",") && !strings.Contains(m, " and ") {
			names = append(names, m)
		}
	}
	names = append(names, "gallium")
	slices.Sort(names)
	return slices.Compact(names)
}

// MineralCommodity packs the name of a mineral into a commodity of its own, in
// which amounts are contained mass: "rare earths" is RAREEARTHS. It is no code
// of the Harmonised System, and its edition says so. ok is false for other text.
func MineralCommodity(name string) (c data.Commodity, ok bool) {
	c, ok = mineralByName[mineralKey(name)]
	return c, ok
}

// MineralName is the name of a mineral's own commodity; ok is false for codes.
func MineralName(c data.Commodity) (name string, ok bool) {
	name, ok = mineralByPacked[c.In(data.EditionOther)]
	return name, ok
}

func mineralKey(name string) string {
	return strings.ToUpper(strings.ReplaceAll(strings.TrimSpace(name), " ", ""))
}

func indexMinerals(names []string) map[string]data.Commodity {
	index := make(map[string]data.Commodity, len(names))
	for _, name := range names {
		key := mineralKey(name)
		index[key] = data.MustCommodity(key[:min(len(key), data.CommodityDigits)], data.EditionOther)
	}
	return index
}

func invert(index map[string]data.Commodity) map[data.Commodity]string {
	names := make(map[data.Commodity]string, len(index))
	for _, name := range minerals {
		names[index[mineralKey(name)]] = name
	}
	return names
}

// Producer is an economy that makes a mineral.
type Producer struct {
	Mineral string
	Economy data.Economy
	Stage   string  // mine, refinery ...
	Year    int     // 0 where not stated
	Tonnes  float64 // contained mineral a year, rare earths as oxides; NaN where no figure was found
	Basis   string  // how the figure came about
	Source  string
}

// Content is how much of a mineral one kilogram of a form holds.
type Content struct {
	Mineral, Element, Form string
	As                     string // what the content is counted as, such as Nd2O3
	Factor                 float64
	Source                 string
}

// Cover is a stock that an economy aims at.
type Cover struct {
	Label     string
	Economy   data.Economy
	Days      float64
	AppliesTo string
	Note      string
	Source    string
}

// Months is the stock in months of use, a year having 365.25 days.
func (c Cover) Months() float64 { return c.Days * 12 / 365.25 }

// Series says in which balance a series of the USGS Mineral Commodity Summaries
// is counted.
type Series struct {
	Chapter, Detail string // as published
	Mineral         string
	Item            data.Item
	Note            string
}

//go:embed producers.csv
var producersCSV string

//go:embed content.csv
var contentCSV string

//go:embed cover.csv
var coverCSV string

//go:embed mcs_series.csv
var mcsSeriesCSV string

var (
	producers = parseProducers(producersCSV)
	contents  = parseContents(contentCSV)
	covers    = parseCovers(coverCSV)
	mcsSeries = parseSeries(mcsSeriesCSV)
)

// Producers lists who makes what, by mineral and economy.
func Producers() []Producer { return slices.Clone(producers) }

// Produces says whether an economy is listed as a producer of a mineral; known
// is false where the table lists no producer of it at all, so that absence says
// nothing.
func Produces(mineral string, e data.Economy) (produces, known bool) {
	for i := range producers {
		if producers[i].Mineral == mineral {
			known = true
			produces = produces || producers[i].Economy == e
		}
	}
	return produces, known
}

// Contents lists the content factors of chemical forms.
func Contents() []Content { return slices.Clone(contents) }

// Covers lists the stocks that economies aim at, smallest first.
func Covers() []Cover { return slices.Clone(covers) }

// SummarySeries lists the series of the Mineral Commodity Summaries that make
// up balances.
func SummarySeries() []Series { return slices.Clone(mcsSeries) }

func parseProducers(text string) []Producer {
	var list []Producer
	for _, row := range rowsOf("producers.csv", text, "mineral", "iso3", "stage", "year", "tonnes", "basis", "source") {
		list = append(list, Producer{Mineral: row[0], Economy: data.MustEconomy(row[1]), Stage: row[2], Year: number(row[3], 0),
			Tonnes: fraction(row[4]), Basis: row[5], Source: row[6]})
	}
	return list
}

func parseContents(text string) []Content {
	var list []Content
	for _, row := range rowsOf("content.csv", text, "mineral", "element", "form", "content_as", "content", "source") {
		list = append(list, Content{Mineral: row[0], Element: row[1], Form: row[2], As: row[3], Factor: fraction(row[4]), Source: row[5]})
	}
	return list
}

func parseCovers(text string) []Cover {
	var list []Cover
	for _, row := range rowsOf("cover.csv", text, "label", "iso3", "days", "applies_to", "note", "source") {
		list = append(list, Cover{Label: row[0], Economy: data.MustEconomy(row[1]), Days: fraction(row[2]), AppliesTo: row[3], Note: row[4], Source: row[5]})
	}
	return list
}

func parseSeries(text string) []Series {
	var list []Series
	for _, row := range rowsOf("mcs_series.csv", text, "chapter", "detail", "mineral", "item", "note") {
		item, ok := data.ParseItem(row[3])
		if !ok {
			panic("mcs_series.csv: item " + row[3])
		}
		list = append(list, Series{Chapter: row[0], Detail: row[1], Mineral: row[2], Item: item, Note: row[4]})
	}
	return list
}
