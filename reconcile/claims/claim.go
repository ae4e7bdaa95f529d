package claims

import "counterflow/data"

// Verdict is how a tested explanation came out.
type Verdict string

// The verdicts.
const (
	Holds       Verdict = "holds"
	Fails       Verdict = "fails"
	NotPossible Verdict = "not_possible"
)

// Claim is one explanation tried on one case, with the part of the gap that it
// accounts for. The claims of a case and its unexplained rest add up to its gap.
type Claim struct {
	CaseID      string
	Explanation string // margin, timing, entrepot, ... ; "unexplained" is the rest
	Kg          data.Kg
	KgLow       data.Kg // 90% interval
	KgHigh      data.Kg
	Verdict     Verdict
	Note        string
}
