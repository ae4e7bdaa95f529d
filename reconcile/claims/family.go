package claims

import (
	"counterflow/data"
	"counterflow/data/reference"
)

// Family names the commodities under any of which the same goods may be booked in
// good faith: the codes of one mineral, whatever their headings (2805 and 2846 for
// rare earths), else those of one heading of four digits.
func Family(c data.Commodity) string {
	if good, ok := reference.GoodOf(c); ok && good.Purity != reference.Adjacent {
		return good.Mineral
	}
	return c.Truncate(4).Code()
}
