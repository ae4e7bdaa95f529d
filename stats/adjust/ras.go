package adjust

import (
	"fmt"
	"math"
)

// A Cell is one entry of a sparse table.
type Cell struct {
	Row, Col int
	Value    float64 // zero or more; zero stays zero
}

// RASOptions are the choices of RAS; zero fields take defaults.
type RASOptions struct {
	Tolerance     float64 // largest relative error of a margin; 0 means 1e-9
	MaxIterations int     // rounds over rows and columns; 0 means 10000
}

// Scaled is the answer of RAS.
type Scaled struct {
	Value     []float64 // in the order of the cells given: RowFactor Value ColFactor
	RowFactor []float64 // 1 for a margin that was not given
	ColFactor []float64

	Status     Status
	Converged  bool
	Iterations int     // rounds: all rows, then all columns
	Precision  float64 // largest relative error of a margin
	// WorstRow or WorstCol is the margin it belongs to, the other one -1.
	WorstRow, WorstCol int
	// Where infeasible: the rows in BlameRows have non-zero cells in no columns
	// but BlameCols, and ask for Shortfall more than those can hold; or the other
	// way round if ColumnsAsk.
	BlameRows, BlameCols []int
	ColumnsAsk           bool
	Shortfall            float64
	Warnings             []string
}

// RAS scales a non-negative table so that its rows and columns add up to given
// margins: value = rowFactor start colFactor, the table nearest to the start in
// relative entropy (Deming and Stephan 1940, Annals of Mathematical Statistics
// 11; Bacharach 1965). Zero cells stay zero. A NaN margin is not given: its row
// or column keeps a factor of one. A margin of zero empties its row.
//
// Rows and columns are scaled in turn until every margin is met to the
// tolerance. A table whose zeros make the margins impossible is Infeasible, with
// the rows to blame, found as a minimum cut. Where only the limit is feasible
// (some cells must tend to zero) convergence is slow and the answer may be
// IterationLimit. Margins that do not add up to the same total, if all are
// given, are infeasible too.
func RAS(cells []Cell, rowTotals, colTotals []float64, options RASOptions) (Scaled, error) {
	if options.Tolerance == 0 {
		options.Tolerance = 1e-9
	}
	if options.MaxIterations == 0 {
		options.MaxIterations = 10000
	}
	if !(options.Tolerance > 0) || options.MaxIterations < 1 {
		return Scaled{}, fmt.Errorf("tolerance %g, %d iterations: give positive numbers", options.Tolerance, options.MaxIterations)
	}
	if err := checkTable(cells, rowTotals, colTotals); err != nil {
		return Scaled{}, err
	}
	t := newTable(cells, rowTotals, colTotals)
	t.scale(options)
	return t.scaled(options), nil
}

func checkTable(cells []Cell, rowTotals, colTotals []float64) error {
	seen := make(map[[2]int]bool, len(cells))
	for k, c := range cells {
		if c.Row < 0 || c.Row >= len(rowTotals) || c.Col < 0 || c.Col >= len(colTotals) {
			return fmt.Errorf("cell %d is at row %d, column %d: outside the margins given", k, c.Row, c.Col)
		}
		if !(c.Value >= 0) || math.IsInf(c.Value, 1) {
			return fmt.Errorf("cell %d is %g: RAS needs finite values of zero or more", k, c.Value)
		}
		if seen[[2]int{c.Row, c.Col}] {
			return fmt.Errorf("row %d, column %d is given twice: add the cells", c.Row, c.Col)
		}
		seen[[2]int{c.Row, c.Col}] = true
	}
	if err := checkTotals("row", rowTotals); err != nil {
		return err
	}
	return checkTotals("column", colTotals)
}

func checkTotals(line string, totals []float64) error {
	for k, v := range totals {
		if v < 0 || math.IsInf(v, 0) {
			return fmt.Errorf("total of %s %d is %g: give zero or more, NaN if unknown", line, k, v)
		}
	}
	return nil
}

