package stocks

import (
	"fmt"
	"math"
	"slices"

	"counterflow/data"
	"counterflow/data/reference"
	"counterflow/reconcile/cases"
	"counterflow/reconcile/claims"
	"counterflow/stats/multiple"
	"counterflow/stats/robust"
	"counterflow/stats/spell"
	"counterflow/stats/tail"
)

// tradeAlone holds the net imports of accounts whose use is unknown against
// their own season, trend and level. A boom of demand looks the same, so what it
// finds is listed as not assessable, unless imports fell below their level after
// a dated event as they had risen before it: then stocks were drawn on again.
func (d *detector) tradeAlone(books []*book, flows []flow, out *Result) error {
	ledgers := ledgersOf(d.unknownUse(books, flows), flows, d.calendar)
	found := make([]*finding, len(ledgers))
	inParallel(len(ledgers), func(i int) { found[i] = d.past(ledgers[i]) })
	logp := make([]float64, len(found))
	for i, f := range found {
		logp[i] = math.NaN()
		if f.Found() {
			logp[i] = f.logP
		}
	}
	adjusted, err := multiple.BenjaminiHochberg(logp)
	if err != nil {
		return fmt.Errorf("stocks: %w", err)
	}
	for i, f := range found {
		if q := math.Exp(adjusted.LogQ[i]); q <= d.settings.FalseShare && f.large(d.settings.LeastShare) {
			if c, claimed := d.buildTrade(f, q); c.ExcessUSD.Float() >= d.settings.MinimumUSD || !c.ExcessUSD.Known() {
				out.Cases, out.Claims = append(out.Cases, c), append(out.Claims, claimed)
			}
		}
	}
	return nil
}

// unknownUse lists the accounts that no balance gives a use for: what economies
// import, and balances that state totals of imports.
func (d *detector) unknownUse(books []*book, flows []flow) []*book {
	seen := map[key]*book{}
	var all []*book
	add := func(b *book) {
		if seen[b.key] == nil {
			seen[b.key] = b
			all = append(all, b)
		}
	}
	usual := map[key]bool{}
	for _, b := range books {
		switch {
		case b.use != nil && len(known(b.use)) > 0:
			usual[b.key] = true
		case b.imports != nil:
			add(&book{key: b.key, imports: b.imports, exports: b.exports})
		}
	}
	for i := range flows {
		if k := (key{flows[i].importer, flows[i].commodity}); !usual[k] {
			add(&book{key: k})
		}
	}
	slices.SortFunc(all, func(a, b *book) int { return a.compare(b.key) })
	return all
}

// past holds net imports against their own past.
func (d *detector) past(l *ledger) *finding {
	a := &account{ledger: l}
	for w := range witnesses {
		g := unknown(d.calendar.n)
		for t := range g {
			if s := l.imports[w][t] - l.exports[byExporter][t]; s > 0 && l.guessed[t] <= mostGuessed {
				g[t] = math.Log(s)
			}
		}
		a.gaps[w] = g
	}
	if len(known(a.gaps[byExporter])) < leastPeriods {
		return lastAgainstBefore(a)
	}
	for w := range witnesses {
		straighten(a.gaps[w], d.calendar)
	}
	a.gap, a.weight = combine(a.gaps[byImporter], a.gaps[byExporter])
	f := &finding{account: a, Spell: spell.Scan(a.gap, scanSettings(0.5))}
	f.logP = math.NaN()
	if f.Found() {
		f.z, f.logP = f.Z, f.LogP
		d.loaded(f)
	}
	return f
}

// straighten takes out season and trend: medians of calendar months, then the
// Theil-Sen line.
func straighten(g []float64, c calendar) {
	if c.monthly() {
		deseason(g, c)
	}
	var x, y []float64
	for t, v := range g {
		if !math.IsNaN(v) {
			x, y = append(x, float64(t)), append(y, v)
		}
	}
	fit, err := robust.TheilSen(x, y)
	if err != nil {
		centre(g)
		return
	}
	for t := range g {
		g[t] -= fit.Slope * float64(t)
	}
	centre(g)
}

// leastShort is the number of earlier periods that a short series needs.
const leastShort = 3

// lastAgainstBefore is for series too short for a habit, such as a few years:
// each period is held against all before it, by Student's t of its log against
// their mean and spread, and the search over periods is paid for.
func lastAgainstBefore(a *account) *finding {
	f := &finding{account: a}
	f.logP = math.NaN()
	a.gap = slices.Clone(a.gaps[byExporter])
	var before []float64
	tested := 0
	for t, v := range a.gap {
		if math.IsNaN(v) {
			continue
		}
		if n := float64(len(before)); len(before) >= leastShort {
			tested++
			mean := meanOf(before)
			sd := math.Max(spreadAbout(before, mean), leastScatter)
			se := sd * math.Sqrt(1+1/n)
			if logP := tail.StudentLogSF((v-mean)/se, n-1); math.IsNaN(f.logP) || logP < f.logP {
				f.logP = logP
				f.Spell = spell.Spell{Start: t, End: t, Seen: 1, Shift: v - mean, SE: se, Z: (v - mean) / se, Centre: mean, Scale: sd, DF: n - 1, Known: len(before) + 1}
			}
		}
		before = append(before, v)
	}
	f.logP = math.Min(f.logP+math.Log(float64(max(tested, 1))), 0)
	f.z = f.Z
	return f
}

