package mirror

import (
	"math"
	"slices"

	"counterflow/data"
	"counterflow/data/reference"
)

// Goods is everything that was declared of one commodity.
type Goods struct {
	Commodity data.Commodity
	Pairs     []Pair        // by exporter, importer, period
	Totals    []data.Flow   // the same trade with the world, as published
	Reexports []data.Flow   // parts of the declared exports and imports
	Editions  data.Editions // in which anybody declared it
}

// merger lays the settled declarations of one commodity side by side, as they
// come in the order of keys.
type merger struct {
	goods    *Goods
	presence *presence
	absent   absent
	coverage *coverage
	imputed  float64
	pair     *Pair // at hand, the last of goods.Pairs; nil for none
	declared sides
	corridor uint64 // key without direction
	carried  bool   // some pair has a mode of transport
}

// sides is the set of economies that declared a corridor.
type sides uint8

const (
	byExporter sides = 1 << iota
	byImporter
)

// take adds one declaration.
func (m *merger) take(key uint64, d *declaration) {
	m.coverage.add(key, d)
	m.goods.Editions = m.goods.Editions.With(d.edition)
	direction := keyDirection(key)
	exporter, importer := keyExporter(key), keyImporter(key)
	if direction > data.Import || data.Economy(exporter) == data.World || data.Economy(importer) == data.World {
		m.aside(key, d)
		return
	}
	if corridor := key << numberBits >> numberBits >> directionBits; m.pair == nil || corridor != m.corridor {
		m.flush()
		m.begin(exporter, importer, keyPeriod(key))
		m.corridor = corridor
	}
	if direction == data.Export {
		m.export(d)
	} else {
		m.imports(d)
	}
}

// begin opens a pair where it will lie.
func (m *merger) begin(exporter data.Exporter, importer data.Importer, period data.Period) {
	n := len(m.goods.Pairs)
	if n == cap(m.goods.Pairs) {
		m.goods.Pairs = slices.Grow(m.goods.Pairs, 1)
	}
	m.goods.Pairs = m.goods.Pairs[:n+1]
	p := &m.goods.Pairs[n]
	p.Commodity, p.Exporter, p.Importer, p.Period = m.goods.Commodity, exporter, importer, period
	p.XKg, p.MKg = data.MissingKg, data.MissingKg
	p.XUSD, p.MUSD = data.FOB(data.MissingUSD), data.CIF(data.MissingUSD)
	p.Notes, p.State, p.Edition, p.Mode = 0, 0, data.EditionUnknown, 0
	m.pair, m.declared = p, 0
}

// aside keeps what is no corridor of its own: totals over partners, and the
// parts of declarations that are re-exports.
func (m *merger) aside(key uint64, d *declaration) {
	flow := data.Flow{
		Commodity: m.goods.Commodity.In(d.edition), Period: keyPeriod(key), Exporter: keyExporter(key),
		Importer: keyImporter(key), Direction: keyDirection(key), Value: d.usd, NetWeight: d.kg, Estimated: d.estimated,
	}
	if d.fob {
		flow.Valuation = data.ValuationFOB
	}
	if flow.Direction > data.Import {
		m.goods.Reexports = append(m.goods.Reexports, flow)
	} else {
		m.goods.Totals = append(m.goods.Totals, flow)
	}
}

func (m *merger) export(d *declaration) {
	p := m.pair
	p.XKg, p.XUSD, p.Mode = d.kg, data.FOB(d.usd), d.mode
	m.carried = m.carried || d.mode != 0
	m.declared |= byExporter
	p.Edition = pool(p.Edition, d.edition)
	p.note(d.estimated, ExportWeightEstimated)
	p.note(d.parts, ExportFromParts)
	p.note(d.repeated, ExportRepeated)
}

func (m *merger) imports(d *declaration) {
	p := m.pair
	p.MKg, p.MUSD = d.kg, data.CIF(d.usd)
	if d.mode != 0 { // the importer has the goods before it
		p.Mode, m.carried = d.mode, true
	}
	m.declared |= byImporter
	p.Edition = pool(p.Edition, d.edition)
	p.note(d.estimated, ImportWeightEstimated)
	p.note(d.parts, ImportFromParts)
	p.note(d.repeated, ImportRepeated)
	p.note(d.fob || reference.ImportsFOB(data.Economy(p.Importer), p.Period.Year()), ImportFOB)
}

// finish finishes the last pair, and the lanes.
func (m *merger) finish() {
	m.flush()
	if m.carried {
		carry(m.goods.Pairs)
	}
}

// flush finishes the pair at hand.
func (m *merger) flush() {
	p := m.pair
	if p == nil {
		return
	}
	p.State = m.state(p)
	p.note(p.Edition == data.EditionMixed, EditionsPooled)
	p.note(data.Economy(p.Exporter) == data.Unallocated || data.Economy(p.Importer) == data.Unallocated, PartnerUnstated)
	p.note(p.State == Both && isImputed(p, m.imputed), ImputedMirror)
	m.pair = nil
}

func (m *merger) state(p *Pair) State {
	switch m.declared {
	case byExporter | byImporter:
		return Both
	case byExporter:
		if m.spoke(data.Economy(p.Importer), data.Import, p.Period) {
			return ExportOnly
		}
		return ImporterSilent
	}
	if m.spoke(data.Economy(p.Exporter), data.Export, p.Period) {
		return ImportOnly
	}
	return ExporterSilent
}

// spoke says whether an economy could have declared a corridor: it published
// that direction and period, and gives codes as fine as those compared.
func (m *merger) spoke(e data.Economy, direction data.Direction, period data.Period) bool {
	return m.presence.has(e, direction, period) && !m.absent[e]
}

// imputedFrom is the smallest value at which an exact ratio says anything:
// small round sums agree by accident.
const imputedFrom = 10_000 * 100

// isImputed tells an estimate copied from the partner: a value ratio of 1, 1.06
// or 1/1.06 within the tolerance, and a weight ratio of 1 where both sides state
// a weight (methods: 14 to 17% of the "matched" pairs of the IMF are such).
func isImputed(p *Pair, tolerance float64) bool {
	if p.XUSD < imputedFrom || p.MUSD < imputedFrom {
		return false
	}
	if x, m := int64(p.XUSD), int64(p.MUSD); m < x-x/8 || x < m-m/8 {
		return false // nowhere near: 1/1.06 is the farthest, and the tolerance small
	}
	if p.XKg > 0 && p.MKg > 0 && math.Abs(float64(p.MKg)/float64(p.XKg)-1) > tolerance {
		return false
	}
	ratio := float64(p.MUSD) / float64(p.XUSD)
	for _, exact := range [...]float64{1, 1.06, 1 / 1.06} {
		if math.Abs(ratio/exact-1) <= tolerance {
			return true
		}
	}
	return false
}
