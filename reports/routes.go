package reports

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"counterflow/data"
	"counterflow/data/reference"
	"counterflow/reconcile/cases"
	"counterflow/reconcile/mirror"
	"counterflow/reports/chart"
	"counterflow/reports/page"
	"counterflow/reports/wording"
)

const (
	mapCases   = 25 // cases on the map
	mapContext = 30 // corridors of the same goods on the map
	routesMost = 4  // comparisons of routes
)

// routeFigures are the map of cases, and for each detour the routes before and
// during it; where there is none, those before and after measures.
func (v view) routeFigures() []chart.Chart {
	figures := []chart.Chart{v.flowMap()}
	routes := v.detours()
	if len(routes) == 0 {
		routes = v.routesAtEvents()
	}
	for _, r := range routes {
		if c := v.sankey(r).Chart(); c.Absent == "" {
			figures = append(figures, c)
		}
	}
	if len(figures) == 1 {
		figures = append(figures, chart.Sankey{Name: "routes", Title: "Routes through third economies",
			Absent: "No case is a detour and no measure lies well within the time shown, with third economies that received the goods from the one and sent them to the other; so there are no routes to compare."}.Chart())
	}
	return figures
}

// flowMap shows the lanes of the first cases found, on the places of the project's
// own table.
func (v view) flowMap() chart.Chart {
	d := chart.FlowMap{
		Name: "cases-on-map", Title: "Where the cases found lie", Subtitle: "Lines join exporters with importers; a detour has both its legs",
		Caption: "Lines join places, mostly capitals or main ports, and are no routes; they bend to the left of their direction. Width goes with the root of the excess value. " +
			"Coasts: Natural Earth, public domain.",
	}
	missing := 0
	flow := func(from, to data.Economy, f chart.MapFlow) {
		if !placed(&d, from, to) {
			missing++
			return
		}
		f.From, f.To = from.String(), to.String()
		d.Flows = append(d.Flows, f)
	}
	goods := map[data.Commodity]bool{}
	shown := slices.DeleteFunc(slices.Clone(v.found()), func(c cases.Case) bool { return c.Exporter == 0 || c.Importer == 0 })
	for _, c := range shown[:min(mapCases, len(shown))] {
		goods[c.Goods] = true
		of := chart.MapFlow{USD: c.ExcessUSD.Float(), Case: c.ID}
		if c.Via == 0 {
			flow(data.Economy(c.Exporter), data.Economy(c.Importer), of)
			continue
		}
		flow(data.Economy(c.Exporter), c.Via, of)
		flow(c.Via, data.Economy(c.Importer), of)
		of.Left = true
		flow(data.Economy(c.Exporter), data.Economy(c.Importer), of)
	}
	for _, t := range v.largestCorridors(goods) {
		flow(data.Economy(t.exporter), data.Economy(t.importer), chart.MapFlow{USD: math.NaN()})
	}
	if len(shown) > mapCases {
		d.Caption += fmt.Sprintf(" Shown: the first %d of %d cases with two ends.", mapCases, len(shown))
	}
	if missing > 0 {
		d.Caption += fmt.Sprintf(" Left out: %s with an end whose place is not known.", wording.Plural(int64(missing), "line", "lines"))
	}
	return d.Chart()
}

// placed puts both ends of a line on the map, if their places are known.
func placed(d *chart.FlowMap, ends ...data.Economy) bool {
	var places []chart.MapEnd
	for _, e := range ends {
		p, ok := reference.PlaceOf(e)
		if !ok {
			return false
		}
		places = append(places, chart.MapEnd{Code: e.String(), Lat: p.Lat, Lon: p.Lon})
	}
	for _, p := range places {
		if !slices.Contains(d.Ends, p) {
			d.Ends = append(d.Ends, p)
		}
	}
	return true
}

// largestCorridors are those with the most declared value of some goods.
func (v view) largestCorridors(goods map[data.Commodity]bool) []corridor {
	usd := map[corridor]data.USD{}
	for i := range v.Pairs {
		if p := &v.Pairs[i]; goods[p.Commodity] {
			usd[corridor{p.Exporter, p.Importer}] += max(data.USD(p.XUSD), data.USD(p.MUSD), 0)
		}
	}
	all := make([]corridor, 0, len(usd))
	for c := range usd {
		all = append(all, c)
	}
	slices.SortFunc(all, func(a, b corridor) int {
		return cmp.Or(cmp.Compare(usd[b], usd[a]), cmp.Compare(a.exporter, b.exporter), cmp.Compare(a.importer, b.importer))
	})
	return all[:min(mapContext, len(all))]
}

