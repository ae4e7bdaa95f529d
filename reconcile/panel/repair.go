package panel

import (
	"math"
	"slices"
)

// Slip is a stretch of months in which one side's weight on a lane is off by a
// unit of measure, set right in the panel.
type Slip struct {
	Lane   int
	Export bool // the exporter's weight; else the importer's
	Start  int  // months of the panel
	End    int
	Factor float64 // declared over meant
}

// slipFactors are what a wrong unit leaves behind in a weight: tonnes or grams
// for kilograms, a decimal point, pounds. Short tons taken for tonnes (0.9072) are
// within honest scatter.
var slipFactors = [...]float64{1000, 1e-3, 1e6, 1e-6, 100, 0.01, 10, 0.1, 2.2046226, 1 / 2.2046226}

// Repair finds months in which a side's unit value is off from that side's own
// usual one by a slip factor while the value is in no way unusual, divides the
// weight by the factor, and lists what it did, in the order of lanes. Factors
// below 5 are told from honest scatter only where the side's unit values are
// steady.
func Repair(p *Panel) []Slip {
	var slips []Slip
	for i := range p.Lanes {
		l := &p.Lanes[i]
		slips = append(slips, repairSide(i, true, l.XKg, l.XUSD, l.MKg, l.MUSD)...)
		slips = append(slips, repairSide(i, false, l.MKg, l.MUSD, l.XKg, l.XUSD)...)
	}
	return slips
}

// repairSide works on ln(USD per kg) about its running median, so that a price
// that wanders is no slip.
func repairSide(lane int, export bool, kg, usd, otherKg, otherUSD []float64) []Slip {
	log := logUnitValues(kg, usd)
	if log == nil {
		return nil
	}
	other := logUnitValues(otherKg, otherUSD)
	spread := spreadAbout(log)
	var slips []Slip
	for t, v := range log {
		if math.IsNaN(v) {
			continue
		}
		usual := near(log, t)
		if math.IsNaN(usual) {
			continue
		}
		off := -(v - usual) // a weight too large makes the unit value small
		factor, ok := nearestFactor(off, spread)
		if !ok || other != nil && !math.IsNaN(other[t]) && sameMove(other, t, off) || valueMoved(usd, otherUSD, t, off) {
			continue
		}
		kg[t] /= factor
		log[t] = v + math.Log(factor)
		if n := len(slips); n > 0 && slips[n-1].Factor == factor && t-slips[n-1].End <= 2 {
			slips[n-1].End = t
			continue
		}
		slips = append(slips, Slip{Lane: lane, Export: export, Start: t, End: t, Factor: factor})
	}
	return slips
}

func logUnitValues(kg, usd []float64) []float64 {
	log := make([]float64, len(kg))
	n := 0
	for t := range kg {
		log[t] = math.NaN()
		if kg[t] > 0 && usd[t] > 0 {
			log[t] = math.Log(usd[t] / kg[t])
			n++
		}
	}
	if n < 6 {
		return nil
	}
	return log
}

// nearMonths is how far on each side the usual unit value is looked for.
const nearMonths = 9

// near is the median of the other months about t.
func near(log []float64, t int) float64 {
	var around []float64
	for s := max(0, t-nearMonths); s < min(len(log), t+nearMonths+1); s++ {
		if s != t && !math.IsNaN(log[s]) {
			around = append(around, log[s])
		}
	}
	if len(around) < 4 {
		return math.NaN()
	}
	slices.Sort(around)
	return (around[(len(around)-1)/2] + around[len(around)/2]) / 2
}

// spreadAbout is 1.4826 times the median distance from the running median.
func spreadAbout(log []float64) float64 {
	var apart []float64
	for t, v := range log {
		if u := near(log, t); !math.IsNaN(v) && !math.IsNaN(u) {
			apart = append(apart, math.Abs(v-u))
		}
	}
	if len(apart) == 0 {
		return math.Inf(1)
	}
	slices.Sort(apart)
	return 1.4826 * apart[len(apart)/2]
}

// nearestFactor is the slip factor whose log is nearest to off, if it is nearer
// than two and a half spreads and no smaller deviation would do.
func nearestFactor(off, spread float64) (float64, bool) {
	best, distance := 0.0, math.Inf(1)
	for _, f := range slipFactors {
		if d := math.Abs(off - math.Log(f)); d < distance {
			best, distance = f, d
		}
	}
	size := math.Abs(math.Log(best))
	return best, distance <= max(0.15, 2.5*spread) && distance < size/3 && size > 5*spread && (size > math.Log(5) || spread < 0.1)
}

// valueMoved says whether it is the value rather than the weight that is off: the
// ratio of the two sides' values departs from its usual one by at least half as
// much as the unit value does, in the same direction.
func valueMoved(usd, otherUSD []float64, t int, off float64) bool {
	if !(usd[t] > 0 && otherUSD[t] > 0) {
		return false
	}
	ratio := make([]float64, len(usd))
	for s := range ratio {
		ratio[s] = math.NaN()
		if usd[s] > 0 && otherUSD[s] > 0 {
			ratio[s] = math.Log(usd[s] / otherUSD[s])
		}
	}
	usual := near(ratio, t)
	if math.IsNaN(usual) {
		return false
	}
	moved := -(ratio[t] - usual)
	return moved*off > 0 && math.Abs(moved) > math.Abs(off)/2
}

// sameMove says whether the other side's unit value moved alike: then the price
// moved, not the unit.
func sameMove(other []float64, t int, off float64) bool {
	usual := near(other, t)
	if math.IsNaN(usual) {
		return false
	}
	return math.Abs(-(other[t]-usual)-off) < math.Abs(off)/2
}
