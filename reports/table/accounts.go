package table

import (
	"counterflow/data"
	"counterflow/reconcile"
	"counterflow/reconcile/stocks"
)

var items = []data.Item{data.Production, data.Consumption, data.StockAtEnd, data.StockChange, data.TotalImports, data.TotalExports}

var refusalsTable = &declared[stocks.Refusal]{
	facts: Table{
		Name: "refusals", Title: "Figures of balances that were derived from trade, and so were not held against it",
		Key: []string{"economy", "commodity", "item", "basis"}, From: []string{"balances"},
	},
	columns: []column[stocks.Refusal]{
		economyColumn("economy", "economy", func(r *stocks.Refusal) *data.Economy { return &r.Economy }),
		commodityColumn("commodity", "commodity code, or that of a mineral", func(r *stocks.Refusal) *data.Commodity { return &r.Commodity }),
		wordColumn("item", "line of the balance", items, func(r *stocks.Refusal) *data.Item { return &r.Item }),
		periodColumn("from", "first period", func(r *stocks.Refusal) *data.Period { return &r.From }),
		periodColumn("to", "last period", func(r *stocks.Refusal) *data.Period { return &r.To }),
		countColumn("figures", "figures refused", func(r *stocks.Refusal) *int { return &r.Figures }),
		textColumn("basis", "how the figures came about, in the words of the file", func(r *stocks.Refusal) *string { return &r.Basis }),
	},
	length: func(r *reconcile.Result) int { return len(r.Refusals) },
	row:    func(r *reconcile.Result, i int, row *stocks.Refusal) { *row = r.Refusals[i] },
	keep:   func(r *reconcile.Result, rows []stocks.Refusal) { r.Refusals = append(r.Refusals, rows...) },
}

const (
	everyone  = "empty for all importers together"
	noCompare = "empty where there is nothing to compare with"
)

var studiesTable = &declared[stocks.Study]{
	facts: Table{
		Name: "studies", Title: "What flows did before and after each dated event; a date is never a cause",
		Key: []string{"event_id", "importer"}, From: []string{"pairs", "events"},
	},
	columns: []column[stocks.Study]{
		textColumn("event_id", "name of the event", func(r *stocks.Study) *string { return &r.Event }),
		economyColumn("importer", "importer of the lanes concerned", func(r *stocks.Study) *data.Economy { return &r.Importer }).missing(everyone),
		periodColumn("effective", "month in which it took effect", func(r *stocks.Study) *data.Period { return &r.At }),
		countColumn("lanes", "lanes concerned whose months are all known", func(r *stocks.Study) *int { return &r.Lanes }),
		numberColumn("before", "mean of the 3 months before over the mean of the 12 before those", func(r *stocks.Study) *float64 { return &r.Before.Value }),
		numberColumn("before_se", "standard error of before", func(r *stocks.Study) *float64 { return &r.Before.SE }),
		numberColumn("after", "mean of the 12 months from the event on over the same base", func(r *stocks.Study) *float64 { return &r.After.Value }),
		numberColumn("after_se", "standard error of after", func(r *stocks.Study) *float64 { return &r.After.SE }),
		numberColumn("contrast", "ln(before / after): above zero where more went before", func(r *stocks.Study) *float64 { return &r.Contrast.Value }).unit(logUnits),
		numberColumn("contrast_se", "standard error of contrast", func(r *stocks.Study) *float64 { return &r.Contrast.SE }).unit(logUnits),
		numberColumn("against_partners", "contrast less that of other partners of the same importers", func(r *stocks.Study) *float64 { return &r.Partners.Value }).unit(logUnits).missing(noCompare),
		numberColumn("against_partners_se", "its standard error", func(r *stocks.Study) *float64 { return &r.Partners.SE }).unit(logUnits).missing(noCompare),
		numberColumn("against_goods", "contrast less that of other goods of the same economies", func(r *stocks.Study) *float64 { return &r.Goods.Value }).unit(logUnits).missing(noCompare),
		numberColumn("against_goods_se", "its standard error", func(r *stocks.Study) *float64 { return &r.Goods.SE }).unit(logUnits).missing(noCompare),
		numberColumn("peak_to_trough", "ln of the largest three-month mean before over the smallest after", func(r *stocks.Study) *float64 { return &r.Swing }).unit(logUnits).missing("empty where the trough is nothing at all"),
	},
	length: func(r *reconcile.Result) int { return len(r.Studies) },
	row:    func(r *reconcile.Result, i int, row *stocks.Study) { *row = r.Studies[i] },
	keep:   func(r *reconcile.Result, rows []stocks.Study) { r.Studies = append(r.Studies, rows...) },
}

var studyMonthsTable = &declared[stocks.StudyMonth]{
	facts: Table{
		Name: "study_months", Title: "The months of each study, as they are drawn",
		Key: []string{"event_id", "importer", "period"}, From: []string{"pairs", "events"},
	},
	columns: []column[stocks.StudyMonth]{
		textColumn("event_id", "name of the event", func(r *stocks.StudyMonth) *string { return &r.Event }),
		economyColumn("importer", "importer of the lanes concerned", func(r *stocks.StudyMonth) *data.Economy { return &r.Importer }).missing(everyone),
		periodColumn("period", "month", func(r *stocks.StudyMonth) *data.Period { return &r.Period }),
		kgColumn("kg", "what the lanes concerned carried", func(r *stocks.StudyMonth) *data.Kg { return &r.Kg }).missing("empty where unknown"),
		numberColumn("index", "the same over its base mean", func(r *stocks.StudyMonth) *float64 { return &r.Index }).missing("empty where unknown"),
		numberColumn("index_partners", "other partners over their base mean", func(r *stocks.StudyMonth) *float64 { return &r.Partners }).missing(noCompare),
		numberColumn("index_goods", "other goods over their base mean", func(r *stocks.StudyMonth) *float64 { return &r.Goods }).missing(noCompare),
	},
	length: func(r *reconcile.Result) int { return len(r.StudyMonths) },
	row:    func(r *reconcile.Result, i int, row *stocks.StudyMonth) { *row = r.StudyMonths[i] },
	keep:   func(r *reconcile.Result, rows []stocks.StudyMonth) { r.StudyMonths = append(r.StudyMonths, rows...) },
}
