package simulate

// effect is what a planted case or look-alike does to one lane between two
// months of departure, both included.
type effect struct {
	id         string
	kind       Kind
	start, end int
	share      float64
	atImporter bool // the importer's side omits or renames, not the exporter's
	other      int  // the good under whose name it goes
	via        int
	legs       legs
	markUp     float64 // of the third economy on what it sells on
}

// legs are the declarations of a diversion that are made.
type legs struct {
	firstExport      bool // the exporter names the third economy
	keepsDestination bool // the exporter still names the importer
	firstImport      bool // the third economy records the arrival
	secondExport     bool // the third economy records the departure
}

func (e *effect) covers(m int) bool { return m >= e.start && m <= e.end }

// diverted is the share of a month's departures that goes by a third economy.
func (e *effect) diverted(m int) float64 {
	if (e.kind == OriginSwitch || e.kind == Reroute) && e.covers(m) {
		return e.share
	}
	return 0
}

// statement is what the two sides say of a lane's ordinary trade in a month,
// as shares of the truth.
type statement struct {
	exported, imported       float64 // under the true code
	other                    int     // another code, -1 for none
	exportedAs, importedAs   float64 // under that code
	exportValue, importValue float64 // on the values alone
}

func (l *lane) statement(m int) statement {
	s := statement{exported: 1, imported: 1, other: -1, exportValue: 1, importValue: 1}
	for i := range l.effects {
		if e := &l.effects[i]; e.covers(m) {
			s.apply(e)
		}
	}
	return s
}

func (s *statement) apply(e *effect) {
	switch e.kind {
	case MissingExport:
		s.exported -= e.share
	case MissingImport:
		s.imported -= e.share
	case CodeSwitch:
		s.other = e.other
		if e.atImporter {
			s.imported -= e.share
			s.importedAs = e.share
		} else {
			s.exported -= e.share
			s.exportedAs = e.share
		}
	case SisterMove:
		s.other = e.other
		s.exported, s.imported = s.exported-e.share, s.imported-e.share
		s.exportedAs, s.importedAs = e.share, e.share
	case ValueGap:
		if e.atImporter {
			s.importValue = 1 - e.share
		} else {
			s.exportValue = 1 - e.share
		}
	}
}

// named is a share of a lane's trade under one code.
type named struct {
	index              int
	exported, imported float64
}

func (s *statement) goods(own int) []named {
	all := []named{{own, s.exported, s.imported}}
	if s.other >= 0 {
		all = append(all, named{s.other, s.exportedAs, s.importedAs})
	}
	return all
}
