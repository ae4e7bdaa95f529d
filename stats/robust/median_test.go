package robust

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestMedianByHand(t *testing.T) {
	inf, nan := math.Inf(1), math.NaN()
	for _, c := range []struct {
		x           []float64
		median, mad float64
	}{
		{nil, nan, nan},
		{[]float64{7}, 7, 0},
		{[]float64{3, 1}, 2, MADConsistency},
		{[]float64{5, 1, 3}, 3, 2 * MADConsistency},
		{[]float64{4, 4, 4, 9}, 4, 0},
		{[]float64{1, 2, 3, 4, 100}, 3, MADConsistency},
		{[]float64{1, nan, 3}, nan, nan},
		{[]float64{1, 2, inf}, 2, MADConsistency},
		{[]float64{inf, inf}, inf, nan},
		{[]float64{math.MaxFloat64, math.MaxFloat64}, math.MaxFloat64, 0},
	} {
		before := slices.Clone(c.x)
		if got := Median(c.x); !same(got, c.median) {
			t.Errorf("Median(%v) = %v, want %v", c.x, got, c.median)
		}
		if got := MAD(c.x); !same(got, c.mad) {
			t.Errorf("MAD(%v) = %v, want %v", c.x, got, c.mad)
		}
		if !slices.EqualFunc(before, c.x, same) {
			t.Errorf("the caller's slice changed from %v to %v", before, c.x)
		}
	}
}

func TestSelectAgreesWithSorting(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		// Few distinct values make ties common.
		x := rapid.SliceOfN(rapid.Map(rapid.IntRange(-20, 20), func(i int) float64 { return float64(i) }), 1, 300).Draw(t, "x")
		k := rapid.IntRange(0, len(x)-1).Draw(t, "k")
		sorted := slices.Sorted(slices.Values(x))
		got := SelectInPlace(x, k)
		if got != sorted[k] || x[k] != got {
			t.Fatalf("the %d-th smallest is %v, got %v", k, sorted[k], got)
		}
		if k > 0 && slices.Max(x[:k]) > got || slices.Min(x[k:]) < got {
			t.Fatalf("x is not split about position %d: %v", k, x)
		}
	})
}

func TestSelectOnOrganPipe(t *testing.T) {
	// A shape that drives median-of-three pivots into lopsided partitions.
	x := make([]float64, 20000)
	for i := range x {
		x[i] = float64(min(i, len(x)-1-i))
	}
	if got := SelectInPlace(x, 10000); got != 5000 {
		t.Errorf("got %v, want 5000", got)
	}
}

func BenchmarkMAD(b *testing.B) {
	x := make([]float64, 120)
	for i := range x {
		x[i] = math.Mod(float64(i)*0.618034, 1)
	}
	buf := make([]float64, len(x))
	b.ReportAllocs()
	for b.Loop() {
		copy(buf, x)
		MADInPlace(buf)
	}
}

func same(a, b float64) bool {
	return a == b || math.IsNaN(a) && math.IsNaN(b)
}
