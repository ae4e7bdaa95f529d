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

// Score is how far the declarations of one economy in one role scatter about
// the truth, in natural logs.
type Score struct {
	Economy             data.Economy
	Role                Role
	Measure             mirror.Measure
	Group               string  // commodity group, "all" where not divided
	Bias                float64 // mean log deviation
	Sigma               float64 // spread of the log deviation
	SigmaLow, SigmaHigh float64 // 90% interval
	N                   int     // pairs used
}
