package table

import (
	"counterflow/data"
	"counterflow/data/source"
	"counterflow/reconcile"
	"counterflow/reconcile/units"
)

var factorsTable = &declared[units.Factor]{
	facts: Table{
		Name: "factors", Title: "Kilograms for one unit of a quantity, by which weights were filled in where a declaration states none",
		Key: []string{"commodity", "unit"}, From: []string{"flows"},
	},
	columns: []column[units.Factor]{
		commodityColumn("commodity", "commodity code", func(r *units.Factor) *data.Commodity { return &r.Commodity }).missing("empty where a given factor is for any"),
		{
			Column: Column{Name: "unit", Type: Text, Description: "unit of the quantity, as the files write it"},
			free:   true,
			text:   func(to []byte, r *units.Factor) []byte { return append(to, r.Unit.String()...) },
			read:   func(r *units.Factor, cell []byte) error { r.Unit = source.ParseUnit(cell); return nil },
		},
		numberColumn("kg_per_unit", "median over the mirror pairs of what one side states in kilograms and the other in units", func(r *units.Factor) *float64 { return &r.Kg }).unit(kilograms).missing("empty where there is no such pair"),
		numberColumn("kg_per_unit_low", "lower end, "+estimated, func(r *units.Factor) *float64 { return &r.Low }).unit(kilograms).missing("empty where it cannot be had"),
		numberColumn("kg_per_unit_high", "upper end, "+estimated, func(r *units.Factor) *float64 { return &r.High }).unit(kilograms).missing("empty where it cannot be had"),
		numberColumn("sd", "standard deviation of the ratios", func(r *units.Factor) *float64 { return &r.SD }).unit(logUnits).missing("empty for fewer than two pairs"),
		countColumn("pairs", "mirror pairs", func(r *units.Factor) *int { return &r.Pairs }),
		textColumn("verdict", "learnt or given; not used: too_few pairs, too_wide a spread, no_mass in a unit of energy", func(r *units.Factor) *units.Verdict { return &r.Verdict }),
		countColumn("rows", "rows whose weight was filled in", func(r *units.Factor) *int64 { return &r.Rows }),
	},
	length: func(r *reconcile.Result) int { return len(r.Factors) },
	row:    func(r *reconcile.Result, i int, row *units.Factor) { *row = r.Factors[i] },
	keep:   func(r *reconcile.Result, rows []units.Factor) { r.Factors = append(r.Factors, rows...) },
}
