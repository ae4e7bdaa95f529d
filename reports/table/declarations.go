package table

import (
	"counterflow/data"
	"counterflow/data/source"
	"counterflow/reconcile"
	"counterflow/reconcile/mirror"
)

var directions = []data.Direction{data.Export, data.Import, data.ReExport, data.ReImport}

var coverageTable = &declared[mirror.Coverage]{
	facts: Table{
		Name: "coverage", Title: "What each economy published, by direction and period",
		Key: []string{"economy", "flow", "period"}, Order: []string{"economy", "flow", "period"}, From: []string{"flows"},
	},
	columns: []column[mirror.Coverage]{
		economyColumn("economy", "economy that reports", func(r *mirror.Coverage) *data.Economy { return &r.Economy }),
		wordColumn("flow", "X exports, M imports", directions, func(r *mirror.Coverage) *data.Direction { return &r.Direction }),
		periodColumn("period", "year or month", func(r *mirror.Coverage) *data.Period { return &r.Period }),
		countColumn("rows", "records kept, totals over partners included", func(r *mirror.Coverage) *int64 { return &r.Rows }),
		usdColumn("value_usd", "sum over partners", func(r *mirror.Coverage) *data.USD { return &r.Value }).missing("empty where no value was given"),
		numberColumn("estimated_weight_share", "share of the value whose weight is an estimate", func(r *mirror.Coverage) *float64 { return &r.EstimatedWeight }).unit(share).missing("empty where it cannot be had"),
		numberColumn("unallocated_share", "share of the value whose partner is no single economy", func(r *mirror.Coverage) *float64 { return &r.Unallocated }).unit(share).missing("empty where it cannot be had"),
		wordColumn("status", "reported, or silent where others have the period", []mirror.Presence{mirror.Silent, mirror.Reported}, func(r *mirror.Coverage) *mirror.Presence { return &r.Presence }),
		wordColumn("edition", "edition of the Harmonised System, H0 to H7; mixed where several", editions, func(r *mirror.Coverage) *data.Edition { return &r.Edition }).missing("empty where the files do not say"),
	},
	length: func(r *reconcile.Result) int { return len(r.Coverage) },
	row:    func(r *reconcile.Result, i int, row *mirror.Coverage) { *row = r.Coverage[i] },
	keep:   func(r *reconcile.Result, rows []mirror.Coverage) { r.Coverage = append(r.Coverage, rows...) },
}

// totalRow is a total over partners. A flow has no reporter of its own: which
// side is the reporter follows from the direction.
type totalRow struct {
	flow     data.Flow
	reporter data.Economy
	edition  data.Edition
	code     data.Commodity
}

var totalsTable = &declared[totalRow]{
	facts: Table{
		Name: "totals", Title: "Totals over all partners, as published beside the partners",
		Key: []string{"commodity", "economy", "period", "flow"}, From: []string{"flows"},
	},
	columns: []column[totalRow]{
		commodityColumn("commodity", "commodity code", func(r *totalRow) *data.Commodity { return &r.code }),
		economyColumn("economy", "economy that reports", func(r *totalRow) *data.Economy { return &r.reporter }),
		periodColumn("period", "year or month", func(r *totalRow) *data.Period { return &r.flow.Period }),
		wordColumn("flow", "X exports, M imports, RX re-exports, RM re-imports", directions, func(r *totalRow) *data.Direction { return &r.flow.Direction }),
		usdColumn("value_usd", "value", func(r *totalRow) *data.USD { return &r.flow.Value }).missing("empty where none was given"),
		wordColumn("valuation", "FOB or CIF", []data.Valuation{data.ValuationUnknown, data.ValuationFOB, data.ValuationCIF}, func(r *totalRow) *data.Valuation { return &r.flow.Valuation }).missing("empty where the file does not say"),
		kgColumn("net_kg", "net weight", func(r *totalRow) *data.Kg { return &r.flow.NetWeight }).missing("empty where none was given"),
		flagColumn("weight_estimated", "whether the weight is an estimate", func(r *totalRow) *bool { return &r.flow.Estimated }),
		wordColumn("edition", "edition of the Harmonised System, H0 to H7", editions, func(r *totalRow) *data.Edition { return &r.edition }).missing("empty where the file does not say"),
	},
	length: func(r *reconcile.Result) int { return len(r.Totals) },
	row: func(r *reconcile.Result, i int, row *totalRow) {
		flow := r.Totals[i]
		*row = totalRow{flow: flow, reporter: flow.Reporter(), edition: flow.Commodity.Edition(), code: flow.Commodity.In(data.EditionUnknown)}
	},
	keep: func(r *reconcile.Result, rows []totalRow) {
		for i := range rows {
			row := &rows[i]
			flow := row.flow
			flow.Commodity = row.code.In(row.edition)
			flow.Exporter, flow.Importer = data.Exporter(data.World), data.Importer(row.reporter)
			if flow.Direction.Outward() {
				flow.Exporter, flow.Importer = data.Exporter(row.reporter), data.Importer(data.World)
			}
			r.Totals = append(r.Totals, flow)
		}
	},
}

var rejectsTable = &declared[source.Reject]{
	facts: Table{
		Name: "rejects", Title: "Rows that were refused: a few of each reason and file; run.json has the counts",
		Key: []string{"file", "line"}, From: []string{"flows"},
	},
	columns: []column[source.Reject]{
		textColumn("file", "name of the input", func(r *source.Reject) *string { return &r.File }),
		lineColumn(),
		textColumn("reason", "why the row was refused", func(r *source.Reject) *source.Reason { return &r.Reason }),
		textColumn("column", "column that decided", func(r *source.Reject) *string { return &r.Column }).missing("empty where the row as a whole did"),
		textColumn("value", "what stood there, at most 80 bytes", func(r *source.Reject) *string { return &r.Value }).missing("empty where nothing stood there"),
		textColumn("hint", "how to mend it", func(r *source.Reject) *string { return &r.Hint }).missing("empty where nothing needs mending"),
	},
	length: func(r *reconcile.Result) int { return len(r.Rejects) },
	row:    func(r *reconcile.Result, i int, row *source.Reject) { *row = r.Rejects[i] },
	keep:   func(r *reconcile.Result, rows []source.Reject) { r.Rejects = append(r.Rejects, rows...) },
}

// lineColumn is empty for line 0, which stands for a row that can no longer be
// located.
func lineColumn() column[source.Reject] {
	c := countColumn("line", "line in the file, the header being 1", func(r *source.Reject) *int64 { return &r.Line })
	c.Type = Number // readers that know no missing whole number make NaN of it
	c.whole = func(r *source.Reject) (int64, bool) { return r.Line, r.Line != 0 }
	read := c.read
	c.read = func(r *source.Reject, cell []byte) error {
		if len(cell) == 0 {
			r.Line = 0
			return nil
		}
		return read(r, cell)
	}
	return c.missing("empty where the row can no longer be located")
}
