package table

import (
	"counterflow/data"
	"counterflow/reconcile"
	"counterflow/reconcile/difference"
)

const (
	unstatedBefore = "empty where none was stated then"
	unstatedNow    = "empty where none is stated now"
)

var revisionsTable = &declared[difference.Revision]{
	facts: Table{
		Name: "revisions", Title: "Amounts that their reporters restated by a tenth or more since the run named in run.json, the largest first",
		Key: []string{"commodity", "exporter", "importer", "period", "flow"}, From: []string{"pairs"},
	},
	columns: []column[difference.Revision]{
		{
			Column: Column{Name: "reporter", Type: Text, Unit: alpha3, Description: "economy that restated the amount"},
			text:   func(to []byte, r *difference.Revision) []byte { return append(to, r.Reporter().String()...) },
		},
		wordColumn("flow", "X exports, M imports", directions, func(r *difference.Revision) *data.Direction { return &r.Direction }),
		commodityColumn("commodity", "commodity code", func(r *difference.Revision) *data.Commodity { return &r.Commodity }),
		economyColumn("exporter", "economy that the goods leave", func(r *difference.Revision) *data.Exporter { return &r.Exporter }),
		economyColumn("importer", "economy that the goods enter", func(r *difference.Revision) *data.Importer { return &r.Importer }),
		periodColumn("period", "year or month of the declarations", func(r *difference.Revision) *data.Period { return &r.Period }),
		kgColumn("kg_before", "net weight in the earlier run", func(r *difference.Revision) *data.Kg { return &r.KgBefore }).missing(unstatedBefore),
		kgColumn("kg", "net weight in this run", func(r *difference.Revision) *data.Kg { return &r.KgAfter }).missing(unstatedNow),
		usdColumn("usd_before", "value in the earlier run", func(r *difference.Revision) *data.USD { return &r.Before }).missing(unstatedBefore),
		usdColumn("usd", "value in this run", func(r *difference.Revision) *data.USD { return &r.After }).missing(unstatedNow),
		derivedColumn("relative_change", "the larger of the changes in weight and in value, as a share of the larger amount; 1 where one was not stated", (*difference.Revision).Relative).unit(share),
	},
	length: func(r *reconcile.Result) int {
		if r.Since == nil {
			return 0
		}
		return len(r.Since.Revisions)
	},
	row: func(r *reconcile.Result, i int, row *difference.Revision) { *row = r.Since.Revisions[i] },
	keep: func(r *reconcile.Result, rows []difference.Revision) {
		if r.Since == nil {
			r.Since = &difference.Difference{}
		}
		r.Since.Revisions = append(r.Since.Revisions, rows...)
	},
}
