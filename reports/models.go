package reports

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"counterflow/data"
	"counterflow/reconcile/margin"
	"counterflow/reconcile/mirror"
	"counterflow/reconcile/reliability"
	"counterflow/reports/chart"
	"counterflow/reports/page"
	"counterflow/reports/wording"
)

// reportersMost is how many economies the chart of reliability shows: it stands on
// one page, below the words of its section.
const reportersMost = 20

// modelFigures show what was learned of reporters and of margins.
func (v view) modelFigures() []chart.Chart {
	figures := []chart.Chart{v.reliabilityChart().Chart(), v.lagChart().Chart(), v.marginChart().Chart()}
	for _, b := range v.laneBridges() {
		figures = append(figures, b.Chart())
	}
	return figures
}

// models is the section: how far to believe whom, what lies between two borders,
// and how declared figures become reconciled ones.
func (r *report) models() {
	r.Section("How far to believe each report")
	r.Text(page.Plain("Two declarations of one flow differ by freight and insurance, by the time at sea, by habits that last, and by scatter. " +
		"Each part is learned from all lanes at once; the scatter of a reporter is what its lanes have in common, whoever the partner is. " +
		"It is a figure of statistics and not of conduct: small lanes, late corrections and estimated weights widen it."))
	r.allFigures("models")
}

// reliabilityChart shows the economies with the most periods compared, the best
// first.
func (v view) reliabilityChart() chart.Reliability {
	d := chart.Reliability{Name: "reliability", Title: "How far declarations scatter about the truth",
		Caption: "Both roles together have the same mean, for a gap cannot tell which of its two sides it came from but by their other partners."}
	measure := mirror.Weight
	type reporter struct {
		economy data.Economy
		n       int
		spreads [2]chart.Spread
	}
	by := map[data.Economy]*reporter{}
	gather := func() {
		for i := range v.Reliability {
			s := &v.Reliability[i]
			if s.Group != reliability.AllGroups || s.Measure != measure {
				continue
			}
			if by[s.Economy] == nil {
				by[s.Economy] = &reporter{economy: s.Economy, spreads: [2]chart.Spread{chart.NoSpread, chart.NoSpread}}
			}
			role := 0
			if s.Role == reliability.AsImporter {
				role = 1
			}
			by[s.Economy].n += s.N
			by[s.Economy].spreads[role] = chart.Spread{Sigma: s.Sigma, Low: s.SigmaLow, High: s.SigmaHigh}
		}
	}
	if gather(); len(by) == 0 {
		measure = mirror.Value
		gather()
	}
	var all []*reporter
	for _, r := range by {
		all = append(all, r)
	}
	slices.SortFunc(all, func(a, b *reporter) int { return cmp.Or(cmp.Compare(b.n, a.n), cmp.Compare(a.economy, b.economy)) })
	d.Subtitle = fmt.Sprintf("In %s, over all commodity groups", measure)
	if len(all) > reportersMost {
		d.Subtitle += fmt.Sprintf("; the %d economies with the most periods compared, of %d", reportersMost, len(all))
		all = all[:reportersMost]
	}
	slices.SortStableFunc(all, func(a, b *reporter) int { return cmp.Compare(meanSpread(a.spreads), meanSpread(b.spreads)) })
	for _, r := range all {
		d.Rows = append(d.Rows, chart.ReliabilityRow{Label: v.options.coded(r.economy), Detail: wording.Plural(int64(r.n), "period", "periods") + " compared",
			Exporter: r.spreads[0], Importer: r.spreads[1]})
	}
	return d
}

// meanSpread is over the roles that are known.
func meanSpread(spreads [2]chart.Spread) float64 {
	sum, n := 0.0, 0.0
	for _, s := range spreads {
		if !math.IsNaN(s.Sigma) {
			sum += s.Sigma
			n++
		}
	}
	return sum / n
}

// lagChart shows when departures arrive, by group of lanes.
func (v view) lagChart() chart.Lags {
	d := chart.Lags{Name: "arrivals", Title: "How long after departure goods arrive", Subtitle: "Groups of lanes by distance and by worth of the goods",
		Caption: "Learned from how the months of importers follow those of exporters. What never arrives, or is never declared, shows in the level of a lane and not here."}
	for i := range v.Lags {
		g := &v.Lags[i]
		d.Rows = append(d.Rows, chart.LagRow{Label: g.String(), Detail: wording.Plural(int64(g.Lanes), "lane", "lanes"), Shares: g.Kernel[:]})
	}
	return d
}

