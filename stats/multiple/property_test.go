package multiple

import (
	"math"
	"math/rand/v2"
	"slices"
	"sort"
	"testing"

	"pgregory.net/rapid"

	"counterflow/stats/tail"
)

func drawLogP(t *rapid.T) []float64 {
	return rapid.SliceOfN(rapid.OneOf(
		rapid.Float64Range(-8, 0),
		rapid.Float64Range(-900, 0),
		rapid.SampledFrom([]float64{0, -1, -2, -1000, math.Inf(-1), math.NaN()}),
	), 0, 40).Draw(t, "logp")
}

// adjustments are all the rules that give one q-value per p-value.
var adjustments = map[string]func([]float64) Adjusted{
	"BH":     func(lp []float64) Adjusted { a, _ := BenjaminiHochberg(lp); return a },
	"BY":     func(lp []float64) Adjusted { a, _ := BenjaminiYekutieli(lp); return a },
	"Storey": func(lp []float64) Adjusted { a, _ := Storey(lp, Pi0{Estimate: 0.7}); return a },
	"e-BH":   func(lp []float64) Adjusted { return EBH(EValues(lp, CalibratePower(0.5))) },
}

func sameBits(a, b float64) bool { return a == b || math.IsNaN(a) && math.IsNaN(b) }

func TestPermutationLeavesAnswersUnchanged(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lp := drawLogP(t)
		perm := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1)).Perm(len(lp))
		shuffled := make([]float64, len(lp))
		for i, j := range perm {
			shuffled[i] = lp[j]
		}
		for name, adjust := range adjustments {
			a, b := adjust(lp), adjust(shuffled)
			for i, j := range perm {
				if !sameBits(b.LogQ[i], a.LogQ[j]) {
					t.Fatalf("%s: %g after the shuffle, %g before", name, b.LogQ[i], a.LogQ[j])
				}
			}
		}
		for name, combine := range map[string]func([]float64) (Combined, error){
			"Simes":  Simes,
			"Cauchy": func(v []float64) (Combined, error) { return Cauchy(v, nil) },
		} {
			a, _ := combine(lp)
			b, _ := combine(shuffled)
			if !sameBits(a.LogP, b.LogP) {
				t.Fatalf("%s: %g and %g", name, a.LogP, b.LogP)
			}
		}
	})
}

func TestLoweringAPValueNeverRaisesAQValue(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lp := drawLogP(t)
		if len(lp) == 0 {
			return
		}
		lower := slices.Clone(lp)
		i := rapid.IntRange(0, len(lp)-1).Draw(t, "which")
		lower[i] -= rapid.Float64Range(0, 10).Draw(t, "by")
		for name, adjust := range adjustments {
			a, b := adjust(lp), adjust(lower)
			for j := range lp {
				if b.LogQ[j] > a.LogQ[j]+1e-12 {
					t.Fatalf("%s: q of %d rose from %g to %g", name, j, a.LogQ[j], b.LogQ[j])
				}
			}
		}
		simesA, _ := Simes(lp)
		simesB, _ := Simes(lower)
		cauchyA, _ := Cauchy(lp, nil)
		cauchyB, _ := Cauchy(lower, nil)
		if simesB.LogP > simesA.LogP || cauchyB.LogP > cauchyA.LogP+1e-12*math.Abs(cauchyA.LogP) {
			t.Fatalf("a combination rose: Simes %g to %g, Cauchy %g to %g",
				simesA.LogP, simesB.LogP, cauchyA.LogP, cauchyB.LogP)
		}
	})
}

func TestAdjustedNeverBelowTheirPValueAndInputUntouched(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lp := drawLogP(t)
		before := slices.Clone(lp)
		bh, by := adjustments["BH"](lp), adjustments["BY"](lp)
		for i := range lp {
			if !sameBits(lp[i], before[i]) {
				t.Fatal("input changed")
			}
			if bh.LogQ[i] < lp[i] || by.LogQ[i] < bh.LogQ[i] {
				t.Fatalf("p %g, BH %g, BY %g", lp[i], bh.LogQ[i], by.LogQ[i])
			}
		}
	})
}

