package table

import (
	"counterflow/data"
	"counterflow/reconcile"
	"counterflow/reconcile/balance"
	"counterflow/reconcile/margin"
	"counterflow/reconcile/mirror"
	"counterflow/reconcile/reliability"
	"counterflow/reconcile/stocks"
)

var marginsTable = &declared[margin.Term]{
	facts: Table{
		Name: "margins", Title: "Margins between the two borders, (CIF-FOB)/FOB, and the terms of the models behind them",
		Key: []string{"model", "term"}, Order: []string{"model", "term"}, From: []string{"pairs"},
	},
	columns: []column[margin.Term]{
		textColumn("model", "which model", func(r *margin.Term) *string { return &r.Model }),
		textColumn("term", "a commodity code, or the name of a regressor", func(r *margin.Term) *string { return &r.Name }),
		numberColumn("estimate", "estimate; a margin is a pure number", func(r *margin.Term) *float64 { return &r.Estimate }).missing("empty where it cannot be had"),
		numberColumn("se", "standard error", func(r *margin.Term) *float64 { return &r.SE }).missing("empty where it cannot be had"),
		countColumn("n", "pairs used", func(r *margin.Term) *int { return &r.N }),
	},
	length: func(r *reconcile.Result) int { return len(r.Margins) },
	row:    func(r *reconcile.Result, i int, row *margin.Term) { *row = r.Margins[i] },
	keep:   func(r *reconcile.Result, rows []margin.Term) { r.Margins = append(r.Margins, rows...) },
}

var reliabilityTable = &declared[reliability.Score]{
	facts: Table{
		Name: "reliability", Title: "How far the declarations of an economy scatter about the truth",
		Key:   []string{"economy", "role", "measure", "group"},
		Order: []string{"economy", "role", "measure", "group"}, From: []string{"pairs", "margins"},
	},
	columns: []column[reliability.Score]{
		economyColumn("economy", "economy that declares", func(r *reliability.Score) *data.Economy { return &r.Economy }),
		textColumn("role", "exporter or importer", func(r *reliability.Score) *reliability.Role { return &r.Role }),
		wordColumn("measure", "weight or value", measures, func(r *reliability.Score) *mirror.Measure { return &r.Measure }),
		textColumn("group", "commodity group, all where not divided", func(r *reliability.Score) *string { return &r.Group }),
		numberColumn("bias", "mean log deviation", func(r *reliability.Score) *float64 { return &r.Bias }).unit(logUnits).missing("empty where it cannot be had"),
		numberColumn("sigma", "spread of the log deviation from period to period", func(r *reliability.Score) *float64 { return &r.Sigma }).unit(logUnits).missing("empty where it cannot be had"),
		numberColumn("sigma_low", "lower end, "+estimated, func(r *reliability.Score) *float64 { return &r.SigmaLow }).unit(logUnits).missing("empty where it cannot be had"),
		numberColumn("sigma_high", "upper end, "+estimated, func(r *reliability.Score) *float64 { return &r.SigmaHigh }).unit(logUnits).missing("empty where it cannot be had"),
		countColumn("n", "periods of lanes used", func(r *reliability.Score) *int { return &r.N }),
		numberColumn("lasting", "spread, between lanes, of the part of the deviation that stays", func(r *reliability.Score) *float64 { return &r.Lasting }).unit(logUnits).missing("empty where lanes are too short to tell it, so that sigma holds both"),
		numberColumn("bias_se", "standard error of the bias, given that the biases of all reporters sum to zero", func(r *reliability.Score) *float64 { return &r.BiasSE }).unit(logUnits).missing("empty where it cannot be had"),
	},
	length: func(r *reconcile.Result) int { return len(r.Reliability) },
	row:    func(r *reconcile.Result, i int, row *reliability.Score) { *row = r.Reliability[i] },
	keep: func(r *reconcile.Result, rows []reliability.Score) {
		r.Reliability = append(r.Reliability, rows...)
	},
}

