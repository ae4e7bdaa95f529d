package notebooks

import (
	"context"
	"encoding/json"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"counterflow/data"
	"counterflow/data/simulate"
	"counterflow/reconcile"
	"counterflow/reconcile/cases"
	"counterflow/reconcile/claims"
	"counterflow/reconcile/mirror"
	"counterflow/reports/table"
	"counterflow/reports/wording"
)

var (
	france = data.Exporter(data.MustEconomy("FRA"))
	italy  = data.Importer(data.MustEconomy("ITA"))
	oxides = data.MustCommodity("282580", data.HS2022)
)

func pair(p data.Period, state mirror.State, x, m float64) mirror.Pair {
	return mirror.Pair{Commodity: oxides, Exporter: france, Importer: italy, Period: p, State: state,
		XKg: data.Kilograms(x), MKg: data.Kilograms(m), XUSD: data.FOB(data.MissingUSD), MUSD: data.CIF(data.MissingUSD)}
}

// untested is the departure of a pair that was not judged one by one.
var untested = cases.Departure{Expected: math.NaN(), SD: math.NaN(), Z: math.NaN(), LogP: math.NaN()}

// monthly is a case of three months. By hand: the importer records 30 beyond the
// exporter in January, 50 where the exporter declared nothing in February, and
// March cannot be known, as the importer was silent: a gap of 80, of which 20 were
// on the way, so that 60 are left. April lies outside the window.
func monthly() *reconcile.Result {
	month := func(m int) data.Period { p, _ := data.Month(2024, m); return p }
	return &reconcile.Result{
		Pairs: []mirror.Pair{pair(month(1), mirror.Both, 100, 130), pair(month(2), mirror.ImportOnly, math.NaN(), 50),
			pair(month(3), mirror.ImporterSilent, 70, math.NaN()), pair(month(4), mirror.Both, 100, 900)},
		Departures: []cases.Departure{untested, untested, untested, untested},
		Cases:      []cases.Case{named(cases.Case{Start: month(1), End: month(3), ExcessKg: data.Kilograms(60)})},
		Claims: []claims.Claim{
			{CaseID: "C0001", Explanation: "timing", Kg: data.Kilograms(20), KgLow: data.Kilograms(20), KgHigh: data.Kilograms(20), Verdict: claims.Holds},
			{CaseID: "C0001", Explanation: "unexplained", Kg: data.Kilograms(60), KgLow: data.Kilograms(40), KgHigh: data.Kilograms(80), Verdict: claims.Holds},
		},
	}
}

// annual is a case of one year without claims: 300 - 100 exp(ln 1.1) = 190.
func annual() *reconcile.Result {
	year, _ := data.Year(2022)
	return &reconcile.Result{
		Pairs:      []mirror.Pair{pair(year, mirror.Both, 100, 300)},
		Departures: []cases.Departure{{Measure: mirror.Weight, Expected: math.Log(1.1), SD: 0.1, Z: (math.Log(3) - math.Log(1.1)) / 0.1, LogP: -20}},
		Cases:      []cases.Case{named(cases.Case{Start: year.Start(), End: year.End(), ExcessKg: data.Kilograms(190)})},
	}
}

func named(c cases.Case) cases.Case {
	c.ID, c.Rank, c.Kind, c.Goods, c.Exporter, c.Importer = "C0001", 1, cases.MissingExport, oxides, france, italy
	c.ExcessKgLow, c.ExcessKgHigh, c.ExcessUSD, c.LogP, c.Q, c.Assessable = data.Kilograms(1), data.Kilograms(1e6), data.MissingUSD, -9, 0.01, true
	return c
}

// wrong is the annual case with a kilogram too many.
func wrong() *reconcile.Result {
	r := annual()
	r.Cases[0].ExcessKg += data.Kilograms(1)
	return r
}

