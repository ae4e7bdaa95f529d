package table

import (
	"strings"

	"counterflow/data"
	"counterflow/reconcile"
	"counterflow/reconcile/cases"
	"counterflow/reconcile/claims"
	"counterflow/reconcile/mirror"
)

const noField = "empty where it does not apply"

var casesTable = &declared[cases.Case]{
	facts: Table{
		Name: "cases", Title: "Statistical discrepancies that the tested explanations do not account for, ranked",
		Key: []string{"case_id"}, Order: []string{"rank"}, From: []string{"pairs", "reconciled", "claims", "stocks"},
	},
	columns: []column[cases.Case]{
		textColumn("case_id", "name of the case", func(r *cases.Case) *string { return &r.ID }),
		countColumn("rank", "1 is the first to look at", func(r *cases.Case) *int { return &r.Rank }),
		textColumn("kind", "what the data show", func(r *cases.Case) *cases.Kind { return &r.Kind }),
		commodityColumn("commodity", "commodity code", func(r *cases.Case) *data.Commodity { return &r.Goods }).missing(noField),
		commodityColumn("related_commodity", "second code of a code_switch", func(r *cases.Case) *data.Commodity { return &r.Related }).missing(noField),
		economyColumn("exporter", "economy that the goods leave", func(r *cases.Case) *data.Exporter { return &r.Exporter }).missing(noField),
		economyColumn("importer", "economy that the goods enter", func(r *cases.Case) *data.Importer { return &r.Importer }).missing(noField),
		economyColumn("via", "third economy", func(r *cases.Case) *data.Economy { return &r.Via }).missing(noField),
		monthColumn("start", "first month; January on annual data", func(r *cases.Case) *data.Period { return &r.Start }).missing(noField),
		monthColumn("end", "last month; December on annual data", func(r *cases.Case) *data.Period { return &r.End }).missing(noField),
		kgColumn("excess_kg", "whole tonnage of the case over its window", func(r *cases.Case) *data.Kg { return &r.ExcessKg }).missing("empty where no weights were given"),
		kgColumn("excess_kg_low", "lower end, "+estimated, func(r *cases.Case) *data.Kg { return &r.ExcessKgLow }).missing("empty where no weights were given"),
		kgColumn("excess_kg_high", "upper end, "+estimated, func(r *cases.Case) *data.Kg { return &r.ExcessKgHigh }).missing("empty where no weights were given"),
		usdColumn("excess_usd", "value of the case", func(r *cases.Case) *data.USD { return &r.ExcessUSD }).missing("empty where no values were given"),
		probabilityColumn("p_value", "p-value of the case", func(r *cases.Case) *float64 { return &r.LogP }).missing("empty where it cannot be had"),
		numberColumn("q_value", "smallest false discovery rate at which the case stands", func(r *cases.Case) *float64 { return &r.Q }).missing("empty where it cannot be had"),
		flagColumn("assessable", "whether the data allow a judgement", func(r *cases.Case) *bool { return &r.Assessable }),
		listColumn("caveats", "codes of what speaks for an ordinary explanation, joined by |", func(r *cases.Case) *[]string { return &r.Caveats }).missing("empty where there are none"),
		textColumn("statement", "the case in one sentence", func(r *cases.Case) *string { return &r.Statement }).missing("empty where there is none"),
	},
	length: func(r *reconcile.Result) int { return len(r.Cases) },
	row:    func(r *reconcile.Result, i int, row *cases.Case) { *row = r.Cases[i] },
	keep:   func(r *reconcile.Result, rows []cases.Case) { r.Cases = append(r.Cases, rows...) },
}

