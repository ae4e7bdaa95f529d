package table

import (
	"counterflow/data"
	"counterflow/reconcile"
)

var rulesTable = &declared[reconcile.AppliedRule]{
	facts: Table{
		Name: "rules", Title: "Patches, exclusions and producers as given, and what applied of the lists that come with the program",
		Key: []string{"list", "place"}, From: []string{"flows", "pairs"},
	},
	columns: []column[reconcile.AppliedRule]{
		textColumn("list", "patches, exclusions or producers; fob_importers and hubs come with the program", func(r *reconcile.AppliedRule) *string { return &r.List }),
		countColumn("place", "line of the file, or place in the list", func(r *reconcile.AppliedRule) *int { return &r.Place }),
		economyColumn("who", "economy concerned", func(r *reconcile.AppliedRule) *data.Economy { return &r.Who }),
		textColumn("what", "what holds of it", func(r *reconcile.AppliedRule) *string { return &r.What }),
		textColumn("why", "why", func(r *reconcile.AppliedRule) *string { return &r.Why }),
		textColumn("source", "where it is documented", func(r *reconcile.AppliedRule) *string { return &r.Source }),
		periodColumn("from", "first period", func(r *reconcile.AppliedRule) *data.Period { return &r.From }).missing("empty where open"),
		periodColumn("to", "last period", func(r *reconcile.AppliedRule) *data.Period { return &r.To }).missing("empty where open"),
		countColumn("applied", "rows changed or left out; for producers, fob_importers and hubs pairs concerned", func(r *reconcile.AppliedRule) *int64 { return &r.Applied }),
	},
	length: func(r *reconcile.Result) int { return len(r.Rules) },
	row:    func(r *reconcile.Result, i int, row *reconcile.AppliedRule) { *row = r.Rules[i] },
	keep:   func(r *reconcile.Result, rows []reconcile.AppliedRule) { r.Rules = append(r.Rules, rows...) },
}
