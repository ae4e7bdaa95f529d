package stocks

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"counterflow/data"
)

// key is one account: an economy and a commodity.
type key struct {
	economy   data.Economy
	commodity data.Commodity
}

func (k key) compare(other key) int {
	return cmp.Or(cmp.Compare(k.economy, other.economy), cmp.Compare(k.commodity, other.commodity))
}

// book is what the balances say of one account, by period of the calendar.
type book struct {
	key
	production, use, held, change []float64
	imports, exports              []float64 // totals that the balance itself states
	usesSpread                    bool      // some use was spread from a year over its months
}

// Refusal is a figure of a balance that was not used, because it was derived
// from the flows that it would test.
type Refusal struct {
	Economy   data.Economy
	Commodity data.Commodity
	Item      data.Item
	From, To  data.Period
	Figures   int
	Basis     string // in the words of the file
}

// String says in one sentence what was refused and why.
func (r Refusal) String() string {
	return fmt.Sprintf("%s of %s in %s, %s: %d figures refused as circular, their basis is %q; give figures with a basis of their own",
		r.Item, r.Commodity, r.Economy, span(r.From, r.To), r.Figures, r.Basis)
}

// refusedWarning says how many figures were refused, and of what; the table of
// refusals has them one by one.
func refusedWarning(all []Refusal) string {
	figures := 0
	for _, r := range all {
		figures += r.Figures
	}
	return fmt.Sprintf("%d figures of %d series of the balances are refused as circular: they were derived from the trade that they would be held against, such as %s",
		figures, len(all), all[0])
}

// booksOf sorts balances into accounts. A circular figure is refused: it would
// decide a test of the very flows that it was made of. A year's figure is spread
// evenly over those of its months that have no figure of their own.
func booksOf(balances []data.Balance, c calendar) ([]*book, []Refusal) {
	byKey := map[key]*book{}
	var all []*book
	refused := map[refusalKey]*Refusal{}
	for i := range balances {
		b := &balances[i]
		if b.Circular() {
			refuse(refused, b)
			continue
		}
		k := key{b.Economy, b.Commodity.In(data.EditionUnknown)}
		if byKey[k] == nil {
			byKey[k] = &book{key: k}
			all = append(all, byKey[k])
		}
		byKey[k].enter(b, c)
	}
	for i := range balances {
		if b := &balances[i]; !b.Circular() && c.monthly() && !b.Period.Monthly() {
			byKey[key{b.Economy, b.Commodity.In(data.EditionUnknown)}].spread(b, c)
		}
	}
	slices.SortFunc(all, func(a, b *book) int { return a.compare(b.key) })
	return all, refusals(refused)
}

// series is where an item stands, made on first use.
func (b *book) series(item data.Item, n int) *[]float64 {
	var to *[]float64
	switch item {
	case data.Production:
		to = &b.production
	case data.Consumption:
		to = &b.use
	case data.StockAtEnd:
		to = &b.held
	case data.StockChange:
		to = &b.change
	case data.TotalImports:
		to = &b.imports
	case data.TotalExports:
		to = &b.exports
	default:
		return nil
	}
	if *to == nil {
		*to = unknown(n)
	}
	return to
}

// enter takes a figure of the calendar's own kind of period. Stocks at the end
// of a year are those at the end of its December. A bound is no figure.
func (b *book) enter(f *data.Balance, c calendar) {
	period := f.Period
	if f.Item == data.StockAtEnd && c.monthly() {
		period = period.End()
	}
	t, ok := c.at(period)
	to := b.series(f.Item, c.n)
	if ok && to != nil && f.Bound == data.Exactly {
		(*to)[t] = f.Kg.Float()
	}
}

// spread divides a year's figure evenly among its months, less what months with
// figures of their own hold. It says nothing of the season, which the test takes
// out again.
func (b *book) spread(f *data.Balance, c calendar) {
	to := b.series(f.Item, c.n)
	if f.Item == data.StockAtEnd || to == nil || f.Bound != data.Exactly {
		return
	}
	rest, empty := f.Kg.Float(), []int(nil)
	for month := f.Period.Start(); month <= f.Period.End(); month = month.Add(1) {
		if t, ok := c.at(month); ok && (*to)[t] >= 0 {
			rest -= (*to)[t]
		} else if ok {
			empty = append(empty, t)
		} else {
			rest -= f.Kg.Float() / 12
		}
	}
	for _, t := range empty {
		(*to)[t] = max(rest, 0) / float64(len(empty))
	}
	b.usesSpread = b.usesSpread || f.Item == data.Consumption && len(empty) > 0
}

type refusalKey struct {
	key
	item  data.Item
	basis string
}

func refuse(all map[refusalKey]*Refusal, b *data.Balance) {
	basis := strings.TrimPrefix(b.Basis, "Estimated. -- ")
	k := refusalKey{key{b.Economy, b.Commodity.In(data.EditionUnknown)}, b.Item, basis}
	r := all[k]
	if r == nil {
		r = &Refusal{Economy: b.Economy, Commodity: k.commodity, Item: b.Item, From: b.Period, To: b.Period, Basis: basis}
		all[k] = r
	}
	r.From, r.To = min(r.From, b.Period), max(r.To, b.Period)
	r.Figures++
}

func refusals(all map[refusalKey]*Refusal) []Refusal {
	list := make([]Refusal, 0, len(all))
	for _, r := range all {
		list = append(list, *r)
	}
	slices.SortFunc(list, func(a, b Refusal) int {
		return cmp.Or(cmp.Compare(a.Economy, b.Economy), cmp.Compare(a.Commodity, b.Commodity), cmp.Compare(a.Item, b.Item), cmp.Compare(a.Basis, b.Basis))
	})
	return list
}
