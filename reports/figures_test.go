package reports

import (
	"math"
	"slices"
	"strings"
	"testing"

	"counterflow/data"
	"counterflow/reconcile"
	"counterflow/reconcile/cases"
	"counterflow/reconcile/mirror"
	"counterflow/reports/chart"
	"counterflow/stats/tail"
)

func present(charts []chart.Chart) (names []string) {
	for _, c := range charts {
		if c.Absent == "" {
			names = append(names, c.Name)
		}
	}
	return names
}

func count(names []string, prefix string) (n int) {
	for _, name := range names {
		if strings.HasPrefix(name, prefix) {
			n++
		}
	}
	return n
}

func TestFigures(t *testing.T) {
	one, none, single, years := monthlyWorld(), monthlyWorld(), monthlyWorld(), annualWorld()
	one.cases, none.cases = 1, 0
	single.goods = []string{"282580"}
	years.periods, years.first = 9, 2014
	tests := []struct {
		name                                string
		run                                 *reconcile.Result
		options                             Options
		ranked, maps, lanes, paired, others int
	}{
		{"monthly", monthlyWorld().run(), Options{}, 1, 4, 12, 0, 2},
		{"three lanes wanted", monthlyWorld().run(), Options{Lanes: 3}, 1, 4, 3, 0, 2},
		{"one year: pairs for lines", annualWorld().run(), Options{}, 1, 4, 0, 1, 2},
		{"nine years", years.run(), Options{}, 1, 4, 12, 0, 2},
		{"one case", one.run(), Options{}, 1, 2, 1, 0, 2},
		{"no case", none.run(), Options{}, 0, 1, 0, 0, 2},
		{"one commodity has one map", single.run(), Options{}, 1, 1, 12, 0, 2},
		{"nothing at all", &reconcile.Result{}, Options{}, 0, 0, 0, 0, 0},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			names := present(Figures(test.run, test.options))
			got := []int{count(names, "cases-ranked"), count(names, "lanes-heat-map"), count(names, "lane-"),
				count(names, "declarations-paired"), count(names, "log-ratio") + count(names, "reports-availability")}
			if want := []int{test.ranked, test.maps, test.lanes, test.paired, test.others}; !slices.Equal(got, want) {
				t.Errorf("ranking, maps, lanes, pairs, others: %v, want %v (%v)", got, want, names)
			}
			if unique := slices.Compact(slices.Sorted(slices.Values(names))); len(unique) != len(names) {
				t.Errorf("two charts share a file name: %v", names)
			}
		})
	}
}

func TestAbsentFiguresSayWhy(t *testing.T) {
	for _, c := range Figures(&reconcile.Result{}, Options{}) {
		if c.Absent == "" || !strings.HasSuffix(c.Absent, ".") {
			t.Errorf("%s of an empty run: %q", c.Name, c.Absent)
		}
	}
}

func usd(v float64) data.USD { return data.Dollars(v) }

// By hand: X = 30 + 10, M = 20 + 0 (declared nothing), and a silent pair that
// does not count: (40-20)/(40+20) = 1/3. In weight X = 3 + 1, M = 1: 3/5.
func TestIndexOfALane(t *testing.T) {
	sum := laneSum{xKg: data.MissingKg, mKg: data.MissingKg, xUSD: data.MissingUSD, mUSD: data.MissingUSD}
	if !math.IsNaN(sum.index(true)) {
		t.Error("a lane without pairs has an index")
	}
	kg := data.Kilograms
	sum.add(&mirror.Pair{State: mirror.ExporterSilent, MKg: kg(50), MUSD: data.CIF(usd(500)), XKg: data.MissingKg, XUSD: data.FOB(data.MissingUSD)})
	if !math.IsNaN(sum.index(false)) {
		t.Error("a silent lane has an index")
	}
	sum.add(&mirror.Pair{State: mirror.Both, XKg: kg(3), MKg: kg(1), XUSD: data.FOB(usd(30)), MUSD: data.CIF(usd(20))})
	sum.add(&mirror.Pair{State: mirror.ExportOnly, XKg: kg(1), MKg: data.MissingKg, XUSD: data.FOB(usd(10)), MUSD: data.CIF(data.MissingUSD)})
	for inWeight, want := range map[bool]float64{false: 1.0 / 3, true: 3.0 / 5} {
		if got := sum.index(inWeight); math.Abs(got-want) > 1e-15 {
			t.Errorf("in weight %v: index %v, want %v", inWeight, got, want)
		}
	}
	sum.add(&mirror.Pair{State: mirror.Both, XKg: data.MissingKg, MKg: kg(1), XUSD: data.FOB(usd(0)), MUSD: data.CIF(usd(0))})
	if got := sum.index(true); math.Abs(got-1.0/3) > 1e-15 {
		t.Errorf("a side without weight: index %v, want that of the values, 1/3", got)
	}
}

