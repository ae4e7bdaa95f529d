package simulate

import (
	"math"

	"counterflow/data"
)

// Truth is what was planted, or an honest event that looks like it.
type Truth struct {
	ID         string
	Kind       Kind
	Commodity  data.Commodity // none where all goods are concerned
	Related    data.Commodity // the other code, none where there is none
	Exporter   data.Exporter
	Importer   data.Importer
	Via        data.Economy // third economy of a diversion, hub of another lane that has one
	Start, End data.Period  // months of departure
	Share      float64      // of the lane's trade; as an increase for stock builds and booms
	Kg         data.Kg      // over the window; for a value gap the mass traded
	USD        data.USD     // at the exporter's border; for a value gap the value left out
	MonthsSeen int          // months with trade in which the reporters concerned spoke
	SeenKg     data.Kg
	SeenUSD    data.USD
	Z          float64 // see zScore; NaN where it is not defined
}

// truth sums up the plan, once everything that changes trade has happened.
func (w *World) truth() []Truth {
	var all []Truth
	for _, p := range w.plan {
		if p.start >= w.published {
			continue
		}
		t := Truth{ID: p.id, Kind: p.kind, Start: w.period(max(p.start, lead)), End: w.period(w.lastOf(p)), Share: p.share, Z: math.NaN()}
		if p.good >= 0 {
			t.Commodity = w.goods[p.good].id
		}
		if p.other >= 0 {
			t.Related = w.goods[p.other].id
		}
		if p.from >= 0 {
			t.Exporter = data.Exporter(w.economies[p.from].id)
		}
		if p.to >= 0 {
			t.Importer = data.Importer(w.economies[p.to].id)
		}
		if p.via >= 0 {
			t.Via = w.economies[p.via].id
		}
		w.weigh(p, &t)
		if p.kind.Planted() {
			t.Z = w.zScore(p)
		}
		all = append(all, t)
	}
	return all
}

// lastOf is the last month of a case that lies before the end of publication.
func (w *World) lastOf(p *planned) int { return min(p.end, w.published-1) }

// weigh sums a case over its window, and over the part of it that was seen.
func (w *World) weigh(p *planned, t *Truth) {
	if p.kind == SplitConsignment || p.kind == RoundLots {
		w.weighParcels(p, t)
		return
	}
	var kg, usd, seenKg, seenUSD float64
	for m := max(p.start, lead); m <= w.lastOf(p); m++ {
		mass, value := w.amount(p, m)
		kg, usd = kg+mass, usd+value
		if mass > 0 && w.seen(p, m) {
			t.MonthsSeen++
			seenKg, seenUSD = seenKg+mass, seenUSD+value
		}
	}
	if len(p.lanes) == 0 {
		t.Kg, t.USD, t.SeenKg, t.SeenUSD = data.MissingKg, data.MissingUSD, data.MissingKg, data.MissingUSD
		return
	}
	t.Kg, t.USD = data.Kilograms(kg), data.Dollars(usd)
	t.SeenKg, t.SeenUSD = data.Kilograms(seenKg), data.Dollars(seenUSD)
}

// amount is what a case concerns in one month of departure.
func (w *World) amount(p *planned, m int) (kg, usd float64) {
	for i, l := range p.lanes {
		share := p.share
		switch p.kind {
		case StockBuild, DemandBoom:
			if l.kg[m] == 0 {
				continue
			}
			share = p.added[i][m] / l.kg[m]
		case ValueGap:
			kg += l.kg[m]
			if value := l.usd[m] * p.share; l.effectOf(p.id).atImporter && !w.economies[l.to].fob {
				usd += value * (1 + l.margin)
			} else {
				usd += value
			}
			continue
		case MissingExport, MissingImport, CodeSwitch, OriginSwitch, Reroute, SisterMove:
		default:
			share = 1
		}
		kg, usd = kg+l.kg[m]*share, usd+l.usd[m]*share
	}
	return kg, usd
}

func (l *lane) effectOf(id string) *effect {
	for i := range l.effects {
		if l.effects[i].id == id {
			return &l.effects[i]
		}
	}
	return nil
}

// seen says whether the reporters whose declarations make the case visible
// spoke: both sides of the lane, the third economy where its declarations
// belong to the case, the importer alone for stocks.
func (w *World) seen(p *planned, m int) bool {
	l := p.lanes[0]
	arrival := m + int(l.passage[m]/30+0.5)
	importer := w.speaksOf(lineKey{l.good, data.Import, l.to, l.from}, arrival)
	exporter := w.speaksOf(lineKey{l.good, data.Export, l.from, l.to}, m)
	switch p.kind {
	case StockBuild, DemandBoom:
		return importer
	case Reroute:
		return importer && exporter && w.economies[p.via].speaks(arrival, w.published)
	case ValueGap:
		return importer && exporter && w.weighs(lineKey{l.good, data.Import, l.to, l.from}) && w.weighs(lineKey{l.good, data.Export, l.from, l.to})
	}
	return importer && exporter
}

func (w *World) speaksOf(k lineKey, m int) bool {
	return m < w.published && w.economies[k.reporter].speaks(m, w.published) && !w.confidential(k, m) && !w.unknownAt(k, m) &&
		!w.fateOf(k).always
}

// weighs says whether the line carries weights of its own.
func (w *World) weighs(k lineKey) bool {
	f := w.fateOf(k)
	return !f.weightless && !f.estimated
}
