package reports

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"sort"
	"strings"

	"counterflow/data"
	"counterflow/reconcile/cases"
	"counterflow/reconcile/mirror"
	"counterflow/reports/chart"
	"counterflow/reports/page"
	"counterflow/reports/wording"
)

// goodsMost is how many commodities get pages of their own.
const goodsMost = 10

// caseFigures stand with the table of cases.
func (v view) caseFigures() []chart.Chart {
	figures := []chart.Chart{v.ranking()}
	if v.fewPeriods() {
		figures = append(figures, v.paired())
	}
	return figures
}

// laneFigures show all lanes together.
func (v view) laneFigures() []chart.Chart {
	all, _ := v.heatMaps(nil)
	return []chart.Chart{all, v.distribution()}
}

// lanesTogether is the section on all lanes.
func (r *report) lanesTogether() {
	r.Section("All lanes")
	r.allFigures("lanes")
}

// goodsFigures are, for each commodity with cases, both sides over time, the map
// of its lanes, and the lanes of its first cases.
func (v view) goodsFigures() []chart.Chart {
	chosen := v.goodsWithCases()
	_, maps := v.heatMaps(chosen)
	var order []laneKey
	var lanes map[laneKey]chart.Chart
	if !v.fewPeriods() {
		order, lanes = v.lanes()
	}
	var figures []chart.Chart
	for _, goods := range chosen {
		if !v.fewPeriods() {
			figures = append(figures, v.bothSides(goods))
		}
		if one, ok := maps[goods]; ok {
			figures = append(figures, one)
		}
		for _, key := range order {
			if key.goods == goods {
				figures = append(figures, lanes[key])
			}
		}
	}
	return figures
}

// goodsWithCases are the first commodities by cases, as the scoreboard has them,
// that have any.
func (v view) goodsWithCases() []data.Commodity {
	var chosen []data.Commodity
	for _, s := range v.scores() {
		if s.listed > 0 && len(chosen) < goodsMost {
			chosen = append(chosen, s.goods)
		}
	}
	return chosen
}

// bothSides is the chart of what all exporters and all importers of a commodity
// declare, over the lanes and periods in which both sides published.
func (v view) bothSides(goods data.Commodity) chart.Chart {
	points, money := v.totals(goods)
	d := chart.Lane{
		Name: "both-sides-" + goods.Code(), Title: "Both sides over time: " + v.options.goods(goods),
		Subtitle: "Declared weight, net of packing, summed over lanes", Totals: true, Money: money, Points: points,
		Caption: "Sums over the lanes and periods in which both sides published; a side that declared nothing of a lane adds nothing. As declared, slips of units included.",
		Height:  totalsHeight,
	}
	if money {
		d.Subtitle = "Declared value in US dollars, summed over lanes: exports free on board, imports with freight and insurance"
	}
	return d.Chart()
}

// totalsHeight leaves room for the map of the same goods on one page.
const totalsHeight = 150

// totals sums up a commodity period by period: in weight, or in value where no
// side gives weights. Only pairs with both sides on record are summed.
func (v view) totals(goods data.Commodity) (points []chart.LanePoint, money bool) {
	periods := v.last.Index() - v.first.Index() + 1
	sums := make([]laneSum, periods)
	for i := range sums {
		sums[i] = emptySum()
	}
	from, to := v.pairsOf(goods)
	for i := from; i < to; i++ {
		if p := &v.Pairs[i]; p.Period.Monthly() == v.first.Monthly() {
			sums[p.Period.Index()-v.first.Index()].add(p)
		}
	}
	money = !slices.ContainsFunc(sums, func(s laneSum) bool { return s.xKg > 0 || s.mKg > 0 })
	for i, s := range sums {
		p := chart.LanePoint{Period: v.first.Add(i), Exported: s.xKg.Float(), Imported: s.mKg.Float(), Low: math.NaN(), High: math.NaN()}
		if money {
			p.Exported, p.Imported = s.xUSD.Float(), s.mUSD.Float()
		}
		points = append(points, p)
	}
	return points, money
}

// pairsOf are the places of a commodity's pairs; they lie together in the run.
func (v view) pairsOf(goods data.Commodity) (from, to int) {
	from, _ = slices.BinarySearchFunc(v.Pairs, goods, func(p mirror.Pair, goods data.Commodity) int { return cmp.Compare(p.Commodity, goods) })
	if from == len(v.Pairs) || v.Pairs[from].Commodity != goods {
		return from, from
	}
	return v.pairsFrom(from)
}

// pairsFrom are the places of the pairs of one commodity, of which the first is
// given.
func (v view) pairsFrom(first int) (from, to int) {
	goods := v.Pairs[first].Commodity
	to = first + sort.Search(len(v.Pairs)-first, func(i int) bool { return v.Pairs[first+i].Commodity > goods })
	return first, to
}

// eachGoods sets the pages of single commodities.
func (r *report) eachGoods() {
	chosen := r.goodsWithCases()
	if len(chosen) == 0 {
		r.Brief("Commodities", "No commodity has a case, so none gets a page of its own; the scoreboard lists them all.")
		return
	}
	r.Section("Commodities")
	if left := r.commoditiesWithCases() - len(chosen); left > 0 {
		r.Text(page.Plain(fmt.Sprintf("Pages for the first %d commodities with cases; %d more have cases, too.", len(chosen), left)))
	}
	figures := r.figuresIn("goods")
	for _, goods := range chosen {
		said := page.Plain(r.casesOfGoods(goods))
		if !r.fewPeriods() { // else a map is all there is, and its title has the name
			r.Part(upperFirst(r.options.goods(goods)), goodsTarget(goods))
			r.Text(said)
		}
		for _, c := range figures {
			if strings.HasSuffix(c.Name, "-"+goods.Code()) {
				r.figure(c)
			}
		}
		if r.fewPeriods() {
			r.Text(said)
		}
	}
}

func goodsTarget(goods data.Commodity) string { return "goods " + goods.Code() }

func (r *report) commoditiesWithCases() int {
	with := map[data.Commodity]bool{}
	for _, c := range r.Cases {
		with[c.Goods] = true
	}
	return len(with)
}

// casesOfGoods says in a sentence which of the cases listed a commodity has.
func (r *report) casesOfGoods(goods data.Commodity) string {
	var found, weaker, slips []string
	for _, c := range r.listed() {
		switch {
		case c.Goods != goods:
		case c.Kind == cases.UnitSlip:
			slips = append(slips, c.ID)
		case c.Q > r.Settings.FalseShare:
			weaker = append(weaker, c.ID)
		default:
			found = append(found, c.ID)
		}
	}
	var parts []string
	for _, part := range []struct {
		what  string
		which []string
	}{{"Cases found", found}, {"weaker ones", weaker}, {"slips of units", slips}} {
		if n := len(part.which); n > fewNamed {
			parts = append(parts, fmt.Sprintf("%s: %s and %d more", part.what, strings.Join(part.which[:fewNamed], ", "), n-fewNamed))
		} else if n > 0 {
			parts = append(parts, part.what+": "+wording.List(part.which))
		}
	}
	if len(parts) == 0 {
		return "Its cases come after those listed."
	}
	return upperFirst(strings.Join(parts, "; ")) + "."
}

// fewNamed is how many cases a sentence names one by one.
const fewNamed = 8
