package difference

import (
	"math"
	"reflect"
	"testing"

	"pgregory.net/rapid"

	"counterflow/data"
	"counterflow/reconcile/cases"
)

var (
	magnets = data.MustCommodity("850511", data.EditionUnknown)
	oxides  = data.MustCommodity("284690", data.EditionUnknown)
	chn     = data.MustEconomy("CHN")
	usa     = data.MustEconomy("USA")
	mys     = data.MustEconomy("MYS")
	deu     = data.MustEconomy("DEU")
)

func month(year, m int) data.Period {
	p, err := data.Month(year, m)
	if err != nil {
		panic(err)
	}
	return p
}

// shortfall is a case of 12 t over the twelve months of 2025, between 10 and 14.
func shortfall(id string, rank int) cases.Case {
	return cases.Case{
		ID: id, Rank: rank, Kind: cases.MissingExport, Goods: magnets, Exporter: data.Exporter(chn), Importer: data.Importer(usa),
		Start: month(2025, 1), End: month(2025, 12), Q: 0.01, Assessable: true,
		ExcessKg: 12_000_000, ExcessKgLow: 10_000_000, ExcessKgHigh: 14_000_000, ExcessUSD: 100,
	}
}

func with(c cases.Case, change func(*cases.Case)) cases.Case {
	change(&c)
	return c
}

func TestMatchSaysWhatBecameOfACase(t *testing.T) {
	base := shortfall("a", 1)
	for _, test := range []struct {
		name    string
		after   cases.Case
		status  []Status
		ratings []Rating
	}{
		{"the same under another identifier and rank", with(base, func(c *cases.Case) { c.ID, c.Rank = "z", 9 }), []Status{Persisting}, nil},
		{"one month in common", with(base, func(c *cases.Case) { c.Start, c.End = month(2025, 12), month(2026, 11) }), []Status{Persisting}, nil},
		{"no month in common", with(base, func(c *cases.Case) { c.Start, c.End = month(2026, 1), month(2026, 12) }), []Status{New, Resolved}, nil},
		{"other goods", with(base, func(c *cases.Case) { c.Goods = oxides }), []Status{New, Resolved}, nil},
		{"the lane turned round", with(base, func(c *cases.Case) { c.Exporter, c.Importer = data.Exporter(usa), data.Importer(chn) }), []Status{New, Resolved}, nil},
		{"another kind on the same lane", with(base, func(c *cases.Case) { c.Kind, c.Related = cases.CodeSwitch, oxides }), []Status{Rerated}, []Rating{RatedKind}},
		{"q above the false share", with(base, func(c *cases.Case) { c.Q = 0.06 }), []Status{Rerated}, []Rating{RatedFound}},
		{"q unknown", with(base, func(c *cases.Case) { c.Q = math.NaN() }), []Status{Rerated}, []Rating{RatedFound}},
		{"not assessable", with(base, func(c *cases.Case) { c.Assessable = false }), []Status{Rerated}, []Rating{RatedAssessable}},
		// 18 t over 18 months is 1 t a month, as 12 t over 12 are.
		{"longer at the same rate", with(base, func(c *cases.Case) {
			c.End, c.ExcessKg, c.ExcessKgLow, c.ExcessKgHigh = month(2026, 6), 18_000_000, 15_000_000, 21_000_000
		}), []Status{Persisting}, nil},
		{"twice the rate", with(base, func(c *cases.Case) {
			c.ExcessKg, c.ExcessKgLow, c.ExcessKgHigh = 24_000_000, 20_000_000, 28_000_000
		}), []Status{Rerated}, []Rating{RatedExcess}},
		{"more, but within the doubt of the later run", with(base, func(c *cases.Case) {
			c.ExcessKg, c.ExcessKgLow, c.ExcessKgHigh = 24_000_000, 11_000_000, 40_000_000
		}), []Status{Persisting}, nil},
		{"a weight that is missing says nothing", with(base, func(c *cases.Case) {
			c.ExcessKg, c.ExcessKgLow, c.ExcessKgHigh = data.MissingKg, data.MissingKg, data.MissingKg
		}), []Status{Persisting}, nil},
	} {
		changes := Match([]cases.Case{base}, []cases.Case{test.after}, [2]float64{0.05, 0.05})
		var status []Status
		for _, c := range changes {
			status = append(status, c.Status)
		}
		if !reflect.DeepEqual(status, test.status) || !reflect.DeepEqual(changes[0].Ratings, test.ratings) {
			t.Errorf("%s: %v %v, want %v %v", test.name, status, changes[0].Ratings, test.status, test.ratings)
		}
	}
}

func TestEachRunHasItsOwnFalseShare(t *testing.T) {
	a := with(shortfall("a", 1), func(c *cases.Case) { c.Q = 0.08 })
	if got := Match([]cases.Case{a}, []cases.Case{a}, [2]float64{0.05, 0.10}); got[0].Status != Rerated {
		t.Errorf("a case with q 0.08 is listed at 0.05 and found at 0.10, yet %s", got[0].Status)
	}
}

