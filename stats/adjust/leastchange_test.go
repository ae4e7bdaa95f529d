package adjust

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

var inf = math.Inf(1)

func near(t interface {
	Helper()
	Errorf(string, ...any)
}, name string, got, want []float64, tol float64) {
	t.Helper()
	for i := range want {
		if !(math.Abs(got[i]-want[i]) <= tol*math.Max(1, math.Abs(want[i]))) {
			t.Errorf("%s = %v, want %v", name, got, want)
			return
		}
	}
}

func solve(t *testing.T, p Problem) Solution {
	t.Helper()
	s, err := LeastChange(p, LeastChangeOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestOneEqualityByHand(t *testing.T) {
	// 10 + 20 must be 33; variances 1 and 2 share the 3 as 1 and 2.
	s := solve(t, Problem{
		Start: []float64{10, 20}, Weight: []float64{1, 0.5},
		Constraints: []Constraint{{Index: []int{0, 1}, Coef: []float64{1, 1}, Bound: 33}},
	})
	near(t, "x", s.X, []float64{11, 22}, 1e-12)
	near(t, "change", []float64{s.Change}, []float64{1 + 4*0.5}, 1e-9)
	near(t, "multiplier", s.Multiplier, []float64{-1}, 1e-9)
	if !s.Converged || s.Status != Solved || s.Precision > 1e-9 {
		t.Errorf("status %q, precision %g", s.Status, s.Precision)
	}
	// Variances 1 - 1/3 and 2 - 4/3.
	v0, _ := s.Variance(0)
	v1, _ := s.Variance(1)
	near(t, "variances", []float64{v0, v1}, []float64{2.0 / 3, 2.0 / 3}, 1e-9)
}

func TestFixedNumbersDoNotMove(t *testing.T) {
	s := solve(t, Problem{
		Start: []float64{10, 20, 5}, Weight: []float64{inf, 1, 1},
		Constraints: []Constraint{{Index: []int{0, 1, 2}, Coef: []float64{1, 1, -1}, Bound: 15}},
	})
	near(t, "x", s.X, []float64{10, 15, 10}, 1e-12) // 10 + 20 - 5 = 25 is 10 too many
	if s.X[0] != 10 {
		t.Error("the fixed number moved")
	}
	if v, _ := s.Variance(0); v != 0 {
		t.Errorf("variance %g of the fixed number", v)
	}
}

func TestInequalitiesByHand(t *testing.T) {
	p := Problem{
		Start: []float64{4, 3, -1}, Weight: []float64{1, 1, 1},
		Constraints: []Constraint{
			{Index: []int{0, 1}, Coef: []float64{1, 1}, Relation: AtMost, Bound: 5}, // binds: 3, 2
			{Index: []int{2}, Coef: []float64{1}, Relation: AtLeast, Bound: 0},      // binds: 0
			{Index: []int{0}, Coef: []float64{1}, Relation: AtMost, Bound: 100},     // idle
		},
	}
	s := solve(t, p)
	near(t, "x", s.X, []float64{3, 2, 0}, 1e-12)
	near(t, "multipliers", s.Multiplier, []float64{1, -1, 0}, 1e-9)
	if !slices.Equal(s.Binding, []int{0, 1}) {
		t.Errorf("binding %v, want [0 1]", s.Binding)
	}
	// A second cap makes the first idle: x0 <= 1 leaves 1 + 3 < 5.
	p.Constraints[2].Bound = 1
	s = solve(t, p)
	near(t, "x", s.X, []float64{1, 3, 0}, 1e-12)
	if !slices.Equal(s.Binding, []int{1, 2}) {
		t.Errorf("binding %v, want [1 2]", s.Binding)
	}
}

// A small system of accounts by Stone's formula, worked by hand: y = c + i and
// y = w + r with variances 1, 1, 1, 1, 1 and start y 100, c 70, i 20, w 60, r 30.
// Both rows are 10 too high: A V A' = [[3,1],[1,3]], multipliers 2.5 and 2.5.
func TestAccountsByHand(t *testing.T) {
	s := solve(t, Problem{
		Start: []float64{100, 70, 20, 60, 30}, Weight: []float64{1, 1, 1, 1, 1},
		Constraints: []Constraint{
			{Index: []int{0, 1, 2}, Coef: []float64{1, -1, -1}},
			{Index: []int{0, 3, 4}, Coef: []float64{1, -1, -1}},
		},
	})
	near(t, "x", s.X, []float64{95, 72.5, 22.5, 62.5, 32.5}, 1e-12)
	// Variance of y: 1 - (1,1) [[3,1],[1,3]]^-1 (1,1)' = 1 - 1/2.
	v, _ := s.Variance(0)
	near(t, "variance", []float64{v}, []float64{0.5}, 1e-9)
}

func TestRedundantConstraintsDoNoHarm(t *testing.T) {
	row := Constraint{Index: []int{0, 1}, Coef: []float64{1, 1}, Bound: 33}
	double := Constraint{Index: []int{0, 1}, Coef: []float64{2, 2}, Bound: 66}
	s := solve(t, Problem{Start: []float64{10, 20}, Weight: []float64{1, 0.5}, Constraints: []Constraint{row, row, double}})
	near(t, "x", s.X, []float64{11, 22}, 1e-10)
}

func TestContradictionsAreNamed(t *testing.T) {
	one := func(i int, rel Relation, b float64) Constraint {
		return Constraint{Index: []int{i}, Coef: []float64{1}, Relation: rel, Bound: b}
	}
	pair := func(rel Relation, b float64) Constraint {
		return Constraint{Index: []int{0, 1}, Coef: []float64{1, 1}, Relation: rel, Bound: b}
	}
	free := []float64{1, 1, 1}
	for name, c := range map[string]struct {
		p     Problem
		blame []int
	}{
		"two totals": {Problem{[]float64{1, 2, 3}, free, []Constraint{pair(Equal, 5), one(2, Equal, 1), pair(Equal, 6)}}, []int{0, 2}},
		"caps below a floor": {Problem{[]float64{1, 2, 3}, free,
			[]Constraint{one(0, AtMost, 1), one(2, AtMost, 9), one(1, AtMost, 1), pair(AtLeast, 3)}}, []int{0, 2, 3}},
		"all fixed": {Problem{[]float64{1, 2, 3}, []float64{inf, inf, 1}, []Constraint{pair(Equal, 5)}}, []int{0}},
		"one fixed": {Problem{[]float64{1, 2, 3}, []float64{inf, 1, 1},
			[]Constraint{pair(Equal, 5), one(1, AtMost, 3.5)}}, []int{0, 1}},
	} {
		s, err := LeastChange(c.p, LeastChangeOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if s.Status != Infeasible || s.Converged || !slices.Equal(s.Blame, c.blame) || len(s.Warnings) != 1 {
			t.Errorf("%s: %q after %d, blame %v, want %v", name, s.Status, s.Iterations, s.Blame, c.blame)
		}
		if _, err := s.Variance(0); err == nil {
			t.Errorf("%s: a variance without a solution", name)
		}
	}
}

func TestIterationLimitIsStated(t *testing.T) {
	p := randomProblem(rand.New(rand.NewPCG(3, 3)), 40, 20)
	s, err := LeastChange(p, LeastChangeOptions{MaxIterations: 1})
	if err != nil || s.Status != IterationLimit || s.Converged || s.Worst < 0 || s.Violation <= 0 || len(s.Warnings) != 1 {
		t.Errorf("status %q, worst %d by %g (%v)", s.Status, s.Worst, s.Violation, err)
	}
}

func TestMeaninglessProblemsAreErrors(t *testing.T) {
	ok := Constraint{Index: []int{0}, Coef: []float64{1}}
	for name, p := range map[string]Problem{
		"weights":  {[]float64{1}, nil, nil},
		"nan":      {[]float64{math.NaN()}, []float64{1}, nil},
		"weight 0": {[]float64{1}, []float64{0}, nil},
		"index":    {[]float64{1}, []float64{1}, []Constraint{{Index: []int{1}, Coef: []float64{1}}}},
		"coef":     {[]float64{1}, []float64{1}, []Constraint{{Index: []int{0}, Coef: []float64{math.NaN()}}}},
		"lengths":  {[]float64{1}, []float64{1}, []Constraint{{Index: []int{0}}}},
		"bound":    {[]float64{1}, []float64{1}, []Constraint{ok, {Index: []int{0}, Coef: []float64{1}, Bound: inf}}},
		"twice":    {[]float64{1}, []float64{1}, []Constraint{{Index: []int{0, 0}, Coef: []float64{1, 1}}}},
	} {
		if _, err := LeastChange(p, LeastChangeOptions{}); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	s := solve(t, Problem{Start: []float64{3}, Weight: []float64{1}})
	if s.X[0] != 3 || s.Status != Solved || s.Worst != -1 {
		t.Errorf("no constraints: %+v", s)
	}
}

// randomProblem has equalities and inequalities that a hidden point meets, so
// that it is always feasible; some numbers are fixed at that point.
func randomProblem(rng *rand.Rand, n, m int) Problem {
	hidden := make([]float64, n)
	p := Problem{Start: make([]float64, n), Weight: make([]float64, n)}
	for i := range n {
		hidden[i] = math.Exp(3 * rng.NormFloat64())
		p.Start[i] = hidden[i] * math.Exp(0.3*rng.NormFloat64())
		p.Weight[i] = math.Exp(rng.NormFloat64()) / (p.Start[i] * p.Start[i])
		if rng.Float64() < 0.1 {
			p.Start[i], p.Weight[i] = hidden[i], inf
		}
	}
	for range m {
		var c Constraint
		for i := range n {
			if rng.Float64() < 6/float64(n) {
				c.Index = append(c.Index, i)
				c.Coef = append(c.Coef, float64(1-2*rng.IntN(2)))
			}
		}
		for k, i := range c.Index {
			c.Bound += c.Coef[k] * hidden[i]
		}
		c.Relation = Relation(rng.IntN(3))
		if slack := math.Abs(c.Bound) * 0.05 * rng.Float64(); c.Relation == AtMost {
			c.Bound += slack
		} else if c.Relation == AtLeast {
			c.Bound -= slack
		}
		p.Constraints = append(p.Constraints, c)
	}
	return p
}

// The conditions of Karush, Kuhn and Tucker pin the solution down: constraints
// met, multipliers of the right sign and idle where a row is slack, and x minus
// start equal to -V A' multiplier.
func TestOptimality(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 60).Draw(t, "n")
		m := rapid.IntRange(0, n).Draw(t, "m")
		p := randomProblem(rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 9)), n, m)
		start := slices.Clone(p.Start)
		s, err := LeastChange(p, LeastChangeOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if s.Status != Solved || s.Precision > 1e-9 {
			t.Fatalf("status %q after %d, precision %g, worst %d", s.Status, s.Iterations, s.Precision, s.Worst)
		}
		if !slices.Equal(start, p.Start) {
			t.Fatal("input changed")
		}
		moved := slices.Clone(p.Start)
		for r, c := range p.Constraints {
			sum, size := 0.0, math.Abs(c.Bound)
			for k, i := range c.Index {
				sum += c.Coef[k] * s.X[i]
				size += math.Abs(c.Coef[k] * s.X[i])
				moved[i] -= s.Multiplier[r] * c.Coef[k] / p.Weight[i]
			}
			slack := sum - c.Bound
			wrong := c.Relation == AtMost && s.Multiplier[r] < 0 || c.Relation == AtLeast && s.Multiplier[r] > 0
			if wrong || s.Multiplier[r] != 0 && math.Abs(slack) > 1e-6*size {
				t.Fatalf("row %d (%d): multiplier %g with slack %g of %g", r, c.Relation, s.Multiplier[r], slack, size)
			}
		}
		for i := range moved {
			if math.Abs(moved[i]-s.X[i]) > 1e-9*(math.Abs(s.X[i])+math.Abs(moved[i])+math.Abs(p.Start[i])) {
				t.Fatalf("number %d: %g, but the multipliers say %g", i, s.X[i], moved[i])
			}
			if math.IsInf(p.Weight[i], 1) && s.X[i] != p.Start[i] {
				t.Fatalf("fixed number %d moved", i)
			}
		}
	})
}

