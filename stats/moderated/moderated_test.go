package moderated

import (
	"math"
	"math/rand/v2"
	"testing"
)

func TestTrigamma(t *testing.T) {
	// pi^2/6 and pi^2/2 at 1 and 1/2 (Abramowitz and Stegun 6.4.2, 6.4.4).
	for x, want := range map[float64]float64{1: math.Pi * math.Pi / 6, 0.5: math.Pi * math.Pi / 2} {
		if got := trigamma(x); math.Abs(got-want) > 1e-12 {
			t.Errorf("trigamma(%g) = %g, want %g", x, got, want)
		}
		if got := inverseTrigamma(want); math.Abs(got-x) > 1e-9 {
			t.Errorf("inverse of %g is %g, want %g", want, got, x)
		}
	}
	for _, y := range []float64{0, -1} {
		if got := inverseTrigamma(y); got != mostDF/2 {
			t.Errorf("inverse of %g is %g, want the most", y, got)
		}
	}
}

// chiSquared draws a variance of df degrees of freedom about 1.
func chiSquared(r *rand.Rand, df int) float64 {
	sum := 0.0
	for range df {
		z := r.NormFloat64()
		sum += z * z
	}
	return sum / float64(df)
}

// table draws variances of rows and columns with known levels; true variances about
// them are scaled inverse chi squared of d0 degrees of freedom, d0 of 0 for none.
func table(d0 int) []Sample {
	r := rand.New(rand.NewPCG(1, 2))
	var samples []Sample
	for row := range 40 {
		for column := range 30 {
			v := math.Exp(0.5*float64(row%5) - 0.3*float64(column%3))
			if d0 > 0 {
				v /= chiSquared(r, d0)
			}
			samples = append(samples, Sample{Variance: v * chiSquared(r, 16), DF: 16, Row: row, Column: column})
		}
	}
	return samples
}

// What is planted comes out: with 1,200 samples the standard error of d0 is about a
// twentieth of it, and drawing 30 to 40 samples towards 0 as if by three adds a few
// per cent.
func TestPlantedDegreesOfFreedom(t *testing.T) {
	for _, d0 := range []int{4, 8} {
		fit := Of(table(d0))
		if !fit.Converged || math.Abs(fit.DF/float64(d0)-1) > 0.15 {
			t.Errorf("d0 is %.2f, want about %d; converged %t", fit.DF, d0, fit.Converged)
		}
		// Row 4 lies exp(2) above row 0, column 2 exp(-0.6) below column 0.
		up, down := fit.Expected[4*30]/fit.Expected[0], fit.Expected[2]/fit.Expected[0]
		if math.Abs(math.Log(up)-2) > 0.6 || math.Abs(math.Log(down)+0.6) > 0.5 {
			t.Errorf("effects of a row %.2f and of a column %.2f, want 2 and -0.6", math.Log(up), math.Log(down))
		}
	}
}

// Where all scatter is that of sampling, nothing is left to the single variance.
func TestNoScatterBeyondSampling(t *testing.T) {
	samples := table(0)
	fit := Of(samples)
	if fit.DF < 100 {
		t.Errorf("d0 is %.1f, want 100 and more", fit.DF)
	}
}

// By hand: expected 2 worth 6 degrees of freedom and seen 5 from 3 give
// (6*2 + 3*5)/9 = 3 from 9.
func TestVarianceIsAWeightedMean(t *testing.T) {
	fit := &Fit{Expected: []float64{2, math.NaN()}, DF: 6}
	if v, df := fit.Variance(0, Sample{Variance: 5, DF: 3}); v != 3 || df != 9 {
		t.Errorf("%g from %g, want 3 from 9", v, df)
	}
	if v, df := fit.Variance(1, Sample{Variance: 5, DF: 3}); v != 5 || df != 3 {
		t.Errorf("%g from %g where nothing is expected, want 5 from 3", v, df)
	}
}

// Samples without a variance or degrees of freedom are left out, few samples give
// nothing, and multiplying all variances multiplies what is expected.
func TestSamplesThatDoNotCount(t *testing.T) {
	samples := table(6)
	whole := Of(samples)
	odd := append([]Sample{{}, {Variance: math.NaN(), DF: 5}, {Variance: 1, DF: math.NaN()}, {Variance: math.Inf(1), DF: 5}}, samples...)
	fit := Of(odd)
	if fit.Used != len(samples) || !math.IsNaN(fit.Expected[0]) || fit.DF != whole.DF || fit.Expected[4] != whole.Expected[0] {
		t.Errorf("used %d of %d, d0 %g and %g", fit.Used, len(samples), fit.DF, whole.DF)
	}
	if few := Of(samples[:29]); few.DF != 0 || len(few.Warnings) == 0 || !math.IsNaN(few.Expected[0]) {
		t.Errorf("29 samples give %+v", few)
	}
	for i := range samples {
		samples[i].Variance *= 4
	}
	if larger := Of(samples); math.Abs(larger.DF/whole.DF-1) > 1e-9 || math.Abs(larger.Expected[7]/whole.Expected[7]-4) > 1e-9 {
		t.Errorf("four times the variances: d0 %g, was %g; expected %g, was %g", larger.DF, whole.DF, larger.Expected[7], whole.Expected[7])
	}
}
