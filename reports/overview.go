package reports

import (
	"fmt"
	"math"
	"slices"

	"counterflow/reconcile/cases"
	"counterflow/reconcile/mirror"
	"counterflow/reports/chart"
	"counterflow/reports/wording"
)

// rankedMost is how many cases fit one page of the ranking, below the heading
// of its section.
const rankedMost = 23

// ranking is the chart of the first cases.
func (v view) ranking() chart.Chart {
	shown := v.Cases[:min(rankedMost, len(v.Cases))]
	d := chart.Ranking{
		Name:     "cases-ranked",
		Title:    "The first cases, by rank",
		Subtitle: "Weight and value that the tested explanations do not account for, over the time of the case",
		Caption: "Dots are best estimates, whiskers 90% intervals; an arrow marks an interval that goes on below the axis. " +
			"q is the smallest false discovery rate at which the case stands.",
	}
	if left := len(v.Cases) - len(shown); left > 0 {
		d.Caption += fmt.Sprintf(" Shown: the first %d of %s; the others are in tables/cases.csv.",
			len(shown), wording.Plural(int64(len(v.Cases)), "case", "cases"))
	}
	for _, c := range shown {
		d.Rows = append(d.Rows, chart.RankRow{
			Label:  fmt.Sprintf("%d  %s", c.Rank, v.codes(c)),
			Detail: wording.KindName(c.Kind) + ", " + c.Goods.Code() + ", " + wording.ShortSpan(c.Start, c.End),
			Kg:     c.ExcessKg.Float(), Low: c.ExcessKgLow.Float(), High: c.ExcessKgHigh.Float(),
			USD:  c.ExcessUSD.Float(),
			Note: wording.FalseDiscovery(c.Q),
		})
	}
	return d.Chart()
}

// codes writes the lane of a case in ISO codes.
func (v view) codes(c cases.Case) string {
	return wording.Parties{Exporter: c.Exporter.String(), Importer: c.Importer.String(), Via: c.Via.String()}.Lane()
}

// pairedName is the file name of the chart of paired declarations.
const pairedName = "declarations-paired"

// pairing is what the chart of paired declarations shows.
type pairing struct {
	rows  []chart.PairRow
	of    map[string]bool // identifiers of the cases with a row
	all   int             // rows there would be without a limit
	money bool
}

// pairing collects the declarations behind the first cases. They share an axis,
// so all are in the measure of the first.
func (v view) pairing() pairing {
	d := pairing{of: map[string]bool{}}
	for _, c := range v.Cases {
		lane := v.lane(laneOf(c))
		lane.trim(c.Start, c.End)
		if len(lane.pairs) == 0 {
			continue
		}
		measure := lane.measure(c.Start, c.End)
		if d.all == 0 {
			d.money = measure == mirror.Value
		}
		if d.money != (measure == mirror.Value) {
			continue
		}
		for _, p := range lane.points(measure) {
			d.all++
			if len(d.rows) < rankedMost {
				d.rows = append(d.rows, v.pairRow(c, p))
				d.of[c.ID] = true
			}
		}
	}
	return d
}

// paired is the chart of the declarations behind the first cases, where there
// are too few periods for lines.
func (v view) paired() chart.Chart {
	p := v.pairing()
	d := chart.Pairs{
		Name:     pairedName,
		Title:    "What both sides declared, for the first cases",
		Subtitle: "Weight, one row for each case and period; logarithmic scale",
		Caption:  bandCaption + " “Nothing” is a side that reported the period but not this corridor.",
		Money:    p.money,
		Rows:     p.rows,
	}
	if p.money {
		d.Subtitle = "Value in US dollars, one row for each case and period; logarithmic scale"
	}
	if p.all > len(p.rows) {
		d.Caption += fmt.Sprintf(" Shown: the first %d of %d pairs.", len(p.rows), p.all)
	}
	return d.Chart()
}

// pairRow is one period of a case as a row.
func (v view) pairRow(c cases.Case, p chart.LanePoint) chart.PairRow {
	row := chart.PairRow{
		Label: fmt.Sprintf("%d  %s", c.Rank, v.codes(c)), Detail: c.Goods.Code() + ", " + wording.ShortMonth(p.Period),
		Exported: p.Exported, Imported: p.Imported, Low: p.Low, High: p.High,
	}
	switch {
	case p.ExporterSilent:
		row.Note = c.Exporter.String() + " silent"
	case p.ImporterSilent:
		row.Note = c.Importer.String() + " silent"
	}
	return row
}

// distribution is the chart of ln(M/X) over the pairs that both sides declared.
// Amounts that one side copied from the other are no second witness and are
// left out.
func (v view) distribution() chart.Chart {
	d := chart.Distribution{
		Name:     "log-ratio-distribution",
		Title:    "How far the two sides lie apart",
		Subtitle: "Pairs that both sides declared, by the importer's figure over the exporter's; in weight where both give one, else in value",
		Bins:     chart.NewBins(),
	}
	imputed := 0
	for i := range v.Pairs {
		if v.Pairs[i].Notes.Has(mirror.ImputedMirror) {
			imputed++
			continue
		}
		v.bin(d.Bins, i)
	}
	d.Low, d.High = v.middleCuts()
	d.Caption = "Every lane has cut-offs of its own, between which 95 of 100 periods lie where it behaves as usual; those of the middle lane are drawn. " +
		"The outermost bars hold everything beyond. A pair outside is no case: that takes persistence, size and the test of explanations."
	if imputed > 0 {
		d.Caption += " Left out: " + wording.Plural(int64(imputed), "pair", "pairs") + " whose amounts are copies of each other."
	}
	return d.Chart()
}

// bin counts one pair, if it has a log ratio.
func (v view) bin(bins []chart.Bin, i int) {
	departure, tested := v.departure(i)
	measure := v.Pairs[i].Measure()
	if tested {
		measure = departure.Measure
	}
	bin, ok := chart.BinOf(v.Pairs[i].LogRatio(measure))
	switch {
	case !ok:
	case !tested:
		bins[bin].Untested++
	case departure.LogP >= math.Log(0.05):
		bins[bin].Inside++
	default:
		bins[bin].Outside++
	}
}

// middleCuts are the medians, over lanes, of the lower and the upper cut-off of
// the first tested pair of each; NaN where nothing was tested.
func (v view) middleCuts() (low, high float64) {
	var lows, highs []float64
	counted := false
	for i := range v.Pairs {
		if i > 0 && !v.Pairs[i].SameLane(&v.Pairs[i-1]) {
			counted = false
		}
		if d, tested := v.departure(i); tested && !counted {
			lows = append(lows, d.Expected-admissible*d.SD)
			highs = append(highs, d.Expected+admissible*d.SD)
			counted = true
		}
	}
	if len(lows) == 0 {
		return math.NaN(), math.NaN()
	}
	slices.Sort(lows)
	slices.Sort(highs)
	return lows[len(lows)/2], highs[len(highs)/2]
}

// departure is the test of a pair; tested is false where there was none.
func (v view) departure(i int) (d cases.Departure, tested bool) {
	if i >= len(v.Departures) {
		return cases.Departure{}, false
	}
	d = v.Departures[i]
	return d, d.Measure != mirror.NoMeasure && !math.IsNaN(d.Z) && d.SD > 0
}
