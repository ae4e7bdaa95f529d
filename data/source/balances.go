package source

import "counterflow/data"

// Reasons that only files of balances have.
const (
	UnknownItem Reason = "unknown_item" // neither production, consumption, stock nor stock_change
)

// Balances is what a file of national balances says.
type Balances struct {
	Rows     []data.Balance
	Tally    Tally
	Rejects  []Reject
	Warnings []string
}

// ReadBalances reads country, commodity, period, item, kg and, where given,
// basis: one figure a row; item is production, consumption, stock or
// stock_change. A commodity is a code or the name of a mineral, whose figures are
// contained mass. The basis is kept in the file's own words, since a figure that
// was derived from trade cannot be used to test trade. The USGS Mineral Commodity
// Summaries are recognised by their header and read by ReadMineralSummaries.
func ReadBalances(path string) (*Balances, error) {
	if isMineralSummaries(path) {
		return ReadMineralSummaries(path)
	}
	t, err := openSmall(path, "balances", "country", "commodity", "period", "item", "kg")
	if err != nil {
		return nil, err
	}
	out := &Balances{}
	at := [...]int{t.column("country"), t.column("commodity"), t.column("period"), t.column("item"), t.column("kg"), t.column("basis")}
	out.Tally, out.Rejects, err = t.each(func() *refused {
		b := data.Balance{Basis: t.field(at[5])}
		var no [5]*refused
		b.Economy, no[0] = t.economyIn(at[0])
		b.Commodity, no[1] = t.commodityIn(at[1])
		b.Period, no[2] = t.periodIn(at[2])
		b.Item, no[3] = t.itemIn(at[3])
		b.Kg, no[4] = t.massIn(at[4], b.Item == data.StockChange)
		if no := firstOf(no[:]...); no != nil {
			return no
		}
		out.Rows = append(out.Rows, b)
		return nil
	})
	return out, err
}

// itemIn reads an item of a balance. National totals of imports and exports are
// not taken from here: the flows say more.
func (t *smallTable) itemIn(column int) (data.Item, *refused) {
	item, ok := data.ParseItem(t.field(column))
	if !ok || item == data.TotalImports || item == data.TotalExports {
		return 0, &refused{UnknownItem, column, "write production, consumption, stock or stock_change"}
	}
	return item, nil
}

// periodIn reads a year or month.
func (t *smallTable) periodIn(column int) (data.Period, *refused) {
	period, ok := parsePeriod([]byte(t.field(column)))
	if !ok {
		return 0, &refused{BadPeriod, column, "write a year (2024) or a month (2024-07)"}
	}
	return period, nil
}
