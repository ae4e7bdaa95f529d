package reports

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"counterflow/data"
	"counterflow/reconcile/cases"
	"counterflow/reconcile/mirror"
	"counterflow/reports/chart"
	"counterflow/reports/wording"
)

// admissible is how many spreads the admissible band reaches to either side, so
// that 95 of 100 periods of a lane that behaves as usual lie within: the 0.975
// quantile of the Student t with 4 degrees of freedom by which departures are
// judged.
const admissible = 2.776

// What the grey band of a lane is, by what the case on it was judged by.
const (
	historyBand = "Grey is what the months outside the case let expect of the importer, given what the exporter's declarations bring in each month. " +
		"The band is the 90% interval of that level; single months scatter beyond it. What is recorded beyond its middle over the time of the case is the size of the case."
	levelBand = "Grey is the usual month outside the case, of the larger of the two declarations. The band is the 90% interval of its mean over as many months as the case has."
)

const bandCaption = "The grey band is where the importer's figure would lie in 95 of 100 periods, given what the exporter declares " +
	"and how this lane usually behaves; freight, delay and unequal coverage are in it."

// laneKey names one lane.
type laneKey struct {
	goods    data.Commodity
	exporter data.Exporter
	importer data.Importer
}

func laneOf(c cases.Case) laneKey { return laneKey{c.Goods, c.Exporter, c.Importer} }

// figure is the name of the chart of a lane.
func (k laneKey) figure() string {
	return strings.Join([]string{"lane", k.exporter.String(), k.importer.String(), k.goods.Code()}, "-")
}

// lane is a lane with its pairs and their tests.
type lane struct {
	view
	key   laneKey
	pairs []mirror.Pair
	at    int // place of pairs[0] in the run
}

// lane finds the pairs of a lane; they lie together in the run.
func (v view) lane(key laneKey) lane {
	at, _ := slices.BinarySearchFunc(v.Pairs, key, func(p mirror.Pair, key laneKey) int {
		return cmp.Or(cmp.Compare(p.Commodity, key.goods), cmp.Compare(p.Exporter, key.exporter), cmp.Compare(p.Importer, key.importer))
	})
	end := at
	for end < len(v.Pairs) && (laneKey{v.Pairs[end].Commodity, v.Pairs[end].Exporter, v.Pairs[end].Importer}) == key {
		end++
	}
	return lane{view: v, key: key, pairs: v.Pairs[at:end], at: at}
}

// trim keeps the pairs within a window.
func (l *lane) trim(start, end data.Period) {
	inside := func(p data.Period) bool { return p.Start() >= start.Start() && p.End() <= end.End() }
	for len(l.pairs) > 0 && !inside(l.pairs[0].Period) {
		l.pairs, l.at = l.pairs[1:], l.at+1
	}
	for n := len(l.pairs); n > 0 && !inside(l.pairs[n-1].Period); n-- {
		l.pairs = l.pairs[:n-1]
	}
}

// measure is what most pairs in a window were tested in; where none was, weight
// if any side gave one.
func (l lane) measure(start, end data.Period) mirror.Measure {
	window := l
	window.trim(start, end)
	var tested [3]int
	weighed := false
	for i, p := range window.pairs {
		if d, ok := l.departure(window.at + i); ok {
			tested[d.Measure]++
		}
		weighed = weighed || p.XKg > 0 || p.MKg > 0
	}
	switch {
	case tested[mirror.Value] > tested[mirror.Weight]:
		return mirror.Value
	case tested[mirror.Weight] > 0 || weighed:
		return mirror.Weight
	}
	return mirror.Value
}

// points are the pairs as a chart shows them.
func (l lane) points(measure mirror.Measure) []chart.LanePoint {
	points := make([]chart.LanePoint, len(l.pairs))
	for i := range l.pairs {
		points[i] = l.point(i, measure)
	}
	return points
}

func (l lane) point(i int, measure mirror.Measure) chart.LanePoint {
	p := l.pairs[i]
	point := chart.LanePoint{Period: p.Period, Exported: p.XKg.Float(), Imported: p.MKg.Float(), Low: math.NaN(), High: math.NaN()}
	if measure == mirror.Value {
		point.Exported, point.Imported = p.XUSD.Float(), p.MUSD.Float()
	}
	switch p.State {
	case mirror.ExportOnly:
		point.Imported = 0
	case mirror.ImportOnly:
		point.Exported = 0
	case mirror.ExporterSilent:
		point.ExporterSilent, point.Exported = true, math.NaN()
	case mirror.ImporterSilent:
		point.ImporterSilent, point.Imported = true, math.NaN()
	}
	if d, ok := l.departure(l.at + i); ok && d.Measure == measure && point.Exported > 0 {
		point.Low = point.Exported * math.Exp(d.Expected-admissible*d.SD)
		point.High = point.Exported * math.Exp(d.Expected+admissible*d.SD)
	}
	return point
}

