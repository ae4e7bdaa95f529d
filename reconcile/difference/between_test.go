package difference

import (
	"reflect"
	"strings"
	"testing"

	"counterflow/data"
	"counterflow/data/source"
	"counterflow/reconcile/cases"
	"counterflow/reconcile/mirror"
)

// spoke is one row of coverage.
func spoke(e data.Economy, d data.Direction, p data.Period) mirror.Coverage {
	return mirror.Coverage{Economy: e, Direction: d, Period: p, Rows: 3, Value: 500_00, Presence: mirror.Reported}
}

func silent(e data.Economy, d data.Direction, p data.Period) mirror.Coverage {
	return mirror.Coverage{Economy: e, Direction: d, Period: p}
}

// corridorIn is magnets from China to the United States: tonnes and thousands of
// dollars on each side, below 0 where that side stated nothing.
func corridorIn(p data.Period, xTonnes, mTonnes, xThousands, mThousands float64) mirror.Pair {
	kg := func(t float64) data.Kg {
		if t < 0 {
			return data.MissingKg
		}
		return data.Kilograms(1000 * t)
	}
	usd := func(k float64) data.USD {
		if k < 0 {
			return data.MissingUSD
		}
		return data.Dollars(1000 * k)
	}
	return mirror.Pair{Commodity: magnets, Exporter: data.Exporter(chn), Importer: data.Importer(usa), Period: p,
		XKg: kg(xTonnes), MKg: kg(mTonnes), XUSD: data.FOB(usd(xThousands)), MUSD: data.CIF(usd(mThousands))}
}

// knobs stand for the settings of a run.
type knobs struct {
	MinimumUSD float64 `yaml:"minimum_usd"`
	Threads    int     `yaml:"threads"`
	Memory     int64   `yaml:"memory"`
}

// twoMonths is a run over November and December 2025 in which China exports and
// the United States import.
func twoMonths() *Run {
	nov, dec := month(2025, 11), month(2025, 12)
	return &Run{
		Settings: knobs{MinimumUSD: 10_000}, Digits: 6, FalseShare: 0.05,
		Inputs:   []source.Tally{{File: "flows.csv", SHA256: "aa"}},
		Coverage: []mirror.Coverage{spoke(chn, data.Export, nov), spoke(chn, data.Export, dec), spoke(usa, data.Import, nov), spoke(usa, data.Import, dec)},
		Pairs:    []mirror.Pair{corridorIn(nov, 10, 10, 100, 106), corridorIn(dec, 10, 20, 100, 210)},
		Cases:    []cases.Case{with(shortfall("a", 1), func(c *cases.Case) { c.Start, c.End = dec, dec })},
	}
}

