package density

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"

	"gonum.org/v1/gonum/stat/distuv"

	"counterflow/stats/tail"
)

// FirstDigits counts the leading digits 1 to 9 of the values; counts[0] is for
// digit 1. Signs are ignored, digits are those of the shortest decimal form.
// Zero, NaN and infinite values are skipped and counted.
func FirstDigits(values []float64) (counts [9]int, skipped int) {
	var text [32]byte
	for _, v := range values {
		if v == 0 || math.IsNaN(v) || math.IsInf(v, 0) {
			skipped++
			continue
		}
		counts[strconv.AppendFloat(text[:0], math.Abs(v), 'e', -1, 64)[0]-'1']++
	}
	return counts, skipped
}

// BenfordShare is log10(1 + 1/digit), the share of leading digit 1 to 9 under
// Benford's law (Newcomb 1881; Benford 1938).
func BenfordShare(digit int) float64 { return math.Log10(1 + 1/float64(digit)) }

// BenfordOptions are the choices of CompareBenford.
type BenfordOptions struct {
	Draws int    // Monte Carlo samples where enumeration is too long; 0 means 9999
	Seed  uint64 // of the Monte Carlo
}

// Benford is the answer of CompareBenford.
type Benford struct {
	Counts [9]int
	N      int
	ChiSq  float64 // Pearson's statistic, 8 degrees of freedom
	G      float64 // likelihood ratio statistic, 8 degrees of freedom
	// ChiSqLogP and GLogP are ln p, exact or simulated as Method says.
	ChiSqLogP, GLogP float64
	Method           BenfordMethod
	Draws            int // samples or outcomes behind the p-values
	// AsymptoticChiSqLogP and AsymptoticGLogP are from the chi-squared law.
	AsymptoticChiSqLogP, AsymptoticGLogP float64
	MeanAbsoluteDeviation                float64 // of the nine shares from Benford's
	Warnings                             []string
}

// BenfordMethod says where a p-value comes from.
type BenfordMethod string

const (
	Enumerated BenfordMethod = "exact enumeration"
	Simulated  BenfordMethod = "Monte Carlo"
)

// enumerable is the largest number of outcomes that are enumerated: counts of
// nine digits that add up to 24 have 10.5 million.
const enumerable = 11_000_000

// CompareBenford compares counts of first digits with Benford's law by Pearson's
// chi-squared and by G = 2 sum n_d ln(n_d / (N p_d)), a digit never seen adding
// zero. The p-value is the chance of a statistic at least as large under the
// multinomial: exact to N = 24, by enumeration; beyond, (1+r)/(B+1) with r of B
// seeded samples as large (Davison and Hinkley 1997, eq. 4.11), which is exact
// in the sense of its size but never below 1/(B+1).
//
// A rejection says that the digits are not Benford's, which honest data on a
// narrow range of sizes never are.
func CompareBenford(counts [9]int, options BenfordOptions) (Benford, error) {
	b := Benford{Counts: counts}
	for d, c := range counts {
		if c < 0 {
			return Benford{}, fmt.Errorf("count of digit %d is %d: give counts of zero or more", d+1, c)
		}
		b.N += c
	}
	if b.N == 0 {
		return Benford{}, fmt.Errorf("no first digits to test")
	}
	if options.Draws == 0 {
		options.Draws = 9999
	}
	if options.Draws < 1 {
		return Benford{}, fmt.Errorf("draws is %d: give a positive number", options.Draws)
	}
	law := newDigitLaw(b.N)
	b.ChiSq, b.G = law.statistics(counts)
	b.AsymptoticChiSqLogP = tail.ChiSquaredLogSF(b.ChiSq, 8)
	b.AsymptoticGLogP = tail.ChiSquaredLogSF(b.G, 8)
	for d, c := range counts {
		b.MeanAbsoluteDeviation += math.Abs(float64(c)/float64(b.N)-law.share[d]) / 9
	}
	if outcomes(b.N) <= enumerable {
		b.Method = Enumerated
		b.enumerate(law)
	} else {
		b.Method = Simulated
		b.simulate(law, options)
	}
	if b.N < 10 {
		b.Warnings = append(b.Warnings, fmt.Sprintf("%d digits can tell little: use 50 or more", b.N))
	}
	return b, nil
}

