package source

import (
	"math"
	"strconv"

	"counterflow/data"
)

// FactorKey is one commodity in one unit of quantity. The commodity carries no
// edition; 0 stands for any.
type FactorKey struct {
	Commodity data.Commodity
	Unit      Unit
}

// Factors are kilograms for one unit of a commodity. A reader given them fills in
// the weights of rows that state a quantity and no weight, as estimates.
type Factors map[FactorKey]float64

// UnknownUnit refuses a factor for no unit, or for one of mass.
const UnknownUnit Reason = "unknown_unit"

// ReadFactors reads commodity, unit and kg_per_unit: how many kilograms one unit
// of a commodity weighs. An empty commodity stands for any that has no row of its
// own.
func ReadFactors(path string) (Factors, error) {
	t, err := openSmall(path, "factors", "commodity", "unit", "kg_per_unit")
	if err != nil {
		return nil, err
	}
	factors := Factors{}
	commodity, unit, factor := t.column("commodity"), t.column("unit"), t.column("kg_per_unit")
	err = t.all(func() *refused { // a factor that is left out would change weights unseen
		k, kg, no := t.factorIn(commodity, unit, factor)
		if no == nil {
			factors[k] = kg
		}
		return no
	})
	if err != nil {
		return nil, err
	}
	return factors, nil
}

func (t *smallTable) factorIn(commodity, unit, factor int) (k FactorKey, kg float64, no *refused) {
	if t.field(commodity) != "" {
		if k.Commodity, no = t.commodityIn(commodity); no != nil {
			return k, 0, no
		}
	}
	if k.Unit = ParseUnit([]byte(t.field(unit))); k.Unit == NoUnit {
		return k, 0, &refused{UnknownUnit, unit, "write a unit as the files do, such as u, m3 or 12"}
	}
	kg, err := strconv.ParseFloat(t.field(factor), 64)
	if err != nil || !(kg > 0) || math.IsInf(kg, 0) {
		return k, 0, &refused{BadAmount, factor, "write kilograms for one unit, such as 1650 for a car"}
	}
	return k, kg, nil
}

// weigh fills in the weight of a record that states none, where a factor is known.
func (f Factors) weigh(r *Record) (k FactorKey, weighed bool) {
	if r.NetWeight.Known() && r.NetWeight > 0 || r.Unit == NoUnit || r.Quantity <= 0 {
		return k, false
	}
	k = FactorKey{r.Commodity.In(data.EditionUnknown), r.Unit}
	factor, ok := f[k]
	if !ok {
		k.Commodity = 0
		if factor, ok = f[k]; !ok {
			return k, false
		}
	}
	// A quantity is in thousandths of a unit, a mass in thousandths of a kilogram.
	grams := math.Round(float64(r.Quantity) * factor)
	if grams < 1 || grams > float64(largestWeight) {
		return k, false
	}
	r.NetWeight, r.Estimated = data.Kg(grams), true
	return k, true
}
