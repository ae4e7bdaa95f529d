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
	Caveat      string // its code among the caveats of cases; "" for none
	FoundOn     string // lanes that it rests on beside the case's own months, see ParseLanes; "" for none
	Note        string
}

// caveats are the codes of explanations that are named otherwise.
var caveats = map[string]string{
	"margin": "cif_fob", "unit_slip": "unit_error", Unallocated: "confidential", "new_capacity": "new_producer",
	"not_comparable": "", "another_case": "", "unexplained": "",
}

// Caveat is the code under which an explanation stands among the caveats of cases;
// "" for what is none, such as the rest.
func Caveat(explanation string) string {
	if code, other := caveats[explanation]; other {
		return code
	}
	return explanation
}