// Two windows before, one after that meets both: it goes with the one that it
// shares more months with, and the other is resolved.
func TestTheLongestCommonWindowWins(t *testing.T) {
	early := with(shortfall("early", 1), func(c *cases.Case) { c.End = month(2025, 3) })
	late := with(shortfall("late", 2), func(c *cases.Case) { c.Start = month(2025, 4) })
	after := with(shortfall("after", 1), func(c *cases.Case) { c.Start = month(2025, 3) })
	changes := Match([]cases.Case{early, late}, []cases.Case{after}, [2]float64{0.05, 0.05})
	if len(changes) != 2 || changes[0].Status != Resolved || changes[0].Before.ID != "early" || changes[1].Before.ID != "late" || changes[1].After.ID != "after" {
		t.Errorf("%+v", changes)
	}
}

// On annual data a window of years meets a window of months.
func TestYearsAndMonthsOverlap(t *testing.T) {
	year, _ := data.Year(2025)
	annual := with(shortfall("a", 1), func(c *cases.Case) { c.Start, c.End = year, year })
	monthly := shortfall("b", 1)
	if n := overlap(&annual, &monthly); n != 12 {
		t.Errorf("2025 and its months share %d months", n)
	}
	none := with(annual, func(c *cases.Case) { c.Start, c.End = 0, 0 })
	if n := overlap(&none, &monthly); n != 0 {
		t.Errorf("no window and a window share %d months", n)
	}
	if n := overlap(&none, &none); n != 1 {
		t.Errorf("two cases without a window share %d months", n)
	}
}

func drawCases(t *rapid.T, name string) []cases.Case {
	n := rapid.IntRange(0, 12).Draw(t, name)
	list := make([]cases.Case, n)
	for i := range list {
		start := rapid.IntRange(0, 20).Draw(t, "start")
		list[i] = cases.Case{
			ID: name, Rank: i + 1, Goods: rapid.SampledFrom([]data.Commodity{magnets, oxides}).Draw(t, "goods"),
			Kind:     rapid.SampledFrom([]cases.Kind{cases.MissingExport, cases.MissingImport, cases.Reroute}).Draw(t, "kind"),
			Exporter: data.Exporter(rapid.SampledFrom([]data.Economy{chn, mys}).Draw(t, "exporter")), Importer: data.Importer(usa),
			Start: month(2024, 1).Add(start), End: month(2024, 1).Add(start + rapid.IntRange(0, 6).Draw(t, "length")),
			Q: rapid.SampledFrom([]float64{0.01, 0.1}).Draw(t, "q"), ExcessKg: data.MissingKg,
		}
	}
	return list
}

func TestEveryCaseStandsInOneChange(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		before, after := drawCases(t, "before"), drawCases(t, "after")
		changes := Match(before, after, [2]float64{0.05, 0.05})
		seenBefore, seenAfter := map[int]bool{}, map[int]bool{}
		for _, c := range changes {
			if c.Before != nil && seenBefore[c.Before.Rank] || c.After != nil && seenAfter[c.After.Rank] {
				t.Fatal("a case stands in two changes")
			}
			if c.Before != nil {
				seenBefore[c.Before.Rank] = true
			}
			if c.After != nil {
				seenAfter[c.After.Rank] = true
			}
			if both := c.Before != nil && c.After != nil; both && overlap(c.Before, c.After) < 1 {
				t.Fatal("two cases without a common month are one")
			}
		}
		if len(seenBefore) != len(before) || len(seenAfter) != len(after) {
			t.Fatalf("%d of %d and %d of %d cases stand in a change", len(seenBefore), len(before), len(seenAfter), len(after))
		}
	})
}

// Turned round, what is new is resolved, and the rest stays what it is.
func TestTurningTheRunsRoundSwapsNewAndResolved(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		before, after := drawCases(t, "before"), drawCases(t, "after")
		forth := &Difference{Changes: Match(before, after, [2]float64{0.05, 0.05})}
		back := &Difference{Changes: Match(after, before, [2]float64{0.05, 0.05})}
		if forth.Count(New) != back.Count(Resolved) || forth.Count(Resolved) != back.Count(New) {
			t.Fatalf("new %d and %d, resolved %d and %d", forth.Count(New), back.Count(New), forth.Count(Resolved), back.Count(Resolved))
		}
	})
}

func TestARunAgainstItselfPersists(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		list := drawCases(t, "cases")
		for _, c := range Match(list, list, [2]float64{0.05, 0.05}) {
			if c.Status != Persisting && c.Status != Rerated || c.Before == nil || c.After == nil {
				t.Fatalf("%s", c.Status)
			}
		}
	})
}
