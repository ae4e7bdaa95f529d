package density

import (
	"math"
	"sort"
)

// A zone is where a cell lies with respect to the threshold.
type zone int

const (
	outside zone = iota // the density is fitted here
	below               // the window just below the threshold
	above               // the window just above it
)

// A cell counts the values of one class of roundness in one stretch.
type cell struct {
	class    int
	zone     zone
	at       float64 // mean of ln(value/threshold) over the cell
	exposure float64 // round values in the stretch, or its length over the magnitude
	count    float64
}

// grid is the layout of a bunching test: stretches of equal log width outside
// the windows, each window cut in steps of the same width.
type grid struct {
	threshold float64
	edges     []float64 // ascending, the last one is the upper end
	zones     []zone    // of the stretch from edges[k] to edges[k+1]
}

// stretches is the number of steps from the lower to the upper end of a grid:
// narrow enough for the density to be a straight line in each.
const stretches = 60

func newGrid(threshold float64, o BunchingOptions) grid {
	g := grid{threshold: threshold}
	step := 2 * math.Log(o.Reach) / stretches
	g.span(threshold/o.Reach, threshold*(1-o.Below), step, outside)
	g.span(threshold*(1-o.Below), threshold, step, below)
	g.span(threshold, threshold*(1+o.Above), step, above)
	g.span(threshold*(1+o.Above), threshold*o.Reach, step, outside)
	g.edges = append(g.edges, threshold*o.Reach)
	return g
}

func (g *grid) span(from, to, step float64, z zone) {
	n := max(1, int(math.Round(math.Log(to/from)/step)))
	for k := range n {
		g.edges = append(g.edges, from*math.Pow(to/from, float64(k)/float64(n)))
		g.zones = append(g.zones, z)
	}
}

// find is the stretch of v, or -1 outside the grid.
func (g grid) find(v float64) int {
	if v < g.edges[0] || v >= g.edges[len(g.edges)-1] {
		return -1
	}
	return sort.Search(len(g.edges), func(k int) bool { return g.edges[k] > v }) - 1
}

// cells counts the values, which must be finite, not equal to the threshold and
// within the grid. Classes with fewer than five values outside the windows are
// joined to the next less round one, since their level could not be estimated.
func (g grid) cells(values []float64, r roundness) []cell {
	counts := make([][]float64, notRound+1)
	total := make([]float64, notRound+1)
	for c := range counts {
		counts[c] = make([]float64, len(g.zones))
	}
	for _, v := range values {
		c, k := r.class(v), g.find(v)
		counts[c][k]++
		if g.zones[k] == outside {
			total[c]++
		}
	}
	var all []cell
	joined := make([]bool, notRound) // classes that count as not round
	for c := range notRound {
		if total[c] < 5 {
			joined[c] = true
			for k, n := range counts[c] {
				counts[notRound][k] += n
			}
			continue
		}
		all = append(all, g.roundCells(c, r, counts[c])...)
	}
	return append(all, g.plainCells(counts[notRound], r.magnitude)...)
}

// roundCells leaves out the threshold itself, whose values are not counted.
func (g grid) roundCells(class int, r roundness, counts []float64) []cell {
	var made []cell
	for k, z := range g.zones {
		sum, n := 0.0, 0.0
		for _, v := range r.points(class, g.edges[k], g.edges[k+1]) {
			if v != g.threshold {
				sum += math.Log(v / g.threshold)
				n++
			}
		}
		if n > 0 {
			made = append(made, cell{class: class, zone: z, at: sum / n, exposure: n, count: counts[k]})
		}
	}
	return made
}

func (g grid) plainCells(counts []float64, magnitude float64) []cell {
	var made []cell
	for k, z := range g.zones {
		from, to := g.edges[k], g.edges[k+1]
		made = append(made, cell{
			class: notRound, zone: z, at: math.Log((from + to) / 2 / g.threshold),
			exposure: (to - from) / magnitude, count: counts[k],
		})
	}
	return made
}
