package adjust

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func dense(rows [][]float64) []Cell {
	var cells []Cell
	for r, row := range rows {
		for c, v := range row {
			cells = append(cells, Cell{r, c, v})
		}
	}
	return cells
}

func ras(t *testing.T, cells []Cell, rows, cols []float64) Scaled {
	t.Helper()
	s, err := RAS(cells, rows, cols, RASOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestRASByHand(t *testing.T) {
	// A flat table takes the product of its margins over the total at once.
	s := ras(t, dense([][]float64{{1, 1}, {1, 1}}), []float64{30, 70}, []float64{40, 60})
	near(t, "flat", s.Value, []float64{12, 18, 28, 42}, 1e-12)
	if s.Status != Solved || s.Iterations != 1 || s.WorstRow != -1 && s.Precision > 1e-12 {
		t.Errorf("status %q after %d", s.Status, s.Iterations)
	}
	// The cross ratio 1*4/(2*3) is kept: x(x+1)/((3-x)(4-x)) = 2/3 for margins
	// (3,5), (4,4) with x the first cell: x^2 + 17x - 24 = 0.
	s = ras(t, dense([][]float64{{1, 2}, {3, 4}}), []float64{3, 5}, []float64{4, 4})
	x := (math.Sqrt(17*17+96) - 17) / 2
	near(t, "cross ratio", s.Value, []float64{x, 3 - x, 4 - x, 1 + x}, 1e-8)
	// Zeros stay, a zero margin empties its row, an unknown one keeps its factor.
	s = ras(t, dense([][]float64{{0, 2}, {3, 4}, {5, 1}}), []float64{6, 0, math.NaN()}, []float64{2, 8})
	near(t, "zeros", s.Value, []float64{0, 6, 0, 0, 2, 2}, 1e-8)
	if s.RowFactor[2] != 1 {
		t.Errorf("factor %g of the row without a total", s.RowFactor[2])
	}
}

// Tables whose zeros or totals make the margins impossible, small enough to see.
func TestRASNamesContradictions(t *testing.T) {
	for name, c := range map[string]struct {
		cells      []Cell
		rows, cols []float64
		blameRows  []int
		blameCols  []int
		shortfall  float64
		colsAsk    bool
	}{
		"totals differ": {dense([][]float64{{1, 1}, {1, 1}}), []float64{30, 70}, []float64{40, 50}, []int{0, 1}, []int{0, 1}, 10, false},
		"empty row":     {dense([][]float64{{1, 1}, {0, 0}}), []float64{30, 70}, []float64{50, 50}, []int{1}, nil, 70, false},
		"blocks":        {dense([][]float64{{1, 0}, {0, 1}}), []float64{30, 70}, []float64{40, 60}, []int{1}, []int{1}, 10, false},
		// Row 1 has no total and may hold anything, but column 1 meets only row 0.
		"columns ask": {dense([][]float64{{1, 1}, {1, 0}}), []float64{10, math.NaN()}, []float64{5, 12}, []int{0}, []int{1}, 2, true},
	} {
		s := ras(t, c.cells, c.rows, c.cols)
		if s.Status != Infeasible || s.Converged || !slices.Equal(s.BlameRows, c.blameRows) ||
			!slices.Equal(s.BlameCols, c.blameCols) || math.Abs(s.Shortfall-c.shortfall) > 1e-9 || s.ColumnsAsk != c.colsAsk {
			t.Errorf("%s: %q, rows %v, columns %v, shortfall %g, columns ask %v",
				name, s.Status, s.BlameRows, s.BlameCols, s.Shortfall, s.ColumnsAsk)
		}
		if s.Iterations > roundsBeforeDoubt || len(s.Warnings) != 1 {
			t.Errorf("%s: %d rounds, warnings %v", name, s.Iterations, s.Warnings)
		}
	}
}

// Margins that only a table with one more zero meets: feasible in the limit,
// approached like one over the rounds.
func TestRASSaysWhenOnlyTheLimitIsFeasible(t *testing.T) {
	s := ras(t, dense([][]float64{{1, 1}, {0, 1}}), []float64{1, 1}, []float64{1, 1})
	if s.Status != IterationLimit || s.Converged || s.Precision > 1e-3 {
		t.Errorf("status %q, precision %g after %d", s.Status, s.Precision, s.Iterations)
	}
}

func TestRASErrors(t *testing.T) {
	one := []float64{1}
	for name, c := range map[string]struct {
		cells      []Cell
		rows, cols []float64
	}{
		"negative": {[]Cell{{0, 0, -1}}, one, one}, "outside": {[]Cell{{1, 0, 1}}, one, one},
		"twice": {[]Cell{{0, 0, 1}, {0, 0, 1}}, one, one}, "margin": {[]Cell{{0, 0, 1}}, []float64{-1}, one},
		"nan": {[]Cell{{0, 0, math.NaN()}}, one, one},
	} {
		if _, err := RAS(c.cells, c.rows, c.cols, RASOptions{}); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

// Margins of a hidden table with the same zeros: they are met, zeros are kept,
// cross ratios are kept (value over start is a product of the factors), and
// all amounts scale together.
func TestRASProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 4))
		n, m := rapid.IntRange(1, 12).Draw(t, "rows"), rapid.IntRange(1, 12).Draw(t, "columns")
		factor := math.Exp(rapid.Float64Range(-20, 20).Draw(t, "ln factor"))
		rows, cols := make([]float64, n), make([]float64, m)
		var cells []Cell
		for r := range n {
			for c := range m {
				if rng.Float64() < 0.3 {
					cells = append(cells, Cell{r, c, 0})
					continue
				}
				hidden := math.Exp(rng.NormFloat64())
				rows[r] += hidden
				cols[c] += hidden
				cells = append(cells, Cell{r, c, hidden * math.Exp(rng.NormFloat64())})
			}
		}
		before := slices.Clone(cells)
		s, err := RAS(cells, rows, cols, RASOptions{})
		if err != nil || s.Status != Solved {
			t.Fatalf("%q after %d, precision %g (%v)", s.Status, s.Iterations, s.Precision, err)
		}
		if !slices.Equal(before, cells) {
			t.Fatal("input changed")
		}
		gotRows, gotCols := make([]float64, n), make([]float64, m)
		for k, c := range cells {
			gotRows[c.Row] += s.Value[k]
			gotCols[c.Col] += s.Value[k]
			if product := s.RowFactor[c.Row] * c.Value * s.ColFactor[c.Col]; s.Value[k] != product {
				t.Fatalf("value %g, factors give %g", s.Value[k], product)
			}
		}
		for k, v := range rows {
			if math.Abs(gotRows[k]-v) > 1e-9*v {
				t.Fatalf("row %d adds up to %g, want %g", k, gotRows[k], v)
			}
			rows[k] *= factor
		}
		for k, v := range cols {
			if math.Abs(gotCols[k]-v) > 1e-9*v {
				t.Fatalf("column %d adds up to %g, want %g", k, gotCols[k], v)
			}
			cols[k] *= factor
		}
		scaled, err := RAS(cells, rows, cols, RASOptions{})
		if err != nil {
			t.Fatal(err)
		}
		for k := range s.Value {
			// Both stop within 1e-9 of their margins, at cells that may be small.
			if math.Abs(scaled.Value[k]/factor-s.Value[k]) > 1e-6*s.Value[k] {
				t.Fatalf("cell %d is %g, scaled %g", k, s.Value[k], scaled.Value[k]/factor)
			}
		}
	})
}
