package simulate

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"

	"counterflow/data"
)

func (w *World) writeBalances(t *table) {
	t.head("country,commodity,period,item,kg,basis")
	for _, b := range w.Balances() {
		t.line(b.Economy.String(), b.Commodity.Code(), b.Period.String(), b.Item, b.Kg.Text(), b.Basis)
	}
}

func (w *World) writeEvents(t *table) {
	t.head("event_id,date_announced,date_effective,date_end,actor,target,commodities,instrument,source")
	for _, e := range w.Events() {
		target := "world"
		if e.Target != 0 {
			target = e.Target.String()
		}
		t.line(e.ID, e.Announced.String(), e.Effective.String(), e.End.String(), e.Actor.String(), target, codes(e.Commodities), e.Instrument, "simulated")
	}
}

func (w *World) writeConsignments(t *table) {
	t.head("date,exporter,importer,commodity,shipper,consignee,net_kg,value_usd")
	for i := range w.parcels.records {
		c := &w.parcels.records[i]
		t.line(fmt.Sprintf("%s-%02d", w.period(c.Month), c.Day), c.Exporter.String(), c.Importer.String(), c.Commodity.Code(),
			c.Shipper, c.Consignee, c.NetWeight.Text(), c.Value.Text())
	}
}

// writeConsignmentsTruth names the case of every planted line of
// consignments.csv; line 1 is its header.
func (w *World) writeConsignmentsTruth(t *table) {
	t.head("line,id")
	for i := range w.parcels.records {
		if id := w.parcels.records[i].Case; id != "" {
			t.line(strconv.Itoa(i+2), id)
		}
	}
}

func (w *World) writeThresholds(t *table) {
	t.head("commodity,threshold_kg")
	for i := range w.goods {
		if limit, ok := w.parcels.thresholds[i]; ok {
			t.line(w.goods[i].code, data.Kilograms(limit).Text())
		}
	}
}

func (w *World) writeTruth(t *table) {
	t.head("id,kind,commodity,related_commodity,exporter,importer,via,start,end,share,kg,usd,months_seen,seen_kg,seen_usd,z")
	for i := range w.Truth {
		r := &w.Truth[i]
		z := ""
		if !math.IsNaN(r.Z) {
			z = strconv.FormatFloat(math.Min(r.Z, 9999), 'f', 2, 64)
		}
		t.line(r.ID, string(r.Kind), r.Commodity.Code(), r.Related.Code(), r.Exporter.String(), r.Importer.String(), r.Via.String(),
			r.Start.String(), r.End.String(), strconv.FormatFloat(r.Share, 'f', 4, 64), r.Kg.Text(), r.USD.Text(),
			strconv.Itoa(r.MonthsSeen), r.SeenKg.Text(), r.SeenUSD.Text(), z)
	}
}

func (w *World) writeSlips(t *table, slips []Slip) {
	t.head("id,reporter,flow,commodity,exporter,importer,start,end,factor")
	slices.SortStableFunc(slips, func(a, b Slip) int {
		return cmp.Or(cmp.Compare(a.Commodity, b.Commodity), cmp.Compare(a.Exporter, b.Exporter), cmp.Compare(a.Importer, b.Importer),
			cmp.Compare(a.Direction, b.Direction), cmp.Compare(a.Start, b.Start))
	})
	for i, s := range slips {
		t.line(fmt.Sprintf("slip-%04d", i+1), s.Reporter.String(), s.Direction.String(), s.Commodity.Code(), s.Exporter.String(), s.Importer.String(),
			s.Start.String(), s.End.String(), strconv.FormatFloat(s.Factor, 'g', 8, 64))
	}
}

// writeTrueFlows writes what moved from origin to buyer by month of departure,
// with the hub or third economy that part of it passed.
func (w *World) writeTrueFlows(t *table) {
	t.head("commodity,period,exporter,importer,via,kg,usd")
	lanes := slices.Clone(w.lanes)
	slices.SortFunc(lanes, func(a, b *lane) int {
		return cmp.Or(cmp.Compare(w.goods[a.good].id, w.goods[b.good].id), cmp.Compare(w.economies[a.from].id, w.economies[b.from].id),
			cmp.Compare(w.economies[a.to].id, w.economies[b.to].id))
	})
	breaks := w.monthOf(2022, 1)
	for _, l := range lanes {
		from, to := w.economies[l.from].iso, w.economies[l.to].iso
		for m := lead; m < w.published; m++ {
			if l.kg[m] == 0 {
				continue
			}
			code := w.goods[l.good].code
			if old := editionBreaks[code]; old != "" && m < breaks && w.on(Editions) {
				code = old
			}
			w.eachRoute(l, m, func(via string, share float64) {
				t.line(code, w.period(m).String(), from, to, via, data.Kilograms(l.kg[m]*share).Text(), data.Dollars(l.usd[m]*share).Text())
			})
		}
	}
}

// eachRoute visits the routes of one month of a lane: direct, by its hub, and by
// the third economy of a diversion. The shares sum to one.
func (w *World) eachRoute(l *lane, m int, visit func(via string, share float64)) {
	rest := 1.0
	for i := range l.effects {
		if share := l.effects[i].diverted(m); share > 0 {
			visit(w.economies[l.effects[i].via].iso, share)
			rest -= share
		}
	}
	if l.hub >= 0 {
		visit(w.economies[l.hub].iso, rest*l.hubShare[m])
		rest *= 1 - l.hubShare[m]
	}
	visit("", rest)
}