// Multiplying all amounts multiplies the answer; multiplying weights or a row
// leaves it alone; turning rows round permutes nothing.
func TestScaling(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := randomProblem(rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 2)), 20, 10)
		factor := math.Exp(rapid.Float64Range(-15, 15).Draw(t, "ln factor"))
		a, err := LeastChange(p, LeastChangeOptions{})
		if err != nil {
			t.Fatal(err)
		}
		q := Problem{Start: make([]float64, 20), Weight: make([]float64, 20)}
		for i := range p.Start {
			q.Start[i] = p.Start[i] * factor
			q.Weight[i] = p.Weight[i] * 7
		}
		for _, c := range p.Constraints {
			coef := make([]float64, len(c.Coef))
			for k, v := range c.Coef {
				coef[k] = 3 * v
			}
			q.Constraints = append(q.Constraints, Constraint{c.Index, coef, c.Relation, 3 * c.Bound * factor})
		}
		slices.Reverse(q.Constraints)
		b, err := LeastChange(q, LeastChangeOptions{})
		if err != nil {
			t.Fatal(err)
		}
		largest := 0.0
		for _, v := range a.X {
			largest = math.Max(largest, math.Abs(v))
		}
		for i := range a.X {
			// The rows hold to 1e-9 of their own terms, which are bounded by the largest.
			if math.Abs(b.X[i]/factor-a.X[i]) > 1e-6*largest {
				t.Fatalf("number %d: %g, scaled %g", i, a.X[i], b.X[i]/factor)
			}
		}
	})
}

