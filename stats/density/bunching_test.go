package density

import (
	"flag"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// worlds is the number of simulated samples per line of the experiments below:
//
//	go test ./stats/density -run Bunching -v -worlds 10000
var worlds = flag.Int("worlds", 0, "samples per line of the bunching experiments; 0 means a small number")

const limit = 800

// honestWeight is a log-normal weight around a median of 493. A share of lots
// is declared round: 40% of those to the nearest 100, 30% to 50, 30% to 10.
func honestWeight(rng *rand.Rand, lots float64) float64 {
	v := math.Exp(6.2 + rng.NormFloat64())
	if rng.Float64() >= lots {
		return v
	}
	step := 100.0
	switch u := rng.Float64(); {
	case u >= 0.7:
		step = 10
	case u >= 0.4:
		step = 50
	}
	return math.Round(v/step) * step
}

// roundLots is the share of round lots in the experiments, unless they say
// otherwise.
const roundLots = 0.3

// splitSample draws n weights; a share of those between the limit and twice
// the limit is divided in two parts under the limit, cut at a random place.
func splitSample(rng *rand.Rand, n int, share, lots float64) []float64 {
	var x []float64
	for range n {
		v := honestWeight(rng, lots)
		if v > limit && v < 2*limit && rng.Float64() < share {
			part := v - limit + rng.Float64()*(2*limit-v)
			x = append(x, part, v-part)
			continue
		}
		x = append(x, v)
	}
	return x
}

// The null size of the test with honest round lots must lie in [.03, .07] at 5%
// and in [.004, .015] at 1%; two Monte Carlo standard errors are allowed.
func TestBunchingNullSize(t *testing.T) {
	reps := 1000
	if testing.Short() {
		reps = 300
	}
	if *worlds > 0 {
		reps = *worlds
	}
	for _, n := range []int{500, 2000, 10000} {
		rng := rand.New(rand.NewPCG(41, uint64(n)))
		at5, at1 := 0.0, 0.0
		for range reps {
			b, err := DetectBunching(splitSample(rng, n, 0, roundLots), limit, BunchingOptions{})
			if err != nil {
				t.Fatal(err)
			}
			at5 += share(b.LogP <= math.Log(0.05), reps)
			at1 += share(b.LogP <= math.Log(0.01), reps)
		}
		t.Logf("n = %5d: size %.4f at 5%% (se %.4f), %.4f at 1%% (se %.4f), %d samples",
			n, at5, math.Sqrt(at5*(1-at5)/float64(reps)), at1, math.Sqrt(at1*(1-at1)/float64(reps)), reps)
		slack5, slack1 := 2*math.Sqrt(0.05*0.95/float64(reps)), 2*math.Sqrt(0.01*0.99/float64(reps))
		if at5 < 0.03-slack5 || at5 > 0.07+slack5 || at1 < 0.004-slack1 || at1 > 0.015+slack1 {
			t.Errorf("n = %d: size %.4f at 5%%, %.4f at 1%%", n, at5, at1)
		}
	}
}

func share(hit bool, of int) float64 {
	if hit {
		return 1 / float64(of)
	}
	return 0
}

// Power at 1% without round lots, beside the discontinuity test on the same
// samples and the power measured for rddensity on a like design: .27, .75, .43,
// .97. The last column adds the lots.
func TestBunchingPower(t *testing.T) {
	reps := 60
	if *worlds > 0 {
		reps = *worlds
	}
	for _, c := range []struct {
		n           int
		split, goal float64
	}{{2000, 0.2, 0.27}, {2000, 0.4, 0.75}, {10000, 0.1, 0.43}, {10000, 0.2, 0.97}} {
		rng := rand.New(rand.NewPCG(43, uint64(c.n)))
		ours, jump, lots := 0.0, 0.0, 0.0
		for range reps {
			x := splitSample(rng, c.n, c.split, 0)
			b, err := DetectBunching(x, limit, BunchingOptions{})
			if err != nil {
				t.Fatal(err)
			}
			d, err := DetectDiscontinuity(x, limit, DiscontinuityOptions{})
			if err != nil {
				t.Fatal(err)
			}
			ours += share(b.LogP <= math.Log(0.01), reps)
			jump += share(d.LogPBelow <= math.Log(0.01), reps)
			l, err := DetectBunching(splitSample(rng, c.n, c.split, roundLots), limit, BunchingOptions{})
			if err != nil {
				t.Fatal(err)
			}
			lots += share(l.LogP <= math.Log(0.01), reps)
		}
		t.Logf("n = %5d, %2.0f%% split: power %.3f at 1%%, discontinuity test %.3f; with round lots %.3f; %d samples",
			c.n, 100*c.split, ours, jump, lots, reps)
		if ours <= c.goal || ours < jump || lots <= c.goal {
			t.Errorf("n = %d, split %.1f: power %.3f, with lots %.3f, discontinuity test %.3f, goal above %.2f",
				c.n, c.split, ours, lots, jump, c.goal)
		}
	}
}

// Two in ten split: the excess must be found with its interval.
func TestBunchingEstimatesTheExcess(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 7))
	const reps = 200
	covered, bias := 0.0, 0.0
	for range reps {
		x := splitSample(rng, 3000, 0, roundLots)
		// 60 planted values in the window below and none taken from elsewhere.
		for range 60 {
			x = append(x, limit*(0.9+0.1*rng.Float64()))
		}
		b, err := DetectBunching(x, limit, BunchingOptions{})
		if err != nil {
			t.Fatal(err)
		}
		covered += share(b.Low <= 60 && 60 <= b.High, reps)
		bias += (b.Excess - 60) / reps
	}
	// Binomial error of 200 at 95% is 1.5 points; the mean excess has a
	// standard error near 1.2.
	if covered < 0.90 || covered > 0.99 || math.Abs(bias) > 4 {
		t.Errorf("interval covers %.3f, bias %.1f of 60", covered, bias)
	}
}