// series is the lane over the whole time shown. A period without a pair is one
// in which both sides reported and declared nothing, or in which a side was
// silent; coverage tells.
func (l lane) series(measure mirror.Measure) []chart.LanePoint {
	var points []chart.LanePoint
	next := 0
	for p := l.first; p <= l.last; p = p.Add(1) {
		for next < len(l.pairs) && (l.pairs[next].Period < p || l.pairs[next].Period.Monthly() != p.Monthly()) {
			next++
		}
		if next < len(l.pairs) && l.pairs[next].Period == p {
			points = append(points, l.point(next, measure))
			continue
		}
		point := chart.LanePoint{Period: p, Exported: math.NaN(), Imported: math.NaN(), Low: math.NaN(), High: math.NaN()}
		exporter := l.presence(data.Economy(l.key.exporter), data.Export, p)
		importer := l.presence(data.Economy(l.key.importer), data.Import, p)
		point.ExporterSilent, point.ImporterSilent = exporter == chart.Silent, importer == chart.Silent
		if exporter == chart.Published && importer == chart.Published {
			point.Exported, point.Imported = 0, 0
		}
		points = append(points, point)
	}
	return points
}

// presence looks up whether a reporter published; coverage is in order.
func (v view) presence(e data.Economy, d data.Direction, p data.Period) chart.Report {
	at, found := slices.BinarySearchFunc(v.Coverage, mirror.Coverage{Economy: e, Direction: d, Period: p}, func(a, b mirror.Coverage) int {
		return cmp.Or(cmp.Compare(a.Economy, b.Economy), cmp.Compare(a.Direction, b.Direction), cmp.Compare(a.Period, b.Period))
	})
	if !found {
		return chart.NotAsked
	}
	return reportOf(v.Coverage[at])
}

func reportOf(c mirror.Coverage) chart.Report {
	if c.Presence == mirror.Silent {
		return chart.Silent
	}
	return chart.Published
}

// lanes are the charts of the lanes of the first cases, one each, with the time
// of all their cases shaded, in the order of the cases.
func (v view) lanes() (order []laneKey, charts map[laneKey]chart.Chart) {
	windows := map[laneKey][]cases.Case{}
	for _, c := range v.Cases {
		key := laneOf(c)
		if key.exporter == 0 || key.importer == 0 {
			continue // a stock build has no lane
		}
		if windows[key] == nil && len(order) < v.options.Lanes {
			if len(v.lane(key).pairs) == 0 {
				continue
			}
			order = append(order, key)
		}
		windows[key] = append(windows[key], c)
	}
	charts = map[laneKey]chart.Chart{}
	for _, key := range order {
		charts[key] = v.lane(key).chart(windows[key]).Chart()
	}
	return order, charts
}

// chart draws the lane with the given cases on it, in what the first of them is
// seen in, with the band that the first was judged by.
func (l lane) chart(on []cases.Case) chart.Lane {
	first := on[0]
	band := l.expected[laneOfCase{first.ID, l.key}]
	measure := l.measure(first.Start, first.End)
	switch {
	case len(band) > 0:
		measure = band[0].Measure
	case first.Kind == cases.ValueGap:
		measure = mirror.Value
	}
	exporter, importer := data.Economy(l.key.exporter), data.Economy(l.key.importer)
	d := chart.Lane{
		Name:     l.key.figure(),
		Title:    l.options.coded(exporter) + " → " + l.options.coded(importer) + ": " + l.options.goods(l.key.goods),
		Subtitle: "Declared weight, net of packing",
		Exporter: exporter.String(), Importer: importer.String(),
		Money:  measure == mirror.Value,
		Points: l.series(measure),
		Events: eventsOn(l.Events, l.key),
	}
	if d.Money {
		d.Subtitle = "Declared value in US dollars: the exporter's free on board, the importer's with freight and insurance"
	}
	for _, c := range on {
		d.Windows = append(d.Windows, chart.Window{Start: c.Start, End: c.End})
	}
	d.Caption = l.setBand(d.Points, band, first.Kind) + casesOn(on)
	if len(d.Events) > 0 {
		d.Caption += " Broken lines are dates of measures, as given with the run; they explain nothing by themselves."
	}
	return d
}

// setBand puts what the first case was judged by into the points, and says what
// it is. Cases that another stage found on a lane, such as split consignments,
// were not judged by the lane's declarations.
func (l lane) setBand(points []chart.LanePoint, band []cases.Expected, kind cases.Kind) (caption string) {
	if len(l.Expected) > 0 && len(band) == 0 && kind != cases.UnitSlip {
		for i := range points {
			points[i].Low, points[i].High = math.NaN(), math.NaN()
		}
		return ""
	}
	if len(band) == 0 {
		if slices.ContainsFunc(points, func(p chart.LanePoint) bool { return p.High > 0 }) {
			return bandCaption + " "
		}
		return ""
	}
	for i := range points {
		points[i].Low, points[i].High, points[i].Middle = math.NaN(), math.NaN(), math.NaN()
	}
	for _, x := range band {
		if i := x.Period.Index() - points[0].Period.Index(); i >= 0 && i < len(points) {
			points[i].Low, points[i].High, points[i].Middle = x.Low, x.High, x.Amount
		}
	}
	if band[0].Of == cases.OfLarger {
		return levelBand + " "
	}
	return historyBand + " "
}

// casesOn says which cases are shaded.
func casesOn(on []cases.Case) string {
	var words []string
	for _, c := range on {
		words = append(words, fmt.Sprintf("%s (rank %d, %s, %s)", c.ID, c.Rank, wording.KindName(c.Kind), wording.Span(c.Start, c.End)))
	}
	if len(words) > 4 {
		words = append(words[:3], fmt.Sprintf("%d more", len(words)-3))
	}
	noun := "Shaded: case "
	if len(words) > 1 {
		noun = "Shaded: cases "
	}
	return noun + wording.List(words) + "."
}
