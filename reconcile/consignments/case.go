package consignments

import (
	"fmt"
	"math"

	"counterflow/data"
	"counterflow/data/reference"
	"counterflow/reconcile/cases"
	"counterflow/reconcile/claims"
)

// ninety is the normal quantile of a 90% interval.
const ninety = 1.6448536269514722

// joinLogP is the log p from which another pair of the lane is taken into a case.
const joinLogP = -9.2 // 1 in 10,000

// add makes a case of a lane.
func (r *Result) add(l *lane, e *evidence, q float64, rows []data.Consignment) {
	t := tally{from: math.MaxInt32, to: math.MinInt32}
	for i := range e.pairs {
		if i == e.best || e.pairs[i].logP < joinLogP {
			t.take(&l.pairs[i], e.pairs[i].sized(&l.pairs[i]), rows)
		}
	}
	share, half := t.excess/float64(t.under), ninety*math.Sqrt(t.variance)/float64(t.under)
	c := cases.Case{
		Kind: cases.SplitConsignment, Goods: l.commodity, Exporter: l.exporter, Importer: l.importer,
		Start: monthAt(t.from), End: monthAt(t.to),
		ExcessKg: data.Kilograms(t.kg * share), ExcessKgLow: data.Kilograms(t.kg * (share - half)), ExcessKgHigh: data.Kilograms(t.kg * min(share+half, 1)),
		ExcessUSD: data.Dollars(t.usd * share), LogP: e.logP, Q: q, Assessable: true,
	}
	best := &e.pairs[e.best]
	if w := best.window(); w.from == math.MinInt32 {
		c.Caveats = append(c.Caveats, "all_months")
	}
	c.Statement = fmt.Sprintf("%s: %s to %s, %d consignments between %.0f%% and 100%% of the licence threshold of %s from %s to %s, where %.1f would be usual "+
		"(%s over %d pair(s) of shipper and consignee). It is a statistical discrepancy that the tested explanations do not account for.",
		reference.GoodName(l.commodity), reference.Name(data.Economy(l.exporter)), reference.Name(data.Economy(l.importer)),
		t.under, 100*(1-t.width), mass(l.threshold), c.Start, c.End, float64(t.under)-t.excess, mass(c.ExcessKg.Float())+" beyond the usual", t.pairs)
	r.Cases, r.Parcels = append(r.Cases, c), append(r.Parcels, t.parcels)
	r.Claims = append(r.Claims, claimsOf(&c, best, l))
}

// tally sums the parcels of a case.
type tally struct {
	from, to         int32
	width            float64
	under, pairs     int
	excess, variance float64
	kg, usd          float64
	parcels          []data.Consignment
}

// take adds the parcels of one pair that lie in its window and months.
func (t *tally) take(p *pair, w spell, rows []data.Consignment) {
	t.pairs++
	t.width = math.Max(t.width, w.width)
	t.excess += float64(w.under) - w.expected
	t.variance += w.sd * w.sd
	t.under += w.under
	for _, q := range p.parcels {
		if q.month < w.from || q.month > w.to || !under(q.mass, w.width) {
			continue
		}
		t.from, t.to = min(t.from, q.month), max(t.to, q.month)
		c := &rows[q.row]
		t.kg += c.NetWeight.Float()
		if c.Value.Known() {
			t.usd += c.Value.Float()
		}
		t.parcels = append(t.parcels, *c)
	}
}

// monthAt is the month of an index, as Period.Index counts.
func monthAt(index int32) data.Period {
	p, err := data.Month(1900+int(index)/12, int(index)%12+1)
	if err != nil {
		return 0
	}
	return p
}

// mass writes kilograms with three figures.
func mass(kg float64) string {
	unit, v := "kg", kg
	if kg >= 10_000 {
		unit, v = "t", kg/1000
	}
	digits := 0
	for w := math.Abs(v); w < 100 && digits < 2; w *= 10 {
		digits++
	}
	return fmt.Sprintf("%.*f %s", digits, v, unit)
}

// claimsOf lists what was tried. Kilograms and the unexplained rest add up to
// the excess.
func claimsOf(c *cases.Case, p *pairEvidence, l *lane) []claims.Claim {
	note := func(explanation string, verdict claims.Verdict, text string) claims.Claim {
		kg := data.Kg(0)
		if verdict == claims.NotPossible {
			kg = data.MissingKg
		}
		return claims.Claim{Explanation: explanation, Kg: kg, KgLow: data.MissingKg, KgHigh: data.MissingKg, Verdict: verdict, Note: text}
	}
	var all []claims.Claim
	switch b := &p.bunching; {
	case math.IsNaN(p.crowded):
		all = append(all, note("round_lots", claims.NotPossible, "too few parcels to fit the density of their masses"))
	default:
		all = append(all, note("round_lots", claims.Fails, fmt.Sprintf(
			"over all months %d lie within 10%% below the threshold, where slope and round numbers let expect %.1f; %d lie exactly on it and are left out",
			b.Below, b.Expected, b.AtLimit)))
	}
	all = append(all,
		note("usual_size", claims.Fails, fmt.Sprintf("in these months %d of %d parcels lie in the window; other months and the rest of the lane let expect %.1f",
			p.spell.under, p.spell.n, p.spell.expected)),
		note("repeats", claims.Fails, fmt.Sprintf("%d days with several parcels below the threshold, %.1f expected; %d of them add up to just above it, %.1f expected",
			p.repeats.days, p.repeats.expectedDays, p.repeats.sums, p.repeats.expectedSums)))
	return append(all, claims.Claim{Explanation: "unexplained", Kg: c.ExcessKg, KgLow: c.ExcessKgLow, KgHigh: c.ExcessKgHigh, Verdict: claims.Holds, Note: "what none of these accounts for"})
}
