package robust

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// drawValues has few distinct values, so that ties are common.
func drawValues(t *rapid.T, least int) []float64 {
	return rapid.SliceOfN(rapid.Map(rapid.IntRange(-20, 20), func(i int) float64 { return float64(i) / 4 }), least, 80).Draw(t, "x")
}

func TestNearIsTheSameWhateverTheGuess(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := drawValues(t, 0)
		guess, reach := rapid.Float64Range(-8, 8).Draw(t, "guess"), rapid.Float64Range(0, 4).Draw(t, "reach")
		before, buf := slices.Clone(x), make([]float64, 2*len(x))
		if got, want := MedianNear(x, guess, reach, buf), Median(x); !same(got, want) {
			t.Fatalf("median %v, want %v", got, want)
		}
		center := rapid.Float64Range(-2, 2).Draw(t, "center")
		if got, want := MADNear(x, center, guess, reach, buf), MADAboutInPlace(slices.Clone(x), center); !same(got, want) {
			t.Fatalf("spread %v, want %v", got, want)
		}
		if !slices.Equal(x, before) {
			t.Fatalf("the caller's slice changed from %v to %v", before, x)
		}
	})
}

func TestNearWithoutNumbers(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	for _, c := range []struct {
		x            []float64
		guess, reach float64
		want         float64
	}{
		{[]float64{1, nan, 1}, 1, 1, nan},
		{[]float64{1, 2, 3}, nan, 1, 2},
		{[]float64{1, 2, 3}, 2, nan, 2},
		{[]float64{-inf, 2, inf}, 2, inf, 2},
		{[]float64{1, inf, inf, inf}, 0, inf, inf},
	} {
		if got := MedianNear(c.x, c.guess, c.reach, make([]float64, len(c.x))); !same(got, c.want) {
			t.Errorf("%v near %v by %v: %v, want %v", c.x, c.guess, c.reach, got, c.want)
		}
	}
}

func TestWindowKeepsTheMedian(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x, width := drawValues(t, 1), rapid.IntRange(1, 9).Draw(t, "width")
		var w Window
		for i, v := range x {
			switch {
			case i < width:
				w.Add(v)
			case i%3 == 0: // in two steps
				w.Remove(x[i-width])
				w.Add(v)
			default:
				w.Replace(x[i-width], v)
			}
			if got, want := w.Median(), Median(x[max(i-width+1, 0):i+1]); got != want {
				t.Fatalf("after value %d: %v, want %v", i, got, want)
			}
		}
		w.Reset()
		if got := w.Median(); !math.IsNaN(got) {
			t.Fatalf("median %v of nothing", got)
		}
	})
}
