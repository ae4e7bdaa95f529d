package wording

import (
	"slices"
	"strings"

	"counterflow/reconcile/cases"
	"counterflow/reconcile/claims"
)

// Verdict says how a tested explanation came out.
func Verdict(v claims.Verdict) string {
	switch v {
	case claims.Holds:
		return "holds"
	case claims.Fails:
		return "does not hold"
	case claims.NotPossible:
		return "cannot be tested"
	}
	return strings.ReplaceAll(string(v), "_", " ")
}

// explanations are the names of what is tried on a case, as in the table of
// claims.
var explanations = map[string]string{
	"margin":           "freight and insurance",
	"unit_slip":        "a slip of units",
	"estimated_weight": "estimated weights",
	"timing":           "time on the way",
	"trade_system":     "the lane's lasting ratio",
	"calendar":         "the Lunar New Year",
	"hs_revision":      "a change of edition",
	"classification":   "a sister code",
	"entrepot":         "passage by an entrepot",
	"confidential":     "codes that name no goods",
	"unallocated":      "partners not stated",
	"not_comparable":   "months not comparable",
	"another_case":     "another case",
	"unexplained":      "left unexplained",
}

// Explained puts the name of an explanation into words; one without words is
// printed with blanks for underscores.
func Explained(name string) string {
	if words, ok := explanations[name]; ok {
		return words
	}
	return strings.ReplaceAll(name, "_", " ")
}

// NextChecks lists what a reader could look at to settle a case, the kind's own
// checks first, then those that its caveats call for. Each can be done with
// public records or by asking both statistical offices alike.
func NextChecks(c cases.Case) []string {
	checks := slices.Clone(byKind[c.Kind])
	if c.BookedByOrigin() {
		checks = []string{"Compare with the importer's entries by economy of consignment, where it publishes them."}
	}
	if len(checks) == 0 {
		checks = slices.Clone(byKind[cases.Unexplained])
	}
	for _, code := range c.Caveats {
		if check, ok := byCaveat[code]; ok && !slices.Contains(checks, check) {
			checks = append(checks, check)
		}
	}
	return append(checks, "Look at the next release of both reporters: late declarations and revisions settle many cases.")
}

const askBoth = "Ask both statistical offices for these months by mode of transport and customs procedure."

var byKind = map[cases.Kind][]string{
	cases.MissingExport: {
		askBoth,
		"Look among the exporter's unallocated partners, where goods stand that name no destination.",
		"See whether the importer records origin or consignment: goods may have come by a third economy.",
	},
	cases.MissingImport: {
		askBoth,
		"See whether goods went into a warehouse or free zone that the importer's system leaves out.",
		"Look for arrivals in later months, and for re-exports of the importer in the same goods.",
	},
	cases.CodeSwitch: {
		"Compare the unit values of both codes on both sides: goods of another price under a code move its unit value.",
		"Look up whether a ruling or an edition of the classification moved these goods between the two codes.",
	},
	cases.OriginSwitch: {
		"Check whether the third economy mines, refines or holds stocks of the goods.",
		"Compare the third economy's own imports of the goods with what is recorded as coming from it.",
	},
	cases.Reroute: {
		"Compare both legs month by month, with the time that the detour takes.",
		"Look for new routes, storage or processing in the third economy that began at the same time.",
	},
	cases.ValueGap: {
		"Compare unit values with world prices and with other partners of both sides for the same months.",
		"Check grade and content: the same code may hold concentrates of different value.",
	},
	cases.SplitConsignment: {
		"Compare with the sizes of consignments before the threshold was set, and with the usual sizes of containers and batches.",
	},
	cases.StockBuild: {
		"Compare with published stocks, capacity and prices, and with announced purchases for reserves.",
	},
	cases.UnitSlip: {
		"Compare with the supplementary quantity and value of the same rows, and tell the reporter.",
	},
	cases.Unexplained: {askBoth},
}

var byCaveat = map[string]string{
	"timing":           "Take a longer window: goods on the way at its ends cancel in a longer one.",
	"entrepot":         "Compare the hub's own imports and re-exports of the goods with what both sides record.",
	"estimated_weight": "Repeat the comparison in value, since weights were estimated.",
	"hs_revision":      "Compare at the heading, so that the change of the classification does not matter.",
	"double_count":     "Check that totals and their parts were not both counted in the file.",
	"cif_fob":          "Ask whether the importer states values with freight and insurance for these goods.",
	"confidential":     "Compare with the unallocated partners of the side that keeps figures confidential.",
	"calendar":         "Compare January and February together.",
	"front_loading":    "Compare with the months after the measure: purchases ahead of it are missing later.",
}