// The q-values of the hierarchy must select what the procedure, run step by
// step at a level, selects.
func TestHierarchyMatchesTheProcedure(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lp := drawLogP(t)
		group := rapid.SliceOfN(rapid.IntRange(0, 6), len(lp), len(lp)).Draw(t, "group")
		q := rapid.Float64Range(0.001, 0.9).Draw(t, "q")
		h, err := Hierarchical(lp, group)
		if err != nil {
			t.Fatal(err)
		}
		want := selectStepByStep(lp, group, q)
		if got := h.Selected(q); !slices.Equal(got, want) {
			t.Fatalf("selected %v, want %v", got, want)
		}
	})
}

func selectStepByStep(lp []float64, group []int, q float64) []int {
	const groups = 7
	parts := make([][]float64, groups)
	index := make([][]int, groups)
	for i, g := range group {
		parts[g] = append(parts[g], lp[i])
		index[g] = append(index[g], i)
	}
	simes := make([]float64, groups)
	for g := range parts {
		c, _ := Simes(parts[g])
		simes[g] = c.LogP
	}
	outer, _ := BenjaminiHochberg(simes)
	found := outer.Rejected(q)
	var picked []int
	for _, g := range found {
		inner, _ := BenjaminiHochberg(parts[g])
		for _, k := range inner.Rejected(q * float64(len(found)) / float64(outer.Tested)) {
			picked = append(picked, index[g][k])
		}
	}
	sort.Ints(picked)
	return picked
}

// kolmogorov is the largest distance of the sorted sample from uniform, times
// the root of its size; 1.95 is exceeded by chance once in a thousand.
func kolmogorov(p []float64) float64 {
	slices.Sort(p)
	n, worst := float64(len(p)), 0.0
	for i, v := range p {
		worst = math.Max(worst, math.Max(float64(i+1)/n-v, v-float64(i)/n))
	}
	return worst * math.Sqrt(n)
}

func TestCombinedPValuesAreUniformUnderTheNull(t *testing.T) {
	rng := rand.New(rand.NewPCG(11, 3))
	const reps = 5000
	got := map[string][]float64{}
	for range reps {
		lp := make([]float64, 5)
		for i := range lp {
			lp[i] = math.Log(1 - rng.Float64())
		}
		s, _ := Simes(lp)
		f, _ := Fisher(lp)
		c, _ := Cauchy(lp, []float64{1, 2, 3, 4, 5})
		for name, v := range map[string]float64{"Simes": s.LogP, "Fisher": f.LogP, "Cauchy": c.LogP} {
			got[name] = append(got[name], math.Exp(v))
		}
	}
	for name, p := range got {
		if name == "Cauchy" {
			// p-values cut at 0.99 move only the upper end; judge below it.
			for i := range p {
				p[i] = math.Min(p[i], 0.9)
			}
			slices.Sort(p)
			p = p[:sort.SearchFloat64s(p, 0.9)]
			if share := float64(len(p)) / reps; math.Abs(share-0.9) > 0.015 {
				t.Errorf("Cauchy: %.3f below 0.9", share)
			}
			for i := range p {
				p[i] /= 0.9
			}
		}
		if d := kolmogorov(p); d > 1.95 {
			t.Errorf("%s: Kolmogorov statistic %.2f, above 1.95", name, d)
		}
	}
}

// world draws m two-sided p-values, a share of them from |z| around shift, the
// null |z| with standard deviation sigma0.
func world(rng *rand.Rand, m int, alternatives, shift, sigma0 float64) (lp []float64, null []bool) {
	for range m {
		isNull := rng.Float64() >= alternatives
		z := rng.NormFloat64() * sigma0
		if !isNull {
			z += shift
		}
		lp = append(lp, tail.NormalLogTwoSided(z))
		null = append(null, isNull)
	}
	return lp, null
}

