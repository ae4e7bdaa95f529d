package margin

import (
	"math"

	"counterflow/data"
	"counterflow/stats/robust"
)

// cell is a median over some lanes of a commodity, and what shrinkage makes of
// it.
type cell struct {
	commodity data.Commodity
	band      Band
	n         int
	median    float64
	variance  float64 // of the median, by normal theory from the precisions
	shrunk    float64
	after     float64 // variance of shrunk
}

// cellOf takes the weighted median of residuals, which it reorders; its variance
// is pi/2 times that of a weighted mean of the same precisions.
func cellOf(c data.Commodity, b Band, residuals, precision []float64) cell {
	sum := 0.0
	for _, w := range precision {
		sum += w
	}
	return cell{commodity: c, band: b, n: len(residuals),
		median: robust.WeightedMedianInPlace(residuals, precision), variance: math.Pi / 2 / sum}
}

const (
	shrinkRounds    = 100
	shrinkTolerance = 1e-6 // of the variance between cells, relative
)

// shrink sets each cell to its posterior mean about zero: median times
// A/(A+variance), with the variance A between cells estimated so that the
// squared medians over A+variance average to one (Paule and Mandel 1982, J. Res.
// Natl. Bur. Stand. 87, 377). Squares are capped at 9 so that a few wild cells
// cannot unshrink all the others. One cell alone is shrunk wholly.
func shrink(cells []cell) {
	between := 0.0
	if len(cells) > 1 && excess(cells, 0) > 0 {
		low, high := 0.0, largestSquare(cells)
		for range shrinkRounds {
			middle := (low + high) / 2
			if excess(cells, middle) > 0 {
				low = middle
			} else {
				high = middle
			}
			if high-low < shrinkTolerance*high {
				break
			}
		}
		between = (low + high) / 2
	}
	for i := range cells {
		c := &cells[i]
		share := between / (between + c.variance)
		c.shrunk = share * c.median
		c.after = share * c.variance
	}
}

// largestSquare bounds the variance between cells.
func largestSquare(cells []cell) float64 {
	most := 0.0
	for i := range cells {
		most = max(most, cells[i].median*cells[i].median)
	}
	return most / 0.9
}

// excess is the mean of the capped squares minus what it is for normal cells of
// variance one.
func excess(cells []cell, between float64) float64 {
	const cap, expected = 9, 0.9925 // E min(Z^2, 9) for a standard normal Z
	sum := 0.0
	for i := range cells {
		c := &cells[i]
		sum += min(c.median*c.median/(between+c.variance), cap)
	}
	return sum/float64(len(cells)) - expected
}

// term reports the shrunk estimate as a margin; variance is that of what it was
// shrunk to.
func (c *cell) term(model, name string, log, variance float64) Term {
	return Term{Model: model, Name: name, Estimate: math.Expm1(log), SE: math.Sqrt(c.after+variance) * math.Exp(log), N: c.n}
}

// middle is a typical distance of the band.
func (b Band) middle() float64 {
	return [...]float64{900, 2500, 6500, 12000, math.NaN()}[b]
}
