package mirror

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"counterflow/data"
	"counterflow/data/source"
)

const plainHeader = "period,reporter,partner,hs6,flow,usd,kg\n"

// dividedHeader has the columns that tell totals from their parts.
const dividedHeader = "period,reporter,partner,partner2code,hs6,flow,motcode,customscode,usd,kg\n"

func file(t testing.TB, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

func read(t testing.TB, o Options, paths ...string) *Table {
	t.Helper()
	o.Digits, o.Imputed = cmp.Or(o.Digits, 6), cmp.Or(o.Imputed, 1e-4)
	table, err := Read(context.Background(), paths, o)
	if err != nil {
		t.Fatal(err)
	}
	balanced(t, table)
	return table
}

// balanced holds the promise that no row is lost: rows = kept + refused, and the
// rows kept, which is what is left of the rows read, are those that the
// declarations behind the coverage were made of, which are counted one by one.
func balanced(t testing.TB, table *Table) {
	t.Helper()
	var kept, covered int64
	for _, in := range table.Inputs {
		refused := int64(0)
		for _, n := range in.Refused {
			refused += n
		}
		if in.Kept+refused != in.Rows || in.Kept < 0 {
			t.Errorf("%s: %d rows, %d kept, %d refused", in.File, in.Rows, in.Kept, refused)
		}
		kept += in.Kept
	}
	for _, c := range table.Coverage {
		covered += c.Rows
	}
	if kept != covered {
		t.Errorf("%d rows kept, %d in the coverage", kept, covered)
	}
}

// text writes a pair in one line.
func text(p *Pair) string {
	return strings.TrimSpace(fmt.Sprintf("%s %s %s>%s x %s/%s m %s/%s %s %s", p.Commodity, p.Period, p.Exporter, p.Importer,
		amount(p.XUSD.Float()), amount(p.XKg.Float()), amount(p.MUSD.Float()), amount(p.MKg.Float()), p.State, strings.Join(p.Notes.Names(), ",")))
}

func amount(v float64) string {
	if v != v {
		return "-"
	}
	return strconv.FormatFloat(math.Round(v*1e7)/1e7, 'f', -1, 64)
}

func wantPairs(t *testing.T, name string, table *Table, want ...string) {
	t.Helper()
	var got []string
	for i := range table.Pairs {
		got = append(got, text(&table.Pairs[i]))
	}
	if !slices.Equal(got, want) {
		t.Errorf("%s:\n got %s\nwant %s", name, strings.Join(got, "\n     "), strings.Join(want, "\n     "))
	}
}

func wantRefused(t *testing.T, name string, table *Table, want map[source.Reason]int64) {
	t.Helper()
	got := map[source.Reason]int64{}
	for _, in := range table.Inputs {
		for reason, n := range in.Refused {
			got[reason] += n
		}
	}
	if !maps.Equal(got, want) {
		t.Errorf("%s: refused %v, want %v", name, got, want)
	}
}

// shuffled puts the rows below the header in another order.
func shuffled(text string, seed uint64) string {
	rows := strings.SplitAfter(text, "\n")
	rest := rows[1 : len(rows)-1]
	r := rand.New(rand.NewPCG(seed, 1))
	r.Shuffle(len(rest), func(i, j int) { rest[i], rest[j] = rest[j], rest[i] })
	return strings.Join(rows, "")
}

func TestStates(t *testing.T) {
	table := read(t, Options{}, file(t, "f.csv", plainHeader+
		"2022,CHN,USA,284690,X,100000,10\n2022,USA,CHN,284690,M,130000,11\n"+ // both
		"2022,CHN,USA,284610,X,200,\n"+ // the USA report imports of 2022, but not these
		"2022,USA,CHN,280530,M,300,3\n"+ // China reports exports of 2022, but not these
		"2022,USA,VNM,284690,M,400,4\n"+ // Viet Nam reports nothing
		"2022,CHN,LAO,284690,X,500,5\n"+ // nor does Laos
		"2021,USA,CHN,284690,M,600,6\n"+ // and China nothing for 2021
		"2022,LAO,CHN,284690,X,700,7\n"+ // China reports exports, but no imports
		"2022,CHN,899,284690,X,800,8\n2022,USA,899,284690,M,900,9\n"))
	wantPairs(t, "states", table,
		"280530 2022 CHN>USA x -/- m 300/3 import_only",
		"284610 2022 CHN>USA x 200/- m -/- export_only",
		"284690 2022 CHN>LAO x 500/5 m -/- importer_silent",
		"284690 2022 CHN>QXX x 800/8 m -/- importer_silent partner_unstated",
		"284690 2021 CHN>USA x -/- m 600/6 exporter_silent",
		"284690 2022 CHN>USA x 100000/10 m 130000/11 both",
		"284690 2022 LAO>CHN x 700/7 m -/- importer_silent",
		"284690 2022 QXX>USA x -/- m 900/9 exporter_silent partner_unstated",
		"284690 2022 VNM>USA x -/- m 400/4 exporter_silent",
	)
}

func TestIndexAndRatio(t *testing.T) {
	table := read(t, Options{}, file(t, "f.csv", plainHeader+
		"2022,CHN,USA,01,X,100,30\n2022,USA,CHN,01,M,130,10\n"+ // by weight: (30-10)/40
		"2022,CHN,USA,02,X,100,\n2022,USA,CHN,02,M,300,10\n"+ // by value: (100-300)/400
		"2022,CHN,USA,03,X,100,1\n2022,USA,CHN,04,M,100,1\n"+ // lost export, orphan import
		"2022,CHN,VNM,05,X,100,1\n"+ // Viet Nam is silent
		"2022,CHN,USA,06,X,0,5\n2022,USA,CHN,06,M,100,\n")) // nothing in common
	for i, want := range []struct {
		index, weight, value string
		measure              Measure
	}{
		{"0.5", "-1.0986123", "0.2623643", Weight},
		{"-0.5", "-", "1.0986123", Value},
		{"1", "-", "-", NoMeasure},
		{"-1", "-", "-", NoMeasure},
		{"-", "-", "-", NoMeasure},
		{"-", "-", "-", NoMeasure},
	} {
		p := &table.Pairs[i]
		if amount(p.Index()) != want.index || amount(p.LogRatio(Weight)) != want.weight || amount(p.LogRatio(Value)) != want.value || p.Measure() != want.measure {
			t.Errorf("%s: index %v, ratios %v and %v, by %s; want %+v", text(p), p.Index(), p.LogRatio(Weight), p.LogRatio(Value), p.Measure(), want)
		}
	}
	if x, m := table.Pairs[0].UnitValues(); x != 100.0/30 || m != 13 {
		t.Errorf("unit values %g and %g", x, m)
	}
	if x, m := table.Pairs[1].UnitValues(); x == x || m != 30 {
		t.Errorf("unit values %g and %g, want none and 30", x, m)
	}
}

// A total stands beside its parts by mode, procedure and second partner, and
// beside a finer national code: the total is taken. Where only parts are there,
// the coarsest breakdown is summed.
func TestTotalsBesideTheirParts(t *testing.T) {
	total := "2022,CHN,USA,0,284690,X,0,C00,100,10\n"
	for name, c := range map[string]struct {
		rows    string
		pair    string
		refused map[source.Reason]int64
	}{
		"total and parts": {
			total + "2022,CHN,USA,0,284690,X,2100,C00,70,7\n2022,CHN,USA,0,284690,X,1000,C00,30,3\n" +
				"2022,CHN,USA,0,284690,X,0,C06,100,10\n2022,CHN,USA,344,284690,X,0,C00,100,10\n2022,CHN,USA,0,28469010,X,0,C00,100,10\n",
			"x 100/10 m -/- importer_silent", map[source.Reason]int64{source.Breakdown: 5}},
		"parts larger than the total": { // parts revised, the total not: the total is what was published
			total + "2022,CHN,USA,0,284690,X,2100,C00,700,7\n",
			"x 100/10 m -/- importer_silent", map[source.Reason]int64{source.Breakdown: 1}},
		"only modes": {
			"2022,CHN,USA,0,284690,X,2100,C00,70,7\n2022,CHN,USA,0,284690,X,1000,C00,30.5,3\n",
			"x 100.5/10 m -/- importer_silent export_from_parts", map[source.Reason]int64{}},
		"one mode": {
			"2022,CHN,USA,0,284690,X,2100,C00,70,7\n",
			"x 70/7 m -/- importer_silent export_from_parts", map[source.Reason]int64{}},
		"modes and modes by procedure": {
			"2022,CHN,USA,0,284690,X,2100,C00,70,7\n2022,CHN,USA,0,284690,X,1000,C00,30,3\n" +
				"2022,CHN,USA,0,284690,X,2100,C06,70,7\n2022,CHN,USA,0,284690,X,1000,C07,30,3\n",
			"x 100/10 m -/- importer_silent export_from_parts", map[source.Reason]int64{source.Breakdown: 2}},
		"modes or procedures": { // the fuller of the two
			"2022,CHN,USA,0,284690,X,2100,C00,70,7\n2022,CHN,USA,0,284690,X,0,C06,60,6\n2022,CHN,USA,0,284690,X,0,C07,30,3\n",
			"x 90/9 m -/- importer_silent export_from_parts", map[source.Reason]int64{source.Breakdown: 1}},
		"modes and their subdivisions": { // rail and road are land; pipelines are other transport
			"2022,CHN,USA,0,284690,X,3000,C00,50,5\n2022,CHN,USA,0,284690,X,3100,C00,20,2\n2022,CHN,USA,0,284690,X,3200,C00,30,3\n" +
				"2022,CHN,USA,0,284690,X,9100,C00,8,1\n2022,CHN,USA,0,284690,X,9110,C00,8,1\n2022,CHN,USA,0,284690,X,2100,C00,40,4\n",
			"x 98/10 m -/- importer_silent export_from_parts", map[source.Reason]int64{source.Breakdown: 3}},
		"subdivisions of another second partner": { // by road via Laos is not in by land via Viet Nam
			"2022,CHN,USA,704,284690,X,3000,C00,50,5\n2022,CHN,USA,418,284690,X,3200,C00,30,3\n",
			"x 80/8 m -/- importer_silent export_from_parts", map[source.Reason]int64{}},
		"only national lines": {
			"2022,CHN,USA,0,28469010,X,0,C00,60,6\n2022,CHN,USA,0,28469090,X,0,C00,40,4\n",
			"x 100/10 m -/- importer_silent export_from_parts", map[source.Reason]int64{}},
		"national lines of two lengths": {
			"2022,CHN,USA,0,28469010,X,0,C00,60,6\n2022,CHN,USA,0,28469090,X,0,C00,40,4\n2022,CHN,USA,0,2846901001,X,0,C00,60,6\n",
			"x 100/10 m -/- importer_silent export_from_parts", map[source.Reason]int64{source.Breakdown: 1}},
		"a part without a weight": { // the others are no weight of the whole
			"2022,CHN,USA,0,284690,X,2100,C00,70,7\n2022,CHN,USA,0,284690,X,1000,C00,30,\n",
			"x 100/- m -/- importer_silent export_from_parts", map[source.Reason]int64{}},
		"a part twice": {
			"2022,CHN,USA,0,284690,X,2100,C00,70,7\n2022,CHN,USA,0,284690,X,2100,C00,70,7\n2022,CHN,USA,0,284690,X,1000,C00,70,7\n",
			"x 140/14 m -/- importer_silent export_from_parts", map[source.Reason]int64{source.RepeatedRow: 1}},
		"a total twice": {
			total + total, "x 100/10 m -/- importer_silent", map[source.Reason]int64{source.RepeatedRow: 1}},
		"a total without its weight": {
			total + "2022,CHN,USA,0,284690,X,0,C00,100,\n", "x 100/10 m -/- importer_silent", map[source.Reason]int64{source.RepeatedRow: 1}},
		"another total": {
			total + "2022,CHN,USA,0,284690,X,0,C00,99,10\n", "x 100/10 m -/- importer_silent export_repeated", map[source.Reason]int64{source.RepeatedKey: 1}},
	} {
		for seed := range uint64(4) {
			table := read(t, Options{}, file(t, "f.csv", shuffled(dividedHeader+c.rows, seed)))
			wantPairs(t, name, table, "284690 2022 CHN>USA "+c.pair)
			wantRefused(t, name, table, c.refused)
		}
	}
}

// The mode of a lane is the one that most of its value is divided to, whichever
// side divides it, in all periods; subdivisions count towards the whole.
func TestModeOfALane(t *testing.T) {
	rows := "2021,CHN,USA,0,284690,X,0,C00,100,10\n2021,CHN,USA,0,284690,X,2100,C00,70,7\n2021,CHN,USA,0,284690,X,1000,C00,30,3\n" +
		"2022,CHN,USA,0,284690,X,0,C00,100,10\n2023,CHN,USA,0,284690,X,3100,C00,25,10\n2023,CHN,USA,0,284690,X,3200,C00,25,10\n2023,CHN,USA,0,284690,X,2100,C00,45,10\n" +
		"2024,USA,CHN,0,284690,M,0,C00,100,10\n2024,USA,CHN,0,284690,M,2100,C00,60,6\n2024,USA,CHN,0,284690,M,2200,C00,0,6\n" +
		"2021,CHN,VNM,0,284690,X,0,C00,100,10\n"
	table := read(t, Options{}, file(t, "f.csv", dividedHeader+rows))
	want := map[string]source.Mode{"USA": source.Water, "VNM": 0}
	for i := range table.Pairs {
		p := &table.Pairs[i]
		if p.Mode != want[data.Economy(p.Importer).String()] {
			t.Errorf("%s to %s in %s by %q", p.Exporter, p.Importer, p.Period, p.Mode)
		}
	}
	// In 2023 land carries 50 of 95.
	rows2023 := []row{{usd: 25, bits: 7 << modeShift}, {usd: 25, bits: 8 << modeShift}, {usd: 45, bits: 3 << modeShift}, {usd: 95}}
	if mode := carriedBy(rows2023); mode != source.Land {
		t.Errorf("by %q, want land", mode)
	}
	if mode := carriedBy([]row{{usd: data.MissingUSD, kg: 5, bits: 1 << modeShift}, {usd: data.MissingUSD, kg: 4, bits: 6 << modeShift}}); mode != source.Air {
		t.Errorf("by %q, want air", mode)
	}
}

// A file without the columns that divide may hold totals beside their parts
// under one key: the largest row is the total.
func TestTotalsBesidePartsInUndividedFiles(t *testing.T) {
	for name, c := range map[string]struct {
		rows    string
		pair    string
		refused map[source.Reason]int64
	}{
		"twice the total": {
			"2022,CHN,USA,284690,X,100,10\n2022,CHN,USA,284690,X,70,7\n2022,CHN,USA,284690,X,30,3\n",
			"x 100/10 m -/- importer_silent", map[source.Reason]int64{source.Breakdown: 2}},
		"four times": {
			"2022,CHN,USA,284690,X,100,10\n2022,CHN,USA,284690,X,70,7\n2022,CHN,USA,284690,X,30,3\n2022,CHN,USA,284690,X,100,10\n2022,CHN,USA,284690,X,100,10\n",
			"x 100/10 m -/- importer_silent", map[source.Reason]int64{source.Breakdown: 2, source.RepeatedRow: 2}},
		"no such multiple": {
			"2022,CHN,USA,284690,X,100,10\n2022,CHN,USA,284690,X,95,7\n",
			"x 100/10 m -/- importer_silent export_repeated", map[source.Reason]int64{source.Breakdown: 1}},
		"weights alone": {
			"2022,CHN,USA,284690,X,,10\n2022,CHN,USA,284690,X,,7\n2022,CHN,USA,284690,X,,3\n",
			"x -/10 m -/- importer_silent", map[source.Reason]int64{source.Breakdown: 2}},
	} {
		for seed := range uint64(4) {
			table := read(t, Options{}, file(t, "f.csv", shuffled(plainHeader+c.rows, seed)))
			wantPairs(t, name, table, "284690 2022 CHN>USA "+c.pair)
			wantRefused(t, name, table, c.refused)
		}
	}
}

// Two files: the larger record of a key is taken, and the pair says so.
func TestRepeatedKeysOfTwoFiles(t *testing.T) {
	first := file(t, "first.csv", plainHeader+"2022,CHN,USA,284690,X,100,10\n2022,USA,CHN,284690,M,110,10\n")
	second := file(t, "second.csv", plainHeader+"2022,CHN,USA,284690,X,90,9\n2022,USA,CHN,284690,M,110,10\n")
	table := read(t, Options{}, first, second)
	wantPairs(t, "two files", table, "284690 2022 CHN>USA x 100/10 m 110/10 both export_repeated")
	if in := table.Inputs[1]; in.Refused[source.RepeatedKey] != 1 || in.Refused[source.RepeatedRow] != 1 || in.Kept != 0 {
		t.Errorf("second file: %+v", in)
	}
	if len(table.Warnings) != 1 || !strings.Contains(table.Warnings[0], "second.csv: 1 rows repeat a key") {
		t.Errorf("warnings %v", table.Warnings)
	}
	for _, r := range table.Rejects {
		if r.File != "second.csv" || r.Hint == "" || !strings.HasPrefix(r.Value, "284690 2022 CHN->USA ") {
			t.Errorf("reject %+v", r)
		}
	}
}

// The bucket adds up the partners that are no single economy: each code with
// its own total and parts.
func TestUnallocatedBucket(t *testing.T) {
	rows := "2022,CHN,899,0,284690,X,0,C00,100,10\n" +
		"2022,CHN,899,0,284690,X,2100,C00,100,10\n" + // a part of it
		"2022,CHN,837,0,284690,X,0,C00,7,1\n" +
		"2022,CHN,838,0,284690,X,2100,C00,2,1\n2022,CHN,838,0,284690,X,1000,C00,3,1\n" + // only parts
		"2022,CHN,839,0,28469010,X,0,C00,20,\n2022,CHN,839,0,284690,X,0,C00,20,2\n" + // a finer code of it
		"2022,CHN,899,0,284690,M,0,C00,5,\n"
	for seed := range uint64(4) {
		table := read(t, Options{}, file(t, "f.csv", shuffled(dividedHeader+rows, seed)))
		wantPairs(t, "bucket", table,
			"284690 2022 CHN>QXX x 132/15 m -/- importer_silent export_from_parts,partner_unstated",
			"284690 2022 QXX>CHN x -/- m 5/- exporter_silent partner_unstated")
		wantRefused(t, "bucket", table, map[source.Reason]int64{source.Breakdown: 2})
		for _, c := range table.Coverage {
			if c.Unallocated != 1 {
				t.Errorf("%s %s: %g unallocated, want all", c.Economy, c.Direction, c.Unallocated)
			}
		}
	}
}

// World totals, groups, re-exports: none of them is a partner or adds to one.
func TestTotalsAndPartsOfFlows(t *testing.T) {
	table := read(t, Options{}, file(t, "f.csv", plainHeader+
		"2022,CHN,USA,284690,X,100,10\n2022,CHN,USA,284690,RX,40,4\n2022,USA,CHN,284690,RM,5,1\n2022,CHN,USA,284690,DX,60,6\n"+
		"2022,CHN,0,284690,X,1000,100\n2022,CHN,97,284690,X,300,30\n2022,CHN,CHN,284690,M,1,1\n"))
	wantPairs(t, "flows", table, "284690 2022 CHN>USA x 100/10 m -/- export_only")
	wantRefused(t, "flows", table, map[source.Reason]int64{source.PartFlow: 1, source.GroupPartner: 1, source.SelfTrade: 1})
	if len(table.Totals) != 1 || table.Totals[0].Value != 100_000 || table.Totals[0].Partner().String() != "WLD" {
		t.Errorf("totals %+v", table.Totals)
	}
	if len(table.Reexports) != 2 || table.Reexports[0].Value != 4_000 || table.Reexports[1].Reporter().String() != "USA" {
		t.Errorf("re-exports %+v", table.Reexports)
	}
	// The USA said nothing but a re-import: that counts as reporting imports.
	for _, c := range table.Coverage {
		want := map[string]string{"CHN X": "3 100 reported", "CHN M": "0 0 silent", "USA X": "0 0 silent", "USA M": "1 0 reported"}[c.Economy.String()+" "+c.Direction.String()]
		if got := fmt.Sprintf("%d %s %s", c.Rows, c.Value.Text(), c.Presence); got != want {
			t.Errorf("%s %s: %s, want %s", c.Economy, c.Direction, got, want)
		}
	}
}

func TestLevels(t *testing.T) {
	// Four of five reporters give six digits: those are compared, and the fifth,
	// which gives headings alone, said nothing of them.
	var rows strings.Builder
	for _, reporter := range []string{"CHN", "JPN", "KOR", "DEU"} {
		rows.WriteString("2022," + reporter + ",USA,284690,X,60,6\n2022," + reporter + ",USA,284610,X,40,4\n2022," + reporter + ",USA,2846,X,100,10\n2022," + reporter + ",USA,TOTAL,X,900,\n")
	}
	rows.WriteString("2022,USA,CHN,2846,M,110,10\n2022,USA,CHN,8703,M,5,1\n2022,CHN,USA,8703,X,4,1\n")
	table := read(t, Options{}, file(t, "f.csv", plainHeader+rows.String()))
	wantPairs(t, "six digits", table,
		"284610 2022 CHN>USA x 40/4 m -/- importer_silent", "284610 2022 DEU>USA x 40/4 m -/- importer_silent",
		"284610 2022 JPN>USA x 40/4 m -/- importer_silent", "284610 2022 KOR>USA x 40/4 m -/- importer_silent",
		"284690 2022 CHN>USA x 60/6 m -/- importer_silent", "284690 2022 DEU>USA x 60/6 m -/- importer_silent",
		"284690 2022 JPN>USA x 60/6 m -/- importer_silent", "284690 2022 KOR>USA x 60/6 m -/- importer_silent",
		"8703 2022 CHN>USA x 4/1 m 5/1 both") // a chapter of headings alone is compared as it is
	wantRefused(t, "six digits", table, map[source.Reason]int64{source.AggregateLevel: 9})
	if len(table.Warnings) != 1 || !strings.Contains(table.Warnings[0], "chapters 28 (6 digits): up to 1 reporters") {
		t.Errorf("warnings %v", table.Warnings)
	}
	// Two reporters meet at the heading, which the other one's codes add up to.
	table = read(t, Options{}, file(t, "f.csv", plainHeader+"2022,CHN,USA,284690,X,60,6\n2022,CHN,USA,284610,X,40,4\n2022,USA,CHN,2846,M,110,10\n2022,CHN,USA,TOTAL,X,900,\n"))
	wantPairs(t, "headings", table, "2846 2022 CHN>USA x 100/10 m 110/10 both export_from_parts")
	// Fewer digits asked for; the reporter's own heading wins over the sum.
	table = read(t, Options{Digits: 4}, file(t, "f.csv", plainHeader+"2022,CHN,USA,284690,X,60,6\n2022,CHN,USA,284610,X,39,4\n2022,CHN,USA,2846,X,100,10\n"))
	wantPairs(t, "four digits", table, "2846 2022 CHN>USA x 100/10 m -/- importer_silent")
	// Nothing but the total of all goods.
	table = read(t, Options{}, file(t, "f.csv", plainHeader+"2022,CHN,USA,TOTAL,X,100,\n2022,USA,CHN,TOTAL,M,130,\n"))
	wantPairs(t, "all goods", table, "TOTAL 2022 CHN>USA x 100/- m 130/- both")
}

func TestMixedFrequency(t *testing.T) {
	table := read(t, Options{}, file(t, "f.csv", plainHeader+
		"2022,CHN,USA,284690,X,1200,120\n2022-01,CHN,USA,284690,X,100,10\n2022-01,USA,CHN,284690,M,130,10\n2022,VNM,USA,284690,X,7,1\n2022-01,USA,VNM,284690,M,7,1\n"))
	wantPairs(t, "months", table, "284690 2022-01 CHN>USA x 100/10 m 130/10 both", "284690 2022-01 VNM>USA x -/- m 7/1 exporter_silent")
	wantRefused(t, "months", table, map[source.Reason]int64{source.MixedFrequency: 2})
	if len(table.Warnings) != 1 || !strings.Contains(table.Warnings[0], "both months and years") {
		t.Errorf("warnings %v", table.Warnings)
	}
	for _, c := range table.Coverage {
		if !c.Period.Monthly() {
			t.Errorf("the coverage lists %s of %s", c.Economy, c.Period)
		}
	}
}

func TestMixedEditions(t *testing.T) {
	const header = "period,reporter,partner,cmdcode,classification,flow,usd,kg\n"
	table := read(t, Options{}, file(t, "f.csv", header+
		"2022,CHN,USA,284690,H6,X,100,10\n2022,USA,CHN,284690,H5,M,130,10\n2022,CHN,JPN,284690,H6,X,1,1\n2022,JPN,CHN,284690,HS,M,1.3,1\n"))
	wantPairs(t, "editions", table, "284690 2022 CHN>JPN x 1/1 m 1.3/1 both", "284690 2022 CHN>USA x 100/10 m 130/10 both editions_pooled")
	code := table.Pairs[0].Commodity
	if got := table.Editions[code]; !got.Has(6) || !got.Has(7) || got.Has(5) {
		t.Errorf("editions %b", got)
	}
}

func TestImputedMirrors(t *testing.T) {
	for _, c := range []struct {
		x, xkg, m, mkg string
		imputed        bool
	}{
		{"100000", "50", "106000", "50", true},
		{"100000", "50", "100000", "50", true},
		{"106000", "50", "100000", "50", true},
		{"100000", "50", "100009", "50.004", true}, // within 1e-4
		{"100000", "50", "100011", "50", false},    // beyond
		{"100000", "50", "106000", "51", false},    // a weight of its own
		{"100000", "", "106000", "51", true},       // no weight to hold against
		{"100000", "50", "105000", "50", false},
		{"9999", "5", "9999", "5", false}, // small round sums agree by accident
	} {
		table := read(t, Options{}, file(t, "f.csv", plainHeader+"2022,CHN,USA,284690,X,"+c.x+","+c.xkg+"\n2022,USA,CHN,284690,M,"+c.m+","+c.mkg+"\n"))
		if got := table.Pairs[0].Notes.Has(ImputedMirror); got != c.imputed {
			t.Errorf("%+v: imputed is %t", c, got)
		}
	}
}

func TestNotes(t *testing.T) {
	table := read(t, Options{}, file(t, "f.csv", "period,reporter,partner,cmdcode,flow,value_usd,valuation,net_kg,weight_estimated\n"+
		"2022,CHN,AUS,284690,X,100,FOB,10,1\n2022,AUS,CHN,284690,M,130,,10,0\n"+ // Australia values imports FOB
		"2022,CHN,DEU,284690,X,100,FOB,10,0\n2022,DEU,CHN,284690,M,130,CIF,10,1\n"+
		"2022,CHN,JPN,284690,X,100,,10,0\n2022,JPN,CHN,284690,M,130,FOB,10,0\n"))
	wantPairs(t, "notes", table,
		"284690 2022 CHN>AUS x 100/10 m 130/10 both export_weight_estimated,import_fob",
		"284690 2022 CHN>DEU x 100/10 m 130/10 both import_weight_estimated",
		"284690 2022 CHN>JPN x 100/10 m 130/10 both import_fob")
	for _, c := range table.Coverage {
		want := map[string]float64{"CHN X": 1.0 / 3, "DEU M": 1}[c.Economy.String()+" "+c.Direction.String()]
		if c.EstimatedWeight != want {
			t.Errorf("%s %s: %g of the value has an estimated weight, want %g", c.Economy, c.Direction, c.EstimatedWeight, want)
		}
	}
}
