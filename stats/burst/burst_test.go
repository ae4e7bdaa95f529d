package burst

import (
	"math"
	"math/rand/v2"
	"testing"
)

// noise makes series of an AR(1) with heavy-tailed innovations (Student t with 4
// degrees of freedom), each with a coefficient of its own between 0 and 0.5.
func noise(seed uint64, n, length int) [][]float64 {
	r := rand.New(rand.NewPCG(seed, 1))
	out := make([][]float64, n)
	for i := range out {
		phi := 0.5 * r.Float64()
		out[i] = make([]float64, length)
		state := 0.0
		for t := -20; t < length; t++ {
			chi := 0.0
			for range 4 {
				z := r.NormFloat64()
				chi += z * z
			}
			state = phi*state + math.Sqrt(1-phi*phi)*r.NormFloat64()/math.Sqrt(chi/4)
			if t >= 0 {
				out[i][t] = state
			}
		}
	}
	return out
}

// With nothing but noise, p-values are uniform where it counts. The bounds are
// three standard errors about the nominal share, and a third more for the fitted
// tail. The settings were chosen on
// other seeds.
func TestNoiseGivesUniformP(t *testing.T) {
	below := map[float64]float64{0.1: 0, 0.01: 0, 0.001: 0}
	total := 0.0
	for _, seed := range []uint64{11, 12} {
		series := noise(seed, 2500, 60)
		result := NewField(series, Defaults(60)).Scan()
		for _, windows := range [...][]Window{result.Up, result.Down} {
			for _, w := range windows {
				total++
				for p := range below {
					if w.LogP <= math.Log(p) {
						below[p]++
					}
				}
			}
		}
	}
	for p, n := range below {
		share, se := n/total, math.Sqrt(p*(1-p)/total)
		t.Logf("p <= %g: share %.5f (se %.5f)", p, share, se)
		if share > p*4/3+3*se || share < p*2/3-3*se {
			t.Errorf("p <= %g in a share of %.5f of series without a burst", p, share)
		}
	}
}

func TestPlantedBurstIsFoundWhereItIs(t *testing.T) {
	series := noise(3, 2000, 60)
	for i := 0; i < 20; i++ {
		for m := 20 + i; m < 32+i && m < 60; m++ {
			series[i][m] += 8
		}
	}
	result := NewField(series, Defaults(60)).Scan()
	found := 0
	for i := 0; i < 20; i++ {
		w := result.Up[i]
		if w.LogP < math.Log(1e-4) {
			found++
			if w.Start < 18+i || w.Start > 22+i || math.Abs(w.Shift-8) > 1.5 {
				t.Errorf("series %d: window %d..%d with shift %.2f, planted %d..%d with 8", i, w.Start, w.End, w.Shift, 20+i, 31+i)
			}
		}
	}
	if found < 18 {
		t.Errorf("%d of 20 planted bursts found", found)
	}
}

func TestReflectionSwapsUpAndDown(t *testing.T) {
	series := noise(4, 400, 48)
	mirror := make([][]float64, len(series))
	for i := range series {
		mirror[i] = make([]float64, 48)
		for m, v := range series[i] {
			mirror[i][m] = 3 - 2*v // shifted and scaled as well
		}
	}
	a, b := NewField(series, Defaults(48)).Scan(), NewField(mirror, Defaults(48)).Scan()
	for i := range series {
		if a.Up[i].Start != b.Down[i].Start || a.Up[i].End != b.Down[i].End || math.Abs(a.Up[i].LogP-b.Down[i].LogP) > 1e-6 {
			t.Fatalf("series %d: up %+v, reflected down %+v", i, a.Up[i], b.Down[i])
		}
	}
}

// Eight values by hand: 0 but for 2, 2 in the middle. The mean inside is 2 against
// 0; the squares about the mean are 8 - 16/8 = 6, between 4*(1 - 1/4)*2 = 6, so
// nothing is left within but the prior, 20 values of 1 over 6+20: t = 3/sqrt(1.5*20/26).
func TestContrastByHand(t *testing.T) {
	got := contrast(4, 2, 4, 6, 8)
	want := 3 / math.Sqrt(1.5*20/26)
	if math.Abs(got-want) > 1e-12 {
		t.Errorf("contrast %g, want %g", got, want)
	}
}

// sd of a sum of three values of an AR(1) with coefficient 0.5:
// sqrt(3 + 2*(2*0.5 + 1*0.25)) = sqrt(5.5).
func TestLongRunByHand(t *testing.T) {
	if got, want := longRun(0.5, 5)[3], math.Sqrt(5.5); math.Abs(got-want) > 1e-12 {
		t.Errorf("sd %g, want %g", got, want)
	}
}