const (
	marginBandsMost  = 16
	marginBandLanes  = 25 // fewer lanes give no band of their own
	marginLanesShown = 1500
)

// marginChart shows what lanes say of the margin, by distance, and the fit.
func (v view) marginChart() chart.Margins {
	d := chart.Margins{Name: "margin-distance", Title: "Margin between the two borders, by distance",
		Subtitle: "Each lane by the median over its periods of the importer's unit value over the exporter's, or of values where weights lack",
		Caption: "What single lanes say scatters far more than margins differ; the fit rests on all of them. Importers that state values at the exporter's border, " +
			"and figures copied from the partner, are left out."}
	lanes := margin.Lanes(v.Pairs, nil)
	slices.SortStableFunc(lanes, func(a, b margin.Lane) int { return cmp.Compare(a.Route.Km, b.Route.Km) })
	bands := min(max(len(lanes)/marginBandLanes, 1), marginBandsMost)
	for k := range bands {
		if part := lanes[k*len(lanes)/bands : (k+1)*len(lanes)/bands]; len(part) > 0 {
			d.Bands = append(d.Bands, marginBand(part))
		}
	}
	for i := range min(len(lanes), marginLanesShown) {
		l := &lanes[i*len(lanes)/min(len(lanes), marginLanesShown)]
		d.Lanes = append(d.Lanes, chart.MarginLane{Km: l.Route.Km, Log: l.Log})
	}
	at, identified, ok := margin.Curve(v.Margins)
	if !ok {
		return d
	}
	d.CurveName = "fit, for goods of mean worth"
	if !identified {
		d.CurveName = "overall median, since distance tells nothing here"
	}
	for k := 0; k <= 40; k++ {
		km := 150 * math.Pow(20_000/150.0, float64(k)/40)
		d.Curve = append(d.Curve, chart.MarginAt{Km: km, Log: at(km)})
	}
	return d
}

func marginBand(lanes []margin.Lane) chart.MarginBand {
	logs := make([]float64, len(lanes))
	for i := range lanes {
		logs[i] = lanes[i].Log
	}
	slices.Sort(logs)
	at := func(share float64) float64 { return logs[int(share*float64(len(logs)-1)+0.5)] }
	return chart.MarginBand{From: lanes[0].Route.Km, To: lanes[len(lanes)-1].Route.Km, Lanes: len(lanes),
		Median: at(0.5), Lower: at(0.25), Upper: at(0.75)}
}

// laneBridgesMost is how many lanes have a bridge drawn: those of the first cases.
const laneBridgesMost = 3

// laneBridges lead, for the lanes of the first cases, from what each side declared
// to what is reconciled, in weight.
func (v view) laneBridges() (all []chart.LaneBridge) {
	drawn := map[laneKey]bool{}
	for _, c := range v.Cases {
		key := laneKey{c.Goods.In(data.EditionUnknown), c.Exporter, c.Importer}
		if len(all) == laneBridgesMost {
			break
		}
		if drawn[key] {
			continue
		}
		drawn[key] = true
		d := chart.LaneBridge{Name: "declared-to-reconciled-" + key.exporter.String() + "-" + key.importer.String() + "-" + key.goods.Code(),
			Title:    "From declared to reconciled",
			Subtitle: v.options.coded(data.Economy(key.exporter)) + " to " + v.options.coded(data.Economy(key.importer)) + ", " + v.options.goods(c.Goods) + ", all periods",
			Caption:  "Both sides lead to the same figure. Parts to the right add to a side's sum, parts to the left take away from it."}
		for i := range v.Bridges {
			s := &v.Bridges[i]
			if s.Measure != mirror.Weight || s.Commodity.In(data.EditionUnknown) != key.goods || s.Exporter != key.exporter || s.Importer != key.importer {
				continue
			}
			d.Steps = append(d.Steps, chart.LaneBridgeStep{Side: string(s.Side), Label: s.Step, Kg: s.Amount})
		}
		if len(d.Steps) > 0 {
			all = append(all, d)
		}
	}
	return all
}