func TestBunchingCountsWhatItLeavesOut(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	x := splitSample(rng, 400, 0, roundLots)
	at, zero := 0, 0
	for _, v := range x {
		switch v {
		case limit:
			at++
		case 0: // a small weight rounded to the nearest hundred
			zero++
		}
	}
	x = append(x, math.NaN(), -3, 0, math.Inf(1), limit, limit)
	b, err := DetectBunching(x, limit, BunchingOptions{})
	if err != nil || b.Skipped != zero+4 || b.AtLimit != at+2 {
		t.Errorf("skipped %d, at the limit %d (%v); want %d and %d", b.Skipped, b.AtLimit, err, zero+4, at+2)
	}
	if _, err := DetectBunching(x[:20], limit, BunchingOptions{}); err == nil {
		t.Error("twenty values: no error")
	}
	if _, err := DetectBunching(x, -1, BunchingOptions{}); err == nil {
		t.Error("negative threshold: no error")
	}
	if _, err := DetectBunching(x, limit, BunchingOptions{Reach: 1.1}); err == nil {
		t.Error("no room outside the windows: no error")
	}
}

// Honest declarers use hundreds only; odd weights just under the limit stand
// out although no odd weight was ever seen elsewhere.
func TestBunchingWithAClassNeverSeenOutside(t *testing.T) {
	var x []float64
	for k := range 400 {
		x = append(x, float64(300+100*(k%15)))
	}
	quiet, err := DetectBunching(x, limit, BunchingOptions{})
	if err != nil {
		t.Fatal(err)
	}
	// One odd weight is no news: nobody can say how rare such weights are.
	one, err := DetectBunching(append(slices.Clone(x), 791.7), limit, BunchingOptions{})
	if err != nil || one.LogP < math.Log(1e-4) {
		t.Errorf("p %.3g with one odd weight (%v)", math.Exp(one.LogP), err)
	}
	for k := range 12 {
		x = append(x, 790+float64(k)*0.7357)
	}
	loud, err := DetectBunching(x, limit, BunchingOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if !quiet.Converged || !loud.Converged || quiet.LogP < math.Log(0.2) || loud.LogP > math.Log(0.001) {
		t.Errorf("p %.3g without, %.3g with the odd weights", math.Exp(quiet.LogP), math.Exp(loud.LogP))
	}
}

func TestBunchingRelations(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 5))
		x := splitSample(rng, 300, 0, roundLots)
		before := slices.Clone(x)
		b, err := DetectBunching(x, limit, BunchingOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(x, before) {
			t.Fatal("input changed")
		}
		shuffled := slices.Clone(x)
		rng.Shuffle(len(x), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		if s, _ := DetectBunching(shuffled, limit, BunchingOptions{}); !equal(b, s) {
			t.Fatalf("shuffling changed %+v to %+v", b, s)
		}
		// In other units of the same scale of ten nothing changes.
		thousand := make([]float64, len(x))
		for i := range x {
			thousand[i] = x[i] * 1000
		}
		s, err := DetectBunching(thousand, limit*1000, BunchingOptions{})
		if err != nil || math.Abs(s.LogP-b.LogP) > 1e-6*math.Abs(b.LogP)+1e-9 {
			t.Fatalf("ln p %.12g in kg, %.12g in g (%v)", b.LogP, s.LogP, err)
		}
		more := append(slices.Clone(x), 790.123, 765.432)
		m, _ := DetectBunching(more, limit, BunchingOptions{})
		if m.LogP >= b.LogP || m.Excess <= b.Excess {
			t.Fatalf("two values more below: ln p from %g to %g, excess from %g to %g", b.LogP, m.LogP, b.Excess, m.Excess)
		}
	})
}

