package burst

import (
	"math"

	"counterflow/stats/robust"
)

// stretch is a window of one series and its z; none where z is 0.
type stretch struct {
	z        float64
	from, to int
}

// highest is the better of the best windows up and down.
func highest(up, down profile) stretch {
	var best stretch
	for _, side := range [...]*profile{&up, &down} {
		for c, z := range side.z {
			if z > best.z {
				best = stretch{z, side.start[c], side.end[c]}
			}
		}
	}
	return best
}

// levelFrom is the z from which a stretch is levelled before the scale is taken.
const levelFrom = 3

// level divides a series by the geometric mean of its MAD and of its MAD with its best
// stretch brought to the level of the rest, and says whether it did. A burst over a
// third of a series widens its MAD by half, and would hide behind that; the levelled
// MAD alone is too small where the stretch is chance.
func (p *prepared) level(x []float64, best stretch, s Settings) bool {
	if best.z < levelFrom {
		return false
	}
	inside, outside := split(x, best.from, best.to)
	centre, apart := robust.Median(outside), robust.Median(inside)
	levelled := make([]float64, 0, p.n)
	for _, v := range inside {
		levelled = append(levelled, v-apart)
	}
	for _, v := range outside {
		levelled = append(levelled, v-centre)
	}
	p.scaleBy(x, centre, max(math.Sqrt(p.scale*robust.MAD(levelled)), s.Scale), s.Clip)
	return true
}

// split parts the known values of a series into those of a window and the others.
func split(x []float64, from, to int) (inside, outside []float64) {
	for t, v := range x {
		switch {
		case math.IsNaN(v):
		case t >= from && t <= to:
			inside = append(inside, v)
		default:
			outside = append(outside, v)
		}
	}
	return inside, outside
}

// scaleBy centres, scales and clips a series.
func (p *prepared) scaleBy(x []float64, centre, scale, clip float64) {
	p.centre, p.scale, p.squares = centre, scale, 0
	for t, v := range x {
		if !math.IsNaN(v) {
			p.psi[t] = min(max((v-centre)/scale, -clip), clip)
			p.squares += p.psi[t] * p.psi[t]
		}
		p.sum[t+1] = p.sum[t] + p.psi[t]
	}
}