var bridgesTable = &declared[balance.LaneStep]{
	facts: Table{
		Name: "bridges", Title: "From what each side declared to what is reconciled, over all periods of a lane; lanes of the first cases",
		Key:   []string{"commodity", "exporter", "importer", "measure", "side", "place"},
		Order: []string{"commodity", "exporter", "importer", "measure", "side", "place"}, From: []string{"pairs", "margins", "reliability", "reconciled", "cases"},
	},
	columns: []column[balance.LaneStep]{
		commodityColumn("commodity", "commodity code", func(r *balance.LaneStep) *data.Commodity { return &r.Commodity }),
		economyColumn("exporter", "economy that the goods leave", func(r *balance.LaneStep) *data.Exporter { return &r.Exporter }),
		economyColumn("importer", "economy that the goods enter", func(r *balance.LaneStep) *data.Importer { return &r.Importer }),
		wordColumn("measure", "weight or value", measures, func(r *balance.LaneStep) *mirror.Measure { return &r.Measure }),
		textColumn("side", "whose declarations: exporter or importer", func(r *balance.LaneStep) *reliability.Role { return &r.Side }),
		countColumn("place", "1 is what was declared; the steps follow", func(r *balance.LaneStep) *int { return &r.Place }),
		textColumn("step", "what the step is", func(r *balance.LaneStep) *string { return &r.Step }),
		numberColumn("amount", "what it adds; all steps of a side add up to the reconciled sum", func(r *balance.LaneStep) *float64 { return &r.Amount }).unit(byMeasure),
	},
	length: func(r *reconcile.Result) int { return len(r.Bridges) },
	row:    func(r *reconcile.Result, i int, row *balance.LaneStep) { *row = r.Bridges[i] },
	keep:   func(r *reconcile.Result, rows []balance.LaneStep) { r.Bridges = append(r.Bridges, rows...) },
}

const closing = "at the ratio at which the account usually closes"

var stocksTable = &declared[stocks.Account]{
	facts: Table{
		Name: "stocks", Title: "Change of stocks: supply less use, with what it adds up to",
		Key:   []string{"economy", "commodity", "period"},
		Order: []string{"economy", "commodity", "period"}, From: []string{"balances", "reconciled"},
	},
	columns: []column[stocks.Account]{
		economyColumn("economy", "economy", func(r *stocks.Account) *data.Economy { return &r.Economy }),
		commodityColumn("commodity", "commodity code", func(r *stocks.Account) *data.Commodity { return &r.Commodity }),
		periodColumn("period", "year or month", func(r *stocks.Account) *data.Period { return &r.Period }),
		kgColumn("change_kg", "change of stocks in the period", func(r *stocks.Account) *data.Kg { return &r.Change }).missing("empty where it cannot be had"),
		kgColumn("low", "lower end, "+estimated, func(r *stocks.Account) *data.Kg { return &r.Low }).missing("empty where it cannot be had"),
		kgColumn("high", "upper end, "+estimated, func(r *stocks.Account) *data.Kg { return &r.High }).missing("empty where it cannot be had"),
		kgColumn("cumulated_kg", "sum of the changes so far, or the stock itself where a stock is published", func(r *stocks.Account) *data.Kg { return &r.Cumulated }).missing("empty where it cannot be had"),
		numberColumn("months_of_cover", "cumulated stock over mean monthly use", func(r *stocks.Account) *float64 { return &r.MonthsOfCover }).unit("months").missing("empty where use is unknown"),
		kgColumn("cumulated_low", "lower end, "+estimated, func(r *stocks.Account) *data.Kg { return &r.CumulatedLow }).missing("empty where it cannot be had"),
		kgColumn("cumulated_high", "upper end, "+estimated, func(r *stocks.Account) *data.Kg { return &r.CumulatedHigh }).missing("empty where it cannot be had"),
		kgColumn("production_kg", "production, "+closing, func(r *stocks.Account) *data.Kg { return &r.Production }).missing("empty where none is published"),
		kgColumn("imports_kg", "imports, "+closing, func(r *stocks.Account) *data.Kg { return &r.Imports }).missing("empty where unknown"),
		kgColumn("exports_kg", "exports", func(r *stocks.Account) *data.Kg { return &r.Exports }).missing("empty where unknown"),
		kgColumn("use_kg", "use; production + imports - exports - use is the change", func(r *stocks.Account) *data.Kg { return &r.Use }).missing("empty where unknown"),
	},
	length: func(r *reconcile.Result) int { return len(r.Stocks) },
	row:    func(r *reconcile.Result, i int, row *stocks.Account) { *row = r.Stocks[i] },
	keep:   func(r *reconcile.Result, rows []stocks.Account) { r.Stocks = append(r.Stocks, rows...) },
}
