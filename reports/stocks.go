package reports

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"counterflow/data"
	"counterflow/data/reference"
	"counterflow/reconcile/cases"
	"counterflow/reconcile/stocks"
	"counterflow/reports/chart"
	"counterflow/reports/page"
	"counterflow/reports/wording"
)

const (
	stocksTitle    = "Stocks"
	stockCasesMost = 6  // builds with charts of their own, in the order of cases
	refusalsMost   = 15 // rows of the table of refused figures
)

// accountOf are the periods of one account; they lie together in the run.
func (v view) accountOf(c cases.Case) []stocks.Account {
	goods, economy := c.Goods.In(data.EditionUnknown), data.Economy(c.Importer)
	compare := func(a stocks.Account) int {
		return cmp.Or(cmp.Compare(a.Economy, economy), cmp.Compare(a.Commodity.In(data.EditionUnknown), goods))
	}
	from, _ := slices.BinarySearchFunc(v.Stocks, 0, func(a stocks.Account, _ int) int { return compare(a) })
	to := from
	for to < len(v.Stocks) && compare(v.Stocks[to]) == 0 {
		to++
	}
	return v.Stocks[from:to]
}

// builds are the first cases of stock building.
func (v view) builds() (first []cases.Case) {
	for _, c := range v.Cases {
		if c.Kind == cases.StockBuild && len(first) < stockCasesMost {
			first = append(first, c)
		}
	}
	return first
}

// stockFigures are, for each of the first builds, what its account adds up to and
// the account over the time of the case.
func (v view) stockFigures() []chart.Chart {
	var figures []chart.Chart
	for _, c := range v.builds() {
		figures = append(figures, v.stockChart(c).Chart(), v.accountChart(c).Chart())
	}
	return figures
}

const noAccount = "Use is not known here, so no account can be kept; the case rests on trade alone."

func stockName(c cases.Case) string { return "stock-" + c.Importer.String() + "-" + c.Goods.Code() }

// stockChart is what an account adds up to, beside bench lines.
func (v view) stockChart(c cases.Case) chart.Stock {
	where := v.options.Economy(data.Economy(c.Importer))
	d := chart.Stock{
		Name: stockName(c), Title: "Cumulated stock: " + v.options.goods(c.Goods) + ", " + where,
		Subtitle: "Supply less use, added up over all months", Absent: noAccount,
		Windows: []chart.Window{{Start: c.Start, End: c.End}},
		Events:  eventsOn(v.Events, laneKey{c.Goods, 0, c.Importer}),
		Caption: "The account starts at nothing where no stock is published, so its level is known only up to what was held at the start; " +
			"the interval widens with time, since a lasting error of any figure adds up.",
		MonthlyUse: math.NaN(),
	}
	for _, a := range v.accountOf(c) {
		d.Points = append(d.Points, chart.StockPoint{Period: a.Period, Kg: a.Cumulated.Float(), Low: a.CumulatedLow.Float(), High: a.CumulatedHigh.Float()})
		if use := a.Cumulated.Float() / a.MonthsOfCover; use > 0 && !math.IsInf(use, 0) {
			d.MonthlyUse = use
		}
	}
	if isMineral(c.Goods) && d.MonthlyUse > 0 {
		for _, b := range reference.Covers() {
			d.Bench = append(d.Bench, chart.BenchLine{Label: b.Label, Months: b.Months()})
		}
		slices.SortStableFunc(d.Bench, func(a, b chart.BenchLine) int { return cmp.Compare(a.Months, b.Months) })
		d.Caption += " Broken lines: the months of use, as in the last year of the account, that some economies aim at for rare metals; they are no norms."
	}
	return d
}

func isMineral(goods data.Commodity) bool {
	if _, ok := reference.MineralName(goods); ok {
		return true
	}
	good, ok := reference.GoodOf(goods)
	return ok && good.Mineral != ""
}

