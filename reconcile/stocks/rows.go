package stocks

import (
	"math"

	"counterflow/data"
)

// Errors of an account without enough periods to show its own, natural logs: of
// a period, and of what is lasting.
const (
	priorPassing = 0.3
	priorLasting = 0.35
)

// ninety is the normal quantile of a 90% interval.
const ninety = 1.6448536269514722

// noFigure is the standard deviation, as a share of mean use, of a change that
// nobody knows.
const noFigure = 0.5

// rows makes the table of one account; none where use is never known.
func (f *finding) rows(c calendar) []Account {
	if f.use == nil || len(known(f.use)) == 0 {
		return nil
	}
	passing, lasting := f.errors()
	out := f.outs()
	mean := meanOf(known(out))
	change, sd := make([]float64, c.n), make([]float64, c.n)
	rows := make([]Account, c.n)
	for t := range rows {
		r := &rows[t]
		f.terms(r, t)
		sd[t] = passing * out[t]
		if math.IsNaN(out[t]) {
			out[t] = mean
		}
		if !r.Change.Known() {
			sd[t] = noFigure * mean
			continue
		}
		change[t] = r.Change.Float()
		r.Low, r.High = data.Kilograms(change[t]-ninety*sd[t]), data.Kilograms(change[t]+ninety*sd[t])
	}
	p := cumulate(change, out, sd, f.held, lasting)
	for t := range rows {
		r := &rows[t]
		r.Economy, r.Commodity, r.Period = f.economy, f.commodity, c.period(t)
		r.Cumulated = data.Kilograms(p.stock[t])
		r.CumulatedLow, r.CumulatedHigh = data.Kilograms(p.stock[t]-ninety*p.sd[t]), data.Kilograms(p.stock[t]+ninety*p.sd[t])
		r.MonthsOfCover = p.stock[t] / f.monthlyUse(t, c)
	}
	return rows
}

// errors gives the standard deviations of a period's change and of what is
// lasting in the account, relative to what goes out. A passing error that is correlated
// from period to period adds up as a larger uncorrelated one does.
func (f *finding) errors() (passing, lasting float64) {
	if !f.Found() {
		return priorPassing, priorLasting
	}
	inflation := math.Sqrt((1 + f.Phi) / (1 - f.Phi))
	outside := math.Max(float64(f.Known-f.Seen), 1)
	return f.Scale * inflation, f.Scale * inflation / math.Sqrt(outside)
}

// terms fills in one period, at the ratio at which the account usually closes.
// The change is worked out from whole grams, so the terms add up.
func (f *finding) terms(r *Account, t int) {
	r.Production, r.Imports, r.Exports, r.Use, r.Change = data.MissingKg, data.MissingKg, data.MissingKg, data.MissingKg, data.MissingKg
	r.Low, r.High = data.MissingKg, data.MissingKg
	r.Use = data.Kilograms(f.use[t])
	in := f.comes(byExporter, t)
	if math.IsNaN(f.gap[t]) || !(in > 0) {
		return
	}
	ratio := f.goes(t) * math.Exp(f.gap[t]) / in
	r.Imports, r.Exports = data.Kilograms(f.imports[byExporter][t]*ratio), data.Kilograms(f.exports[byExporter][t])
	r.Change = r.Imports - r.Exports - r.Use
	if f.production != nil {
		r.Production = data.Kilograms(f.production[t] * ratio)
		r.Change += r.Production
	}
}

// outs is what goes out, period by period; NaN where use is unknown.
func (f *finding) outs() []float64 {
	out := make([]float64, len(f.use))
	for t := range out {
		out[t] = f.goes(t)
	}
	return out
}

// monthlyUse is mean use a month over the last twelve months that are known,
// this one included; NaN where none is.
func (f *finding) monthlyUse(t int, c calendar) float64 {
	var last []float64
	for s := max(0, t-c.perYear()+1); s <= t; s++ {
		if !math.IsNaN(f.use[s]) {
			last = append(last, f.use[s])
		}
	}
	return meanOf(last) * float64(c.perYear()) / 12
}

// meanOf is the mean, NaN of nothing.
func meanOf(x []float64) float64 {
	sum := 0.0
	for _, v := range x {
		sum += v
	}
	return sum / float64(len(x))
}
