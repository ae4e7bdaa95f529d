package stocks

import (
	"math"
	"testing"

	"counterflow/stats/spell"
)

// In months 4 to 7 imports rise from 100 to 200 while buyers say that 160 came from
// here, and it sold 100: 60 of the 100 are gone. Where it says 160 as well, none are.
func TestUnrecordedExports(t *testing.T) {
	series := func(usual, in float64) []float64 {
		return []float64{usual, usual, usual, usual, in, in, in, in, usual, usual, usual, usual}
	}
	both := func(importer, exporter []float64) lane {
		spoke := make([]bool, len(importer))
		for t, v := range importer {
			spoke[t] = !math.IsNaN(v)
		}
		return lane{told: [witnesses][]float64{importer, exporter}, own: [witnesses][]bool{spoke, spoke},
			usual: [witnesses]float64{importer[0], exporter[0]}}
	}
	f := &finding{Spell: spell.Spell{Start: 4, End: 7}, account: &account{ledger: &ledger{
		in: []lane{both(series(100, 200), series(100, 200))}, out: []lane{both(series(100, 160), series(100, 100))}}}}
	if got := f.unrecordedExports(); got != 0.6 {
		t.Errorf("%g gone, want .6", got)
	}
	f.out[0] = both(series(100, 160), series(100, 160))
	if got := f.unrecordedExports(); got != 0 {
		t.Errorf("%g gone of what is booked", got)
	}
	f.out[0] = both(series(200, 320), series(100, 160)) // buyers always say twice as much
	if got := f.unrecordedExports(); got != 0 {
		t.Errorf("%g gone where buyers always say twice as much", got)
	}
	f.out[0] = both(series(100, 160), series(100, 100))
	f.out[0].own[byImporter] = make([]bool, 12) // filled from what it books
	if got := f.unrecordedExports(); got != 0 {
		t.Errorf("%g gone where buyers are silent and filled in", got)
	}
	f.out[0] = both(series(100, nan), series(100, 100))
	if got := f.unrecordedExports(); got != 0 {
		t.Errorf("%g gone where buyers are silent", got)
	}
}
