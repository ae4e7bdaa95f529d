package simulate

// plantDiversion plants an origin switch or a reroute: the good leaves a
// producer, passes a third economy that makes none, and reaches its buyer.
func (w *World) plantDiversion(p *planned, r *random) bool {
	l := w.search(r, func(l *lane) bool { return w.ordinaryLane(l) && !l.resale && !w.economies[l.to].entrepot })
	if l == nil {
		return false
	}
	before := r.chance(0.5)
	if p.via = w.thirdEconomy(l, before, r); p.via < 0 {
		return false
	}
	p.take(l)
	e := effect{id: p.id, kind: p.kind, start: p.start, end: p.end, share: p.share, via: p.via, markUp: r.between(0, 0.15)}
	if e.legs = (legs{firstExport: true, firstImport: true, secondExport: true}); p.kind == OriginSwitch {
		e.legs = drawLegs(r)
	}
	l.effects = append(l.effects, e)
	l.used = true
	for _, leg := range [][2]int{{l.from, p.via}, {p.via, l.to}} {
		on := w.laneIndex[laneAt{l.good, leg[0], leg[1]}]
		if on == nil && before {
			on = w.addLane(l.good, leg[0], leg[1], l.base*w.goods[l.good].unitValue*r.between(0.03, 0.2))
			w.drawAmounts(on)
			if on.resale {
				w.supply(on.good, p.via, on.kg)
			}
		}
		if on != nil {
			on.used = true
		}
	}
	return true
}

// drawLegs draws which halves of a relabelled diversion are declared.
func drawLegs(r *random) legs {
	all := []legs{
		{firstExport: true, secondExport: true},      // the third economy records the departure only
		{secondExport: true},                         // the first leg is declared by nobody
		{firstImport: true, secondExport: true},      // the exporter leaves it out
		{keepsDestination: true, secondExport: true}, // the exporter names the buyer
		{firstExport: true},                          // the third economy records nothing
	}
	return all[r.pick(len(all))]
}

// thirdEconomy draws an economy that makes none of the good, already in that
// trade or not.
func (w *World) thirdEconomy(l *lane, before bool, r *random) int {
	var fit, any []int
	for v := range w.economies {
		if v == l.from || v == l.to || w.goods[l.good].makes(v) || w.economies[v].entrepot {
			continue
		}
		in, out := w.laneIndex[laneAt{l.good, l.from, v}], w.laneIndex[laneAt{l.good, v, l.to}]
		if in != nil && in.used || out != nil && out.used {
			continue
		}
		any = append(any, v)
		if (out != nil) == before {
			fit = append(fit, v)
		}
	}
	if len(fit) > 0 {
		return fit[r.pick(len(fit))]
	}
	if len(any) > 0 {
		return any[r.pick(len(any))]
	}
	return -1
}
