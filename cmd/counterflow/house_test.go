package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// order is the direction of imports: a package may import what stands after its
// own place, and nothing before it. data and stats do not know each other.
var order = []string{"cmd", "reports", "reconcile", "data", "stats"}

func place(path string) int {
	top, _, _ := strings.Cut(strings.TrimPrefix(path, "counterflow/"), "/")
	return slices.Index(order, top)
}

// stageOrder is the order of the packages inside reconcile; each imports only
// earlier ones. The package reconcile itself runs the stages, and those after
// afterRun work on what it gives.
var stageOrder = []string{
	"mirror", "conversion", "units", "margin", "timing", "reliability", "balance", "panel", "claims", "cases", "stocks", "consignments", "sensitivity",
	"difference", "evaluate", "replay",
}

const afterRun = "evaluate"

func TestImportsFollowTheArrows(t *testing.T) {
	for _, p := range packages(t) {
		from := place(p.ImportPath)
		if from < 0 {
			t.Errorf("%s lies outside %v", p.ImportPath, order)
			continue
		}
		for _, to := range p.Imports {
			if !strings.HasPrefix(to, "counterflow/") {
				continue
			}
			if place(to) < from || order[from] == "data" && order[place(to)] == "stats" {
				t.Errorf("%s imports %s, against cmd -> reports -> reconcile -> {data, stats}", p.ImportPath, to)
			}
			a, b := stage(p.ImportPath), stage(to)
			if a >= 0 && b > a {
				t.Errorf("%s imports %s, which is a later stage", p.ImportPath, to)
			}
			if to == "counterflow/reconcile" && a >= 0 && a < slices.Index(stageOrder, afterRun) {
				t.Errorf("%s is a stage and imports the run", p.ImportPath)
			}
		}
		if strings.HasPrefix(p.ImportPath, "counterflow/reconcile/") && stage(p.ImportPath) < 0 {
			t.Errorf("%s has no place in %v", p.ImportPath, stageOrder)
		}
	}
}

// stage gives the place of a stage, -1 for other packages.
func stage(path string) int {
	rest, ok := strings.CutPrefix(path, "counterflow/reconcile/")
	if !ok {
		return -1
	}
	top, _, _ := strings.Cut(rest, "/")
	return slices.Index(stageOrder, top)
}

func TestStatsKnowNothingOfTrade(t *testing.T) {
	for _, p := range packages(t) {
		for _, to := range p.Imports {
			if strings.HasPrefix(p.ImportPath, "counterflow/stats") && strings.HasPrefix(to, "counterflow/") && !strings.HasPrefix(to, "counterflow/stats") {
				t.Errorf("%s imports %s", p.ImportPath, to)
			}
		}
	}
}

func TestTopLevelHoldsTheHouseAndNothingElse(t *testing.T) {
	allowed := []string{"cmd", "reconcile", "stats", "data", "reports", "go.mod", "go.sum", "README.md", "CHANGELOG.md"}
	tracked, err := exec.Command("git", "-C", filepath.Join("..", ".."), "ls-files").Output()
	if err != nil {
		t.Skip("not a git checkout: the top level cannot be listed")
	}
	for _, file := range strings.Fields(string(tracked)) {
		top, _, _ := strings.Cut(file, "/")
		if !strings.HasPrefix(top, ".") && !slices.Contains(allowed, top) {
			t.Errorf("%s stands at the top level", top)
		}
	}
}

type listed struct {
	ImportPath string
	Imports    []string
}

func packages(t *testing.T) []listed {
	t.Helper()
	cmd := exec.Command("go", "list", "-json=ImportPath,Imports", "./...")
	cmd.Dir = filepath.Join("..", "..")
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var all []listed
	decoder := json.NewDecoder(strings.NewReader(string(out)))
	for decoder.More() {
		var p listed
		if err := decoder.Decode(&p); err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
	if len(all) < 10 {
		t.Fatalf("only %d packages listed", len(all))
	}
	return all
}
