package reliability

import (
	"counterflow/data"
	"counterflow/reconcile/mirror"
)

// Role is the side on which an economy declares.
type Role string

// The roles.
const (
	AsExporter Role = "exporter"
	AsImporter Role = "importer"
)

// AllGroups is the group of a score that is not divided by commodity.
const AllGroups = "all"

// Score is how far the declarations of one economy in one role scatter about
// the truth, in natural logs.
type Score struct {
	Economy             data.Economy
	Role                Role
	Measure             mirror.Measure
	Group               string  // commodity group, "all" where not divided
	Bias                float64 // mean log deviation; the biases of all reporters sum to zero
	BiasSE              float64 // its standard error
	Sigma               float64 // spread from period to period: 1.645 of it hold 90% of the deviations
	SigmaLow, SigmaHigh float64 // 90% interval
	// Lasting is the spread, between lanes, of the part of the deviation that
	// stays from period to period. NaN where lanes are too short to tell it from
	// the rest: then Sigma holds both.
	Lasting float64
	N       int // periods of lanes used; lanes for a single group
}