var claimsTable = &declared[claims.Claim]{
	facts: Table{
		Name: "claims", Title: "Explanations tried on each case; with the rest named unexplained they add up to its gap",
		Key: []string{"case_id", "explanation"}, From: []string{"pairs", "cases"},
	},
	columns: []column[claims.Claim]{
		textColumn("case_id", "name of the case", func(r *claims.Claim) *string { return &r.CaseID }),
		textColumn("explanation", "what was tried", func(r *claims.Claim) *string { return &r.Explanation }),
		kgColumn("kg", "part of the gap that it accounts for", func(r *claims.Claim) *data.Kg { return &r.Kg }).missing("empty where it cannot be had"),
		kgColumn("kg_low", "lower end, "+estimated, func(r *claims.Claim) *data.Kg { return &r.KgLow }).missing("empty where it cannot be had"),
		kgColumn("kg_high", "upper end, "+estimated, func(r *claims.Claim) *data.Kg { return &r.KgHigh }).missing("empty where it cannot be had"),
		textColumn("verdict", "holds, fails or not_possible", func(r *claims.Claim) *claims.Verdict { return &r.Verdict }),
		textColumn("caveat", "code of the explanation among the caveats of cases", func(r *claims.Claim) *string { return &r.Caveat }).missing("empty where it is none"),
		textColumn("found_on", "lanes that it rests on, as commodity:exporter:importer, joined by |; QXX is a partner not stated", func(r *claims.Claim) *string { return &r.FoundOn }).missing("empty where it rests on the case's own months"),
		textColumn("note", "why", func(r *claims.Claim) *string { return &r.Note }).missing("empty where nothing is to be said"),
	},
	length: func(r *reconcile.Result) int { return len(r.Claims) },
	row:    func(r *reconcile.Result, i int, row *claims.Claim) { *row = r.Claims[i] },
	keep:   func(r *reconcile.Result, rows []claims.Claim) { r.Claims = append(r.Claims, rows...) },
}

var allocationsTable = &declared[claims.Allocation]{
	facts: Table{
		Name: "allocations", Title: "How claims that rest on other lanes, months and codes were shared out: one problem a family and window",
		Key: []string{"families", "start", "end"}, Order: []string{"families", "start"}, From: []string{"pairs", "claims"},
	},
	columns: []column[claims.Allocation]{
		textColumn("families", "mineral, or heading of four digits; several joined by |", func(r *claims.Allocation) *string { return &r.Families }),
		monthColumn("start", "first month of its cells", func(r *claims.Allocation) *data.Period { return &r.Start }),
		monthColumn("end", "last month of its cells", func(r *claims.Allocation) *data.Period { return &r.End }),
		countColumn("cases", "cases of which it holds cells, listed or not", func(r *claims.Allocation) *int { return &r.Cases }),
		countColumn("cells", "months of lanes in which the two sides part", func(r *claims.Allocation) *int { return &r.Cells }),
		countColumn("links", "explanations that would tie two of them", func(r *claims.Allocation) *int { return &r.Links }),
		kgColumn("excess_kg", "what cells have in which the importer records more", func(r *claims.Allocation) *data.Kg { return &r.Excess }),
		kgColumn("short_kg", "what cells lack in which the exporter records more", func(r *claims.Allocation) *data.Kg { return &r.Short }),
		kgColumn("allocated_kg", "of either, the most that can be shared out", func(r *claims.Allocation) *data.Kg { return &r.Allocated }),
		kgColumn("explained_kg", "of this, between a case and cells that are not its own", func(r *claims.Allocation) *data.Kg { return &r.Explained }),
		numberColumn("cost", "least cost: kg times the cost of their explanation, 1 to 8", func(r *claims.Allocation) *float64 { return &r.Cost }),
		textColumn("algorithm", "how it was solved", func(r *claims.Allocation) *string { return &r.Algorithm }),
		countColumn("augmentations", "paths along which masses were sent", func(r *claims.Allocation) *int { return &r.Augmentations }),
		countColumn("rounds", "lengths that these paths had", func(r *claims.Allocation) *int { return &r.Rounds }),
		flagColumn("optimal", "whether it stopped because no better allocation is left", func(r *claims.Allocation) *bool { return &r.Optimal }),
	},
	length: func(r *reconcile.Result) int { return len(r.Allocations) },
	row:    func(r *reconcile.Result, i int, row *claims.Allocation) { *row = r.Allocations[i] },
	keep:   func(r *reconcile.Result, rows []claims.Allocation) { r.Allocations = append(r.Allocations, rows...) },
}