func TestFalseDiscoveryShareIsHeld(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 8))
	const reps, m = 400, 500
	share := map[string]float64{}
	for range reps {
		lp, null := world(rng, m, 0.2, 2.5, 1)
		pi0, _ := Pi0STS(lp, 0.5)
		q, _ := Storey(lp, pi0)
		for name, a := range map[string]Adjusted{"BH": adjustments["BH"](lp), "Storey": q, "e-BH": adjustments["e-BH"](lp)} {
			wrong := 0
			found := a.Rejected(0.1)
			for _, i := range found {
				if null[i] {
					wrong++
				}
			}
			share[name] += float64(wrong) / math.Max(1, float64(len(found))) / reps
		}
	}
	// Standard errors over 400 worlds are about 0.003. BH spends pi0 q = .08.
	if share["BH"] > 0.09 || share["BH"] < 0.07 {
		t.Errorf("BH false share %.3f, want .08", share["BH"])
	}
	if share["Storey"] > 0.11 || share["Storey"] < 0.085 {
		t.Errorf("Storey false share %.3f, want at most .10", share["Storey"])
	}
	if share["e-BH"] > 0.05 {
		t.Errorf("e-BH false share %.3f, want well below .10", share["e-BH"])
	}
}

func TestLocalFDRIsCalibrated(t *testing.T) {
	rng := rand.New(rand.NewPCG(21, 4))
	lp, null := world(rng, 40_000, 0.1, 3, 1)
	l, err := EstimateLocalFDR(lp, LocalFDROptions{})
	if err != nil {
		t.Fatal(err)
	}
	for _, band := range [][2]float64{{0, 0.1}, {0.1, 0.3}, {0.3, 0.6}} {
		n, nulls, expected := 0.0, 0.0, 0.0
		for i, v := range l.LogLFDR {
			if f := math.Exp(v); f >= band[0] && f < band[1] {
				n++
				expected += f
				if null[i] {
					nulls++
				}
			}
		}
		// Binomial error of a few hundred hypotheses plus that of f itself.
		if math.Abs(nulls-expected)/n > 0.07 {
			t.Errorf("local fdr in %v: %.0f null of %.0f, expected %.1f", band, nulls, n, expected)
		}
	}
}

func TestEmpiricalNullFindsTheScale(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 9))
	lp, _ := world(rng, 20_000, 0.03, 5, 1.3)
	l, err := EstimateLocalFDR(lp, LocalFDROptions{Null: EmpiricalNull})
	if err != nil || math.Abs(l.Sigma0-1.3) > 3*l.SE || l.SE > 0.05 {
		t.Errorf("sigma0 %.3f (SE %.3f, %v), want 1.3", l.Sigma0, l.SE, err)
	}
	if math.Abs(l.Pi0.Estimate-0.97) > 0.03 {
		t.Errorf("pi0 %.3f, want .97", l.Pi0.Estimate)
	}
	plain, _ := EstimateLocalFDR(lp[:50], LocalFDROptions{Null: EmpiricalNull})
	if plain.Sigma0 != 1 || len(plain.Warnings) != 2 {
		t.Errorf("50 p-values: sigma0 %g, warnings %v", plain.Sigma0, plain.Warnings)
	}
}

func TestLocalFDRNeverFallsWithP(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lp := drawLogP(t)
		l, err := EstimateLocalFDR(lp, LocalFDROptions{})
		if err != nil {
			return // nothing tested
		}
		order, _ := ranked(lp)
		for k := 1; k < len(order); k++ {
			if l.LogLFDR[order[k]] < l.LogLFDR[order[k-1]] {
				t.Fatalf("lfdr falls from %g to %g", l.LogLFDR[order[k-1]], l.LogLFDR[order[k]])
			}
		}
	})
}
