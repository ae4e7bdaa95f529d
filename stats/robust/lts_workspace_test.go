package robust

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestWorkspaceDoesNotAllocate(t *testing.T) {
	y := shiftedSeries(1, 120)
	s := newShiftScan(120, 4, 3)
	if n := testing.AllocsPerRun(3, func() { s.run(y, 12, 40) }); n != 0 {
		t.Errorf("%v allocations in a scan, want none", n)
	}
}

// Sums over a kept set with a wild row lose the small residuals to rounding;
// the objective must be right all the same.
func TestObjectiveSurvivesWildRows(t *testing.T) {
	x, y := line(2, 40)
	x[0][5], y[5] = 1e8, 1e8
	w := NewWorkspace(40, 3, 30)
	w.SetColumn(0, constant(40, 1))
	w.SetColumn(1, x[0])
	w.SetColumn(2, x[1])
	w.SetResponse(y)
	if !w.StartFromRows([]int{5, 8, 30}) {
		t.Fatal("the start determines no fit")
	}
	for range 3 {
		if _, ok := w.Step(); !ok {
			t.Fatal("a step failed")
		}
		sum := 0.0
		for i, in := range w.Kept() {
			if in {
				sum += sq(y[i] - w.Coef()[0] - w.Coef()[1]*x[0][i] - w.Coef()[2]*x[1][i])
			}
		}
		near(t, "objective", w.Objective(), sum, 1e-6)
	}
}

// Of rows with equal residuals only as many are kept as there is room for.
func TestTiesAtTheBorder(t *testing.T) {
	y := []float64{0, 0, 1, 1, 1, 1, -1, -1}
	w := NewWorkspace(8, 1, 5)
	w.SetColumn(0, constant(8, 1))
	w.SetResponse(y)
	w.StartFromCoef([]float64{0})
	if moved, ok := w.Step(); !ok || moved != 5 {
		t.Errorf("%d rows moved, %v; want 5", moved, ok)
	}
	if want := []bool{true, true, true, true, true, false, false, false}; !slices.Equal(w.Kept(), want) {
		t.Errorf("kept %v, want the first of the tied rows", w.Kept())
	}
}

func TestCStepsNeverRaiseTheObjective(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x, y := line(rapid.Uint64().Draw(t, "seed"), 50)
		w := NewWorkspace(50, 3, 30)
		w.SetColumn(0, constant(50, 1))
		w.SetColumn(1, x[0])
		w.SetColumn(2, x[1])
		w.SetResponse(y)
		if !w.StartFromRows([]int{1, 7, 30}) {
			t.Skip("undetermined")
		}
		last := math.Inf(1)
		for range 100 {
			moved, ok := w.Step()
			if !ok {
				t.Fatal("a step failed")
			}
			if w.Objective() > last*(1+1e-12) { // rounding
				t.Fatalf("objective rose from %v to %v", last, w.Objective())
			}
			if moved == 0 {
				kept := 0
				for _, in := range w.Kept() {
					if in {
						kept++
					}
				}
				if kept != 30 {
					t.Fatalf("%d rows kept, want 30", kept)
				}
				return
			}
			last = w.Objective()
		}
		t.Fatal("no fixed point in 100 steps")
	})
}
