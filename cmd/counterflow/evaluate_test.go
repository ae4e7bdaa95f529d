package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"counterflow/data/simulate"
)

// call runs the program as main does.
func call(t *testing.T, args ...string) (code int, out, errOut string) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	code = run(context.Background(), args, &stdout, &stderr)
	return code, stdout.String(), stderr.String()
}

func TestSimulateRunEvaluate(t *testing.T) {
	dir := t.TempDir()
	world, folder := filepath.Join(dir, "world"), filepath.Join(dir, "run")
	if code, _, errOut := call(t, "simulate", "--rows", "40000", "--preset", "small", "--out", world); code != exitDone {
		t.Fatalf("simulate exits with %d: %s", code, errOut)
	}
	if code, _, errOut := call(t, "run", "--flows", filepath.Join(world, "flows.csv.gz"), "--out", folder); code != exitDone {
		t.Fatalf("run exits with %d: %s", code, errOut)
	}
	code, out, errOut := call(t, "evaluate", "--run", folder, "--truth", filepath.Join(world, "truth", "truth.csv"), "--json")
	if code != exitDone {
		t.Fatalf("evaluate exits with %d: %s", code, errOut)
	}
	var score struct {
		Overall   struct{ All struct{ Planted int } }
		Baselines []any
	}
	if err := json.Unmarshal([]byte(out), &score); err != nil || score.Overall.All.Planted == 0 || len(score.Baselines) != 2 {
		t.Errorf("score %+v, error %v", score, err)
	}
	if written, err := os.ReadFile(filepath.Join(folder, "score.json")); err != nil || !json.Valid(written) {
		t.Errorf("score.json: %v", err)
	}
}

func TestSimulateNamesItsFiles(t *testing.T) {
	world := filepath.Join(t.TempDir(), "new", "world")
	code, out, errOut := call(t, "simulate", "--rows", "20000", "--out", world, "--plain", "--revised", "--json")
	if code != exitDone {
		t.Fatalf("simulate exits with %d: %s", code, errOut)
	}
	var files simulate.Output
	if err := json.Unmarshal([]byte(out), &files); err != nil {
		t.Fatal(err)
	}
	for _, path := range append(append(files.Flows, files.FirstFlows...), files.Balances, files.Events, files.Consignments,
		files.Thresholds, files.Truth, files.Slips, files.TrueFlows, files.ConsignmentsTruth, files.World) {
		if _, err := os.Stat(path); err != nil || !strings.HasPrefix(path, world) {
			t.Errorf("%s: %v", path, err)
		}
	}
}

func TestEvaluateWorlds(t *testing.T) {
	file := filepath.Join(t.TempDir(), "scores.json")
	code, out, errOut := call(t, "evaluate", "--worlds", "2", "--preset", "small", "--rows", "20000", "--noise", "0.5", "--out", file)
	if code != exitDone || !strings.Contains(out, "2 worlds") || !strings.Contains(out, "by oracle z") {
		t.Errorf("exit %d, output %.200s, %s", code, out, errOut)
	}
	if text, err := os.ReadFile(file); err != nil || !json.Valid(text) {
		t.Errorf("JSON file: %v", err)
	}
}

func TestSimulateAndEvaluateRefuseMistakes(t *testing.T) {
	dir := t.TempDir()
	for _, args := range [][]string{
		{"simulate"},
		{"simulate", "--out", dir}, // exists
		{"simulate", "--out", filepath.Join(dir, "w"), "--preset", "medium"},
		{"simulate", "--out", filepath.Join(dir, "w"), "--cause", "weather=1"},
		{"simulate", "--out", filepath.Join(dir, "w"), "--cause", "transit=lots"},
		{"simulate", "--out", filepath.Join(dir, "w"), "--noise", "-1"},
		{"simulate", "--out", filepath.Join(dir, "w"), "--rows", "-1"},
		{"evaluate"},
		{"evaluate", "--run", dir},
		{"evaluate", "--run", dir, "--worlds", "3", "--truth", "truth.csv"},
	} {
		if code, _, errOut := call(t, args...); code != exitUsage || errOut == "" {
			t.Errorf("%v exits with %d: %s", args, code, errOut)
		}
	}
	if left, _ := os.ReadDir(dir); len(left) != 0 {
		t.Errorf("a refused command leaves %v behind", left)
	}
}

func TestEvaluateHelpHoldsTheRules(t *testing.T) {
	if _, out, _ := call(t, "evaluate", "--help"); !strings.Contains(out, "at least 0.33 of the planted window") || !strings.Contains(out, "Exit codes") {
		t.Errorf("help lacks the rules: %s", out)
	}
}
