package consignments

import (
	"math"

	"counterflow/stats/density"
)

// bunched tests whether masses crowd below the threshold over all months, with
// the slope of their density and their round numbers allowed for. logP is NaN
// where there are too few to fit a density to.
func bunched(parcels []parcel, threshold float64, buffer []float64) (b density.Bunching, logP float64) {
	masses := buffer[:0]
	for i := range parcels {
		masses = append(masses, parcels[i].mass*threshold)
	}
	b, err := density.DetectBunching(masses, threshold, density.BunchingOptions{Below: 0.10})
	if err != nil {
		return b, math.NaN()
	}
	return b, b.LogPExact
}
