package evaluate

import (
	"errors"
	"fmt"
	"io"
	"math"
	"path/filepath"

	"counterflow/data"
	"counterflow/reconcile"
	"counterflow/reconcile/cases"
	"counterflow/reconcile/mirror"
)

// Case is a row of a run's table of cases, as far as scoring needs it.
type Case struct {
	ID, Kind           string
	Commodity, Related data.Commodity
	Exporter, Importer data.Economy
	Via                data.Economy
	Start, End         data.Period // months
	Kg, KgLow, KgHigh  float64     // NaN where empty
	USD                float64     // NaN where empty
	Q                  float64
	Assessable         bool
}

func (c *Case) window() window { return window{c.Start, c.End} }

// report is what the two sides of a cell declared, NaN where one did not.
type report struct {
	xKg, mKg, xUSD, mUSD float64
	spoke                bool // both reporters published something for that period
}

// estimate is a reconciled cell.
type estimate struct {
	kg, kgLow, kgHigh, usd, usdLow, usdHigh float64
}

// Run is what a finished run says, as far as scoring needs it. Pairs are in the
// order of the table.
type Run struct {
	Cases      []Case
	cells      []cell
	reports    []report
	reconciled map[cell]estimate
	order      []cell // of the table of reconciled flows
}

// ReadRun reads the tables of a run folder. The table of reconciled flows may
// be absent.
func ReadRun(dir string) (*Run, error) {
	run := &Run{reconciled: map[cell]estimate{}}
	tables := filepath.Join(dir, "tables")
	err := errors.Join(readFile(filepath.Join(tables, "cases.csv"), run.readCases), readFile(filepath.Join(tables, "pairs.csv"), run.readPairs),
		optional(readFile(filepath.Join(tables, "reconciled.csv"), run.readReconciled)))
	if err != nil {
		return nil, fmt.Errorf("run: %w", err)
	}
	return run, nil
}

func (run *Run) readCases(from io.Reader) error {
	columns := []string{"case_id", "kind", "commodity", "related_commodity", "exporter", "importer", "via", "start", "end", "excess_kg",
		"excess_kg_low", "excess_kg_high", "excess_usd", "q_value", "assessable"}
	return eachRow(from, columns, func(r *row) {
		c := Case{ID: r.text("case_id"), Kind: r.text("kind"), Commodity: r.commodity("commodity"), Related: r.commodity("related_commodity"),
			Exporter: r.economy("exporter"), Importer: r.economy("importer"), Via: r.economy("via"),
			Start: r.period("start").Start(), End: r.period("end").End(),
			Kg: r.float("excess_kg"), KgLow: r.float("excess_kg_low"), KgHigh: r.float("excess_kg_high"), USD: r.float("excess_usd"),
			Q: r.float("q_value"), Assessable: r.text("assessable") != "false"}
		run.Cases = append(run.Cases, c)
	})
}

func (run *Run) readPairs(from io.Reader) error {
	columns := []string{"commodity", "period", "exporter", "importer", "x_kg", "m_kg", "x_usd", "m_usd", "state"}
	return eachRow(from, columns, func(r *row) {
		run.cells = append(run.cells, r.cell())
		state := r.text("state")
		run.reports = append(run.reports, report{r.float("x_kg"), r.float("m_kg"), r.float("x_usd"), r.float("m_usd"),
			state != mirror.ExporterSilent.String() && state != mirror.ImporterSilent.String()})
	})
}

func (run *Run) readReconciled(from io.Reader) error {
	columns := []string{"commodity", "period", "exporter", "importer", "kg", "kg_low", "kg_high", "usd", "usd_low", "usd_high"}
	return eachRow(from, columns, func(r *row) {
		at := r.cell()
		run.order = append(run.order, at)
		run.reconciled[at] = estimate{r.float("kg"), r.float("kg_low"), r.float("kg_high"), r.float("usd"), r.float("usd_low"), r.float("usd_high")}
	})
}

func (r *row) cell() cell {
	return cell{r.commodity("commodity"), r.economy("exporter"), r.economy("importer"), r.period("period")}
}

func (r *row) float(column string) float64 {
	if v, known := r.number(column); known {
		return v
	}
	return math.NaN()
}

// FromResult takes the tables of a run that has just been made, so that many
// worlds can be scored without writing them out.
func FromResult(result *reconcile.Result) *Run {
	run := FromCases(result.Cases)
	run.reconciled = make(map[cell]estimate, len(result.Reconciled))
	for i := range result.Pairs {
		p := &result.Pairs[i]
		run.cells = append(run.cells, cell{plain(p.Commodity), data.Economy(p.Exporter), data.Economy(p.Importer), p.Period})
		run.reports = append(run.reports, report{p.XKg.Float(), p.MKg.Float(), p.XUSD.Float(), p.MUSD.Float(),
			p.State != mirror.ExporterSilent && p.State != mirror.ImporterSilent})
	}
	for i := range result.Reconciled {
		r := &result.Reconciled[i]
		at := cell{plain(r.Commodity), data.Economy(r.Exporter), data.Economy(r.Importer), r.Period}
		run.order = append(run.order, at)
		run.reconciled[at] = estimate{
			r.Kg.Float(), r.KgLow.Float(), r.KgHigh.Float(), r.USD.Float(), r.USDLow.Float(), r.USDHigh.Float()}
	}
	return run
}

// FromCases takes the table of cases alone: enough for Outcomes.
func FromCases(list []cases.Case) *Run {
	run := &Run{}
	for i := range list {
		c := &list[i]
		run.Cases = append(run.Cases, Case{ID: c.ID, Kind: string(c.Kind), Commodity: plain(c.Goods), Related: plain(c.Related),
			Exporter: data.Economy(c.Exporter), Importer: data.Economy(c.Importer), Via: c.Via, Start: c.Start.Start(), End: c.End.End(),
			Kg: c.ExcessKg.Float(), KgLow: c.ExcessKgLow.Float(), KgHigh: c.ExcessKgHigh.Float(), USD: c.ExcessUSD.Float(),
			Q: c.Q, Assessable: c.Assessable})
	}
	return run
}

// plain forgets the edition, which tables do not carry.
func plain(c data.Commodity) data.Commodity {
	if c == 0 {
		return 0
	}
	return c.In(data.EditionUnknown)
}
