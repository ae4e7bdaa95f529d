package balance

import (
	"fmt"
	"math"
	"strings"

	"counterflow/data"
	"counterflow/reconcile/margin"
	"counterflow/reconcile/mirror"
	"counterflow/reconcile/reliability"
	"counterflow/reconcile/timing"
)

// The rules by name.
const (
	Ours      = "ours"      // precision-weighted logs after margin, bias and timing
	Exporter  = "exporter"  // the exporter's report, else the importer's
	Importer  = "importer"  // the importer's report less 6%, else the exporter's
	Mean      = "mean"      // the mean of both, the importer's less 6%
	Geometric = "geometric" // the same in logs
	Larger    = "larger"    // the larger of both, the importer's less 8%
)

// Rules lists the names.
var Rules = []string{Ours, Exporter, Importer, Mean, Geometric, Larger}

// Models is what the earlier stages learned.
type Models struct {
	Margin      *margin.Model
	Timing      *timing.Model
	Reliability *reliability.Model
}

// Options decide how flows are reconciled.
type Options struct {
	Rule string // "" for ours
}

// Table is one reconciled flow for each pair, in the same order.
type Table struct {
	Rows     []Reconciled
	Warnings []string
}

// Reconcile applies a rule to pairs that lie in order.
func Reconcile(pairs []mirror.Pair, models Models, o Options) (*Table, error) {
	combine, err := ruleOf(o.Rule)
	if err != nil {
		return nil, err
	}
	t := &Table{Rows: make([]Reconciled, len(pairs))}
	for i := range pairs {
		p := &pairs[i]
		r := &t.Rows[i]
		*r = Reconciled{Commodity: p.Commodity, Period: p.Period, Exporter: p.Exporter, Importer: p.Importer}
		kg := combine(models, p, mirror.Weight, p.XKg.Float(), p.MKg.Float())
		usd := combine(models, p, mirror.Value, p.XUSD.Float(), p.MUSD.Float())
		r.Kg, r.KgLow, r.KgHigh = data.Kilograms(kg.amount), data.Kilograms(kg.low), data.Kilograms(kg.high)
		r.USD, r.USDLow, r.USDHigh = data.FOB(data.Dollars(usd.amount)), data.FOB(data.Dollars(usd.low)), data.FOB(data.Dollars(usd.high))
		r.ExporterWeight, r.Rule = kg.share, kg.rule
		if math.IsNaN(kg.amount) {
			r.ExporterWeight, r.Rule = usd.share, usd.rule
		}
	}
	return t, nil
}

// figure is a reconciled amount of one measure.
type figure struct {
	amount, low, high float64
	share             float64 // of the exporter's report
	rule              string
}

type combiner func(models Models, p *mirror.Pair, measure mirror.Measure, x, m float64) figure

func ruleOf(name string) (combiner, error) {
	switch name {
	case "", Ours:
		return byPrecision, nil
	case Exporter:
		return plain(name, 1, func(x, m float64) float64 { return x }), nil
	case Importer:
		return plain(name, 1.06, func(x, m float64) float64 { return m }), nil
	case Mean:
		return plain(name, 1.06, func(x, m float64) float64 { return (x + m) / 2 }), nil
	case Geometric:
		return plain(name, 1.06, func(x, m float64) float64 { return math.Sqrt(x * m) }), nil
	case Larger:
		return plain(name, 1.08, func(x, m float64) float64 { return max(x, m) }), nil
	}
	return nil, fmt.Errorf("rule %q is unknown; take one of %s", name, strings.Join(Rules, ", "))
}

// plain is a rule without any model: where one side is missing the other is
// taken, and there is no interval.
func plain(name string, cif float64, combine func(x, m float64) float64) combiner {
	return func(_ Models, _ *mirror.Pair, measure mirror.Measure, x, m float64) figure {
		if measure == mirror.Value {
			m /= cif
		}
		f := figure{rule: name, low: math.NaN(), high: math.NaN()}
		switch {
		case x > 0 && m > 0:
			f.amount = combine(x, m)
			f.share = math.NaN()
			if x != m {
				f.share = (f.amount - m) / (x - m)
			}
		case x > 0:
			f.amount, f.share, f.rule = x, 1, name+", only the exporter declared"
		case m > 0:
			f.amount, f.rule = m, name+", only the importer declared"
		default:
			f.amount = math.NaN()
		}
		return f
	}
}

// ninety is the normal quantile of a 90% interval.
const ninety = 1.6448536269514722

// byPrecision is the mean of both reports in logs, weighted by the reciprocal of
// their variances, after margin and bias.
func byPrecision(models Models, p *mirror.Pair, measure mirror.Measure, x, m float64) figure {
	ex := models.Reliability.Of(data.Economy(p.Exporter), reliability.AsExporter, measure, p.Commodity)
	im := models.Reliability.Of(data.Economy(p.Importer), reliability.AsImporter, measure, p.Commodity)
	logX, logM := math.Log(x)-ex.Bias, math.Log(m)-im.Bias
	if measure == mirror.Value {
		logM -= models.Margin.Log(p)
	}
	vx, vm := ex.Variance(), im.Variance()
	f := figure{rule: Ours}
	var log, variance float64
	switch {
	case x > 0 && m > 0:
		f.share = vm / (vx + vm)
		log, variance = f.share*logX+(1-f.share)*logM, vx*vm/(vx+vm)
	case x > 0:
		f.share, f.rule, log, variance = 1, Ours+", only the exporter declared", logX, vx
	case m > 0:
		f.rule, log, variance = Ours+", only the importer declared", logM, vm
	default:
		return figure{amount: math.NaN(), low: math.NaN(), high: math.NaN()}
	}
	half := ninety * math.Sqrt(variance)
	f.amount, f.low, f.high = math.Exp(log), math.Exp(log-half), math.Exp(log+half)
	return f
}