// digitLaw holds the terms of the statistics and of the multinomial mass for
// every count of every digit, so that outcomes are sums of nine look-ups.
type digitLaw struct {
	n                    int
	share                [9]float64
	chiTerm, gTerm, mass [9][]float64
	logFactorial         float64
}

func newDigitLaw(n int) digitLaw {
	l := digitLaw{n: n}
	l.logFactorial, _ = math.Lgamma(float64(n + 1))
	for d := range 9 {
		l.share[d] = BenfordShare(d + 1)
		expected := float64(n) * l.share[d]
		for c := range n + 1 {
			x := float64(c)
			l.chiTerm[d] = append(l.chiTerm[d], (x-expected)*(x-expected)/expected)
			g := 0.0
			if c > 0 {
				g = 2 * x * math.Log(x/expected)
			}
			l.gTerm[d] = append(l.gTerm[d], g)
			lf, _ := math.Lgamma(x + 1)
			l.mass[d] = append(l.mass[d], x*math.Log(l.share[d])-lf)
		}
	}
	return l
}

func (l digitLaw) statistics(counts [9]int) (chi, g float64) {
	for d, c := range counts {
		chi += l.chiTerm[d][c]
		g += l.gTerm[d][c]
	}
	return chi, g
}

// atLeast counts a statistic equal to the observed one up to the rounding of
// nine additions.
func atLeast(v, observed float64) bool { return v >= observed-1e-9*(1+observed) }

// outcomes is the number of ways in which n digits fall on nine counts,
// C(n+8, 8), as a float.
func outcomes(n int) float64 {
	ways := 1.0
	for k := 1; k <= 8; k++ {
		ways *= float64(n+k) / float64(k)
	}
	return ways
}

// enumerate walks over all outcomes and adds the masses of those as extreme.
func (b *Benford) enumerate(l digitLaw) {
	var chiTail, gTail float64
	var walk func(digit, left int, chi, g, mass float64)
	walk = func(digit, left int, chi, g, mass float64) {
		if digit == 8 {
			chi += l.chiTerm[8][left]
			g += l.gTerm[8][left]
			byChi, byG := atLeast(chi, b.ChiSq), atLeast(g, b.G)
			if !byChi && !byG {
				return
			}
			p := math.Exp(mass + l.mass[8][left])
			if byChi {
				chiTail += p
			}
			if byG {
				gTail += p
			}
			return
		}
		for c := 0; c <= left; c++ {
			walk(digit+1, left-c, chi+l.chiTerm[digit][c], g+l.gTerm[digit][c], mass+l.mass[digit][c])
		}
	}
	walk(0, l.n, 0, 0, l.logFactorial)
	b.ChiSqLogP = math.Min(0, math.Log(chiTail))
	b.GLogP = math.Min(0, math.Log(gTail))
	b.Draws = int(math.Round(outcomes(l.n)))
}

// simulate draws multinomial counts digit by digit, each binomial given those
// before it.
func (b *Benford) simulate(l digitLaw, o BenfordOptions) {
	source := rand.NewPCG(o.Seed, 0xbe4f04d)
	chiHits, gHits := 0, 0
	for range o.Draws {
		var counts [9]int
		left, rest := l.n, 1.0
		for d := range 8 {
			draw := 0
			if left > 0 {
				draw = int(distuv.Binomial{N: float64(left), P: l.share[d] / rest, Src: source}.Rand())
			}
			counts[d] = draw
			left -= draw
			rest -= l.share[d]
		}
		counts[8] = left
		chi, g := l.statistics(counts)
		if atLeast(chi, b.ChiSq) {
			chiHits++
		}
		if atLeast(g, b.G) {
			gHits++
		}
	}
	b.Draws = o.Draws
	b.ChiSqLogP = math.Log(float64(1+chiHits) / float64(o.Draws+1))
	b.GLogP = math.Log(float64(1+gHits) / float64(o.Draws+1))
}
