package simulate

import (
	"cmp"
	"fmt"
	"slices"
)

// planned is a planted case or look-alike with the lanes that it touches.
type planned struct {
	id         string
	kind       Kind
	good       int // -1 for all goods
	other      int // related good, -1 for none
	from, to   int // -1 where the kind names no exporter or importer
	via        int // third economy of a diversion, hub of a lane that has one, -1 for none
	start, end int // months of departure, both included
	share      float64
	lanes      []*lane
	added      [][]float64 // mass added to each lane by month where a kind adds some
}

// drawPlan picks lanes and windows for every planted case and look-alike, and
// makes the look-alikes that change real trade happen.
func (w *World) drawPlan() {
	w.ranked = slices.Clone(w.lanes)
	slices.SortFunc(w.ranked, func(a, b *lane) int {
		return cmp.Or(cmp.Compare(a.good, b.good), cmp.Compare(a.from, b.from), cmp.Compare(a.to, b.to))
	})
	w.byBuyer, w.byGood = map[[2]int][]*lane{}, make([][]*lane, len(w.goods))
	for _, l := range w.ranked {
		buyer := [2]int{l.good, l.to}
		w.byBuyer[buyer] = append(w.byBuyer[buyer], l)
		w.byGood[l.good] = append(w.byGood[l.good], l)
	}
	for _, kind := range append(slices.Clone(PlantedKinds), LookAlikeKinds...) {
		n := w.Settings.Planted[kind] + w.Settings.LookAlikes[kind]
		for i := range n {
			p := w.draft(kind, i)
			if w.plant(p) {
				w.plan = append(w.plan, p)
			}
		}
	}
}

// draft draws what a case of any kind has: an id, a window and a share. Shares
// (0.15 to 0.95) and lengths (3 to 23 months, at most half of the world) are
// spread evenly over their ranges, so that every stratum of the score has cases.
// Windows begin after a fifth of the months, at least six. The kinds change
// share or length where they have ranges of their own.
func (w *World) draft(kind Kind, i int) *planned {
	r := w.seed.from("draft "+string(kind), uint64(i))
	p := &planned{id: fmt.Sprintf("%s-%03d", kind, i+1), kind: kind, good: -1, other: -1, from: -1, to: -1, via: -1}
	strata := [][2]float64{{0.15, 0.3}, {0.3, 0.5}, {0.5, 0.7}, {0.7, 0.95}}
	s := strata[(i+r.pick(2)*2)%len(strata)]
	p.share = r.between(s[0], s[1])
	lengths := [][2]int{{3, 5}, {6, 11}, {12, 23}}
	span := lengths[(i/2+r.pick(3))%len(lengths)]
	length := min(r.count(span[0], span[1]), w.Settings.Months/2)
	earliest := lead + max(6, w.Settings.Months/5)
	p.start = r.count(earliest, max(w.horizon-length, earliest))
	p.end = min(p.start+length-1, w.horizon-1)
	return p
}

// plant finds a place for the case; false where the world has none left.
func (w *World) plant(p *planned) bool {
	r := w.seed.from("place "+p.id, 0)
	switch p.kind {
	case MissingExport, MissingImport, ValueGap, CodeSwitch:
		return w.plantLane(p, &r)
	case OriginSwitch, Reroute:
		return w.plantDiversion(p, &r)
	case StockBuild, DemandBoom:
		return w.plantSurge(p, &r)
	case SplitConsignment, RoundLots:
		return w.plantParcels(p, &r)
	}
	return w.plantLookAlike(p, &r)
}

// search draws unused lanes until one suits.
func (w *World) search(r *random, suits func(*lane) bool) *lane {
	for range 4000 {
		if l := w.ranked[r.pick(len(w.ranked))]; !l.used && suits(l) {
			return l
		}
	}
	return nil
}

// ordinaryLane says whether a case can be planted on a lane: it trades in more
// than 60% of the months, 25,000 dollars' worth or more in the mean, under a code
// that no edition changes. Hubs and silent reporters are no obstacle.
func (w *World) ordinaryLane(l *lane) bool {
	return l.active > 0.6 && l.base*w.goods[l.good].unitValue > 25_000 && editionBreaks[w.goods[l.good].code] == ""
}

// plantLane plants a case on a single lane.
func (w *World) plantLane(p *planned, r *random) bool {
	l := w.search(r, func(l *lane) bool { return w.ordinaryLane(l) && !l.resale })
	if l == nil {
		return false
	}
	p.take(l)
	if l.hub >= 0 && w.on(Entrepot) {
		p.via = l.hub
	}
	e := effect{id: p.id, kind: p.kind, start: p.start, end: p.end, share: p.share}
	switch p.kind {
	case MissingImport:
		e.atImporter = true
	case ValueGap:
		e.atImporter = r.chance(0.4)
	case CodeSwitch:
		e.atImporter = r.chance(0.3)
		if e.other = w.disguise(l, r); e.other < 0 {
			return false
		}
		p.other = e.other
	}
	l.effects = append(l.effects, e)
	l.used = true
	return true
}

func (p *planned) take(l *lane) {
	p.good, p.from, p.to = l.good, l.from, l.to
	p.lanes = append(p.lanes, l)
}

// disguise is the good under whose name others travel: in half of the cases a
// sister of the family, else a cheap code that lies elsewhere.
func (w *World) disguise(l *lane, r *random) int {
	own := &w.goods[l.good]
	sister := r.chance(0.5)
	for pass := range 2 {
		var fit []int
		for i := range w.goods {
			g := &w.goods[i]
			if i == l.good || editionBreaks[g.code] != "" || g.calm != own.calm {
				continue
			}
			if pass == 1 || (g.family == own.family) == sister && (sister || g.family == coverFamily) {
				fit = append(fit, i)
			}
		}
		if len(fit) > 0 {
			return fit[r.pick(len(fit))]
		}
	}
	return -1
}

// plantSurge raises what an economy buys by 40 to 150% for four months or more:
// into stocks in a planted case, into use in a boom.
func (w *World) plantSurge(p *planned, r *random) bool {
	var into []*lane
	l := w.search(r, func(l *lane) bool {
		if !w.ordinaryLane(l) || w.economies[l.to].entrepot || w.goods[l.good].makes(l.to) || w.goods[l.good].calm {
			return false
		}
		into = w.byBuyer[[2]int{l.good, l.to}]
		return len(into) >= 2 && !slices.ContainsFunc(into, func(other *lane) bool { return other.used })
	})
	if l == nil {
		return false
	}
	p.good, p.to = l.good, l.to
	p.share = r.between(0.4, 1.5)
	p.end = min(max(p.end, p.start+3), w.horizon-1)
	for _, lane := range into {
		lane.used = true
		p.lanes = append(p.lanes, lane)
		added := make([]float64, w.horizon)
		for m := p.start; m <= p.end; m++ {
			added[m] = lane.kg[m] * p.share
			w.move(lane, m, added[m])
		}
		p.added = append(p.added, added)
		if lane.resale {
			w.supply(lane.good, lane.from, added)
		}
	}
	return true
}
