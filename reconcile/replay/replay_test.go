package replay

import (
	"encoding/json"
	"math"
	"strings"
	"testing"

	"counterflow/data"
	"counterflow/reconcile/cases"
)

func month(t *testing.T, text string) data.Period {
	t.Helper()
	var p data.Period
	if err := p.UnmarshalText([]byte(text)); err != nil {
		t.Fatal(err)
	}
	return p
}

func economy(t *testing.T, text string) data.Economy {
	t.Helper()
	var e data.Economy
	if err := e.UnmarshalText([]byte(text)); err != nil {
		t.Fatal(err)
	}
	return e
}

// seen is a case of 284690 in words: kind, exporter, importer, start, end.
func seen(t *testing.T, q float64, words string) cases.Case {
	t.Helper()
	goods, err := data.ParseCommodity("284690", data.EditionUnknown)
	if err != nil {
		t.Fatal(err)
	}
	w := strings.Fields(words)
	return cases.Case{Kind: cases.Kind(w[0]), Goods: goods, Exporter: data.Exporter(economy(t, strings.Trim(w[1], "-"))), Importer: data.Importer(economy(t, w[2])),
		Start: month(t, w[3]), End: month(t, w[4]), Q: q, Assessable: true}
}

// Five months. A build of Chile is listed in the first and goes on. A missing export
// from China to Germany appears in February with q above the level, begins earlier as
// more is known, is found in March, away in April, back in May. Two cases of one lane
// and kind in April whose windows both meet the one of March: the longer one goes on,
// the other is new. A later window that does not meet it is another case; so is
// another kind.
func replayed(t *testing.T) *Table {
	j := newJoiner(0.05)
	for _, m := range []struct {
		month string
		list  []cases.Case
	}{
		{"2024-01", []cases.Case{seen(t, 0.01, "stock_build - CHL 2023-06 2024-01")}},
		{"2024-02", []cases.Case{
			seen(t, 0.10, "missing_export CHN DEU 2024-01 2024-02"), seen(t, 0.03, "stock_build - CHL 2023-07 2024-02"),
			seen(t, 0.20, "missing_export CHN FRA 2023-02 2023-09"), seen(t, 0, "unit_slip CHN USA 2024-02 2024-02")}},
		{"2024-03", []cases.Case{
			seen(t, 0.04, "missing_export CHN DEU 2023-12 2024-03"), seen(t, 0.20, "stock_build - CHL 2023-07 2024-03"),
			seen(t, 0.01, "missing_export CHN FRA 2023-02 2023-09"), seen(t, 0.01, "missing_import CHN FRA 2023-02 2023-09")}},
		{"2024-04", []cases.Case{
			seen(t, 0.01, "missing_export CHN FRA 2023-02 2023-04"), seen(t, 0.02, "missing_export CHN FRA 2023-05 2023-10"),
			seen(t, 0.20, "stock_build - CHL 2023-07 2024-04")}},
		{"2024-05", []cases.Case{
			seen(t, 0.04, "missing_export CHN DEU 2024-01 2024-05"), seen(t, 0.20, "stock_build - CHL 2023-07 2024-05"),
			seen(t, 0.20, "missing_export CHN FRA 2024-02 2024-05"), seen(t, 0.01, "missing_export CHN FRA 2023-05 2023-10")}},
	} {
		j.add(month(t, m.month), m.list)
	}
	list := j.table()
	return &Table{Months: j.months, Cases: list, Summary: all(list, j.last()), ByKind: byKind(list, j.last())}
}

