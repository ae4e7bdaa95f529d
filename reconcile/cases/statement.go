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
	return good + ": " + seen(c, exporter, importer) + fmt.Sprintf(" %s (%d periods).", when, periods)
}

// seen is what the declarations of a case show, without good and window.
func seen(c *Case, exporter, importer string) string {
	switch c.Kind {
	case MissingExport:
		return fmt.Sprintf("%s records more from %s than %s declares to %s, beyond what the lane lets expect,", importer, exporter, exporter, importer)
	case MissingImport:
		return fmt.Sprintf("%s declares more to %s than %s records from %s, beyond what the lane lets expect,", exporter, importer, importer, exporter)
	case UnitSlip:
		return fmt.Sprintf("the weights of %s and %s differ by what looks like a unit of measure, while their values agree,", exporter, importer)
	case CodeSwitch:
		return fmt.Sprintf("a gap between the records of %s and %s is matched by the opposite gap under %s", exporter, importer, reference.GoodName(c.Related))
	case OriginSwitch:
		return fmt.Sprintf("%s records more from %s and less from %s, %s receives more from %s, and the two sides of one of these lanes disagree",
			importer, reference.Name(c.Via), exporter, reference.Name(c.Via), exporter)
	case Reroute:
		if c.BookedByOrigin() {
			return fmt.Sprintf("%s declares more than usual to %s, which books it from elsewhere: as %s declares more, %s records more from economies, first %s, that declare none of it to %s in these files,",
				reference.Name(c.Via), importer, reference.Name(c.Via), importer, exporter, importer)
		}
		return fmt.Sprintf("trade from %s to %s falls, while %s receives more from %s and sends more to %s, as both sides declare,",
			exporter, importer, reference.Name(c.Via), exporter, importer)
	case ValueGap:
		return fmt.Sprintf("the weights that %s and %s declare agree, and their values for each kilogram part", exporter, importer)
	}
	return fmt.Sprintf("the records of %s and %s part in weight and in value in different directions", exporter, importer)
}
