package stocks

import (
	"math"
	"testing"

	"counterflow/stats/spell"
)

func scattered(scale float64) *finding {
	return &finding{account: &account{}, Spell: spell.Spell{Scale: scale, Known: 60, Seen: 6}}
}

// Half a log over .1 sqrt(1/4 + 1/60) is a z of 9.68.
func TestExpected(t *testing.T) {
	if got, want := scattered(0.1).expected(), 0.5/(0.1*math.Sqrt(1.0/4+1.0/60)); math.Abs(got-want) > 1e-12 {
		t.Errorf("expected z %g, want %g", got, want)
	}
}

// Weights have a mean of one over those tested; the noisiest weigh least, the most
// precise as much as any, and those not tested play no part.
func TestWeights(t *testing.T) {
	all := []*finding{scattered(0.1), scattered(0.12), scattered(0.25), scattered(0.5), scattered(9)}
	w := weights(all, []float64{-3, -3, -3, -3, math.NaN()})
	if mean := (w[0] + w[1] + w[2] + w[3]) / 4; math.Abs(mean-1) > 1e-9 {
		t.Errorf("mean weight %g of %v", mean, w)
	}
	if !(w[0] == w[1] && w[1] > w[2] && w[2] > w[3] && w[3] > 0) {
		t.Errorf("weights %v", w)
	}
	if same := weights(all[:1], []float64{-3}); math.Abs(same[0]-1) > 1e-9 {
		t.Errorf("one alone weighs %g", same[0])
	}
}
