// Package panel lays lanes out as monthly series, so that a lane can be held
// against its own history. In the order data moves:
//
//  1. Build makes one series a lane of what each side declared, month by month,
//     and tells "declared nothing" (0) from "cannot be known" (NaN): a silent
//     reporter, a missing weight, a month whose partner was not stated.
//  2. Repair finds weights that are off by a unit of measure and sets them
//     right, with a list of what was changed.
//  3. Carry moves the exporter's series to the months of arrival.
package panel

import (
	"math"
	"slices"

	"counterflow/data"
	"counterflow/reconcile/mirror"
	"counterflow/reconcile/timing"
)

// Lane is one commodity, exporter and importer over all months of a panel. The
// series have one value a month: kilograms and dollars, 0 where the reporter
// spoke and declared nothing on this lane, NaN where nothing can be known.
type Lane struct {
	Goods    data.Commodity
	Exporter data.Exporter
	Importer data.Importer
	First    int // index of its first pair in the table of pairs
	Pairs    int // number of its pairs

	XKg, MKg   []float64
	XUSD, MUSD []float64
	Parted     []bool // the two sides use different editions of the Harmonised System
	// ImporterNewer says that in such months the importer's is mostly the newer.
	ImporterNewer bool
	// Turn is the first month of another edition in the importer's declarations of a
	// commodity whose content changed; 0 for none. Levels before and after are of
	// different goods.
	Turn       int
	Lag        timing.Lag // how long its goods travel, see Carry
	Arrived    []float64  // XKg by month of arrival
	ArrivedUSD []float64
}

// Panel is every lane over the same months.
type Panel struct {
	Start  data.Period
	Months int
	Lanes  []Lane
}

// Input is what Prepare takes: tables as the mirror engine gives them, and how long
// goods travel.
type Input struct {
	Pairs    []mirror.Pair
	Coverage []mirror.Coverage
	Editions map[data.Commodity]data.Editions
	Timings  *timing.Model // of the same pairs; fitted to them where nil
}

// Prepare builds the panel and makes its lanes comparable: months that cannot be
// known are taken out, slips of units repaired and listed, and exporters' series
// carried to the months of arrival.
func Prepare(in Input) (*Panel, []Slip) {
	p := Build(in)
	Flat(p)
	Revisions(p, in.Editions)
	slips := Repair(p)
	if in.Timings == nil {
		in.Timings = timing.Fit(in.Pairs, in.Coverage, timing.Settings{})
	}
	Carry(p, in.Pairs, in.Timings)
	return p, slips
}

// Period gives the month with index t.
func (p *Panel) Period(t int) data.Period { return p.Start.Add(t) }

// Build lays out all lanes of monthly data. Annual data, and fewer than two
// months, give an empty panel. Lanes with the unallocated bucket at one end are
// no corridors and stay out.
func Build(in Input) *Panel {
	p := &Panel{}
	known := presenceOf(in.Coverage, p)
	if p.Months < 2 {
		return &Panel{}
	}
	unstated := unstatedOf(in.Pairs, p)
	hidden := hiddenOf(in.Pairs, p)
	for from, pairs := range mirror.Lanes(in.Pairs) {
		first := &pairs[0]
		if first.Period.Monthly() && data.Economy(first.Exporter) != data.Unallocated && data.Economy(first.Importer) != data.Unallocated && !confidential(first.Commodity) {
			l := p.lane(pairs, known, in.Editions[first.Commodity])
			l.First, l.Pairs = from, len(pairs)
			unstated.blank(&l)
			hidden.blank(&l)
			p.Lanes = append(p.Lanes, l)
		}
	}
	return p
}

// confidential says whether a code stands for goods that an office does not
// name: 99, 9999 and 999999 gather whatever is hidden in a month, so their
// series say nothing.
func confidential(c data.Commodity) bool { return c.Code()[0] == '9' && c.Code()[1] == '9' }

// lane fills the four series of one lane.
func (p *Panel) lane(pairs []mirror.Pair, known *presence, editions data.Editions) Lane {
	l := Lane{Goods: pairs[0].Commodity, Exporter: pairs[0].Exporter, Importer: pairs[0].Importer}
	l.Parted = make([]bool, p.Months)
	newer, before := 0, data.EditionUnknown
	room := make([]float64, 4*p.Months)
	for i, to := range []*[]float64{&l.XKg, &l.MKg, &l.XUSD, &l.MUSD} {
		*to = room[i*p.Months : (i+1)*p.Months : (i+1)*p.Months]
	}
	for t := range p.Months {
		x, m := known.edition(data.Economy(l.Exporter), data.Export, t), known.edition(data.Economy(l.Importer), data.Import, t)
		if l.Parted[t] = x != m && x != data.EditionUnknown && m != data.EditionUnknown; l.Parted[t] {
			if m > x {
				newer++
			} else {
				newer--
			}
		}
		if m != data.EditionUnknown {
			if before != data.EditionUnknown && m != before && l.Turn == 0 {
				l.Turn = t
			}
			before = m
		}
		if !speaks(x, editions) || !known.spoke(data.Economy(l.Exporter), data.Export, t) {
			l.XKg[t], l.XUSD[t] = math.NaN(), math.NaN()
		}
		if !speaks(m, editions) || !known.spoke(data.Economy(l.Importer), data.Import, t) {
			l.MKg[t], l.MUSD[t] = math.NaN(), math.NaN()
		}
	}
	l.ImporterNewer = newer > 0
	for i := range pairs {
		t := pairs[i].Period.Index() - p.Start.Index()
		put(&pairs[i], t, &l)
	}
	return l
}

