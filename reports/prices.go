package reports

import (
	"cmp"
	"fmt"
	"slices"

	"counterflow/data"
	"counterflow/reconcile/cases"
	"counterflow/reconcile/mirror"
	"counterflow/reports/chart"
	"counterflow/reports/page"
	"counterflow/reports/wording"
)

const (
	pricesGoods = 3  // commodities with a chart of unit values
	pricesLanes = 10 // lanes on each, so that two fit a page
)

// priceFigures are the unit values of the commodities with cases of prices or
// slips of units; where there are none, of the first on the scoreboard.
func (v view) priceFigures() []chart.Chart {
	var figures []chart.Chart
	for _, goods := range v.pricedGoods() {
		figures = append(figures, v.prices(goods))
	}
	if len(figures) == 0 {
		figures = append(figures, chart.Prices{Name: "unit-values", Title: "Unit values"}.Chart())
	}
	return figures
}

// ofPrices says whether a case is one that shows in unit values.
func ofPrices(c cases.Case) bool { return c.Kind == cases.ValueGap || c.Kind == cases.UnitSlip }

func (v view) pricedGoods() []data.Commodity {
	var chosen []data.Commodity
	for _, c := range v.Cases {
		if ofPrices(c) && !slices.Contains(chosen, c.Goods) && len(chosen) < pricesGoods {
			chosen = append(chosen, c.Goods)
		}
	}
	if scores := v.scores(); len(chosen) == 0 && len(scores) > 0 {
		chosen = append(chosen, scores[0].goods)
	}
	return chosen
}

// prices is the chart of one commodity: lanes with cases of prices first, then
// those with the most declared value.
func (v view) prices(goods data.Commodity) chart.Chart {
	d := chart.Prices{
		Name: "unit-values-" + goods.Code(), Title: "Unit values: " + v.options.goods(goods),
		Subtitle: "US dollars a kilogram, one mark for each period and side, as declared; logarithmic scale",
		Caption:  "Exports in the upper half of a row, free on board; imports in the lower, with freight and insurance. Slips of units are drawn as they were declared; they were repaired before lanes were compared.",
	}
	windows := map[laneKey][]cases.Case{}
	var order []laneKey
	for _, c := range v.listed() {
		if key := laneOf(c); ofPrices(c) && c.Goods == goods {
			if windows[key] == nil {
				order = append(order, key)
			}
			windows[key] = append(windows[key], c)
		}
	}
	for _, key := range v.lanesByValue(goods) {
		if windows[key] == nil && len(v.lane(key).unitValues(nil)) > 0 {
			order = append(order, key)
		}
	}
	for _, key := range order[:min(pricesLanes, len(order))] {
		row := chart.PriceRow{Label: key.exporter.String() + " → " + key.importer.String(), Points: v.lane(key).unitValues(windows[key])}
		for i, c := range windows[key] {
			if i > 0 {
				row.Detail += ", "
			}
			row.Detail += c.ID + " " + wording.KindName(c.Kind)
		}
		d.Rows = append(d.Rows, row)
	}
	if len(order) > pricesLanes {
		d.Caption += fmt.Sprintf(" Shown: %d of %d lanes, those with cases of prices first, then the largest.", pricesLanes, len(order))
	}
	return d.Chart()
}

// lanesByValue are the lanes of a commodity, that with the most declared value
// first.
func (v view) lanesByValue(goods data.Commodity) []laneKey {
	usd := map[laneKey]data.USD{}
	var all []laneKey
	from, to := v.pairsOf(goods)
	for i := from; i < to; i++ {
		p := &v.Pairs[i]
		key := laneKey{goods, p.Exporter, p.Importer}
		if len(all) == 0 || all[len(all)-1] != key {
			all = append(all, key)
		}
		usd[key] += max(data.USD(p.XUSD), data.USD(p.MUSD), 0)
	}
	slices.SortStableFunc(all, func(a, b laneKey) int { return cmp.Compare(usd[b], usd[a]) })
	return all
}

// unitValues are the prices that both sides of a lane declare, with those within
// the given cases marked.
func (l lane) unitValues(in []cases.Case) []chart.PricePoint {
	var points []chart.PricePoint
	for i := range l.pairs {
		p := &l.pairs[i]
		outside := slices.ContainsFunc(in, func(c cases.Case) bool {
			return p.Period.Start() >= c.Start.Start() && p.Period.End() <= c.End.End()
		})
		if p.XKg > 0 && p.XUSD > 0 && p.State != mirror.ExporterSilent {
			points = append(points, chart.PricePoint{Period: p.Period, USD: p.XUSD.Float() / p.XKg.Float(), Outside: outside})
		}
		if p.MKg > 0 && p.MUSD > 0 && p.State != mirror.ImporterSilent {
			points = append(points, chart.PricePoint{Period: p.Period, Import: true, USD: p.MUSD.Float() / p.MKg.Float(), Outside: outside})
		}
	}
	return points
}

// priceSection lists what stands out in unit values, and draws it.
func (r *report) priceSection() {
	const title = "Prices"
	if !slices.ContainsFunc(r.figuresIn("prices"), func(c chart.Chart) bool { return c.Absent == "" }) {
		r.Brief(title, "No declaration states both a weight and a value, so there are no unit values to show.")
		return
	}
	r.Section(title)
	gaps := page.Table{Title: "Value gaps: weights agree, unit values part", Columns: priceColumns("Value")}
	slips := page.Table{Title: "Slips of units, repaired before lanes were compared", Columns: priceColumns("Weight off by")}
	for _, c := range r.listed() {
		row := func(amount string) []page.Cell {
			first := page.Cell{Text: c.ID}
			if r.options.wants("dossiers") {
				first.To = dossierTarget(c)
			}
			return []page.Cell{first, {Text: r.codedLane(c)}, {Text: upperFirst(r.options.goods(c.Goods))}, {Text: wording.ShortSpan(c.Start, c.End)}, {Text: amount}}
		}
		switch c.Kind {
		case cases.ValueGap:
			gaps.Rows = append(gaps.Rows, row(wording.Money(c.ExcessUSD.Float())))
		case cases.UnitSlip:
			slips.Rows = append(slips.Rows, row(wording.Mass(c.ExcessKg.Float())))
		}
	}
	for _, t := range []page.Table{gaps, slips} {
		if left := len(t.Rows) - pricesMost; left > 0 {
			t.Rows = t.Rows[:pricesMost]
			r.Table(t)
			r.Small(page.Plain(fmt.Sprintf("%d more stand in tables/cases.csv.", left)))
		} else if len(t.Rows) > 0 {
			r.Table(t)
		}
	}
	if len(gaps.Rows)+len(slips.Rows) == 0 {
		r.Text(page.Plain("No case is a value gap or a slip of units."))
	}
	r.allFigures("prices")
}

// pricesMost is how many rows a table of prices has.
const pricesMost = 15

func priceColumns(amount string) []page.Column {
	return []page.Column{{Head: "Case", Width: 0.11}, {Head: "Lane", Width: 0.30}, {Head: "Goods", Width: 0.28}, {Head: "Time", Width: 0.17}, {Head: amount, Width: 0.14, Right: true}}
}
