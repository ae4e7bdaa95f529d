package stocks

import (
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/mat"
	"pgregory.net/rapid"
)

// Without known stocks the estimate is the plain sum, and its variance the
// passing variances plus the lasting error of all use so far.
func TestCumulateWithoutStocks(t *testing.T) {
	p := cumulate([]float64{10, -4, 6}, []float64{100, 100, 200}, []float64{1, 2, 2}, nil, 0.1)
	equal(t, "stock", p.stock, []float64{10, 6, 12})
	equal(t, "sd", p.sd, []float64{math.Sqrt(1 + 100), math.Sqrt(5 + 400), math.Sqrt(9 + 1600)})
}

// Against the same model solved as one system of weighted least squares: unknowns
// S(0), b and the errors e(t); the stocks held are the observations.
func TestCumulateAgainstLeastSquares(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "seed"), 1))
		n := 4 + r.IntN(12)
		change, use, passing, held := make([]float64, n), make([]float64, n), make([]float64, n), unknown(n)
		for i := range n {
			change[i], use[i], passing[i] = 10*r.NormFloat64(), 50+20*r.Float64(), 1+5*r.Float64()
			if r.IntN(3) == 0 {
				held[i] = 100 + 50*r.Float64()
			}
		}
		held[n/2] = 120
		lasting := 0.02 + 0.2*r.Float64()
		p := cumulate(change, use, passing, held, lasting)
		want, sd := byLeastSquares(change, use, passing, held, lasting)
		for i := range n {
			// The start of the stock is unknown: a variance of (100 sum of use)^2 stands
			// for infinity, which costs some digits.
			if math.Abs(p.stock[i]-want[i]) > 1e-4*(1+math.Abs(want[i])) || math.Abs(p.sd[i]-sd[i]) > 1e-3*(1+sd[i]) {
				rt.Fatalf("period %d: %g (%g), want %g (%g)", i, p.stock[i], p.sd[i], want[i], sd[i])
			}
		}
	})
}

func byLeastSquares(change, use, passing, held []float64, lasting float64) (stock, sd []float64) {
	n := len(change)
	// Parameters: S(-1), b, e(0..n-1). Rows: prior of b, of every e, and the stocks.
	parameters := n + 2
	var rows [][]float64
	var y, w []float64
	add := func(row []float64, value, sd float64) {
		rows, y, w = append(rows, row), append(y, value), append(w, 1/sd)
	}
	unit := func(at int) []float64 { row := make([]float64, parameters); row[at] = 1; return row }
	add(unit(1), 0, lasting)
	scale := 0.0
	for i := range n {
		add(unit(i+2), 0, passing[i])
		scale += use[i]
	}
	add(unit(0), 0, 100*scale)
	state := make([][]float64, n)
	offset, sumUse := make([]float64, n), 0.0
	total := 0.0
	for i := range n {
		total += change[i]
		sumUse += use[i]
		row := make([]float64, parameters)
		row[0], row[1] = 1, sumUse
		for j := 0; j <= i; j++ {
			row[j+2] = 1
		}
		state[i], offset[i] = row, total
		if !math.IsNaN(held[i]) {
			add(row, held[i]-total, heldError*held[i])
		}
	}
	a := mat.NewDense(len(rows), parameters, nil)
	b := mat.NewVecDense(len(rows), nil)
	for i := range rows {
		for j := range parameters {
			a.Set(i, j, rows[i][j]*w[i])
		}
		b.SetVec(i, y[i]*w[i])
	}
	var normal mat.Dense
	normal.Mul(a.T(), a)
	var inverse mat.Dense
	if err := inverse.Inverse(&normal); err != nil {
		if _, bad := err.(mat.Condition); !bad {
			panic(err)
		}
	}
	var right, x mat.VecDense
	right.MulVec(a.T(), b)
	x.MulVec(&inverse, &right)
	stock, sd = make([]float64, n), make([]float64, n)
	for i := range n {
		row := mat.NewVecDense(parameters, state[i])
		stock[i] = offset[i] + mat.Dot(row, &x)
		var v mat.VecDense
		v.MulVec(&inverse, row)
		sd[i] = math.Sqrt(math.Max(mat.Dot(row, &v), 0))
	}
	return stock, sd
}
