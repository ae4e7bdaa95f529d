package table

import (
	"math"
	"slices"
	"strconv"

	"counterflow/data"
	"counterflow/reconcile"
	"counterflow/reconcile/cases"
	"counterflow/reconcile/difference"
)

// changeRow is one case in this run and in the earlier one. A case that a run
// does not have has no ID.
type changeRow struct {
	change difference.Change
	now    cases.Case
	before cases.Case
}

// shown is the case as this run has it, else as the earlier had it.
func (r *changeRow) shown() *cases.Case {
	if r.now.ID != "" {
		return &r.now
	}
	return &r.before
}

const (
	notNow    = "empty where this run does not have the case"
	notBefore = "empty where the earlier run did not have the case"
)

var changesTable = &declared[changeRow]{
	facts: Table{
		Name: "changes", Title: "What became of each case since the run named in run.json; no rows where none was named",
		Key: []string{"case_id", "case_id_before"}, From: []string{"cases"},
	},
	columns: slices.Concat(
		[]column[changeRow]{
			textColumn("status", "new, re_rated, resolved or persisting", func(r *changeRow) *difference.Status { return &r.change.Status }),
			wordsColumn("ratings", "in what a re-rated case differs: kind, found, assessable, excess; joined by |", func(r *changeRow) *[]difference.Rating { return &r.change.Ratings }).missing("empty unless re-rated"),
			wordsColumn("causes", "what may have brought the change about: new_periods, left_periods, late_reports, revisions, settings, version, elsewhere; joined by |", func(r *changeRow) *[]difference.Cause { return &r.change.Causes }).missing("empty where the case persists"),
			countColumn("revised", "amounts restated on the lanes of the case", func(r *changeRow) *int { return &r.change.Revised }),
			commodityColumn("commodity", "commodity code", func(r *changeRow) *data.Commodity { return &r.shown().Goods }).missing(noField),
			commodityColumn("related_commodity", "second code of a code_switch", func(r *changeRow) *data.Commodity { return &r.shown().Related }).missing(noField),
			economyColumn("exporter", "economy that the goods leave", func(r *changeRow) *data.Exporter { return &r.shown().Exporter }).missing(noField),
			economyColumn("importer", "economy that the goods enter", func(r *changeRow) *data.Importer { return &r.shown().Importer }).missing(noField),
			economyColumn("via", "third economy", func(r *changeRow) *data.Economy { return &r.shown().Via }).missing(noField),
		},
		caseColumns("", "in this run", notNow, func(r *changeRow) *cases.Case { return &r.now }),
		caseColumns("_before", "in the earlier run", notBefore, func(r *changeRow) *cases.Case { return &r.before }),
	),
	length: func(r *reconcile.Result) int {
		if r.Since == nil {
			return 0
		}
		return len(r.Since.Changes)
	},
	row: func(r *reconcile.Result, i int, row *changeRow) {
		*row = changeRow{change: r.Since.Changes[i], now: absentCase, before: absentCase}
		if c := row.change.After; c != nil {
			row.now = *c
		}
		if c := row.change.Before; c != nil {
			row.before = *c
		}
	},
	keep: keepChanges,
}

// absentCase has every cell empty.
var absentCase = cases.Case{
	ExcessKg: data.MissingKg, ExcessKgLow: data.MissingKg, ExcessKgHigh: data.MissingKg, ExcessUSD: data.MissingUSD, Q: math.NaN(),
}

