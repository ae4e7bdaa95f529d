package cases

import "counterflow/data"

// makers says which economies make which commodities, as far as balances state it.
type makers struct {
	stated map[data.Commodity]bool // commodities of which any production is stated
	makes  map[maker]bool
}

type maker struct {
	goods   data.Commodity
	economy data.Economy
}

// makersOf reads stated production. A figure derived from trade itself says nothing.
func makersOf(balances []data.Balance) makers {
	m := makers{map[data.Commodity]bool{}, map[maker]bool{}}
	for i := range balances {
		b := &balances[i]
		if b.Item == data.Production && b.Kg > 0 && !b.Circular() {
			m.stated[b.Commodity] = true
			m.makes[maker{b.Commodity, b.Economy}] = true
		}
	}
	return m
}

// of says whether an economy makes a commodity; known is false where no production
// of it is stated for any economy.
func (m makers) of(goods data.Commodity, e data.Economy) (makes, known bool) {
	return m.makes[maker{goods, e}], m.stated[goods]
}