func TestTooFewToJudge(t *testing.T) {
	short := noise(5, 300, 10) // fewer values than Least
	if r := NewField(short, Defaults(10)).Scan(); r.Tested != 0 || !math.IsNaN(r.Up[0].LogP) {
		t.Errorf("short series were tested: %d", r.Tested)
	}
	few := noise(6, 50, 60)
	r := NewField(few, Defaults(60)).Scan()
	if !math.IsNaN(r.Up[0].LogP) || len(r.Warnings) == 0 {
		t.Error("fifty series judged one another without a warning")
	}
	unknown := [][]float64{make([]float64, 60)}
	for m := range unknown[0] {
		unknown[0][m] = math.NaN()
	}
	if r := NewField(unknown, Defaults(60)).Scan(); !math.IsNaN(r.Up[0].LogP) {
		t.Error("a series without values was tested")
	}
}

// The weaker of two independent departures is judged by its own law: among pairs
// of noise its p-values are uniform too.
func TestJointIsUniformUnderNoise(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 1))
	weaker := make([]float64, 20000)
	for i := range weaker {
		weaker[i] = min(r.NormFloat64(), r.NormFloat64())
	}
	n := 0
	for _, logP := range Joint(weaker, 0.998) {
		if logP <= math.Log(0.001) {
			n++
		}
	}
	if n < 8 || n > 36 {
		t.Errorf("%d of 20,000 below 0.001", n)
	}
}

// Of 250 series 100 stand apart: neither kind has the 200 that ranks need.
func TestTooFewOfEitherKind(t *testing.T) {
	settings := Defaults(60)
	settings.Apart = make([]bool, 250)
	for i := range 100 {
		settings.Apart[i] = true
	}
	r := NewField(noise(24, 250, 60), settings).Scan()
	if len(r.Warnings) != 2 || r.Tested != 250 {
		t.Errorf("%d tested, warnings %q", r.Tested, r.Warnings)
	}
	for i := range 250 {
		if !math.IsNaN(r.Up[i].LogP) || !math.IsNaN(r.Down[i].LogP) {
			t.Fatalf("series %d was judged", i)
		}
	}
}

func BenchmarkScan(b *testing.B) {
	series := noise(8, 2000, 60)
	b.ReportAllocs()
	for b.Loop() {
		NewField(series, Defaults(60)).Scan()
	}
}

// A burst over a third of a series widens its MAD; levelled, it stands out more, and
// among noise alone p stays what it says.
func TestLevelledScaleShowsLongBursts(t *testing.T) {
	const n = 3000
	series := noise(21, n, 60)
	for i := range 40 {
		for m := 20; m < 40; m++ {
			series[i*50][m] += 4
		}
	}
	settings := Defaults(60)
	plain := NewField(series, settings).Scan()
	settings.Levelled = true
	levelled := NewField(series, settings).Scan()
	var asIs, better, small, others float64
	for i := range n {
		if i%50 == 0 && i < 40*50 {
			asIs, better = asIs+plain.Up[i].LogP, better+levelled.Up[i].LogP
			continue
		}
		for _, w := range [...]Window{levelled.Up[i], levelled.Down[i]} {
			others++
			if w.LogP <= math.Log(0.01) {
				small++
			}
		}
	}
	t.Logf("mean log p of bursts %.1f, levelled %.1f; p <= .01 of noise %.4f", asIs/40, better/40, small/others)
	if better > asIs-40*0.5 {
		t.Errorf("mean log p of bursts %.1f, levelled %.1f", asIs/40, better/40)
	}
	if se := math.Sqrt(0.01 * 0.99 / others); math.Abs(small/others-0.01) > 0.01/3+3*se {
		t.Errorf("p <= .01 in a share of %.4f of noise", small/others)
	}
}

// Series that stand apart leave all answers about the others as they are, and are
// judged by their own kind: ten times as wild, none of them stands out.
func TestSeriesApartAreJudgedAmongThemselves(t *testing.T) {
	calm, wild := noise(22, 600, 60), noise(23, 300, 60)
	for i := range wild {
		step := 10 + i%40
		for m := step; m < step+10; m++ {
			wild[i][m] += 4
		}
	}
	settings := Defaults(60)
	alone := NewField(calm, settings)
	settings.Apart = make([]bool, 900)
	for i := 600; i < 900; i++ {
		settings.Apart[i] = true
	}
	together := NewField(append(append([][]float64{}, calm...), wild...), settings)
	a, b := alone.Scan(), together.Scan()
	stands := 0
	for i := range 900 {
		switch {
		case i < 600 && (a.Up[i] != b.Up[i] || a.Down[i] != b.Down[i]):
			t.Fatalf("series %d: %+v alone, %+v beside others", i, a.Up[i], b.Up[i])
		case i >= 600 && b.Up[i].LogP < math.Log(0.001):
			stands++
		}
	}
	if x, y := alone.LogP(0, 12, 18, 3), together.LogP(0, 12, 18, 3); x != y {
		t.Errorf("log p of a window %g alone, %g beside others", x, y)
	}
	// Months 12 to 18 lie for the most part in the steps of one in seven of the wild series.
	if x, y := together.LogP(0, 12, 18, 3), together.LogP(600, 12, 18, 3); x > math.Log(0.02) || y < math.Log(0.05) {
		t.Errorf("log p of a z of 3 is %g among the calm, %g among the wild", x, y)
	}
	if stands > 3 {
		t.Errorf("%d of 300 series alike stand out with p below .001", stands)
	}
}
