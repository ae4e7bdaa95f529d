package simulate

import (
	"math"

	"counterflow/data"
)

// plantLookAlike makes one honest event happen.
func (w *World) plantLookAlike(p *planned, r *random) bool {
	switch p.kind {
	case MethodChange:
		return w.changeMethod(p, r)
	case HubStep:
		return w.stepHub(p, r)
	case LateArrivals:
		return w.delayArrivals(p, r)
	case PriceDoubling:
		return w.doublePrice(p, r)
	case TraderStart, TraderExtra:
		return w.startTrader(p, r)
	case TraderEnd:
		return w.endTrader(p, r)
	case NewProducer:
		return w.openMine(p, r)
	case SupplierChange:
		return w.changeSupplier(p, r)
	case SisterMove:
		return w.moveToSister(p, r)
	case YearEndLump:
		return w.lumpYears(p, r)
	case PartnerUnknown:
		return w.forgetPartners(p, r)
	}
	return false
}

// changeMethod shifts all lanes of one reporter and flow by 12 to 35%, or those
// of one family.
func (w *World) changeMethod(p *planned, r *random) bool {
	s := shift{direction: data.Direction(r.pick(2)), start: p.start}
	oneFamily := r.chance(0.5)
	// A change on one or two lanes could not be told from a case.
	l := w.search(r, func(l *lane) bool {
		s.reporter, s.family = l.from, ""
		if s.direction == data.Import {
			s.reporter = l.to
		}
		if oneFamily {
			s.family = w.goods[l.good].family
		}
		return w.lanesUnder(&s) >= 8
	})
	if l == nil {
		return false
	}
	p.share = r.between(0.12, 0.35)
	s.log = math.Log1p(p.share)
	if r.chance(0.5) {
		s.log = -s.log
	}
	w.shifts = append(w.shifts, s)
	p.end = w.horizon - 1
	if s.direction == data.Export {
		p.from = s.reporter
	} else {
		p.to = s.reporter
	}
	return true
}

// lanesUnder counts the lanes that a change of method would move.
func (w *World) lanesUnder(s *shift) int {
	n := 0
	for _, l := range w.ranked {
		reporter := l.from
		if s.direction == data.Import {
			reporter = l.to
		}
		if reporter == s.reporter && (s.family == "" || w.goods[l.good].family == s.family) {
			n++
		}
	}
	return n
}

// stepHub moves the share that passes the hub, or the share of it whose
// destination the exporter knows, from one month on.
func (w *World) stepHub(p *planned, r *random) bool {
	l := w.search(r, func(l *lane) bool { return l.hub >= 0 && w.ordinaryLane(l) })
	if l == nil {
		return false
	}
	p.take(l)
	p.via, p.end = l.hub, w.horizon-1
	step := r.between(1.2, 2.5)
	if r.chance(0.5) {
		step = -step
	}
	path := l.hubShare
	if r.chance(0.5) {
		path = l.known
	}
	for m := p.start; m < w.horizon; m++ {
		path[m] = logistic(math.Log(path[m]/(1-path[m])) + step)
	}
	l.used = true
	return true
}

// delayArrivals adds some weeks to every passage between two economies for a
// spell.
func (w *World) delayArrivals(p *planned, r *random) bool {
	l := w.search(r, func(l *lane) bool { return l.transport == bySea })
	if l == nil || w.strength(Transit) == 0 {
		return false
	}
	p.from, p.to = l.from, l.to
	p.end = min(p.start+r.count(1, 4), w.horizon-1)
	days := r.between(18, 35)
	p.share = days / 30
	for _, other := range w.ranked {
		if other.from != l.from || other.to != l.to || other.transport != bySea {
			continue
		}
		for m := p.start; m <= p.end; m++ {
			other.passage[m] += days
		}
	}
	return true
}

// moveToSister lets both sides of a lane book part of it under a sister code
// from the same month on.
func (w *World) moveToSister(p *planned, r *random) bool {
	l := w.search(r, func(l *lane) bool { return w.ordinaryLane(l) })
	if l == nil {
		return false
	}
	other := w.disguise(l, r)
	if other < 0 {
		return false
	}
	p.take(l)
	p.other, p.end = other, w.horizon-1
	l.effects = append(l.effects, effect{id: p.id, kind: SisterMove, start: p.start, end: p.end, share: p.share, other: other})
	l.used = true
	return true
}

// forgetPartners lets a reporter book a good without partner for some months.
func (w *World) forgetPartners(p *planned, r *random) bool {
	l := w.search(r, func(l *lane) bool { return w.ordinaryLane(l) })
	if l == nil {
		return false
	}
	p.good, p.share = l.good, 1
	p.end = min(p.start+r.count(2, 5), w.horizon-1)
	s := spell{reporter: l.to, good: l.good, direction: data.Import, start: p.start, end: p.end}
	p.to = l.to
	if r.chance(0.5) {
		s.reporter, s.direction = l.from, data.Export
		p.from, p.to = l.from, -1
	}
	w.spells = append(w.spells, s)
	return true
}