func between(t *testing.T, before, after *Run, o Options) *Difference {
	t.Helper()
	d, err := Between(*before, *after, o)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestARunAgainstItselfHasNoDifference(t *testing.T) {
	d := between(t, twoMonths(), twoMonths(), Defaults())
	want := &Difference{Changes: d.Changes, Compared: 4}
	if !reflect.DeepEqual(d, want) || len(d.Changes) != 1 || d.Changes[0].Status != Persisting || d.Changes[0].Causes != nil {
		t.Errorf("%+v", d)
	}
}

// The United States restate December from 20 t and $210,000 to 11 t and
// $116,000: (20-11)/20 = 0.45 of the weight, 94/210 = 0.4476 of the value.
func TestARevisionResolvesACase(t *testing.T) {
	before, after := twoMonths(), twoMonths()
	after.Pairs[1] = corridorIn(month(2025, 12), 10, 11, 100, 116)
	after.Cases = nil
	after.Inputs[0].SHA256 = "bb"
	d := between(t, before, after, Defaults())
	if len(d.Revisions) != 1 || d.Compared != 4 || d.Restated != 1 || d.Added != 0 || d.Withdrawn != 0 {
		t.Fatalf("%+v", d)
	}
	r := d.Revisions[0]
	want := Revision{Commodity: magnets, Exporter: data.Exporter(chn), Importer: data.Importer(usa), Period: month(2025, 12), Direction: data.Import,
		KgBefore: 20_000_000, KgAfter: 11_000_000, Before: 210_000_00, After: 116_000_00}
	if r != want || r.Reporter() != usa || r.Relative() != 0.45 || r.Change() != -94_000_00 {
		t.Errorf("revision %+v of %s, relative %g, change %d", r, r.Reporter(), r.Relative(), r.Change())
	}
	c := d.Changes[0]
	if c.Status != Resolved || !reflect.DeepEqual(c.Causes, []Cause{Revisions}) || c.Revised != 1 {
		t.Errorf("%+v", c)
	}
	if !reflect.DeepEqual(d.InputsAdded, []string{"flows.csv"}) || !reflect.DeepEqual(d.InputsDropped, []string{"flows.csv"}) {
		t.Errorf("inputs %v, %v", d.InputsAdded, d.InputsDropped)
	}
}

// The level decides what is listed, never what counts as a cause.
func TestTheLevelOnlyDecidesWhatIsListed(t *testing.T) {
	before, after := twoMonths(), twoMonths()
	after.Pairs[1] = corridorIn(month(2025, 12), 10, 11, 100, 116)
	after.Cases = nil
	for _, o := range []Options{{Level: 0.46, MinimumUSD: 0}, {Level: 0.1, MinimumUSD: 210_001}} {
		d := between(t, before, after, o)
		if len(d.Revisions) != 0 || d.Restated != 1 || !reflect.DeepEqual(d.Changes[0].Causes, []Cause{Revisions}) {
			t.Errorf("%+v: %+v", o, d)
		}
	}
	if d := between(t, before, after, Options{Level: 0.45, MinimumUSD: 210_000}); len(d.Revisions) != 1 {
		t.Errorf("a revision at the level is not listed: %+v", d)
	}
}

// A corridor that a reporter adds to a month which it had published, and one
// that it takes back.
func TestCorridorsAreAddedAndWithdrawn(t *testing.T) {
	nov, dec := month(2025, 11), month(2025, 12)
	before, after := twoMonths(), twoMonths()
	before.Pairs = []mirror.Pair{corridorIn(nov, 10, -1, 100, -1)}
	after.Pairs = []mirror.Pair{corridorIn(dec, 10, 20, 100, 210)}
	d := between(t, before, after, Defaults())
	// November: China withdraws. December: China and the United States add.
	if d.Compared != 3 || d.Restated != 3 || d.Added != 2 || d.Withdrawn != 1 {
		t.Fatalf("%+v", d)
	}
	for _, r := range d.Revisions {
		if r.Relative() != 1 {
			t.Errorf("%+v: relative change %g", r, r.Relative())
		}
	}
	if d.Revisions[0].Before != data.MissingUSD || d.Revisions[0].After != 210_000_00 {
		t.Errorf("the largest change does not come first: %+v", d.Revisions)
	}
}

// The United States had been silent in December: their report is late, not
// revised, and a case that rests on it says so.
func TestALateReportIsNoRevision(t *testing.T) {
	dec := month(2025, 12)
	before, after := twoMonths(), twoMonths()
	before.Coverage[3] = silent(usa, data.Import, dec)
	before.Pairs[1] = corridorIn(dec, 10, -1, 100, -1)
	before.Cases = nil
	d := between(t, before, after, Defaults())
	if want := []Arrival{{usa, data.Import, dec, 3, 500_00}}; !reflect.DeepEqual(d.Arrived, want) || d.Left != nil {
		t.Errorf("arrived %+v, left %+v", d.Arrived, d.Left)
	}
	if c := d.Changes[0]; c.Status != New || !reflect.DeepEqual(c.Causes, []Cause{LateReports}) || d.Restated != 0 || d.Compared != 3 {
		t.Errorf("%+v of %+v", c, d)
	}
	back := between(t, after, before, Defaults())
	if len(back.Left) != 1 || back.Arrived != nil || !reflect.DeepEqual(back.Changes[0].Causes, []Cause{LateReports}) {
		t.Errorf("turned round: %+v", back)
	}
}

func TestANewMonthBringsACase(t *testing.T) {
	jan := month(2026, 1)
	before, after := twoMonths(), twoMonths()
	after.Coverage = append(after.Coverage, spoke(chn, data.Export, jan), spoke(usa, data.Import, jan))
	after.Pairs = append(after.Pairs, corridorIn(jan, 10, 30, 100, 320))
	after.Cases = append(after.Cases, with(shortfall("b", 2), func(c *cases.Case) { c.Start, c.End = jan, jan }))
	d := between(t, before, after, Defaults())
	if !reflect.DeepEqual(d.NewPeriods, []data.Period{jan}) || d.Arrived != nil || d.Compared != 4 {
		t.Errorf("%+v", d)
	}
	if counts := d.CausesCounted(); len(counts) != 1 || counts[NewPeriods] != 1 || d.Counts()[New] != 1 || d.Counts()[Persisting] != 1 {
		t.Errorf("causes %v, statuses %v", counts, d.Counts())
	}
	if c := d.Changes[0]; c.Status != New || c.After.ID != "b" || !reflect.DeepEqual(c.Causes, []Cause{NewPeriods}) {
		t.Errorf("%+v", c)
	}
	back := between(t, after, before, Defaults())
	if c := back.Changes[0]; c.Status != Resolved || !reflect.DeepEqual(c.Causes, []Cause{LeftPeriods}) {
		t.Errorf("turned round: %+v", c)
	}
}

// Nothing but a setting differs; threads and memory are none that decide.
func TestASettingBringsACase(t *testing.T) {
	before, after := twoMonths(), twoMonths()
	before.Cases = nil
	after.Settings = knobs{MinimumUSD: 5000, Threads: 7, Memory: 1 << 30}
	d := between(t, before, after, Defaults())
	if want := []Setting{{"minimum_usd", "10000", "5000"}}; !reflect.DeepEqual(d.Settings, want) || !reflect.DeepEqual(d.Changes[0].Causes, []Cause{Settings}) {
		t.Errorf("settings %+v, causes %v", d.Settings, d.Changes[0].Causes)
	}
}

// Files beside the flows are compared by their bytes, not by their names.
func TestOtherRatesAreASetting(t *testing.T) {
	before, after := twoMonths(), twoMonths()
	before.Files = []File{{Setting: "rates", Name: "old.csv", SHA256: "aaaaaaaaaaaaaaaa"}, {Setting: "balances", Name: "b.csv", SHA256: "cc"}}
	after.Files = []File{{Setting: "rates", Name: "new.csv", SHA256: "aaaaaaaaaaaaaaaa"}, {Setting: "balances", Name: "b.csv", SHA256: "cc"}}
	if d := between(t, before, after, Defaults()); d.Settings != nil {
		t.Errorf("the same bytes under another name: %+v", d.Settings)
	}
	after.Files[0].SHA256 = "bbbbbbbbbbbbbbbb"
	after.Files = after.Files[:1]
	want := []Setting{{"rates", "old.csv (SHA-256 aaaaaaaaaaaa)", "new.csv (SHA-256 bbbbbbbbbbbb)"}, {"balances", "b.csv (SHA-256 cc)", "none"}}
	if d := between(t, before, after, Defaults()); !reflect.DeepEqual(d.Settings, want) {
		t.Errorf("%+v, want %+v", d.Settings, want)
	}
}

func TestAVersionAndOtherLanesAreTheLastCauses(t *testing.T) {
	before, after := twoMonths(), twoMonths()
	before.Cases = nil
	before.Version, after.Version = "1", "2"
	d, err := Between(*before, *after, Defaults())
	if err != nil || !reflect.DeepEqual(d.Changes[0].Causes, []Cause{Version}) {
		t.Errorf("%+v, %v", d, err)
	}
	// A revision of another good changes no amount on the case's lane.
	after.Version = before.Version
	after.Pairs = append([]mirror.Pair{}, after.Pairs...)
	other := corridorIn(month(2025, 12), 1, 1, 50, 50)
	other.Commodity = oxides
	after.Pairs = append(after.Pairs, other) // out of order, too
	d = between(t, before, after, Defaults())
	if d.Restated != 2 || !reflect.DeepEqual(d.Changes[0].Causes, []Cause{Elsewhere}) || d.Changes[0].Revised != 0 {
		t.Errorf("%+v", d)
	}
}

// A detour rests on both of its legs, a stock build on all that its economy
// takes in or sends out.
func TestRevisionsOnLegsAndOnStocksCount(t *testing.T) {
	dec := month(2025, 12)
	reroute := with(shortfall("r", 1), func(c *cases.Case) { c.Kind, c.Via, c.Importer = cases.Reroute, usa, data.Importer(deu) })
	stock := with(shortfall("s", 2), func(c *cases.Case) { c.Kind, c.Exporter = cases.StockBuild, 0 })
	before, after := twoMonths(), twoMonths()
	before.Cases, after.Cases = nil, []cases.Case{reroute, stock}
	after.Pairs[1] = corridorIn(dec, 12, 20, 100, 210)
	d := between(t, before, after, Defaults())
	for _, c := range d.Changes {
		if !reflect.DeepEqual(c.Causes, []Cause{Revisions}) || c.Revised != 1 {
			t.Errorf("%s: %v, %d restated", c.After.Kind, c.Causes, c.Revised)
		}
	}
}

func TestWhatCannotBeComparedIsSaid(t *testing.T) {
	before, after := twoMonths(), twoMonths()
	before.Digits = 4
	for i := range after.Coverage {
		after.Coverage[i].Period = after.Coverage[i].Period.Add(12)
	}
	d := between(t, before, after, Defaults())
	if len(d.Warnings) != 2 || !strings.Contains(d.Warnings[0], "--digits") || !strings.Contains(d.Warnings[1], "no period in common") {
		t.Errorf("warnings %q", d.Warnings)
	}
	if _, err := Between(*before, *after, Options{Level: 2, MinimumUSD: -1}); err == nil ||
		!strings.Contains(err.Error(), "level") || !strings.Contains(err.Error(), "minimum_usd") {
		t.Errorf("error %v names not both mistakes", err)
	}
}

func TestRunsAreNotWrittenTo(t *testing.T) {
	before, after := twoMonths(), twoMonths()
	after.Pairs[0], after.Pairs[1] = after.Pairs[1], after.Pairs[0]
	first := after.Pairs[0]
	between(t, before, after, Defaults())
	if !reflect.DeepEqual(before, twoMonths()) || after.Pairs[0] != first {
		t.Error("a run was written to")
	}
}