func equal(a, b Bunching) bool {
	a.Warnings, b.Warnings = nil, nil
	return a.LogP == b.LogP && a.Excess == b.Excess && a.Low == b.Low && a.Fitted == b.Fitted && a.Degree == b.Degree
}

func TestRoundnessByHand(t *testing.T) {
	r := newRoundness(800)
	for v, want := range map[float64]int{700: 0, 1200: 0, 750: 1, 725: 2, 675: 2, 720: 3, 715: 4, 712.5: 5, 713: 6, 713.3: 7} {
		if got := r.class(v); got != want {
			t.Errorf("class of %g is %d, want %d", v, got, want)
		}
	}
	if got := r.points(1, 400, 700); !slices.Equal(got, []float64{450, 550, 650}) {
		t.Errorf("odd fifties in [400, 700): %v", got)
	}
	if m := newRoundness(1000).magnitude; m != 1000 {
		t.Errorf("magnitude of 1000 is %g", m)
	}
	small := newRoundness(0.8)
	if got := small.class(0.7); got != 0 {
		t.Errorf("class of 0.7 under 0.8 is %d, want 0", got)
	}
}

func TestBetaBinomialByHand(t *testing.T) {
	// Mean 1/2 and correlation 1/3 is the flat beta: X is uniform on 0..n.
	mid, full := betaBinomialTail(7, 10, 0.5, 1.0/3)
	within(t, "flat full", full, math.Log(4.0/11), 1e-10)
	within(t, "flat mid", mid, math.Log(3.5/11), 1e-10)
	mid, full = betaBinomialTail(2, 3, 0.5, 0)
	within(t, "binomial full", full, math.Log(0.5), 1e-12)
	within(t, "binomial mid", mid, math.Log(0.3125), 1e-12)
	if mid, full = betaBinomialTail(0, 0, 0.5, 0); mid != 0 || full != 0 {
		t.Error("no trials: not a p-value of one")
	}
	_, full = betaBinomialTail(0, 5, 0.3, 0.1)
	within(t, "sure", full, 0, 1e-10)
}

// The stated error of the expected share is the spread of its estimates, at the
// degree that BIC picks in nearly every sample of this size.
func TestBunchingStatesTheErrorOfTheExpectedShare(t *testing.T) {
	rng := rand.New(rand.NewPCG(51, 2))
	const reps = 300
	sum, square, stated := 0.0, 0.0, 0.0
	for range reps {
		b, err := DetectBunching(splitSample(rng, 3000, 0, roundLots), limit, BunchingOptions{})
		if err != nil {
			t.Fatal(err)
		}
		sum += b.Share / reps
		square += b.Share * b.Share / reps
		stated += b.ShareSE / reps
	}
	spread := math.Sqrt(square - sum*sum)
	// A standard deviation from 300 samples is good to 4%.
	if math.Abs(stated/spread-1) > 0.15 {
		t.Errorf("stated error %.5f, spread of the estimates %.5f", stated, spread)
	}
}
