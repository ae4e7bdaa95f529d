package data

import (
	"fmt"
	"strings"
)

// Item is a line of a national balance of one commodity.
type Item uint8

// The items. Imports and exports are national totals as a balance states them,
// not flows between two economies.
const (
	Production Item = iota + 1
	Consumption
	StockAtEnd  // held at the end of the period
	StockChange // added to stocks in the period, negative where they fell
	TotalImports
	TotalExports
)

var itemNames = [...]string{"", "production", "consumption", "stock", "stock_change", "imports", "exports"}

func (i Item) String() string {
	if int(i) < len(itemNames) {
		return itemNames[i]
	}
	return fmt.Sprintf("item(%d)", uint8(i))
}

// ParseItem reads the names that String writes; ok is false for any other text.
func ParseItem(text string) (item Item, ok bool) {
	for i, name := range itemNames {
		if i > 0 && name == text {
			return Item(i), true
		}
	}
	return 0, false
}

// Bound says how a stated mass stands to the true one.
type Bound uint8

// The bounds.
const (
	Exactly Bound = iota
	AtLeast       // published as ">95"
	AtMost        // published as "<1,000"
)

// Balance is one figure of a national balance: so much was made, used, held or
// added to stocks.
type Balance struct {
	Economy   Economy
	Commodity Commodity // a code, or a mineral (see reference.MineralCommodity)
	Period    Period
	Item      Item
	Kg        Kg // negative only for a change of stocks
	Bound     Bound
	Estimated bool   // the publisher says that it estimated the figure
	Basis     string // how the figure came about, in the publisher's words; "" where not stated
}

// Circular says whether the figure was derived from trade, so that holding it
// against trade proves nothing: production estimated from partners' imports, or
// consumption defined as production plus imports less exports. The basis
// decides, in whatever words it is given.
func (b *Balance) Circular() bool {
	basis := strings.ToLower(b.Basis)
	for _, word := range [...]string{"import", "export", "trade data", "apparent"} {
		if strings.Contains(basis, word) {
			return b.Item == Production || b.Item == Consumption
		}
	}
	return false
}
