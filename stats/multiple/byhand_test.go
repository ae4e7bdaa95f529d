package multiple

import (
	"math"
	"slices"
	"testing"

	"counterflow/stats/tail"
)

var nan = math.NaN()

func logs(p ...float64) []float64 {
	out := make([]float64, len(p))
	for i, v := range p {
		out[i] = math.Log(v)
	}
	return out
}

// near compares logs; 1e-12 leaves room for a few roundings.
func near(t *testing.T, name string, got, want float64) {
	t.Helper()
	same := got == want || math.IsNaN(got) && math.IsNaN(want)
	if !same && !(math.Abs(got-want) <= 1e-12*math.Max(1, math.Abs(want))) {
		t.Errorf("%s = %.15g, want %.15g", name, got, want)
	}
}

func allNear(t *testing.T, name string, got, want []float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s has %d entries, want %d", name, len(got), len(want))
	}
	for i := range got {
		near(t, name, got[i], want[i])
	}
}

// Benjamini and Hochberg (1995), section 3.2: fifteen p-values of a
// thrombolysis trial, of which the procedure rejects four at 0.05.
func TestThrombolysisTrial(t *testing.T) {
	logp := logs(0.0298, 0.0001, 0.0095, 0.7590, 0.0004, 0.0019, 0.0201, 0.0278,
		0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 1)
	bh, err := BenjaminiHochberg(logp)
	if err != nil {
		t.Fatal(err)
	}
	if got := bh.Rejected(0.05); !slices.Equal(got, []int{1, 4, 5, 2}) {
		t.Errorf("rejected %v, want [1 4 5 2]", got)
	}
	near(t, "fourth q", bh.LogQ[2], math.Log(0.0095*15/4))
}

func TestAdjustByHand(t *testing.T) {
	// Untested entries stay NaN and leave m = 4; the two 0.02 tie at rank 3.
	logp := logs(0.02, nan, 0.9, 0.02, 0.01)
	bh, _ := BenjaminiHochberg(logp)
	allNear(t, "BH", bh.LogQ, logs(0.08/3, nan, 0.9, 0.08/3, 0.08/3))
	if got := bh.Rejected(0.5); !slices.Equal(got, []int{4, 0, 3}) || bh.Tested != 4 {
		t.Errorf("order %v of %d tested, want [4 0 3] of 4", got, bh.Tested)
	}
	by, _ := BenjaminiYekutieli(logp)
	c := 1 + 1.0/2 + 1.0/3 + 1.0/4
	allNear(t, "BY", by.LogQ, logs(c*0.08/3, nan, 1, c*0.08/3, c*0.08/3))
	q, _ := Storey(logp, Pi0{Estimate: 0.5})
	allNear(t, "Storey", q.LogQ, logs(0.04/3, nan, 0.45, 0.04/3, 0.04/3))
	// Weights 2, 1, 1, 0 on the tested: p/w = 0.01, 0.9, 0.02, inf.
	w, _ := WeightedBenjaminiHochberg(logp, []float64{2, 9, 1, 1, 0})
	allNear(t, "weighted", w.LogQ, logs(0.04, nan, 1, 0.04, 1))
	// p = k/100 of m = 5 meets 0.05 exactly at every rank.
	exact, _ := BenjaminiHochberg(logs(0.01, 0.02, 0.03, 0.04, 0.05))
	if exact.Count(0.05) != 5 || exact.Count(0.0499) != 0 {
		t.Errorf("%d at the exact level, want 5", exact.Count(0.05))
	}
	// So does a lone p = q/m beside m-1 ones, whatever logs make of it.
	for m := 1; m <= 200; m++ {
		logp := make([]float64, m)
		logp[m-1] = math.Log(0.07 / float64(m))
		if a, _ := BenjaminiHochberg(logp); a.Count(0.07) != 1 {
			t.Errorf("q/m of m = %d is not rejected at q", m)
		}
	}
	far, _ := BenjaminiHochberg([]float64{-2000, -1})
	near(t, "far tail", far.LogQ[0], -2000+math.Ln2)
}

func TestPi0ByHand(t *testing.T) {
	logp := logs(0.1, 0.2, 0.5, 0.6, nan, 0.9) // three of five at or above 1/2
	at, _ := Pi0AtLambda(logp, 0.5)
	near(t, "raw", at.Raw, 1.2)
	near(t, "cut", at.Estimate, 1)
	sts, _ := Pi0STS(logp, 0.2)
	near(t, "STS", sts.Raw, 5/4.0)
	low, _ := Pi0AtLambda(logs(0.1, 0.1, 0.1, 0.1), 0.5)
	near(t, "nothing above", low.Estimate, 0.5)
	few, _ := Pi0Spline(logp)
	between, _ := Pi0Between(logs(0.1, 0.2, 0.5, 1, 1, 1, nan, 1, 1, 1), 0.1, 0.6) // 0.2 and 0.5 of nine
	near(t, "between", between.Estimate, 3/4.5)
	if _, err := Pi0Between(logp, 0.5, 0.5); err == nil {
		t.Error("an empty stretch was taken")
	}
	if len(low.Warnings) != 1 || len(few.Warnings) != 1 || few.Method != "Storey-Taylor-Siegmund" {
		t.Errorf("warnings %v and %v, want one each", low.Warnings, few.Warnings)
	}
}

