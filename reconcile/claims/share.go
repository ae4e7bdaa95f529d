package claims

import (
	"cmp"
	"fmt"
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

	Linked  []Part            // what other cells account for, see Ledger
	Unmet   map[string]string // why an explanation was given nothing, by its name
	Another Another           // what a case that is better supported holds of it
}

// Another is what an other case holds of the months of a gap: two cases cannot both
// have the same tonnes.
type Another struct {
	Kg   data.Kg
	Case string // in words
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
		part("trade_system", lasting, verdict(lasting, gap), "the lane's lasting ratio outside the window is no news"),
	}
	aside := data.Kilograms(apart)
	for _, name := range linking {
		shifted := 0.0
		if name == Timing {
			shifted = timing
		}
		c, ofApart := g.linked(name, shifted, gap)
		claims, aside = append(claims, c), aside-ofApart
	}
	claims = append(claims, notComparable(aside, gap))
	if g.Another.Kg != 0 {
		claims = append(claims, Claim{Explanation: "another_case", Kg: g.Another.Kg, KgLow: g.Another.Kg, KgHigh: g.Another.Kg,
			Verdict: verdict(g.Another.Kg.Float(), gap), Note: "these months belong to a case that is better supported: " + g.Another.Case})
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

// linked is the claim of one explanation that ties the gap to other cells, on top of
// what the series themselves show of it; ofApart is the part of it in months that
// cannot be compared.
func (g *Gap) linked(name string, shown, gap float64) (c Claim, ofApart data.Kg) {
	c = part(name, shown, Fails, cmp.Or(g.Unmet[name], nothingOf[name]))
	if name == Timing && shown != 0 {
		c.Note = g.Unmet[name]
	}
	for i := range g.Linked {
		p := &g.Linked[i]
		if p.Explanation != name {
			continue
		}
		c.Kg += p.Rest.Kg + p.Apart.Kg
		c.KgLow += p.Rest.Low + p.Apart.Low
		c.KgHigh += p.Rest.High + p.Apart.High
		c.Note, c.FoundOn, ofApart = p.note(), joinLanes(p.With), p.Apart.Kg
	}
	switch {
	case name == Entrepot && g.Hub:
		c.Verdict, c.Note = NotPossible, "goods pass through an economy at either end: the exporter may name the hub and the importer the origin"
	default:
		c.Verdict = verdict(c.Kg.Float(), gap)
	}
	if name == Timing && shown != 0 {
		c.Note = joined("the exporter's series was moved to the months of arrival", c.Note)
	}
	return c, ofApart
}

// nothingOf is what is said of an explanation that nothing speaks for.
var nothingOf = map[string]string{
	Timing:         "the months about the window do not go the other way",
	Calendar:       "no January and February meet at an edge of the window and go opposite ways",
	Revision:       "no sister code goes the other way in months of different editions",
	Classification: "no sister code goes the other way in these months",
	Entrepot:       "no leg through an entrepot goes the other way in these months",
	Confidential:   "nothing more than usual is booked without naming the goods",
	Unallocated:    "nothing more than usual is booked without naming the partner",
}

// note says where a part was found.
func (p *Part) note() string {
	if len(p.With) == 0 {
		return "at the upper end of what other cells can bear"
	}
	first := &p.With[0]
	text := fmt.Sprintf("%s kg of it on %s from %s to %s", first.Kg.Text(), first.Goods, first.Exporter, first.Importer)
	if n := len(p.With) - 1; n > 0 {
		text += fmt.Sprintf(", the rest on %d more", n)
	}
	return text
}

func joined(a, b string) string {
	if b == "" {
		return a
	}
	return a + "; " + b
}

// notComparable is the gap of months that cannot be compared and that nothing else
// accounts for.
func notComparable(kg data.Kg, gap float64) Claim {
	c := part("not_comparable", 0, NotPossible, "months in which partner, code or edition cannot be known are not compared")
	c.Kg, c.KgLow, c.KgHigh = kg, kg, kg
	if kg == 0 {
		c.Verdict, c.Note = Fails, "both sides can be compared in all months"
	}
	return c
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
