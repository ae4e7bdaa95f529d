package data

import "math"

// USD is an amount of money in US cents and Kg a mass in grams, both whole
// numbers: sums are exact and do not depend on the order of rows. Missing marks
// an amount that nobody stated, which is not the same as zero.
type (
	USD int64
	Kg  int64
)

// FOB is a value at the exporter's border and CIF one at the importer's, with
// cost, insurance and freight. They are types of their own so that they cannot
// be compared by mistake.
type (
	FOB USD
	CIF USD
)

// Missing amounts. They sort below every stated amount.
const (
	MissingUSD USD = math.MinInt64
	MissingKg  Kg  = math.MinInt64
)

// Known says whether the amount was stated.
func (v USD) Known() bool { return v != MissingUSD }

// Known says whether the mass was stated.
func (w Kg) Known() bool { return w != MissingKg }

// Known says whether the value was stated.
func (v FOB) Known() bool { return USD(v).Known() }

// Known says whether the value was stated.
func (v CIF) Known() bool { return USD(v).Known() }

// Float gives dollars, NaN where missing.
func (v USD) Float() float64 {
	if !v.Known() {
		return math.NaN()
	}
	return float64(v) / 100
}

// Float gives kilograms, NaN where missing.
func (w Kg) Float() float64 {
	if !w.Known() {
		return math.NaN()
	}
	return float64(w) / 1000
}

// Float gives dollars, NaN where missing.
func (v FOB) Float() float64 { return USD(v).Float() }

// Float gives dollars, NaN where missing.
func (v CIF) Float() float64 { return USD(v).Float() }

// Dollars rounds to the nearest cent; NaN and infinities are missing.
func Dollars(v float64) USD {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return MissingUSD
	}
	return USD(math.Round(v * 100))
}

// Kilograms rounds to the nearest gram; NaN and infinities are missing.
func Kilograms(w float64) Kg {
	if math.IsNaN(w) || math.IsInf(w, 0) {
		return MissingKg
	}
	return Kg(math.Round(w * 1000))
}

// Plus adds two amounts; a missing one counts as nothing said, so the sum is
// missing only where both are.
func (v USD) Plus(other USD) USD {
	if !v.Known() {
		return other
	}
	if !other.Known() {
		return v
	}
	return v + other
}

// Plus adds two masses; the sum is missing only where both are.
func (w Kg) Plus(other Kg) Kg {
	if !w.Known() {
		return other
	}
	if !other.Known() {
		return w
	}
	return w + other
}

// Text writes exact kilograms with up to three decimals and no trailing zeros;
// "" where missing.
func (w Kg) Text() string {
	if !w.Known() {
		return ""
	}
	return string(AppendFixed(nil, int64(w), 3))
}

// Text writes exact dollars with up to two decimals and no trailing zeros; ""
// where missing.
func (v USD) Text() string {
	if !v.Known() {
		return ""
	}
	return string(AppendFixed(nil, int64(v), 2))
}
