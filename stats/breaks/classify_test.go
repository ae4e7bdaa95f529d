package breaks

import (
	"math"
	"math/rand/v2"
	"testing"
)

// Planted effects of each kind must be told apart. Sizes are in marginal
// standard deviations; a slow ramp is the hardest to tell from a shift.
func TestClassifyPlanted(t *testing.T) {
	d, err := NewDesign(Monthly(120))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		kind   Kind
		size   float64
		length int
		least  float64 // share classified right
	}{
		{NoEffect, 0, 0, .8}, {Outlier, 8, 0, .9}, {Temporary, 8, 0, .8}, {LevelShift, 5, 0, .85}, {Ramp, 8, 12, .75},
	} {
		const draws = 40
		right, near, covered := 0, 0, 0
		s := d.NewScanner()
		y, x := make([]float64, 120), make([]float64, 120)
		for i := range draws {
			r := rand.New(rand.NewPCG(21, uint64(i)))
			world{noise: studentNoise, outlying: .3}.draw(r, y, .1*float64(i%5), d.first, d.last)
			at := 30 + r.IntN(50)
			shape(x, c.kind, at, c.length, d.times)
			for j := range y {
				y[j] += c.size * x[j]
			}
			got := s.Classify(y, at, 2)
			if got.Best.Kind == c.kind {
				right++
				near += int(indicator(got.Best.Position-at >= -2 && got.Best.Position-at <= 2))
				covered += int(indicator(math.Abs(got.Best.Size-c.size) < 3*got.Best.SE))
			}
		}
		t.Logf("%s of %g: %d of %d right, %d of those within 3 standard errors", c.kind, c.size, right, draws, covered)
		if float64(right) < c.least*draws {
			t.Errorf("%s: %d of %d right", c.kind, right, draws)
		}
		if c.kind != NoEffect && (near < right || float64(covered) < .85*float64(right)) {
			t.Errorf("%s: %d placed, %d covered of %d", c.kind, near, covered, right)
		}
	}
}

func TestClassifyEdges(t *testing.T) {
	d, err := NewDesign(Monthly(60))
	if err != nil {
		t.Fatal(err)
	}
	s := d.NewScanner()
	y := make([]float64, 60)
	if got := s.Classify(y, 30, 3); got.Best.Kind != NoEffect || !got.Warnings.Has(Constant) {
		t.Errorf("constant series: %+v", got)
	}
	world{noise: normalNoise}.draw(rand.New(rand.NewPCG(1, 1)), y, .3, d.first, d.last)
	y[30] += 12
	y[10], y[40] = math.NaN(), math.NaN()
	got := s.Classify(y, 30, 2)
	if got.Best.Kind != Outlier || got.Best.Position != 30 || got.Rows != 58 || !got.Warnings.Has(HasMissing) {
		t.Errorf("outlier beside gaps: %+v", got)
	}
	if len(got.Kinds) != 5 || got.Weight <= .5 || got.Weight > 1 {
		t.Errorf("%d kinds, weight %g", len(got.Kinds), got.Weight)
	}
}
