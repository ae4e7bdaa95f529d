package stocks

import (
	"math"

	"counterflow/data"
	"counterflow/reconcile/mirror"
	"counterflow/reconcile/panel"
)

// calendar is the months, or the years, that a run's accounts cover.
type calendar struct {
	start data.Period
	n     int
}

func (c calendar) monthly() bool { return c.start.Monthly() }

// perYear is 12 or 1.
func (c calendar) perYear() int {
	if c.monthly() {
		return 12
	}
	return 1
}

// at is the place of a period of the same kind; ok is false outside.
func (c calendar) at(p data.Period) (t int, ok bool) {
	if p.Monthly() != c.monthly() {
		return 0, false
	}
	t = p.Index() - c.start.Index()
	return t, t >= 0 && t < c.n
}

func (c calendar) period(t int) data.Period { return c.start.Add(t) }

// calendarOf covers the balances where there are no flows: years if any figure is
// annual, else months.
func calendarOf(balances []data.Balance) calendar {
	var first, last [2]data.Period
	for i := range balances {
		p := balances[i].Period
		kind := 0
		if p.Monthly() {
			kind = 1
		}
		if first[kind] == 0 || p < first[kind] {
			first[kind] = p
		}
		last[kind] = max(last[kind], p)
	}
	for kind := range first {
		if first[kind] != 0 {
			return calendar{first[kind], last[kind].Index() - first[kind].Index() + 1}
		}
	}
	return calendar{}
}

// flow is what both sides declare of one lane, kilograms by period; NaN is
// unknown, zero is "spoke and declared nothing".
type flow struct {
	commodity          data.Commodity
	exporter, importer data.Economy
	imported           []float64 // by the importer
	departed           []float64 // by the exporter, by period of departure
	arrived            []float64 // the same by period of arrival
	price              []float64 // US dollars a kilogram, of the commodity; nil where not known
}

// flowsOf takes months from the panel where there are any, else years from the
// pairs.
func flowsOf(p *panel.Panel, pairs []mirror.Pair) (calendar, []flow) {
	if p != nil && len(p.Lanes) > 0 {
		all := monthlyFlows(p)
		hush(all, p.Months)
		return calendar{p.Start, p.Months}, all
	}
	return annualFlows(pairs)
}

// monthlyFlows takes the lanes of a panel, which lie in the order of commodities.
func monthlyFlows(p *panel.Panel) []flow {
	all := make([]flow, len(p.Lanes))
	var starts []int
	for i := range p.Lanes {
		if i == 0 || p.Lanes[i].Goods != p.Lanes[i-1].Goods {
			starts = append(starts, i)
		}
	}
	inParallel(len(starts), func(g int) {
		from, to := starts[g], len(p.Lanes)
		if g+1 < len(starts) {
			to = starts[g+1]
		}
		price := prices(p.Lanes[from:to], p.Months)
		for i := from; i < to; i++ {
			all[i] = monthlyFlow(&p.Lanes[i], price)
		}
	})
	return all
}

func monthlyFlow(l *panel.Lane, price []float64) flow {
	f := flow{commodity: l.Goods.In(data.EditionUnknown), exporter: data.Economy(l.Exporter), importer: data.Economy(l.Importer),
		imported: weighed(l.MKg, l.MUSD, price), departed: weighed(l.XKg, l.XUSD, price), price: price}
	f.arrived = f.departed
	if l.Arrived != nil {
		f.arrived = weighed(l.Arrived, l.ArrivedUSD, price)
	}
	return f
}

// hush takes back the zeros of months in which an economy did not speak for
// itself: where most of what its partners declare of their lanes with it is
// unknown on its side, silent or filled in from theirs, a lane that nobody
// declared is not known to be empty.
func hush(flows []flow, n int) {
	silent := func(own func(*flow) []float64, economy func(*flow) data.Economy, other func(*flow) []float64) {
		count := map[data.Economy][]int{}
		for i := range flows {
			f := &flows[i]
			e := economy(f)
			if count[e] == nil {
				count[e] = make([]int, n)
			}
			for t, v := range other(f) {
				switch {
				case !(v > 0):
				case math.IsNaN(own(f)[t]):
					count[e][t]++
				default:
					count[e][t]--
				}
			}
		}
		for i := range flows {
			for t, balance := range count[economy(&flows[i])] {
				if balance > 0 && own(&flows[i])[t] == 0 {
					own(&flows[i])[t] = math.NaN()
				}
			}
		}
	}
	importer, exporter := func(f *flow) data.Economy { return f.importer }, func(f *flow) data.Economy { return f.exporter }
	imported, departed, arrived := func(f *flow) []float64 { return f.imported }, func(f *flow) []float64 { return f.departed }, func(f *flow) []float64 { return f.arrived }
	silent(imported, importer, arrived)
	silent(departed, exporter, imported)
	silent(arrived, exporter, imported)
}

// annualFlows lays out the pairs of whole years. Travel of weeks moves little
// over the end of a year, so departures count as arrivals.
func annualFlows(pairs []mirror.Pair) (calendar, []flow) {
	var c calendar
	var last data.Period
	for i := range pairs {
		if p := pairs[i].Period; !p.Monthly() {
			if c.start == 0 || p < c.start {
				c.start = p
			}
			last = max(last, p)
		}
	}
	if c.start == 0 {
		return c, nil
	}
	c.n = last.Index() - c.start.Index() + 1
	var all []flow
	for i := range pairs {
		p := &pairs[i]
		t, ok := c.at(p.Period)
		if !ok || p.Notes.Has(mirror.PartnerUnstated) {
			continue
		}
		goods := p.Commodity.In(data.EditionUnknown)
		if n := len(all); n == 0 || all[n-1].commodity != goods || all[n-1].exporter != data.Economy(p.Exporter) || all[n-1].importer != data.Economy(p.Importer) {
			x := unknown(c.n)
			all = append(all, flow{commodity: goods, exporter: data.Economy(p.Exporter), importer: data.Economy(p.Importer),
				imported: unknown(c.n), departed: x, arrived: x})
		}
		f := &all[len(all)-1]
		if p.State != mirror.ImportOnly && p.State != mirror.ExporterSilent {
			f.departed[t] = p.XKg.Float()
		}
		if p.State != mirror.ExportOnly && p.State != mirror.ImporterSilent {
			f.imported[t] = p.MKg.Float()
		}
	}
	return c, all
}

// unknown gives a series of unknown amounts.
func unknown(n int) []float64 {
	x := make([]float64, n)
	for t := range x {
		x[t] = math.NaN()
	}
	return x
}
