package cases

import (
	"fmt"

	"counterflow/data"
	"counterflow/data/reference"
	"counterflow/reconcile/mirror"
)

// caveats lists, as codes, what a reader must know before believing a case.
func caveats(l lane, w window, departures []Departure) []string {
	var estimated, value, editions, repeated bool
	for _, i := range w.members {
		p := &l.pairs[i]
		estimated = estimated || p.Notes&(mirror.ExportWeightEstimated|mirror.ImportWeightEstimated) != 0
		value = value || departures[l.first+i].Measure == mirror.Value
		editions = editions || p.Notes.Has(mirror.EditionsPooled)
		repeated = repeated || p.Notes&(mirror.ExportRepeated|mirror.ImportRepeated) != 0
	}
	var codes []string
	add := func(applies bool, code string) {
		if applies {
			codes = append(codes, code)
		}
	}
	p := &l.pairs[w.members[0]]
	add(value, "cif_fob")
	add(reference.IsHub(data.Economy(p.Exporter)) || reference.IsHub(data.Economy(p.Importer)), "entrepot")
	add(len(w.members) == 1 && p.Period.Monthly(), "timing")
	add(estimated, "estimated_weight")
	add(editions, "hs_revision")
	add(repeated, "double_count")
	return codes
}

// statement says in one sentence what the two declarations show. Both reporters
// are named alike.
func statement(c *Case, periods int) string {
	exporter, importer := reference.Name(data.Economy(c.Exporter)), reference.Name(data.Economy(c.Importer))
	when := fmt.Sprintf("from %s to %s", c.Start, c.End)
	if c.Start == c.End {
		when = fmt.Sprintf("in %s", c.Start)
	}
	good := reference.GoodName(c.Goods)
	switch c.Kind {
	case MissingExport:
		return fmt.Sprintf("%s: %s records more from %s than %s declares to %s %s, beyond what the lane lets expect (%d periods).",
			good, importer, exporter, exporter, importer, when, periods)
	case MissingImport:
		return fmt.Sprintf("%s: %s declares more to %s than %s records from %s %s, beyond what the lane lets expect (%d periods).",
			good, exporter, importer, importer, exporter, when, periods)
	case UnitSlip:
		return fmt.Sprintf("%s: the weights of %s and %s differ by what looks like a unit of measure %s, while their values agree (%d periods).",
			good, exporter, importer, when, periods)
	}
	return fmt.Sprintf("%s: the records of %s and %s part in weight and in value in different directions %s (%d periods).",
		good, exporter, importer, when, periods)
}
