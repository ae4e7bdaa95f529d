package reports

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"counterflow/data"
	"counterflow/reconcile/cases"
	"counterflow/reconcile/mirror"
	"counterflow/reports/chart"
	"counterflow/reports/page"
	"counterflow/reports/wording"
)

// scored is one commodity on the scoreboard.
type scored struct {
	goods      data.Commodity
	sum        laneSum
	lanes      int
	assessable int // lanes
	found      int // cases
	listed     int
	excess     data.Kg // of the cases found, missing where none states a weight
}

// scoreMost is how many commodities the scoreboard shows.
const scoreMost = 25

// scoreboard is the state of each commodity on a line, those with cases first.
func (r *report) scoreboard() {
	r.Section("Scoreboard")
	rows := r.scores()
	if len(rows) == 0 {
		r.Text(page.Plain("No commodity was declared by anybody, so there is none to list."))
		return
	}
	intro := "One line for each commodity, those with cases first, then by declared value. Amounts are sums over the lanes and periods that can be assessed, as declared, slips of units included; the index is (X−M)/(X+M), in weight where both sides give one, else in value."
	if len(rows) > scoreMost {
		intro += fmt.Sprintf(" Shown: %d of %s commodities.", scoreMost, wording.Count(int64(len(rows))))
	}
	r.Text(page.Plain(intro))
	cover := r.cover()
	if len(cover) == 0 {
		r.Text(page.Plain("Months of cover are not shown: no balance of supply and use was given with the run."))
	}
	t := page.Table{Sorted: true, Columns: []page.Column{
		{Head: "Goods", Width: 0.27}, {Head: "Both sides", Width: 0.13}, {Head: "Lanes", Width: 0.08, Right: true}, {Head: "Exports", Width: 0.11, Right: true},
		{Head: "Imports", Width: 0.11, Right: true}, {Head: "Index", Width: 0.08, Right: true}, {Head: "Cases", Width: 0.08, Right: true},
		{Head: "Excess weight", Width: 0.14, Right: true},
	}}
	for _, s := range rows[:min(scoreMost, len(rows))] {
		t.Rows = append(t.Rows, r.scoreRow(s, cover[s.goods]))
	}
	r.Table(t)
	r.Small(page.Plain("Both sides: exports in blue, imports in orange, period by period, in weight where weights are given. Lanes: those that can be assessed, of all below. Cases: those found, of all listed below. Excess weight: that of the cases found, as far as they state one; their intervals stand in the dossiers and are not added up."))
}

func (r *report) scoreRow(s scored, cover string) []page.Cell {
	index := s.sum.index(true)
	shown := wording.Missing
	if !math.IsNaN(index) {
		shown = wording.Number(math.Round(100*index) / 100)
	}
	both := func(kg data.Kg, usd data.USD) page.Cell {
		return page.Cell{Text: wording.Mass(kg.Float()), Under: wording.Money(usd.Float()), Key: key(kg.Float())}
	}
	return []page.Cell{
		{Text: upperFirst(r.options.goods(s.goods)), Under: cover, To: goodsTarget(s.goods)}, r.spark(s),
		{Text: wording.Count(int64(s.assessable)), Under: "of " + wording.Count(int64(s.lanes)), Key: fmt.Sprint(s.assessable)},
		both(s.sum.xKg, s.sum.xUSD), both(s.sum.mKg, s.sum.mUSD),
		{Text: shown, Key: key(index)},
		{Text: wording.Count(int64(s.found)), Under: "of " + wording.Count(int64(s.listed)), Key: fmt.Sprint(s.found)},
		{Text: wording.Mass(s.excess.Float()), Key: key(s.excess.Float())},
	}
}

// spark draws both sides of a commodity over time, small.
func (r *report) spark(s scored) page.Cell {
	if r.fewPeriods() {
		return page.Cell{Text: wording.Missing}
	}
	points, _ := r.totals(s.goods)
	d := chart.Spark{Title: "Exports and imports of " + r.options.goods(s.goods) + " over time"}
	for _, p := range points {
		d.Exported, d.Imported = append(d.Exported, p.Exported), append(d.Imported, p.Imported)
	}
	c := d.Chart()
	if c.Absent != "" {
		return page.Cell{Text: wording.Missing}
	}
	return page.Cell{Drawing: c, Width: float64(c.Width), Height: float64(c.Height), Key: key(s.sum.declared.Float())}
}

// scores sums up every commodity. The lanes of one lie together in the run.
func (v view) scores() []scored {
	var all []scored
	at := map[data.Commodity]int{}
	for i := 0; i < len(v.Pairs); {
		p := &v.Pairs[i]
		if n := len(all); n == 0 || all[n-1].goods != p.Commodity {
			at[p.Commodity] = n
			all = append(all, scored{goods: p.Commodity, excess: data.MissingKg, sum: emptySum()})
		}
		s := &all[len(all)-1]
		assessable := false
		for first := i; i < len(v.Pairs) && v.Pairs[i].SameLane(&v.Pairs[first]); i++ {
			s.sum.add(&v.Pairs[i])
			state := v.Pairs[i].State
			assessable = assessable || state != mirror.ExporterSilent && state != mirror.ImporterSilent
		}
		s.lanes++
		if assessable {
			s.assessable++
		}
	}
	for _, c := range v.Cases {
		if i, ok := at[c.Goods]; ok {
			all[i].take(c, v.Settings.FalseShare)
		}
	}
	slices.SortStableFunc(all, func(a, b scored) int {
		return cmp.Or(cmp.Compare(b.found, a.found), cmp.Compare(b.listed, a.listed), cmp.Compare(b.sum.declared, a.sum.declared))
	})
	return all
}

// take counts a case. The weight of a slip of units is none of the trade's.
func (s *scored) take(c cases.Case, falseShare float64) {
	s.listed++
	if c.Q > falseShare || c.Kind == cases.UnitSlip {
		return
	}
	s.found++
	if c.ExcessKg.Known() {
		s.excess = s.excess.Plus(c.ExcessKg)
	}
}

// cover says, for each commodity with accounts of stocks, where the last account
// has the most months of cover.
func (v view) cover() map[data.Commodity]string {
	type place struct {
		economy data.Economy
		months  float64
	}
	most := map[data.Commodity]place{}
	last := map[data.Commodity]data.Period{}
	for _, a := range v.Stocks {
		last[a.Commodity] = max(last[a.Commodity], a.Period)
	}
	for _, a := range v.Stocks {
		if a.Period == last[a.Commodity] && a.MonthsOfCover > most[a.Commodity].months {
			most[a.Commodity] = place{a.Economy, a.MonthsOfCover}
		}
	}
	said := map[data.Commodity]string{}
	for goods, at := range most {
		said[goods] = fmt.Sprintf("%s months of cover in %s, %s", wording.Number(at.months), v.options.Economy(at.economy), wording.Month(last[goods]))
	}
	return said
}
