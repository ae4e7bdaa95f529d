package wording

import (
	"fmt"
	"strings"

	"counterflow/reconcile/cases"
)

// Likelihood says in words how likely a case is to be more than chance, from
// its q-value alone. It says nothing about causes.
func Likelihood(q float64) string {
	switch {
	case !(q >= 0 && q <= 1):
		return "not assessable"
	case q <= 0.01:
		return "very likely more than chance"
	case q <= 0.05:
		return "likely more than chance"
	case q <= 0.20:
		return "more likely than not more than chance"
	}
	return "possibly chance"
}

// Confidence says how far the data behind a case of so many periods can be
// trusted: high, moderate, low, or not assessable, with the reasons in words.
//
// It is high where the case has no caveat, lasts three periods or more, and has
// an interval whose upper end is at most three times the lower; low where it has
// no interval, or two caveats and more; moderate in between. These rules are
// conventions.
func Confidence(c cases.Case, periods int) (level string, reasons []string) {
	for _, code := range c.Caveats {
		reasons = append(reasons, Caveat(code))
	}
	if !c.Assessable {
		return "not assessable", reasons
	}
	bounded := c.ExcessKg.Known() && c.ExcessKgLow.Known() && c.ExcessKgHigh.Known()
	narrow := bounded && c.ExcessKgLow > 0 && c.ExcessKgHigh/3 <= c.ExcessKgLow
	switch {
	case !bounded:
		reasons = append(reasons, "no interval for its size")
	case !narrow:
		reasons = append(reasons, "a wide interval for its size")
	}
	if periods < lasting {
		reasons = append(reasons, "rests on "+Plural(int64(periods), "period", "periods"))
	}
	switch {
	case !bounded || len(c.Caveats) >= 2:
		return "low", reasons
	case len(reasons) == 0:
		return "high", nil
	}
	return "moderate", reasons
}

// lasting is the number of periods from which a case is more than an incident.
const lasting = 3

// FalseDiscovery writes a q-value.
func FalseDiscovery(q float64) string {
	switch {
	case !(q >= 0 && q <= 1):
		return Missing
	case q < 0.001:
		return "< 0.001"
	case q < 0.01:
		return fmt.Sprintf("%.3f", q)
	}
	return fmt.Sprintf("%.2f", q)
}

// caveats are the causes of false alarms, as in the table of cases.
var caveats = map[string]string{
	"cif_fob":           "freight and insurance in one of the values",
	"entrepot":          "trade through an entrepot",
	"timing":            "goods on the way at the turn of a period",
	"calendar":          "the new-year season",
	"confidential":      "confidential or unallocated partners",
	"trade_system":      "general against special trade",
	"hs_revision":       "a change of the classification",
	"classification":    "possibly another code",
	"unit_error":        "a possible slip of units",
	"estimated_weight":  "estimated weights",
	"double_count":      "breakdown rows",
	"code_map":          "country codes",
	"basket":            "a code that holds several goods",
	"content_uncertain": "uncertain content",
	"revision":          "later revision of the data",
	"processing":        "processing trade or returns",
	"not_reporting":     "a reporter that was silent",
	"small_cell":        "small amounts",
	"front_loading":     "purchases ahead of a measure",
	"new_producer":      "a new producer",
	"circular":          "figures derived from each other",
	"multiple_testing":  "many tests",
	"imputed_mirror":    "an amount copied from the partner's",
	"editions_pooled":   "different editions of the classification",
	"from_parts":        "totals summed from their breakdown",
	"short_history":     "a short history of the lane",
	"no_weight":         "no weights given",
}

// Caveat puts a caveat code into words; a code without words is printed with
// blanks for underscores.
func Caveat(code string) string {
	if words, ok := caveats[code]; ok {
		return words
	}
	return strings.ReplaceAll(code, "_", " ")
}

// List joins words as a sentence does: "a", "a and b", "a, b and c".
func List(words []string) string {
	switch n := len(words); n {
	case 0:
		return ""
	case 1:
		return words[0]
	default:
		return strings.Join(words[:n-1], ", ") + " and " + words[n-1]
	}
}
