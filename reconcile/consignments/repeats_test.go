package consignments

import (
	"math"
	"testing"

	"counterflow/data"
)

// Of 0.4, 0.5, 0.55, 0.8 the sums of pairs are .9 .95 1.05 1.2 1.3 1.35: one of
// six lies in [1, 1.15).
func TestShareOfSumsByHand(t *testing.T) {
	below := []parcel{{mass: 0.8}, {mass: 0.4}, {mass: 0.55}, {mass: 0.5}}
	if got := shareOfSums(below); math.Abs(got-1.0/6) > 1e-12 {
		t.Errorf("share %g, want 1/6", got)
	}
}

// Twelve parcels on six days, two each, all with a sum just above the threshold.
func TestRepeats(t *testing.T) {
	p := &pair{}
	for d := range 6 {
		p.parcels = append(p.parcels, parcel{mass: 0.45, day: data.Day(3 * d), month: 0}, parcel{mass: 0.6, day: data.Day(3 * d), month: 0})
	}
	r := repeatsOf(p)
	// Rate 12/20 a day: 20 (1 - e^-.6 1.6) days with two or more.
	want := 20 * (1 - math.Exp(-0.6)*1.6)
	if r.days != 6 || r.sums != 6 || math.Abs(r.expectedDays-want) > 1e-12 {
		t.Errorf("%+v, want 6 days, 6 sums, %g days expected", r, want)
	}
	// 36 of 66 pairs of parcels have a sum of 1.05: (36/66)^6.
	if math.Abs(r.logPSums-6*math.Log(36.0/66)) > 1e-9 {
		t.Errorf("log p of sums %g", r.logPSums)
	}
	p.parcels = p.parcels[:9]
	if r := repeatsOf(p); r.days != 0 || r.logPSums != 0 {
		t.Errorf("nine parcels are too few to look at: %+v", r)
	}
}