// A hundred thousand numbers in a table with 700 totals: the size of one
// commodity's month, within seconds.
func TestLargeSparseTable(t *testing.T) {
	if testing.Short() {
		t.Skip("large table left out in short mode")
	}
	rng := rand.New(rand.NewPCG(8, 8))
	const rows, cols = 350, 300
	p := Problem{Start: make([]float64, rows*cols), Weight: make([]float64, rows*cols)}
	totals := make([]Constraint, rows+cols)
	for r := range rows {
		for c := range cols {
			i := r*cols + c
			truth := math.Exp(2 * rng.NormFloat64())
			p.Start[i] = truth * math.Exp(0.2*rng.NormFloat64())
			p.Weight[i] = 1 / (p.Start[i] * p.Start[i])
			for _, k := range []int{r, rows + c} {
				totals[k].Index = append(totals[k].Index, i)
				totals[k].Coef = append(totals[k].Coef, 1)
				totals[k].Bound += truth
			}
		}
	}
	p.Constraints = totals
	s := solve(t, p)
	if !s.Converged || s.Iterations > 200 {
		t.Errorf("status %q after %d iterations", s.Status, s.Iterations)
	}
}

// The two ways to find the binding rows must agree, each on its own: sweeps
// without end, and the active set from nothing.
func TestSweepsAndActiveSetAgree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 30).Draw(t, "n")
		m := rapid.IntRange(1, n).Draw(t, "m")
		p := randomProblem(rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 6)), n, m)
		fresh := func() *solver {
			return &solver{rows: newRows(p), start: p.Start, x: slices.Clone(p.Start),
				multiplier: make([]float64, m), tolerance: 1e-9}
		}
		set, sweeps := fresh(), fresh()
		set.activeSet(10000)
		if set.status != Solved {
			t.Fatalf("active set: %q after %d", set.status, set.iterations)
		}
		for range 20000 {
			sweeps.sweep()
		}
		for r, v := range sweeps.multiplier {
			if !sweeps.equal[r] && (v < 0 || set.multiplier[r] < 0) {
				t.Fatalf("multiplier of inequality %d is %g by sweeps, %g by the active set", r, v, set.multiplier[r])
			}
		}
		for r, v := range set.multiplier {
			if slack := set.bound[r] - set.dot(r, set.x); v != 0 && slack > 1e-7*set.scale[r] {
				t.Fatalf("row %d has slack %g and a multiplier of %g", r, slack, v)
			}
		}
		if _, broken := sweeps.worst(sweeps.x); broken > 1e-9 {
			return // rows that are nearly parallel: sweeps crawl
		}
		for i := range sweeps.x {
			sd := math.Sqrt(set.variance[i])
			if math.Abs(sweeps.x[i]-set.x[i]) > 1e-5*(sd+math.Abs(set.x[i])) {
				t.Fatalf("number %d: %g by sweeps, %g by the active set", i, sweeps.x[i], set.x[i])
			}
		}
	})
}
