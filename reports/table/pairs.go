package table

import (
	"errors"
	"math"
	"math/bits"

	"counterflow/data"
	"counterflow/data/source"
	"counterflow/reconcile"
	"counterflow/reconcile/balance"
	"counterflow/reconcile/cases"
	"counterflow/reconcile/mirror"
)

// pairRow is one row of the table of pairs: the corridor and how far it lies
// from what is expected of it.
type pairRow struct {
	pair      mirror.Pair
	departure cases.Departure
	measure   mirror.Measure // what the ratio is taken in
}

var (
	states   = []mirror.State{mirror.Both, mirror.ExportOnly, mirror.ImportOnly, mirror.ExporterSilent, mirror.ImporterSilent}
	modes    = []source.Mode{0, source.Air, source.Water, source.Land, source.OtherTransport}
	measures = []mirror.Measure{mirror.NoMeasure, mirror.Weight, mirror.Value}
	editions = []data.Edition{data.EditionUnknown, data.HS1992, data.HS1996, data.HS2002, data.HS2007, data.HS2012,
		data.HS2017, data.HS2022, data.HS2028, data.EditionMixed, data.EditionOther}
)

const (
	untested  = "empty where the pair was not tested"
	noRatio   = "empty unless both sides gave a positive amount"
	noExport  = "empty where the exporter declared none"
	noImport  = "empty where the importer declared none"
	estimated = "90% interval"
)

var pairsTable = &declared[pairRow]{
	facts: Table{
		Name: "pairs", Title: "What each exporter declares to each importer, and the importer from the exporter",
		Key:   []string{"commodity", "period", "exporter", "importer"},
		Order: []string{"commodity", "exporter", "importer", "period"},
		From:  []string{"flows", "coverage"},
	},
	columns: []column[pairRow]{
		commodityColumn("commodity", "commodity code", func(r *pairRow) *data.Commodity { return &r.pair.Commodity }),
		periodColumn("period", "year or month of the declarations", func(r *pairRow) *data.Period { return &r.pair.Period }),
		economyColumn("exporter", "economy that the goods leave", func(r *pairRow) *data.Exporter { return &r.pair.Exporter }),
		economyColumn("importer", "economy that the goods enter", func(r *pairRow) *data.Importer { return &r.pair.Importer }),
		kgColumn("x_kg", "net weight that the exporter declares", func(r *pairRow) *data.Kg { return &r.pair.XKg }).missing(noExport),
		kgColumn("m_kg", "net weight that the importer declares", func(r *pairRow) *data.Kg { return &r.pair.MKg }).missing(noImport),
		usdColumn("x_usd", "value that the exporter declares, FOB", func(r *pairRow) *data.FOB { return &r.pair.XUSD }).missing(noExport),
		usdColumn("m_usd", "value that the importer declares, CIF unless the notes say import_fob", func(r *pairRow) *data.CIF { return &r.pair.MUSD }).missing(noImport),
		wordColumn("state", "which sides declared: both, export_only, import_only, exporter_silent, importer_silent", states, func(r *pairRow) *mirror.State { return &r.pair.State }),
		derivedColumn("discrepancy_index", "(X-M)/(X+M), -1 for an orphan import to 1 for a lost export; a side that spoke and declared none counts as 0", pairIndex).missing("empty where a side was silent or nothing can be compared"),
		derivedColumn("log_ratio", "ln(M/X) in the measure named", func(r *pairRow) float64 { return r.pair.LogRatio(r.measure) }).unit(logUnits).missing(noRatio),
		numberColumn("expected", "log ratio that the lane and its reporters let expect", func(r *pairRow) *float64 { return &r.departure.Expected }).unit(logUnits).missing(untested),
		numberColumn("sd", "robust spread of the log ratio about that", func(r *pairRow) *float64 { return &r.departure.SD }).unit(logUnits).missing(untested),
		numberColumn("z", "(log_ratio - expected) / sd", func(r *pairRow) *float64 { return &r.departure.Z }).missing(untested),
		probabilityColumn("p_value", "two-sided p-value of z", func(r *pairRow) *float64 { return &r.departure.LogP }).missing(untested),
		wordColumn("measure", "what the ratio and the index are taken in: weight or value", measures, func(r *pairRow) *mirror.Measure { return &r.measure }).missing(noRatio),
		wordColumn("edition", "edition of the Harmonised System of the codes declared, H0 to H7; mixed where several", editions, func(r *pairRow) *data.Edition { return &r.pair.Edition }).missing("empty where the files do not say"),
		notesColumn("notes", "facts that qualify the amounts, joined by |", func(r *pairRow) *mirror.Notes { return &r.pair.Notes }).missing("empty where there are none"),
		wordColumn("mode", "how most of the lane's goods travel: air, water, land or other", modes, func(r *pairRow) *source.Mode { return &r.pair.Mode }).missing("empty where neither side divides them by it"),
	},
	length: func(r *reconcile.Result) int { return len(r.Pairs) },
	row: func(r *reconcile.Result, i int, row *pairRow) {
		row.pair = r.Pairs[i]
		row.departure = cases.Departure{Expected: math.NaN(), SD: math.NaN(), Z: math.NaN(), LogP: math.NaN()}
		if i < len(r.Departures) {
			row.departure = r.Departures[i]
		}
		row.measure = row.departure.Measure
		if row.measure == mirror.NoMeasure {
			row.measure = row.pair.Measure()
			if row.pair.State != mirror.Both {
				row.measure = mirror.NoMeasure
			}
		}
	},
	keep: func(r *reconcile.Result, rows []pairRow) {
		for i := range rows {
			row := &rows[i]
			d := row.departure
			if !math.IsNaN(d.Z) || !math.IsNaN(d.Expected) {
				d.Measure = row.measure
			}
			r.Pairs = append(r.Pairs, row.pair)
			r.Departures = append(r.Departures, d)
		}
	},
}