// caseColumns are what may differ between the two runs of a case.
func caseColumns(suffix, where, when string, at func(*changeRow) *cases.Case) []column[changeRow] {
	name := func(n string) string { return n + suffix }
	list := []column[changeRow]{
		textColumn(name("case_id"), "name of the case "+where, func(r *changeRow) *string { return &at(r).ID }),
		rankColumn(name("rank"), "its rank "+where, at),
		textColumn(name("kind"), "what the data show "+where, func(r *changeRow) *cases.Kind { return &at(r).Kind }),
		monthColumn(name("start"), "first month "+where, func(r *changeRow) *data.Period { return &at(r).Start }),
		monthColumn(name("end"), "last month "+where, func(r *changeRow) *data.Period { return &at(r).End }),
		kgColumn(name("excess_kg"), "tonnage of the case over its window "+where, func(r *changeRow) *data.Kg { return &at(r).ExcessKg }),
		kgColumn(name("excess_kg_low"), "lower end, "+estimated, func(r *changeRow) *data.Kg { return &at(r).ExcessKgLow }),
		kgColumn(name("excess_kg_high"), "upper end, "+estimated, func(r *changeRow) *data.Kg { return &at(r).ExcessKgHigh }),
		usdColumn(name("excess_usd"), "value of the case "+where, func(r *changeRow) *data.USD { return &at(r).ExcessUSD }),
		numberColumn(name("q_value"), "false discovery rate at which it stands "+where, func(r *changeRow) *float64 { return &at(r).Q }),
		assessableColumn(name("assessable"), "whether the data allow a judgement "+where, at),
		textColumn(name("statement"), "the case in one sentence "+where, func(r *changeRow) *string { return &at(r).Statement }),
	}
	for i := range list {
		list[i] = list[i].missing(when)
	}
	return list
}

// rankColumn is empty for a case that the run does not have.
func rankColumn(name, description string, at func(*changeRow) *cases.Case) column[changeRow] {
	c := countColumn(name, description, func(r *changeRow) *int { return &at(r).Rank })
	c.Type = Number // readers that know no missing whole number make NaN of it
	c.whole = func(r *changeRow) (int64, bool) { return int64(at(r).Rank), at(r).ID != "" }
	read := c.read
	c.read = func(r *changeRow, cell []byte) error {
		if len(cell) == 0 {
			return nil
		}
		return read(r, cell)
	}
	return c
}

// assessableColumn is text, since a flag is never missing.
func assessableColumn(name, description string, at func(*changeRow) *cases.Case) column[changeRow] {
	return column[changeRow]{
		Column: Column{Name: name, Type: Text, Description: description + ", true or false"},
		text: func(to []byte, r *changeRow) []byte {
			if at(r).ID == "" {
				return to
			}
			return strconv.AppendBool(to, at(r).Assessable)
		},
		read: func(r *changeRow, cell []byte) (err error) {
			if len(cell) > 0 {
				at(r).Assessable, err = strconv.ParseBool(string(cell))
			}
			return err
		},
	}
}

// wordsColumn is a column of several named values joined by |.
func wordsColumn[R any, T ~string](name, description string, at func(*R) *[]T) column[R] {
	return column[R]{
		Column: Column{Name: name, Type: Text, Description: description},
		text: func(to []byte, r *R) []byte {
			for i, word := range *at(r) {
				if i > 0 {
					to = append(to, '|')
				}
				to = append(to, word...)
			}
			return to
		},
		read: func(r *R, cell []byte) error {
			*at(r) = nil
			for _, word := range readList(cell) {
				*at(r) = append(*at(r), T(word))
			}
			return nil
		},
	}
}

// keepChanges gives both sides of a case the goods and the economies that stand
// once in its row; reading puts them on the earlier side, as no ID is known by
// then. This run's side is the case of its own table.
func keepChanges(r *reconcile.Result, rows []changeRow) {
	if r.Since == nil {
		r.Since = &difference.Difference{}
	}
	own := make(map[string]*cases.Case, len(r.Cases))
	for i := range r.Cases {
		own[r.Cases[i].ID] = &r.Cases[i]
	}
	for i := range rows {
		row := &rows[i]
		before, change := row.before, row.change
		if now := row.now; now.ID != "" {
			now.Goods, now.Related, now.Exporter, now.Importer, now.Via = before.Goods, before.Related, before.Exporter, before.Importer, before.Via
			change.After = &now
			if c := own[now.ID]; c != nil {
				change.After = c
			}
		}
		if before.ID != "" {
			change.Before = &before
		}
		r.Since.Changes = append(r.Since.Changes, change)
	}
}
