package density

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// First digits of 23 cheques in State of Arizona v. Wayne James Nelson (Nigrini
// 1999): G and its exact multinomial p-value as published, 73.4505062784 and
// 2.319579e-14; chi-squared 129.95201556.
func TestNigriniCheques(t *testing.T) {
	b, err := CompareBenford([9]int{1, 1, 0, 0, 0, 0, 3, 9, 9}, BenfordOptions{})
	if err != nil {
		t.Fatal(err)
	}
	within(t, "G", b.G, 73.4505062784, 1e-9)
	within(t, "chi-squared", b.ChiSq, 129.95201556, 1e-7)
	within(t, "exact p of G", math.Exp(b.GLogP)/2.319579e-14, 1, 5e-7) // seven digits printed
	if b.Method != Enumerated || b.N != 23 || b.Draws != 7888725 {
		t.Errorf("%s over %d outcomes of %d digits", b.Method, b.Draws, b.N)
	}
}

func TestBenfordByHand(t *testing.T) {
	// One value: G = -2 ln p_d, so the p-value of digit 9 is p_9, that of digit
	// 5 is p_5 + ... + p_9 = 1 - log10(5), that of digit 1 is one.
	for digit, want := range map[int]float64{9: 1 - math.Log10(9), 5: 1 - math.Log10(5), 1: 1} {
		var counts [9]int
		counts[digit-1] = 1
		b, err := CompareBenford(counts, BenfordOptions{})
		if err != nil {
			t.Fatal(err)
		}
		within(t, "G p-value", math.Exp(b.GLogP), want, 1e-12)
		within(t, "chi p-value", math.Exp(b.ChiSqLogP), want, 1e-12)
		within(t, "G", b.G, -2*math.Log(BenfordShare(digit)), 1e-12)
	}
	if _, err := CompareBenford([9]int{}, BenfordOptions{}); err == nil {
		t.Error("no digits: no error")
	}
	if _, err := CompareBenford([9]int{-1, 2}, BenfordOptions{}); err == nil {
		t.Error("negative count: no error")
	}
}

func TestFirstDigits(t *testing.T) {
	counts, skipped := FirstDigits([]float64{1000, 999.9999999, -0.0023, 1e-300, 0, math.NaN(), math.Inf(1), 0.3, 4e17, 19})
	if want := [9]int{3, 1, 1, 1, 0, 0, 0, 0, 1}; counts != want || skipped != 3 {
		t.Errorf("counts %v, skipped %d; want %v and 3", counts, skipped, want)
	}
}

// Simulated p-values agree with the enumerated ones where both can be had.
func TestBenfordMonteCarloAgreesWithEnumeration(t *testing.T) {
	counts := [9]int{3, 2, 4, 1, 2, 0, 2, 3, 1}
	exact, err := CompareBenford(counts, BenfordOptions{})
	if err != nil {
		t.Fatal(err)
	}
	drawn := Benford{ChiSq: exact.ChiSq, G: exact.G}
	drawn.simulate(newDigitLaw(exact.N), BenfordOptions{Draws: 20000, Seed: 3})
	for name, pair := range map[string][2]float64{
		"chi": {exact.ChiSqLogP, drawn.ChiSqLogP}, "G": {exact.GLogP, drawn.GLogP},
	} {
		p, q := math.Exp(pair[0]), math.Exp(pair[1])
		if math.Abs(p-q) > 4*math.Sqrt(p*(1-p)/20000) { // four standard errors
			t.Errorf("%s: exact %.4f, simulated %.4f", name, p, q)
		}
	}
}

func TestBenfordUniformUnderTheNull(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 6))
	const reps = 400
	p := make([]float64, reps)
	for k := range p {
		values := make([]float64, 300)
		for i := range values {
			values[i] = math.Pow(10, rng.Float64()*5)
		}
		counts, _ := FirstDigits(values)
		b, err := CompareBenford(counts, BenfordOptions{Draws: 199, Seed: uint64(k)})
		if err != nil {
			t.Fatal(err)
		}
		again, _ := CompareBenford(counts, BenfordOptions{Draws: 199, Seed: uint64(k)})
		if again.GLogP != b.GLogP {
			t.Fatal("the same seed gave another p-value")
		}
		p[k] = math.Exp(b.GLogP)
	}
	slices.Sort(p)
	worst := 0.0
	for i, v := range p {
		worst = math.Max(worst, math.Max(float64(i+1)/reps-v, v-float64(i)/reps))
	}
	// 1.95/sqrt(n) is passed once in a thousand; a step of 1/200 is added.
	if worst > 1.95/math.Sqrt(reps)+0.005 {
		t.Errorf("largest distance from uniform %.3f", worst)
	}
}
