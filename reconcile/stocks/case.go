package stocks

import (
	"fmt"
	"math"
	"strings"

	"counterflow/data"
	"counterflow/data/reference"
	"counterflow/reconcile/cases"
	"counterflow/reconcile/claims"
)

// size is the excess of a spell in kilograms, with a 90% interval.
type size struct{ kg, low, high float64 }

// size adds up what goes out times exp(gap) - 1 over the known periods of the spell, gaps
// cut at clip scales about the level of the spell. The interval moves the whole
// spell by what the error of its shift allows.
func (f *finding) size() size {
	level, sd := f.Centre+f.Shift, math.Hypot(f.SE, f.unsized)
	kg, slope := 0.0, 0.0
	for t := f.Start; t <= f.End; t++ {
		if math.IsNaN(f.gap[t]) {
			continue
		}
		gap := min(max(f.gap[t], level-clip*f.Scale), level+clip*f.Scale) - f.Centre
		kg += f.goes(t) * math.Expm1(gap)
		slope += f.goes(t) * math.Exp(gap)
	}
	half := ninety * sd * slope
	return size{kg, kg - half, kg + half}
}

// price is the mean US dollars a kilogram of what an account imports in a span,
// by the commodity's unit values; NaN where none is known.
func (f *finding) price(from, to int) float64 {
	usd, kg := 0.0, 0.0
	for i := range f.in {
		l := &f.in[i]
		if l.flow.price == nil {
			continue
		}
		for t := from; t <= to; t++ {
			if a := l.amount(t); a > 0 && l.flow.price[t] > 0 {
				usd += a / l.content * l.flow.price[t]
				kg += a
			}
		}
	}
	return usd / kg
}

// build makes a case of a finding, with the claims that were tried.
func (d *detector) build(f *finding, q float64) (cases.Case, []claims.Claim) {
	z := f.size()
	c := cases.Case{
		Kind: cases.StockBuild, Goods: f.commodity, Importer: data.Importer(f.economy),
		Start: d.calendar.period(f.Start).Start(), End: d.calendar.period(f.End).End(),
		ExcessKg: data.Kilograms(z.kg), ExcessKgLow: data.Kilograms(z.low), ExcessKgHigh: data.Kilograms(z.high),
		ExcessUSD: data.Dollars(z.kg * f.price(f.Start, f.End)),
		LogP:      f.logP, Q: q, Assessable: len(f.doubts) == 0,
	}
	if !c.Assessable {
		c.Q = 1
	}
	front, event := d.frontLoading(f.economy, f.commodity, f.Start, f.End, f.gap)
	c.Caveats = append(c.Caveats, f.doubts...)
	if front {
		c.Caveats = append(c.Caveats, "front_loading")
	}
	if f.End >= d.calendar.n-2 {
		c.Caveats = append(c.Caveats, "still_building")
	}
	if f.usesSpread {
		c.Caveats = append(c.Caveats, "use_spread_from_years")
	}
	c.Statement = f.statement(&c, f.coverOf(z.kg, d.calendar), d.calendar)
	return c, d.claimsOf(f, z, event)
}

// coverOf is an excess in months of the use before the spell, or of all use
// where none is known before.
func (f *finding) coverOf(kg float64, c calendar) float64 {
	before := known(f.use[max(0, f.Start-c.perYear()):f.Start])
	if len(before) == 0 {
		before = known(f.use)
	}
	return kg / (meanOf(before) * float64(c.perYear()) / 12)
}

func (f *finding) statement(c *cases.Case, cover float64, cal calendar) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: supply of %s lies above its use by %s (90%% interval %s to %s) %s, %.1f months of use",
		goodName(c.Goods), reference.Name(f.economy), tonnes(c.ExcessKg), tonnes(c.ExcessKgLow), tonnes(c.ExcessKgHigh), span(c.Start, c.End), cover)
	fmt.Fprintf(&b, ", %.0f%% above use and exports. It is a statistical discrepancy that the tested explanations do not account for", 100*math.Expm1(f.Shift))
	if !c.Assessable {
		fmt.Fprintf(&b, "; it is not assessable (%s)", strings.ReplaceAll(strings.Join(f.doubts, ", "), "_", " "))
	}
	b.WriteString(".")
	return b.String()
}

func goodName(c data.Commodity) string {
	if name, ok := reference.MineralName(c); ok {
		return strings.ToUpper(name[:1]) + name[1:] + " (contained)"
	}
	return reference.GoodName(c)
}

func span(from, to data.Period) string {
	if from == to {
		return "in " + from.String()
	}
	return fmt.Sprintf("from %s to %s", from, to)
}

// tonnes writes a mass in tonnes with three figures.
func tonnes(w data.Kg) string {
	t := w.Float() / 1000
	digits := 0
	for v := math.Abs(t); v < 100 && digits < 3; v *= 10 {
		digits++
	}
	return fmt.Sprintf("%.*f t", digits, t)
}
