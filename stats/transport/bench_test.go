package transport_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"counterflow/stats/transport"
)

// Problems of the shape that gaps have: cells in a row of months, each served by its
// neighbours and by a few cells elsewhere, at ten different costs.
func BenchmarkSolve(b *testing.B) {
	for _, cells := range []int{100, 1000, 10000} {
		r := rand.New(rand.NewPCG(1, uint64(cells)))
		p := transport.Problem{Supply: make([]int64, cells), Demand: make([]int64, cells)}
		for i := range cells {
			p.Supply[i], p.Demand[i] = r.Int64N(1e11), r.Int64N(1e11)
			for d := int64(1); d <= 3; d++ {
				for _, j := range [...]int{i - int(d), i + int(d)} {
					if j >= 0 && j < cells {
						p.Arcs = append(p.Arcs, transport.Arc{From: i, To: j, Cost: d, Capacity: r.Int64N(5e10)})
					}
				}
			}
			for range 4 {
				p.Arcs = append(p.Arcs, transport.Arc{From: i, To: r.IntN(cells), Cost: 4 + r.Int64N(6), Capacity: transport.Unlimited})
			}
		}
		b.Run(fmt.Sprintf("cells=%d", cells), func(b *testing.B) {
			var plan *transport.Plan
			for b.Loop() {
				var err error
				if plan, err = transport.Solve(p, transport.Settings{}); err != nil || !plan.Optimal {
					b.Fatal(plan, err)
				}
			}
			b.ReportMetric(float64(plan.Parts[0].Augmentations), "paths")
			b.ReportMetric(float64(plan.Parts[0].Rounds), "rounds")
		})
	}
}