func TestCombineByHand(t *testing.T) {
	simes, _ := Simes(logs(0.03, nan, 0.01, 0.04))
	near(t, "Simes", simes.LogP, math.Log(0.03))
	fisher, _ := Fisher(logs(0.1, 0.2)) // chi2_4 SF of s is e^(-s/2)(1+s/2)
	near(t, "Fisher", fisher.LogP, math.Log(0.02)+math.Log1p(-math.Log(0.02)))
	equal, _ := Cauchy(logs(0.1, 0.1, 0.1), nil)
	near(t, "equal p", equal.LogP, math.Log(0.1))
	half, _ := Cauchy(logs(0.5, 0.5), nil)
	near(t, "halves", half.LogP, math.Log(0.5))
	opposite, _ := Cauchy(logs(0.2, 0.8), nil)
	near(t, "opposite", opposite.LogP, math.Log(0.5))
	pair, _ := Cauchy(logs(0.01, 0.5), []float64{3, 1})
	near(t, "pair", pair.LogP, math.Log(math.Atan(math.Tan(0.01*math.Pi)*4/3)/math.Pi))
	high, _ := Cauchy(logs(0.7, 0.9), nil)
	want := 0.5 - math.Atan(0.5*(math.Tan(-0.2*math.Pi)+math.Tan(-0.4*math.Pi)))/math.Pi
	near(t, "high", high.LogP, math.Log(want))
	low, _ := Cauchy(logs(0.45, 0.3), nil)
	want = 0.5 - math.Atan(0.5*(math.Tan(0.05*math.Pi)+math.Tan(0.2*math.Pi)))/math.Pi
	near(t, "low", low.LogP, math.Log(want))
	far, _ := Cauchy([]float64{-1000, -1001, nan}, []float64{1, 1, 7})
	near(t, "far tail", far.LogP, math.Ln2-tail.LogAdd(1000, 1001))
	one, _ := Cauchy([]float64{-700, 0}, nil) // a p of one must not bury the other
	near(t, "with a one", one.LogP, -700+math.Ln2)
	alone, _ := Cauchy([]float64{0, nan}, nil)
	near(t, "alone", alone.LogP, 0)
	none, _ := Cauchy([]float64{nan, nan}, nil)
	near(t, "none", none.LogP, nan)
	if far.Used != 2 || none.Used != 0 {
		t.Errorf("used %d and %d, want 2 and 0", far.Used, none.Used)
	}
}

func TestEValuesByHand(t *testing.T) {
	near(t, "power", CalibratePower(0.5)(math.Log(0.01)), math.Log(5))
	near(t, "Shafer", CalibrateShafer(math.Log(0.01)), math.Log(9))
	near(t, "Shafer at one", CalibrateShafer(0), math.Inf(-1))
	near(t, "mixture", CalibrateMixture(-2), math.Log((1-3*math.Exp(-2))/(4*math.Exp(-2))))
	near(t, "mixture at one", CalibrateMixture(0), -math.Ln2)
	near(t, "mixture far", CalibrateMixture(-1000), 1000-2*math.Log(1000))
	near(t, "mixture series", CalibrateMixture(-0.05+1e-15), CalibrateMixture(-0.05-1e-15))
	near(t, "mean", MeanE(logs(1, nan, 5)), math.Log(3))
	e := EBH(logs(10, 40, nan, 1, 20))
	// k e_[k]/m: 40/4, 40/4, 30/4, 4/4.
	allNear(t, "e-BH", e.LogQ, logs(4.0/30, 0.1, nan, 1, 0.1))
	if got := e.Rejected(0.1); !slices.Equal(got, []int{1, 4}) {
		t.Errorf("rejected %v, want [1 4]", got)
	}
}

// A calibrator's e-value has mean one under the null: with p = e^-u the mean is
// the integral of e(e^-u) e^-u over u > 0.
func TestCalibratorsIntegrateToOne(t *testing.T) {
	for name, c := range map[string]struct {
		calibrate Calibrator
		rest      func(u float64) float64 // integral from u on
	}{
		"power":   {CalibratePower(0.25), func(u float64) float64 { return math.Exp(-u / 4) }},
		"Shafer":  {CalibrateShafer, func(float64) float64 { return 0 }},
		"mixture": {CalibrateMixture, func(u float64) float64 { return 1 / u }}, // 1/u^2 far out
	} {
		const h, n = 0.001, 200_000
		sum := 0.0
		for k := range n {
			u := (float64(k) + 0.5) * h
			sum += h * math.Exp(c.calibrate(-u)-u)
		}
		sum += c.rest(n * h)
		if math.Abs(sum-1) > 1e-5 { // midpoint rule with this step
			t.Errorf("%s integrates to %.7f", name, sum)
		}
	}
}

func TestErrors(t *testing.T) {
	_, positive := BenjaminiHochberg([]float64{-1, 0.5})
	_, weights := Cauchy(logs(0.1), []float64{1, 2})
	_, negative := Cauchy(logs(0.1), []float64{-1})
	_, lambda := Pi0STS(logs(0.1), 1)
	_, empty := Pi0STS(nil, 0.5)
	_, pi0 := Storey(logs(0.1), Pi0{})
	_, group := Hierarchical(logs(0.1), []int{-1})
	_, zero := WeightedBenjaminiHochberg(logs(0.1), []float64{0})
	_, lfdr := EstimateLocalFDR([]float64{nan}, LocalFDROptions{})
	for name, err := range map[string]error{"positive": positive, "weights": weights, "negative": negative,
		"lambda": lambda, "empty": empty, "pi0": pi0, "group": group, "zero": zero, "lfdr": lfdr} {
		if err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if a, err := BenjaminiHochberg(nil); err != nil || a.Tested != 0 || a.Count(1) != 0 {
		t.Error("an empty family is no error and rejects nothing")
	}
}
