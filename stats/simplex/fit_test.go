package simplex

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

func near(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance) {
		t.Errorf("%s is %g, want %g", what, got, want)
	}
}

// By hand: (0.8, 0.6) lies 0.4 above the line of sums of 1, so 0.2 comes off
// each; (2, 0, 0) is cut to the corner; equal numbers become equal shares.
func TestProjectByHand(t *testing.T) {
	for _, test := range []struct{ from, want []float64 }{
		{[]float64{0.8, 0.6}, []float64{0.6, 0.4}},
		{[]float64{2, 0, 0}, []float64{1, 0, 0}},
		{[]float64{-5, -5}, []float64{0.5, 0.5}},
		{[]float64{0.3, 0.7}, []float64{0.3, 0.7}},
		{[]float64{7}, []float64{1}},
		{nil, nil},
	} {
		Project(test.from, make([]float64, 3))
		for i := range test.want {
			near(t, "projection", test.from[i], test.want[i], 1e-15)
		}
	}
}

// One code that splits in two, two observations: X = (1, 2)', Y = rows (0.6, 0.4)
// and (1.6, 0.4). With b the weight of the first part, the sum of squares is
// 2(b−0.6)² + 2(2b−1.6)², least at b = (0.6+3.2)/5 = 0.76, where it is
// 2·0.16² + 2·0.08² = 0.064.
func TestOneSplitByHand(t *testing.T) {
	fit, err := LeastSquares(Problem{
		X: [][]float64{{1}, {2}}, Y: [][]float64{{0.6, 0.4}, {1.6, 0.4}}, Allowed: [][]int{{0, 1}},
	}, Options{Tolerance: 1e-12})
	if err != nil || !fit.Converged {
		t.Fatalf("%+v, %v", fit, err)
	}
	// A gap of 1e-12·‖Y‖² leaves weights within its square root.
	near(t, "first weight", fit.Weights[0][0], 0.76, 2e-6)
	near(t, "second weight", fit.Weights[0][1], 0.24, 2e-6)
	near(t, "objective", fit.Objective, 0.064, 1e-9)
}

func TestWithoutDataWeightsAreEqual(t *testing.T) {
	fit, err := LeastSquares(Problem{Allowed: [][]int{{0, 1, 2}, {1}}}, Options{})
	if err != nil || !fit.Converged || len(fit.Unseen) != 2 || fit.Weights[0][2] != 1.0/3 || fit.Weights[1][0] != 1 {
		t.Errorf("%+v, %v", fit, err)
	}
	// A code that nobody traded beside one that is known.
	fit, err = LeastSquares(Problem{X: [][]float64{{1, 0}}, Y: [][]float64{{1, 0}}, Allowed: [][]int{{0, 1}, {0, 1}}}, Options{})
	if err != nil || len(fit.Unseen) != 1 || fit.Unseen[0] != 1 || fit.Weights[1][0] != 0.5 {
		t.Errorf("%+v, %v", fit, err)
	}
}

func TestMistakesOfShapeAreNamed(t *testing.T) {
	for _, p := range []Problem{
		{X: [][]float64{{1}}, Allowed: [][]int{{0}}},
		{X: [][]float64{{1, 2}}, Y: [][]float64{{1}}, Allowed: [][]int{{0}}},
		{X: [][]float64{{1}}, Y: [][]float64{{1}}, Allowed: [][]int{{1}}},
		{X: [][]float64{{1}, {1}}, Y: [][]float64{{1}, {1, 2}}, Allowed: [][]int{{0}}},
		{Allowed: [][]int{{}}},
	} {
		if _, err := LeastSquares(p, Options{}); err == nil {
			t.Errorf("%+v is solved", p)
		}
	}
}

func drawProblem(t *rapid.T) (Problem, [][]float64) {
	n, m := rapid.IntRange(1, 4).Draw(t, "codes"), rapid.IntRange(1, 4).Draw(t, "new codes")
	p := Problem{}
	truth := make([][]float64, n)
	for range n {
		var columns []int
		for j := range m {
			if rapid.Bool().Draw(t, "linked") {
				columns = append(columns, j)
			}
		}
		if len(columns) == 0 {
			columns = []int{rapid.IntRange(0, m-1).Draw(t, "only")}
		}
		p.Allowed = append(p.Allowed, columns)
	}
	for i, columns := range p.Allowed {
		truth[i] = make([]float64, len(columns))
		for c := range columns {
			truth[i][c] = rapid.Float64Range(0, 1).Draw(t, "weight")
		}
		Project(truth[i], make([]float64, m))
	}
	for range rapid.IntRange(1, 12).Draw(t, "observations") {
		x, y := make([]float64, n), make([]float64, m)
		for i := range x {
			x[i] = rapid.Float64Range(0, 1).Draw(t, "x")
			for c, j := range p.Allowed[i] {
				y[j] += x[i] * truth[i][c]
			}
		}
		p.X, p.Y = append(p.X, x), append(p.Y, y)
	}
	return p, truth
}

// Exact data are fitted exactly, and the weights are shares.
func TestExactDataAreFitted(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, _ := drawProblem(t)
		fit, err := LeastSquares(p, Options{})
		if err != nil {
			t.Fatal(err)
		}
		total := 0.0
		for _, y := range p.Y {
			for _, v := range y {
				total += v * v
			}
		}
		// The gap bounds the objective, whose minimum is 0; rounding adds a little.
		if fit.Objective > fit.Gap+1e-12*total+1e-300 || !fit.Converged {
			t.Fatalf("objective %g, gap %g, %d iterations", fit.Objective, fit.Gap, fit.Iterations)
		}
		for i, row := range fit.Weights {
			sum := 0.0
			for _, w := range row {
				if w < 0 {
					t.Fatalf("row %d has weight %g", i, w)
				}
				sum += w
			}
			if math.Abs(sum-1) > 1e-12 {
				t.Fatalf("row %d sums to %g", i, sum)
			}
		}
	})
}

// No other weights fit noisy data better: a random feasible point is never more
// than the gap below.
func TestNothingFitsBetter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, other := drawProblem(t)
		for _, y := range p.Y {
			for j := range y {
				y[j] += rapid.Float64Range(-0.3, 0.3).Draw(t, "noise")
			}
		}
		fit, err := LeastSquares(p, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if rival := objective(p, other); rival < fit.Objective-fit.Gap-1e-9 {
			t.Fatalf("objective %g with gap %g, a rival has %g", fit.Objective, fit.Gap, rival)
		}
		if own := objective(p, fit.Weights); math.Abs(own-fit.Objective) > 1e-9 {
			t.Fatalf("objective %g, worked out anew %g", fit.Objective, own)
		}
	})
}

func objective(p Problem, w [][]float64) float64 {
	sum := 0.0
	for t, x := range p.X {
		rest := append([]float64(nil), p.Y[t]...)
		for i, columns := range p.Allowed {
			for c, j := range columns {
				rest[j] -= x[i] * w[i][c]
			}
		}
		for _, r := range rest {
			sum += r * r
		}
	}
	return sum
}
