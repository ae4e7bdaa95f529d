package replay

import (
	"context"
	"strconv"

	"counterflow/data"
	"counterflow/reconcile"
	"counterflow/reconcile/cases"
	"counterflow/reconcile/evaluate"
)

// Delay is a number of months, of which none is below 0; Never stands for none.
type Delay int

// Never says that there is no month to count to, or none to count from.
const Never Delay = -1

// since counts the months from one to another.
func since(start, month data.Period) Delay {
	if start == 0 || month == 0 {
		return Never
	}
	return Delay(month.End().Index() - start.Start().Index())
}

// Text gives the number, and nothing for Never.
func (d Delay) Text() string {
	if d < 0 {
		return ""
	}
	return strconv.Itoa(int(d))
}

// MarshalJSON writes null for Never.
func (d Delay) MarshalJSON() ([]byte, error) {
	if d < 0 {
		return []byte("null"), nil
	}
	return []byte(d.Text()), nil
}

// Case is one case as the runs of all months saw it.
type Case struct {
	Kind      cases.Kind     `json:"kind"`
	Commodity data.Commodity `json:"commodity"`
	Related   data.Commodity `json:"related_commodity"` // none where zero
	Exporter  data.Economy   `json:"exporter"`
	Importer  data.Economy   `json:"importer"`
	Via       data.Economy   `json:"via"`
	Start     data.Period    `json:"start"` // the earliest that any month gave
	End       data.Period    `json:"end"`   // as last listed

	FirstListed  data.Period    `json:"first_listed"`
	Q            evaluate.Ratio `json:"q_value"`        // then
	ListedAfter  Delay          `json:"months_to_list"` // from Start
	FromFirst    bool           `json:"from_first"`     // in the first month run: it may have been listed before
	FirstFound   data.Period    `json:"first_found"`    // at the false share asked for; none for never
	FoundAfter   Delay          `json:"months_to_find"` // from Start
	MonthsListed int            `json:"months_listed"`  // not always in a row
	Stands       bool           `json:"stands"`         // listed in the last month run
	Dropped      data.Period    `json:"dropped_after"`  // the last month in which it was listed, where it does not stand
}

// Table is what a replay gives.
type Table struct {
	Months  []data.Period `json:"months"`
	Cases   []Case        `json:"cases"` // by month first listed, then by rank in it
	Summary Summary       `json:"summary"`
	ByKind  []Summary     `json:"by_kind"`

	Planted        []Planted       `json:"planted,omitempty"` // visible ones, in the order of the truth
	PlantedSummary *PlantedSummary `json:"planted_summary,omitempty"`
	Warnings       []string        `json:"warnings"` // of reading and of the last month
}

// Run runs once for every month of the span and puts the cases together. truth is
// that of a simulated world, nil for none. It costs one reading of the files and for
// each month what a run takes from pairs to cases.
func Run(ctx context.Context, s reconcile.Settings, span reconcile.Span, truth *evaluate.Truth, h reconcile.Hooks) (*Table, error) {
	j := newJoiner(s.FalseShare)
	var w *watch
	if truth != nil {
		w = newWatch(truth, evaluate.DefaultRules())
	}
	warnings := []string{}
	err := reconcile.Months(ctx, s, span, h, func(month data.Period, r *reconcile.Result) error {
		j.add(month, r.Cases)
		if w != nil {
			w.add(month, r.Cases)
		}
		warnings = append(warnings[:0], r.Warnings...)
		return nil
	})
	if err != nil {
		return nil, err
	}
	table := &Table{Months: j.months, Cases: j.table(), Warnings: warnings}
	table.Summary, table.ByKind = all(table.Cases, j.last()), byKind(table.Cases, j.last())
	if w != nil {
		table.Planted, table.PlantedSummary = w.told(), w.summary()
	}
	return table, nil
}
