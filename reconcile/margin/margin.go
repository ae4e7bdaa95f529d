package margin

import "counterflow/data"

// Margin is (CIF-FOB)/FOB, a pure number such as 0.06.
type Margin float64

// FOB takes the margin off a value at the importer's border. Missing stays
// missing.
func (m Margin) FOB(cif data.CIF) data.FOB {
	if !cif.Known() {
		return data.FOB(data.MissingUSD)
	}
	return data.FOB(data.Dollars(cif.Float() / (1 + float64(m))))
}

// Term is one row of the table of margins: an estimated quantity of one model.
type Term struct {
	Model    string  // median_by_product, gravity
	Name     string  // a commodity code, or the name of a regressor
	Estimate float64 // as named; a margin is a pure number
	SE       float64 // standard error, NaN where it cannot be had
	N        int     // pairs used
}
