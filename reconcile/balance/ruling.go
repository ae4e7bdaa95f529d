package balance

import (
	"fmt"
	"slices"
	"strings"
)

// Ruling is the rule that made a figure and which side it kept. The zero value
// stands where no rule applied. It is a number and no text: of ten million texts
// a collector of garbage looks at every one. The low byte is 1 + the place in
// Rules, the high one what was kept.
type Ruling uint16

// kept is what a rule kept of the two sides.
type kept uint8

const (
	bothSides kept = iota
	onlyExporter
	onlyImporter
	otherMonth
	noPartner
	adjusted kept = 1 << 7 // beside one of the others
)

var keptTexts = [...]string{"", ", only the exporter declared", ", only the importer declared", ", left in another month", ", partner not stated"}

// adjustedText is what the ruling of an adjusted row ends in.
const adjustedText = ", adjusted to totals"

func rulingOf(rule string) Ruling {
	return Ruling(1 + slices.Index(Rules, rule))
}

// keeping is the same rule that kept something else.
func (r Ruling) keeping(k kept) Ruling { return r&0xff | Ruling(k)<<8 }

func (r Ruling) kept() kept { return kept(r >> 8) }

func (r Ruling) String() string {
	if r&0xff == 0 {
		return ""
	}
	text := Rules[r&0xff-1] + keptTexts[r.kept()&^adjusted]
	if r.kept()&adjusted != 0 {
		text += adjustedText
	}
	return text
}

// ParseRuling reads what String writes.
func ParseRuling(text string) (Ruling, error) {
	if text == "" {
		return 0, nil
	}
	rest, isAdjusted := strings.CutSuffix(text, adjustedText)
	rule, _, _ := strings.Cut(rest, ",")
	k := slices.Index(keptTexts[:], rest[len(rule):])
	if k < 0 || !slices.Contains(Rules, rule) {
		return 0, fmt.Errorf("%q is no ruling of a reconciled flow; give it as the table reconciled has it, such as %q", text, rulingOf(Ours).keeping(onlyExporter))
	}
	if isAdjusted {
		return rulingOf(rule).keeping(kept(k) | adjusted), nil
	}
	return rulingOf(rule).keeping(kept(k)), nil
}
