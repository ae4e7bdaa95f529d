package reconcile

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"counterflow/data/simulate"
	"counterflow/data/source"
	"counterflow/reconcile/cases"
)

func file(t testing.TB, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "flows.csv")
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// world simulates a small world and gives settings that run on it.
func world(t testing.TB, rows int) Settings {
	t.Helper()
	preset, err := simulate.Preset("small")
	if err != nil {
		t.Fatal(err)
	}
	files := written(t, preset.Scale(rows))
	s := Defaults()
	s.Flows, s.Events = files.Flows, files.Events
	return s
}

// written makes a world and writes its files.
func written(t testing.TB, s simulate.Settings) simulate.Output {
	t.Helper()
	made, err := simulate.Make(s)
	if err != nil {
		t.Fatal(err)
	}
	files, err := made.Write(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func TestSettingsAreCheckedAllAtOnce(t *testing.T) {
	s := Defaults()
	s.Flows = []string{"x.csv"}
	if err := s.Check(); err != nil {
		t.Errorf("the defaults are refused: %v", err)
	}
	wrong := Settings{Memory: 1 << 20, Threads: -1, Rule: "coin", Digits: 11, FalseShare: 1, ListQ: 0, HistoryMonth: 3, MinimumUSD: -1, ImputedExact: 0.5}
	err := wrong.Check()
	for _, setting := range []string{"flows", "memory", "threads", "rule", "digits", "false_share", "list_q", "history_periods", "minimum_usd", "imputed_tolerance"} {
		if err == nil || !strings.Contains("\n"+err.Error(), "\n"+setting+": ") {
			t.Errorf("%s is not among %v", setting, err)
		}
	}
	if _, again := Run(context.Background(), wrong, Hooks{}); again == nil || again.Error() != err.Error() {
		t.Errorf("a run with wrong settings ends with %v", again)
	}
}

func TestStagesAreWrittenDown(t *testing.T) {
	seconds := 0.0
	shown := map[string]bool{}
	result, err := Run(context.Background(), world(t, 8000), Hooks{
		Seconds:  func() float64 { seconds += 0.5; return seconds },
		Progress: func(stage string, done, total int64) { shown[stage] = done == total },
	})
	if err != nil {
		t.Fatal(err)
	}
	var warnings []string
	for i, s := range result.Stages {
		if s.Seconds != 0.5 {
			t.Errorf("stage %d, %s, took %g seconds of a clock that ticks once in it", i, s.Name, s.Seconds)
		}
		warnings = append(warnings, s.Warnings...)
		if s.Name == "mirror" && s.Rows != int64(len(result.Pairs)) {
			t.Errorf("the mirror hands on %d rows and %d pairs", s.Rows, len(result.Pairs))
		}
	}
	if len(result.Stages) < 5 || result.Stages[0].Name != "files" || result.Stages[5].Name != "mirror" {
		t.Errorf("stages %+v", result.Stages)
	}
	if !slices.Equal(warnings, result.Warnings) {
		t.Errorf("warnings of the stages %v, of the run %v", warnings, result.Warnings)
	}
	if !shown["reading"] || !shown["reconciling"] {
		t.Errorf("progress ends with %v", shown)
	}
	if len(result.Departures) != len(result.Pairs) || len(result.Events) == 0 || len(result.Reconciled) == 0 {
		t.Errorf("%d departures of %d pairs, %d events, %d reconciled", len(result.Departures), len(result.Pairs), len(result.Events), len(result.Reconciled))
	}
}

// Threads and memory change no table.
func TestThreadsChangeNoTable(t *testing.T) {
	s := world(t, 30_000)
	var want string
	for _, threads := range []int{1, 4} {
		for _, memory := range []int64{0, 64 << 20} {
			s.Threads, s.Memory = threads, memory
			result, err := Run(context.Background(), s, Hooks{})
			if err != nil {
				t.Fatal(err)
			}
			result.Settings = Settings{}
			got := fmt.Sprintf("%+v", *result)
			if want == "" {
				want = got
			}
			if got != want {
				t.Errorf("%d threads and %d bytes give other tables", threads, memory)
			}
		}
	}
}

func TestErrorsOfTheData(t *testing.T) {
	s := Defaults()
	for text, want := range map[string]string{
		"period,reporter,partner,hs6,flow,usd\n":                             "flows.csv: line 2: ",
		"period,reporter,partner,hs6,flow,usd\n2022,CHN,USA,284690,X,lots\n": "flows.csv: line 2, column \"usd\", value \"lots\"",
		"": "flows.csv: line 1: ",
	} {
		s.Flows = []string{file(t, text)}
		_, err := Run(context.Background(), s, Hooks{})
		var refused *source.DataError
		if !errors.As(err, &refused) || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
	s.Flows = []string{file(t, "period,reporter,partner,hs6,flow,usd\n2022,CHN,USA,284690,X,1\n")}
	s.Events = file(t, "event_id,date_effective\nE1,soon\n")
	if _, err := Run(context.Background(), s, Hooks{}); err == nil || !strings.Contains(err.Error(), "line 2: column date_effective, value \"soon\"") {
		t.Errorf("a bad event: %v", err)
	}
}

// The smallest file there is: one declaration, nothing to compare it with.
func TestOneRow(t *testing.T) {
	s := Defaults()
	s.Flows = []string{file(t, "period,reporter,partner,hs6,flow,usd\n2022,CHN,USA,284690,X,1\n")}
	result, err := Run(context.Background(), s, Hooks{})
	if err != nil || len(result.Pairs) != 1 || len(result.Cases) != 0 || result.Tested != 0 {
		t.Errorf("%+v, %v", result, err)
	}
}

func TestStoppedRuns(t *testing.T) {
	ctx, stop := context.WithCancel(context.Background())
	_, err := Run(ctx, world(t, 8000), Hooks{Progress: func(string, int64, int64) { stop() }})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("a run that was stopped ends with %v", err)
	}
}

// Wood, 2013 to 2016: China and Viet Nam record many times what Laos, Nigeria
// and Myanmar declare (import over export 61.7, 25.6, 10.5 and 8.2 in 2016);
// Canada and the United States exchange their data, so nothing can be found
// between them.
func TestWood(t *testing.T) {
	s := Defaults()
	for year := 2013; year <= 2016; year++ {
		path := filepath.Join("..", "..", "shared", "data", "wood_oil_legacy", fmt.Sprintf("hs44_wood_%d.csv.gz", year))
		if _, err := os.Stat(path); err != nil {
			t.Skip("real data not here: ", path)
		}
		s.Flows = append(s.Flows, path)
	}
	result, err := Run(context.Background(), s, Hooks{})
	if err != nil {
		t.Fatal(err)
	}
	rank := map[string]int{}
	for _, c := range result.Cases {
		lane := c.Exporter.String() + "->" + c.Importer.String()
		if rank[lane] == 0 {
			rank[lane] = c.Rank
		}
	}
	const first = 15 // of about 200 that stand at the false share, and 1,200 listed
	for _, lane := range []string{"LAO->CHN", "NGA->CHN", "MMR->CHN", "LAO->VNM"} {
		t.Logf("%s has rank %d of %d", lane, rank[lane], len(result.Cases))
		if rank[lane] == 0 || rank[lane] > first {
			t.Errorf("%s has rank %d, want at most %d", lane, rank[lane], first)
		}
	}
	for _, lane := range []string{"CAN->USA", "USA->CAN"} {
		if rank[lane] != 0 {
			t.Errorf("%s is case %d", lane, rank[lane])
		}
	}
}

// Cars, monthly: what Georgia declares to Armenia rises from 0.9 million dollars in
// 2022-01 to 37 million in 2023-03, while Armenia books next to nothing from Georgia
// and ever more from the United States, Japan and Germany.
func TestCars(t *testing.T) {
	s := Defaults()
	for _, name := range []string{"georgia_hs8703", "armenia_hs87"} {
		path := filepath.Join("..", "..", "shared", "data", "caucasus_monthly", "vehicle_trade_"+name+"_comtrade_monthly.csv.gz")
		if _, err := os.Stat(path); err != nil {
			t.Skip("real data not here: ", path)
		}
		s.Flows = append(s.Flows, path)
	}
	result, err := Run(context.Background(), s, Hooks{})
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, c := range result.Cases {
		if c.Kind == cases.UnitSlip {
			continue
		}
		found++
		t.Logf("%s %s via %s, %s to %s, %s USD, q %.3f", c.Kind, c.Exporter.String()+"->"+c.Importer.String(), c.Via, c.Start, c.End, c.ExcessUSD.Text(), c.Q)
		if c.Kind != cases.Reroute || c.Via.String() != "GEO" || c.Importer.String() != "ARM" || c.Start.String()[:4] != "2022" || c.Q > s.FalseShare {
			t.Errorf("%+v", c)
		}
	}
	if found != 1 {
		t.Errorf("%d cases but for slips of units, want the one via Georgia", found)
	}
}