// pairIndex is the discrepancy index in the measure of the row: (1-q)/(1+q) with
// q = M/X where that is not the measure the pair itself would choose.
func pairIndex(r *pairRow) float64 {
	if r.pair.State == mirror.Both && r.measure != r.pair.Measure() {
		q := math.Exp(r.pair.LogRatio(r.measure))
		return (1 - q) / (1 + q)
	}
	return r.pair.Index()
}

// probabilityColumn is a column of p-values that are kept as natural logs.
func probabilityColumn[R any](name, description string, at func(*R) *float64) column[R] {
	return column[R]{
		Column: Column{Name: name, Type: Number, Description: description},
		number: func(r *R) float64 { return math.Exp(*at(r)) },
		exact:  func(to []byte, r *R) []byte { return appendProbability(to, *at(r)) },
		read: func(r *R, cell []byte) (err error) {
			*at(r), err = readProbability(cell)
			return err
		},
	}
}

// noteNames are the names of the single notes. Joining them for every row
// through Notes.Names took an allocation a row.
var noteNames = func() []string {
	var names []string
	for bit := 0; bit < 16; bit++ {
		names = append(names, mirror.Notes(1<<bit).Names()...)
	}
	return names
}()

func notesColumn[R any](name, description string, at func(*R) *mirror.Notes) column[R] {
	return column[R]{
		Column: Column{Name: name, Type: Text, Description: description},
		text: func(to []byte, r *R) []byte {
			for n, first := uint16(*at(r)), true; n != 0; n &= n - 1 {
				if !first {
					to = append(to, '|')
				}
				first = false
				to = append(to, noteNames[bits.TrailingZeros16(n)]...)
			}
			return to
		},
		read: func(r *R, cell []byte) error {
			*at(r) = 0
			for _, name := range readList(cell) {
				bit := indexOf(noteNames, name)
				if bit < 0 {
					return errors.New("has a note that this version does not know")
				}
				*at(r) |= 1 << bit
			}
			return nil
		},
	}
}

func indexOf(list []string, text string) int {
	for i, s := range list {
		if s == text {
			return i
		}
	}
	return -1
}

func rulingColumn(name, description string) column[balance.Reconciled] {
	return column[balance.Reconciled]{
		Column: Column{Name: name, Type: Text, Description: description},
		free:   true,
		text:   func(to []byte, r *balance.Reconciled) []byte { return append(to, r.Rule.String()...) },
		read: func(r *balance.Reconciled, cell []byte) (err error) {
			r.Rule, err = balance.ParseRuling(string(cell))
			return err
		},
	}
}

var reconciledTable = &declared[balance.Reconciled]{
	facts: Table{
		Name: "reconciled", Title: "The best single figure for each corridor, by period of departure",
		Key:   []string{"commodity", "period", "exporter", "importer"},
		Order: []string{"commodity", "exporter", "importer", "period"},
		From:  []string{"pairs", "margins", "reliability"},
	},
	columns: []column[balance.Reconciled]{
		commodityColumn("commodity", "commodity code", func(r *balance.Reconciled) *data.Commodity { return &r.Commodity }),
		periodColumn("period", "year or month of departure", func(r *balance.Reconciled) *data.Period { return &r.Period }),
		economyColumn("exporter", "economy that the goods leave", func(r *balance.Reconciled) *data.Exporter { return &r.Exporter }),
		economyColumn("importer", "economy that the goods enter", func(r *balance.Reconciled) *data.Importer { return &r.Importer }),
		kgColumn("kg", "net weight", func(r *balance.Reconciled) *data.Kg { return &r.Kg }).missing("empty where neither side gave a weight"),
		kgColumn("kg_low", "lower end, "+estimated, func(r *balance.Reconciled) *data.Kg { return &r.KgLow }).missing("empty where it cannot be had"),
		kgColumn("kg_high", "upper end, "+estimated, func(r *balance.Reconciled) *data.Kg { return &r.KgHigh }).missing("empty where it cannot be had"),
		usdColumn("usd", "value FOB", func(r *balance.Reconciled) *data.FOB { return &r.USD }).missing("empty where neither side gave a value"),
		usdColumn("usd_low", "lower end, "+estimated, func(r *balance.Reconciled) *data.FOB { return &r.USDLow }).missing("empty where it cannot be had"),
		usdColumn("usd_high", "upper end, "+estimated, func(r *balance.Reconciled) *data.FOB { return &r.USDHigh }).missing("empty where it cannot be had"),
		rulingColumn("rule", "which rule chose, and which side it kept").missing("empty where no rule applied"),
		numberColumn("exporter_weight", "share of the exporter's report in the figure", func(r *balance.Reconciled) *float64 { return &r.ExporterWeight }).unit(share).missing("empty where it cannot be had"),
	},
	length: func(r *reconcile.Result) int { return len(r.Reconciled) },
	row:    func(r *reconcile.Result, i int, row *balance.Reconciled) { *row = r.Reconciled[i] },
	keep: func(r *reconcile.Result, rows []balance.Reconciled) {
		r.Reconciled = append(r.Reconciled, rows...)
	},
}
