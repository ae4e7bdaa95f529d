package reconcile

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"counterflow/data"
	"counterflow/data/simulate"
)

// monthly simulates a small world of three years with all that a run takes, and
// gives settings that run on it.
func monthly(t *testing.T) Settings {
	t.Helper()
	preset, err := simulate.Preset("small")
	if err != nil {
		t.Fatal(err)
	}
	preset = preset.Scale(30_000)
	preset.Seed, preset.Gzip = 5, false
	files := written(t, preset)
	s := Defaults()
	s.Flows, s.Events, s.Balances, s.Consignments, s.Thresholds = files.Flows, files.Events, files.Balances, files.Consignments, files.Thresholds
	s.Threads = 2
	return s
}

// endingWith copies the files of a run without the rows that are of a later month.
func endingWith(t *testing.T, s Settings, month data.Period) Settings {
	t.Helper()
	s.Flows = []string{cutFile(t, s.Flows[0], "period", month)}
	s.Events = cutFile(t, s.Events, "date_announced", month)
	s.Balances = cutFile(t, s.Balances, "period", month)
	s.Consignments = cutFile(t, s.Consignments, "date", month)
	return s
}

func cutFile(t *testing.T, path, column string, month data.Period) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(strings.NewReader(string(text))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	at := slices.Index(rows[0], column)
	limit := strings.ReplaceAll(month.String(), "-", "")
	rows = slices.DeleteFunc(rows, func(row []string) bool {
		period := strings.ReplaceAll(row[at], "-", "")
		return period[0] <= '9' && period[:min(6, len(period))] > limit
	})
	file, err := os.Create(filepath.Join(t.TempDir(), filepath.Base(path)))
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(csv.NewWriter(file).WriteAll(rows), file.Close()); err != nil {
		t.Fatal(err)
	}
	return file.Name()
}

func parsed(t *testing.T, text string) data.Period {
	t.Helper()
	p, err := data.ParsePeriod(text)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// A month of a replay gives what a run gives on files that end with that month.
func TestMonthsAreRunsOnFilesThatEndThere(t *testing.T) {
	s := monthly(t)
	for _, text := range []string{"2022-06", "2023-06"} { // before and after lanes have a history
		month := parsed(t, text)
		var got *Result
		err := Months(context.Background(), s, Span{From: month, To: month}, Hooks{}, func(_ data.Period, r *Result) error {
			got = r
			return nil
		})
		if err != nil || got == nil {
			t.Fatalf("result %v, error %v", got, err)
		}
		want, err := Run(context.Background(), endingWith(t, s, month), Hooks{})
		if err != nil {
			t.Fatal(err)
		}
		if len(want.Cases) == 0 {
			t.Fatal("a world without cases shows nothing")
		}
		for _, table := range []string{"Coverage", "Totals", "Pairs", "Margins", "Lags", "Reliability", "Reconciled", "Departures", "Cases", "Expected", "Stocks", "Studies", "Tested"} {
			a, b := reflect.ValueOf(*got).FieldByName(table), reflect.ValueOf(*want).FieldByName(table)
			if fmt.Sprint(a) != fmt.Sprint(b) { // NaN stands for missing, and is no equal of itself
				t.Errorf("%s: %s differs from that of a run on files that end there", month, table)
			}
		}
	}
}

// Where no span is given, the last twelve periods are run on; years count by the
// month in which they end. Months without data are none.
func TestMonthsOfASpan(t *testing.T) {
	years := "period,reporter,partner,hs6,flow,usd,kg\n"
	for year := 2008; year <= 2022; year++ {
		years += fmt.Sprintf("%d,CHN,USA,284690,X,10,1\n%d,USA,CHN,284690,M,11,1\n", year, year)
	}
	s := Defaults()
	s.Flows = []string{file(t, years)}
	for _, c := range []struct {
		from, to string
		want     string
	}{
		{"", "", "2011-12 2012-12 2013-12 2014-12 2015-12 2016-12 2017-12 2018-12 2019-12 2020-12 2021-12 2022-12"},
		{"2020-01", "", "2020-12 2021-12 2022-12"},
		{"", "2010-11", "2008-12 2009-12"},
		{"2009-12", "2010-12", "2009-12 2010-12"},
		{"2023-01", "", ""},
	} {
		span := Span{}
		if c.from != "" {
			span.From = parsed(t, c.from)
		}
		if c.to != "" {
			span.To = parsed(t, c.to)
		}
		var got []string
		err := Months(context.Background(), s, span, Hooks{}, func(m data.Period, r *Result) error {
			got = append(got, m.String())
			if n := len(r.Pairs); n != m.Year()-2007 {
				t.Errorf("%s: %d pairs, want %d", m, n, m.Year()-2007)
			}
			return nil
		})
		if strings.Join(got, " ") != c.want || (c.want == "") != errors.Is(err, ErrNoMonths) {
			t.Errorf("%s to %s: %v, error %v; want %s", c.from, c.to, got, err, c.want)
		}
	}
}

// Files that differ from month to month are read when they do, and cut there.
func TestMonthsOfFilesAsTheyStood(t *testing.T) {
	const header, first = "period,reporter,partner,hs6,flow,usd,kg\n", "2022-01,CHN,USA,284690,X,10,1\n"
	early, late := file(t, header+first), file(t, header+first+"2022-02,CHN,USA,284690,X,10,1\n2022-03,CHN,USA,284690,X,20,2\n2022-04,CHN,USA,284690,X,20,2\n")
	s := Defaults()
	s.Flows = []string{late}
	reads := 0
	span := Span{From: parsed(t, "2022-01"), To: parsed(t, "2022-03"), Flows: func(m data.Period) ([]string, error) {
		if m.Month() < 3 {
			return []string{early}, nil
		}
		return []string{late}, nil
	}}
	var pairs []int
	err := Months(context.Background(), s, span, Hooks{Progress: func(stage string, done, total int64) {
		if stage == "reading" && done == total {
			reads++
		}
	}}, func(_ data.Period, r *Result) error {
		pairs = append(pairs, len(r.Pairs))
		return nil
	})
	if err != nil || !slices.Equal(pairs, []int{1, 1, 3}) {
		t.Errorf("%v pairs month by month, want 1, 1 and 3; error %v", pairs, err)
	}
	if reads > 2 {
		t.Errorf("files are read %d times, want twice", reads)
	}
}