// simulated is a run on a small made-up world.
func simulated(t *testing.T) *reconcile.Result {
	t.Helper()
	settings, err := simulate.Preset("small")
	if err != nil {
		t.Fatal(err)
	}
	world, err := simulate.Make(settings)
	if err != nil {
		t.Fatal(err)
	}
	files, err := world.Write(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	run := reconcile.Defaults()
	run.Flows, run.Events = files.Flows, files.Events
	r, err := reconcile.Run(context.Background(), run, reconcile.Hooks{})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func folder(t *testing.T, r *reconcile.Result) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "run")
	f, err := table.Create(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := table.Write(context.Background(), f, r, table.Options{}); err != nil {
		t.Fatal(err)
	}
	if err := f.Commit(table.NewManifest(r, "test", time.Unix(0, 0), time.Unix(0, 0))); err != nil {
		t.Fatal(err)
	}
	return dir
}

// Each notebook is a valid one of format 4.5 whose cells of code are those of its
// template, and no word in it accuses.
func TestFormat(t *testing.T) {
	files, err := Files()
	if err != nil {
		t.Fatal(err)
	}
	if len(files) != 4 {
		t.Fatalf("%d files, want 4", len(files))
	}
	for _, f := range files {
		if word := wording.Improper(string(f.Content)); word != "" {
			t.Errorf("%s says %q", f.Name, word)
		}
		if !strings.HasSuffix(f.Name, ".ipynb") {
			continue
		}
		var book struct {
			Format int `json:"nbformat"`
			Minor  int `json:"nbformat_minor"`
			Cells  []map[string]any
		}
		if err := json.Unmarshal(f.Content, &book); err != nil {
			t.Fatalf("%s: %v", f.Name, err)
		}
		code := 0
		for _, c := range book.Cells {
			count, counted := c["execution_count"]
			_, outputs := c["outputs"].([]any)
			if kind := c["cell_type"]; (kind == "code") != (counted && count == nil && outputs) || c["id"] == "" || c["metadata"] == nil {
				t.Errorf("%s: a cell of %v is not in the format: %v", f.Name, kind, c)
			} else if kind == "code" {
				code++
			}
		}
		if book.Format != 4 || book.Minor != 5 || code < 4 || code == len(book.Cells) {
			t.Errorf("%s: format %d.%d, %d cells of code of %d", f.Name, book.Format, book.Minor, code, len(book.Cells))
		}
	}
}

// script takes the code out of a notebook, as its kernel would run it.
func script(t *testing.T, name string) string {
	t.Helper()
	files, err := Files()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if f.Name != name {
			continue
		}
		var book document
		if err := json.Unmarshal(f.Content, &book); err != nil {
			return string(f.Content) // a program
		}
		var code strings.Builder
		for _, c := range book.Cells {
			if c.Kind == "code" {
				code.WriteString(strings.Join(c.Source, "") + "\n")
			}
		}
		return code.String()
	}
	t.Fatalf("there is no %s", name)
	return ""
}

// runner is a program that runs one of the notebooks on a run folder.
type runner struct {
	notebook, ending string
	command          func(t *testing.T, script, run string) *exec.Cmd
}

var runners = []runner{
	{"one_case_python.ipynb", ".py", func(t *testing.T, script, run string) *exec.Cmd {
		python := program(t, "python3")
		if exec.Command(python, "-c", "import pandas, polars, pyarrow").Run() != nil {
			t.Skip("pandas, polars or pyarrow is not installed, so the Python notebook is not run")
		}
		return exec.Command(python, script)
	}},
	{"one_case_r.ipynb", ".R", func(t *testing.T, script, run string) *exec.Cmd { return exec.Command(program(t, "Rscript"), script) }},
	{"one_case_julia.ipynb", ".jl", func(t *testing.T, script, run string) *exec.Cmd {
		julia := program(t, "julia")
		if exec.Command(julia, "-e", "using CSV, DataFrames").Run() != nil {
			t.Skip("CSV or DataFrames is not installed, so the Julia notebook is not run")
		}
		return exec.Command(julia, script)
	}},
	{"one_case.go", ".go", func(t *testing.T, script, run string) *exec.Cmd {
		if testing.Short() {
			t.Skip("building the program takes seconds; leave -short out to run it")
		}
		module, err := filepath.Abs(filepath.Join("..", ".."))
		if err != nil {
			t.Fatal(err)
		}
		build := exec.Command("go", "build", "-o", script+".program", script)
		build.Dir = module
		if out, err := build.CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		return exec.Command(script+".program", run)
	}},
}

// program finds what runs a notebook, and skips visibly without it.
func program(t *testing.T, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		t.Skipf("%s is not installed, so its notebook is not run", name)
	}
	return path
}

// Every notebook works the case out as the table has it, says so, and stops with
// an error where the table is wrong by a kilogram.
func TestNotebooksRun(t *testing.T) {
	worlds := []struct {
		name, says string
		run        string
		fails      bool
	}{
		{"monthly", "C0001: 60.000 kg by hand, 60.000 kg in the table", folder(t, monthly()), false},
		{"annual", "C0001: 190.000 kg by hand, 190.000 kg in the table", folder(t, annual()), false},
		{"wrong", "C0001: 190.000 kg by hand, 191.000 kg in the table", folder(t, wrong()), true},
		{"empty", "no case of this run can be worked out", folder(t, &reconcile.Result{}), false},
	}
	if !testing.Short() {
		worlds = append(worlds, worlds[0])
		worlds[4].name, worlds[4].says, worlds[4].run = "simulated", "pairs", folder(t, simulated(t))
	}
	for _, r := range runners {
		t.Run(r.notebook, func(t *testing.T) {
			dir := t.TempDir()
			path := filepath.Join(dir, "case"+r.ending)
			if err := os.WriteFile(path, []byte(script(t, r.notebook)), 0o644); err != nil {
				t.Fatal(err)
			}
			for _, w := range worlds {
				command := r.command(t, path, w.run)
				command.Dir, command.Env = dir, append(os.Environ(), "COUNTERFLOW_RUN="+w.run)
				out, err := command.CombinedOutput()
				if (err != nil) != w.fails || !strings.Contains(string(out), w.says) {
					t.Errorf("%s: %v, want %q:\n%s", w.name, err, w.says, out)
				}
				if equal := strings.Contains(string(out), "equal within the tolerance"); equal != (err == nil && w.name != "empty") && w.name != "simulated" {
					t.Errorf("%s: says equal: %v\n%s", w.name, equal, out)
				}
			}
		})
	}
}