// speaks says whether a code can stand in a declaration of some edition: a code
// that nobody declares in an edition is taken not to exist there, so that its
// absence is no zero.
func speaks(edition data.Edition, editions data.Editions) bool {
	return edition == data.EditionUnknown || edition == data.EditionMixed || editions.Has(edition) || editions.Has(data.EditionUnknown)
}

// put writes one pair. An estimated weight is derived from the value by the
// office or the publisher: it is no weight, but the value stands.
func put(q *mirror.Pair, t int, l *Lane) {
	if q.State != mirror.ImportOnly && q.State != mirror.ExporterSilent {
		l.XUSD[t] = data.USD(q.XUSD).Float()
		l.XKg[t] = q.XKg.Float()
		if q.Notes.Has(mirror.ExportWeightEstimated) {
			l.XKg[t] = math.NaN()
		}
	}
	if q.State != mirror.ExportOnly && q.State != mirror.ImporterSilent {
		l.MUSD[t] = data.USD(q.MUSD).Float()
		l.MKg[t] = q.MKg.Float()
		if q.Notes.Has(mirror.ImportWeightEstimated) {
			l.MKg[t] = math.NaN()
		}
	}
	if q.Notes.Has(mirror.ImputedMirror) {
		// One side was copied from the other: one witness, no comparison.
		l.MKg[t], l.MUSD[t] = math.NaN(), math.NaN()
	}
}

// presence says who spoke in which month.
type presence struct {
	months   int
	cells    map[data.Economy][]bool // exports, then imports
	editions map[data.Economy][]data.Edition
}

func presenceOf(coverage []mirror.Coverage, p *Panel) *presence {
	first, last := data.Period(math.MaxUint16), data.Period(0)
	for i := range coverage {
		if c := &coverage[i]; c.Period.Monthly() {
			first, last = min(first, c.Period), max(last, c.Period)
		}
	}
	known := &presence{cells: map[data.Economy][]bool{}, editions: map[data.Economy][]data.Edition{}}
	if last == 0 {
		return known
	}
	p.Start, p.Months = first, last.Index()-first.Index()+1
	known.months = p.Months
	for i := range coverage {
		c := &coverage[i]
		if !c.Period.Monthly() || c.Presence != mirror.Reported {
			continue
		}
		cells := known.cells[c.Economy]
		if cells == nil {
			cells = make([]bool, 2*p.Months)
			known.cells[c.Economy] = cells
			known.editions[c.Economy] = make([]data.Edition, 2*p.Months)
		}
		at := int(c.Direction)*p.Months + c.Period.Index() - first.Index()
		cells[at] = true
		known.editions[c.Economy][at] = c.Edition
	}
	return known
}

func (k *presence) spoke(e data.Economy, direction data.Direction, t int) bool {
	cells := k.cells[e]
	return cells != nil && cells[int(direction)*k.months+t]
}

func (k *presence) edition(e data.Economy, direction data.Direction, t int) data.Edition {
	if k.editions[e] == nil {
		return data.EditionUnknown
	}
	return k.editions[e][int(direction)*k.months+t]
}

// unstated is what reporters booked under no single partner, by commodity and
// month, in dollars.
type unstated struct {
	months           int
	exports, imports map[side][]float64
}

type side struct {
	goods    data.Commodity
	reporter data.Economy
}

func unstatedOf(pairs []mirror.Pair, p *Panel) *unstated {
	u := &unstated{months: p.Months, exports: map[side][]float64{}, imports: map[side][]float64{}}
	for i := range pairs {
		q := &pairs[i]
		if !q.Notes.Has(mirror.PartnerUnstated) || !q.Period.Monthly() {
			continue
		}
		t := q.Period.Index() - p.Start.Index()
		if data.Economy(q.Importer) == data.Unallocated && q.XUSD > 0 {
			u.add(u.exports, side{q.Commodity, data.Economy(q.Exporter)}, t, q.XUSD.Float())
		}
		if data.Economy(q.Exporter) == data.Unallocated && q.MUSD > 0 {
			u.add(u.imports, side{q.Commodity, data.Economy(q.Importer)}, t, q.MUSD.Float())
		}
	}
	return u
}

func (u *unstated) add(to map[side][]float64, s side, t int, usd float64) {
	if to[s] == nil {
		to[s] = make([]float64, u.months)
	}
	to[s][t] += usd
}

// blank takes out the months in which a side's declarations may stand under no
// partner: the bucket holds more than usual, by a part of what the lane declares
// in a usual month.
func (u *unstated) blank(l *Lane) {
	u.blankSide(u.exports[side{l.Goods, data.Economy(l.Exporter)}], l.XUSD, l.XKg)
	u.blankSide(u.imports[side{l.Goods, data.Economy(l.Importer)}], l.MUSD, l.MKg)
}

// unstatedTimes is how many times its usual content the bucket must hold for a
// month to be unknown; unstatedLeast the share of a lane's usual month below
// which the bucket is too small to matter.
const (
	unstatedTimes = 2.5
	unstatedLeast = 0.5
)

func (u *unstated) blankSide(bucket, usd, kg []float64) {
	if bucket == nil {
		return
	}
	usualLane, usual := medianPositive(usd), medianOf(bucket)
	for t, held := range bucket {
		if held > unstatedTimes*usual && held >= unstatedLeast*usualLane {
			usd[t], kg[t] = math.NaN(), math.NaN()
		}
	}
}

func medianOf(x []float64) float64 {
	sorted := slices.Clone(x)
	slices.Sort(sorted)
	return sorted[len(sorted)/2]
}

func medianPositive(x []float64) float64 {
	var positive []float64
	for _, v := range x {
		if v > 0 {
			positive = append(positive, v)
		}
	}
	if len(positive) == 0 {
		return math.NaN()
	}
	slices.Sort(positive)
	return positive[len(positive)/2]
}