// route is a commodity on its way from one economy to another, in two stretches
// of time.
type route struct {
	goods         data.Commodity
	exporter      data.Exporter
	importer      data.Importer
	via           data.Economy // of the case, else none
	before, after stretch
	name, title   string
	caption       string
}

// stretch is a window with its name.
type stretch struct {
	start, end data.Period
	head       string
}

func (s stretch) months() int { return s.end.Index() - s.start.Index() + 1 }

// detours are the first cases of trade that moved to a third economy.
func (v view) detours() []route {
	var routes []route
	for _, c := range v.Cases {
		if c.Via == 0 || v.fewPeriods() || !v.first.Monthly() || len(routes) == routesMost {
			continue
		}
		r := route{goods: c.Goods, exporter: c.Exporter, importer: c.Importer, via: c.Via, name: "routes-" + c.ID,
			after: stretch{start: c.Start, end: c.End, head: "in the case: " + wording.ShortSpan(c.Start, c.End)}}
		before, ok := v.besides(r.after)
		if !ok {
			continue
		}
		r.before = before
		r.title = fmt.Sprintf("%s: %s → %s, directly and through third economies", c.ID, c.Exporter, c.Importer)
		r.caption = fmt.Sprintf("%s in plum is the third economy of the case.", v.options.coded(c.Via))
		routes = append(routes, r)
	}
	return routes
}

// besides is the stretch as long as the given one right before it, or where the
// data begin too late, right after it.
func (v view) besides(s stretch) (stretch, bool) {
	const least = 3
	n := s.months()
	before := stretch{start: max(s.start.Add(-n), v.first), end: s.start.Add(-1)}
	if before.end >= v.first && before.months() >= min(least, n) {
		before.head = "before: " + wording.ShortSpan(before.start, before.end)
		return before, true
	}
	after := stretch{start: s.end.Add(1), end: min(s.end.Add(n), v.last)}
	if after.start <= v.last && after.months() >= min(least, n) {
		after.head = "afterwards: " + wording.ShortSpan(after.start, after.end)
		return after, true
	}
	return stretch{}, false
}

// aroundEvent is how many months are compared on each side of a measure.
const aroundEvent = 12

// routesAtEvents compare the months before and after measures, on the largest
// corridor that each concerns.
func (v view) routesAtEvents() []route {
	var routes []route
	if v.fewPeriods() || !v.first.Monthly() {
		return nil
	}
	for _, e := range v.Events {
		at := cmp.Or(e.Effective, e.Announced).Start()
		if len(routes) == routesMost || at.Add(-aroundEvent/2) < v.first || at.Add(aroundEvent/2-1) > v.last {
			continue
		}
		key, ok := v.largestLane(e)
		if !ok {
			continue
		}
		r := route{goods: key.goods, exporter: key.exporter, importer: key.importer, name: "routes-event-" + fileName(e.ID)}
		r.before = stretch{start: max(at.Add(-aroundEvent), v.first), end: at.Add(-1)}
		r.after = stretch{start: at, end: min(at.Add(aroundEvent-1), v.last)}
		r.before.head = "before: " + wording.ShortSpan(r.before.start, r.before.end)
		r.after.head = "since: " + wording.ShortSpan(r.after.start, r.after.end)
		r.title = fmt.Sprintf("%s → %s before and after %s: %s", key.exporter, key.importer, wording.Month(at), eventText(e))
		r.caption = "The date is that of a measure, as given with the run; it explains nothing by itself."
		routes = append(routes, r)
	}
	return routes
}

// largestLane is the lane with the most declared value that an event concerns.
func (v view) largestLane(e data.Event) (largest laneKey, ok bool) {
	most := data.USD(0)
	for i := 0; i < len(v.Pairs); {
		key := laneKey{v.Pairs[i].Commodity, v.Pairs[i].Exporter, v.Pairs[i].Importer}
		usd := data.USD(0)
		for first := i; i < len(v.Pairs) && v.Pairs[i].SameLane(&v.Pairs[first]); i++ {
			usd += max(data.USD(v.Pairs[i].XUSD), data.USD(v.Pairs[i].MUSD), 0)
		}
		if usd > most && concernsGoods(e, key.goods) && concernsEnds(e, key) {
			largest, most, ok = key, usd, true
		}
	}
	return largest, ok
}

// fileName keeps the letters and digits of a name.
func fileName(text string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
			return r
		}
		return '-'
	}, text)
}

// thirdsMost is how many third economies one comparison shows.
const thirdsMost = 5

