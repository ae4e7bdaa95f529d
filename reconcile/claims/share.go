package claims

import (
	"math"

	"counterflow/data"
)

// Gap is one lane over the window of a case, month by month, as far as it can be
// followed from the declarations to what is left over. All series are kilograms
// over the same months; NaN is unknown.
type Gap struct {
	DeclaredX, DeclaredM []float64 // as the files have them
	X, M                 []float64 // slips of units repaired, months that cannot be compared taken out
	Arrived              []float64 // X by month of arrival
	Base                 float64   // ln of the lane's lasting ratio of M to Arrived
	Sign                 int       // 1 where the importer records more, -1 where the exporter does
	Low, High            float64   // 90% interval of the unexplained rest, kg
	Hub                  bool      // an entrepot at either end
	Estimated            bool      // X or M holds weights that were taken from values
}

// Share divides the declared gap among the explanations that were tried. The
// parts and the unexplained rest add up to the gap to the gram: what rounding
// leaves over goes to the rest. Positive parts lie in the direction of the case.
func Share(g Gap) []Claim {
	var apart, slip, timing, lasting, rest, gap float64
	for t := range g.DeclaredX {
		x0, m0 := g.DeclaredX[t], g.DeclaredM[t]
		if math.IsNaN(x0) || math.IsNaN(m0) {
			continue
		}
		declared := g.sided(x0, m0)
		gap += declared
		x, m, a := g.X[t], g.M[t], g.Arrived[t]
		if math.IsNaN(x) || math.IsNaN(m) || math.IsNaN(a) {
			apart += declared
			continue
		}
		slip += declared - g.sided(x, m)
		timing += g.sided(x, m) - g.sided(a, m)
		lasting += g.sided(a, m) - g.beyond(a, m)
		rest += g.beyond(a, m)
	}
	claims := []Claim{
		part("margin", 0, Fails, "freight and insurance do not touch a weight"),
		mended(slip, gap, g.Estimated),
		part("timing", timing, verdict(timing, gap), "the exporter's series was moved to the months of arrival"),
		part("trade_system", lasting, verdict(lasting, gap), "the lane's lasting ratio outside the window is no news"),
		part("unallocated", apart, verdict(apart, gap), "months in which partner, code or edition cannot be known are not compared"),
		entrepot(g.Hub),
	}
	total := data.Kg(0)
	for _, c := range claims {
		total += c.Kg
	}
	unexplained := Claim{Explanation: "unexplained", Kg: data.Kilograms(gap) - total, Verdict: Holds, Note: "what is left over"}
	unexplained.KgLow, unexplained.KgHigh = data.Kilograms(g.Low), data.Kilograms(g.High)
	if math.IsNaN(g.Low) || math.IsNaN(g.High) {
		unexplained.KgLow, unexplained.KgHigh = data.MissingKg, data.MissingKg
	}
	return append(claims, unexplained)
}

// mended is what setting weights right takes off a gap.
func mended(kg, gap float64, estimated bool) Claim {
	if estimated {
		return part("estimated_weight", kg, verdict(kg, gap), "weights that are missing, or estimated at one unit value, were taken from values at the lane's own")
	}
	return part("unit_slip", kg, verdict(kg, gap), "weights off by a unit of measure were set right before comparing")
}

// sided is the gap of two amounts in the direction of the case.
func (g *Gap) sided(x, m float64) float64 { return float64(g.Sign) * (m - x) }

// beyond is the gap beyond the lane's lasting ratio.
func (g *Gap) beyond(a, m float64) float64 {
	if g.Sign > 0 {
		return m - a*math.Exp(g.Base)
	}
	return a - m*math.Exp(-g.Base)
}

// holdsFrom is the share of the gap from which an explanation is said to hold.
const holdsFrom = 0.05

func verdict(kg, gap float64) Verdict {
	if kg*gap > 0 && math.Abs(kg) >= holdsFrom*math.Abs(gap) {
		return Holds
	}
	return Fails
}

func part(name string, kg float64, v Verdict, note string) Claim {
	amount := data.Kilograms(kg)
	return Claim{Explanation: name, Kg: amount, KgLow: amount, KgHigh: amount, Verdict: v, Note: note}
}

func entrepot(hub bool) Claim {
	if hub {
		return part("entrepot", 0, NotPossible, "goods pass through an economy at either end: the exporter may name the hub and the importer the origin")
	}
	return part("entrepot", 0, Fails, "neither end is a known entrepot")
}