// With one reporter no lane is assessable, and the map says so of the largest.
func TestMapOfOneReporter(t *testing.T) {
	year, _ := data.Year(2022)
	r := &reconcile.Result{}
	for i := range 60 {
		partner := data.MustEconomy(string([]byte{'Z', byte('A' + i/26), byte('A' + i%26)}))
		p := mirror.Pair{Commodity: data.AllGoods, Exporter: data.Exporter(data.MustEconomy("GEO")), Importer: data.Importer(partner), Period: year,
			State: mirror.ImporterSilent, XKg: data.MissingKg, MKg: data.MissingKg, XUSD: data.FOB(usd(float64(i + 1))), MUSD: data.CIF(data.MissingUSD)}
		r.Pairs = append(r.Pairs, p)
	}
	v := newView(r, Options{}.filled())
	trades := newTrade(false)
	for i := range r.Pairs {
		trades.add(&r.Pairs[i])
	}
	_, importers, _, all := trades.sides()
	if len(importers) != mapSide || all != 60 || importers[0].String() != "ZCH" {
		t.Errorf("%d of %d importers, %v first; want %d of 60, ZCH first", len(importers), all, importers[0], mapSide)
	}
	if c, _ := v.heatMaps(nil); c.Absent != "" {
		t.Errorf("the map is absent: %s", c.Absent)
	}
}

// A lane of three months: both declare, the importer declares nothing, and no
// pair at all, once because both reported nothing and once because the exporter
// was silent.
func laneOfFour(t *testing.T) (*reconcile.Result, laneKey) {
	t.Helper()
	month := func(m int) data.Period { p, _ := data.Month(2024, m); return p }
	fra, ita := data.MustEconomy("FRA"), data.MustEconomy("ITA")
	goods := data.MustCommodity("282580", data.HS2022)
	pair := mirror.Pair{Commodity: goods, Exporter: data.Exporter(fra), Importer: data.Importer(ita), Period: month(1), State: mirror.Both,
		XKg: data.Kilograms(100), MKg: data.Kilograms(150), XUSD: data.FOB(usd(10)), MUSD: data.CIF(usd(11))}
	only := pair
	only.Period, only.State, only.MKg, only.MUSD = month(2), mirror.ExportOnly, data.MissingKg, data.CIF(data.MissingUSD)
	r := &reconcile.Result{
		Pairs: []mirror.Pair{pair, only},
		Departures: []cases.Departure{
			{Measure: mirror.Weight, Expected: math.Ln2, SD: 1 / admissible, Z: -0.8, LogP: -0.5},
			{Z: math.NaN()},
		},
	}
	for _, e := range []data.Economy{fra, ita} {
		for _, d := range []data.Direction{data.Export, data.Import} {
			for m := 1; m <= 4; m++ {
				c := mirror.Coverage{Economy: e, Direction: d, Period: month(m), Presence: mirror.Reported}
				if e == fra && d == data.Export && m == 4 {
					c.Presence = mirror.Silent
				}
				r.Coverage = append(r.Coverage, c)
			}
		}
	}
	return r, laneKey{goods, data.Exporter(fra), data.Importer(ita)}
}

