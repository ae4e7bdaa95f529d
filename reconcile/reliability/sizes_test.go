package reliability

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"counterflow/data"
)

// Economies are large or small in all they trade, and in each commodity for
// itself. The fit tells one from the other, and what it expects of a lane by its
// sides' other lanes is as far off as it says.
func TestGeneralSizes(t *testing.T) {
	r := rand.New(rand.NewPCG(21, 1))
	const economies, goods = 40, 50
	large := make([]float64, 2*economies)
	for i := range large {
		large[i] = r.NormFloat64() // a variance of 1
	}
	var lanes []sizeLane
	var starts []int
	var commodities []data.Commodity
	for c := range goods {
		starts, commodities = append(starts, len(lanes)), append(commodities, data.MustCommodity(fmt.Sprintf("28%02d00", c), data.EditionUnknown))
		own := make([]float64, 2*economies)
		for i := range own {
			own[i] = large[i] + 0.5*r.NormFloat64() // 0.25
		}
		for x := range economies {
			for m := range economies {
				if x != m && r.Float64() < 0.06 { // two or three lanes for each
					size := 10 + own[x] + own[economies+m] + 0.7*r.NormFloat64() // 0.49
					lanes = append(lanes, sizeLane{exporter: economy(x), importer: economy(m), size: float32(size)})
				}
			}
		}
	}
	s := fitSizes(lanes, append(starts, len(lanes)), commodities)
	// 40 economies give a variance with an error of 22%, 2,000 effects of three
	// lanes each and 4,800 lanes one of 5%; a few rounds have not settled it, and the
	// leverage that lanes are taken to have is a little too large.
	for name, c := range map[string]struct{ got, want, off float64 }{
		"general sizes of exporters":    {s.general[0].variance, 1, 0.6},
		"general sizes of importers":    {s.general[1].variance, 1, 0.6},
		"exporters within a commodity":  {s.exporters, 0.25, 0.4},
		"importers within a commodity":  {s.importers, 0.25, 0.4},
		"lanes about what is expected":  {s.variance, 0.49, 0.3},
		"squares of what hints are off": {hintSquares(s, lanes, starts, commodities), 1, 0.15},
	} {
		if math.Abs(c.got/c.want-1) > c.off {
			t.Errorf("%s: %.3f, want %.3f", name, c.got, c.want)
		}
	}
}

// hintSquares is the mean square of sizes about their hints over the variances
// that these claim.
func hintSquares(s *sizes, lanes []sizeLane, starts []int, commodities []data.Commodity) float64 {
	sum := 0.0
	for k := range commodities {
		end := len(lanes)
		if k+1 < len(starts) {
			end = starts[k+1]
		}
		b := s.blocks[commodities[k]]
		for _, l := range lanes[starts[k]:end] {
			own := float64(l.size)
			h := s.hint(b, find(b.exporters, l.exporter), find(b.importers, l.importer), 0, own)
			sum += (own - h.size) * (own - h.size) / h.variance
		}
	}
	return sum / float64(len(lanes))
}
