package reconcile

import (
	"testing"

	"counterflow/data"
	"counterflow/reconcile/mirror"
)

// Chile reports from February on, so in January it is not known to report at all; an
// event counts from the month in which it was announced. Nothing of the whole changes.
func TestUpToKnowsNothingOfLater(t *testing.T) {
	january, february := parsed(t, "2024-01"), parsed(t, "2024-02")
	var chile, china data.Economy
	if err := chile.UnmarshalText([]byte("CHL")); err != nil {
		t.Fatal(err)
	}
	if err := china.UnmarshalText([]byte("CHN")); err != nil {
		t.Fatal(err)
	}
	r := &runner{result: &Result{
		Coverage: []mirror.Coverage{
			{Economy: chile, Period: january}, {Economy: chile, Period: february, Presence: mirror.Reported},
			{Economy: china, Period: january, Presence: mirror.Reported}, {Economy: china, Period: february},
		},
		Events: []Event{{ID: "a", Announced: january, Effective: february}, {ID: "b", Announced: february, Effective: february}},
	}}
	for _, c := range []struct {
		month            data.Period
		coverage, events int
	}{{january, 1, 1}, {february, 4, 2}} {
		got := r.upTo(c.month).result
		if len(got.Coverage) != c.coverage || len(got.Events) != c.events {
			t.Errorf("%s: %d rows of coverage and %d events, want %d and %d", c.month, len(got.Coverage), len(got.Events), c.coverage, c.events)
		}
	}
	if len(r.result.Coverage) != 4 || len(r.result.Events) != 2 {
		t.Error("the whole is changed")
	}
}

// Editions come from what was declared so far: of pairs that pool two from what the
// reporters used, and where a reporter mixed them from all that there ever were.
func TestEditionsUpTo(t *testing.T) {
	january := parsed(t, "2024-01")
	goods := [3]data.Commodity{}
	for i, code := range []string{"284610", "284690", "284910"} {
		var err error
		if goods[i], err = data.ParseCommodity(code, data.EditionUnknown); err != nil {
			t.Fatal(err)
		}
	}
	const exporter, importer, mixer = 1, 2, 3
	set := func(editions ...data.Edition) (s data.Editions) {
		for _, e := range editions {
			s = s.With(e)
		}
		return s
	}
	every := set(data.HS2007, data.HS2012, data.HS2017, data.HS2022)
	r := &runner{
		declared: map[data.Commodity]data.Editions{goods[0]: every, goods[1]: every, goods[2]: every},
		result: &Result{
			Pairs: make([]mirror.Pair, 4),
			Coverage: []mirror.Coverage{
				{Economy: exporter, Direction: data.Export, Period: january, Edition: data.HS2017},
				{Economy: importer, Direction: data.Import, Period: january, Edition: data.HS2012},
				{Economy: mixer, Direction: data.Export, Period: january, Edition: data.EditionMixed},
			},
		},
	}
	got := r.editionsUpTo([]mirror.Pair{
		{Commodity: goods[0], Exporter: exporter, Importer: importer, Period: january, Edition: data.HS2022},
		{Commodity: goods[1], Exporter: exporter, Importer: importer, Period: january, Edition: data.EditionMixed},
		{Commodity: goods[2], Exporter: mixer, Importer: importer, Period: january, Edition: data.EditionMixed},
	})
	for i, want := range []data.Editions{set(data.HS2022), set(data.HS2017, data.HS2012), every} {
		if got[goods[i]] != want {
			t.Errorf("%s: editions %b, want %b", goods[i], got[goods[i]], want)
		}
	}
}