func TestSeriesOfALane(t *testing.T) {
	r, key := laneOfFour(t)
	v := newView(r, Options{}.filled())
	points := v.lane(key).series(mirror.Weight)
	if len(points) != 4 {
		t.Fatalf("%d periods, want 4", len(points))
	}
	p := points[0]
	if p.Exported != 100 || p.Imported != 150 {
		t.Errorf("January: %v and %v, want 100 and 150", p.Exported, p.Imported)
	}
	// The band: 100 kg times exp(ln 2 - 1) and exp(ln 2 + 1).
	if math.Abs(p.Low-200/math.E) > 1e-9 || math.Abs(p.High-200*math.E) > 1e-9 {
		t.Errorf("January's band is %v to %v, want %v to %v", p.Low, p.High, 200/math.E, 200*math.E)
	}
	if p := points[1]; p.Exported != 100 || p.Imported != 0 || !math.IsNaN(p.High) {
		t.Errorf("February: the importer declared nothing, and there is no test: %+v", p)
	}
	if p := points[2]; p.Exported != 0 || p.Imported != 0 {
		t.Errorf("March: both reported and declared nothing: %+v", p)
	}
	if p := points[3]; !p.ExporterSilent || p.ImporterSilent || !math.IsNaN(p.Exported) || !math.IsNaN(p.Imported) {
		t.Errorf("April: the exporter was silent: %+v", p)
	}
	if lane := v.lane(laneKey{key.goods, data.Exporter(key.importer), data.Importer(key.exporter)}); len(lane.pairs) != 0 {
		t.Error("the reverse lane has pairs")
	}
}

func TestMeasureOfALane(t *testing.T) {
	r, key := laneOfFour(t)
	measure := func() mirror.Measure {
		return newView(r, Options{}.filled()).lane(key).measure(r.Pairs[0].Period, r.Pairs[1].Period)
	}
	if got := measure(); got != mirror.Weight {
		t.Errorf("tested in weight, shown in %v", got)
	}
	r.Departures[0].Measure = mirror.Value
	if got := measure(); got != mirror.Value {
		t.Errorf("tested in value, shown in %v", got)
	}
	r.Departures = nil
	if got := measure(); got != mirror.Weight {
		t.Errorf("untested with weights, shown in %v", got)
	}
	for i := range r.Pairs {
		r.Pairs[i].XKg, r.Pairs[i].MKg = data.MissingKg, data.MissingKg
	}
	if got := measure(); got != mirror.Value {
		t.Errorf("without weights, shown in %v", got)
	}
}

func TestEventsOnALane(t *testing.T) {
	key := laneKey{data.MustCommodity("284690", data.HS2022), data.Exporter(data.MustEconomy("CHN")), data.Importer(data.MustEconomy("JPN"))}
	at, _ := data.Month(2024, 5)
	goods := func(code string) []data.Commodity {
		return []data.Commodity{data.MustCommodity(code, data.EditionUnknown)}
	}
	tests := []struct {
		name  string
		event data.Event
		want  bool
	}{
		{"everybody, all goods", data.Event{Target: "world"}, true},
		{"nobody named", data.Event{}, true},
		{"the heading", data.Event{Commodities: goods("2846")}, true},
		{"a finer code", data.Event{Commodities: goods("28469019")}, true},
		{"other goods", data.Event{Commodities: goods("282580")}, false},
		{"by the exporter on the importer", data.Event{Actor: "CHN", Target: "USA|JPN"}, true},
		{"by the exporter on another", data.Event{Actor: "CHN", Target: "USA"}, false},
		{"by a third", data.Event{Actor: "USA", Target: "world"}, false},
	}
	for _, test := range tests {
		test.event.Effective, test.event.ID = at, "E1"
		if got := len(eventsOn([]data.Event{test.event}, key)) == 1; got != test.want {
			t.Errorf("%s: shown %v, want %v", test.name, got, test.want)
		}
	}
	announced := data.Event{Announced: at, Actor: "CHN", Target: "world", Instrument: "licence"}
	if got := eventsOn([]data.Event{announced}, key); got[0].At != at || got[0].Text != "CHN: licence" {
		t.Errorf("an event only announced is shown as %+v", got[0])
	}
}

// The band reaches as far as departures are not surprising at 5%: they are judged
// by a Student t with 4 degrees of freedom, whose table gives 2.776.
func TestBandIsThatOfTheTests(t *testing.T) {
	if p := math.Exp(tail.StudentLogTwoSided(admissible, 4)); math.Abs(p-0.05) > 5e-5 { // four digits of the table
		t.Errorf("the band leaves %v of usual periods outside, want 0.05", p)
	}
}
