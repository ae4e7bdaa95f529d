package stocks

import (
	"fmt"
	"math"
	"strings"

	"counterflow/data"
	"counterflow/reconcile/claims"
)

// claimsOf lists what was tried on a case. Their kilograms and the unexplained
// rest add up to its excess.
func (d *detector) claimsOf(f *finding, z size, event *data.Event) []claims.Claim {
	var all []claims.Claim
	rest := data.Kilograms(z.kg)
	say := func(explanation string, verdict claims.Verdict, kg data.Kg, note string) {
		if verdict == claims.NotPossible {
			kg = data.MissingKg
		}
		if verdict == claims.Holds {
			rest -= kg
		}
		all = append(all, claims.Claim{Explanation: explanation, Kg: kg, KgLow: data.MissingKg, KgHigh: data.MissingKg, Verdict: verdict, Note: note})
	}
	d.claimUse(f, say)
	d.claimMethod(f, say)
	moved := data.Kilograms(z.kg * min(max(f.moved, 0), 1))
	switch {
	case f.moved > 0.5:
		say("classification", claims.Holds, moved, "as much fell under another code on the same lanes")
	default:
		say("classification", claims.Fails, 0, fmt.Sprintf("%.0f%% of the rise fell under another code on the same lanes", 100*max(f.moved, 0)))
	}
	d.claimRevision(f, say)
	if event == nil {
		say("front_loading", claims.Fails, 0, "no dated event on these goods lies at its end")
	} else {
		say("front_loading", claims.Holds, 0, fmt.Sprintf("it ends about %s (%s), after which supply fell below use; that makes it no smaller", event.Effective, event.ID))
	}
	d.claimStocks(f, z, say)
	d.claimCircular(f.key, say)
	return append(all, claims.Claim{Explanation: "unexplained", Kg: rest, KgLow: data.Kilograms(z.low) - (data.Kilograms(z.kg) - rest),
		KgHigh: data.Kilograms(z.high) - (data.Kilograms(z.kg) - rest), Verdict: claims.Holds, Note: "what none of these accounts for"})
}

type sayClaim func(explanation string, verdict claims.Verdict, kg data.Kg, note string)

// claimUse asks whether use rose as imports did.
func (d *detector) claimUse(f *finding, say sayClaim) {
	if rose := math.Expm1(-f.useFell * f.Shift); rose > 0.02 {
		say("demand_boom", claims.Fails, 0, fmt.Sprintf("use and exports rose by %.0f%%, and supply by as much and %.0f%% more", 100*rose, 100*math.Expm1(f.Shift)))
		return
	}
	say("demand_boom", claims.Fails, 0, fmt.Sprintf("use and exports did not rise, supply lies %.0f%% above them", 100*math.Expm1(f.Shift)))
}

// claimMethod asks whether one side alone shows it.
func (d *detector) claimMethod(f *finding, say sayClaim) {
	m, x := f.sides[byImporter], f.sides[byExporter]
	switch {
	case m.heard && x.heard:
		say("method_change", claims.Fails, 0, fmt.Sprintf("its own imports show %+.0f%%, its partners' exports %+.0f%%", 100*math.Expm1(m.shift), 100*math.Expm1(x.shift)))
	case m.heard:
		say("method_change", claims.NotPossible, 0, "its partners publish too little of these lanes")
	default:
		say("method_change", claims.NotPossible, 0, "it publishes too little of its own imports")
	}
}

func (d *detector) claimRevision(f *finding, say sayClaim) {
	switch {
	case f.revised:
		say("hs_revision", claims.Fails, 0, "the code changed with an edition; each part was held against itself")
	case f.broken > 0:
		say("hs_revision", claims.Fails, 0, fmt.Sprintf("the code changed with the edition of %s, at no edge of the spell", d.calendar.period(f.broken)))
	}
}

// claimStocks holds the excess against published stocks on both sides of the
// spell.
func (d *detector) claimStocks(f *finding, z size, say sayClaim) {
	before, after := -1, -1
	for t := range f.held {
		if math.IsNaN(f.held[t]) {
			continue
		}
		if t < f.Start {
			before = t
		}
		if t >= f.End && after < 0 {
			after = t
		}
	}
	if before < 0 || after < 0 {
		say("published_stocks", claims.NotPossible, 0, "no stocks are published before and after")
		return
	}
	change := f.held[after] - f.held[before]
	sd := heldError * math.Hypot(f.held[after], f.held[before])
	note := fmt.Sprintf("published stocks changed by %s from %s to %s", tonnes(data.Kilograms(change)), d.calendar.period(before), d.calendar.period(after))
	if change+2*sd < z.low {
		note += ", less than the excess: this speaks against the case"
	}
	say("published_stocks", claims.Fails, 0, note)
}

// claimCircular says which figures of the account were refused.
func (d *detector) claimCircular(k key, say sayClaim) {
	var notes []string
	for _, r := range d.refused {
		if r.Economy == k.economy && r.Commodity == k.commodity {
			notes = append(notes, r.String())
		}
	}
	if len(notes) > 0 {
		say("circular", claims.NotPossible, 0, strings.Join(notes, "; "))
	}
}
