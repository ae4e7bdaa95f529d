package reports

import (
	"fmt"

	"counterflow/data"
	"counterflow/reconcile/mirror"
	"counterflow/reports/wording"
)

// published is the share of economies and periods with exports and with imports
// on record.
func (v view) published() (exports, imports float64) {
	var asked, there [2]float64
	for _, c := range v.Coverage {
		side := 0
		if c.Direction == data.Import {
			side = 1
		}
		asked[side]++
		if c.Presence == mirror.Reported {
			there[side]++
		}
	}
	return there[0] / asked[0], there[1] / asked[1]
}

// coverageSentence says how much of the world that the run could have seen it
// saw.
func (v view) coverageSentence() string {
	if len(v.Coverage) == 0 {
		return "No reporter published anything in the files given."
	}
	var value, estimated, unallocated float64
	seen, spoke := map[data.Economy]bool{}, map[data.Economy]bool{}
	for _, c := range v.Coverage {
		seen[c.Economy] = true
		spoke[c.Economy] = spoke[c.Economy] || c.Presence == mirror.Reported
		if usd := c.Value.Float(); usd > 0 {
			value += usd
			estimated += usd * c.EstimatedWeight
			unallocated += usd * c.Unallocated
		}
	}
	exports, imports := v.published()
	text := fmt.Sprintf("Of %s, reports are in for %s of all periods on the export side and %s on the import side",
		wording.Plural(int64(len(seen)), "economy", "economies"), wording.Percent(exports), wording.Percent(imports))
	if silent := len(seen) - len(spoke); silent > 0 {
		text += fmt.Sprintf("; %s published nothing at all", wording.Plural(int64(silent), "economy", "economies"))
	}
	if value > 0 {
		text += fmt.Sprintf(". %s of the declared value rests on estimated weights, and %s names no single partner",
			wording.Percent(estimated/value), wording.Percent(unallocated/value))
	}
	return text + "."
}

// noteMarks refers to the notes at the foot of the page.
func noteMarks(notes int) string {
	switch notes {
	case 0:
		return ""
	case 1:
		return "See note 1."
	case 2:
		return "See notes 1 and 2."
	}
	return fmt.Sprintf("See notes 1 to %d.", notes)
}