// sankey compares the routes of one commodity.
func (v view) sankey(r route) chart.Sankey {
	d := chart.Sankey{
		Name: r.name, Title: r.title, Subtitle: upperFirst(v.options.goods(r.goods)) + "; weight a month, the larger of the two declarations",
		Origin: r.exporter.String(), Destination: r.importer.String(),
		Caption: "Both sides are on one scale. What goes into a third economy from the origin need not be what comes out of it. Shown: the third economies through which most could have gone. " + r.caption,
	}
	d.Before.Head, d.After.Head = r.before.head, r.after.head
	for i, side := range []*chart.SankeySide{&d.Before, &d.After} {
		s := []stretch{r.before, r.after}[i]
		side.Direct = v.monthly(laneKey{r.goods, r.exporter, r.importer}, s)
	}
	for _, third := range v.thirds(r) {
		d.Thirds = append(d.Thirds, third.String())
		for i, side := range []*chart.SankeySide{&d.Before, &d.After} {
			s := []stretch{r.before, r.after}[i]
			side.In = append(side.In, v.monthly(laneKey{r.goods, r.exporter, data.Importer(third)}, s))
			side.Out = append(side.Out, v.monthly(laneKey{r.goods, data.Exporter(third), r.importer}, s))
		}
	}
	if r.via != 0 {
		d.Highlight = r.via.String()
	}
	if len(d.Thirds) == 0 {
		d.Absent = "No third economy received these goods from the one and sent them to the other, by weight."
	}
	return d
}

// monthly is the mean month of a lane in a stretch of time, in kg, of the larger
// declaration; NaN where no month is known by weight.
func (v view) monthly(key laneKey, s stretch) float64 {
	sum, n := 0.0, 0
	for _, p := range v.lane(key).series(mirror.Weight) {
		if p.Period < s.start || p.Period > s.end {
			continue
		}
		larger := math.NaN()
		for _, kg := range []float64{p.Exported, p.Imported} {
			if !math.IsNaN(kg) && !(kg <= larger) {
				larger = kg
			}
		}
		if !math.IsNaN(larger) {
			sum, n = sum+larger, n+1
		}
	}
	if n == 0 {
		return math.NaN()
	}
	return sum / float64(n)
}

// thirds are the economies through which most could have gone, that of the case
// first.
func (v view) thirds(r route) []data.Economy {
	var candidates []data.Economy
	from, to := v.pairsOf(r.goods)
	for i := from; i < to; i++ {
		p := &v.Pairs[i]
		third := data.Economy(p.Importer)
		if p.Exporter == r.exporter && p.Importer != r.importer && (len(candidates) == 0 || candidates[len(candidates)-1] != third) {
			candidates = append(candidates, third)
		}
	}
	could := map[data.Economy]float64{}
	for _, third := range candidates {
		for _, s := range []stretch{r.before, r.after} {
			in, out := v.monthly(laneKey{r.goods, r.exporter, data.Importer(third)}, s), v.monthly(laneKey{r.goods, data.Exporter(third), r.importer}, s)
			if through := math.Min(in, out); through > could[third] {
				could[third] = through
			}
		}
	}
	if r.via != 0 {
		could[r.via] = math.Inf(1)
	}
	var chosen []data.Economy
	for third := range could {
		chosen = append(chosen, third)
	}
	slices.SortFunc(chosen, func(a, b data.Economy) int { return cmp.Or(cmp.Compare(could[b], could[a]), cmp.Compare(a, b)) })
	return chosen[:min(thirdsMost, len(chosen))]
}

// routes is the section on where goods go.
func (r *report) routes() {
	const title = "Routes"
	if !slices.ContainsFunc(r.figuresIn("routes"), func(c chart.Chart) bool { return c.Absent == "" }) {
		r.Brief(title, "No case found lies between two economies, and there are no routes to compare.")
		return
	}
	r.Section(title)
	t := page.Table{Title: "Detours", Columns: []page.Column{
		{Head: "Case", Width: 0.13}, {Head: "Lane and kind", Width: 0.40}, {Head: "Time", Width: 0.17}, {Head: "Weight", Width: 0.18, Right: true}, {Head: "q", Width: 0.12, Right: true},
	}}
	for _, c := range r.listed() {
		if c.Via == 0 {
			continue
		}
		first := page.Cell{Text: c.ID}
		if r.options.wants("dossiers") {
			first.To = dossierTarget(c)
		}
		t.Rows = append(t.Rows, []page.Cell{first, {Text: r.codedLane(c), Under: wording.KindName(c.Kind) + ", " + r.options.goods(c.Goods)},
			{Text: wording.ShortSpan(c.Start, c.End)}, {Text: wording.Mass(c.ExcessKg.Float()), Under: intervalOf(c)}, {Text: wording.FalseDiscovery(c.Q)}})
	}
	if len(t.Rows) > 0 {
		r.Table(t)
	} else {
		r.Text(page.Plain("No case is a detour through a third economy."))
	}
	r.allFigures("routes")
}