func TestCasesAreJoinedAcrossMonths(t *testing.T) {
	var text strings.Builder
	if err := replayed(t).WriteCSV(&text); err != nil {
		t.Fatal(err)
	}
	want := `kind,commodity,related_commodity,exporter,importer,via,start,end,first_listed,q_value,months_to_list,from_first,first_found,months_to_find,months_listed,stands,dropped_after
stock_build,284690,,,CHL,,2023-06,2024-05,2024-01,0.01,7,true,2024-01,7,5,true,
missing_export,284690,,CHN,DEU,,2023-12,2024-05,2024-02,0.1,2,false,2024-03,3,3,true,
missing_export,284690,,CHN,FRA,,2023-02,2023-10,2024-02,0.2,12,false,2024-03,13,4,true,
unit_slip,284690,,CHN,USA,,2024-02,2024-02,2024-02,0,0,false,,,1,false,2024-02
missing_import,284690,,CHN,FRA,,2023-02,2023-09,2024-03,0.01,13,false,2024-03,13,1,false,2024-03
missing_export,284690,,CHN,FRA,,2023-02,2023-04,2024-04,0.01,14,false,2024-04,14,1,false,2024-04
missing_export,284690,,CHN,FRA,,2024-02,2024-05,2024-05,0.2,3,false,,,1,true,
`
	if text.String() != want {
		t.Errorf("got\n%s\nwant\n%s", text.String(), want)
	}
}

// Six cases but for the slip, five of them found in some month. Five were not there
// in January: two of them, CHN-DEU after 2 months and the last CHN-FRA after 3, were
// listed soon, and only CHN-DEU was found soon, after 3. Five are older than May; two
// of those were dropped.
func TestSummary(t *testing.T) {
	table := replayed(t)
	s := table.Summary
	want := Summary{Name: "all", Cases: 6, Found: 5, Timed: 5, ListedSoon: 2, ListedSoonShare: 0.4, FoundSoon: 1, FoundSoonShare: 0.2, Old: 5, Dropped: 2, DroppedShare: 0.4}
	if s != want {
		t.Errorf("got %+v\nwant %+v", s, want)
	}
	var names []string
	for _, k := range table.ByKind {
		names = append(names, k.Name)
		if k.Name == "stock_build" && (k.Timed != 0 || !math.IsNaN(float64(k.ListedSoonShare))) {
			t.Errorf("a kind listed from the first month has no delays: %+v", k)
		}
	}
	if got := strings.Join(names, " "); got != "missing_export missing_import stock_build unit_slip" {
		t.Errorf("kinds %s", got)
	}
	text, err := json.Marshal(table.ByKind)
	if err != nil || !strings.Contains(string(text), `"timed":0,"listed_soon":0,"listed_soon_share":null`) {
		t.Errorf("JSON %s, error %v", text, err)
	}
}

// A case that is not assessable, and one without q, are listed and never found; one
// without a window has no delay.
func TestListedIsNotFound(t *testing.T) {
	j := newJoiner(0.05)
	odd, open, none := seen(t, 0.01, "missing_export CHN DEU 2024-01 2024-02"), seen(t, 0.01, "value_gap CHN DEU 2024-01 2024-02"), seen(t, math.NaN(), "missing_import CHN DEU 2024-01 2024-02")
	odd.Assessable = false
	open.Start, open.End = 0, 0
	j.add(month(t, "2024-02"), []cases.Case{odd, open, none})
	j.add(month(t, "2024-03"), []cases.Case{odd, open, none})
	list := j.table()
	if len(list) != 3 {
		t.Fatalf("%d cases, want 3", len(list))
	}
	if list[0].FirstFound != 0 || list[0].FoundAfter != Never || list[2].FirstFound != 0 {
		t.Errorf("found: %+v and %+v", list[0], list[2])
	}
	if list[1].ListedAfter != Never || list[1].MonthsListed != 2 || list[1].FirstFound != month(t, "2024-02") {
		t.Errorf("without a window: %+v", list[1])
	}
}

// A window that moves on month by month is held against where it was last, not where
// it began.
func TestWindowsThatMoveOn(t *testing.T) {
	j := newJoiner(0.05)
	j.add(month(t, "2024-03"), []cases.Case{seen(t, 0.01, "value_gap CHN DEU 2024-01 2024-03")})
	j.add(month(t, "2024-04"), []cases.Case{seen(t, 0.01, "value_gap CHN DEU 2024-03 2024-04")})
	j.add(month(t, "2024-06"), []cases.Case{seen(t, 0.01, "value_gap CHN DEU 2024-04 2024-06")})
	if list := j.table(); len(list) != 1 || list[0].MonthsListed != 3 || list[0].Start != month(t, "2024-01") {
		t.Errorf("want one case since January: %+v", list)
	}
}