// account draws what the account of a case adds up to, in its dossier.
func (r *report) account(c cases.Case) {
	d := r.stockChart(c)
	d.Height = dossierHeight
	drawn := d.Chart()
	r.Figure(page.Figure{
		Title: "What its account adds up to", Subtitle: drawn.Subtitle, Caption: drawn.Caption, Absent: drawn.Absent,
		Width: float64(drawn.Width), Height: float64(drawn.Height), Drawing: drawn, Plain: true,
	})
	name := d.Name
	for _, f := range r.figures {
		if f.Name == name && f.Absent == "" && r.options.wants(f.Section) {
			r.Small(page.Link("The account as a whole", figureTarget(name)))
		}
	}
}

// accountChart leads from supply by use to what was added to stocks in the time
// of a case.
func (v view) accountChart(c cases.Case) chart.Bridge {
	var made, in, out, used, change float64
	months := 0
	for _, a := range v.accountOf(c) {
		if a.Period.Start() < c.Start || a.Period.End() > c.End || !a.Change.Known() {
			continue
		}
		months++
		in, out, used, change = in+a.Imports.Float(), out+a.Exports.Float(), used+a.Use.Float(), change+a.Change.Float()
		if a.Production.Known() {
			made += a.Production.Float()
		}
	}
	d := chart.Bridge{
		Name: "account-" + c.Importer.String() + "-" + c.Goods.Code(), Title: "The account of the case: " + v.options.goods(c.Goods) + ", " + v.options.Economy(data.Economy(c.Importer)),
		Subtitle: fmt.Sprintf("Sums over %s, %s", wording.Plural(int64(months), "period", "periods"), wording.Span(c.Start, c.End)), Absent: noAccount,
		Caption: "Supply is taken at the ratio at which the account usually closes. The case, " + wording.Mass(c.ExcessKg.Float()) + bracketed(intervalOf(c)) +
			", cuts single wild months, so it need not be the last bar to the kilogram.",
	}
	if months == 0 {
		return d
	}
	d.Steps = []chart.BridgeStep{{Label: "imports", Detail: "by both sides, on arrival", Kg: in, Whole: true}}
	if made > 0 {
		d.Steps = append(d.Steps, chart.BridgeStep{Label: "production", Detail: "as published", Kg: -made})
	}
	d.Steps = append(d.Steps,
		chart.BridgeStep{Label: "exports", Detail: "by both sides", Kg: out},
		chart.BridgeStep{Label: "use", Detail: "as published", Kg: used},
		chart.BridgeStep{Label: "added to stocks", Detail: "what is left", Kg: change, Whole: true})
	return d
}

// stocks is the section on accounts.
func (r *report) stocks() {
	if len(r.Stocks) == 0 && len(r.Refusals) == 0 && len(r.builds()) == 0 {
		r.Brief(stocksTitle, "No balances of production and use were given (--balances), so no account was kept.")
		return
	}
	r.Section(stocksTitle)
	r.Text(page.Plain("An account adds production and imports, and takes off exports and use. Imports are booked on arrival, so goods at sea are nobody's stock. " +
		"An account that never closes shows supply and use on different footings; only what departs from its own habit is a case."))
	r.allFigures("stocks")
	r.refusedFigures()
}

// refusedFigures shows what was not used, and why.
func (r *report) refusedFigures() {
	if len(r.Refusals) == 0 {
		return
	}
	t := page.Table{Title: "Figures refused, since they were derived from the trade they would be held against", Columns: []page.Column{
		{Head: "Economy", Width: 0.14}, {Head: "Goods", Width: 0.22}, {Head: "Figure", Width: 0.12},
		{Head: "Time", Width: 0.14}, {Head: "Figures", Width: 0.08, Right: true}, {Head: "Basis, in the words of the file", Width: 0.30},
	}}
	for _, f := range r.Refusals[:min(refusalsMost, len(r.Refusals))] {
		t.Rows = append(t.Rows, page.Cells(r.options.Economy(f.Economy), r.options.goods(f.Commodity), f.Item.String(),
			wording.Span(f.From, f.To), wording.Count(int64(f.Figures)), f.Basis))
	}
	r.Table(t)
	if len(r.Refusals) > refusalsMost {
		r.Small(page.Plain(fmt.Sprintf("%d of %d series; tables/refusals.csv has them all.", refusalsMost, len(r.Refusals))))
	}
}
