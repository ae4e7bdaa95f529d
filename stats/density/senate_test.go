package density

import (
	"bufio"
	"math"
	"os"
	"strconv"
	"strings"
	"testing"
)

// senate reads the margins of victory of U.S. Senate elections 1914-2010 that
// come with rddensity, one per line, empty where missing.
func senate(t *testing.T) []float64 {
	t.Helper()
	file, err := os.Open("../../../shared/data/rddensity/rddensity_senate.csv")
	if err != nil {
		t.Skip("shared reference data not found: ", err)
	}
	defer file.Close()
	var margins []float64
	lines := bufio.NewScanner(file)
	lines.Scan() // header
	for lines.Scan() {
		text := strings.TrimSpace(lines.Text())
		v, err := strconv.ParseFloat(text, 64)
		if err != nil {
			v = math.NaN()
		}
		margins = append(margins, v)
	}
	return margins
}

func within(t *testing.T, name string, got, want, tol float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tol) {
		t.Errorf("%s = %.12g, want %.12g", name, got, want)
	}
}

// rddensity 3.0 (Python): rddensity(X = margin), rdbwdensity(X = margin).
func TestSenateDensity(t *testing.T) {
	d, err := DetectDiscontinuity(senate(t), 0, DiscontinuityOptions{})
	if err != nil {
		t.Fatal(err)
	}
	// 1e-9 relative: both sides solve the same 5 x 5 systems in float64.
	relative := func(name string, got, want float64) { within(t, name, got/want, 1, 1e-7) }
	relative("h left", d.LeftH, 19.841108436260)
	relative("h right", d.RightH, 27.118786663367)
	relative("bandwidth right", d.Bandwidths.Right, 27.568828105307)
	relative("bandwidth sum", d.Bandwidths.Sum, 19.531202570776)
	within(t, "T", d.T, -0.875273, 1e-6)
	within(t, "p", math.Exp(d.LogP), 0.3814254, 1e-6)
	within(t, "left", d.Left, 0.02168591, 1e-8)
	within(t, "right", d.Right, 0.01813771, 1e-8)
	within(t, "se", d.SE, 0.004053829, 1e-9)
	if d.LeftN != 640 || d.RightN != 750 || d.LeftUsed != 408 || d.RightUsed != 460 {
		t.Errorf("counts %d %d, used %d %d; want 640 750, 408 460", d.LeftN, d.RightN, d.LeftUsed, d.RightUsed)
	}
}

// Two samples made by formula, through the same program (rddensity 3.0,
// rddensity(X = x, p = p)): smooth waves for orders 1 to 3, and whole numbers
// with 117 distinct values among 400, where ties and the least bandwidths rule.
func TestDensityOnFormulaSamples(t *testing.T) {
	waves := make([]float64, 3000)
	for k := range waves {
		i := float64(k + 1)
		waves[k] = 5*math.Sin(i) + 10*math.Sin(i*1.7) + 8*math.Sin(2.3*i) + .002*i
	}
	whole := make([]float64, 400)
	for k := range whole {
		i := float64(k + 1)
		whole[k] = math.Round(50*math.Sin(i) + 0.05*i)
	}
	for _, c := range []struct {
		values          []float64
		p               int
		hl, hr, l, r    float64
		se, T, sum, dif float64
	}{
		{waves, 1, 2.742770136880728, 4.934945839703399, 0.0400359497659399, 0.03735655354639426,
			0.006456857317220002, -0.4149690922238405, 4.934945839703399, 2.742770136880728},
		{waves, 2, 7.225266016351311, 6.681937019976783, 0.038657997719606846, 0.037497424054865794,
			0.0070060567795044056, -0.16565290594506837, 6.681937019976783, 7.225266016351311},
		{waves, 3, 11.497922131805954, 11.708315851165386, 0.0389950943388948, 0.03446736804085242,
			0.007506569388391968, -0.6031685133083542, 27.32769138895604, 10.512635282455301},
		{whole, 2, 24, 24, 0.005653090632806131, 0.007728280985923893,
			0.00467741277659878, 0.44366200979738074, 24, 24},
		{whole, 1, 23, 23, 0.005651757739491698, 0.007177981582491161,
			0.0029732116063479978, 0.513324998375789, 23, 23},
	} {
		d, err := DetectDiscontinuity(c.values, 0, DiscontinuityOptions{Order: c.p})
		if err != nil {
			t.Fatal(err)
		}
		for name, pair := range map[string][2]float64{
			"left h": {d.LeftH, c.hl}, "right h": {d.RightH, c.hr},
			"left": {d.Left, c.l}, "right": {d.Right, c.r}, "se": {d.SE, c.se}, "T": {d.T, c.T},
			"sum": {d.Bandwidths.Sum, c.sum}, "difference": {d.Bandwidths.Difference, c.dif},
		} {
			// Order-5 normal equations and powers of h cost about six digits of
			// sixteen before squares and roots.
			if math.Abs(pair[0]/pair[1]-1) > 1e-6 {
				t.Errorf("order %d, %d values: %s = %.12g, want %.12g", c.p, len(c.values), name, pair[0], pair[1])
			}
		}
	}
}
