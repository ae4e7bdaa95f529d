package mirror

import "counterflow/data"

// Presence says whether a reporter published anything at all for one direction
// and period.
type Presence uint8

// The presences.
const (
	Silent   Presence = iota // nothing, though other reporters have that period
	Reported                 // at least one record
)

func (p Presence) String() string { return [...]string{"silent", "reported"}[p] }

// Coverage is what one reporter published for one direction and period: the
// table that decides between "declared nothing" and "was silent".
type Coverage struct {
	Economy   data.Economy
	Direction data.Direction // Export or Import
	Period    data.Period
	Rows      int64    // records kept, World totals included
	Value     data.USD // sum over partners, World totals left out
	// EstimatedWeight is the share of that value whose weight is an estimate,
	// Unallocated the share whose partner is no single economy; both 0 to 1.
	EstimatedWeight, Unallocated float64
	Presence                     Presence
}