// spreadAbout is the standard deviation about the mean.
func spreadAbout(x []float64, mean float64) float64 {
	sum := 0.0
	for _, v := range x {
		sum += square(v - mean)
	}
	return math.Sqrt(sum / float64(len(x)-1))
}

// usualImports is what the level of an account lets expect in a period.
func (f *finding) usualImports(t int) float64 {
	net := f.imports[byExporter][t] - f.exports[byExporter][t]
	return net / math.Exp(f.gap[t]-f.Centre)
}

// excessCover is how many months of usual imports came beyond the usual over the
// last so many months of a spell: sum of (M - m) over the mean of m.
func (f *finding) excessCover(months int, c calendar) float64 {
	excess, usual, n := 0.0, 0.0, 0
	for t := max(f.Start, f.End+1-max(months*c.perYear()/12, 1)); t <= f.End; t++ {
		if m := f.usualImports(t); !math.IsNaN(m) {
			excess += f.imports[byExporter][t] - f.exports[byExporter][t] - m
			usual, n = usual+m, n+1
		}
	}
	return excess / (usual / float64(n) * float64(c.perYear()) / 12)
}

// buildTrade makes a case of net imports above their usual.
func (d *detector) buildTrade(f *finding, q float64) (cases.Case, []claims.Claim) {
	kg, slope := 0.0, 0.0
	for t := f.Start; t <= f.End; t++ {
		if m := f.usualImports(t); !math.IsNaN(m) {
			kg += f.imports[byExporter][t] - f.exports[byExporter][t] - m
			slope += m * math.Exp(f.Shift)
		}
	}
	z := size{kg, kg - ninety*f.SE*slope, kg + ninety*f.SE*slope}
	front, event := d.frontLoading(f.economy, f.commodity, f.Start, f.End, f.gap)
	c := cases.Case{
		Kind: cases.StockBuild, Goods: f.commodity, Importer: data.Importer(f.economy),
		Start: d.calendar.period(f.Start).Start(), End: d.calendar.period(f.End).End(),
		ExcessKg: data.Kilograms(z.kg), ExcessKgLow: data.Kilograms(z.low), ExcessKgHigh: data.Kilograms(z.high),
		ExcessUSD: data.Dollars(z.kg * f.price(f.Start, f.End)), LogP: f.logP, Q: q, Assessable: front,
		Caveats: []string{"use_unknown"},
	}
	if front {
		c.Caveats = append(c.Caveats, "front_loading")
	}
	if f.End >= d.calendar.n-2 {
		c.Caveats = append(c.Caveats, "still_building")
	}
	c.Statement = fmt.Sprintf("%s: net imports of %s lie above their usual by %s (90%% interval %s to %s) %s, %s. "+
		"Use is not known, so a boom of demand is not ruled out.",
		goodName(c.Goods), reference.Name(f.economy), tonnes(c.ExcessKg), tonnes(c.ExcessKgLow), tonnes(c.ExcessKgHigh), span(c.Start, c.End), f.coverText(d.calendar))
	return c, d.claimsOfTrade(f, z, event)
}

// coverText gives the excess in months of usual imports over the last 3, 6 and 12
// months, or the last year.
func (f *finding) coverText(c calendar) string {
	if !c.monthly() {
		return fmt.Sprintf("%.1f months of usual imports over its last year", f.excessCover(12, c))
	}
	return fmt.Sprintf("%.1f, %.1f and %.1f months of usual imports over its last 3, 6 and 12 months",
		f.excessCover(3, c), f.excessCover(6, c), f.excessCover(12, c))
}

// claimsOfTrade lists what could be tried without use, and what speaks against.
func (d *detector) claimsOfTrade(f *finding, z size, event *data.Event) []claims.Claim {
	var all []claims.Claim
	say := func(explanation string, verdict claims.Verdict, _ data.Kg, note string) {
		all = append(all, claims.Claim{Explanation: explanation, Kg: data.MissingKg, KgLow: data.MissingKg, KgHigh: data.MissingKg, Verdict: verdict, Note: note})
	}
	say("demand_boom", claims.NotPossible, 0, "no figures of use with a basis of their own")
	if event != nil {
		say("front_loading", claims.Holds, 0, fmt.Sprintf("it ends about %s (%s), after which imports fell below their usual", event.Effective, event.ID))
	}
	d.claimCircular(f.key, say)
	d.claimProduction(f, say)
	return append(all, claims.Claim{Explanation: "unexplained", Kg: data.Kilograms(z.kg), KgLow: data.Kilograms(z.low), KgHigh: data.Kilograms(z.high),
		Verdict: claims.Holds, Note: "what none of these accounts for"})
}

// claimProduction notes where production of its own rose in the spell: then use
// may have risen too, or imports feed a new plant.
func (d *detector) claimProduction(f *finding, say sayClaim) {
	a := d.accounts[f.key]
	if a == nil || a.production == nil {
		return
	}
	in, before := known(a.production[f.Start:f.End+1]), known(a.production[:f.Start])
	if len(in) > 0 && len(before) > 0 && meanOf(in) > 1.25*meanOf(before) {
		say("new_capacity", claims.NotPossible, 0, fmt.Sprintf("its own production rose to %.1f times what it was: imports may feed it, or stand beside it", meanOf(in)/meanOf(before)))
	}
}
