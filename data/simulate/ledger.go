package simulate

import (
	"cmp"
	"math"
	"slices"

	"counterflow/data"
)

// lineKey is one declared line: what a reporter says of one good, direction
// and partner over the months.
type lineKey struct {
	good      int
	direction data.Direction
	reporter  int
	partner   int
}

// line is a declared line before any error of reporting.
type line struct {
	lineKey
	kg, usd []float64 // usd is FOB for exports and for importers that value so, else CIF
	again   []float64 // part of kg that is re-exported
	mode    int       // Comtrade mode of transport of its largest lane
}

// ledger is what all sides would write down if nobody erred: planted cases,
// routes and transit are in it, noise is not.
type ledger struct {
	world *World
	wants func(good int) bool
	lines map[lineKey]*line
}

// ledger writes down the lanes that touch the wanted goods.
func (w *World) ledger(wants func(good int) bool) *ledger {
	l := &ledger{world: w, wants: wants, lines: map[lineKey]*line{}}
	for _, lane := range w.lanes {
		if l.touches(lane) {
			l.write(lane)
		}
	}
	return l
}

// sorted gives the lines in a fixed order.
func (l *ledger) sorted() []*line {
	all := make([]*line, 0, len(l.lines))
	for _, ln := range l.lines {
		all = append(all, ln)
	}
	slices.SortFunc(all, func(a, b *line) int {
		return cmp.Or(cmp.Compare(a.good, b.good), cmp.Compare(a.reporter, b.reporter),
			cmp.Compare(a.direction, b.direction), cmp.Compare(a.partner, b.partner))
	})
	return all
}

func (l *ledger) touches(lane *lane) bool {
	if l.wants(lane.good) {
		return true
	}
	for i := range lane.effects {
		if lane.effects[i].kind == CodeSwitch || lane.effects[i].kind == SisterMove {
			if l.wants(lane.effects[i].other) {
				return true
			}
		}
	}
	return false
}

// parcel is a part of one month's trade of a lane.
type parcel struct{ kg, usd float64 }

func (p parcel) times(share float64) parcel { return parcel{p.kg * share, p.usd * share} }

// write books one lane: what goes by a third economy, what is left out or goes
// under another name, what passes the hub, and when it arrives.
func (l *ledger) write(lane *lane) {
	for m := range lane.kg {
		if lane.kg[m] == 0 {
			continue
		}
		all := parcel{lane.kg[m], lane.usd[m]}
		rest := 1.0
		for i := range lane.effects {
			e := &lane.effects[i]
			if share := e.diverted(m); share > 0 {
				l.divert(lane, e, m, all.times(share))
				rest -= share
			}
		}
		l.ordinary(lane, m, all.times(math.Max(rest, 0)))
	}
}

// ordinary books what goes the usual way, directly and by the hub.
func (l *ledger) ordinary(lane *lane, m int, p parcel) {
	s := lane.statement(m)
	named := 0.0
	if lane.hub >= 0 {
		named = lane.hubShare[m] * (1 - lane.known[m])
	}
	for _, good := range s.goods(lane.good) {
		declared := p.times(good.exported)
		declared.usd *= s.exportValue
		l.export(good.index, lane, lane.to, m, declared.times(1-named))
		if named > 0 {
			l.export(good.index, lane, lane.hub, m, declared.times(named))
		}
		arrived := p.times(good.imported)
		arrived.usd *= s.importValue
		l.arrive(good.index, lane.to, lane.from, lane, m, lane.passage[m], arrived, lane.margin)
	}
	if named > 0 && l.world.economies[lane.hub].general {
		l.passHub(lane, m, p.times(named))
	}
}

// passHub books what the hub records of goods in passage: an import by origin
// and a re-export. The importer behind it names the origin, not the hub.
func (l *ledger) passHub(lane *lane, m int, p parcel) {
	half := lane.passage[m] / 2
	l.arrive(lane.good, lane.hub, lane.from, lane, m, half, p, lane.margin*0.7)
	for _, a := range l.world.arrivals(m, half) {
		part := p.times(a.share)
		l.add(lineKey{lane.good, data.Export, lane.hub, lane.to}, a.month, part, part.kg, lane.transport)
	}
}

// divert books a diversion by a third economy: as many of the four half legs as
// the case leaves declared.
func (l *ledger) divert(lane *lane, e *effect, m int, p parcel) {
	w := l.world
	first, second := lane.passage[m]*0.8, 6*w.strength(Transit)
	if e.legs.firstExport {
		l.export(lane.good, lane, e.via, m, p)
	}
	if e.legs.keepsDestination {
		l.export(lane.good, lane, lane.to, m, p)
	}
	if e.legs.firstImport {
		l.arrive(lane.good, e.via, lane.from, lane, m, first, p, lane.margin*0.8)
	}
	for _, a := range w.arrivals(m, first) {
		part := p.times(a.share)
		part.usd *= 1 + e.markUp
		if e.legs.secondExport {
			l.add(lineKey{lane.good, data.Export, e.via, lane.to}, a.month, part, part.kg, lane.transport)
		}
		l.arrive(lane.good, lane.to, e.via, lane, a.month, second, part, lane.margin*0.5)
	}
}

func (l *ledger) export(good int, lane *lane, partner, m int, p parcel) {
	again := 0.0
	if lane.resale {
		again = p.kg
	}
	l.add(lineKey{good, data.Export, lane.from, partner}, m, p, again, lane.transport)
}

// arrive books an import by month of arrival, at the importer's valuation.
func (l *ledger) arrive(good, importer, partner int, lane *lane, m int, days float64, p parcel, margin float64) {
	if !l.world.economies[importer].fob {
		p.usd *= 1 + margin
	}
	for _, a := range l.world.arrivals(m, days) {
		l.add(lineKey{good, data.Import, importer, partner}, a.month, p.times(a.share), 0, lane.transport)
	}
}

func (l *ledger) add(key lineKey, m int, p parcel, again float64, mode int) {
	if p.kg <= 0 || !l.wants(key.good) || m >= l.world.horizon || key.reporter == key.partner {
		return
	}
	ln := l.lines[key]
	if ln == nil {
		n := l.world.horizon
		ln = &line{lineKey: key, kg: make([]float64, n), usd: make([]float64, n), mode: mode}
		l.lines[key] = ln
	}
	ln.kg[m] += p.kg
	ln.usd[m] += p.usd
	if again > 0 {
		if ln.again == nil {
			ln.again = make([]float64, l.world.horizon)
		}
		ln.again[m] += again
	}
}

// arrival is the share of a month's departures that arrives in one month.
type arrival struct {
	month int
	share float64
}

// arrivals spreads departures evenly over their month of 30 days: after d days
// of passage a share of 1 - d/30 (d below 30) arrives in the same month and the
// rest in the next, and so on for longer passages.
func (w *World) arrivals(m int, days float64) [2]arrival {
	whole, part := math.Modf(days / 30)
	first := m + int(whole)
	return [2]arrival{{first, 1 - part}, {first + 1, part}}
}
