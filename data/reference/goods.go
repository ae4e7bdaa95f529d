package reference

import (
	_ "embed"
	"math"
	"strconv"
	"strings"

	"counterflow/data"
)

// Purity says how much of what trades under a code is the mineral.
type Purity string

// The purities.
const (
	Pure     Purity = "pure"     // the mineral and little else
	Mixed    Purity = "mixed"    // other goods too
	Dirty    Purity = "dirty"    // mostly other goods; not for a mass balance
	Adjacent Purity = "adjacent" // another good, watched for surges and unit values
)

// Good is a six-digit code of the Harmonised System that holds a critical
// mineral.
type Good struct {
	HS6     string
	Mineral string
	Name    string // short English name, not the legal text
	Stage   string // ore, compound, metal, alloy, article, scrap ...
	// Content is kg of the mineral in 1 kg of the good (rare earths as oxides),
	// with the range that products under the code take. NaN where the table has
	// none.
	Content, ContentLow, ContentHigh float64
	Purity                           Purity
	Editions                         []data.Edition // editions known to have the code
}

//go:embed goods.csv
var goodsCSV string

var (
	goods      = parseGoods(goodsCSV)
	goodByCode = indexGoods(goods)
)

// Goods lists the critical minerals by code.
func Goods() []Good { return append([]Good(nil), goods...) }

// GoodOf finds the critical mineral that a commodity of six or more digits
// belongs to, whatever its edition.
func GoodOf(c data.Commodity) (Good, bool) {
	i, ok := goodByCode[c.Truncate(6).In(data.EditionUnknown)]
	if !ok {
		return Good{}, false
	}
	return goods[i], true
}

// GoodName is the short English name of a commodity, and its code where the
// table has none or the commodity is finer than six digits.
func GoodName(c data.Commodity) string {
	if good, ok := GoodOf(c); ok && c.Len() == 6 {
		return good.Name
	}
	return c.Code()
}

func parseGoods(text string) []Good {
	var list []Good
	for _, row := range rowsOf("goods.csv", text, "hs6", "mineral", "name", "stage",
		"content", "content_low", "content_high", "purity", "editions") {
		g := Good{HS6: row[0], Mineral: row[1], Name: row[2], Stage: row[3],
			Content: fraction(row[4]), ContentLow: fraction(row[5]), ContentHigh: fraction(row[6]), Purity: Purity(row[7])}
		for _, edition := range strings.Fields(row[8]) {
			g.Editions = append(g.Editions, data.ParseEdition(edition))
		}
		list = append(list, g)
	}
	return list
}

func indexGoods(list []Good) map[data.Commodity]int {
	index := make(map[data.Commodity]int, len(list))
	for i := range list {
		index[data.MustCommodity(list[i].HS6, data.EditionUnknown)] = i
	}
	return index
}

// fraction reads a number, NaN where the text is empty.
func fraction(text string) float64 {
	if text == "" {
		return math.NaN()
	}
	f, err := strconv.ParseFloat(text, 64)
	if err != nil {
		panic(err)
	}
	return f
}
