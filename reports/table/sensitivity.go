package table

import (
	"counterflow/data"
	"counterflow/reconcile"
	"counterflow/reconcile/sensitivity"
)

var sensitivityTable = &declared[sensitivity.Row]{
	facts: Table{
		Name: "sensitivity", Title: "The rank of each case under low, default and high content, time on the way, and freight and insurance",
		Key: []string{"case_id", "assumption", "level"}, From: []string{"pairs", "cases", "margins"},
	},
	columns: []column[sensitivity.Row]{
		textColumn("case_id", "name of the case", func(r *sensitivity.Row) *string { return &r.CaseID }),
		textColumn("assumption", "content of the goods (cases are then ranked by contained weight), lag, or margin in the months of the case", func(r *sensitivity.Row) *sensitivity.Assumption { return &r.Assumption }),
		textColumn("level", "low, default or high", func(r *sensitivity.Row) *sensitivity.Level { return &r.Level }),
		numberColumn("setting", "what is assumed", func(r *sensitivity.Row) *float64 { return &r.Setting }).unit("kg/kg, months or share, by assumption").missing("empty where the assumption does not touch the case"),
		kgColumn("kg", "excess; contained weight under content, where it is known", func(r *sensitivity.Row) *data.Kg { return &r.Kg }).missing("empty where no weights were given"),
		usdColumn("usd", "value of the case", func(r *sensitivity.Row) *data.USD { return &r.USD }).missing("empty where no values were given"),
		numberColumn("q_value", "smallest false discovery rate at which the case stands, approximately", func(r *sensitivity.Row) *float64 { return &r.Q }).missing("empty where it cannot be had"),
		countColumn("rank", "among all cases at this level; 1 is the first to look at", func(r *sensitivity.Row) *int { return &r.Rank }),
	},
	length: func(r *reconcile.Result) int { return len(r.Sensitivity) },
	row:    func(r *reconcile.Result, i int, row *sensitivity.Row) { *row = r.Sensitivity[i] },
	keep:   func(r *reconcile.Result, rows []sensitivity.Row) { r.Sensitivity = append(r.Sensitivity, rows...) },
}
