package consignments

import (
	"math"
	"math/rand/v2"
	"testing"

	"counterflow/data"
)

// C(4,4) C(6,1) / C(10,5) = 6/252; and with at least 3: (C(4,3) C(6,2) + 6)/252.
func TestHypergeometricByHand(t *testing.T) {
	for _, c := range []struct {
		k, n, total, all int
		want             float64
	}{{4, 5, 4, 10, 6.0 / 252}, {3, 5, 4, 10, 66.0 / 252}, {0, 5, 4, 10, 1}, {1, 8, 4, 10, 1}, {2, 8, 4, 10, 1}} {
		if got := math.Exp(hypergeometricLogSF(c.k, c.n, c.total, c.all)); math.Abs(got-c.want) > 1e-12 {
			t.Errorf("P(X >= %d), %d of %d marked, %d drawn: %g, want %g", c.k, c.total, c.all, c.n, got, c.want)
		}
	}
	// The tail must not be cut where terms first rise: all terms sum to one.
	if got := hypergeometricLogSF(1, 500, 500, 1000); math.Abs(got) > 1e-9 {
		t.Errorf("P(X >= 1) = exp(%g), want 1", got)
	}
}

// pairOf makes a pair with so many parcels a month at a mass, and so many more
// just under the threshold in some months.
func pairOf(months, usual int, from, to, more int) *pair {
	p := &pair{}
	day := data.Day(0)
	for m := range months {
		for i := range usual {
			p.parcels = append(p.parcels, parcel{mass: 0.3 + 0.05*float64(i%8), day: day, month: int32(m)})
			day++
		}
		if m >= from && m <= to {
			for range more {
				p.parcels = append(p.parcels, parcel{mass: 0.93, day: day, month: int32(m)})
			}
		}
	}
	for _, q := range p.parcels {
		for w, width := range widths {
			if under(q.mass, width) {
				p.under[w]++
			}
		}
	}
	return p
}

// Three more parcels just under the threshold in each of six months, and none
// elsewhere: the six months come out, and the excess is the 18 parcels.
func TestSpellIsFound(t *testing.T) {
	p := pairOf(40, 8, 20, 25, 3)
	s := spellOf(p)
	if s.from != 20 || s.to != 25 || s.under != 18 {
		t.Fatalf("months %d to %d with %d parcels", s.from, s.to, s.under)
	}
	// 18 marked of 338, all among the 66 of six months: (66)_18/(338)_18; three
	// spells for each of 40 months, three widths.
	want := 0.0
	for i := range 18 {
		want += math.Log(float64(66-i)) - math.Log(float64(338-i))
	}
	want += math.Log(3*40) + math.Log(3)
	if math.Abs(s.logP-want) > 1e-9 {
		t.Errorf("log p %g, want %g", s.logP, want)
	}
	// Elsewhere half a parcel of 273 is taken for the share s: x = (18 - 66 s)/(1 - s).
	share := 0.5 / 273
	if x := float64(s.under) - s.expected; math.Abs(x-(18-66*share)/(1-share)) > 1e-9 {
		t.Errorf("excess %g", x)
	}
	if quiet := spellOf(pairOf(40, 8, 0, -1, 0)); quiet.logP != 0 || quiet.n != 0 {
		t.Errorf("a pair with nothing under the threshold has a spell: %+v", quiet)
	}
}

// The share of honest pairs with p at most alpha is no more than alpha, with two
// Monte Carlo standard errors, whatever their loads and round lots.
func TestSpellNullSize(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	const pairs = 1500
	hits := map[float64]int{0.05: 0, 0.01: 0}
	for range pairs {
		p := &pair{}
		typical, lots := math.Exp(0.6*r.NormFloat64()), 0.5*r.Float64()
		for m := range 48 {
			for range 2 + r.IntN(12) {
				mass := typical * math.Exp(0.8*r.NormFloat64())
				if r.Float64() < lots {
					mass = []float64{0.1, 0.5, 0.9, 1}[r.IntN(4)]
				}
				p.parcels = append(p.parcels, parcel{mass: mass, month: int32(m)})
			}
		}
		for _, q := range p.parcels {
			for w, width := range widths {
				if under(q.mass, width) {
					p.under[w]++
				}
			}
		}
		s := spellOf(p)
		for alpha := range hits {
			if s.logP <= math.Log(alpha) {
				hits[alpha]++
			}
		}
	}
	for alpha, n := range hits {
		size := float64(n) / pairs
		t.Logf("size at %g: %.4f", alpha, size)
		if size > alpha+2*math.Sqrt(alpha*(1-alpha)/pairs) {
			t.Errorf("size at %g is %.4f", alpha, size)
		}
	}
}

// Months that scatter more than chance make a spell less sure.
func TestDispersion(t *testing.T) {
	steady, wild := make([]month, 40), make([]month, 40)
	for i := range steady {
		steady[i] = month{index: int32(i), n: 20, under: 2}
		wild[i] = month{index: int32(i), n: 20, under: 4 * (i % 2)}
	}
	if d := dispersion(steady, 0, 3); d != 1 {
		t.Errorf("steady months have dispersion %g", d)
	}
	// Mean 2 of 20, each month 2 away: sum of 4/(2 x 0.9) over 36 months, less one.
	if d := dispersion(wild, 0, 3); math.Abs(d-36*4/1.8/35) > 1e-9 {
		t.Errorf("wild months have dispersion %g", d)
	}
	if d := dispersion(steady[:10], 0, 3); d != 1 {
		t.Errorf("too few months have dispersion %g", d)
	}
}
