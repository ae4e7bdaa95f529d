package simulate

import (
	"math"
	"slices"
	"testing"
)

// likeness is how far the two sides of larger lanes differ in a year.
type likeness struct {
	lanes, beyond [2]float64 // minerals, calm goods: all, and those that differ by more than 2x
	median        float64    // of ln(M/X) in value
}

// measure compares lanes with more than a million dollars a year on both sides.
func measure(rows []declared) likeness {
	type laneYear struct{ code, exporter, importer, year string }
	sums := [2]map[laneYear]float64{{}, {}}
	for i := range rows {
		d := &rows[i]
		if len(d.code) != 6 || d.code == "999999" || d.partner == "W00" || d.partner == "_X" || d.flow == "RX" {
			continue
		}
		// Where parts stand beside their total, the total is taken.
		if !d.total() {
			continue
		}
		if d.flow == "X" {
			sums[0][laneYear{d.code, d.reporter, d.partner, d.period[:4]}] += d.usd
		} else {
			sums[1][laneYear{d.code, d.partner, d.reporter, d.period[:4]}] += d.usd
		}
	}
	calm := map[string]bool{}
	for _, g := range goodsTable[len(goodsTable)-calmGoods:] {
		calm[g.code] = true
	}
	var l likeness
	var logs []float64
	for key, x := range sums[0] {
		m := sums[1][key]
		if x < 1e6 || m < 1e6 {
			continue
		}
		group := 0
		if calm[key.code] {
			group = 1
		}
		log := math.Log(m / x)
		logs = append(logs, log)
		l.lanes[group]++
		if math.Abs(log) > math.Ln2 {
			l.beyond[group]++
		}
	}
	slices.Sort(logs)
	l.median = logs[len(logs)/2]
	return l
}

// Real data (UN Comtrade, critical minerals 2022: 27% of 2,077 flows above one
// million dollars on both sides differ by more than 2x; wood 2016: 10% of 2,355;
// IMF DOTS 2015-2018 without imputed mirrors: median ln(M/X) about 0.05).
func TestNoiseIsLikeThatOfRealData(t *testing.T) {
	seeds, low, high := []uint64{1}, 0.20, 0.30
	for _, seed := range seeds {
		s := preset(t, "standard")
		if testing.Short() {
			s = s.Scale(400_000)
		}
		s.Seed = seed
		l := measure(flowsOf(t, s))
		minerals, calm := l.beyond[0]/l.lanes[0], l.beyond[1]/l.lanes[1]
		t.Logf("seed %d: %.0f mineral lanes, %.3f beyond 2x; %.0f calm, %.3f; median ln(M/X) %.4f", seed, l.lanes[0], minerals, l.lanes[1], calm, l.median)
		if minerals < low || minerals > high {
			t.Errorf("seed %d: %.3f of mineral lanes differ by more than 2x, want %.2f to %.2f", seed, minerals, low, high)
		}
		if calm < 0.07 || calm > 0.13 {
			t.Errorf("seed %d: %.3f of calm lanes differ by more than 2x, want about 0.10", seed, calm)
		}
		if l.median < 0.04 || l.median > 0.06 {
			t.Errorf("seed %d: median ln(M/X) is %.4f, want 0.04 to 0.06", seed, l.median)
		}
	}
}
