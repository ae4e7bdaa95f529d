package robust

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// line draws n rows on y = 1 + 2 x1 - x2 + noise.
func line(seed uint64, n int) (x [][]float64, y []float64) {
	rng := NewSubsets(seed)
	x = [][]float64{normals(rng, n), normals(rng, n)}
	y = normals(rng, n)
	for i := range y {
		y[i] = 1 + 2*x[0][i] - x[1][i] + 0.5*y[i]
	}
	return x, y
}

// A regression is turned with its data: y -> a y + b + X g, x -> c x, and rows
// in any order.
func TestLTSRelations(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x, y := line(rapid.Uint64().Draw(t, "seed"), 16)
		a := rapid.SampledFrom([]float64{-2, 1, 1000}).Draw(t, "a")
		c := rapid.SampledFrom([]float64{-1, 0.001, 3}).Draw(t, "c")
		b := rapid.Float64Range(-10, 10).Draw(t, "b")
		g := rapid.Float64Range(-10, 10).Draw(t, "g")
		plain, err := LTS(x, y, LTSSettings{})
		if err != nil {
			t.Fatal(err)
		}
		turnedX, turnedY := [][]float64{affine(x[0], c, 0), x[1]}, affine(y, a, b)
		for i := range turnedY {
			turnedY[i] += g * x[1][i]
		}
		turned, err := LTS(turnedX, turnedY, LTSSettings{})
		if err != nil {
			t.Fatal(err)
		}
		// All subsets are tried, so both find the optimum: rounding is left.
		const tol = 1e-8
		if math.Abs(turned.Objective-a*a*plain.Objective) > tol*a*a*plain.Objective {
			t.Fatalf("objective %v, want %v", turned.Objective, a*a*plain.Objective)
		}
		want := []float64{a*plain.RawCoef[0] + b, a * plain.RawCoef[1] / c, a*plain.RawCoef[2] + g}
		for j := range want {
			if math.Abs(turned.RawCoef[j]-want[j]) > tol*(1+math.Abs(want[j])) {
				t.Fatalf("raw coefficients %v, want %v", turned.RawCoef, want)
			}
		}
		if !slices.Equal(turned.Outlier, plain.Outlier) {
			t.Fatalf("outliers changed from %v to %v", flagged(plain.Outlier), flagged(turned.Outlier))
		}
	})
}

func permuted(seed uint64, x [][]float64, y []float64) (px [][]float64, py []float64, order []int) {
	order = make([]int, len(y))
	NewSubsets(seed).Draw(order, len(y))
	px = make([][]float64, len(x))
	for _, row := range order {
		for j := range x {
			px[j] = append(px[j], x[j][row])
		}
		py = append(py, y[row])
	}
	return px, py, order
}

func TestFitsDoNotDependOnTheOrderOfRows(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		seed := rapid.Uint64().Draw(t, "seed")
		x, y := line(seed, rapid.IntRange(30, 60).Draw(t, "n"))
		px, py, order := permuted(seed+1, x, y)
		a, err1 := LTS(x, y, LTSSettings{Starts: 20, Exhaustive: -1})
		b, err2 := LTS(px, py, LTSSettings{Starts: 20, Exhaustive: -1})
		if err1 != nil || err2 != nil || !slices.Equal(a.Coef, b.Coef) || a.Scale != b.Scale {
			t.Fatalf("lts: %v %v became %v %v (%v, %v)", a.Coef, a.Scale, b.Coef, b.Scale, err1, err2)
		}
		for i, row := range order {
			if a.Residuals[row] != b.Residuals[i] || a.Outlier[row] != b.Outlier[i] {
				t.Fatalf("row %d lost its residual or its flag", row)
			}
		}
		c, err1 := MM(x, y, MMSettings{Starts: 20, Exhaustive: -1})
		d, err2 := MM(px, py, MMSettings{Starts: 20, Exhaustive: -1})
		if err1 != nil || err2 != nil || !slices.Equal(c.Coef, d.Coef) || !slices.Equal(c.SE, d.SE) {
			t.Fatalf("mm: %v %v became %v %v (%v, %v)", c.Coef, c.SE, d.Coef, d.SE, err1, err2)
		}
	})
}

// A quarter of the rows moved far away, in the response, among the columns or
// both, leaves the fits where the other rows put them.
func TestFitsBearAQuarterOfWildRows(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x, y := line(rapid.Uint64().Draw(t, "seed"), 60)
		far := rapid.SampledFrom([]float64{1e3, 1e8, -1e15, 1e100}).Draw(t, "far")
		where := rapid.IntRange(1, 3).Draw(t, "where")
		for i := range 15 {
			if where&1 != 0 {
				y[4*i] = far
			}
			if where&2 != 0 {
				x[0][4*i] = far * (1 + float64(i)/15)
			}
		}
		lts, err := LTS(x, y, LTSSettings{Starts: 200})
		if err != nil {
			t.Fatal(err)
		}
		mm, err := MM(x, y, MMSettings{Starts: 100})
		if err != nil {
			t.Fatal(err)
		}
		for j, want := range []float64{1, 2, -1} {
			// 45 good rows with noise 0.5 give standard errors near 0.08, some
			// 0.12 for LTS in the worst samples; 6 of them.
			if !(math.Abs(lts.Coef[j]-want) < 0.7) || !(math.Abs(mm.Coef[j]-want) < 0.5) {
				t.Fatalf("lts %v, mm %v, want near 1 2 -1", lts.Coef, mm.Coef)
			}
		}
		if !(lts.Scale < 2 && mm.Scale < 2) { // twice over what no wild row gives, twice again
			t.Fatalf("scales %v and %v, want near 0.5", lts.Scale, mm.Scale)
		}
	})
}

// Wild rows in two columns at once look collinear beside the rounding they
// bring, but are not.
func TestWildRowsDoNotHideTheRank(t *testing.T) {
	x, y := line(1, 60)
	for i := range 15 {
		x[0][4*i], x[1][4*i] = 1e15, 1e15
	}
	fit, err := LTS(x, y, LTSSettings{})
	if err != nil || math.Abs(fit.Coef[1]-2) > 0.7 {
		t.Errorf("%v, %v; want a slope near 2", fit.Coef, err)
	}
}