// table is the state of the scaling.
type table struct {
	cells      []Cell
	want       [2][]float64 // margins of rows and of columns
	factor     [2][]float64
	iterations int
	precision  float64
	worst      [2]int

	blamed     [2][]int
	columnsAsk bool
	shortfall  float64
}

// roundsBeforeDoubt is after how many rounds a table that has not settled is
// checked for contradictions; most take far fewer.
const roundsBeforeDoubt = 50

func newTable(cells []Cell, rowTotals, colTotals []float64) *table {
	t := &table{cells: cells, want: [2][]float64{rowTotals, colTotals}, precision: math.Inf(1)}
	for side, totals := range t.want {
		t.factor[side] = make([]float64, len(totals))
		for k := range totals {
			t.factor[side][k] = 1
		}
	}
	return t
}

// scale runs rounds of rows, then columns. The sums of the rows at the start of
// a round show how well the last one did, since its columns hold exactly.
func (t *table) scale(o RASOptions) {
	for {
		t.measure()
		if t.precision <= o.Tolerance {
			return
		}
		if t.iterations == min(roundsBeforeDoubt, o.MaxIterations) {
			t.blame(o.Tolerance)
		}
		if t.shortfall > 0 || t.iterations >= o.MaxIterations {
			return
		}
		t.iterations++
		for side := range t.want {
			for k, sum := range t.sums(side) {
				if want := t.want[side][k]; !math.IsNaN(want) && sum > 0 {
					t.factor[side][k] *= want / sum
				}
			}
		}
	}
}

// sums adds up the present table over rows (side 0) or columns (side 1).
func (t *table) sums(side int) []float64 {
	sums := make([]float64, len(t.want[side]))
	for _, c := range t.cells {
		sums[[2]int{c.Row, c.Col}[side]] += t.value(c)
	}
	return sums
}

func (t *table) value(c Cell) float64 {
	return t.factor[0][c.Row] * c.Value * t.factor[1][c.Col]
}

// measure finds the margin with the largest error relative to its total. A
// total of zero is met exactly or not at all.
func (t *table) measure() {
	t.precision, t.worst = 0, [2]int{-1, -1}
	for side, totals := range t.want {
		for k, sum := range t.sums(side) {
			if math.IsNaN(totals[k]) || sum == totals[k] {
				continue
			}
			// Over a total of zero this is +Inf.
			if share := math.Abs(sum-totals[k]) / totals[k]; share > t.precision {
				t.precision = share
				t.worst = [2]int{-1, -1}
				t.worst[side] = k
			}
		}
	}
}

func (t *table) scaled(o RASOptions) Scaled {
	s := Scaled{
		Value: make([]float64, len(t.cells)), RowFactor: t.factor[0], ColFactor: t.factor[1],
		Status: Solved, Converged: true, Iterations: t.iterations, Precision: t.precision,
		WorstRow: t.worst[0], WorstCol: t.worst[1],
	}
	for k, c := range t.cells {
		s.Value[k] = t.value(c)
	}
	if t.precision <= o.Tolerance {
		return s
	}
	s.Converged = false
	if t.shortfall > 0 {
		s.Status, s.Shortfall, s.ColumnsAsk = Infeasible, t.shortfall, t.columnsAsk
		s.BlameRows, s.BlameCols = t.blamed[0], t.blamed[1]
		asking, holding := "rows", "columns"
		if s.ColumnsAsk {
			asking, holding = holding, asking
		}
		s.Warnings = append(s.Warnings, fmt.Sprintf(
			"some %s ask for %.6g more than their %s can hold: the zeros or the totals contradict each other",
			asking, s.Shortfall, holding))
		return s
	}
	s.Status = IterationLimit
	s.Warnings = append(s.Warnings, fmt.Sprintf(
		"stopped after %d rounds with a margin off by a share of %.3g: raise MaxIterations or Tolerance",
		s.Iterations, s.Precision))
	return s
}
