package balance

import (
	"fmt"
	"math"
	"strings"

	"counterflow/data"
	"counterflow/reconcile/mirror"
)

// The rules by name.
const (
	Ours      = "ours"      // precision-weighted logs after margin, bias and timing
	Exporter  = "exporter"  // the exporter's report, else the importer's
	Importer  = "importer"  // the importer's report less 6%, else the exporter's
	Mean      = "mean"      // the mean of both, the importer's less 6%
	Geometric = "geometric" // the same in logs
	Larger    = "larger"    // the larger of both, the importer's less 8% (tradestatistics.io)
	BACI      = "baci"      // CEPII's weights
	Harvard   = "harvard"   // the Growth Lab's weights as described
	Gehlhar   = "gehlhar"   // the more reliable side alone, by GTAP's index
)

// Rules lists the names.
var Rules = []string{Ours, Exporter, Importer, Mean, Geometric, Larger, BACI, Harvard, Gehlhar}

// figure is a reconciled amount of one measure.
type figure struct {
	amount, low, high float64
	share             float64 // of the exporter's report
	rule              Ruling
}

func (r *Reconciled) set(kg, usd figure) {
	r.Kg, r.KgLow, r.KgHigh = data.Kilograms(kg.amount), data.Kilograms(kg.low), data.Kilograms(kg.high)
	r.USD, r.USDLow, r.USDHigh = data.FOB(data.Dollars(usd.amount)), data.FOB(data.Dollars(usd.low)), data.FOB(data.Dollars(usd.high))
	r.ExporterWeight, r.Rule = kg.share, kg.rule
	if math.IsNaN(kg.amount) {
		r.ExporterWeight, r.Rule = usd.share, usd.rule
	}
}

// plainRule makes one figure of two reports of one period.
type plainRule struct {
	ruling  Ruling
	cif     float64 // importers' values are divided by it
	combine func(x, m float64) float64
}

var plainRules = []plainRule{
	{rulingOf(Exporter), 1.06, func(x, m float64) float64 { return x }},
	{rulingOf(Importer), 1.06, func(x, m float64) float64 { return m }},
	{rulingOf(Mean), 1.06, func(x, m float64) float64 { return (x + m) / 2 }},
	{rulingOf(Geometric), 1.06, func(x, m float64) float64 { return math.Sqrt(x * m) }},
	{rulingOf(Larger), 1.08, func(x, m float64) float64 { return max(x, m) }},
}

// byName applies the rule of another publisher.
func byName(name string, pairs []mirror.Pair, models Models, rounds int) (*Table, error) {
	for i := range plainRules {
		if plainRules[i].ruling == rulingOf(name) {
			return &Table{Rows: plainRules[i].apply(pairs)}, nil
		}
	}
	for i := range peers {
		if peers[i].name == name {
			return peers[i].apply(pairs, models.Margin, rounds), nil
		}
	}
	return nil, fmt.Errorf("rule %q is unknown; take one of %s", name, strings.Join(Rules, ", "))
}

// apply makes one row of every pair. Plain rules know of no model: where one
// side is missing the other is taken, months are those declared, and there is no
// interval.
func (r *plainRule) apply(pairs []mirror.Pair) []Reconciled {
	rows := make([]Reconciled, len(pairs))
	for i := range pairs {
		p := &pairs[i]
		rows[i] = Reconciled{Commodity: p.Commodity, Period: p.Period, Exporter: p.Exporter, Importer: p.Importer}
		rows[i].set(r.figure(p.XKg.Float(), p.MKg.Float()), r.figure(p.XUSD.Float(), p.MUSD.Float()/r.cif))
	}
	return rows
}

func (r *plainRule) figure(x, m float64) figure {
	f := figure{rule: r.ruling, low: math.NaN(), high: math.NaN(), share: math.NaN()}
	switch {
	case x > 0 && m > 0:
		f.amount = r.combine(x, m)
		if x != m {
			f.share = (f.amount - m) / (x - m)
		}
	case x > 0:
		f.amount, f.share, f.rule = x, 1, r.ruling.keeping(onlyExporter)
	case m > 0:
		f.amount, f.share, f.rule = m, 0, r.ruling.keeping(onlyImporter)
	default:
		f.amount = math.NaN()
	}
	return f
}
