package simulate

import (
	"fmt"
	"slices"

	"counterflow/data"
)

// Event is a dated measure. Some come shortly before a diversion or a stock
// build, some before nothing.
type Event struct {
	ID          string
	Announced   data.Period
	Effective   data.Period
	End         data.Period // none where open
	Actor       data.Economy
	Target      data.Economy // none for the world
	Commodities []data.Commodity
	Instrument  string
}

// Events draws the measures that precede some of the planted diversions and
// stock builds, and as many again that precede nothing.
func (w *World) Events() []Event {
	var all []Event
	odds := map[Kind]float64{Reroute: 0.7, OriginSwitch: 0.5, StockBuild: 0.4}
	for _, p := range w.plan {
		r := w.seed.from("event "+p.id, 0)
		if r.chance(odds[p.kind]) {
			actor := p.from
			if actor < 0 {
				actor = p.lanes[0].from
			}
			all = append(all, w.event(&r, p.good, actor, p.to, p.start-r.count(0, 3)))
		}
	}
	for i := range len(all) + 2 {
		r := w.seed.from("idle event", uint64(i))
		l := w.ranked[r.pick(len(w.ranked))]
		all = append(all, w.event(&r, l.good, l.from, l.to, r.count(lead+3, w.horizon-2)))
	}
	all = slices.DeleteFunc(all, func(e Event) bool { return e.Announced >= w.period(w.published) })
	slices.SortStableFunc(all, func(a, b Event) int { return int(a.Effective) - int(b.Effective) })
	for i := range all {
		all[i].ID = fmt.Sprintf("SIM-%03d", i+1)
	}
	return all
}

func (w *World) event(r *random, good, actor, target, month int) Event {
	month = max(month, lead)
	e := Event{Effective: w.period(month), Announced: w.period(month - r.count(0, 3)), Actor: w.economies[actor].id,
		Commodities: []data.Commodity{w.goods[good].id}, Instrument: "export licence"}
	if r.chance(0.5) {
		e.Target = w.economies[target].id
	}
	if r.chance(0.3) {
		for i := range w.goods {
			if i != good && w.goods[i].family == w.goods[good].family {
				e.Commodities = append(e.Commodities, w.goods[i].id)
			}
		}
	}
	return e
}
