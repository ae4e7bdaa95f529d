package mirror

import (
	"math"

	"counterflow/data"
	"counterflow/data/source"
)

// State says which sides of a corridor spoke. Only the first three can be
// evidence of anything; in the silent states one reporter published nothing at
// all for that direction and period.
type State uint8

// The states of a pair.
const (
	Both           State = iota // both sides declared the corridor
	ExportOnly                  // the importer reports that period, but not this corridor
	ImportOnly                  // the exporter reports that period, but not this corridor
	ExporterSilent              // only the importer declared, and the exporter published nothing
	ImporterSilent              // only the exporter declared, and the importer published nothing
)

var stateNames = [...]string{"both", "export_only", "import_only", "exporter_silent", "importer_silent"}

func (s State) String() string { return stateNames[s] }

// Notes are facts about how the two amounts came about. They qualify a pair,
// they do not judge it.
type Notes uint16

// The notes.
const (
	ExportWeightEstimated Notes = 1 << iota // the exporter's weight is an estimate
	ImportWeightEstimated
	ExportFromParts // no total was given; the sum of its breakdown was taken
	ImportFromParts
	ExportRepeated // several records for one key; the largest was taken
	ImportRepeated
	ImportFOB       // the importer stated the value FOB
	EditionsPooled  // the two sides, or the records of one, use different HS editions
	ImputedMirror   // the amounts agree to 1e-4 at a ratio of 1, 1.06 or 1/1.06: not two witnesses
	PartnerUnstated // one side of the corridor is the unallocated bucket
)

var noteNames = [...]string{
	"export_weight_estimated", "import_weight_estimated", "export_from_parts", "import_from_parts",
	"export_repeated", "import_repeated", "import_fob", "editions_pooled", "imputed_mirror", "partner_unstated",
}

// Names lists the notes as the tables write them.
func (n Notes) Names() []string {
	var names []string
	for i, name := range noteNames {
		if n&(1<<i) != 0 {
			names = append(names, name)
		}
	}
	return names
}

// Has says whether all of the given notes apply.
func (n Notes) Has(wanted Notes) bool { return n&wanted == wanted }

// Measure is what the two sides are compared in.
type Measure uint8

// The measures. Weight comes first wherever both sides give one: freight does
// not touch it.
const (
	NoMeasure Measure = iota
	Weight
	Value
)

func (m Measure) String() string { return [...]string{"", "weight", "value"}[m] }

// Pair is one corridor in one period: what the exporter declares to the
// importer, and what the importer declares from the exporter.
type Pair struct {
	Commodity data.Commodity
	XKg, MKg  data.Kg  // missing where that side gave no weight or did not declare
	XUSD      data.FOB // missing where the exporter did not declare
	MUSD      data.CIF // missing where the importer did not declare
	Exporter  data.Exporter
	Importer  data.Importer
	Period    data.Period
	Notes     Notes
	State     State
	Edition   data.Edition // of the codes declared; the commodity itself carries none
	// Mode is how most of the lane's goods travel, air, water, land or other, as
	// far as a side divides its declarations by it: the same in all of its periods,
	// 0 where not known.
	Mode source.Mode
}

func (p *Pair) note(applies bool, n Notes) {
	if applies {
		p.Notes |= n
	}
}

// Index is (X-M)/(X+M): -1 for an orphan import, +1 for a lost export, 0 for
// agreement (Mitikj and Kaushik 2024, World Bank WPS 10792). A side that spoke
// but did not declare this corridor counts as zero; NaN where a side was silent
// or nothing can be compared.
func (p *Pair) Index() float64 {
	switch p.State {
	case ExportOnly:
		return 1
	case ImportOnly:
		return -1
	case Both:
		x, m := p.amounts(p.Measure())
		return (x - m) / (x + m)
	}
	return math.NaN()
}

// LogRatio is ln(M/X) in the given measure, NaN unless both sides gave a
// positive amount.
func (p *Pair) LogRatio(measure Measure) float64 {
	if p.State != Both || measure == NoMeasure {
		return math.NaN()
	}
	x, m := p.amounts(measure)
	if x > 0 && m > 0 {
		return math.Log(m / x)
	}
	return math.NaN()
}

// Measure is weight where both sides give a positive weight, else value where
// both give a positive value, else none.
func (p *Pair) Measure() Measure {
	switch {
	case p.XKg > 0 && p.MKg > 0:
		return Weight
	case p.XUSD > 0 && p.MUSD > 0:
		return Value
	}
	return NoMeasure
}

func (p *Pair) amounts(measure Measure) (x, m float64) {
	switch measure {
	case Weight:
		return float64(p.XKg), float64(p.MKg)
	case Value:
		return float64(p.XUSD), float64(p.MUSD)
	}
	return math.NaN(), math.NaN()
}

// UnitValues gives US dollars per kilogram on each side, NaN where a side gave
// no positive weight or value.
func (p *Pair) UnitValues() (exporter, importer float64) {
	exporter, importer = math.NaN(), math.NaN()
	if p.XKg > 0 && p.XUSD > 0 {
		exporter = p.XUSD.Float() / p.XKg.Float()
	}
	if p.MKg > 0 && p.MUSD > 0 {
		importer = p.MUSD.Float() / p.MKg.Float()
	}
	return exporter, importer
}

// SameLane says whether two pairs are periods of one lane: one commodity,
// exporter and importer.
func (p *Pair) SameLane(q *Pair) bool {
	return p.Commodity == q.Commodity && p.Exporter == q.Exporter && p.Importer == q.Importer
}