var eventsTable = &declared[reconcile.Event]{
	facts: Table{
		Name: "events", Title: "Dated measures shown beside the series",
		Key: []string{"event_id"}, From: []string{"events"},
	},
	columns: []column[reconcile.Event]{
		textColumn("event_id", "name of the event", func(r *reconcile.Event) *string { return &r.ID }),
		periodColumn("date_announced", "when it was announced", func(r *reconcile.Event) *data.Period { return &r.Announced }).missing("empty where unknown"),
		periodColumn("date_effective", "when it took effect", func(r *reconcile.Event) *data.Period { return &r.Effective }).missing("empty where unknown"),
		periodColumn("date_end", "when it ended", func(r *reconcile.Event) *data.Period { return &r.End }).missing("empty where open"),
		textColumn("actor", "economy that acted", func(r *reconcile.Event) *string { return &r.Actor }).missing("empty where unknown"),
		textColumn("target", "economies concerned, joined by |, or world", func(r *reconcile.Event) *string { return &r.Target }).missing("empty where unknown"),
		commoditiesColumn("commodities", "commodity codes, joined by |", func(r *reconcile.Event) *[]data.Commodity { return &r.Commodities }).missing("empty where all"),
		textColumn("instrument", "what was done", func(r *reconcile.Event) *string { return &r.Instrument }).missing("empty where unknown"),
		textColumn("source", "where it is documented", func(r *reconcile.Event) *string { return &r.Source }).missing("empty where unknown"),
	},
	length: func(r *reconcile.Result) int { return len(r.Events) },
	row:    func(r *reconcile.Result, i int, row *reconcile.Event) { *row = r.Events[i] },
	keep:   func(r *reconcile.Result, rows []reconcile.Event) { r.Events = append(r.Events, rows...) },
}

const byMeasure = "kg or USD, by measure"

var expectedTable = &declared[cases.Expected]{
	facts: Table{
		Name: "expected", Title: "What the lanes of a case let expect, month by month, judged by their months outside its window; no rows where lanes were held against lanes of their kind",
		Key: []string{"case_id", "commodity", "exporter", "importer", "period"}, From: []string{"pairs", "cases"},
	},
	columns: []column[cases.Expected]{
		textColumn("case_id", "case that was judged by it", func(r *cases.Expected) *string { return &r.CaseID }),
		commodityColumn("commodity", "commodity code", func(r *cases.Expected) *data.Commodity { return &r.Goods }),
		economyColumn("exporter", "economy that the goods leave", func(r *cases.Expected) *data.Exporter { return &r.Exporter }),
		economyColumn("importer", "economy that the goods enter", func(r *cases.Expected) *data.Importer { return &r.Importer }),
		periodColumn("period", "month", func(r *cases.Expected) *data.Period { return &r.Period }),
		textColumn("of", "whose declaration is meant: importer, given what the exporter's bring in the month, or larger, the larger of the two", func(r *cases.Expected) *cases.Side { return &r.Of }),
		wordColumn("measure", "what the amounts are taken in: weight or value", measures, func(r *cases.Expected) *mirror.Measure { return &r.Measure }),
		numberColumn("amount", "what is to be expected", func(r *cases.Expected) *float64 { return &r.Amount }).unit(byMeasure),
		numberColumn("low", "lower end, 90% interval of the level; a single month scatters beyond it", func(r *cases.Expected) *float64 { return &r.Low }).unit(byMeasure),
		numberColumn("high", "upper end, 90% interval of the level; a single month scatters beyond it", func(r *cases.Expected) *float64 { return &r.High }).unit(byMeasure),
	},
	length: func(r *reconcile.Result) int { return len(r.Expected) },
	row:    func(r *reconcile.Result, i int, row *cases.Expected) { *row = r.Expected[i] },
	keep:   func(r *reconcile.Result, rows []cases.Expected) { r.Expected = append(r.Expected, rows...) },
}

// listColumn is a column of several words joined by |.
func listColumn[R any](name, description string, at func(*R) *[]string) column[R] {
	return column[R]{
		Column: Column{Name: name, Type: Text, Description: description},
		free:   true,
		text:   func(to []byte, r *R) []byte { return append(to, strings.Join(*at(r), "|")...) },
		read:   func(r *R, cell []byte) error { *at(r) = readList(cell); return nil },
	}
}

// commoditiesColumn is a column of several commodity codes joined by |.
func commoditiesColumn[R any](name, description string, at func(*R) *[]data.Commodity) column[R] {
	return column[R]{
		Column: Column{Name: name, Type: Text, Description: description},
		text: func(to []byte, r *R) []byte {
			for i, c := range *at(r) {
				if i > 0 {
					to = append(to, '|')
				}
				to = append(to, c.Code()...)
			}
			return to
		},
		read: func(r *R, cell []byte) error {
			*at(r) = nil
			for _, code := range readList(cell) {
				c, err := data.ParseCommodity(code, data.EditionUnknown)
				if err != nil {
					return err
				}
				*at(r) = append(*at(r), c)
			}
			return nil
		},
	}
}
