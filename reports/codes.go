package reports

import (
	"cmp"
	"fmt"
	"slices"

	"counterflow/data"
	"counterflow/reconcile/cases"
	"counterflow/reports/page"
	"counterflow/reports/wording"
)

// adjacentMost is how many cases the section looks at, and sistersMost how many
// codes beside each.
const (
	adjacentMost = 12
	sistersMost  = 4
)

// sister is a code beside that of a case, on the same corridor in the same time.
type sister struct {
	goods data.Commodity
	sum   laneSum
}

// adjacent lists what moved under other codes of the chapter on the corridors of
// cases that are a gap between two declarations: goods that one side records under
// another code leave a gap there in the opposite direction.
func (r *report) adjacent() {
	const title = "Adjacent codes"
	var rows [][]page.Cell
	looked := 0
	for _, c := range r.found() {
		gap := c.Kind == cases.MissingExport || c.Kind == cases.MissingImport || c.Kind == cases.CodeSwitch || c.Kind == cases.Unexplained
		if !gap || looked == adjacentMost {
			continue
		}
		looked++
		rows = append(rows, r.adjacentRows(c)...)
	}
	if looked == 0 {
		r.Brief(title, "No case found is a gap between two declarations, so there are no codes beside one to look at.")
		return
	}
	if len(rows) == 0 {
		r.Brief(title, "On the corridors of the cases found, nothing was declared under other codes of the same chapter in their time.")
		return
	}
	r.Section(title)
	r.Text(page.Plain("What both sides declared on the corridors of the cases found, in their time, under their own code and under others of the same chapter. " +
		"Where one side records goods under another code, that code shows a gap the other way round: such rows are in bold. A gap the other way is a hint, not evidence; " +
		"code switches are tested against the history of both codes."))
	r.Table(page.Table{Rows: rows, Columns: []page.Column{
		{Head: "Case", Width: 0.15}, {Head: "Code", Width: 0.37}, {Head: "Exports", Width: 0.15, Right: true}, {Head: "Imports", Width: 0.15, Right: true}, {Head: "Imports less exports", Width: 0.18, Right: true},
	}})
}

// adjacentRows are the case's own code and those beside it with the largest gaps.
func (r *report) adjacentRows(c cases.Case) [][]page.Cell {
	own, sisters := r.sisters(c)
	if len(sisters) == 0 {
		return nil
	}
	first := page.Cell{Text: c.ID, Under: r.codes(c) + ", " + wording.ShortSpan(c.Start, c.End)}
	if r.options.wants("dossiers") && c.Rank <= r.options.Cases {
		first.To = dossierTarget(c)
	}
	rows := [][]page.Cell{append([]page.Cell{first}, r.sisterCells(own, false)...)}
	for _, s := range sisters[:min(sistersMost, len(sisters))] {
		opposite := s.gap()*own.gap() < 0
		rows = append(rows, append([]page.Cell{{}}, r.sisterCells(s, opposite)...))
	}
	if more := len(sisters) - sistersMost; more > 0 {
		rows = append(rows, []page.Cell{{}, {Under: fmt.Sprintf("%d more codes", more)}})
	}
	return rows
}

// gap is imports less exports, in US dollars.
func (s sister) gap() float64 {
	return max(s.sum.mUSD, 0).Float() - max(s.sum.xUSD, 0).Float()
}

func (r *report) sisterCells(s sister, bold bool) []page.Cell {
	amount := func(kg data.Kg, usd data.USD) page.Cell {
		return page.Cell{Text: wording.Money(usd.Float()), Under: wording.Mass(kg.Float()), Bold: bold}
	}
	return []page.Cell{
		{Text: upperFirst(r.options.goods(s.goods)), Bold: bold}, amount(s.sum.xKg, s.sum.xUSD), amount(s.sum.mKg, s.sum.mUSD),
		{Text: wording.Money(s.gap()), Bold: bold},
	}
}

// sisters sums up what was declared on the corridor of a case in its time, under
// its code and under the others of its chapter, the largest gap first.
func (v view) sisters(c cases.Case) (own sister, others []sister) {
	own = sister{goods: c.Goods, sum: emptySum()}
	for _, goods := range v.chapter(c.Goods) {
		l := v.lane(laneKey{goods, c.Exporter, c.Importer})
		l.trim(c.Start, c.End)
		s := sister{goods: goods, sum: emptySum()}
		for i := range l.pairs {
			s.sum.add(&l.pairs[i])
		}
		switch {
		case goods == c.Goods:
			own = s
		case s.sum.assessable:
			others = append(others, s)
		}
	}
	slices.SortStableFunc(others, func(a, b sister) int { return cmp.Compare(size(b.gap()), size(a.gap())) })
	return own, others
}

func size(v float64) float64 { return max(v, -v) }

// chapter lists the commodities of the run in the chapter of one, in order.
func (v view) chapter(of data.Commodity) []data.Commodity {
	var all []data.Commodity
	for i := 0; i < len(v.Pairs); {
		goods := v.Pairs[i].Commodity
		if goods.Len() == of.Len() && goods.Truncate(2) == of.Truncate(2) {
			all = append(all, goods)
		}
		_, i = v.pairsFrom(i)
	}
	return all
}
