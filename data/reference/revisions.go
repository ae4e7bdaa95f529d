package reference

import (
	_ "embed"
	"slices"

	"counterflow/data"
)

// Revision is a change of what a six-digit code holds.
type Revision struct {
	Commodity data.Commodity
	Edition   data.Edition // from which it holds
	Change    string       // narrowed, widened, new, ended
	Note      string
}

//go:embed revisions.csv
var revisionsCSV string

var revisions = parseRevisions(revisionsCSV)

// Revisions lists the changes that are known.
func Revisions() []Revision { return slices.Clone(revisions) }

// Revised gives the change of a code with an edition; ok is false where none is
// known.
func Revised(c data.Commodity, e data.Edition) (r Revision, ok bool) {
	c = c.Truncate(6).In(data.EditionUnknown)
	for _, r := range revisions {
		if r.Commodity == c && r.Edition == e {
			return r, true
		}
	}
	return Revision{}, false
}

func parseRevisions(text string) []Revision {
	var list []Revision
	for _, row := range rowsOf("revisions.csv", text, "hs6", "edition", "change", "note") {
		list = append(list, Revision{Commodity: data.MustCommodity(row[0], data.EditionUnknown), Edition: data.ParseEdition(row[1]), Change: row[2], Note: row[3]})
	}
	return list
}
